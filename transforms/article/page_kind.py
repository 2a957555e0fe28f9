"""What kind of page this is: an article, or a list, forum, shop, home or service page, by signs that are weighed."""

import dataclasses
import functools
import importlib.resources
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from lxml import etree
from lxml import html as lxml_html

from transforms.article.metadata import PageMetadata
from transforms.article.page_blocks import Block, ends_sentence, measure_shape
from transforms.article.patterns import compile_lines, fold_case
from transforms.article.words import count_words

MAX_VISIBLE = 20_000  # characters of the page's text that are looked at
LONG_LINE = 20
SHORT_LINE = 6
TEASER = 40  # words of the longest stretch of sentences: of a teaser, an article, a long one
SHORT_RUN = 100
LONG_RUN = 250
MANY_BLOCKS = 10
MAX_MARKS = 60_000
ADDRESSED = 0.04  # of the words

_ROOT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:index\.\w+|home)?/?", re.IGNORECASE)
_SITE_BEHIND = re.compile(r"\s+[-–—|•·»]+\s+")
_NEXT = re.compile(r"\bnext\b", re.IGNORECASE)
_ITEMTYPES = etree.XPath("descendant::*/@itemtype", smart_strings=False)
_CLASSES = etree.XPath("descendant::*/@class", smart_strings=False)
_PASSWORD = etree.XPath("boolean(descendant::input[translate(@type, 'PASWORD', 'pasword') = 'password'])")


@dataclasses.dataclass(frozen=True, slots=True)
class PageSigns:
    """What speaks for and against a page's being an article.

    Attributes:
        signs: all that were found.
        pro, contra: their weights.
    """

    signs: frozenset[str]
    pro: float
    contra: float

    @property
    def is_article(self) -> bool:
        """Whether it may be one: not clearly more speaks against it than for it."""
        return self.pro - self.contra >= _settings()["threshold"]


def weigh_page(
    tree: lxml_html.HtmlElement,
    page: PageMetadata,
    text: str,
    url: str | None,
    blocks: Sequence[Block],
    *,
    fed: bool = False,
) -> PageSigns:
    """Weighs what a page shows.

    Args:
        tree: the page as parsed, nothing taken out of it yet.
        page: its metadata.
        text: the body that extraction found in it.
        url: its address, where one is known.
        blocks: its visible text.
        fed: whether an entry of a feed led to it.
    """
    signs = (
        _signs_of_address(url or page.canonical or "")
        | _signs_of_metadata(tree, page)
        | _signs_of_title(tree, page)
        | _signs_of_text(text)
        | _signs_of_layout(tree, blocks)
    )
    if "root" in signs and ("linked_headings" in signs or "paragraphs" not in signs):
        signs.add("front_page")
    if "media_type" in signs and not signs & {"article_type", "run"}:
        signs.add("player")
    if fed:
        signs.add("fed")
    return PageSigns(frozenset(signs), _weight("for", signs), _weight("against", signs))


def _weight(side: str, signs: set[str]) -> float:
    return sum(weight for sign, weight in _settings()[side].items() if sign in signs)


@functools.cache
def _settings() -> Mapping[str, Any]:
    text = importlib.resources.files("transforms.article").joinpath("data/page_kind.yaml").read_text("utf-8")
    settings: dict[str, Any] = yaml.safe_load(text)
    settings["patterns"] = {name: compile_lines([line]) for name, line in settings["patterns"].items()}
    settings["titles"] = {name: compile_lines(lines, re.IGNORECASE) for name, lines in settings["titles"].items()}
    return settings


def _has(times: int, pattern: str, folded: str) -> bool:
    """Whether a pattern is found so many times."""
    found = _settings()["patterns"][pattern].finditer(folded)
    return sum(1 for _ in itertools.islice(found, times)) == times


def _signs_of_address(url: str) -> set[str]:
    parts = urlsplit(url)
    if not parts.netloc:
        return set()
    address = fold_case(f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else ""))
    names = ("news_path", "dated_path", "list_path", "product_path", "forum_path", "service_path", "manual_path")
    signs = {name for name in names if _settings()["patterns"][name].search(address)}
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if len(re.findall(r"[-_]+", last)) >= 3:
        signs.add("slug")
    if _settings()["patterns"]["short_path"].fullmatch(fold_case(parts.path)) and not parts.query:
        signs.add("short_path")
    if "list_path" in signs or "short_path" in signs:
        # `/blog/2025/05/`, `/news/page/2` and `/news/economy` list what lies below.
        signs -= {"news_path", "dated_path"}
    if _ROOT.fullmatch(parts.path) and not re.search(r"\d{3}", parts.query):
        signs = (signs & {"list_path", "forum_path"}) | {"root"}
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
        "paged": _is_paged(tree),
    }
    return signs | {sign for sign, holds in said.items() if holds}


