"""The child's side of a cage: waits for calls on a socket and answers them until the parent is gone."""

import contextlib
import pickle
import resource
import signal
import socket
import struct
import time

HEADER = struct.Struct("!Qd")  # length of the message, deadline in seconds
_GRACE_S = 2.0


def receive(connection: socket.socket, length: int, give_up: float | None = None) -> bytearray:
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
            length, seconds = HEADER.unpack(receive(connection, HEADER.size))
            message = receive(connection, length)
            # The parent kills at the deadline; should the parent be dead, the alarm does, even inside C code.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S)
            answer = _answer(message, memory_bytes)
            connection.sendall(HEADER.pack(len(answer), 0.0) + answer)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(message: bytearray, memory_bytes: int) -> bytes:
    try:
        verb, function, arguments = pickle.loads(message)  # noqa: S301 - the parent wrote it
        if verb == "prepare":
            if arguments:
                function()
            _limit_memory(memory_bytes)
            return pickle.dumps((True, None))
        args, kwargs = arguments
        return pickle.dumps((True, function(*args, **kwargs)), protocol=pickle.HIGHEST_PROTOCOL)
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
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return  # no Linux: the deadline alone guards
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
