"""The arithmetic of time expressions: what the match of each pattern of data/time_patterns.yaml comes to."""

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Callable

from transforms.events.calendar_days import (
    DAY,
    Period,
    Shift,
    add_months,
    day_period,
    fiscal_period,
    month_end,
    month_period,
    months_period,
    part_of,
    quarter_period,
    week_period,
    year_period,
)
from transforms.events.lexicon import read_lexicon

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
MONTH_NUMBERS = (
    {name: i for i, name in enumerate(_MONTHS, 1)} | {name[:3]: i for i, name in enumerate(_MONTHS, 1)} | {"sept": 9}
)
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS = {
    w: i
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
_NUMBERS |= {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "fifteen": 15,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
}
_ORDINALS = {
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
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


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
    return int(word) if word.isdigit() else _NUMBERS[word]


def month_of(text: str) -> int:
    """1 to 12 for `Sept.` or `September`."""
    return MONTH_NUMBERS[text.lower().rstrip(".").strip()]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year_of(match: re.Match[str], clock: Clock) -> int | None:
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


def _latest(clock: Clock, make: Callable[[int], Period], *, begun: bool = True) -> Reading | None:
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


def _in_year(
    match: re.Match[str], clock: Clock, make: Callable[[int], Period], *, begun: bool = True
) -> Reading | None:
    year = _year_of(match, clock)
    return Reading(make(year)) if year is not None else _latest(clock, make, begun=begun)


def _date(match: re.Match[str], clock: Clock) -> Reading | None:
    """`May 3`, `3 May 2024`, `May 3-5`, `May 3 to June 5`."""
    month, day = month_of(match["month"]), _number(match["day"])
    groups = match.groupdict()
    last_day = _number(groups["day2"]) if groups.get("day2") else day
    last_month = month_of(groups["month2"]) if groups.get("month2") else month

    def make(year: int) -> Period:
        first = dt.date(year, month, day)
        last = dt.date(year + ((last_month, last_day) < (month, day)), last_month, last_day)
        return Period(first, last, "day" if first == last else "interval")

    if groups.get("year") and last_month < month:
        return Reading(make(int(groups["year"]) - 1))
    reading = _in_year(match, clock, make)
    if reading and reading.ahead and reading.period and clock.day and _year_of(match, clock) is None:
        # A day without its year is a near one: ten months back is farther than two ahead.
        behind, before = clock.day - reading.period.first, reading.ahead.first - clock.day
        if before <= dt.timedelta(60) and behind > dt.timedelta(290):
            return Reading(reading.ahead)
        if behind <= dt.timedelta(60) and before > dt.timedelta(290):
            return Reading(reading.period)
    return reading


def _iso(match: re.Match[str], clock: Clock) -> Reading | None:
    return Reading(day_period(dt.date(int(match["y"]), int(match["m"]), int(match["d"]))))


def _numeric(match: re.Match[str], clock: Clock) -> Reading | None:
    """`24.12.2025` and `24/12/2025`: day first, unless only month first is a date."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    if year < 100:
        year += 2000 if year < 50 else 1900
    if match["sep"] == "/" and a <= 12 and b <= 12 and a != b:
        return None  # 3/4/2024 is two dates
    if b > 12:
        a, b = b, a
    return Reading(day_period(dt.date(year, b, a)))


def _month(match: re.Match[str], clock: Clock) -> Reading | None:
    """`February`, `early March 2024`, `last May`, `December last year`, `the end of June`."""
    month = month_of(match["month"])
    groups = match.groupdict()
    part = (groups.get("part") or "").lower().rstrip("- ")

    def make(year: int) -> Period:
        whole = month_period(year, month)
        if not part:
            return whole
        if re.search(r"(?:last|final)\s+week", part):
            return Period(whole.last - 6 * DAY, whole.last, "week")
        if re.search(r"first\s+week", part):
            return Period(whole.first, whole.first + 6 * DAY, "week")
        if part.startswith("by"):
            return whole
        return part_of(whole, _part_name(part))

    which = (groups.get("which") or "").lower()
    reading = _in_year(match, clock, make)
    if reading is None or not which or clock.day is None or _year_of(match, clock) is not None:
        return reading
    if which == "next":
        return Reading(reading.ahead or make(clock.day.year + 1))
    if which == "last" and reading.period and reading.period.last >= clock.day:
        return Reading(make(clock.day.year - 1))
    if which == "this":
        return Reading(make(clock.day.year))
    return Reading(reading.period)


def _part_name(words: str) -> str:
    if words.startswith(("early", "the beginning", "beginning", "the start", "start")):
        return "early"
    return "mid" if words.startswith(("mid", "the middle", "middle")) else "late"


def _months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`January-September 2025`, `from March to May`."""
    first, last = month_of(match["month"]), month_of(match["month2"])
    year1 = match.groupdict().get("year1")
    year = _year_of(match, clock)
    if year1 and year is not None:
        return Reading(Period(dt.date(int(year1), first, 1), month_end(year, last), "interval"))
    if year is not None:
        return Reading(months_period(year - (last < first), first, last))
    return _latest(clock, lambda y: months_period(y, first, last))


def _year(match: re.Match[str], clock: Clock) -> Reading | None:
    return Reading(year_period(int(match["year"])))


def _years(match: re.Match[str], clock: Clock) -> Reading | None:
    """`from 2019 to 2023`, `between 2019 and 2023`."""
    first, last = int(match["year1"]), int(match["year"])
    return Reading(Period(dt.date(first, 1, 1), dt.date(last, 12, 31), "interval")) if first < last else None


def _fiscal(match: re.Match[str], clock: Clock) -> Reading | None:
    """`1986/87`, `fiscal 2024-25`, `fiscal year 2024`: by the country's custom, else not at all."""
    groups = match.groupdict()
    first = int(groups["year1"]) if groups.get("year1") else None
    named = bool(groups.get("fiscal"))
    if first is not None:
        last = int(groups["year2"])
        last = first // 100 * 100 + last if last < 100 else last
        if last == first - 99:  # 1999/00
            last = first + 1
        if last != first + 1:
            return Reading(Period(dt.date(first, 1, 1), dt.date(last, 12, 31), "interval")) if last > first else None
    else:
        first = int(groups["year"]) - 1 if groups.get("year") else None
    if clock.fiscal is None:
        return Reading(year_period(first + 1)) if first is not None and named and not groups.get("year1") else None
    if first is None:
        if clock.day is None:
            return None
        running = clock.day.year - ((clock.day.month, clock.day.day) < clock.fiscal)
        words = groups["fiscal"].lower()
        first = (
            running
            - words.startswith(("last", "the last", "the previous", "previous"))
            + words.startswith(("next", "the next"))
        )
    return Reading(fiscal_period(first, *clock.fiscal))


def _quarter(match: re.Match[str], clock: Clock) -> Reading | None:
    word = (match.groupdict().get("nth") or match.groupdict().get("q") or "").lower()
    quarter = _ORDINALS.get(word) or int(word)
    return _in_year(match, clock, lambda y: quarter_period(y, quarter))


def _half(match: re.Match[str], clock: Clock) -> Reading | None:
    word = (match.groupdict().get("nth") or match.groupdict().get("h") or "").lower()
    first = 1 if word in ("first", "1st", "1") else 7
    return _in_year(match, clock, lambda y: months_period(y, first, first + 5))


def _first_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first nine months of this year`."""
    n = count_of(match["n"])
    if not 1 <= n <= 12:
        return None
    last = match.groupdict().get("nth", "first") or "first"
    if last.lower() in ("last", "final"):
        return _in_year(match, clock, lambda y: months_period(y, 13 - n, 12), begun=False)
    return _in_year(match, clock, lambda y: months_period(y, 1, n), begun=False)


def _months_to(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the year to March`, `the nine months ended September 30, 1986`, `the 12 months through June`."""
    words = match["n"].lower()
    n = 6 if words == "half" else 12 if words.endswith("year") else count_of(words)
    n = n * 3 if (match.groupdict().get("unit") or "").lower().startswith("quarter") else n
    month = month_of(match["month"])

    def make(year: int) -> Period:
        last = month_end(year, month)
        return Period(add_months(last.replace(day=1), 1 - n), last, "year" if n == 12 else "interval")

    return _in_year(match, clock, make)


def _fiscal_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first 11 months of 1986/87`."""
    n = 6 if match["n"].lower() == "half" else count_of(match["n"])
    if clock.fiscal is None or not 1 <= n <= 12:
        return None
    first = dt.date(int(match["year1"]), *clock.fiscal)
    return Reading(Period(first, add_months(first, n) - DAY, "interval"))


def _season(match: re.Match[str], clock: Clock) -> Reading | None:
    start = _SEASONS[match["season"].lower()]
    which = (match.groupdict().get("which") or "").lower()

    def make(year: int) -> Period:
        return months_period(year, start, (start + 1) % 12 + 1, "season")

    if _year_of(match, clock) is None and clock.day is not None and which in ("last", "this", "next"):
        if which == "this":
            return Reading(make(clock.day.year))
        reading = _latest(clock, make, begun=which == "next")
        if which == "next":
            return Reading((reading and reading.ahead) or make(clock.day.year + 1))
        return reading and Reading(reading.period)
    return _in_year(match, clock, make)


def _weekday(match: re.Match[str], clock: Clock) -> Reading | None:
    if clock.day is None:
        return None
    wanted = _WEEKDAYS.index(match["weekday"].lower())
    back = (clock.day.weekday() - wanted) % 7
    past = clock.day - back * DAY
    ahead = clock.day + (-back % 7) * DAY
    which = (match.groupdict().get("which") or "").lower()
    if which in ("last", "this past", "the past"):
        return Reading(day_period(past if back else past - 7 * DAY))
    if which == "next":
        return Reading(day_period(ahead if back else ahead + 7 * DAY))
    if which in ("coming", "this coming", "the coming"):
        return Reading(day_period(ahead))
    return Reading(day_period(past), day_period(ahead) if back else None)


def _weekend(match: re.Match[str], clock: Clock) -> Reading | None:
    if clock.day is None:
        return None
    saturday = clock.day - ((clock.day.weekday() - 5) % 7) * DAY
    which = match["which"].lower()
    if which.startswith("next") or which in ("this coming", "the coming"):
        saturday += 7 * DAY
    elif which.startswith("last") and clock.day.weekday() >= 5:
        saturday -= 7 * DAY
    past = Period(saturday, saturday + DAY, "interval")
    if which.startswith(("this", "the", "over", "at")) and clock.day.weekday() < 5:
        return Reading(past, Period(saturday + 7 * DAY, saturday + 8 * DAY, "interval"))
    return Reading(past)


def _deictic_day(match: re.Match[str], clock: Clock) -> Reading | None:
    if clock.day is None:
        return None
    words = " ".join(match[0].lower().split())
    if words.startswith("the day before yesterday"):
        move = -2
    elif words.startswith("the day after tomorrow"):
        move = 2
    elif words.startswith(("yesterday", "last night", "last evening")):
        move = -1
    else:
        move = int(words.startswith("tomorrow"))
    return Reading(day_period(clock.day + move * DAY))


def _deictic_period(match: re.Match[str], clock: Clock) -> Reading | None:
    """`last week`, `this month`, `earlier this year`, `next quarter`."""
    if clock.day is None:
        return None
    which, unit = " ".join(match["which"].lower().split()), match["unit"].lower()
    move = -1 if which.startswith(("last", "the previous", "the past", "past", "previous", "the last")) else 0
    move = 1 if which.startswith(("next", "the coming", "the next", "coming", "the following")) else move
    day = clock.day
    part = (match.groupdict().get("part") or "").lower().rstrip("- ")
    if unit == "week":
        period = week_period(day + 7 * move * DAY)
        if part.startswith("earlier") and move == 0 and period.first < day:
            return Reading(Period(period.first, day - DAY, "interval"))
        if part.startswith("later") and move == 0 and day < period.last:
            return Reading(Period(day + DAY, period.last, "interval"))
        return Reading(period)
    if unit == "month":
        target = add_months(day.replace(day=1), move)
        whole = month_period(target.year, target.month)
        return Reading(
            part_of(whole, _part_name(part)) if part and not part.startswith(("earlier", "later", "by")) else whole
        )
    if unit == "quarter":
        target = add_months(day.replace(day=1), 3 * move)
        return Reading(quarter_period(target.year, (target.month + 2) // 3))
    return Reading(year_period(day.year + move))


def _ago(match: re.Match[str], clock: Clock) -> Reading | None:
    """`two days ago`, `18 months ago`, `a year ago`: in the unit that is counted."""
    n, unit = count_of(match["n"]), match["unit"].lower()
    if unit.startswith("year") and n == 1:
        shift: Shift | None = Shift(years=-1)
    elif unit.startswith("month") and n == 1:
        shift = Shift(months=-1)
    else:
        shift = None
    return Reading(None if clock.day is None else _away(clock.day, -n, unit), shift=shift)


def _away(day: dt.date, n: int, unit: str) -> Period:
    if unit.startswith("day"):
        return day_period(day + n * DAY)
    if unit.startswith(("week", "fortnight")):
        return week_period(day + n * (14 if unit.startswith("f") else 7) * DAY)
    if unit.startswith("month"):
        target = add_months(day, n)
        return month_period(target.year, target.month)
    return year_period(day.year + n * (10 if unit.startswith("decade") else 1))


def _in_units(match: re.Match[str], clock: Clock) -> Reading | None:
    """`in two weeks`, `within ten days`."""
    return Reading(_away(clock.day, count_of(match["n"]), match["unit"].lower())) if clock.day else None


def _span_units(match: re.Match[str], clock: Clock) -> Reading | None:
    """`over the past three years`, `the next two weeks`: from that long ago to the publication day, or on from it."""
    if clock.day is None:
        return None
    n = count_of(match["n"]) if match["n"] else 1
    unit, ahead = match["unit"].lower(), match["which"].lower() in ("next", "coming")
    n = n if ahead else -n
    if unit.startswith(("day", "week")):
        edge = clock.day + n * (7 if unit.startswith("week") else 1) * DAY
    else:
        edge = add_months(clock.day, n * {"m": 1, "q": 3, "y": 12, "d": 120}[unit[0]])
    return Reading(Period(min(edge, clock.day), max(edge, clock.day), "interval"))


def _decade(match: re.Match[str], clock: Clock) -> Reading | None:
    first = int(match["decade"])
    return Reading(Period(dt.date(first, 1, 1), dt.date(first + 9, 12, 31), "interval"))


def _same_period(match: re.Match[str], clock: Clock) -> Reading | None:
    groups = match.groupdict()
    if groups.get("year"):
        return Reading(None, shift=Shift(year=int(groups["year"])))
    words = " ".join((groups.get("rel") or "").lower().split())
    if words in ("last year",):
        return Reading(None, shift=Shift(year_offset=-1))
    if words in ("this year",):
        return Reading(None, shift=Shift(year_offset=0))
    return Reading(None, shift=Shift(years=-1))


def _earlier(match: re.Match[str], clock: Clock) -> Reading | None:
    """`a year earlier`, `the previous day`, `the following month`, `two weeks later`."""
    groups = match.groupdict()
    unit = (groups["unit"] or "day").lower()
    sign = 1 if re.search(r"later|following|next|after", match[0], re.I) else -1
    n = sign * (count_of(groups["n"]) if groups.get("n") else 1)
    if unit.startswith("day"):
        return Reading(None, shift=Shift(days=n))
    if unit.startswith("week"):
        return Reading(None, shift=Shift(days=7 * n))
    if unit.startswith("quarter"):
        return Reading(None, shift=Shift(months=3 * n))
    return Reading(None, shift=Shift(months=n) if unit.startswith("month") else Shift(years=n))


def _n_months(match: re.Match[str], clock: Clock) -> Reading | None:
    n = count_of(match["n"])
    return Reading(None, shift=Shift(span=n)) if 2 <= n <= 12 else None


RESOLVERS: dict[str, Resolver] = {
    "ago": _ago,
    "date": _date,
    "decade": _decade,
    "deictic_day": _deictic_day,
    "deictic_period": _deictic_period,
    "earlier": _earlier,
    "first_months": _first_months,
    "fiscal": _fiscal,
    "fiscal_months": _fiscal_months,
    "half": _half,
    "in_units": _in_units,
    "iso": _iso,
    "month": _month,
    "months": _months,
    "months_to": _months_to,
    "n_months": _n_months,
    "numeric": _numeric,
    "quarter": _quarter,
    "same_period": _same_period,
    "season": _season,
    "span_units": _span_units,
    "weekday": _weekday,
    "weekend": _weekend,
    "year": _year,
    "years": _years,
}


@functools.cache
def read_rules() -> tuple[tuple[str, re.Pattern[str], Resolver], ...]:
    """The rules of data/time_patterns.yaml, compiled, each with its arithmetic."""
    table = read_lexicon("time_patterns")
    fragments: dict[str, str] = table["fragments"]

    def expand(pattern: str) -> str:
        while names := set(re.findall(r"(?<!\?P)<([A-Z_]+)>", pattern)):
            for name in names:
                pattern = pattern.replace(f"<{name}>", fragments[name])
        return pattern

    return tuple(
        (rule["name"], re.compile(expand(rule["pattern"]), re.IGNORECASE), RESOLVERS[rule["resolve"]])
        for rule in table["rules"]
    )
