"""What a document is, by its name and by its content, and its bytes without compression."""

import dataclasses
import posixpath
import re
import zlib
from typing import Literal
from urllib.parse import unquote, urlsplit

from schemas.source import Document
from transforms.read.errors import ParseError

Kind = Literal["feed", "page", "capture", "records", "archive", "unknown"]

MAX_BYTES = 20 * 2**20  # decoded bytes of one document held in memory

GZIP_MAGIC = b"\x1f\x8b"

_BY_EXTENSION: dict[str, Kind] = {
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".json": "feed",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".txt": "capture",
    ".jsonl": "records",
    ".ndjson": "records",
    ".warc": "archive",
}

_FEED_ROOTS = frozenset(["rss", "feed", "rdf", "channel", "urlset", "sitemapindex"])
_PAGE_ROOTS = frozenset(["html", "head", "body", "title", "meta", "script"])
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HTML_DOCTYPE = re.compile(r"\s*(?:<\?.*?\?>\s*)?<!DOCTYPE\s+html\b", re.DOTALL | re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Inflated:
    """A body without its compression; `complete` is False when the compressed data was cut or damaged."""

    body: bytes
    complete: bool = True


def file_name(uri: str) -> str:
    """Last part of the path of a URI, percent-decoded and in lower case."""
    path = urlsplit(uri).path if "://" in uri else uri
    return posixpath.basename(unquote(path)).lower()


def extension(uri: str) -> str:
    """Extension of a URI's file in lower case, the one below `.gz` where it is compressed.

    >>> extension("file:///data/Feed.XML.gz"), extension("https://a.example/x.rss?page=2")
    ('.xml', '.rss')
    """
    name = file_name(uri)
    return posixpath.splitext(name.removesuffix(".gz"))[1]


def inflate(body: bytes, limit: int = MAX_BYTES) -> Inflated:
    """Takes gzip off a body, member after member; anything else comes back as it is.

    Args:
        body: bytes as read.
        limit: decoded bytes that are taken at most.

    Raises:
        ParseError: `too-large` when the body, or what it decodes to, exceeds `limit`.
    """
    if not body.startswith(GZIP_MAGIC):
        if len(body) > limit:
            raise ParseError("too-large", f"{len(body):,} bytes; at most {limit:,} are taken")
        return Inflated(body)
    parts: list[bytes] = []
    size, rest = 0, body
    while rest.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof:
                part = member.decompress(rest, min(limit - size + 1, 2**20))
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise ParseError("too-large", f"more than {limit:,} bytes once decompressed")
                rest = member.unconsumed_tail
                if not part and not rest:
                    break
        except zlib.error:
            return Inflated(b"".join(parts), complete=False)
        if not member.eof:
            return Inflated(b"".join(parts), complete=False)
        # Zero bytes after a member are padding, not the start of another.
        rest = member.unused_data.lstrip(b"\0")
    return Inflated(b"".join(parts))


def root_element(text: str) -> str | None:
    """Local name of the first element, in lower case; None when the text does not begin as markup."""
    text = text.lstrip("\ufeff")
    position = 0
    while found := _PROLOG.match(text, position):
        position = found.end()
    found = _ROOT.match(text, position)
    if found:
        return found.group(1).lower()
    return "html" if _HTML_DOCTYPE.match(text) else None


def head_text(body: bytes, size: int = 16_384) -> str:
    """The beginning of a body as text, good enough to recognise markup by."""
    head = body[:size]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head[1:2] == b"\0" or head[:1] == b"\0":
        return head.replace(b"\0", b"").decode("latin-1")
    return head.decode("utf-8", "replace")


def looks_like_json(body: bytes) -> bool:
    """Whether the first character is one that a JSON object or list begins with."""
    return head_text(body, 1024).lstrip("\ufeff \t\r\n").startswith(("{", "["))


def content_kind(body: bytes) -> Kind:
    """Kind by content alone: `feed` for markup of a feed or JSON, `page` for HTML, else `unknown`."""
    root = root_element(head_text(body))
    if root in _FEED_ROOTS or looks_like_json(body):
        return "feed"
    return "page" if root in _PAGE_ROOTS else "unknown"


def document_kind(document: Document) -> Kind:
    """Decides what a document is.

    A file goes by its extension, then by its content. What was fetched is a page where the caller says so or its
    path ends like one and it is one; all else at a URL was asked for as a feed, and its parser has the last word.
    """
    if document.origin is not None:
        kinds: dict[str, Kind] = {"page": "page", "capture": "capture", "record": "records", "entry": "feed"}
        return kinds[document.origin]
    by_name = _BY_EXTENSION.get(extension(document.url or document.source_uri), "unknown")
    if document.url is not None:
        return "page" if by_name == "page" and content_kind(document.body) != "feed" else "feed"
    return by_name if by_name != "unknown" else content_kind(document.body)
