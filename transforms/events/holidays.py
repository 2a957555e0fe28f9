"""Holidays by name: on which day of a year they fall (data/holidays.tsv)."""

import calendar
import datetime as dt
import functools
import importlib.resources
import re


@functools.cache
def holiday_rules() -> dict[str, str]:
    """Name in small letters -> rule."""
    text = importlib.resources.files("transforms.events").joinpath("data/holidays.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: rule for name, rule in rows}


def easter(year: int) -> dt.date:
    """Western Easter (Meeus, Astronomical Algorithms, chapter 8: the Gregorian computus).

    >>> easter(2019)
    datetime.date(2019, 4, 21)
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def holiday(name: str, year: int) -> dt.date | None:
    """The day of a holiday in a year; None for an unknown name.

    >>> holiday("Thanksgiving", 2024)
    datetime.date(2024, 11, 28)
    """
    rule = holiday_rules().get(" ".join(name.lower().replace("’", "'").split()))
    if rule is None:
        return None
    if match := re.fullmatch(r"easter([+-]\d+)", rule):
        return easter(year) + dt.timedelta(int(match[1]))
    if match := re.fullmatch(r"(\D+)([+-]\d+)", rule):
        base = holiday(match[1], year)
        return base + dt.timedelta(int(match[2])) if base else None
    if match := re.fullmatch(r"(\d\d)/(-?\d)/(\d)", rule):
        month, nth, weekday = (int(g) for g in match.groups())
        days = [
            d for d in range(1, calendar.monthrange(year, month)[1] + 1) if dt.date(year, month, d).weekday() == weekday
        ]
        return dt.date(year, month, days[nth - 1 if nth > 0 else nth])
    return dt.date(year, int(rule[:2]), int(rule[3:]))
