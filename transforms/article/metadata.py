"""What a page says about its article, read once and cheaply: JSON-LD, the headline on the page, meta tags."""

import dataclasses
import datetime as dt
import itertools
import re
from typing import Any
from urllib.parse import urljoin

from lxml import html as lxml_html

from schemas.article import PublishedAt
from transforms.article.authors import read_authors
from transforms.article.byline import lines_near, machine_time
from transforms.article.dates import UNDATED, find_instant, parse_instant
from transforms.article.jsonld import read_jsonld, text_of, texts_of
from transforms.article.titles import choose_title
from transforms.article.urls import canonical_url

_QUALITY = {"exact": 0, "zoneless": 1, "day": 2, "guessed": 3, None: 4}

# Meta tags by what they hold, the most trusted first (Open Graph, Dublin Core, Parsely, Sailthru, schema.org microdata).
_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "date_published", "published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "article.published", "published-date", "published_time", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "originalpublicationdate", "displaydate", "ptime", "iptc:pubdate", "date",     "article_date_original", "rnews:datepublished", "article:post_date", "citation_publication_date", "citation_date", "prism.publicationdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
    "utime", "article:modified", "og:modified_time", "revised",
)  # fmt: skip
_SECTION = ("article:section", "parsely-section", "section", "og:section", "cxenseparse:recs:category")
_SITE = ("og:site_name", "dc.publisher", "twitter:site_name")
_TAGS = ("article:tag", "parsely-tags", "news_keywords", "keywords", "sailthru.tags")

_URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/._-]|$)", re.IGNORECASE)
_URL_COMPACT = re.compile(r"/((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/._-]|$)")
MAX_SHOWN_DATE = 60
MAX_SHOWN_DATES = 20
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|timestamp|dateline|pubdate)(?:$|[\s_-])|published", re.IGNORECASE
)
_OTHER_DATE = re.compile(
    r"modified|updated?(?:$|[\s:_-])|event|comment|copyright|expir|picker|start|end-?date|related|current",
    re.IGNORECASE,
)
SAME_TIME = dt.timedelta(hours=26)


@dataclasses.dataclass(frozen=True, slots=True)
class PageMetadata:
    """Fields of a page's article; empty where the page doesn't say.

    Attributes:
        heading: text of the heading that shows the article's title, which may say it in other words.
        canonical: canonical URL that the page names for itself, http(s).
        kind: og:type in lower case.
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
    return PageMetadata(
        title=title,
        heading=heading.text_content()[:1000] if heading is not None else None,
        published=_published(tree, metas, article, near, url or canonical, zone, reference),
        modified_at=_modified(metas, article, zone, reference),
        authors=read_authors(tree, metas, article, near, site),
        language=_language(tree, metas, article),
        canonical=canonical,
        section=_clean(text_of(article.get("articleSection")) or _first(metas, _SECTION)),
        tags=_tags(metas, article),
        site=_clean(site),
        kind=(metas.get("og:type") or [""])[0].lower() or None,
        body=text_of(article.get("articleBody")),
        paywalled=_paywalled(article),
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


def _published(
    tree: lxml_html.HtmlElement,
    metas: dict[str, list[str]],
    article: dict[str, Any],
    near: list[tuple[lxml_html.HtmlElement, str]],
    url: str | None,
    zone: str | None,
    reference: dt.datetime | None,
) -> PublishedAt:
    """The best date: JSON-LD, meta tags, marked-up times, the address, the line under the headline.

    A later source that writes it better (with its zone, or a time instead of a day) wins where it speaks of the same time.
    """
    stated = [text_of(article.get("datePublished"))]
    found = [parse_instant(text, zone, reference, "jsonld") for text in stated]
    found += [parse_instant(metas[name][0], zone, reference, "meta") for name in _PUBLISHED if name in metas]
    found += [parse_instant(text, zone, reference, "meta") for text in _marked_times(tree)]
    found += [parse_instant(time, zone, reference, "meta") for element, _ in near if (time := machine_time(element))][
        :1
    ]
    found += [date_of_url(url, reference)]
    found += [at for _, text in near if (at := find_instant(text, zone, reference)).at is not None][:1]
    known = [at for at in found if at.at is not None]
    if not known:
        return _only_date(tree, zone, reference)
    first = known[0]
    same = [at for at in known if at.at and first.at and abs(at.at - first.at) <= SAME_TIME]
    return min(same, key=lambda at: _QUALITY[at.quality])


def _only_date(tree: lxml_html.HtmlElement, zone: str | None, reference: dt.datetime | None) -> PublishedAt:
    """The one day that the elements which call themselves a date show, wherever they stand; none where they differ."""
    shown: list[PublishedAt] = []
    for element in tree.iter("time", "span", "div", "p", "li", "h2", "h3", "h4", "h5"):
        if _is_date(element):
            text = element.get("datetime") or " ".join("".join(element.itertext())[:200].split())
            shown.append(find_instant(text, zone, reference) if len(text) <= MAX_SHOWN_DATE else UNDATED)
        if len(shown) > MAX_SHOWN_DATES:
            return UNDATED
    known = [at for at in shown if at.at is not None]
    return known[0] if known and len({at.at.date() for at in known if at.at}) == 1 else UNDATED


def _is_date(element: lxml_html.HtmlElement) -> bool:
    """Whether an element calls itself a date, and not that of a change or of something else."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    if not (element.tag == "time" or _DATE_CLASS.search(marks)):
        return False
    parent = element.getparent()
    before = " ".join(itertools.islice(parent.itertext(), 4)) if parent is not None else ""
    return _OTHER_DATE.search(f"{marks} {before[:100]} ") is None


