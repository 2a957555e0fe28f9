"""Small records with everything filled in; a test names only what it is about."""

import dataclasses
import datetime as dt
import hashlib
from typing import Any

from schemas.article import Article, ExtractedArticle, PublishedAt
from schemas.event import Actor, Event, Meeting, Statement, TradeFigure, Withdrawal
from schemas.event_laws import ROLES_OF
from schemas.quarantine import Failure

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
RUN_START = dt.datetime(2026, 3, 3, 6, 0, tzinfo=dt.UTC)
TEXT = "The harbour ministers of Norland and Sudland met in Port Vell on Monday.\nNorland exports herring."
DETAILS = {
    "meeting": Meeting(format="talks"),
    "statement": Statement(quote_type="indirect", content="trade would grow"),
    "withdrawal": Withdrawal(category="agreement", object="its offer"),
    "trade_figure": TradeFigure(flow="export", unit="USD", comparator="eq"),
}


def make_published(at: dt.datetime | None = NOON, **changes: Any) -> PublishedAt:
    """A trusted publication time; None for no date."""
    if at is None:
        return PublishedAt(**changes)
    return dataclasses.replace(PublishedAt(at, 0, "minute", "feed", "exact"), **changes)


def make_body(text: str = TEXT, url: str = "https://herald.example/vell-talks", **changes: Any) -> ExtractedArticle:
    """A clean article."""
    body = ExtractedArticle(
        source_uri="file:///in/herald.xml",
        origin="entry",
        url=url,
        outlet="herald.example",
        text=text,
        outlet_name="The Herald",
        title="Harbour ministers meet",
        language="en",
        authors=("Ana Petrova",),
        tags=("harbours",),
        section="Trade",
        published=make_published(),
        encoding="utf-8",
    )
    return dataclasses.replace(body, **changes)


def make_article(text: str = TEXT, version: int = 1, article_id: str = "", **changes: Any) -> Article:
    """An identified article, alone in its story. Other arguments are of the body where it has them, else of itself."""
    own = {field.name for field in dataclasses.fields(Article)}
    body = make_body(text, **{name: value for name, value in changes.items() if name not in own})
    named = article_id or "a" + hashlib.sha256(body.url.encode()).hexdigest()[:15]
    article = Article(
        article_id=named,
        version=version,
        body=body,
        first_seen_at=RUN_START,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        story_id="s" + named[1:],
    )
    return dataclasses.replace(article, **{name: value for name, value in changes.items() if name in own})


def make_event(article: Article | None = None, kind: str = "meeting", sentence: str = "", **changes: Any) -> Event:
    """An event of an article: of its first line where no sentence is named."""
    article = article or make_article()
    body = article.body
    evidence = sentence or body.text.splitlines()[0]
    start = body.text.index(evidence)
    day = body.published.at if body.published.trusted else article.first_seen_at
    role = ROLES_OF[kind][0]
    identity = f"{article.article_id}/{article.version}/{kind}/{start}"
    event = Event(
        event_id="e" + hashlib.sha256(identity.encode()).hexdigest()[:15],
        kind=kind,
        article_id=article.article_id,
        article_version=article.version,
        story_id=article.story_id or "",
        outlet=body.outlet,
        url=body.url,
        title=body.title,
        language=body.language,
        published_at=body.published.at,
        partition_day=day.date(),
        first_seen_at=article.first_seen_at,
        trigger=evidence.split()[0],
        evidence=evidence,
        evidence_start=start,
        evidence_end=start + len(evidence),
        modality="asserted",
        detail=DETAILS[kind],
        confidence=0.8,
        extractor="newsmill 0.1.0 test",
        actors=(
            Actor("Norland", role, "Norland" if "Norland" in evidence else None, "country"),
            Actor("Sudland", role),
        ),
    )
    return dataclasses.replace(event, **changes)


def make_failure(reason: str = "not-a-feed", **changes: Any) -> Failure:
    """A failure in stage parse."""
    return dataclasses.replace(Failure("parse", reason, "file:///in/broken.xml", "line 3"), **changes)
