"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import dataclasses
import json
import re
from typing import Any

from schemas.source import RawArticle
from transforms.read.errors import ParseError
from transforms.read.markup import join_surrogates, plain_text

_VERSION = re.compile(r"^https?://(?:www\.)?jsonfeed\.org/version/(\d+(?:\.\d+)?)/?$", re.IGNORECASE)
MAX_SHOWN = 100  # characters of an item's text that stand for its missing title

# Numbers as they stand: none of them is reckoned with, and Python refuses those of more than 4,300 digits.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
_ITEMS = re.compile(r'"items"\s*:\s*\[')


@dataclasses.dataclass(frozen=True, slots=True)
class JsonFeed:
    """A JSON Feed's head and its items, whose addresses are still as written.

    Attributes:
        shown_titles: for each item, its title or, for a microblog's item that has none, the first words of its text.
    """

    title: str | None
    entries: tuple[RawArticle, ...]
    version: str
    link: str | None
    language: str | None
    cut: bool
    shown_titles: tuple[str | None, ...] = ()


def read_json_feed(body: bytes) -> JsonFeed:
    """Reads a JSON Feed; of one that was cut in transfer, the items that are whole.

    Raises:
        ParseError: `not-a-feed` for JSON that is no feed and for what is no JSON.
    """
    text = _decode(body)
    cut = False
    try:
        data = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        data = _read_cut(text)
        cut = True
        if data is None:
            raise ParseError("not-a-feed", f"neither markup nor JSON: {error}") from error
    if not isinstance(data, dict):
        raise ParseError("not-a-feed", f"JSON, but a {type(data).__name__}, not a feed")
    version = _VERSION.match(_string(data.get("version")) or "")
    if version is None:
        raise ParseError("not-a-feed", "JSON, but its version is not that of a JSON Feed")
    items = data.get("items")
    language = _string(data.get("language"))
    authors = _authors(data)
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    entries = tuple(_entry(item, authors) for item in items)
    shown = tuple(entry.title or _first_words(item) for entry, item in zip(entries, items, strict=True))
    link = _string(data.get("home_page_url")) or _string(data.get("feed_url"))
    name = "json11" if version[1] == "1.1" else "json10"
    return JsonFeed(plain_text(_string(data.get("title"))), entries, name, link, language, cut, shown)


def _first_words(item: dict[str, Any]) -> str | None:
    """What stands for a missing title, as other readers have it: the beginning of the summary or the text."""
    texts = (plain_text(_string(item.get(name))) for name in ("summary", "content_text", "content_html"))
    text = next(filter(None, texts), None)
    return text if text is None or len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN].rstrip()}…"


def _decode(body: bytes) -> str:
    encoding = json.detect_encoding(body)
    return body.decode(encoding, "replace").lstrip("\ufeff")


def _read_cut(text: str) -> dict[str, Any] | None:
    """What stands whole before the cut: the head's fields and the first items."""
    found = _ITEMS.search(text)
    if found is None:
        return None
    items, position = [], found.end()
    try:
        while True:
            position = re.compile(r"[\s,]*").match(text, position).end()  # type: ignore[union-attr]
            item, position = _DECODER.raw_decode(text, position)
            items.append(item)
    except (ValueError, RecursionError):
        pass
    head = text[: found.start()].rstrip().rstrip(",")
    try:
        data = _DECODER.decode(f"{head}}}")
    except (ValueError, RecursionError):
        return None
    return {**data, "items": items} if isinstance(data, dict) else None


def _entry(item: dict[str, Any], feed_authors: tuple[str, ...]) -> RawArticle:
    html, text = _string(item.get("content_html")), _string(item.get("content_text"))
    if not html and not text:
        text = _string(item.get("summary"))
    published, modified = _string(item.get("date_published")), _string(item.get("date_modified"))
    guid = _string(item.get("id"))
    tags = item.get("tags")
    return RawArticle(
        source_uri="",
        origin="entry",
        url=_string(item.get("url"))
        or _string(item.get("external_url"))
        or (guid if guid and guid.startswith(("http://", "https://")) else None),
        guid=guid,
        title=plain_text(_string(item.get("title"))),
        html=html,
        text=None if html else text,
        published=published or modified,
        modified=modified if published else None,
        published_source="feed" if published or modified else None,
        authors=_authors(item) or feed_authors,
        tags=tuple(dict.fromkeys(t for t in map(_string, tags) if t)) if isinstance(tags, list) else (),
        language=_string(item.get("language")),
        encoding="utf-8",
    )


def _authors(data: dict[str, Any]) -> tuple[str, ...]:
    listed = data.get("authors")
    people = [*(listed if isinstance(listed, list) else []), data.get("author")]
    names = (_string(p.get("name")) if isinstance(p, dict) else _string(p) for p in people)
    return tuple(dict.fromkeys(name for name in names if name))


def _string(value: object) -> str | None:
    """A JSON scalar as text: ids and titles are numbers in some feeds; None for anything else or blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return join_surrogates(str(value)).strip() or None
