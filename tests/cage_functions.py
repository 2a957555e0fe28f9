"""What is put into a cage by test_cage; importable by name in the child."""

import os
import re
import time


class OwnError(Exception):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason


class UnpicklableError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def echo(value: object) -> object:
    return value


def join(first: str, second: str, sep: str = "") -> str:
    return sep.join((first, second))


def process_id(_: object) -> int:
    return os.getpid()


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def hang_in_c(_: object) -> None:
    re.match(r"(a|a)*b", "a" * 60)


def take_memory(size: int) -> int:
    return len(bytes(size) + b"x")


def die(signal_number: int) -> None:
    os.kill(os.getpid(), signal_number)


def leave(code: int) -> None:
    os._exit(code)


def raise_own(reason: str) -> None:
    raise OwnError(reason, "detail")


def raise_unpicklable(_: object) -> None:
    raise UnpicklableError("first", "second")


def recurse(depth: int) -> int:
    return recurse(depth + 1)


def print_much(lines: int) -> int:
    for _ in range(lines):
        print("x" * 1000)  # noqa: T201 - that is what it is for
    return lines


def inner(_: object) -> object:
    return lambda: None


WARMED: list[int] = []


def warm_up() -> None:
    time.sleep(1.1)
    WARMED.append(1)


def times_warmed() -> int:
    return len(WARMED)


def fail_to_warm() -> None:
    raise OwnError("own", "fault")


HOARD: list[bytes] = []


def hoard(size: int) -> int:
    HOARD.append(bytes(size) + b"x")
    return len(HOARD)
