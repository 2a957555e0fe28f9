"""Time expressions that lean on the publication day (`last week`, `two years ago`) or on another expression (`a year earlier`)."""

import datetime as dt
import re

from transforms.events.calendar_days import (
    DAY,
    WEEK,
    Period,
    Shift,
    add_months,
    day_period,
    month_period,
    part_of,
    quarter_period,
    week_period,
    year_period,
)
from transforms.events.time_reading import (
    Clock,
    Reading,
    count_of,
    part_name,
)


def read_deictic_period(match: re.Match[str], clock: Clock) -> Reading | None:
    """`last week`, `this month`, `earlier this year`, `next quarter`."""
    if clock.day is None:
        return None
    which, unit = " ".join(match["which"].lower().split()), match["unit"].lower()
    move = -1 if which.startswith(("last", "the previous", "the past", "past", "previous", "the last")) else 0
    move = 1 if which.startswith(("next", "the coming", "this coming", "the next", "coming", "the following")) else move
    day = clock.day
    part = (match.groupdict().get("part") or "").lower().rstrip("- ")
    if unit == "week":
        period = week_period(day + move * WEEK)
        if part.startswith("earlier") and move == 0 and period.first < day:
            return Reading(Period(period.first, day - DAY, "interval"))
        if part.startswith("later") and move == 0 and day < period.last:
            return Reading(Period(day + DAY, period.last, "interval"))
        return Reading(period)
    if unit == "month":
        target = add_months(day.replace(day=1), move)
        whole = month_period(target.year, target.month)
        return Reading(
            part_of(whole, part_name(part)) if part and not part.startswith(("earlier", "later", "by")) else whole
        )
    if unit == "quarter":
        target = add_months(day.replace(day=1), 3 * move)
        return Reading(quarter_period(target.year, (target.month + 2) // 3))
    return Reading(year_period(day.year + move))


def read_ago(match: re.Match[str], clock: Clock) -> Reading | None:
    """`two days ago`, `18 months ago`, `a year ago`: in the unit that is counted."""
    n, unit = count_of(match["n"]), match["unit"].lower()
    if unit.startswith("year") and n == 1:
        shift: Shift | None = Shift(years=-1)
    elif unit.startswith("month") and n == 1:
        shift = Shift(months=-1)
    else:
        shift = None
    return Reading(None if clock.day is None else away_from(clock.day, -n, unit), shift=shift)


def away_from(day: dt.date, n: int, unit: str) -> Period:
    """The day, week, month or year that many units from a day."""
    if unit.startswith("day"):
        return day_period(day + n * DAY)
    if unit.startswith(("week", "fortnight")):
        return week_period(day + n * (14 if unit.startswith("f") else 7) * DAY)
    if unit.startswith("month"):
        target = add_months(day, n)
        return month_period(target.year, target.month)
    return year_period(day.year + n * (10 if unit.startswith("decade") else 1))


def read_in_units(match: re.Match[str], clock: Clock) -> Reading | None:
    """`in two weeks`, `within ten days`: a day in clauses that look ahead, else a span (`the first talks in seven years`)."""
    return Reading(None, away_from(clock.day, count_of(match["n"]), match["unit"].lower())) if clock.day else None


def read_span_units(match: re.Match[str], clock: Clock) -> Reading | None:
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


def read_same_period(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the same period last year`, `the same 1986 month`, `the year-ago quarter`."""
    groups = match.groupdict()
    if groups.get("year"):
        return Reading(None, shift=Shift(year=int(groups["year"])))
    words = " ".join((groups.get("rel") or "").lower().split())
    if words in ("last year",):
        return Reading(None, shift=Shift(year_offset=-1))
    if words in ("this year",):
        return Reading(None, shift=Shift(year_offset=0))
    if not words and re.match(r"\s*(?:the|its|in)\s+(?:the\s+)?same\b", match[0], re.IGNORECASE):
        return Reading(None, shift=Shift())  # `in the same period`: the one just named
    return Reading(None, shift=Shift(years=-1))


def read_earlier(match: re.Match[str], clock: Clock) -> Reading | None:
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


def read_that(match: re.Match[str], clock: Clock) -> Reading | None:
    """`that day`, `later the same day`, `that year`: the one that holds the time named before."""
    unit = (match["unit"] or "day").lower()
    return Reading(None, shift=Shift(whole=unit))


def read_n_months(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the two months`: those that end with the period before."""
    n = count_of(match["n"])
    return Reading(None, shift=Shift(span=n)) if 2 <= n <= 12 else None
