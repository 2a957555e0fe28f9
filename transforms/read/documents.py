"""Documents -> raw articles: every kind of input through one function, every bad thing as one failure."""

import dataclasses
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import ParamSpec, TypeVar

from schemas.partition import outlet_slug
from schemas.quarantine import Failure, Stage
from schemas.source import Document, RawArticle
from transforms.article.errors import ExtractError
from transforms.article.urls import page_key, registered_domain
from transforms.read.archive import RecordError, read_archive
from transforms.read.cage import Cage, CageError
from transforms.read.capture import read_capture
from transforms.read.errors import ParseError
from transforms.read.feed import Feed, parse_feed
from transforms.read.files import open_file, open_lines
from transforms.read.page import read_page
from transforms.read.records import parse_records, read_lines
from transforms.read.sniff import Kind, document_kind, inflate

P = ParamSpec("P")
R = TypeVar("R")

MAX_DETAIL = 2_000


def parse_document(document: Document, cage: Cage | None = None) -> Iterator[RawArticle | Failure]:
    """Reads a document of any kind.

    Args:
        document: its bytes, or for records and archives left in their file none.
        cage: the process that feeds, pages and captures are parsed in; None parses them in this one, without a deadline.

    Yields:
        Its articles, in its order; a failure for each part of it that gave none.
    """
    kind = document_kind(document)
    if kind == "records":
        yield from _with_outlet(_read_records(document), document)
        return
    if kind == "archive":
        yield from _read_archive(document, cage)
        return
    try:
        if kind == "feed":
            yield from _read_feed(document, cage)
        else:
            yield _run(cage, read_whole, document, kind)
    except (CageError, ExtractError, ParseError) as error:
        yield fail(document, error.reason, error.detail, "extract" if kind in ("page", "capture") else "parse")


def fail(document: Document, reason: str, detail: str, stage: Stage = "parse") -> Failure:
    """The quarantine row of a document."""
    return Failure(
        stage,
        reason,
        document.source_uri,
        detail[:MAX_DETAIL],
        url=document.url,
        payload_sha256=hashlib.sha256(document.body).hexdigest() if document.body else None,
        outlet=outlet_slug(document.settings.outlet or (registered_domain(document.url) if document.url else None)),
        once=bool(document.body),
        entry_key=document.entry.entry_key if document.entry else 0,
    )


def _read_feed(document: Document, cage: Cage | None) -> Iterator[RawArticle | Failure]:
    feed = _run(cage, parse_feed, document)
    yield from drop_shared_guids(feed.entries)
    yield from _left_off(document, feed)


def drop_shared_guids(entries: Sequence[RawArticle]) -> Iterator[RawArticle]:
    """The entries, without the GUIDs that their document gives to more than one address: those name none of them.

    Of entries without an address, title and text tell whether they are one.
    """
    holders: dict[str, set[str]] = {}
    for entry in entries:
        if entry.guid:
            address = page_key(entry.url) or f"{entry.title}\0{entry.text or entry.html}"
            holders.setdefault(entry.guid, set()).add(address)
    for entry in entries:
        shared = entry.guid is not None and len(holders.get(entry.guid, ())) > 1
        yield dataclasses.replace(entry, guid=None) if shared else entry


def _left_off(document: Document, feed: Feed) -> Iterator[Failure]:
    if feed.cut and not any(entry.partial for entry in feed.entries):
        # Where it was cut inside an entry, that entry tells of it.
        detail = f"the feed ends before it is complete, after {len(feed.entries):,} whole entries"
        yield fail(document, "truncated", detail)
    if feed.left_off:
        read = len(feed.entries) or len(feed.children)
        yield fail(document, "too-many-entries", f"{feed.left_off:,} entries after the first {read:,} are left")
    if feed.children:
        detail = f"an index of {len(feed.children):,} sitemaps; give its URL, or those of its sitemaps, as input"
        yield fail(document, "not-a-feed", detail)


def read_whole(document: Document, kind: Kind) -> RawArticle:
    """Reads a document that is one article; top-level, so that a cage can run it.

    Raises:
        ParseError, ExtractError: with the reason.
    """
    if kind == "unknown":
        if not document.body.strip():
            raise ParseError("empty", "no bytes but white space")
        raise ParseError("unknown-format", "neither its name nor its content is of a kind that newsmill reads")
    inflated = inflate(document.body)
    if not inflated.complete:
        # Half a page would pass for a whole article.
        raise ParseError("bad-compression", f"damaged or cut after {len(inflated.body):,} decompressed bytes")
    if not inflated.body.strip():
        raise ParseError("empty", "no bytes but white space")
    return _READERS[kind](dataclasses.replace(document, body=inflated.body))


def _run(cage: Cage | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return cage.run(function, *args, **kwargs) if cage else function(*args, **kwargs)


def _read_records(document: Document) -> Iterator[RawArticle | Failure]:
    """Reads records from the document's bytes, or from its file where the document leaves them there."""
    try:
        if document.body:
            with io.BytesIO(inflate(document.body).body) as file:
                yield from parse_records(read_lines(file), document.source_uri, document.settings)
        else:
            with open_lines(document.source_uri) as lines:
                yield from parse_records(read_lines(lines), document.source_uri, document.settings)
    except (EOFError, zlib.error) as error:
        yield fail(document, "bad-compression", f"the compressed data is cut or damaged: {error}")
    except OSError as error:
        # gzip.BadGzipFile is an OSError too.
        reason = "bad-compression" if "gzip" in type(error).__name__.lower() else "unreadable"
        yield fail(document, reason, str(error))
    except ParseError as error:
        yield fail(document, error.reason, error.detail)


def _read_archive(document: Document, cage: Cage | None) -> Iterator[RawArticle | Failure]:
    """Reads an archive from the document's bytes, or from its file where the document leaves them there."""
    try:
        with io.BytesIO(document.body) if document.body else open_file(document.source_uri) as file:
            for position, part in enumerate(read_archive(file, document.source_uri, document.settings)):
                if isinstance(part, RecordError):
                    yield fail(dataclasses.replace(document, url=part.url), part.reason, part.detail)
                    continue
                try:
                    yield dataclasses.replace(_run(cage, read_page, part), position=position)
                except (CageError, ExtractError) as error:
                    yield fail(part, error.reason, error.detail, "extract")
    except OSError as error:
        yield fail(document, "unreadable", str(error))
    except ParseError as error:
        yield fail(document, error.reason, error.detail)


def _with_outlet(rows: Iterator[RawArticle | Failure], document: Document) -> Iterator[RawArticle | Failure]:
    outlet = outlet_slug(document.settings.outlet)
    for row in rows:
        yield dataclasses.replace(row, outlet=outlet) if isinstance(row, Failure) else row


_READERS: dict[Kind, Callable[[Document], RawArticle]] = {"page": read_page, "capture": read_capture}
