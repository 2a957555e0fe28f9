"""Dates as feeds, pages, records and texts write them: an instant, how precise it is, and how far it can be trusted."""

import dataclasses
import datetime as dt
import functools
import re

from schemas.article import PublishedAt
from transforms.article.date_forms import spell_plainly
from transforms.article.tables import read_table
from transforms.article.zones import LETTERS, find_zone, place

# A value that software leaves when it has no date: the epochs of Unix and of DOS.
_SENTINELS = (dt.date(1970, 1, 1), dt.date(1980, 1, 1))
EARLIEST = dt.date(1970, 1, 1)
LATEST = dt.date(2200, 1, 1)  # whatever the clock; the calendar's last day has no instant in every zone
AHEAD = dt.timedelta(hours=48)
MAX_DATE_CHARS = 200
# A zone in words comes to so many characters behind the time.
NAMED_ZONE = 36

UNDATED = PublishedAt()


@dataclasses.dataclass(frozen=True, slots=True)
class _Time:
    hour: int
    minute: int
    second: int
    micro: int
    precision: str


@functools.cache
def _months() -> dict[str, int]:
    return {
        name.rstrip("."): int(number)
        for number, names in (row.split("\t") for row in read_table("months.tsv"))
        for name in names.split()
    }


@functools.cache
def _date_words() -> frozenset[str]:
    return frozenset(word for row in read_table("date_words.tsv") for word in row.partition("\t")[2].split())


_WORD = re.compile(r"[^\W\d_]+")
_SEPARATED = re.compile(r"(?<![\d.])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?=T\d|$|\s|Z)")
_HAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_DAY_NAME_YEAR = re.compile(
    r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s\-/,.]*(?:(?:of|de|di)\b)?[\s\-/.]*([^\W\d_]{3,12})\.?(?:[\s\-/,.]|\bde[l]?\b)*'?(\d{4}|\d{2})(?![\d:])"
)
_NAME_DAY_YEAR = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,12})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|[\-/.])(\d{4})(?!\d)"
)
_YEAR_NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[\s,/-]+([^\W\d_]{3,12})\.?[\s/-]+(\d{1,2})(?![\d:])")
_ASCTIME = re.compile(r"^[A-Za-z]{3},?\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}.*?)\s(\d{4})(?=$|\s)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")

_CLOCK = re.compile(
    r"(?<![\d.:])(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s*(?P<ap>[ap]\.?\s?m\b\.?))?(?![\d:])",
    re.IGNORECASE,
)
_HOUR_ONLY = re.compile(r"(?<![\d.:])(?P<h>\d{1,2})\s*(?P<ap>[ap]\.?m\b\.?)", re.IGNORECASE)
_FRENCH = re.compile(r"(?<![\d.:])(?P<h>\d{1,2})\s?[hH]\s?(?P<m>\d{2})(?!\d)")
_BARE_CLOCK = re.compile(r"(?<=T)(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?(?!\d)")
_EPOCH = re.compile(r"^\d{10}(?:\.\d+)?$|^\d{13}$")

_FILLER = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|tues|wednes|thurs|satur)(?:day)?\b|\b(?:weds|thur)\b|\b(?:t|at|on|um|uhr|à|le|a las|hrs?|hours|o'clock|local time|of|the|de)\b|[^\w]+",
    re.IGNORECASE,
)


def parse_instant(
    text: str | None,
    zone: str | None = None,
    reference: dt.datetime | None = None,
    source: str = "feed",
) -> PublishedAt:
    """Reads a date that stands alone, as in a feed, a record or a meta tag.

    Nothing is rolled over and nothing is filled in: a date that does not exist, one without a year, month or day, one
    whose order of day and month can't be told, one before 1970 or more than 48 hours after `reference` give no date.

    Args:
        text: the date as written.
        zone: IANA zone of the outlet, for dates that name none.
        reference: when it was retrieved or first seen (UTC); None sets no upper bound.
        source: what to note as `PublishedAt.source`.

    Returns:
        The instant; `PublishedAt()` where there is none that can be trusted.
    """
    if not text:
        return UNDATED
    text = _tidy(text)
    if not text or len(text) > MAX_DATE_CHARS:
        return UNDATED
    if _EPOCH.match(text):
        return _read_epoch(text, reference, source)
    return _read(spell_plainly(text), zone, reference, source, strict=True)


