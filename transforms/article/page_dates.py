"""When a page's article was published and changed: metadata, marked-up times, the address, the lines around the headline."""

import dataclasses
import datetime as dt
import itertools
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from schemas.article import PublishedAt
from transforms.article.byline import machine_time
from transforms.article.dates import UNDATED, find_instant, parse_instant
from transforms.article.jsonld import text_of

# A piece of a page and its text.
Line = tuple[lxml_html.HtmlElement, str]

_QUALITY = {"exact": 0, "zoneless": 1, "day": 2, "guessed": 3, None: 4}

# Meta tags, the most trusted first (Open Graph, Dublin Core, Parsely, Sailthru, schema.org microdata, Highwire).
_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "date_published", "published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "article.published", "published-date", "published_time", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "originalpublicationdate", "displaydate", "ptime", "iptc:pubdate", "date",     "article_date_original", "rnews:datepublished", "article:post_date", "citation_publication_date", "citation_date", "prism.publicationdate",
)  # fmt: skip
# Sites' own names for the same.
_PUBLISHED_NAME = re.compile(r"(?:^|[-_.:])(?:published?|publication|pub)[-_.]?(?:date|time|on|at)$")
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
    "utime", "article:modified", "og:modified_time", "revised",
)  # fmt: skip

_URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2}|[a-z]{3,9})[/-](\d{1,2})(?=[/._-]|$)", re.IGNORECASE)
_URL_COMPACT = re.compile(r"/((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/._-]|$)")
MAX_SHOWN_DATE = 60
MAX_SHOWN_DATES = 20
# A line of so many words that ends like a sentence is one: a date in it is part of the story, but for a dateline's.
SENTENCE_WORDS = 12
DATELINE_CHARS = 30
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|timestamp|dateline|pubdate)(?:$|[\s_-])|published", re.IGNORECASE
)
_OTHER_DATE = re.compile(
    r"modified|updated?(?:$|[\s:_-])|event|comment|copyright|expir|picker|start|end-?date|related|current",
    re.IGNORECASE,
)
_DATED = etree.XPath("descendant::*[self::time or self::abbr or (self::span or self::p or self::div) and @itemprop]")
_CHANGED = re.compile(r"\b(?:updated?|(?:last|date) (?:modified|reviewed|edited|changed)|modified|revised)\b", re.IGNORECASE)  # fmt: skip
_ISSUED = re.compile(r"\b(?:published|posted|first published|originally published|created)\b", re.IGNORECASE)
SAME_TIME = dt.timedelta(hours=26)


def read_dates(
    tree: lxml_html.HtmlElement,
    metas: dict[str, list[str]],
    article: dict[str, Any],
    near: list[Line],
    above: list[Line],
    url: str | None,
    zone: str | None,
    reference: dt.datetime | None,
) -> tuple[PublishedAt, dt.datetime | None]:
    """The publication and the last change.

    The publication is the first that JSON-LD, meta tags, marked-up times, the address, the lines below and above the headline
    tell; a later one that writes it better (with its zone, or a time instead of a day) wins where it speaks of the same
    time. Where only a change is shown, the publication is guessed to be no later.

    Args:
        tree: the whole page.
        metas: its meta tags, names in lower case.
        article: its article's JSON-LD.
        near: lines below its headline.
        above: lines above it, the nearest first.
        url: its address.
        zone: IANA zone of the outlet, for dates that name none.
        reference: when the page was retrieved (UTC): later dates are refused.
    """
    shown, changed = _shown_dates(near, above, zone, reference)
    found = [parse_instant(text_of(article.get("datePublished")), zone, reference, "jsonld")]
    found += [parse_instant(text, zone, reference, "meta") for text in _published_metas(metas)]
    found += [parse_instant(text, zone, reference, "meta") for text in _marked_times(tree)]
    found += [at for at in shown if at.source == "meta"][:1]
    found += [date_of_url(url, reference)]
    found += [at for at in shown if at.source == "text"][:1]
    known = [at for at in found if at.at is not None] or [at for at in [_only_date(tree, zone, reference)] if at.at]
    known = known or [dataclasses.replace(at, quality="guessed") for at in changed[:1]]
    modified = _modified(metas, article, zone, reference) or (changed[0].at if changed else None)
    if not known:
        return UNDATED, modified
    first = known[0]
    same = [at for at in known if at.at and first.at and abs(at.at - first.at) <= SAME_TIME]
    return min(same, key=lambda at: _QUALITY[at.quality]), modified


def _published_metas(metas: dict[str, list[str]]) -> list[str]:
    named = [metas[name][0] for name in _PUBLISHED if name in metas]
    return named or [values[0] for name, values in metas.items() if _PUBLISHED_NAME.search(name)][:1]


def _shown_dates(
    near: list[Line], above: list[Line], zone: str | None, reference: dt.datetime | None
) -> tuple[list[PublishedAt], list[PublishedAt]]:
    """Dates around the headline, by trust: those of the publication, and those of a change."""
    shown: list[PublishedAt] = []
    marked: list[PublishedAt] = []
    changed: list[PublishedAt] = []
    label = ""
    for element, text in near:
        words = f"{label} {text}"
        # A label and its date often stand in elements of their own.
        label = text if len(text) <= MAX_SHOWN_DATE and not any(char.isdigit() for char in text) else ""
        issued = _issued_part(words)
        at = _date_of_line(element, text if issued is None else issued, zone, reference)
        if at.at is not None:
            (changed if issued is None else marked if _is_update(element) else shown).append(at)
    for element, text in above:
        if len(text) <= MAX_SHOWN_DATE and not _OTHER_DATE.search(f"{element.get('class') or ''} {text} "):
            at = _date_of_line(element, text, zone, reference)
            shown += [at] if at.at is not None else []
    return [*shown, *marked], changed


def _is_update(element: lxml_html.HtmlElement) -> bool:
    """Whether an element's class calls its date a change; templates mark any date so (hAtom's `updated`)."""
    return re.search(r"updated|modified", element.get("class") or "") is not None and "publi" not in element.get(
        "class"
    )


def _date_of_line(
    element: lxml_html.HtmlElement, text: str, zone: str | None, reference: dt.datetime | None
) -> PublishedAt:
    time = machine_time(element)
    at = parse_instant(time, zone, reference, "meta") if time else UNDATED
    if at.at is not None:
        return at
    sentence = len(text.split()) > SENTENCE_WORDS and text.endswith((".", "!", "?"))
    return find_instant(text[:DATELINE_CHARS] if sentence else text, zone, reference)


def _issued_part(text: str) -> str | None:
    """The part of a line that speaks of the publication; None where it tells but a change.

    >>> _issued_part("Updated 3 May 2025 | Published 1 May 2025"), _issued_part("Updated: 3 May 2025")
    ('Published 1 May 2025', None)
    """
    change = _CHANGED.search(text)
    if change is None:
        return text
    before = text[: change.start()]
    if find_instant(before).at is not None:
        return before
    issue = _ISSUED.search(text, change.end())
    return text[issue.start() :] if issue is not None else None


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
    for element in _DATED(tree):
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
    stated = [text_of(article.get("dateModified")), *(metas[name][0] for name in _MODIFIED if name in metas)][:2]
    for text in stated:
        at = parse_instant(text, zone, reference, "meta").at
        if at is not None:
            return at
    return None
