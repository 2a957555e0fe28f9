"""What a page says about its article, read once and cheaply: JSON-LD, the headline on the page, meta tags."""

import dataclasses
import datetime as dt
import re
from typing import Any
from urllib.parse import urljoin

from lxml import html as lxml_html

from schemas.article import PublishedAt
from transforms.article.authors import read_authors
from transforms.article.byline import lines_above, lines_near
from transforms.article.dates import UNDATED
from transforms.article.jsonld import read_jsonld, text_of, texts_of
from transforms.article.page_dates import read_dates
from transforms.article.titles import choose_title
from transforms.article.urls import canonical_url

_SECTION = ("article:section", "parsely-section", "section", "og:section", "cxenseparse:recs:category")
_SITE = ("og:site_name", "dc.publisher", "twitter:site_name")
_TIER = ("article:content_tier", "og:article:content_tier", "content_tier")
_OPEN = {"true": True, "yes": True, "free": True, "false": False, "no": False, "locked": False}
_TAGS = ("article:tag", "parsely-tags", "news_keywords", "keywords", "sailthru.tags")


@dataclasses.dataclass(frozen=True, slots=True)
class PageMetadata:
    """Fields of a page's article; empty where the page doesn't say.

    Attributes:
        heading: text of the heading that shows the article's title, which may say it in other words.
        canonical: canonical URL that the page names for itself, http(s).
        kind: og:type in lower case.
        paywalled, free: whether it says that its article is, or is not, for those who pay.
        words: how long it says its article is; 0 where it doesn't.
        types: schema.org types of all that the page's JSON-LD describes, in lower case.
    """

    title: str | None = None
    heading: str | None = None
    published: PublishedAt = UNDATED
    modified_at: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    canonical: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    site: str | None = None
    kind: str | None = None
    body: str | None = None
    paywalled: bool = False
    free: bool = False
    words: int = 0
    types: frozenset[str] = frozenset()


def read_metadata(
    tree: lxml_html.HtmlElement, url: str | None = None, zone: str | None = None, reference: dt.datetime | None = None
) -> PageMetadata:
    """Reads a page's metadata from its parsed tree.

    Args:
        tree: the whole page, as lxml parsed it; it is not changed.
        url: where the page came from, None for a file.
        zone: IANA zone of the outlet, for dates that name none.
        reference: when the page was retrieved (UTC): later dates are refused.
    """
    metas = _read_metas(tree)
    article, types = read_jsonld(tree)
    site = _first(metas, _SITE) or text_of(article.get("publisher"))
    canonical = _canonical(tree, metas, url)
    title, heading = choose_title(tree, metas, text_of(article.get("headline")) or text_of(article.get("name")), site)
    near = list(lines_near(heading)) if heading is not None else []
    above = list(lines_above(heading)) if heading is not None else []
    published, modified = read_dates(tree, metas, article, near, above, url or canonical, zone, reference)
    return PageMetadata(
        title=title,
        heading=heading.text_content()[:1000] if heading is not None else None,
        published=published,
        modified_at=modified,
        authors=read_authors(tree, metas, article, near, above, site),
        language=_language(tree, metas, article),
        canonical=canonical,
        section=_clean(text_of(article.get("articleSection")) or _first(metas, _SECTION)),
        tags=_tags(metas, article),
        site=_clean(site),
        kind=(metas.get("og:type") or [""])[0].lower() or None,
        body=text_of(article.get("articleBody")),
        paywalled=_access(metas, article) is False,
        free=_access(metas, article) is True,
        words=_stated_words(article),
        types=types,
    )


def _read_metas(tree: lxml_html.HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = (meta.get("content") or meta.get("value") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _first(metas: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _language(tree: lxml_html.HtmlElement, metas: dict[str, list[str]], article: dict[str, Any]) -> str | None:
    return (
        tree.get("lang")
        or text_of(article.get("inLanguage"))
        or _first(metas, ("og:locale", "content-language", "language"))
    )


def _canonical(tree: lxml_html.HtmlElement, metas: dict[str, list[str]], url: str | None) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            try:
                found = canonical_url(urljoin(url or "", link.get("href").strip()))
            except ValueError:  # a template left unfilled: `https://[site]/a`
                continue
            if found:
                return found
    return canonical_url(_first(metas, ("og:url",)))


def _tags(metas: dict[str, list[str]], article: dict[str, Any]) -> tuple[str, ...]:
    words = texts_of(article.get("keywords")) or [text for name in _TAGS if name in metas for text in metas[name]]
    out: list[str] = []
    for word in (part.strip() for text in words for part in re.split(r"[,;]", text)):
        if word and len(word) < 80 and word not in out:
            out.append(word)
    return tuple(out[:40])


def _access(metas: dict[str, list[str]], article: dict[str, Any]) -> bool | None:
    """Whether an article is open to all: by schema.org's isAccessibleForFree, or Facebook's content tier."""
    said = str(article.get("isAccessibleForFree", "")).lower() or (_first(metas, _TIER) or "").lower()
    return _OPEN.get(said.rsplit("/", 1)[-1])


def _stated_words(article: dict[str, Any]) -> int:
    said = re.sub(r"[\s,.]", "", str(article.get("wordCount") or ""))
    return int(said) if said.isdecimal() and len(said) <= 6 else 0


def _clean(text: str | None) -> str | None:
    text = " ".join((text or "").split())
    return text or None
