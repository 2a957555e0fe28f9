"""feedparser's two parsers, driven over bytes that are UTF-8 and safe already.

`feedparser.parse` is never called: it opens the file or URL that a body names, guesses the encoding anew, raises where
its strict parser meets what the loose one could read, and repairs text that was encoded twice, in some fields only.
"""

import dataclasses
import io
import re
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from collections.abc import Mapping
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype

from transforms.read.errors import ParseError

# Not in feedparser's own spelling, by which it would decide to repair what was encoded twice.
_ENCODING = "utf8"

# What feedparser raises on odd content instead of reporting it (kurtmckee/feedparser#599).
_ITS_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    re.error,
)


class _Captions:
    """Keeps the caption of an entry's picture apart: feedparser would take it for a second, fuller text."""

    def _start_media_description(self, attrs_d: Any) -> None:
        self.push("media_description", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop("media_description")  # type: ignore[attr-defined]


class _StrictParser(_Captions, StrictFeedParser):
    pass


class _LooseParser(_Captions, LooseFeedParser):
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    """What feedparser makes of a document, in its own terms; `version` is empty for what is no feed."""

    version: str
    feed: Mapping[str, Any]
    entries: list[Mapping[str, Any]]
    strict: bool


def run_feedparser(data: bytes, base: str | None) -> Parsed:
    """Parses a feed by feedparser's strict parser, and by its loose one where that fails.

    Args:
        data: UTF-8 with a declaration that says so, or none.
        base: address that relative links are resolved against.

    Raises:
        ParseError: `parse-error` when neither parser can read it.
    """
    try:
        doctype_version, data, entities = replace_doctype(data)
    except _ITS_FAULTS as error:
        raise _broken(error) from error
    strict = _parse_strictly(data, base or "")
    parser = strict or _parse_loosely(data, base or "", entities)
    return Parsed(
        doctype_version or parser.version or "", parser.feeddata, list(parser.entries), strict=strict is not None
    )


def _parse_strictly(data: bytes, base: str) -> Any | None:
    parser: Any = _StrictParser(base, None, _ENCODING)
    parser.resolve_relative_uris = parser.sanitize_html = True
    reader = xml.sax.make_parser()
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        reader.parse(source)
    except (xml.sax.SAXException, *_ITS_FAULTS):
        return None
    return parser


def _parse_loosely(data: bytes, base: str, entities: dict[str, str]) -> Any:
    parser: Any = _LooseParser(base, None, _ENCODING, entities)
    parser.resolve_relative_uris = parser.sanitize_html = True
    try:
        parser.feed(data.decode("utf-8", "replace"))
    except _ITS_FAULTS as error:
        raise _broken(error) from error
    return parser


def _broken(error: BaseException) -> ParseError:
    return ParseError("parse-error", f"feedparser: {type(error).__name__}: {error}")
