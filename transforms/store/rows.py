"""Records to rows: what a published file holds for an article, an event and a failure."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from schemas.article import Article, ExtractedArticle, PublishedAt
from schemas.event import Event, Meeting, Statement, TradeFigure, Withdrawal
from schemas.fields import SCHEMA_VERSION
from schemas.partition import leaf
from schemas.quarantine import Failure
from transforms.article.words import split_words

Row = dict[str, Any]
_DETAILS: dict[type, str] = {
    Meeting: "meeting",
    Statement: "statement",
    Withdrawal: "withdrawal",
    TradeFigure: "trade_figure",
}
_DETAIL_LENGTH = 2000
_MONEY_STEP = Decimal("0.0001")


def partition_day(published: PublishedAt, first_seen_at: dt.datetime) -> dt.date:
    """The UTC day a row is filed under: of its publication where that is trusted, else of when it was first seen."""
    instant = published.at if published.trusted and published.at is not None else first_seen_at
    return instant.astimezone(dt.UTC).date()


def article_leaf(article: Article) -> str:
    """Folder of an article's row."""
    return leaf("articles", partition_day(article.body.published, article.first_seen_at), article.body.outlet)


def event_leaf(event: Event) -> str:
    """Folder of an event's row: its `partition_day` is the article's."""
    return leaf("events", event.partition_day, event.outlet)


def failure_leaf(first_seen_at: dt.datetime) -> str:
    """Folder of a quarantine row: the day of the run."""
    return leaf("quarantine", first_seen_at.astimezone(dt.UTC).date(), None)


def article_row(article: Article, run_id: str, keep_text: bool = True) -> Row:
    """Makes the row of an article version whose story is known.

    Args:
        article: with its story.
        run_id: of the run that writes it.
        keep_text: False leaves `text` null (`--text none`).

    Raises:
        ValueError: the story is not known yet.
    """
    if article.story_id is None:
        raise ValueError(f"article {article.article_id} has no story yet")
    body, published = article.body, article.body.published
    return {
        "article_id": article.article_id,
        "version": article.version,
        "story_id": article.story_id,
        "duplicate_of": article.duplicate_of,
        "similarity": article.similarity,
        "url": body.url,
        "source_uri": body.source_uri,
        "outlet_name": body.outlet_name,
        "title": body.title,
        "language": body.language,
        "authors": list(body.authors),
        "tags": list(body.tags),
        "text": body.text if keep_text else None,
        "text_sha256": article.text_sha256,
        "published_at": published.at,
        "modified_at": body.modified_at,
        "first_seen_at": article.first_seen_at,
        "fetched_at": body.fetched_at or body.retrieved_at,
        "published_utc_offset": published.utc_offset,
        "published_precision": published.precision,
        "published_source": published.source,
        "published_quality": published.quality,
        "http_status": body.http_status,
        "word_count": len(split_words(body.text)),
        "encoding": body.encoding,
        "section": body.section,
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id,
    }


def article_of_row(row: Mapping[str, Any], outlet: str) -> Article:
    """The article of a published row, for what is made anew from the tree.

    What no column keeps is not there: GUID, entry key, time zone; its origin is `page`.

    Args:
        row: of the articles table.
        outlet: of its folder.

    Raises:
        ValueError: the text was not kept (`--text none`).
    """
    if row["text"] is None:
        raise ValueError(f"article {row['article_id']} was published without its text")
    published = PublishedAt(
        row["published_at"],
        row["published_utc_offset"],
        row["published_precision"],
        row["published_source"],
        row["published_quality"],
    )
    body = ExtractedArticle(
        source_uri=row["source_uri"],
        origin="page",
        url=row["url"],
        outlet=outlet,
        text=row["text"],
        outlet_name=row["outlet_name"],
        title=row["title"],
        language=row["language"],
        authors=tuple(row["authors"] or ()),
        tags=tuple(row["tags"] or ()),
        section=row["section"],
        published=published,
        modified_at=row["modified_at"],
        fetched_at=row["fetched_at"],
        http_status=row["http_status"],
        encoding=row["encoding"],
    )
    return Article(
        article_id=row["article_id"],
        version=row["version"],
        body=body,
        first_seen_at=row["first_seen_at"],
        text_sha256=row["text_sha256"],
        story_id=row["story_id"],
        duplicate_of=row["duplicate_of"],
        similarity=row["similarity"],
    )


def event_row(event: Event, run_id: str) -> Row:
    """Makes the row of an event; `run_id` is of the run that writes it."""
    time, place = event.time, event.place
    row: Row = {
        "event_id": event.event_id,
        "kind": event.kind,
        "article_id": event.article_id,
        "article_version": event.article_version,
        "story_id": event.story_id,
        "happening_id": None,
        "url": event.url,
        "title": event.title,
        "language": event.language,
        "published_at": event.published_at,
        "first_seen_at": event.first_seen_at,
        "event_start": time.first if time else None,
        "event_end": time.last if time else None,
        "date_text": time.text if time else None,
        "date_precision": time.precision if time else None,
        "place_name": place.name if place else None,
        "place_country": place.country if place else None,
        "place_lat": place.lat if place else None,
        "place_lon": place.lon if place else None,
        "modality": event.modality,
        "modality_cue": event.modality_cue,
        "attributed_to": event.attributed_to,
        "actors": [dataclasses.asdict(actor) for actor in event.actors],
        "trigger": event.trigger,
        "evidence": event.evidence,
        "evidence_start": event.evidence_start,
        "evidence_end": event.evidence_end,
        **dict.fromkeys(_DETAILS.values()),
        "cameo_code": event.cameo_code,
        "plover_type": event.plover_type,
        "plover_mode": event.plover_mode,
        "confidence": event.confidence,
        "extractor": event.extractor,
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id,
    }
    row[_DETAILS[type(event.detail)]] = _detail_row(event)
    return row


def failure_row(failure: Failure, run_id: str, first_seen_at: dt.datetime) -> Row:
    """Makes the quarantine row of a failure that the run of `run_id`, begun at `first_seen_at`, met."""
    return {
        "stage": failure.stage,
        "reason": failure.reason,
        "detail": failure.detail[:_DETAIL_LENGTH] or None,
        "source_uri": failure.source_uri,
        "url": failure.url,
        "first_seen_at": first_seen_at,
        "payload_sha256": failure.payload_sha256,
        "run_id": run_id,
    }


def _detail_row(event: Event) -> Row:
    row = dataclasses.asdict(event.detail)
    value = row.get("value")
    if isinstance(value, Decimal):
        row["value"] = value.quantize(_MONEY_STEP, rounding=ROUND_HALF_EVEN)
    return row
