"""A child process that parses hostile bytes under a deadline and a memory limit, and may die of it."""

import atexit
import contextlib
import dataclasses
import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

A = TypeVar("A")
R = TypeVar("R")

START_S = 120.0  # a child that imports its libraries on a busy machine
_GRACE_S = 2.0
_HEADER = struct.Struct("!Qd")  # length of the message, deadline in seconds
_SINGLE_THREADED = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from transforms.read.cage import serve; serve(int(sys.argv[2]), int(sys.argv[3]))"


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
        deadline_s: for one call, CPU and waiting alike.
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
    """

    def __init__(self, config: CageConfig = CageConfig()) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __reduce__(self) -> tuple[type["Cage"], tuple[CageConfig]]:
        return Cage, (self._config,)

    def __del__(self) -> None:
        # Attributes may be missing where __init__ raised, and modules may be gone at the end of the interpreter.
        with contextlib.suppress(Exception):
            self._end_child()

    def run(self, function: Callable[[A], R], argument: A) -> R:
        """Calls `function(argument)` in the child.

        Raises:
            CageError: it passed the deadline, ran out of memory or killed the child.
            CageStartError: the child could not be started.
            Exception: what the function itself raised.
        """
        with self._lock:
            child = self._ready_child(function)
            try:
                good, value = child.call(function, argument, self._config.deadline_s)
            except BaseException:
                self._end_child()
                raise
            if child.calls >= self._config.max_calls or isinstance(value, (MemoryError, RecursionError)):
                self._end_child()
        if good:
            return value
        if isinstance(value, (MemoryError, RecursionError)):
            raise CageError("parse-error", f"{type(value).__name__}: {value}"[:500]) from value
        raise value

    def start(self, function: Callable[[Any], Any] | None = None) -> None:
        """Starts the child now, with the module of `function` imported; else the first call does."""
        with self._lock:
            self._ready_child(function)

    def close(self) -> None:
        """Ends the child. The cage can be used again."""
        with self._lock:
            self._end_child()

    def _ready_child(self, function: Callable[[Any], Any] | None) -> "_Child":
        if self._child is not None and not self._child.usable:
            self._end_child()
        if self._child is None:
            self._child = _Child(self._config.memory_bytes)
        if function is not None:
            try:
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

    def prepare(self, function: Callable[[Any], Any]) -> None:
        """Has the child import the function's module, outside every deadline."""
        name = f"{function.__module__}:{function.__qualname__}"
        if name in self._prepared:
            return
        try:
            good, value = self._exchange(pickle.dumps(("prepare", function, None)), START_S)
        except (TimeoutError, EOFError, OSError) as error:
            raise CageStartError(f"the parsing process could not import {name}: {error!r}") from error
        if not good:
            raise CageStartError(f"the parsing process could not import {name}: {value!r}") from value
        self._prepared.add(name)

    def call(self, function: Callable[[Any], Any], argument: object, deadline_s: float) -> tuple[bool, Any]:
        """Whether the function returned, and what it returned or raised.

        Raises:
            CageError: no answer within the deadline, or none at all.
        """
        self.calls += 1
        message = pickle.dumps(("call", function, argument), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            return self._exchange(message, deadline_s)
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

    def _exchange(self, message: bytes, seconds: float) -> tuple[bool, Any]:
        give_up = time.monotonic() + seconds
        self._socket.settimeout(seconds)
        self._socket.sendall(_HEADER.pack(len(message), seconds) + message)
        length, _ = _HEADER.unpack(_receive(self._socket, _HEADER.size, give_up))
        # Pickle between two processes of ours: the child is trusted as far as a parser in this process would be.
        answer: tuple[bool, Any] = pickle.loads(_receive(self._socket, length, give_up))  # noqa: S301
        return answer

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


def _receive(connection: socket.socket, length: int, give_up: float | None = None) -> bytearray:
    """Reads `length` bytes. Raises TimeoutError at `give_up` (monotonic), EOFError when the other side is gone."""
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        if give_up is not None:
            left = give_up - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        got = connection.recv_into(view[at:])
        if got == 0:
            raise EOFError("the other side is gone")
        at += got
    return data


def serve(descriptor: int, memory_bytes: int) -> None:
    """The child's life: answers calls on the socket `descriptor` until the parent is gone."""
    # Ctrl-C goes to the whole process group; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with socket.socket(fileno=descriptor) as connection, contextlib.suppress(EOFError, OSError):
        while True:
            length, seconds = _HEADER.unpack(_receive(connection, _HEADER.size))
            message = _receive(connection, length)
            # The parent kills at the deadline; should the parent be dead, the alarm does, even inside C code.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S)
            answer = _answer(message, memory_bytes)
            connection.sendall(_HEADER.pack(len(answer), 0.0) + answer)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(message: bytearray, memory_bytes: int) -> bytes:
    try:
        verb, function, argument = pickle.loads(message)  # noqa: S301 - the parent wrote it
        if verb == "prepare":
            _limit_memory(memory_bytes)
            return pickle.dumps((True, None))
        return pickle.dumps((True, function(argument)), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return _pickled_error(error)


def _pickled_error(error: Exception) -> bytes:
    """The exception as it is where it survives pickling, else its words."""
    with contextlib.suppress(Exception):
        data = pickle.dumps((False, error))
        pickle.loads(data)  # noqa: S301 - our own bytes
        return data
    return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}"[:1000])))


def _limit_memory(memory_bytes: int) -> None:
    """Limits the address space to what it is now and `memory_bytes` more."""
    if not memory_bytes:
        return
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return  # no Linux: the deadline alone guards
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def run_caged(function: Callable[[A], R], argument: A, deadline_s: float, memory_bytes: int | None) -> R:
    """Calls `function(argument)` once, in a child of this thread that lives on for the next call with these bounds.

    Raises:
        CageError: it passed the deadline, ran out of memory or killed the child.
        Exception: what the function itself raised.
    """
    cages: dict[CageConfig, Cage] = _THREAD.__dict__.setdefault("cages", {})
    config = CageConfig(deadline_s, memory_bytes)
    return cages.setdefault(config, Cage(config)).run(function, argument)


_THREAD = threading.local()
