"""What the arithmetic of time expressions shares: the clock, readings, and the words for months, numbers and years."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable

from transforms.events.calendar_days import (
    Period,
    Shift,
)

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHNUMBER_WORDS = (
    {name: i for i, name in enumerate(_MONTHS, 1)} | {name[:3]: i for i, name in enumerate(_MONTHS, 1)} | {"sept": 9}
)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NUMBER_WORDS = {
    w: i
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
NUMBER_WORDS |= {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "fifteen": 15,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
}
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "final": 4,
    "last": 4,
}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """What expressions are resolved against.

    Attributes:
        day: publication day; None leaves only expressions that bear their own year.
        fiscal: (month, day) on which the country's fiscal year begins; None where it isn't known.
    """

    day: dt.date | None
    fiscal: tuple[int, int] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What an expression means.

    Attributes:
        period: the reading of a clause in the past tense; None where it leans on another expression alone.
        ahead: the reading of a clause that looks ahead, where it differs.
        shift: how the expression leans on another one.
    """

    period: Period | None
    ahead: Period | None = None
    shift: Shift | None = None


Resolver = Callable[[re.Match[str], Clock], Reading | None]


def count_of(text: str) -> int:
    """`nine`, `11`, `a couple of` as a number."""
    word = " ".join(text.lower().split())
    return int(word) if word.isdigit() else NUMBER_WORDS[word]


def month_of(text: str) -> int:
    """1 to 12 for `Sept.` or `September`."""
    return MONTHNUMBER_WORDS[text.lower().rstrip(".").strip()]


def number_in(text: str) -> int:
    """The digits of a text as a number."""
    return int(re.sub(r"\D", "", text))


def year_of(match: re.Match[str], clock: Clock) -> int | None:
    """The year a match names, absolutely or by `last year`; None where it names none."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    words = (groups.get("rel_year") or "").lower()
    if not words or clock.day is None:
        return None
    if words.startswith(("last", "the previous", "the past")):
        return clock.day.year - 1
    return clock.day.year + words.startswith("next")


def latest(clock: Clock, make: Callable[[int], Period], *, begun: bool = True) -> Reading | None:
    """The latest period of its kind that has begun (or, for `begun` False, ended) by the publication day; ahead, the next."""
    if clock.day is None:
        return None
    year = clock.day.year
    for y in (year, year - 1, year - 2, year - 3, year - 4):
        try:
            period = make(y)
        except ValueError:  # 29 February
            continue
        if (period.first if begun else period.last) <= clock.day:
            break
    else:
        return None
    for y in range(year, year + 5):
        try:
            ahead = make(y)
        except ValueError:
            continue
        if ahead.last >= clock.day:
            return Reading(period, ahead if ahead != period else None)
    return Reading(period)


def in_year(match: re.Match[str], clock: Clock, make: Callable[[int], Period], *, begun: bool = True) -> Reading | None:
    """The reading in the year that a match names, else the latest."""
    year = year_of(match, clock)
    return Reading(make(year)) if year is not None else latest(clock, make, begun=begun)


def part_name(words: str) -> str:
    """`early`, `mid` or `late` for the words that say so."""
    if words.startswith(("early", "the beginning", "beginning", "the start", "start")):
        return "early"
    return "mid" if words.startswith(("mid", "the middle", "middle")) else "late"


_UNITS_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()  # noqa: SIM905
_DAY_WORDS = {w: i for i, w in enumerate(_UNITS_WORDS, 1)} | {
    "twentieth": 20,
    "thirtieth": 30,
    "twenty": 20,
    "thirty": 30,
}
_TEENS = {w: i for i, w in enumerate("thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 13)}  # noqa: SIM905


def spelled_day(text: str) -> int:
    """`twenty-second`, `twenty nine`, `fourth` as a number."""
    words = re.split(r"[\s-]+", text.lower().strip())
    return sum(_DAY_WORDS.get(w) or _TEENS.get(w) or NUMBER_WORDS[w] for w in words)


def weekday_of(text: str) -> int:
    """0 for `Monday` or `Mon.`, to 6."""
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(text.lower().rstrip(". ")[:3]))


_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905


def spelled_year(text: str) -> int:
    """`nineteen eighty six`, `nineteen hundred ninety three`, `two thousand and one` as a number."""
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w not in ("and", "oh")]
    values = [_TENS.get(w) or _TEENS.get(w) or NUMBER_WORDS.get(w, 0) for w in words]
    if "thousand" in words:
        return 2000 + sum(values[2:])
    return 100 * values[0] + sum(v for w, v in zip(words[1:], values[1:], strict=True) if w != "hundred")


def full_year(year: int) -> int:
    """A year of two digits in full: up to 49 of this century, the others of the last."""
    return year if year >= 100 else year + (2000 if year < 50 else 1900)
