"""Rare written forms of dates -> the common ones that are read."""

import datetime as dt
import re

_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])(?=T|$)")
_ISO_ORDINAL = re.compile(r"(\d{4})-(\d{3})(?=T|$)")
_END_OF_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]24:00(?::00(?:[.,]0+)?)?(?![\d:])")
_SMALL_ZONE = re.compile(r"(?<=\d)\s?(?:gmt|utc?|z)$")


def spell_plainly(text: str) -> str:
    """Writes weeks and ordinal days of ISO 8601, its end of a day, and Greenwich in lower case, as most dates are written.

    A day that does not exist stays as it is.

    >>> spell_plainly("2018-W26-1"), spell_plainly("2018-176T10:00Z"), spell_plainly("2018-06-25T24:00:00Z")
    ('2018-06-25', '2018-06-25T10:00Z', '2018-06-26T00:00:00Z')
    """
    text = _SMALL_ZONE.sub(lambda found: found[0].upper(), text)
    try:
        if found := _ISO_WEEK.match(text):
            day = dt.date.fromisocalendar(*map(int, found.groups()))
        elif found := _ISO_ORDINAL.match(text):
            day = _ordinal_day(int(found[1]), int(found[2]))
        elif found := _END_OF_DAY.match(text):
            day = dt.date.fromisoformat(found[1]) + dt.timedelta(days=1)
            return f"{day}T00:00:00{text[found.end() :]}"
        else:
            return text
    except (ValueError, OverflowError):
        return text
    return f"{day}{text[found.end() :]}"


def _ordinal_day(year: int, number: int) -> dt.date:
    day = dt.date(year, 1, 1) + dt.timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(f"the year {year} has no day {number}")
    return day
