"""Bounded runs again and again: `newsmill run --every 15m`."""

import contextlib
import dataclasses
import math
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

# Share of the interval that a start may be late by, so that many machines don't ask one server in the same second.
JITTER = 0.1
# The run finished, if only with much in quarantine.
FINISHED = (0, 1)
USAGE = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Repeated:
    """What a series of runs came to.

    Attributes:
        failed: runs that ended with another exit code than 0 or 1.
        usage: the first run was refused: no later one could do better.
    """

    runs: int
    failed: int
    usage: bool = False


def repeat_runs(
    every: float,
    run: Callable[[], int],
    wait: Callable[[float], bool],
    clock: Callable[[], float],
    jitter: Callable[[], float],
    say: Callable[[str], None],
) -> Repeated:
    """Repeats a run until `wait` says to stop.

    Starts are `every` seconds apart, counted from the first, so they don't drift; those that a long run has missed are
    left out. A failing run ends nothing.

    Args:
        every: seconds.
        run: does one run and gives its exit code.
        wait: waits so many seconds or until it is asked to stop; True when it was.
        clock: seconds, never going back.
        jitter: share of JITTER to wait longer, 0 to 1.
        say: told of each failure.
    """
    began, slot, runs, failed = clock(), 0, 0, 0
    while True:
        code = run()
        runs += 1
        if code == USAGE and runs == 1:
            return Repeated(runs, 1, usage=True)
        if code not in FINISHED:
            failed += 1
            how = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
            say(f"run {runs} of this series {how} ({failed} failed so far); the next one goes on where it can")
        slot = max(slot, math.floor((clock() - began) / every)) + 1
        due = began + (slot + JITTER * jitter()) * every
        if wait(max(0.0, due - clock())):
            return Repeated(runs, failed)


class Stopper:
    """Stops on SIGTERM or SIGINT: a run that is under way is finished at the first, and killed at the second."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Takes both signals over for as long as the process lives."""
        # A pipe, for a handler may interrupt whoever holds the lock of an Event.
        self._say, self._asked = say, False
        self._reader, self._writer = os.pipe()
        self._child: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def wait(self, seconds: float) -> bool:
        """Waits, at most until it is asked to stop; whether it was."""
        return bool(select.select([self._reader], [], [], seconds)[0])

    def run(self, command: Sequence[str]) -> int:
        """Runs a command in a session of its own, so that Ctrl-C doesn't reach it; its exit code."""
        self._child = subprocess.Popen(command, start_new_session=True)
        try:
            return self._child.wait()
        finally:
            self._child = None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        again, self._asked = self._asked, True
        os.write(self._writer, b".")
        child, text = self._child, "stopping"
        if child is not None and again:
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.killpg(child.pid, signal.SIGKILL)  # with its workers
            text = "stopping now; what the run had not committed is taken back by the next one"
        elif child is not None:
            text = "stopping once this run has finished; a second signal stops it now"
        with contextlib.suppress(RuntimeError):  # somebody was just saying something
            self._say(text)


def run_every(every: float, argv: Sequence[str], output: str, say: Callable[[str], None]) -> Repeated:
    """Repeats `newsmill` with these arguments.

    Each run has a process of its own: what one leaks or breaks, the next does not meet.

    Args:
        every: seconds.
        argv: the verb and its arguments, without `--every`.
        output: the tree, which with the host's name seeds the jitter.
        say: told of failures and of stopping.
    """
    stopper, dice = Stopper(say), random.Random(f"{socket.gethostname()}:{output}")
    command = (sys.executable, "-P", "-m", "pipeline", *argv)
    return repeat_runs(every, lambda: stopper.run(command), stopper.wait, time.monotonic, dice.random, say)


def without_every(argv: Sequence[str]) -> list[str]:
    """The arguments of a single run.

    >>> without_every(["run", "--every", "15m", "--input", "a.xml"]), without_every(["run", "--every=1h"])
    (['run', '--input', 'a.xml'], ['run'])
    """
    kept: list[str] = []
    skip = False
    for argument in argv:
        if skip:
            skip = False
        elif argument == "--every":
            skip = True
        elif not argument.startswith("--every="):
            kept.append(argument)
    return kept
