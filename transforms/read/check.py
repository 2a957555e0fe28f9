"""What is in a feed, for `newsmill feeds check`."""

import datetime as dt
from typing import TypedDict

from schemas.article import PublishedAt
from schemas.quarantine import Failure
from schemas.source import Document, RawArticle
from transforms.article.dates import parse_instant
from transforms.read.advice import advise_feed
from transforms.read.cage import Cage, CageError
from transforms.read.errors import ParseError
from transforms.read.feed import Written, parse_feed


class CheckedEntry(TypedDict):
    """An entry as its feed has it; absent values are None."""

    id: str | None
    url: str | None
    title: str | None
    published: str | None
    author: str | None


class CheckedFeed(TypedDict):
    """One line of `feeds check --json` (CONTRACT.md, Command line)."""

    uri: str
    ok: bool
    reason: str | None
    title: str | None
    entries: list[CheckedEntry]
    detail: str | None


def check_feed(document: Document, cage: Cage | None = None) -> CheckedFeed:
    """Reads a document as a feed, in `cage` where there is one, and says what is in it or why it is none."""
    try:
        feed = cage.run(parse_feed, document) if cage else parse_feed(document)
    except (CageError, ParseError) as error:
        detail = error.detail
        if document.url and "HTML page" in detail:
            detail += "; look for the site's feeds by `newsmill feeds discover`"
        return refuse_feed(Failure("parse", error.reason, document.source_uri, detail))
    written = feed.written or tuple(Written(entry.url, entry.title) for entry in feed.entries)
    instants = [parse_instant(entry.published, entry.settings.timezone) for entry in feed.entries]
    shown = zip(feed.entries, written, instants, strict=True)
    notes = [
        f"moved for good to {document.moved_to}: put that into the list" if document.moved_to else None,
        f"{feed.left_off:,} more entries are left" if feed.left_off else None,
        "the feed ends before it is complete" if feed.cut else None,
        f"an index of {len(feed.children):,} sitemaps"
        if feed.children
        else advise_feed([instant.at for instant in instants], document.fetched_at),
    ]
    return CheckedFeed(
        uri=document.source_uri,
        ok=True,
        reason=None,
        title=feed.title,
        entries=[_show_entry(*one) for one in shown],
        detail="; ".join(filter(None, notes)) or None,
    )


def refuse_feed(failure: Failure) -> CheckedFeed:
    """What is said of a source that is no feed or can't be read."""
    return CheckedFeed(
        uri=failure.source_uri, ok=False, reason=failure.reason, title=None, entries=[], detail=failure.detail
    )


def _show_entry(entry: RawArticle, written: Written, published: PublishedAt) -> CheckedEntry:
    return CheckedEntry(
        id=entry.guid,
        url=written.link,
        title=written.title,
        published=show_instant(published),
        author=", ".join(entry.authors) or None,
    )


def show_instant(published: PublishedAt) -> str | None:
    """A publication instant as ISO 8601: a day stays a day, an instant keeps the offset that its feed gave it."""
    if published.at is None:
        return None
    if published.precision == "day":
        return published.at.date().isoformat()
    return published.at.astimezone(dt.timezone(dt.timedelta(minutes=published.utc_offset or 0))).isoformat()
