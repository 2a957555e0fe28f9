"""Time expressions that name a day: dates, weekdays, holidays, `today` and what is counted from it."""

import datetime as dt
import re

from transforms.events.calendar_days import (
    DAY,
    WEEK,
    Period,
    add_months,
    day_period,
    week_period,
)
from transforms.events.holidays import holiday
from transforms.events.time_reading import (
    Clock,
    Reading,
    count_of,
    full_year,
    in_year,
    latest,
    month_of,
    number_in,
    spelled_day,
    spelled_year,
    weekday_of,
    year_of,
)


def read_date(match: re.Match[str], clock: Clock) -> Reading | None:
    """`May 3`, `3 May 2024`, `May 3-5`, `May 3 to June 5`."""
    groups = match.groupdict()
    month = month_of(match["month"])
    day = number_in(groups["day"]) if groups.get("day") else spelled_day(groups.get("ordinal") or groups["spelled"])
    last_day = number_in(groups["day2"]) if groups.get("day2") else day
    last_month = month_of(groups["month2"]) if groups.get("month2") else month
    if groups.get("short_year"):
        return Reading(day_period(dt.date(full_year(int(groups["short_year"])), month, day)))

    def make(year: int) -> Period:
        first = dt.date(year, month, day)
        last = dt.date(year + ((last_month, last_day) < (month, day)), last_month, last_day)
        return Period(first, last, "day" if first == last else "interval")

    if groups.get("year") and last_month < month:
        return Reading(make(int(groups["year"]) - 1))
    reading = in_year(match, clock, make)
    if reading and groups.get("which"):
        return (
            Reading(reading.ahead or reading.period) if groups["which"].lower() == "next" else Reading(reading.period)
        )
    if reading and reading.ahead and reading.period and clock.day and year_of(match, clock) is None:
        # A day without its year is a near one: ten months back is farther than two ahead.
        behind, before = clock.day - reading.period.first, reading.ahead.first - clock.day
        if before <= dt.timedelta(60) and behind > dt.timedelta(290):
            return Reading(reading.ahead)
        if behind <= dt.timedelta(60) and before > dt.timedelta(290):
            return Reading(reading.period)
    return reading


def read_spelled_date(match: re.Match[str], clock: Clock) -> Reading | None:
    """`January twenty five nineteen eighty six`, `13 Sept nineteen seventy two`."""
    groups = match.groupdict()
    month = month_of(groups["month"] or groups["month2"])
    words = groups["spelled"] or groups["spelled2"]
    day = spelled_day(words) if words else number_in(groups["day"] or groups["day2"])
    return Reading(day_period(dt.date(spelled_year(groups["spelled_year"]), month, day)))


def read_iso(match: re.Match[str], clock: Clock) -> Reading | None:
    """`2025-12-24`."""
    return Reading(day_period(dt.date(int(match["y"]), int(match["m"]), int(match["d"]))))