def find_instant(
    text: str,
    zone: str | None = None,
    reference: dt.datetime | None = None,
    source: str = "text",
) -> PublishedAt:
    """Reads the first date in a line of text, whatever stands around it; like `parse_instant` otherwise."""
    return _read(_tidy(text[: 2 * MAX_DATE_CHARS]), zone, reference, source, strict=False)


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ").replace("−", "-")
    return re.sub(r"\s+", " ", text).strip(" \"'|")


def _read(text: str, zone: str | None, reference: dt.datetime | None, source: str, *, strict: bool) -> PublishedAt:
    # Unix's own form has the year behind the time.
    text = _ASCTIME.sub(r"\2 \1 \4 \3", text)
    found = _find_date(text)
    if found is None:
        return _read_ambiguous(text, zone, reference, source, strict=strict)
    day, start, end = found
    before, after = text[:start], text[end:]
    time, rest, tail = _find_time(after, before)
    offset: int | None = None
    iana = zone
    if time is not None:
        # In running text only what stands right behind the time is its zone.
        local = dt.datetime.combine(day, dt.time(time.hour, time.minute))
        offset, named, rest = find_zone(rest + tail if strict else tail[:NAMED_ZONE], local, zone, anchored=not strict)
        iana = named or zone
    elif strict and re.search(r"\d:\d|\bT\d", rest):
        return UNDATED
    if strict and _leftover(rest):
        return UNDATED
    return _judge(day, time, offset, iana, named_zone=iana is not zone, reference=reference, source=source)


def _read_ambiguous(
    text: str, zone: str | None, reference: dt.datetime | None, source: str, *, strict: bool
) -> PublishedAt:
    """Reads `06/01/2026` where a zone tells which half of the world wrote it; a guess all the same."""
    match = _NUMERIC.search(text)
    if (
        match is None
        or match.group(2) == "."
        or not (1 <= int(match.group(1)) <= 12 and 1 <= int(match.group(3)) <= 12)
    ):
        return UNDATED
    first, second, year = int(match.group(1)), int(match.group(3)), match.group(4)
    month_first = f"{text[: match.start()]} {year}-{first:02}-{second:02} {text[match.end() :]}"
    day_first = f"{text[: match.start()]} {year}-{second:02}-{first:02} {text[match.end() :]}"
    # Without the bound: whether the one reading lies in the future must not decide whether the other is tried.
    offset = _read(month_first, zone, None, source, strict=strict).utc_offset
    if offset is None:
        return UNDATED
    # Only North America puts the month first.
    chosen = month_first if -600 <= offset <= -210 else day_first
    found = _read(chosen, zone, reference, source, strict=strict)
    return dataclasses.replace(found, quality="guessed") if found.at else UNDATED


def _find_date(text: str) -> tuple[dt.date, int, int] | None:
    for pattern, order in ((_SEPARATED, (1, 3, 4)), (_HAN, (1, 2, 3)), (_COMPACT, (1, 2, 3))):
        if match := pattern.search(text):
            day = _date(*(int(match.group(i)) for i in order))
            return None if day is None else (day, match.start(), match.end())
    for pattern, order in ((_NAME_DAY_YEAR, (3, 1, 2)), (_DAY_NAME_YEAR, (3, 2, 1)), (_YEAR_NAME_DAY, (1, 2, 3))):
        for match in pattern.finditer(text):
            year, name, number = match.group(*order)
            month = _months().get(name.lower())
            if month:
                day = _date(_full_year(year), month, int(number))
                return None if day is None else (day, match.start(), match.end())
    if match := _NUMERIC.search(text):
        day = _numeric_date(int(match.group(1)), match.group(2), int(match.group(3)), int(match.group(4)))
        return None if day is None else (day, match.start(), match.end())
    return None


