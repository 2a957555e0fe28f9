"""A child process that parses hostile bytes under a deadline and a memory limit, and may die of it."""

import atexit
import contextlib
import dataclasses
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from transforms.read.cage_child import HEADER, receive

P = ParamSpec("P")
R = TypeVar("R")

START_S = 120.0  # a child that imports its libraries on a busy machine
# A call that other work kept off the machine's cores waits on until it had this share of its deadline as CPU time, but no
# longer than so many deadlines: whether a good document is read must not depend on what else runs.
STARVED_SHARE = 0.5
LONGEST = 3.0
_SINGLE_THREADED = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from transforms.read.cage_child import serve; serve(int(sys.argv[2]), int(sys.argv[3]))"


class CageError(Exception):
    """What was parsed took too long, or killed its process.

    Attributes:
        reason: `parse-timeout` or `parse-error`.
        detail: what exactly, for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class CageStartError(RuntimeError):
    """The child process can't be started: a fault of the installation and not of the input."""


@dataclasses.dataclass(frozen=True, slots=True)
class CageConfig:
    """Bounds of what runs in a cage.

    Attributes:
        deadline_s: for one call, CPU and waiting alike; up to LONGEST times as long where the machine was too busy for it.
        memory_bytes: address space that a call may take beyond what the child's libraries take; None for no limit.
        max_calls: calls after which the child is replaced, against memory that libraries leak.
    """

    deadline_s: float = 10.0
    memory_bytes: int | None = 512 * 1024 * 1024
    max_calls: int = 500

    def __post_init__(self) -> None:
        if self.deadline_s <= 0 or self.max_calls < 1 or (self.memory_bytes is not None and self.memory_bytes < 1):
            raise ValueError(f"the bounds of a cage must be positive: {self}")