def _marked_times(tree: lxml_html.HtmlElement) -> list[str]:
    """Machine-readable times that the markup itself calls the publication."""
    for element in tree.iter("time", "abbr", "span", "p", "div"):
        itemprop = (element.get("itemprop") or "").lower()
        if itemprop == "datepublished" or (element.tag == "time" and element.get("pubdate") is not None):
            return [element.get("datetime") or element.get("content") or element.text_content()[:100]]
        if element.tag in ("abbr", "time") and "published" in (element.get("class") or "").split():
            return [element.get("datetime") or element.get("title") or element.text_content()[:100]]
    return []


def date_of_url(url: str | None, reference: dt.datetime | None) -> PublishedAt:
    """The day that an article's address names, as in `/2025/12/24/`.

    >>> date_of_url("https://news.example/2025/12/24/talks", None).at.date().isoformat()
    '2025-12-24'
    """
    match = _URL_DAY.search(url or "") or _URL_COMPACT.search(url or "")
    if match is None:
        return UNDATED
    year, month, day = match.groups()
    if month.isdigit():
        return parse_instant(f"{year}-{month}-{day}", None, reference, "url")
    return parse_instant(f"{day} {month} {year}", None, reference, "url")


def _modified(
    metas: dict[str, list[str]], article: dict[str, Any], zone: str | None, reference: dt.datetime | None
) -> dt.datetime | None:
    for text in (text_of(article.get("dateModified")), _first(metas, _MODIFIED)):
        at = parse_instant(text, zone, reference, "meta").at
        if at is not None:
            return at
    return None


def _language(tree: lxml_html.HtmlElement, metas: dict[str, list[str]], article: dict[str, Any]) -> str | None:
    return (
        tree.get("lang")
        or text_of(article.get("inLanguage"))
        or _first(metas, ("og:locale", "content-language", "language"))
    )


def _canonical(tree: lxml_html.HtmlElement, metas: dict[str, list[str]], url: str | None) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            href = link.get("href").strip()
            found = canonical_url(urljoin(url, href) if url else href)
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


def _paywalled(article: dict[str, Any]) -> bool:
    return str(article.get("isAccessibleForFree", "")).lower() in ("false", "no")


def _clean(text: str | None) -> str | None:
    text = " ".join((text or "").split())
    return text or None
