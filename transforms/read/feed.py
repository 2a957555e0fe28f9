"""Feeds of every make -> their entries, as raw articles."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from schemas.source import Document, RawArticle
from transforms.read import markup
from transforms.read.cage import CageConfig
from transforms.read.entry import absolute, make_entry, web_address, written_link
from transforms.read.errors import ParseError
from transforms.read.feedlinks import find_feed_links
from transforms.read.feedparse import run_feedparser
from transforms.read.jsonfeed import read_json_feed
from transforms.read.sitemap import read_sitemap
from transforms.read.sniff import head_text, inflate, looks_like_json, root_element

MAX_ENTRIES = 2_000
FEED_CAGE = CageConfig(deadline_s=5.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """Link and title of an entry as the feed has them, where its article may have others."""

    link: str | None
    title: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Feed:
    """What a feed document holds.

    Attributes:
        version: feedparser's name of the format, `json10`, `json11`, `sitemap` or `sitemapindex`.
        left_off: entries beyond MAX_ENTRIES, which were not read.
        cut: the document ends before the feed does.
        children: addresses of the sitemaps that an index names.
        written: for each entry, what stands in the feed before redirects are led to their target and text that was
            encoded twice is repaired; empty where that is what the entries hold.
    """

    title: str | None
    entries: tuple[RawArticle, ...]
    version: str
    link: str | None = None
    language: str | None = None
    left_off: int = 0
    cut: bool = False
    children: tuple[str, ...] = ()
    written: tuple[Written, ...] = ()


def parse_feed(document: Document) -> Feed:
    """Reads a feed: RSS, RDF, Atom, JSON Feed, a sitemap or an index of sitemaps.

    Args:
        document: its bytes, compressed or not. The function and its result can be pickled, so that it may run in a
            child process.

    Raises:
        ParseError: `empty`, `not-a-feed`, `too-large`, `bad-compression`, `bad-encoding` or `parse-error`.
    """
    inflated = inflate(document.body)
    body = inflated.body
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        if not inflated.complete:
            raise ParseError("bad-compression", "nothing could be decompressed")
        raise ParseError("empty", "no bytes but white space")
    read = _json_feed if looks_like_json(body) else _markup_feed
    if inflated.complete:
        return read(document, body)
    damage = ParseError("bad-compression", f"damaged or cut after {len(body):,} decompressed bytes")
    try:
        feed = read(document, body)
    except ParseError as error:
        raise damage from error
    if not feed.entries:
        raise damage
    return dataclasses.replace(feed, cut=True)


def _json_feed(document: Document, body: bytes) -> Feed:
    read = read_json_feed(body)
    entries = tuple(
        _in_document(entry, document, read.title, read.language, read.link, position)
        for position, entry in enumerate(read.entries[:MAX_ENTRIES])
    )
    left_off = len(read.entries) - len(entries)
    written = tuple(Written(e.url, title) for e, title in zip(entries, read.shown_titles, strict=False))
    return Feed(read.title, entries, read.version, read.link, read.language, left_off, read.cut, written=written)


def _markup_feed(document: Document, body: bytes) -> Feed:
    data, encoding = markup.to_utf8(body, document.content_type)
    if encoding is None:
        raise ParseError("bad-encoding", "no encoding fits the bytes")
    root = root_element(head_text(data))
    if root in ("urlset", "sitemapindex"):
        sitemap = read_sitemap(data, MAX_ENTRIES)
        entries = tuple(
            _in_document(entry, document, None, None, None, position) for position, entry in enumerate(sitemap.entries)
        )
        return Feed(
            None,
            entries,
            root.replace("urlset", "sitemap"),
            None,
            None,
            sitemap.left_off,
            sitemap.cut,
            sitemap.children,
        )
    if root == "html":
        links = find_feed_links(body, document.url or "")
        raise ParseError("not-a-feed", f"an HTML page; it names {', '.join(links[:5])}" if links else "an HTML page")
    if root == "opml":
        raise ParseError("not-a-feed", "a list of feeds: save it under a name that ends in .opml")
    if (attributes := markup.most_attributes(data)) > markup.MAX_ATTRIBUTES:
        raise ParseError(
            "parse-error", f"a tag with {attributes:,} attributes; no feed has more than {markup.MAX_ATTRIBUTES:,}"
        )
    for clean in _CLEANERS:
        data = clean(data)
    data, left_off = markup.cap_entries(data, MAX_ENTRIES)
    atom = root == "feed"
    # Atom resolves against the document (RFC 4287, section 2), RSS says nothing and means the site.
    parsed = run_feedparser(data, document.url if atom else None)
    if not parsed.version:
        raise ParseError("not-a-feed", f"the root element is <{root}>" if root else "no markup of a feed")
    about = parsed.feed
    link = absolute(web_address(about.get("link"), document.url))
    base = (document.url or link if atom else link or document.url) or _self_link(about)
    title = markup.plain_text(about.get("title"))
    raw = parsed.entries[:MAX_ENTRIES]
    cut = markup.is_cut(data)
    partial = cut and markup.is_cut_inside_entry(data)
    entries = tuple(
        dataclasses.replace(
            _in_document(
                make_entry(item, about, base, atom=atom), document, title, about.get("language"), link, position
            ),
            partial=partial and position == len(raw) - 1,
            encoding=encoding,
        )
        for position, item in enumerate(raw)
    )
    written = tuple(Written(written_link(item, base), markup.plain_text(item.get("title"))) for item in raw)
    return Feed(title, entries, parsed.version, link, about.get("language") or None, left_off, cut, written=written)


_CLEANERS = (
    markup.drop_controls,
    markup.replace_bad_references,
    markup.disarm_doctype,
    markup.shorten_relations,
    markup.collapse_comments,
    markup.drop_nested_entries,
)


def _self_link(about: Mapping[str, Any]) -> str | None:
    links = about.get("links") or []
    return next((found for one in links if one.get("rel") == "self" and (found := absolute(one.get("href")))), None)


def _in_document(
    entry: RawArticle, document: Document, title: str | None, language: str | None, link: str | None, position: int
) -> RawArticle:
    """Gives an entry what its document says of it."""
    base = document.url or link
    return dataclasses.replace(
        entry,
        source_uri=document.source_uri,
        url=web_address(entry.url, base),
        language=entry.language or language,
        feed_title=title,
        outlet_name=document.settings.outlet,
        settings=document.settings,
        http_status=document.http_status,
        fetched_at=document.fetched_at,
        position=position,
    )
