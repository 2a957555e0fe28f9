"""How an event was read: its sentence with the words that count marked, and what they came to; for terminal and page."""

import dataclasses
import html
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from schemas.event import Event

STYLES = {
    "trigger": "bold white on red",
    "actor": "bold cyan",
    "time": "bold green",
    "place": "bold magenta",
    "modality": "bold yellow",
    "content": "italic",
}
_COLOURS = {
    "trigger": "#f8b4b4",
    "actor": "#a5e8f0",
    "time": "#b8e6b0",
    "place": "#e3c4f5",
    "modality": "#f7e08a",
    "content": "#eee",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """An event, ready to be shown.

    Attributes:
        marks: (start, end, one of STYLES) in the evidence, in order, without overlaps.
        facts: (label, value) of what the words came to.
    """

    title: str
    evidence: str
    marks: tuple[tuple[int, int, str], ...]
    facts: tuple[tuple[str, str], ...]


def explain_event(event: Event) -> Explained:
    """Explains an event just read."""
    row = {
        "kind": event.kind,
        "evidence": event.evidence,
        "trigger": event.trigger,
        "modality": event.modality,
        "modality_cue": event.modality_cue,
        "attributed_to": event.attributed_to,
        "date_text": event.time.text if event.time else None,
        "date_precision": event.time.precision if event.time else None,
        "event_start": event.time.first if event.time else None,
        "event_end": event.time.last if event.time else None,
        "place_name": event.place.name if event.place else None,
        "place_country": event.place.country if event.place else None,
        "actors": [dataclasses.asdict(actor) for actor in event.actors],
        event.kind: dataclasses.asdict(event.detail),
        "event_id": event.event_id,
        "url": event.url,
        "extractor": event.extractor,
        "confidence": event.confidence,
        "cameo_code": event.cameo_code,
        "plover_type": event.plover_type,
        "plover_mode": event.plover_mode,
    }
    return explain_row(row)


def explain_row(row: Mapping[str, Any]) -> Explained:
    """Explains a row of the events view."""
    kind, evidence = str(row["kind"]), str(row["evidence"])
    detail = row.get(kind) or {}
    actors = row.get("actors") or []
    wanted = [(row["trigger"], "trigger"), (row.get("date_text"), "time"), (row.get("modality_cue"), "modality")]
    wanted += [(actor["mention"], "actor") for actor in actors] + [
        (row.get("place_name"), "place"),
        (detail.get("content"), "content"),
    ]
    facts = [
        ("rule", str(row.get("extractor") or "").split(" ")[-1]),
        ("confidence", f"{float(row['confidence']):.2f}"),
    ]
    facts += [
        (actor["role"], " · ".join(str(part) for part in (actor["name"], actor["type"], actor["country"]) if part))
        for actor in actors
    ]
    if row.get("event_start"):
        first, last = row["event_start"], row["event_end"]
        facts.append(("when", f"{first}" if first == last else f"{first} to {last}"))
        facts.append(("words", f"{row['date_text']} ({row['date_precision']})"))
    if row.get("place_name"):
        facts.append(("where", " · ".join(str(part) for part in (row["place_name"], row.get("place_country")) if part)))
    facts.append(("modality", " · ".join(str(part) for part in (row["modality"], row.get("modality_cue")) if part)))
    facts += [("said by", str(row["attributed_to"]))] if row.get("attributed_to") else []
    facts += [(name, _plain(value)) for name, value in detail.items() if value is not None and name != "content"]
    codes = [f"CAMEO {row['cameo_code']}"] if row.get("cameo_code") else []
    codes += (
        ["PLOVER " + " ".join(str(row[c]) for c in ("plover_type", "plover_mode") if row.get(c))]
        if row.get("plover_type")
        else []
    )
    facts += [("codes", ", ".join(codes))] if codes else []
    facts += [("event", str(row.get("event_id"))), ("article", str(row.get("url")))]
    return Explained(kind.replace("_", " "), evidence, mark_words(evidence, wanted), tuple(facts))


def mark_words(evidence: str, wanted: Sequence[tuple[Any, str]]) -> tuple[tuple[int, int, str], ...]:
    """Finds words in a sentence, the first free place of each; what comes first in `wanted` keeps its place."""
    taken: list[tuple[int, int, str]] = []
    for words, role in wanted:
        if not words:
            continue
        at = evidence.find(words)
        while at >= 0 and any(at < end and start < at + len(words) for start, end, _ in taken):
            at = evidence.find(words, at + 1)
        if at >= 0:
            taken.append((at, at + len(words), role))
    return tuple(sorted(taken))


def _plain(value: Any) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def clean(text: str) -> str:
    """Text without control characters, which would drive the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def to_terminal(one: Explained) -> RenderableType:
    """The sentence in colour, a line a fact below it."""
    sentence = Text(clean(one.evidence))
    for start, end, role in one.marks:
        sentence.stylize(STYLES[role], start, end)
    width = max(len(label) for label, _ in one.facts)
    facts = [Text.assemble((f"  {label:>{width}}  ", "dim"), clean(value)) for label, value in one.facts]
    return Group(Text(one.title.upper(), style="bold"), sentence, *facts, Text())


def to_html(explained: Sequence[Explained]) -> str:
    """A page of its own, everything escaped."""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>newsmill explain</title><style>',
        "body{font:16px/1.5 sans-serif;max-width:48em;margin:2em auto;padding:0 1em}article{border-top:1px solid #ccc;padding:1em 0}",
        "mark{padding:0 .15em;border-radius:.2em}dl{display:grid;grid-template-columns:8em 1fr;font-size:14px}dt{color:#666}dd{margin:0}",
        *(f"mark.{role}{{background:{colour}}}" for role, colour in _COLOURS.items()),
        "</style></head><body>",
    ]
    for one in explained:
        parts.append(f"<article><h2>{html.escape(one.title)}</h2><p>{_marked(one)}</p><dl>")
        parts += [f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in one.facts]
        parts.append("</dl></article>")
    return "".join([*parts, "</body></html>\n"])


def _marked(one: Explained) -> str:
    out, at = [], 0
    for start, end, role in one.marks:
        out += [
            html.escape(one.evidence[at:start]),
            f'<mark class="{role}" title="{role}">{html.escape(one.evidence[start:end])}</mark>',
        ]
        at = end
    return "".join([*out, html.escape(one.evidence[at:])])
