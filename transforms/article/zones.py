"""Time zones as dates name them: offsets, abbreviations, and the outlet's own zone."""

import datetime as dt
import functools
import re
import zoneinfo

from transforms.article.tables import read_table

_OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT|Z)\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?|(?<![\d\w])\s?([+-])(\d{2})(?::?(\d{2}))?)(?!\d)",
    re.IGNORECASE,
)
LETTERS = re.compile(r"\b(?:[A-Z]{1,5}|МСК)\b")
# A clock's own word may stand before the zone: "17.59 Uhr MEZ".
_CLOCK_WORD = re.compile(r"^\s*(?:uhr|hrs?|hours)\b\.?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_IANA = re.compile(r"[ \[]([A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_-]+)+)(?=\]?$)")
_IN_WORDS = re.compile(r"\b((?:[A-Z][\w.'’]*[ -]){1,3})[Tt]ime\b")


@functools.cache
def _zones() -> dict[str, tuple[str, ...]]:
    return {name: tuple(readings) for name, *readings in (row.split("\t") for row in read_table("zones.tsv"))}


@functools.cache
def _iana_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def _named_zones() -> dict[str, str]:
    """IANA zones by city or country, and what the list adds, folded."""
    places = {
        name.rsplit("/", 1)[-1].replace("_", " ").casefold(): name
        for name in sorted(zoneinfo.available_timezones())
        if re.fullmatch(r"(?:[A-Z][a-z]+(?:/[A-Z]\w+)+|[A-Z][a-z]{3,})", name)
        and not name.startswith(("Etc/", "Factory"))
    }
    return places | dict(row.split("\t") for row in read_table("zone_names.tsv"))


def find_zone(rest: str, local: dt.datetime, zone: str | None, *, anchored: bool) -> tuple[int | None, str | None, str]:
    """Offset in minutes, or an IANA zone, that the text names (at its start when `anchored`); and the other text."""
    rest = _CLOCK_WORD.sub("", rest)
    match = _OFFSET.search(rest)
    if match and (not anchored or not rest[: match.start()].strip(" (")):
        sign, hours, minutes = (match.group(1) or match.group(4), *_digits(match))
        if hours <= 15 and minutes <= 59:
            rest = _IN_BRACKETS.sub(" ", f"{rest[: match.start()]} {rest[match.end() :]}")
            rest = LETTERS.sub(lambda m: "" if m.group() in _zones() else m.group(), rest)
            return (hours * 60 + minutes) * (-1 if sign == "-" else 1), None, rest
    for match in LETTERS.finditer(rest):
        readings = _zones().get(match.group())
        if readings is None or (anchored and rest[: match.start()].strip(" (,")):
            continue
        rest = _IN_BRACKETS.sub(" ", f"{rest[: match.start()]} {rest[match.end() :]}")
        if not re.match(r"-?\d", readings[0]):
            return None, readings[0], rest
        offsets = [int(reading) for reading in readings]
        if len(offsets) > 1 and zone is not None and (own := place(local, zone)[1]) in offsets:
            return own, None, rest
        return offsets[0], None, rest
    return _find_in_words(rest, anchored=anchored)


def _find_in_words(rest: str, *, anchored: bool) -> tuple[int | None, str | None, str]:
    """A zone in words: `Eastern Time`, `(Baku time)`; or an IANA zone at the end."""
    if not anchored and (iana := _IANA.search(rest.rstrip())) and iana[1] in _iana_zones():
        return None, iana[1], rest[: iana.start()]
    match = _IN_WORDS.search(rest)
    named = _named_zones().get(match.group(1).strip().casefold()) if match else None
    if match is None or named is None or (anchored and rest[: match.start()].strip(" (,|-")):
        return None, None, rest
    rest = f"{rest[: match.start()]} {rest[match.end() :]}".replace("( )", " ")
    return (int(named), None, rest) if re.match(r"-?\d", named) else (None, named, rest)


def _digits(match: re.Match[str]) -> tuple[int, int]:
    return int(match.group(2) or match.group(5)), int(match.group(3) or match.group(6) or 0)


def place(local: dt.datetime, zone: str | None) -> tuple[dt.datetime, int | None]:
    """UTC instant of a local time in a zone, and the zone's offset then; read as UTC without a zone."""
    if zone is not None:
        try:
            info = zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return local.replace(tzinfo=dt.UTC), None
        aware = local.replace(tzinfo=info)
        offset = aware.utcoffset() or dt.timedelta()
        return (local - offset).replace(tzinfo=dt.UTC), round(offset.total_seconds() / 60)
    return local.replace(tzinfo=dt.UTC), None
