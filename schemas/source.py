"""What goes in: sources, their bytes, and articles as their source gave them."""

import dataclasses
import datetime as dt
from typing import Literal

SourceKind = Literal["live", "file"]
Origin = Literal["entry", "page", "capture", "record"]


@dataclasses.dataclass(frozen=True, slots=True)
class SourceSettings:
    """What a feed list or the command line says of a source; empty where it says nothing.

    Attributes:
        outlet: name as given, before it becomes a slug.
        language: BCP 47 tag.
        timezone: IANA name of the outlet's own zone.
        category: free text.
        published: ISO date or instant for documents that bear none (`--published`).
        pause: seconds between two requests to the source's domain, where the feed list asks for more than usual.
        title: what the feed list calls the feed; for its reader, no outlet.
    """

    outlet: str | None = None
    language: str | None = None
    timezone: str | None = None
    category: str | None = None
    published: str | None = None
    pause: float | None = None
    title: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One place to read: an absolute file URI or an http(s) URL, after globs and feed lists are resolved."""

    uri: str
    kind: SourceKind
    settings: SourceSettings = SourceSettings()


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a source, or of a page that an entry led to.

    Attributes:
        source_uri: the absolute URI of the file, or the URL of the feed (also for the pages it led to).
        body: bytes as read, still compressed where the file is; an HTTP body is decoded from its transfer codings.
        url: where a fetched body came from, after redirects; None for a file.
        content_type: HTTP header or None.
        entry: the feed entry that led to this page, None otherwise.
        origin: "page" when it is known to be an article page, None when its content decides.
        moved_to: where its source has moved for good, where somebody asked.
    """

    source_uri: str
    body: bytes
    settings: SourceSettings = SourceSettings()
    url: str | None = None
    http_status: int | None = None
    content_type: str | None = None
    fetched_at: dt.datetime | None = None
    entry: "RawArticle | None" = None
    origin: Origin | None = None
    moved_to: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as its source gave it: nothing cleaned, dated or identified yet.

    Attributes:
        origin: what kind of input it is; an `entry` yields to a `page` or `record` of the same article.
        html: markup of the article or its page; text: plain text. One of the two, or both None for a bare entry.
        published, modified: as the source wrote them.
        published_source: where `published` stood: `feed`, `text`, `option` … None when it is for extraction to find.
        feed_title: title of the feed that an entry stood in.
        site_url: home page of the outlet, as the entry's source element or else its feed names it; where the article's
            own URL is a redirector's, this tells the outlet.
        partial: the feed was cut in transfer inside this entry.
        entry_key: fingerprint of the feed entry as it stood, 0 where none led here; an unchanged entry is not followed twice.
        position: ordinal in its document, from 0.
    """

    source_uri: str
    origin: Origin
    url: str | None = None
    guid: str | None = None
    title: str | None = None
    html: str | None = None
    text: str | None = None
    published: str | None = None
    modified: str | None = None
    retrieved: str | None = None
    published_source: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    outlet_name: str | None = None
    feed_title: str | None = None
    settings: SourceSettings = SourceSettings()
    http_status: int | None = None
    fetched_at: dt.datetime | None = None
    encoding: str | None = None
    partial: bool = False
    position: int = 0
    entry_key: int = 0
    site_url: str | None = None