def read_numeric(match: re.Match[str], clock: Clock) -> Reading | None:
    """`24.12.2025` and `24/12/2025`: day first, unless only month first is a date."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    year = full_year(year)
    if match["sep"] == "/" and a <= 12 and b <= 12 and a != b:
        return None  # 3/4/2024 is two dates
    if b > 12:
        a, b = b, a
    return Reading(day_period(dt.date(year, b, a)))


def read_weekday(match: re.Match[str], clock: Clock) -> Reading | None:
    """`Friday`, `last Monday`, `next Tuesday`."""
    if clock.day is None:
        return None
    wanted = weekday_of(match["weekday"])
    back = (clock.day.weekday() - wanted) % 7
    past = clock.day - back * DAY
    ahead = clock.day + (-back % 7) * DAY
    which = (match.groupdict().get("which") or "").lower()
    if which in (
        "last",
        "previous",
    ):  # yesterday is no `last Monday`: that is the week before's, unless it is too far off
        of_last_week = week_period(clock.day - WEEK).first + wanted * DAY
        return Reading(day_period(of_last_week if clock.day - of_last_week <= 9 * DAY else past))
    if which in ("this past", "the past"):
        return Reading(day_period(past if back else past - WEEK))
    if which in ("next", "following"):
        return Reading(day_period(week_period(clock.day + WEEK).first + wanted * DAY))
    if which in ("coming", "this coming", "the coming"):
        return Reading(day_period(ahead if back else ahead + WEEK))
    return Reading(day_period(past), day_period(ahead) if back else None)


def read_weekend(match: re.Match[str], clock: Clock) -> Reading | None:
    """`over the weekend`, `last weekend`."""
    if clock.day is None:
        return None
    saturday = clock.day - ((clock.day.weekday() - 5) % 7) * DAY
    which = (match["which"] or "this").lower()
    if which.startswith("next") or which in ("this coming", "the coming"):
        saturday += 7 * DAY
    elif which.startswith("last") and clock.day.weekday() >= 5:
        saturday -= 7 * DAY
    past = Period(saturday, saturday + DAY, "interval")
    if which.startswith(("this", "the", "over", "at")) and clock.day.weekday() < 5:
        return Reading(past, Period(saturday + 7 * DAY, saturday + 8 * DAY, "interval"))
    return Reading(past)


def read_deictic_day(match: re.Match[str], clock: Clock) -> Reading | None:
    """`today`, `yesterday morning`, `the day after tomorrow`."""
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


def read_numeric_day(match: re.Match[str], clock: Clock) -> Reading | None:
    """`on 22/04`, `Friday 5/12`: day first or month first, whichever is a date and, with a weekday, falls on it."""
    a, b = int(match["a"]), int(match["b"])
    for month, day in ((b, a), (a, b)) if a > 12 or match["sep"] == "." else ((a, b), (b, a)):
        if 1 <= month <= 12 and 1 <= day <= 31:
            return latest(clock, lambda y, m=month, d=day: day_period(dt.date(y, m, d)))  # type: ignore[misc]
    return None


def read_weekday_number(match: re.Match[str], clock: Clock) -> Reading | None:
    """`Sunday 31`, `Tuesday the eleventh`: the latest and the next month in which that day is that weekday."""
    if clock.day is None:
        return None
    day = number_in(match["day"]) if match["day"] else spelled_day(match["ordinal"])
    wanted = weekday_of(match[0])
    found = []
    for step in [*range(0, -25, -1), *range(1, 25)]:
        first = add_months(clock.day.replace(day=1), step)
        try:
            date = first.replace(day=day)
        except ValueError:
            continue
        if date.weekday() == wanted:
            found.append(date)
    past = max((d for d in found if d <= clock.day), default=None)
    ahead = min((d for d in found if d >= clock.day), default=None)
    if past is None or ahead is None:
        return None
    return Reading(day_period(past), day_period(ahead) if ahead != past else None)


def read_bare_day(match: re.Match[str], clock: Clock) -> Reading | None:
    """`on the 18th`, `the 15th day of next month`."""
    if clock.day is None:
        return None
    day, which = number_in(match["day"]), (match.groupdict().get("which") or "").lower()
    if which:
        month = add_months(clock.day.replace(day=1), {"this": 0, "next": 1, "last": -1}[which])
        return Reading(day_period(month.replace(day=day)))
    back = clock.day.replace(day=1) if clock.day.day >= day else add_months(clock.day.replace(day=1), -1)
    on = clock.day.replace(day=1) if clock.day.day <= day else add_months(clock.day.replace(day=1), 1)
    return Reading(day_period(back.replace(day=day)), day_period(on.replace(day=day)))


def read_weekday_of_week(match: re.Match[str], clock: Clock) -> Reading | None:
    """`Tuesday of next week`, `next week on Tuesday`."""
    if clock.day is None:
        return None
    groups = match.groupdict()
    wanted = weekday_of(groups.get("weekday") or groups.get("weekday_next") or groups.get("short") or "")
    which = match["which"].lower()
    move = 1 if "next" in which or "following" in which else -1 if "last" in which or "previous" in which else 0
    return Reading(day_period(week_period(clock.day + move * WEEK).first + wanted * DAY))


def read_week_to(match: re.Match[str], clock: Clock) -> Reading | None:
    """`the week ended March 29`: the seven days that end there."""
    reading = read_date(match, clock)
    if reading is None or reading.period is None:
        return None
    last = reading.period.first
    return Reading(Period(last - 6 * DAY, last, "week"))


def read_holiday(match: re.Match[str], clock: Clock) -> Reading | None:
    """`Christmas Day`, `last Thanksgiving`, `Easter 2018`."""
    name, which = match["holiday"], (match["which"] or "").lower()

    def make(year: int) -> Period:
        day = holiday(name, year)
        if day is None:
            raise ValueError(name)
        return day_period(day)

    reading = in_year(match, clock, make)
    if reading is None or not which:
        return reading
    if which in ("next", "following"):
        return Reading(reading.ahead or reading.period)
    return Reading(reading.period) if which in ("last", "previous") else reading


def read_offset(match: re.Match[str], clock: Clock) -> Reading | None:
    """`two days after tomorrow`, `3 weeks from January 15`."""
    if clock.day is None:
        return None
    words, groups = match["base"].lower(), match.groupdict()
    base = clock.day + {"tomorrow": 1, "tmrw": 1, "yesterday": -1}.get(words, 0) * DAY
    if groups.get("weekday"):
        reading = read_weekday(match, clock)
        base = (reading.ahead or reading.period or day_period(base)).first if reading else base
    elif groups.get("holiday"):
        year = int(groups["hyear"]) if groups.get("hyear") else base.year
        named = holiday(groups["holiday"], year)
        base = (
            named if named and (named >= base or groups.get("hyear")) else holiday(groups["holiday"], year + 1) or base
        )
    elif groups.get("month"):
        year = int(groups["year"]) if groups.get("year") else base.year
        base = dt.date(year, month_of(groups["month"]), number_in(groups["day"]))
        if base < clock.day and not groups.get("year"):
            base = dt.date(base.year + 1, base.month, base.day)
    n = count_of(match["n"]) * (-1 if match["side"].lower() == "before" else 1)
    unit = match["unit"].lower()
    if unit.startswith(("day", "week", "fortnight")):
        return Reading(day_period(base + n * {"d": 1, "w": 7, "f": 14}[unit[0]] * DAY))
    return Reading(day_period(add_months(base, n * (12 if unit.startswith("year") else 1))))
