"""Time expressions that name a span by the calendar: months, quarters, halves, seasons, fiscal and other years."""

import datetime as dt
import re

from transforms.events.calendar_days import (
    DAY,
    Period,
    add_months,
    fiscal_period,
    month_end,
    month_period,
    months_period,
    part_of,
    quarter_period,
    year_period,
)
from transforms.events.time_reading import (
    ORDINALS,
    SEASONS,
    Clock,
    Reading,
    count_of,
    in_year,
    latest,
    month_of,
    part_name,
    year_of,
)


def read_month(match: re.Match[str], clock: Clock) -> Reading | None:
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
        return part_of(whole, part_name(part))

    which = (groups.get("which") or "").lower()
    reading = in_year(match, clock, make)
    if reading is None or not which or clock.day is None or year_of(match, clock) is not None:
        return reading
    if which == "next":
        return Reading(reading.ahead or make(clock.day.year + 1))
    if which == "last" and reading.period and reading.period.last >= clock.day:
        return Reading(make(clock.day.year - 1))
    if which == "this":
        return Reading(make(clock.day.year))
    return Reading(reading.period)


def read_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`January-September 2025`, `from March to May`."""
    first, last = month_of(match["month"]), month_of(match["month2"])
    year1 = match.groupdict().get("year1")
    year = year_of(match, clock)
    if year1 and year is not None:
        return Reading(Period(dt.date(int(year1), first, 1), month_end(year, last), "interval"))
    if year is not None:
        return Reading(months_period(year - (last < first), first, last))
    return latest(clock, lambda y: months_period(y, first, last))


def read_year(match: re.Match[str], clock: Clock) -> Reading | None:
    """`2024`."""
    return Reading(year_period(int(match["year"])))


def read_years(match: re.Match[str], clock: Clock) -> Reading | None:
    """`from 2019 to 2023`, `between 2019 and 2023`."""
    first, last = int(match["year1"]), int(match["year"])
    return Reading(Period(dt.date(first, 1, 1), dt.date(last, 12, 31), "interval")) if first < last else None


def _two_years(match: re.Match[str]) -> tuple[int, int]:
    """`1986/87`, `1999/00`, `2023-2024`."""
    first, last = int(match["year1"]), int(match["year2"])
    last = first // 100 * 100 + last if last < 100 else last
    return first, first + 1 if last == first - 99 else last


def read_crop_year(match: re.Match[str], clock: Clock) -> Reading | None:
    """`coffee year 1986/87, ending September`, `1986/87 (October-September)`: the twelve months, or those that it names."""
    first, year = _two_years(match)
    if year != first + 1:
        return None
    last = month_end(year, month_of(match["month"]))
    start = add_months(last.replace(day=1), -11)
    if match.groupdict().get("month1"):
        start = dt.date(first, month_of(match["month1"]), 1)
    return Reading(Period(start, last, "year" if start == add_months(last.replace(day=1), -11) else "interval"))


def read_fiscal(match: re.Match[str], clock: Clock) -> Reading | None:
    """`1986/87`, `fiscal 2024-25`, `fiscal year 2024`: by the country's custom, else not at all."""
    groups = match.groupdict()
    named = bool(groups.get("fiscal"))
    first = None
    if groups.get("year1"):
        first, last = _two_years(match)
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


def read_quarter(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the third quarter of 2024`, `Q3`."""
    word = (match.groupdict().get("nth") or match.groupdict().get("q") or "").lower()
    quarter = ORDINALS.get(word) or int(word)
    return in_year(match, clock, lambda y: quarter_period(y, quarter))


def read_half(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first half of last year`, `H1 2024`."""
    word = (match.groupdict().get("nth") or match.groupdict().get("h") or "").lower()
    first = 1 if word in ("first", "1st", "1") else 7
    if match.groupdict().get("month"):  # `the first half of July`: up to its 15th, or from its 16th on
        month = month_of(match["month"])

        def make(year: int) -> Period:
            whole = month_period(year, month)
            edge = dt.date(year, month, 15)
            return Period(whole.first, edge, "interval") if first == 1 else Period(edge + DAY, whole.last, "interval")

        return in_year(match, clock, make)
    return in_year(match, clock, lambda y: months_period(y, first, first + 5))


def read_first_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first nine months of this year`."""
    n = count_of(match["n"])
    if not 1 <= n <= 12:
        return None
    last = match.groupdict().get("nth", "first") or "first"
    if last.lower() in ("last", "final"):
        return in_year(match, clock, lambda y: months_period(y, 13 - n, 12), begun=False)
    return in_year(match, clock, lambda y: months_period(y, 1, n), begun=False)


def read_months_to(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the year to March`, `the nine months ended September 30, 1986`, `the 12 months through June`."""
    words = match["n"].lower()
    n = 6 if words == "half" else 12 if words.endswith("year") else count_of(words)
    n = n * 3 if (match.groupdict().get("unit") or "").lower().startswith("quarter") else n
    month = month_of(match["month"])

    def make(year: int) -> Period:
        last = month_end(year, month)
        return Period(add_months(last.replace(day=1), 1 - n), last, "year" if n == 12 else "interval")

    return in_year(match, clock, make)


def read_fiscal_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first 11 months of 1986/87`."""
    n = 6 if match["n"].lower() == "half" else count_of(match["n"])
    if clock.fiscal is None or not 1 <= n <= 12:
        return None
    first = dt.date(int(match["year1"]), *clock.fiscal)
    return Reading(Period(first, add_months(first, n) - DAY, "interval"))


def read_month_days(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the first 20 days of January`, `the first ten days of the month`."""
    n = count_of(match["n"])
    if not 1 <= n <= 31:
        return None
    if match.groupdict().get("month"):
        month = month_of(match["month"])
    elif clock.day is not None:
        month = add_months(clock.day.replace(day=1), -1 if (match["which"] or "").lower() == "last" else 0).month
    else:
        return None
    return in_year(match, clock, lambda y: Period(dt.date(y, month, 1), dt.date(y, month, n), "interval"), begun=False)


def read_season(match: re.Match[str], clock: Clock) -> Reading | None:
    """`last summer`, `the spring of 2019`."""
    start = SEASONS[match["season"].lower()]
    which = (match.groupdict().get("which") or "").lower()

    def make(year: int) -> Period:
        return months_period(year, start, (start + 1) % 12 + 1, "season")

    if year_of(match, clock) is None and clock.day is not None and which in ("last", "this", "next"):
        if which == "this":
            return Reading(make(clock.day.year))
        reading = latest(clock, make, begun=which == "next")
        if which == "next":
            return Reading((reading and reading.ahead) or make(clock.day.year + 1))
        return reading and Reading(reading.period)
    return in_year(match, clock, make)


def read_decade(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the 1990s`; its early, middle and late years are the first four, three and three."""
    start = int(match["decade"])
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get((match["part"] or "").lower(), (0, 9))
    return Reading(Period(dt.date(start + first, 1, 1), dt.date(start + last, 12, 31), "interval"))
