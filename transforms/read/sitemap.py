"""Sitemaps (sitemaps.org), with Google's news tags, and their indexes."""

import dataclasses

from lxml import etree

from schemas.source import RawArticle
from transforms.read.errors import ParseError
from transforms.read.markup import local_name, plain_text, to_utf8
from transforms.read.sniff import head_text, inflate, root_element

MAX_CHILDREN = 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses of a sitemap as bare entries, or of an index as children."""

    entries: tuple[RawArticle, ...] = ()
    children: tuple[str, ...] = ()
    left_off: int = 0
    cut: bool = False


def read_sitemap(data: bytes, limit: int) -> Sitemap:
    """Reads a `urlset` or a `sitemapindex`; of one that was cut in transfer, what stands whole.

    Args:
        data: UTF-8.
        limit: entries or children that are taken at most.

    Raises:
        ParseError: `parse-error` when nothing of it can be read.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ParseError("parse-error", str(error)) from error
    if root is None:
        raise ParseError("parse-error", "no element could be read")
    elements = [e for e in root if local_name(e.tag) in ("url", "sitemap")]
    cut = not data.rstrip().endswith(b">") or (data.rfind(b"</urlset") < 0 and data.rfind(b"</sitemapindex") < 0)
    if cut and elements:
        # The last one may have been read in half.
        elements = elements[:-1] if data.rfind(b"<url") > data.rfind(b"</url>") else elements
    kept, left_off = elements[:limit], max(len(elements) - limit, 0)
    if local_name(root.tag) == "sitemapindex":
        newest = sorted(map(_fields, kept), key=lambda fields: fields.get("lastmod", ""), reverse=True)
        return Sitemap(children=tuple(f["loc"] for f in newest if "loc" in f), left_off=left_off, cut=cut)
    return Sitemap(entries=tuple(_entry(_fields(e)) for e in kept), left_off=left_off, cut=cut)


def _entry(fields: dict[str, str]) -> RawArticle:
    keywords = fields.get("keywords", "").split(",")
    return RawArticle(
        source_uri="",
        origin="entry",
        url=fields.get("loc"),
        title=plain_text(fields.get("title")),
        published=fields.get("publication_date"),
        modified=fields.get("lastmod"),
        published_source="feed" if fields.get("publication_date") else None,
        tags=tuple(dict.fromkeys(k.strip() for k in keywords if k.strip())),
        language=fields.get("language"),
        encoding="utf-8",
    )


def _fields(element: etree._Element) -> dict[str, str]:
    """Texts of an element's descendants by local name; the first of each counts, image and video tags don't."""
    fields: dict[str, str] = {}
    for child in element.iterdescendants():
        space = child.tag.partition("}")[0] if isinstance(child.tag, str) else ""
        if (
            local_name(child.tag)
            and "sitemap-image" not in space
            and "sitemap-video" not in space
            and (child.text or "").strip()
        ):
            fields.setdefault(local_name(child.tag), (child.text or "").strip())
    return fields


def sitemap_children(body: bytes) -> tuple[str, ...]:
    """Addresses that an index of sitemaps names, the one changed last first; none for any other document.

    Raises:
        ParseError: the index can't be decompressed or read.
    """
    body = inflate(body).body
    if root_element(head_text(body)) != "sitemapindex":
        return ()
    return read_sitemap(to_utf8(body)[0], MAX_CHILDREN).children
