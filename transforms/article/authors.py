"""Who wrote an article: what its page states, in the order of trust, as names one by one."""

import html
import re
from collections.abc import Callable
from typing import Any

from lxml import html as lxml_html

from transforms.article.byline import authors_near, byline_anywhere, marked_authors
from transforms.article.jsonld import texts_of
from transforms.article.titles import is_site

MAX_AUTHORS = 30

_AUTHOR = (
    "author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "article:author",
    "citation_author",
    "cxenseparse:author",
    "og:article:author",
)
# In these names are written as in a library's catalogue, the family name first.
_CATALOGUE = ("dc.creator", "dcterms.creator", "citation_author")
_WRITTEN_BY = frozenset(
    ["by", "written by", "author", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da"]
)


def read_authors(
    tree: lxml_html.HtmlElement,
    metas: dict[str, list[str]],
    article: dict[str, Any],
    near: list[tuple[lxml_html.HtmlElement, str]],
    above: list[tuple[lxml_html.HtmlElement, str]],
    site: str | None,
) -> tuple[str, ...]:
    """Names in the byline, without the outlet itself, titles or addresses."""
    stated = clean_authors(texts_of(article.get("author")), site)
    if any(_is_person(name, site) for name in stated):
        return stated
    tagged = clean_authors(_tagged_authors(metas)[:MAX_AUTHORS], site)
    if any(_is_person(name, site) for name in tagged):
        return tuple(name for name in tagged if _is_person(name, site))
    finders: tuple[Callable[[], list[str]], ...] = (
        lambda: authors_near(near),
        lambda: authors_near(above[::-1], bare=False),
        lambda: marked_authors(tree),
        lambda: _preview_author(metas),
        lambda: byline_anywhere(tree),
    )
    found = (clean_authors(find()[:MAX_AUTHORS], site) for find in finders)
    return next((names for names in found if names), stated or tagged)


def _tagged_authors(metas: dict[str, list[str]]) -> list[str]:
    return [_turn_name(name) if key in _CATALOGUE else name for key in _AUTHOR if key in metas for name in metas[key]]


def _preview_author(metas: dict[str, list[str]]) -> list[str]:
    """Who a link preview says wrote it, in a pair of a label and its value: often whoever put the article online."""
    label = " ".join(metas.get("twitter:label1", [""])[:1]).casefold().strip(": ")
    return metas.get("twitter:data1", []) if label in _WRITTEN_BY else []


def _turn_name(name: str) -> str:
    """A name without its comma: `Maker, Ann` is Ann Maker.

    >>> _turn_name("Maker, Ann"), _turn_name("Ann Maker, Ben Baker")
    ('Ann Maker', 'Ann Maker, Ben Baker')
    """
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and " " not in family.strip() and "," not in given else name


def _is_person(name: str, site: str | None) -> bool:
    return " " in name and not is_site(name, site)


_SPLIT = re.compile(r"\s*(?:[;|/]|,(?!\s*(?:Jr|Sr)\b)|\s+(?:and|und|et|y|&)\s+)\s*")
_DEGREE = re.compile(r",\s*(?:Ph\.?\s?D|M\.?[DA]|MBA|MPH|M\.?Sc|B\.?Sc|RN|JD)\b\.?")
_ADDRESS = re.compile(r"^(?:https?:)?//|^/\S+$|^www\.", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|\.(?:com|org|net|co)\b|^(?:admin|administrator|staff|editor|webmaster|guest|none|null|undefined|author)$",
    re.IGNORECASE,
)


def clean_authors(names: list[str], site: str | None) -> tuple[str, ...]:
    """Names one by one: joined ones parted, `By` and addresses dropped, each once."""
    out: list[str] = []
    for joined in names:
        text = re.sub(
            r"^\s*(?:by|von|par|por|di|door|written by)\b[:\s]+",
            "",
            " ".join(html.unescape(joined).split()),
            flags=re.IGNORECASE,
        )
        if _ADDRESS.match(text):
            continue
        text = _DEGREE.sub("", re.sub(r"\(?\bhttps?://\S+", "", text))
        for part in _SPLIT.split(text):
            name = (
                part.strip(" ,.-–—|") if not re.search(r"\b[A-Z]\.$|\b[JS]r\.$", part.strip()) else part.strip(" ,-–—|")
            )
            if not name or len(name) > 80 or _NOT_A_NAME.search(name):
                continue
            if site and name.casefold() == site.casefold() and len(names) > 1:
                continue
            if name.casefold() not in {other.casefold() for other in out}:
                out.append(name)
    return tuple(out[:MAX_AUTHORS])
