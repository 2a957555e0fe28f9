"""Calendar arithmetic: laws over all days, and the edges of months, years and leap years."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.calendar_days import (
    Period,
    Shift,
    add_months,
    fiscal_period,
    is_month_end,
    month_period,
    months_period,
    part_of,
    quarter_period,
    shift_period,
    week_period,
    year_period,
)

DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"),
    ],
)
def test_a_day_that_the_month_lacks_becomes_its_last(day: str, months: int, wanted: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(wanted)


@given(DAYS, st.integers(-60, 60))
def test_months_never_leave_the_month_meant(day: dt.date, months: int) -> None:
    moved = add_months(day, months)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + months
    assert moved.day == day.day or (moved.day < day.day and is_month_end(moved))


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday_around_the_day(day: dt.date) -> None:
    week = week_period(day)
    assert week.first <= day <= week.last
    assert (week.first.weekday(), week.last.weekday()) == (0, 6)


@given(st.integers(1800, 2200))
def test_quarters_and_months_fill_the_year(year: int) -> None:
    for parts in ([quarter_period(year, q) for q in range(1, 5)], [month_period(year, m) for m in range(1, 13)]):
        assert (parts[0].first, parts[-1].last) == (year_period(year).first, year_period(year).last)
        for one, other in itertools.pairwise(parts):
            assert other.first - one.last == dt.timedelta(1)


@given(st.integers(1800, 2200), st.integers(1, 12))
def test_early_mid_and_late_fill_the_month(year: int, month: int) -> None:
    whole = month_period(year, month)
    early, mid, late = (part_of(whole, part) for part in ("early", "mid", "late"))
    assert (early.first, late.last) == (whole.first, whole.last)
    assert (early.last.day, mid.first.day, mid.last.day, late.first.day) == (10, 11, 20, 21)


def test_a_season_over_the_new_year_ends_in_the_next() -> None:
    assert months_period(2024, 12, 2) == Period(dt.date(2024, 12, 1), dt.date(2025, 2, 28), "interval")


def test_a_fiscal_year_is_twelve_months() -> None:
    assert fiscal_period(1986, 7) == Period(dt.date(1986, 7, 1), dt.date(1987, 6, 30), "year")


@pytest.mark.parametrize(
    ("period", "shift", "first", "last"),
    [
        (month_period(2024, 2), Shift(years=-1), "2023-02-01", "2023-02-28"),
        (month_period(2023, 2), Shift(years=1), "2024-02-01", "2024-02-29"),
        (month_period(2024, 1), Shift(months=-1), "2023-12-01", "2023-12-31"),
        (fiscal_period(1986, 10), Shift(year=1986), "1985-10-01", "1986-09-30"),
        (months_period(2025, 1, 9), Shift(year_offset=-1), "2024-01-01", "2024-09-30"),
        (month_period(2025, 2), Shift(span=2), "2025-01-01", "2025-02-28"),
        (Period(dt.date(2024, 3, 1), dt.date(2024, 3, 1), "day"), Shift(days=-1), "2024-02-29", "2024-02-29"),
    ],
)
def test_whole_months_stay_whole_when_they_are_moved(period: Period, shift: Shift, first: str, last: str) -> None:
    moved = shift_period(period, shift, dt.date(2025, 12, 23))
    assert moved is not None
    assert (str(moved.first), str(moved.last)) == (first, last)


def test_a_shift_by_the_publication_year_needs_one() -> None:
    assert shift_period(month_period(2025, 2), Shift(year_offset=-1), None) is None