def _numeric_date(first: int, mark: str, second: int, year: int) -> dt.date | None:
    """Day and month in figures; None where either order would do, but for dots, which only stand in day.month.year."""
    if mark == "." or first > 12 or first == second:
        return _date(year, second, first)
    if second > 12:
        return _date(year, first, second)
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    # RFC 2822 section 4.3: two digits up to 49 are of this century.
    return year + (2000 if year < 50 else 1900)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _find_time(after: str, before: str) -> tuple[_Time | None, str, str]:
    """The time of day, behind the date rather than before it; the other text, and the text behind the time."""
    for part, other in ((after, before), (before, after)):
        for pattern in (_CLOCK, _BARE_CLOCK, _FRENCH, _HOUR_ONLY):
            match = pattern.search(part)
            if match is None:
                continue
            time = _time(match.groupdict())
            if time is not None:
                return time, f"{other} {part[: match.start()]} ", part[match.end() :]
    return None, f"{before} {after}", ""


def _time(groups: dict[str, str | None]) -> _Time | None:
    hour, minute, second = int(groups["h"] or 0), int(groups.get("m") or 0), groups.get("s")
    half = (groups.get("ap") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            # "17:59 pm" is written by templates; the hour is what it says.
            if hour > 23 or (half.startswith("a") and hour > 12):
                return None
        else:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
    seconds = min(int(second), 59) if second and int(second) <= 60 else int(second or 0)
    if hour > 23 or minute > 59 or seconds > 59:
        return None
    micro = int((groups.get("f") or "0").ljust(6, "0")[:6])
    return _Time(hour, minute, seconds, micro, "second" if second else "minute")


def _leftover(rest: str) -> bool:
    """Whether words or figures are left that are no part of a date."""
    rest = _WORD.sub(lambda word: " " if word[0].lower() in _date_words() else word[0], rest)
    # An unknown abbreviation behind the time is a zone that can't be told, not another meaning.
    return bool(LETTERS.sub(" ", _FILLER.sub(" ", rest)).strip())


def _judge(
    day: dt.date,
    time: _Time | None,
    offset: int | None,
    zone: str | None,
    *,
    named_zone: bool,
    reference: dt.datetime | None,
    source: str,
) -> PublishedAt:
    if not EARLIEST <= day < LATEST or day in _SENTINELS:
        return UNDATED
    if time is None:
        at = dt.datetime.combine(day, dt.time(), dt.UTC)
        found = PublishedAt(at, None, "day", source, "day")
    else:
        local = dt.datetime.combine(day, dt.time(time.hour, time.minute, time.second, time.micro))
        if offset is not None:
            at = (local - dt.timedelta(minutes=offset)).replace(tzinfo=dt.UTC)
            found = PublishedAt(at, offset, time.precision, source, "exact")
        else:
            at, implied = place(local, zone)
            found = PublishedAt(at, implied, time.precision, source, "exact" if named_zone else "zoneless")
    if reference is not None and at > reference + AHEAD:
        return UNDATED
    return found


def _read_epoch(text: str, reference: dt.datetime | None, source: str) -> PublishedAt:
    """Seconds (ten digits, and a fraction) or milliseconds (thirteen) since 1970."""
    seconds = int(text[:10])
    micro = int(text[10:].lstrip(".").ljust(6, "0")[:6])
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds, microseconds=micro)
    if at.date() in _SENTINELS or (reference is not None and at > reference + AHEAD):
        return UNDATED
    return PublishedAt(at, 0, "second", source, "exact")
