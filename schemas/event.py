"""Events: the record the extractor makes, and the `events` table."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Literal

import pyarrow as pa

from schemas.fields import TIMESTAMP, described, versioned

Kind = Literal["meeting", "statement", "withdrawal", "trade_figure"]
KINDS: tuple[Kind, ...] = ("meeting", "statement", "withdrawal", "trade_figure")
ROLES = ("participant", "speaker", "addressee", "withdrawer", "source", "reporter", "partner")
ACTOR_TYPES = ("person", "country", "organisation", "group")
MODALITIES = ("asserted", "planned", "possible", "negated")
DATE_PRECISIONS = ("day", "week", "month", "quarter", "season", "year", "interval")


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """A party to an event.

    Attributes:
        name: the fullest form in the article, without titles or determiners.
        mention: the words in the evidence, verbatim; None where the evidence doesn't name it.
        role: one of ROLES. type: one of ACTOR_TYPES. country: ISO 3166-1 alpha-3.
    """

    name: str
    role: str
    mention: str | None = None
    type: str | None = None
    country: str | None = None
    actor_id: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Meeting:
    """format: in_person, call, conference, visit or talks."""

    format: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """quote_type: direct, indirect or mixed; content is verbatim, without cue and quotation marks."""

    quote_type: str | None = None
    content: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Withdrawal:
    """category: military, agreement, organisation, candidacy, post, business, proposal, support or other."""

    category: str | None = None
    object: str | None = None
    source: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class TradeFigure:
    """flow: export, import, turnover or balance. value in full units, at most 4 decimals. comparator: eq, gt, lt or approx."""

    flow: str | None = None
    commodity: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    comparator: str | None = None
    change_pct: float | None = None


Detail = Meeting | Statement | Withdrawal | TradeFigure


@dataclasses.dataclass(frozen=True, slots=True)
class EventTime:
    """When: first and last day (equal for one day), the words that say so and their precision (DATE_PRECISIONS)."""

    first: dt.date
    last: dt.date
    text: str
    precision: str


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where: the name as the text gives it, ISO 3166-1 alpha-3 and WGS 84 degrees where unambiguous."""

    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One event of one article version. Offsets are Unicode code points into the article's text."""

    event_id: str
    kind: Kind
    article_id: str
    article_version: int
    story_id: str
    outlet: str
    url: str
    title: str | None
    language: str | None
    published_at: dt.datetime | None
    partition_day: dt.date
    first_seen_at: dt.datetime
    trigger: str
    evidence: str
    evidence_start: int
    evidence_end: int
    modality: str
    detail: Detail
    confidence: float
    extractor: str
    modality_cue: str | None = None
    attributed_to: str | None = None
    time: EventTime | None = None
    place: Place | None = None
    actors: tuple[Actor, ...] = ()
    cameo_code: str | None = None
    plover_type: str | None = None
    plover_mode: str | None = None


ACTOR = pa.struct(
    [
        described(
            "name",
            pa.string(),
            "Fullest form of the name in the article, without titles.",
            example="Nikol Pashinyan",
            nullable=False,
        ),
        described(
            "mention",
            pa.string(),
            "The words in the evidence; null where it doesn't name the actor.",
            example="the Armenian leader",
        ),
        described(
            "role",
            pa.string(),
            "participant, speaker, addressee, withdrawer, source, reporter or partner.",
            example="participant",
            nullable=False,
        ),
        described(
            "type", pa.string(), "person, country, organisation or group; null when it can't be told.", example="person"
        ),
        described(
            "country", pa.string(), "Country the actor is of or acts for.", example="ARM", unit="ISO 3166-1 alpha-3"
        ),
        described(
            "actor_id",
            pa.string(),
            "Key of the same actor in other articles; null until resolved.",
            example="p4c5d6e7f8091a2b",
        ),
    ]
)

MONEY = pa.decimal128(38, 4)

