"""Feed lists written: OPML for other readers, YAML and plain text for people and for newsmill."""

from collections.abc import Callable, Sequence
from typing import Any

import yaml
from lxml import etree

from schemas.source import Source, SourceSettings

_NAMED = ("title", "outlet", "language", "timezone", "category", "pause")


def write_opml(sources: Sequence[Source]) -> str:
    """OPML 2.0 that `read_opml` reads back whole; feeds stand in folders by category, as readers show them."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "newsmill feeds"
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for source in sources:
        named = _named(source.settings)
        category = named.get("category")
        parent = body
        if category:
            if category not in folders:
                folders[category] = etree.SubElement(body, "outline", text=category)
            parent = folders[category]
        label = _printable(named.pop("title", source.uri))
        outline = etree.SubElement(parent, "outline", text=label, title=label, type="rss", xmlUrl=source.uri)
        for name, value in named.items():
            outline.set(name, _printable(f"{value:g}" if isinstance(value, float) else value))
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode("utf-8")


def write_yaml(sources: Sequence[Source]) -> str:
    """YAML that `read_yaml_list` reads back whole."""
    feeds = [
        {"url": source.uri, **_named(source.settings)} if _named(source.settings) else source.uri for source in sources
    ]
    return yaml.safe_dump({"feeds": feeds}, allow_unicode=True, sort_keys=False, width=1000)


def write_text(sources: Sequence[Source]) -> str:
    """One address a line; what the list says of a feed is lost."""
    return "".join(f"{source.uri}\n" for source in sources)


WRITERS: dict[str, Callable[[Sequence[Source]], str]] = {"opml": write_opml, "yaml": write_yaml, "txt": write_text}


def _named(settings: SourceSettings) -> dict[str, Any]:
    return {name: value for name in _NAMED if (value := getattr(settings, name))}


def _printable(text: str) -> str:
    """The text without what XML can't hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
