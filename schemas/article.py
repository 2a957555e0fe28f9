"""Articles: what extraction makes of a raw article, the identified article, and the `articles` table."""

import dataclasses
import datetime as dt

import pyarrow as pa

from schemas.fields import TIMESTAMP, described, versioned
from schemas.source import Origin


@dataclasses.dataclass(frozen=True, slots=True)
class PublishedAt:
    """When an article was published and how far that can be trusted.

    Attributes:
        at: UTC instant; a day is its midnight. None exactly when precision is `none`.
        utc_offset: minutes east of UTC that the source itself gave or the feed list's zone implies.
    """

    at: dt.datetime | None = None
    utc_offset: int | None = None
    precision: str = "none"
    source: str = "none"
    quality: str | None = None

    @property
    def trusted(self) -> bool:
        """Whether the date may name a partition (CONTRACT.md, Partitions)."""
        return self.at is not None and self.precision != "none" and self.quality != "guessed"


@dataclasses.dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """A clean article before it is identified: one for each raw article that gave text.

    Attributes:
        url: canonical http(s) URL, or `source_uri` where the input has none.
        outlet: slug (schemas.partition.outlet_slug).
        timezone: IANA zone of the outlet where the feed list gives one.
        text: clean body, one paragraph a line (wire copy keeps its hard wraps).
    """

    source_uri: str
    origin: Origin
    url: str
    outlet: str
    text: str
    outlet_name: str | None = None
    title: str | None = None
    guid: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str | None = None
    published: PublishedAt = PublishedAt()
    modified_at: dt.datetime | None = None
    fetched_at: dt.datetime | None = None
    retrieved_at: dt.datetime | None = None
    http_status: int | None = None
    encoding: str | None = None
    timezone: str | None = None
    partial: bool = False
    position: int = 0
    entry_key: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """One article version with its identity; `story_id` and what follows is set once near-identical stories are found.

    Attributes:
        body: what extraction read.
        fresh: code point ranges of `body.text` that no earlier version and no story member before it has;
            None means all of it. Events are read from these ranges only.
    """

    article_id: str
    version: int
    body: ExtractedArticle
    first_seen_at: dt.datetime
    text_sha256: str
    story_id: str | None = None
    duplicate_of: str | None = None
    similarity: float | None = None
    similarity_reason: str | None = None
    fresh: tuple[tuple[int, int], ...] | None = None


ARTICLES = versioned(
    [
        described(
            "article_id",
            pa.string(),
            "One article by outlet and canonical URL; the same in every run.",
            example="a1b2c3d4e5f60718",
            nullable=False,
        ),
        described(
            "version",
            pa.int32(),
            "1 for the first body seen; the next is a title or text that differs once white space and markup are folded.",
            example="1",
            nullable=False,
        ),
        described(
            "story_id",
            pa.string(),
            "The near-identical stories this one belongs to; a lone article is a story of one.",
            example="s9f8e7d6c5b4a392",
            nullable=False,
        ),
        described(
            "duplicate_of",
            pa.string(),
            "article_id of the story's canonical article; null on the canonical itself.",
            example="a1b2c3d4e5f60718",
        ),
        described(
            "similarity",
            pa.float32(),
            "The similarity to the canonical article that decided; null on the canonical.",
            example="0.93",
            unit="share, 0 to 1",
        ),
        described(
            "url",
            pa.string(),
            "Canonical URL; the source's URI where the input has none.",
            example="https://caliber.az/en/post/1",
            nullable=False,
        ),
        described(
            "source_uri",
            pa.string(),
            "Absolute URI of the file, or URL of the feed, it was read from.",
            example="https://caliber.az/en/rss",
            nullable=False,
        ),
        described(
            "outlet_name", pa.string(), "The outlet as it was named, before it became a slug.", example="Caliber.Az"
        ),
        described(
            "title", pa.string(), "Headline without the site's name.", example="Leaders meet in Saint Petersburg"
        ),
        described("language", pa.string(), "ISO 639-1 code of the text; null when it can't be told.", example="en"),
        described("authors", pa.list_(pa.string()), "Names in the byline.", example="['Ana Petrova']"),
        described("tags", pa.list_(pa.string()), "Tags and keywords that the source gave.", example="['trade']"),
        described(
            "text",
            pa.string(),
            "Clean body, paragraphs kept as lines; null with --text none.",
            example="The ministers met on Monday. …",
        ),
        described(
            "text_sha256",
            pa.string(),
            "SHA-256 of the text in UTF-8, hexadecimal.",
            example="9f86d081884c7d65…",
            nullable=False,
        ),
        described(
            "published_at",
            TIMESTAMP,
            "When it was published; null when nothing trustworthy says so, never the clock.",
            example="2025-12-24 17:59:00+00",
            unit="UTC",
        ),
        described(
            "modified_at",
            TIMESTAMP,
            "When the source says it was last changed.",
            example="2025-12-24 18:30:00+00",
            unit="UTC",
        ),
        described(
            "first_seen_at",
            TIMESTAMP,
            "Start of the run that met this version first.",
            example="2025-12-24 19:00:00+00",
            unit="UTC",
            nullable=False,
        ),
        described(
            "fetched_at",
            TIMESTAMP,
            "When its bytes were fetched, by newsmill or as a record says (`retrieved`); null for other files.",
            example="2025-12-24 19:00:02+00",
            unit="UTC",
        ),
        described(
            "published_utc_offset",
            pa.int16(),
            "Offset that the source gave or the feed list's zone implies; null when unknown.",
            example="240",
            unit="minutes east of UTC",
        ),
        described("published_precision", pa.string(), "second, minute, day or none.", example="minute", nullable=False),
        described(
            "published_source",
            pa.string(),
            "jsonld, meta, feed, url, text, option or none.",
            example="jsonld",
            nullable=False,
        ),
        described(
            "published_quality",
            pa.string(),
            "exact (with zone), zoneless (outlet's zone where known, else UTC), day or guessed; null without a date.",
            example="exact",
        ),
        described("http_status", pa.int16(), "Status of the fetch; null for files.", example="200"),
        described(
            "word_count",
            pa.int32(),
            "Words of the text, split at white space; the bars of tables are none.",
            example="412",
            unit="words",
            nullable=False,
        ),
        described("encoding", pa.string(), "Character encoding that the bytes were read in.", example="utf-8"),
        described("section", pa.string(), "Section of the outlet, where the source gives it.", example="Politics"),
        described("schema_version", pa.string(), "Version of this schema.", example="1", nullable=False),
        described("run_id", pa.string(), "The run that wrote the row.", example="20251224T190000Z", nullable=False),
    ]
)