class Cage:
    """Runs functions in a child of its own, which it starts when first needed and replaces when it died.

    Can be pickled and shared by threads; calls of several threads take turns. Functions must be importable by name,
    arguments and results picklable. A DoFn makes one, calls `run` in `process` and `close` in `teardown`.

    Args:
        config: bounds of a call.
        warm_up: called once in a new child, outside the deadline; loads what the first call would load.
    """

    def __init__(self, config: CageConfig = CageConfig(), warm_up: Callable[[], object] | None = None) -> None:
        self._config = config
        self._warm_up = warm_up
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._fresh = True

    def __reduce__(self) -> tuple[type["Cage"], tuple[CageConfig, Callable[[], object] | None]]:
        return Cage, (self._config, self._warm_up)

    def __del__(self) -> None:
        # Attributes may be missing where __init__ raised, and modules may be gone at the end of the interpreter.
        with contextlib.suppress(Exception):
            self._end_child()

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls `function(*args, **kwargs)` in the child.

        Raises:
            CageError: it passed the deadline, ran out of memory or killed the child.
            CageStartError: the child could not be started.
            Exception: what the function itself raised.
        """
        with self._lock:
            try:
                good, value = self._call(function, (args, kwargs))
            except CageError as error:
                if error.reason == "parse-timeout" or self._fresh:
                    raise
                # Earlier calls may have filled or damaged the child: the verdict must be of this input alone.
                good, value = self._call(function, (args, kwargs))
        if good:
            return value
        raise value

    def _call(self, function: Callable[..., Any], arguments: object) -> tuple[bool, Any]:
        child = self._ready_child(function)
        self._fresh = child.calls == 0
        try:
            good, value = child.call(function, arguments, self._config.deadline_s)
            if not good and isinstance(value, (MemoryError, RecursionError)):
                raise CageError("parse-error", f"{type(value).__name__}: {value}"[:500]) from value
        except BaseException:
            self._end_child()
            raise
        if child.calls >= self._config.max_calls:
            self._end_child()
        return good, value

    def start(self, function: Callable[..., Any] | None = None) -> None:
        """Starts the child now, with the module of `function` imported; else the first call does."""
        with self._lock:
            self._ready_child(function)

    def close(self) -> None:
        """Ends the child. The cage can be used again."""
        with self._lock:
            self._end_child()

    def _ready_child(self, function: Callable[..., Any] | None) -> "_Child":
        if self._child is not None and not self._child.usable:
            self._end_child()
        if self._child is None:
            self._child = _Child(self._config.memory_bytes)
        try:
            if self._warm_up is not None:
                self._child.prepare(self._warm_up, call=True)
            if function is not None:
                self._child.prepare(function)
        except BaseException:
            self._end_child()
            raise
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """One child process and the socket to it."""

    def __init__(self, memory_bytes: int | None) -> None:
        self._owner = os.getpid()
        self._prepared: set[str] = set()
        self.calls = 0
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _CHILD, json.dumps(sys.path), str(theirs.fileno()), str(memory_bytes or 0)],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=os.environ | _SINGLE_THREADED,
                )
            except OSError as error:
                ours.close()
                raise CageStartError(f"the parsing process could not be started: {error}") from error
        self._socket = ours
        _CHILDREN.add(self)

    @property
    def usable(self) -> bool:
        """Whether it lives, and is ours: a process forked off since then must not speak to it."""
        return self._owner == os.getpid() and self._process.poll() is None

    def prepare(self, function: Callable[..., Any], *, call: bool = False) -> None:
        """Has the child import the function's module, and call it where asked to, outside every deadline."""
        name = f"{function.__module__}:{function.__qualname__}"
        if name in self._prepared:
            return
        try:
            good, value = self._exchange(pickle.dumps(("prepare", function, call)), START_S)
        except (TimeoutError, EOFError, OSError) as error:
            raise CageStartError(f"the parsing process could not prepare {name}: {error!r}") from error
        if not good:
            raise CageStartError(f"the parsing process could not prepare {name}: {value!r}") from value
        self._prepared.add(name)

    def call(self, function: Callable[..., Any], arguments: object, deadline_s: float) -> tuple[bool, Any]:
        """Whether the function returned, and what it returned or raised.

        Raises:
            CageError: no answer within the deadline, or none at all.
        """
        self.calls += 1
        message = pickle.dumps(("call", function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            return self._exchange(message, LONGEST * deadline_s, deadline_s)
        except TimeoutError as error:
            raise CageError("parse-timeout", f"not done within {deadline_s:g} s") from error
        except (EOFError, OSError) as error:
            code = self._wait(1.0)
            if code == -signal.SIGALRM:
                raise CageError("parse-timeout", f"not done within {deadline_s:g} s") from error
            name = (
                signal.Signals(-code).name
                if code is not None and -code in list(signal.Signals)
                else f"exit code {code}"
            )
            raise CageError("parse-error", f"the parsing process died ({name})") from error

    def _exchange(self, message: bytes, seconds: float, deadline_s: float | None = None) -> tuple[bool, Any]:
        give_up = time.monotonic() + seconds
        self._socket.settimeout(seconds)
        self._socket.sendall(HEADER.pack(len(message), seconds) + message)
        if deadline_s is not None:
            self._await_answer(deadline_s, give_up)
        length, _ = HEADER.unpack(receive(self._socket, HEADER.size, give_up))
        # Pickle between two processes of ours: the child is trusted as far as a parser in this process would be.
        answer: tuple[bool, Any] = pickle.loads(receive(self._socket, length, give_up))  # noqa: S301
        return answer

    def _await_answer(self, deadline_s: float, give_up: float) -> None:
        """Waits until the child answers. Raises TimeoutError at the deadline, where it had its share of CPU time."""
        spent, wait = self._cpu_s(), deadline_s
        while True:
            self._socket.settimeout(max(wait, 0.01))
            with contextlib.suppress(TimeoutError):
                self._socket.recv(1, socket.MSG_PEEK)
                return
            lacks = STARVED_SHARE * deadline_s - (self._cpu_s() - spent)
            if lacks <= 0 or time.monotonic() >= give_up:
                raise TimeoutError
            wait = min(lacks, give_up - time.monotonic())

    def _cpu_s(self) -> float:
        """CPU time of the child so far; the clock's where the system doesn't tell."""
        try:
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _wait(self, seconds: float) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def end(self) -> None:
        """Kills the child and takes its exit code, so that no zombie stays."""
        _CHILDREN.discard(self)
        self._socket.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()


_CHILDREN: "weakref.WeakSet[_Child]" = weakref.WeakSet()


@atexit.register
def _end_children() -> None:
    for child in list(_CHILDREN):
        child.end()
