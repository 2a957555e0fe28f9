"""Feed lists: OPML as it is found in the wild, YAML, and plain text -> feeds with their settings."""

import dataclasses
import html
import re
import zoneinfo
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import yaml
from lxml import etree

from schemas.source import SourceSettings
from transforms.read.errors import ParseError
from transforms.read.markup import drop_controls, local_name, to_utf8

MAX_DEPTH = 100  # levels of outlines; nobody's folders go deeper

NO_SETTINGS = SourceSettings()

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_URL_LIKE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//\S|^(?:feeds?|javascript|data|file):\S", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{0,31});)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])


@dataclasses.dataclass(frozen=True, slots=True)
class ListedFeed:
    """One feed of a list: its address and what the list says of it."""

    url: str
    settings: SourceSettings
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """One line of a list that gives no feed: `not-an-address`, or `address-refused` for a scheme never fetched."""

    line: int
    reason: str
    detail: str


Row = ListedFeed | Refused


def feed_address(text: str) -> str:
    """The http(s) URL that a list means: `feed:` and protocol-relative addresses become https.

    >>> feed_address("feed:https://a.example/rss"), feed_address("//a.example/rss")
    ('https://a.example/rss', 'https://a.example/rss')

    Raises:
        ParseError: `not-an-address` for what is no URL, `address-refused` for a scheme that is never fetched.
    """
    url = re.sub(r"[\t\r\n]", "", text).strip()
    if not url:
        raise ParseError("not-an-address", "it is empty")
    url = re.sub(r"^feeds?:(?=https?:)", "", url, flags=re.IGNORECASE)
    url = re.sub(r"^feeds?:(?://)?", "https://", url, flags=re.IGNORECASE)
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _SCHEME.match(url)
    if scheme is None or (scheme[1].lower() not in ("http", "https") and "." in scheme[1]):
        raise ParseError("not-an-address", f"{_short(text)!r} has no scheme such as https://")
    if scheme[1].lower() not in ("http", "https"):
        raise ParseError("address-refused", f"{_short(text)!r}: only http and https are fetched")
    if re.search(r"\s", url):
        raise ParseError("not-an-address", f"{_short(text)!r} holds white space")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ParseError("not-an-address", f"{_short(text)!r}: {error}") from error
    if not host:
        raise ParseError("not-an-address", f"{_short(text)!r} names no host")
    return url


def address_key(url: str) -> str:
    """Form of a feed's address by which two mentions of it are one.

    >>> address_key("HTTPS://A.example:443/rss#top"), address_key("https://a.example")
    ('https://a.example/rss', 'https://a.example/')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    netloc = host if parts.port in (None, default) else f"{host}:{parts.port}"
    user = f"{parts.username}:{parts.password}@" if parts.username else ""
    return urlunsplit((parts.scheme.lower(), user + netloc, parts.path or "/", parts.query, ""))


def is_text_list(text: str) -> bool:
    """Whether a plain text is a list of addresses: most of its lines, blank and `#` ones apart, are URLs.

    A list with a bad line stays a list, so that the line is named; a page copied as text never has more URLs than
    other lines.
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return bool(lines) and sum(bool(_URL_LIKE.match(line)) for line in lines) * 2 > len(lines)


def read_text_list(text: str, defaults: SourceSettings = NO_SETTINGS) -> Iterator[Row]:
    """Reads one address a line; blank lines and those that begin with `#` are skipped."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        address = re.split(r"\s+#", line.strip(), maxsplit=1)[0]
        if address and not address.startswith("#"):
            yield _row(number, address, defaults)


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


def _outlines(root: etree._Element, defaults: SourceSettings) -> Iterator[Row]:
    settings = [defaults]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if local_name(element.tag) != "outline":
            continue
        if event == "end":
            settings.pop()
            continue
        if len(settings) > MAX_DEPTH:
            raise ParseError("parse-error", f"outlines are nested deeper than {MAX_DEPTH} levels")
        given = {str(k).lower(): str(v).strip() for k, v in element.attrib.items()}
        folder = any(local_name(child.tag) == "outline" for child in element)
        own = _settings(given, settings[-1])
        name = given.get("text") or given.get("title")
        address = given.get("xmlurl") or (given.get("url") if given.get("type", "").lower() in _FEED_TYPES else None)
        if address:
            yield _row(element.sourceline or 0, address, own)
        elif not folder:
            label = f"outline {_short(name)!r}" if name else "an outline"
            yield Refused(element.sourceline or 0, "not-an-address", f"{label} has no xmlUrl")
        # The feeds of a folder belong to its category, where nothing says otherwise.
        settings.append(dataclasses.replace(own, category=own.category or name) if folder and not address else own)


_FEED_TYPES = ("rss", "atom", "feed", "rdf")


def read_yaml_list(body: bytes, defaults: SourceSettings = NO_SETTINGS) -> Iterator[Row]:
    """Reads `feeds:`, a list of URLs or of mappings with `url` and settings.

    The settings are `outlet`, `language`, `timezone`, `category` and `pause` (seconds between two requests to its
    domain).

    Raises:
        ParseError: `parse-error` for what is no YAML or has no such list.
    """
    try:
        node = yaml.compose(body.decode("utf-8-sig"), Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ParseError("parse-error", f"not YAML: {' '.join(str(error).split())}") from error
    feeds = node
    if isinstance(node, yaml.MappingNode):
        feeds = next((value for key, value in node.value if key.value == "feeds"), None)
    if not isinstance(feeds, yaml.SequenceNode):
        raise ParseError("parse-error", "no list of feeds: expected `feeds:` with a list below it")
    for item in feeds.value:
        line = item.start_mark.line + 1
        if isinstance(item, yaml.ScalarNode):
            yield _row(line, item.value, defaults)
            continue
        given = _scalars(item)
        if given.get("url"):
            yield _row(line, given["url"], _settings(given, defaults))
        else:
            yield Refused(line, "not-an-address", "an entry without url")


# libyaml's loader where PyYAML was built with it: a hundred times faster, and as safe.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _scalars(item: yaml.Node) -> dict[str, str]:
    """Scalar values of a mapping, as written; nothing is built of tags."""
    if not isinstance(item, yaml.MappingNode):
        return {}
    return {
        str(key.value).lower(): value.value.strip()
        for key, value in item.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode) and value.tag != _NULL
    }


_NULL = "tag:yaml.org,2002:null"


def known_timezone(name: str) -> bool:
    """Whether a name is one of the IANA time zone database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _settings(given: dict[str, str], above: SourceSettings) -> SourceSettings:
    return dataclasses.replace(
        above,
        outlet=given.get("outlet") or above.outlet,
        language=given.get("language") or above.language,
        timezone=given.get("timezone") or above.timezone,
        category=given.get("category") or above.category,
        pause=_seconds(given.get("pause")) or above.pause,
    )


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 < seconds < 86_400 else None


def _row(line: int, address: str, settings: SourceSettings) -> Row:
    try:
        return ListedFeed(feed_address(address), settings, line)
    except ParseError as error:
        return Refused(line, error.reason, error.detail)


def _resolve_entity(found: re.Match[str]) -> str:
    if found[1] in _XML_ENTITIES:
        return found[0]
    text = html.unescape(found[0])
    return html.escape(text) if text == found[0] else text


def _short(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= 100 else f"{text[:100]}…"
