"""What kind of page this is: an article, or a list, forum, shop, home or service page, by signs that are weighed."""

import dataclasses
import functools
import importlib.resources
import itertools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import yaml
from lxml import etree
from lxml import html as lxml_html

from transforms.article.metadata import PageMetadata
from transforms.article.words import count_words

MAX_VISIBLE = 20_000  # characters of the page's text that are looked at
LONG_LINE = 20
SHORT_LINE = 6

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")
_ROOT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:index\.\w+|home)?/?", re.IGNORECASE)
_VISIBLE = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::noscript or parent::template)]",
    smart_strings=False,
)
_LINKED = etree.XPath("descendant::a//text()", smart_strings=False)
_ITEMTYPES = etree.XPath("descendant::*/@itemtype", smart_strings=False)


@dataclasses.dataclass(frozen=True, slots=True)
class PageSigns:
    """What speaks for and against a page's being an article.

    Attributes:
        signs: all that were found.
        pro, contra: their weights.
        listed: whether it says more than that articles are listed beside it.
    """

    signs: frozenset[str]
    pro: float
    contra: float
    listed: bool

    @property
    def is_article(self) -> bool:
        """Whether it may be one: nothing tells that it is something else, or more tells that it is one."""
        return not self.listed or self.pro - self.contra >= _settings()["threshold"]


def weigh_page(
    tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None, *, fed: bool = False
) -> PageSigns:
    """Weighs what a page shows.

    Args:
        tree: the page as parsed, nothing taken out of it yet.
        page: its metadata.
        text: the body that extraction found in it.
        url: its address, where one is known.
        fed: whether an entry of a feed led to it.
    """
    signs = (
        _signs_of_address(url or page.canonical or "")
        | _signs_of_metadata(tree, page)
        | _signs_of_text(text)
        | _signs_of_layout(tree)
    )
    if "root" in signs and ("linked_headings" in signs or "paragraphs" not in signs):
        signs.add("front_page")
    if fed:
        signs.add("fed")
    settings = _settings()
    against = sum(weight for sign, weight in settings["against"].items() if sign in signs)
    weak = sum(weight for sign, weight in settings["weak"].items() if sign in signs)
    listed = against >= settings["least_against"] or (weak >= settings["least_weak"] and "paragraphs" not in signs)
    pro = sum(weight for sign, weight in settings["for"].items() if sign in signs)
    return PageSigns(frozenset(signs), pro, against + weak, listed)


@functools.cache
def _settings() -> Mapping[str, Any]:
    text = importlib.resources.files("transforms.article").joinpath("data/page_kind.yaml").read_text("utf-8")
    settings: dict[str, Any] = yaml.safe_load(text)
    settings["patterns"] = {name: re.compile(line, re.IGNORECASE) for name, line in settings["patterns"].items()}
    return settings


def _count(pattern: str, text: str) -> int:
    return sum(1 for _ in _settings()["patterns"][pattern].finditer(text))


def _signs_of_address(url: str) -> set[str]:
    parts = urlsplit(url)
    if not parts.netloc:
        return set()
    address = f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    names = ("news_path", "dated_path", "list_path", "product_path", "forum_path")
    signs = {name for name in names if _settings()["patterns"][name].search(address)}
    if "list_path" in signs:
        # `/blog/2025/05/` and `/news/page/2` list what lies below.
        signs -= {"news_path", "dated_path"}
    if _ROOT.fullmatch(parts.path) and not re.search(r"\d{3}", parts.query):
        signs.add("root")
    last = parts.path.rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if len(re.findall(r"[-_]+", last)) >= 3:
        signs.add("slug")
    return signs


def _signs_of_metadata(tree: lxml_html.HtmlElement, page: PageMetadata) -> set[str]:
    types = page.types | {kind.rstrip("/").rsplit("/", 1)[-1].lower() for kind in _ITEMTYPES(tree)}
    signs = {f"{name}_type" for name, members in _settings()["types"].items() if types & set(members)}
    kind = page.kind or ""
    if "product" in kind:
        signs.add("product_type")
    if "webpage" in page.types and "article_type" not in signs:
        signs.add("page_type")
    said = {
        "og_article": kind == "article",
        "author": bool(page.authors),
        "dated": page.published.at is not None,
        "heading": page.heading is not None,
    }
    return signs | {sign for sign, holds in said.items() if holds}


def _signs_of_text(text: str) -> set[str]:
    lines = text.split("\n")
    counts = [count_words(line) for line in lines]
    paragraphs = sum(
        count for line, count in zip(lines, counts, strict=True) if count >= LONG_LINE and _SENTENCE_END.search(line)
    )
    said = {
        "paragraphs": paragraphs >= 150,
        "long": paragraphs >= 400,
        "prose": paragraphs > 0 and paragraphs >= 0.8 * sum(counts),
        "short_lines": 2 * sum(count <= SHORT_LINE for count in counts) >= len(lines),
    }
    return {sign for sign, holds in said.items() if holds}


def _signs_of_layout(tree: lxml_html.HtmlElement) -> set[str]:
    found = tree.find(".//body")
    body = found if found is not None else tree
    marks = f"{body.get('class') or ''} {body.get('id') or ''}"[:2000]
    patterns = _settings()["patterns"]
    signs = {name for name in ("single_class", "list_class", "shop_class") if patterns[name].search(marks)}
    generators = (meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("name") or "") == "generator")
    if patterns["forum_program"].search(" ".join([marks, (tree.get("class") or "")[:500], *generators])):
        signs.add("forum_program")
    visible, size, linked = read_visible(body)
    said = {
        "one_article": len(body.findall(".//article")) == 1,
        "linked_headings": sum(_is_linked(heading) for heading in body.iter("h1", "h2", "h3", "h4")) >= 3,
        "many_times": len(body.findall(".//time")) >= 8,
        "many_dates": _count("date", visible) >= 10,
        "cart": _count("cart", visible) >= 2,
        "linked": 2 * linked >= size > 0,
    }
    return signs | {sign for sign, holds in said.items() if holds}


def _is_linked(heading: lxml_html.HtmlElement) -> bool:
    above = itertools.islice(heading.iterancestors(), 2)
    return heading.find(".//a") is not None or any(element.tag == "a" for element in above)


def read_visible(body: lxml_html.HtmlElement) -> tuple[str, int, int]:
    """The beginning of a page's text without scripts and styles, the characters of the whole, and those of them in links."""
    pieces = [text for piece in _VISIBLE(body) if (text := piece.strip())]
    lengths = itertools.accumulate(len(piece) for piece in pieces)
    kept = sum(length <= MAX_VISIBLE for length in lengths) + 1
    words = " ".join(" ".join(pieces[:kept]).split())
    return words, sum(map(len, pieces)), sum(len(piece.strip()) for piece in _LINKED(body))
