"""Calendar arithmetic on closed periods of days: months, quarters, weeks, fiscal years, and shifts between them."""

import calendar
import dataclasses
import datetime as dt

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """A closed interval of days and the precision it was given in (schemas.event.DATE_PRECISIONS)."""

    first: dt.date
    last: dt.date
    precision: str


@dataclasses.dataclass(frozen=True, slots=True)
class Shift:
    """How a relative expression (`a year earlier`) moves the period it leans on.

    Attributes:
        year: the target year of `the same period of 1986`; it replaces the year that the period ends in.
        year_offset: the same, counted from the publication year (`the same period last year` is -1).
        span: `the two months`: that many months which end with the period.
        whole: `that day`, `that year`: the day, week, month or year that holds the period.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    year: int | None = None
    year_offset: int | None = None
    span: int | None = None
    whole: str | None = None


def day_period(day: dt.date) -> Period:
    """One day."""
    return Period(day, day, "day")


def month_end(year: int, month: int) -> dt.date:
    """Last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def month_period(year: int, month: int) -> Period:
    """A whole month."""
    return Period(dt.date(year, month, 1), month_end(year, month), "month")


def months_period(year: int, first: int, last: int, precision: str = "interval") -> Period:
    """From month `first` to month `last`; a last month before the first is one of the next year."""
    return Period(dt.date(year, first, 1), month_end(year + (last < first), last), precision)


def year_period(year: int) -> Period:
    """A calendar year."""
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year")


def quarter_period(year: int, quarter: int) -> Period:
    """Quarter 1 to 4 of a calendar year."""
    return months_period(year, 3 * quarter - 2, 3 * quarter, "quarter")


def week_period(day: dt.date) -> Period:
    """Monday to Sunday around a day."""
    monday = day - dt.timedelta(days=day.weekday())
    return Period(monday, monday + 6 * DAY, "week")


def fiscal_period(first_year: int, month: int, day: int = 1) -> Period:
    """The twelve months from `month`/`day` of `first_year`."""
    first = dt.date(first_year, month, day)
    return Period(first, add_months(first, 12) - DAY, "year")


def add_months(day: dt.date, months: int) -> dt.date:
    """Moves a day by months; one that the month lacks becomes its last (31 January + 1 month = 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_month_end(day: dt.date) -> bool:
    """Whether a day is the last of its month."""
    return (day + DAY).day == 1


def part_of(period: Period, part: str) -> Period:
    """`early`, `mid` or `late` in a month: its days 1-10, 11-20, 21-end (GUIDELINES.md); other periods stay whole."""
    if period.precision != "month":
        return period
    first = period.first
    edges = {"early": (1, 10), "mid": (11, 20), "late": (21, period.last.day)}[part]
    return Period(first.replace(day=edges[0]), first.replace(day=edges[1]), "interval")


def _whole(period: Period, unit: str) -> Period | None:
    """The day, week, month or year that holds a period; None where it is longer."""
    first = period.first
    makers = {"day": day_period, "week": week_period, "month": lambda d: month_period(d.year, d.month)}
    whole = makers[unit](first) if unit in makers else year_period(first.year)
    return whole if period.last <= whole.last else None


def shift_period(period: Period, shift: Shift, today: dt.date | None = None) -> Period | None:
    """Moves a period; whole months stay whole months. None where the year it needs is unknown."""
    if shift.whole is not None:
        return _whole(period, shift.whole)
    if shift.span is not None:
        if not is_month_end(period.last):
            return None
        first = add_months(period.last.replace(day=1), 1 - shift.span)
        return Period(first, period.last, "interval")
    years, months = shift.years, shift.months
    if shift.year is not None:
        years = shift.year - period.last.year
    elif shift.year_offset is not None:
        if today is None:
            return None
        years = today.year + shift.year_offset - period.last.year
        years = years or -1
    months += 12 * years
    if shift.days:
        move = dt.timedelta(days=shift.days)
        return Period(period.first + move, period.last + move, period.precision)
    first = add_months(period.first, months)
    last = add_months(period.last, months)
    if is_month_end(period.last):
        last = month_end(last.year, last.month)
    return Period(first, last, period.precision)
