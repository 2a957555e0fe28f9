"""What holds of every row of `events`: quoted words stand in the text, parts that belong together come together."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.event import ACTOR_TYPES, DATE_PRECISIONS, KINDS, MODALITIES

ROLES_OF = {
    "meeting": ("participant",),
    "statement": ("speaker", "addressee"),
    "withdrawal": ("withdrawer", "source"),
    "trade_figure": ("reporter", "partner"),
}
# Least and most days of each precision; months and weeks may end early (`the first week`), an interval has any length but one day.
_DAYS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "quarter": (89, 92), "season": (89, 92), "year": (365, 366)}
_COUNTRY = re.compile(r"[A-Z]{3}")


def broken_laws(row: Mapping[str, Any], text: str | None = None) -> Iterator[str]:
    """Says what is wrong with a row, a clause each.

    Args:
        row: columns of CONTRACT.md by name; those that are missing are not checked.
        text: articles.text of its article version, where it is kept.
    """
    yield from _broken_words(row, text)
    yield from _broken_time(row, text)
    yield from _broken_place(row, text)
    for actor in row.get("actors") or ():
        yield from _broken_actor(actor, row)
    if row["kind"] not in KINDS or row["modality"] not in MODALITIES:
        yield "its kind or modality is none of the schema's"
    if any(row.get(kind) is not None for kind in KINDS if kind != row["kind"]):
        yield "it has the details of another kind"
    codes = [row.get(name) for name in ("cameo_code", "plover_type", "plover_mode")]
    if (codes[2] and not codes[1]) or (row["kind"] == "trade_figure" and any(codes)):
        yield "its codes fit no ontology"


def _broken_words(row: Mapping[str, Any], text: str | None) -> Iterator[str]:
    evidence = row["evidence"]
    if text is not None and text[row["evidence_start"] : row["evidence_end"]] != evidence:
        yield "its evidence does not stand at its offsets"
    if not row["trigger"].strip() or row["trigger"] not in evidence:
        yield "its trigger does not stand in its evidence"
    if (row.get("modality_cue") or "") not in evidence:
        yield "the cue of its modality does not stand in its evidence"
    content = (row.get("statement") or {}).get("content")
    if content is not None and (content != content.strip() or (text is not None and content not in text)):
        yield "its content is not verbatim"
    withdrawal = row.get("withdrawal") or {}
    for name in ("object", "source"):
        if text is not None and " ".join((withdrawal.get(name) or "").split()) not in " ".join(text.split()):
            yield f"its {name} does not stand in the text"


def _broken_time(row: Mapping[str, Any], text: str | None) -> Iterator[str]:
    first, last, precision = row.get("event_start"), row.get("event_end"), row.get("date_precision")
    if first is None or last is None:
        if any(row.get(name) is not None for name in ("event_start", "event_end", "date_text", "date_precision")):
            yield "it has a part of a time"
        return
    if precision not in DATE_PRECISIONS or last < first or not _fits(first, last, precision):
        yield "its precision does not fit its days"
    if not row.get("date_text") or (text is not None and row["date_text"] not in text):
        yield "the words of its time do not stand in the text"


def _fits(first: dt.date, last: dt.date, precision: str) -> bool:
    days = (last - first).days + 1
    if precision == "month":
        return first.day == 1 and days == calendar.monthrange(first.year, first.month)[1]
    least, most = _DAYS.get(precision, (2, days))
    return least <= days <= most


def _broken_place(row: Mapping[str, Any], text: str | None) -> Iterator[str]:
    name, country = row.get("place_name"), row.get("place_country")
    lat, lon = row.get("place_lat"), row.get("place_lon")
    if name is None and any(value is not None for value in (country, lat, lon)):
        yield "its place has no name"
    if name is not None and text is not None and name not in text:
        yield "its place is not named so in the text"
    if (lat is None) != (lon is None) or abs(lat or 0) > 90 or abs(lon or 0) > 180:
        yield "its place has no point on the map"
    if country is not None and not _COUNTRY.fullmatch(country):
        yield "the country of its place is no alpha-3 code"


def _broken_actor(actor: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[str]:
    name = actor["name"]
    if name != name.strip() or not name or actor["role"] not in ROLES_OF.get(row["kind"], ()):
        yield f"an actor has no name or the role {actor['role']}, which its kind has not"
    if actor["type"] not in (None, *ACTOR_TYPES):
        yield f"an actor is of type {actor['type']}"
    if actor["country"] is not None and not _COUNTRY.fullmatch(actor["country"]):
        yield "the country of an actor is no alpha-3 code"
    if (actor["mention"] or "") not in row["evidence"]:
        yield "the mention of an actor does not stand in its evidence"