def _is_paged(tree: lxml_html.HtmlElement) -> bool:
    """Whether a link leads to its next page; where posts follow one another, `next` is another post."""
    links = (link.get("href") or "" for link in tree.iter("link", "a") if _NEXT.search(link.get("rel") or ""))
    return any(_settings()["patterns"]["next_page"].search(fold_case(link[:2000])) for link in links)


def _signs_of_title(tree: lxml_html.HtmlElement, page: PageMetadata) -> set[str]:
    titles = set(read_titles(tree, page))
    signs = {
        name for name, pattern in _settings()["titles"].items() if any(pattern.fullmatch(title) for title in titles)
    }
    site = (page.site or "").casefold()
    if site and (page.title or "").casefold() == site:
        signs.add("site_title")
    return signs


def read_titles(tree: lxml_html.HtmlElement, page: PageMetadata) -> list[str]:
    """What a page calls itself: its title, with and without the site's name behind it, and its first heading."""
    shown = [tree.find(".//title"), tree.find(".//h1")]
    titles = [page.title or ""] + [" ".join(one.text_content()[:500].split()) for one in shown if one is not None]
    parts = [_SITE_BEHIND.split(title) for title in titles[:2]]
    return [title for title in (*titles, *(part[0] for part in parts if len(part) == 2)) if title]


def _signs_of_text(text: str) -> set[str]:
    lines = text.split("\n")
    counts = [count_words(line) for line in lines]
    paragraphs = sum(
        count for line, count in zip(lines, counts, strict=True) if count >= LONG_LINE and ends_sentence(line)
    )
    begin = text[:MAX_VISIBLE]
    words = count_words(begin)
    said = {
        "paragraphs": paragraphs >= 150,
        "prose": paragraphs > 0 and paragraphs >= 0.8 * sum(counts),
        "short_lines": 2 * sum(count <= SHORT_LINE for count in counts) >= len(lines),
        "addressed": words > 0 and _has(math.ceil(ADDRESSED * words), "address", fold_case(begin)),
    }
    return {sign for sign, holds in said.items() if holds}


def _signs_of_layout(tree: lxml_html.HtmlElement, blocks: Sequence[Block]) -> set[str]:
    found = tree.find(".//body")
    body = found if found is not None else tree
    settings = _settings()
    signs: set[str] = set()
    for group, marks in _read_marks(tree, body).items():
        signs |= {name for name in settings["marks"][group] if settings["patterns"][name].search(marks)}
    shape = measure_shape(blocks)
    visible = fold_case(show_blocks(blocks))
    size = sum(len(block.text) for block in blocks)
    said = {
        "one_article": len(body.findall(".//article")) == 1,
        "linked_headings": sum(_is_linked(heading) for heading in body.iter("h1", "h2", "h3", "h4")) >= 3,
        "many_times": len(body.findall(".//time")) >= 8,
        "many_dates": _has(10, "date", visible),
        "many_prices": _has(5, "price", visible),
        "cart": _has(2, "cart", visible),
        "posters": _has(4, "posters", visible),
        "calls": _has(2, "call", visible),
        "linked": 2 * sum(block.linked for block in blocks) >= size > 0,
        "login": shape.run < SHORT_RUN and bool(_PASSWORD(body)),
        "teasers": shape.teasers >= 5,
        "run": shape.run >= SHORT_RUN,
        "long_run": shape.run >= LONG_RUN,
        "no_run": shape.run < TEASER and len(blocks) >= MANY_BLOCKS,
        "no_sentence": shape.prose == 0 and len(blocks) >= MANY_BLOCKS,
        "scattered": shape.headlines >= 5 and shape.run < 70 and shape.run < shape.prose,
        "more_headlines": shape.headlines >= 5 and 8 * shape.headlines > shape.run,
    }
    return signs | {sign for sign, holds in said.items() if holds}


def _read_marks(tree: lxml_html.HtmlElement, body: lxml_html.HtmlElement) -> dict[str, str]:
    """What templates write into classes and ids: of the body, of what is in it, of the program that made it."""
    own = f"{body.get('class') or ''} {body.get('id') or ''}"[:2000]
    generators = (meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("name") or "") == "generator")
    marks = {
        "body": own,
        "inner": " ".join(dict.fromkeys(_CLASSES(body)))[:MAX_MARKS],
        "program": " ".join([own, (tree.get("class") or "")[:500], *generators]),
    }
    return {group: fold_case(names) for group, names in marks.items()}


def show_blocks(blocks: Sequence[Block], limit: int = MAX_VISIBLE) -> str:
    """The beginning of what a page shows."""
    shown: list[str] = []
    size = 0
    for block in blocks:
        if size >= limit:
            break
        shown.append(block.text)
        size += len(block.text)
    return "\n".join(shown)[:limit]


def _is_linked(heading: lxml_html.HtmlElement) -> bool:
    parent = heading.getparent()
    above = (parent, parent.getparent()) if parent is not None else ()
    return heading.find(".//a") is not None or any(element is not None and element.tag == "a" for element in above)