EVENTS = versioned(
    [
        described(
            "event_id",
            pa.string(),
            "Unique over the tree and the same in every run.",
            example="e0a1b2c3d4e5f607",
            nullable=False,
        ),
        described(
            "kind", pa.string(), "meeting, statement, withdrawal or trade_figure.", example="meeting", nullable=False
        ),
        described("article_id", pa.string(), "The article it was read in.", example="a1b2c3d4e5f60718", nullable=False),
        described(
            "article_version", pa.int32(), "The version of the article it was read in.", example="1", nullable=False
        ),
        described(
            "story_id",
            pa.string(),
            "The near-identical stories the article belongs to.",
            example="s9f8e7d6c5b4a392",
            nullable=False,
        ),
        described(
            "happening_id",
            pa.string(),
            "The real-world event that mentions in several stories share; null until resolved.",
            example="h7a6b5c4d3e2f1098",
        ),
        described("url", pa.string(), "URL of the article.", example="https://caliber.az/en/post/1", nullable=False),
        described("title", pa.string(), "Title of the article.", example="Leaders meet in Saint Petersburg"),
        described("language", pa.string(), "Language of the article.", example="en", unit="ISO 639-1"),
        described(
            "published_at", TIMESTAMP, "Publication of the article.", example="2025-12-24 17:59:00+00", unit="UTC"
        ),
        described(
            "first_seen_at",
            TIMESTAMP,
            "Start of the run that met the article version first.",
            example="2025-12-24 19:00:00+00",
            unit="UTC",
            nullable=False,
        ),
        described(
            "event_start",
            pa.date32(),
            "First day; null, with event_end, when the text gives no time.",
            example="2025-01-01",
            unit="day in the outlet's zone where known",
        ),
        described(
            "event_end",
            pa.date32(),
            "Last day; equal to event_start for one day.",
            example="2025-09-30",
            unit="day in the outlet's zone where known",
        ),
        described(
            "date_text", pa.string(), "The words that were resolved.", example="the first nine months of this year"
        ),
        described(
            "date_precision", pa.string(), "day, week, month, quarter, season, year or interval.", example="interval"
        ),
        described("place_name", pa.string(), "Where, as the text names it.", example="Saint Petersburg"),
        described("place_country", pa.string(), "Country of the place.", example="RUS", unit="ISO 3166-1 alpha-3"),
        described("place_lat", pa.float64(), "Latitude of the place.", example="59.94", unit="degrees, WGS 84"),
        described("place_lon", pa.float64(), "Longitude of the place.", example="30.31", unit="degrees, WGS 84"),
        described(
            "modality", pa.string(), "asserted, planned, possible or negated.", example="asserted", nullable=False
        ),
        described("modality_cue", pa.string(), "The words that say so; null for plain assertions.", example="may"),
        described(
            "attributed_to",
            pa.string(),
            "Who says that it happened, when that is not the outlet itself.",
            example="Vladimir Putin",
        ),
        described(
            "actors",
            pa.list_(ACTOR),
            "The parties and their roles.",
            example="[{name: Nikol Pashinyan, role: participant, …}]",
        ),
        described(
            "trigger",
            pa.string(),
            "The words in the evidence that evoke the event.",
            example="held talks",
            nullable=False,
        ),
        described(
            "evidence",
            pa.string(),
            "The sentence it was read from, verbatim.",
            example="The two leaders held talks on Monday.",
            nullable=False,
        ),
        described(
            "evidence_start",
            pa.int32(),
            "Start of the evidence in articles.text: text[start:end] == evidence.",
            example="120",
            unit="Unicode code points",
            nullable=False,
        ),
        described(
            "evidence_end",
            pa.int32(),
            "End (exclusive) of the evidence in articles.text.",
            example="157",
            unit="Unicode code points",
            nullable=False,
        ),
        described(
            "meeting",
            pa.struct(
                [described("format", pa.string(), "in_person, call, conference, visit or talks.", example="talks")]
            ),
            "Set for meetings.",
            example="{format: talks}",
        ),
        described(
            "statement",
            pa.struct(
                [
                    described("quote_type", pa.string(), "direct, indirect or mixed.", example="indirect"),
                    described(
                        "content",
                        pa.string(),
                        "What was said, verbatim, without cue and quotation marks.",
                        example="trade would grow",
                    ),
                ]
            ),
            "Set for statements.",
            example="{quote_type: indirect, content: trade would grow}",
        ),
        described(
            "withdrawal",
            pa.struct(
                [
                    described(
                        "category",
                        pa.string(),
                        "military, agreement, organisation, candidacy, post, business, proposal, support or other.",
                        example="military",
                    ),
                    described(
                        "object",
                        pa.string(),
                        "What is withdrawn, where it isn't the actor itself.",
                        example="its troops",
                    ),
                    described("source", pa.string(), "From what or where.", example="Zvartnots airport"),
                ]
            ),
            "Set for withdrawals.",
            example="{category: military, object: its troops, source: Zvartnots airport}",
        ),
        described(
            "trade_figure",
            pa.struct(
                [
                    described("flow", pa.string(), "export, import, turnover or balance.", example="turnover"),
                    described("commodity", pa.string(), "What is traded, as the text has it.", example="wheat"),
                    described(
                        "value",
                        MONEY,
                        "The number in full; a deficit is negative.",
                        example="4500000000.0000",
                        unit="see unit",
                    ),
                    described("unit", pa.string(), "ISO 4217 code, or a singular noun.", example="USD"),
                    described("comparator", pa.string(), "eq, gt, lt or approx.", example="gt"),
                    described(
                        "change_pct",
                        pa.float64(),
                        "Signed change that the sentence gives.",
                        example="-3.5",
                        unit="per cent",
                    ),
                ]
            ),
            "Set for trade figures.",
            example="{flow: turnover, value: 4500000000.0000, unit: USD, …}",
        ),
        described("cameo_code", pa.string(), "CAMEO 1.1b3 code; null where the ontology has none.", example="046"),
        described("plover_type", pa.string(), "PLOVER 0.8 type; null where the ontology has none.", example="CONSULT"),
        described("plover_mode", pa.string(), "PLOVER 0.8 mode; null where the ontology has none.", example="visit"),
        described(
            "confidence",
            pa.float32(),
            "Calibrated share of events of this make that are right.",
            example="0.83",
            unit="probability",
            nullable=False,
        ),
        described(
            "extractor",
            pa.string(),
            "Name, version and rule of the extractor.",
            example="newsmill 0.1.0 meeting.verb",
            nullable=False,
        ),
        described("schema_version", pa.string(), "Version of this schema.", example="1", nullable=False),
        described("run_id", pa.string(), "The run that wrote the row.", example="20251224T190000Z", nullable=False),
    ]
)
