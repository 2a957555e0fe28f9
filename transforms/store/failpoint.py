"""Fail points: named steps at which a test or benchmarks/kill.py may end the process."""

import os
import signal
from collections.abc import Callable

VARIABLE = "NEWSMILL_FAILPOINT"
LOG_VARIABLE = "NEWSMILL_FAILPOINT_LOG"

_hook: Callable[[str], None] | None = None
_passed = 0


def set_failpoint_hook(hook: Callable[[str], None] | None) -> None:
    """Calls `hook` with the name of every step from now on; None takes it away."""
    global _hook, _passed
    _hook, _passed = hook, 0


def failpoint(step: str) -> None:
    """Marks a step of the protocol, such as `move:before:events/…`.

    With `NEWSMILL_FAILPOINT=<n>` in the environment the n-th step (from 1) of this process kills it with SIGKILL, and
    with `NEWSMILL_FAILPOINT=<step>` the first step of that name does. `NEWSMILL_FAILPOINT_LOG` names a file that
    takes the steps passed, one a line.
    """
    if _hook is not None:
        _hook(step)
    wanted, log = os.environ.get(VARIABLE), os.environ.get(LOG_VARIABLE)
    if wanted is None and log is None:
        return
    global _passed
    _passed += 1
    if log:
        with open(log, "a", encoding="utf-8") as lines:
            lines.write(step + "\n")
    if wanted in (step, str(_passed)):
        os.kill(os.getpid(), signal.SIGKILL)
