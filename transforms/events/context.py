"""What every kind of event is given, and what it gives back."""

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from schemas.event import Actor, Detail, EventTime, Kind, Place

if TYPE_CHECKING:
    from transforms.events.names import Names
    from transforms.events.quotes import Quotes
    from transforms.events.time_expressions import Times


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """An event as a rule read it: offsets are code points into the article's text, equal to those of the parsed Doc.

    Attributes:
        trigger: (start, end) of the words that evoke the event.
        evidence: (start, end) of the sentence that carries the trigger.
        rule: dotted name of the rule that fired, such as `meeting.light_verb`; the features of confidence.
        content: (start, end) of a statement's content; events inside it are attributed to its speaker.
    """

    kind: Kind
    trigger: tuple[int, int]
    evidence: tuple[int, int]
    detail: Detail
    rule: str
    actors: tuple[Actor, ...] = ()
    time: EventTime | None = None
    place: Place | None = None
    modality: str = "asserted"
    modality_cue: str | None = None
    attributed_to: str | None = None
    content: tuple[int, int] | None = None


@dataclasses.dataclass(slots=True)
class Context:
    """One parsed article, shared by all kinds.

    Attributes:
        text: articles.text. doc: its parse; `doc.text` has the same length and the same offsets (reading copy).
        day: publication day in the outlet's own zone where that is known, None for an undated article.
        names: who is who. quotes: quoted spans. times: time expressions, resolved against `day`.
        memo: what a kind keeps from one sentence of the article to the next, under its own name.
    """

    text: str
    doc: Doc
    day: dt.date | None
    names: "Names"
    quotes: "Quotes"
    times: "Times"
    memo: dict[str, object] = dataclasses.field(default_factory=dict)
