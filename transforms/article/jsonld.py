"""JSON-LD of a page: the one object that describes its article, whole or broken."""

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from lxml import html as lxml_html

MAX_SCRIPT = 2_000_000
MAX_NODES = 5000

# Types of schema.org that are articles, the most telling first.
_ARTICLES = (
    "newsarticle",
    "reportagenewsarticle",
    "analysisnewsarticle",
    "opinionnewsarticle",
    "backgroundnewsarticle",
    "reviewnewsarticle",
    "liveblogposting",
    "article",
    "blogposting",
    "satiricalarticle",
    "scholarlyarticle",
    "techarticle",
    "report",
    "advertisercontentarticle",
    "socialmediaposting",
    "discussionforumposting",
)
_PAGES = ("webpage", "itempage", "videoobject", "creativework", "review", "recipe")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_BROKEN_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage|@type)"\s*:\s*"((?:[^"\\\n]|\\.)*)"'
)
_BROKEN_AUTHOR = re.compile(r'"author"\s*:\s*[\[{][^\]}]{0,500}?"name"\s*:\s*"((?:[^"\\\n]|\\.)*)"')


def read_jsonld(tree: lxml_html.HtmlElement) -> tuple[dict[str, Any], frozenset[str]]:
    """The properties of the page's article, empty where there is none, and the types of all that its scripts describe.

    Of several articles the one with the most telling type and a headline is taken, the first among equals; what it lacks
    comes from the page's own object. Scripts that are no JSON give what can be read off them.
    """
    nodes: list[dict[str, Any]] = []
    broken: dict[str, Any] = {}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_SCRIPT]
        data = _load(text)
        if data is None:
            if not broken:
                broken = _read_broken(text)
        else:
            nodes.extend(_objects(data))
    types = frozenset(kind for node in (*nodes, broken) for kind in _types(node))
    return _merge_article(nodes, broken), types


def _merge_article(nodes: list[dict[str, Any]], broken: dict[str, Any]) -> dict[str, Any]:
    articles = [node for node in nodes if _rank(node) < len(_ARTICLES)]
    best = min(articles, key=_order, default=None)
    merged: dict[str, Any] = {}
    if best is not None:
        merged.update({key: value for key, value in best.items() if value not in (None, "", [], {})})
        by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
        merged["author"] = _resolve(merged.get("author"), by_id)
        merged["publisher"] = _resolve(merged.get("publisher"), by_id)
    elif broken:
        return broken
    for page in (node for node in nodes if _types(node) & set(_PAGES)):
        for key in ("datePublished", "dateModified", "inLanguage"):
            if page.get(key) and key not in merged and (best is not None or "webpage" in _types(page)):
                merged.setdefault(key, page[key])
    return merged


def text_of(value: Any) -> str | None:
    """The first text in a property that may be a string, an object with a name or a list of either."""
    return next(iter(texts_of(value)), None)


def texts_of(value: Any) -> list[str]:
    """All texts in a property; objects by their name."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return texts_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [text for item in value[:50] for text in texts_of(item)]
    return []


def _load(text: str) -> Any | None:
    text = _WRAPPING.sub("", text.strip().rstrip(";"))
    for attempt in (text, _repair(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _repair(text: str) -> str:
    text = _WRAPPING.sub("", text)
    text = re.sub(r",\s*([}\]])", r"\1", text)
    return re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", text)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    pending = deque([data])
    seen = 0
    while pending and seen < MAX_NODES:
        item = pending.popleft()
        seen += 1
        if isinstance(item, list):
            pending.extend(item[:MAX_NODES])
        elif isinstance(item, dict):
            yield item
            pending.extend(
                item[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
                if isinstance(item.get(key), dict | list)
            )


def _types(node: dict[str, Any]) -> set[str]:
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return {str(v).rsplit("/", 1)[-1].lower() for v in values if isinstance(v, str)}


def _rank(node: dict[str, Any]) -> int:
    types = _types(node)
    return next((i for i, name in enumerate(_ARTICLES) if name in types), len(_ARTICLES))


def _order(node: dict[str, Any]) -> tuple[bool, bool]:
    return (not (node.get("headline") or node.get("name")), not node.get("datePublished"))


def _resolve(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolve(item, by_id) for item in value[:50]]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _read_broken(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in _BROKEN_FIELD.findall(text):
        found.setdefault(name, _unescape(value))
    if (match := _BROKEN_AUTHOR.search(text)) is not None:
        found["author"] = _unescape(match.group(1))
    return found if found.get("headline") or found.get("datePublished") else {}


def _unescape(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value
