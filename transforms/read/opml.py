"""OPML as it is found in the wild -> feeds with their settings."""

import dataclasses
import html
import re
from collections.abc import Iterator

from lxml import etree

from schemas.source import SourceSettings
from transforms.read.errors import ParseError
from transforms.read.feedlinks import join_address
from transforms.read.feedlist import NO_SETTINGS, Refused, Row, list_feed, read_settings, shorten
from transforms.read.markup import drop_controls, local_name, to_utf8

MAX_DEPTH = 100  # levels of outlines; nobody's folders go deeper

_BARE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{0,31});)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?opml\s*>", re.IGNORECASE)
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_FEED_TYPES = ("rss", "atom", "feed", "rdf")
# FreshRSS exports the pages that it scrapes (`HTML+XPath`, `JSON+DotNotation` …) like feeds.
_SCRAPED = re.compile(r"^(?:html|xml|json)\+", re.IGNORECASE)


def read_opml(body: bytes, defaults: SourceSettings = NO_SETTINGS) -> Iterator[Row]:
    """Reads OPML: nested folders, bare ampersands, attributes in any case; a folder's settings hold for its feeds.

    Raises:
        ParseError: `parse-error` for what is no OPML or is nested deeper than MAX_DEPTH.
    """
    data, encoding = to_utf8(body)
    if encoding is None:
        raise ParseError("bad-encoding", "no encoding fits the bytes")
    # Leading blank lines went, a declaration on a line of its own may have come.
    shift = body.count(b"\n") - data.count(b"\n")
    # Without a document type there are no entities to expand and no files to include.
    data = _DOCTYPE.sub(lambda found: b"\n" * found[0].count(b"\n"), drop_controls(data), count=1)
    data = _BARE_AMPERSAND.sub(b"&amp;", data)
    text = _ENTITY.sub(_resolve_entity, data.decode("utf-8", "replace"))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None or not any(local_name(e.tag) in ("opml", "outline") for e in root.iter()):
        raise ParseError("parse-error", "no OPML")
    for row in list(_outlines(root, defaults)):
        yield dataclasses.replace(row, line=row.line + shift)
    if local_name(root.tag) == "opml" and len(root) and not _ROOT_END.search(data):
        last = body.rstrip().count(b"\n") + 1
        yield Refused(last, "truncated", "the list ends before </opml>: feeds after this line are missing")


def _outlines(root: etree._Element, defaults: SourceSettings) -> Iterator[Row]:
    settings, pending = [defaults], list[str]()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if local_name(element.tag) != "outline":
            continue
        if event == "end":
            settings.pop()
            continue
        if len(settings) > MAX_DEPTH:
            raise ParseError("parse-error", f"outlines are nested deeper than {MAX_DEPTH} levels")
        given = {str(k).lower(): " ".join(str(v).split()) for k, v in element.attrib.items()}
        name = given.get("title") or given.get("text") or ""
        address = _address(given)
        given["title"] = name if name != address else ""
        own, notices = read_settings(given, settings[-1])
        folder = any(local_name(child.tag) == "outline" for child in element)
        line = element.sourceline or 0
        if address and _SCRAPED.match(kind := given.get("type", "")):
            detail = f"outline {shorten(name)!r} of type {shorten(kind)!r} is a page that another reader scrapes"
            yield Refused(line, "not-a-feed", detail)
        elif address:
            yield list_feed(line, address, own, (*pending, *notices))
            pending.clear()
        elif not folder:
            label = f"outline {shorten(name)!r}" if name else "an outline"
            yield Refused(line, "not-an-address", f"{label} has no xmlUrl")
        if folder and not address:
            # The feeds of a folder belong to its category, where nothing says otherwise; its notices to the first of them.
            pending += notices
            if not given.get("category"):
                own = dataclasses.replace(own, category="/".join(filter(None, (settings[-1].category, name))) or None)
        settings.append(own)


def _address(given: dict[str, str]) -> str:
    """The feed's address of an outline, empty without one; one without a host is resolved against the site's own."""
    address = given.get("xmlurl") or ""
    if not address and given.get("type", "").lower() in _FEED_TYPES:
        address = given.get("url") or ""
    site = given.get("htmlurl", "")
    if re.match(r"/(?!/)|\.\.?/|\?", address) and re.match(r"https?://", site, re.IGNORECASE):
        return join_address(site, address) or address
    return address


def _resolve_entity(found: re.Match[str]) -> str:
    if found[1] in _XML_ENTITIES:
        return found[0]
    text = html.unescape(found[0])
    return html.escape(text) if text == found[0] else text
