"""From a raw article to a clean one: text, title, date, authors, language, address and outlet."""

import copy
import datetime as dt
import re

from lxml import etree
from lxml import html as lxml_html

from schemas.article import ExtractedArticle, PublishedAt
from schemas.source import RawArticle
from transforms.article.authors import clean_authors
from transforms.article.body import MAX_TEXT, extract_body, parse_html, tidy_paragraphs
from transforms.article.dates import UNDATED, find_instant, parse_instant
from transforms.article.errors import ExtractError
from transforms.article.gate import check_page
from transforms.article.language import identify_language
from transforms.article.metadata import PageMetadata, read_metadata
from transforms.article.outlet import name_outlet
from transforms.article.page_dates import date_of_url
from transforms.article.urls import canonical_url, is_redirector, is_same_site
from transforms.article.words import count_words
from transforms.read.page import check_markup

MIN_WORDS = 5

_QUALITY = {"exact": 0, "zoneless": 1, "day": 2, "guessed": 3, None: 4}
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "br",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "ul",
        "ol",
        "table",
        "figure",
        "figcaption",
        "hr",
        "pre",
        "dd",
        "dt",
        "header",
        "footer",
    ]
)
_DROPPED = frozenset(["script", "style", "noscript", "template", "iframe", "figure", "svg", "button", "form"])
# WordPress and its kin add this line to every entry.
_SYNDICATION = re.compile(
    r"^(?:The post .{1,300} (?:appeared|first appeared) (?:first )?on .{1,200}|(?:Continue reading|Read more|Read full (?:story|article)|Comments?)\s*(?:\.{3}|…|»|→)?)\.?$",
    re.IGNORECASE,
)


def extract_article(raw: RawArticle, reference: dt.datetime) -> ExtractedArticle:
    """Makes a clean article of what a source gave.

    Args:
        raw: an entry, page, record or capture.
        reference: when the run first saw it (UTC); dates more than 48 hours later are refused.

    Raises:
        ExtractError: `no-text`, `too-short`, `not-an-article`, `consent-wall`, `paywall`, `bot-check`,
            `error-page`, and of a record's html `too-large` or `html-too-deep`.
    """
    seen = _retrieved(raw) or reference
    page = PageMetadata()
    url = canonical_url(raw.url)
    if raw.html is not None and raw.origin != "entry":
        if raw.origin == "record":
            check_markup(raw.html)
        tree = parse_html(raw.html)
        page = read_metadata(tree, raw.url, raw.settings.timezone, seen)
        text = extract_body(copy.deepcopy(tree), page)
        check_page(tree, page, text, url or page.canonical, fed=raw.entry_key != 0)
        url = _page_url(url, page.canonical)
    elif raw.origin == "entry":
        text = read_entry_text(raw)
    else:
        text = keep_text(raw.text or "")
    # What a record says of itself goes before what its markup says; what a feed says stands in for what its page lacks.
    own = raw.origin in ("record", "entry", "capture")
    title = (raw.title or page.title) if own else (page.title or raw.title)
    title = " ".join(title.split()) if title and title.strip() else None
    # A feed's description is text besides its title also where it says the same; a page that only has its title has none.
    words = count_words(text) if raw.origin == "entry" else count_words_besides(text, title)
    if words < MIN_WORDS:
        raise ExtractError("too-short" if text else "no-text", f"{count_words(text)} words of text")
    outlet, outlet_name = name_outlet(raw, url)
    authors = clean_authors(list(raw.authors), None)
    return ExtractedArticle(
        source_uri=raw.source_uri,
        origin=raw.origin,
        url=url or raw.source_uri,
        outlet=outlet,
        text=text,
        outlet_name=outlet_name,
        title=title,
        guid=raw.guid,
        language=identify_language(text, raw.language or page.language or raw.settings.language),
        authors=(authors or page.authors) if own else (page.authors or authors),
        tags=raw.tags or page.tags,
        section=page.section or raw.settings.category,
        published=date_article(raw, page.published, url, seen),
        modified_at=page.modified_at or parse_instant(raw.modified, raw.settings.timezone, seen).at,
        fetched_at=raw.fetched_at,
        retrieved_at=_retrieved(raw),
        http_status=raw.http_status,
        encoding=raw.encoding,
        timezone=raw.settings.timezone,
        partial=raw.partial,
        position=raw.position,
        entry_key=raw.entry_key,
    )


def date_article(raw: RawArticle, page: PublishedAt, url: str | None, seen: dt.datetime) -> PublishedAt:
    """The publication: what the source says, the better written first; the address; `--published` as a last resort."""
    zone = raw.settings.timezone
    source = raw.published_source or (
        "feed" if raw.origin == "entry" else "text" if raw.origin == "capture" else "meta"
    )
    # A capture shows its date among other words.
    read = find_instant if raw.origin == "capture" else parse_instant
    said = read(raw.published or "", zone, seen, source)
    choices = [page, said] if raw.origin == "page" else [said, page]
    known = [at for at in choices if at.at is not None]
    if known:
        return min(known, key=lambda at: _QUALITY[at.quality])
    for at in (date_of_url(url, seen), parse_instant(raw.settings.published, zone, None, "option")):
        if at.at is not None:
            return at
    return UNDATED


def keep_text(text: str) -> str:
    """Text as it is: line ends made one kind, NUL and white space around it dropped, lines kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.strip()[:MAX_TEXT].rstrip()


def read_entry_text(raw: RawArticle) -> str:
    """Plain paragraphs of a feed entry."""
    text = tidy_paragraphs(raw.text or "") if raw.html is None else plain_paragraphs(raw.html)
    lines = text.split("\n")
    while lines and _SYNDICATION.match(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def plain_paragraphs(html: str) -> str:
    r"""Text of a piece of markup, a block a line.

    >>> plain_paragraphs("<p>One &amp; two</p><p>Three<br>four</p>")
    'One & two\nThree\nfour'
    """
    try:
        tree = lxml_html.fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return tidy_paragraphs(re.sub(r"<[^<>]*>", " ", html))
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    parts: list[str] = []
    _walk(tree, parts)
    return tidy_paragraphs("".join(parts))


def _walk(tree: lxml_html.HtmlElement, parts: list[str]) -> None:
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if not isinstance(element.tag, str):
            parts.append(element.tail or "")
        elif event == "start":
            if element.tag in _BLOCKS:
                parts.append("\n")
            parts.append(element.text.replace("\n", " ") if element.text else "")
        else:
            if element.tag in _BLOCKS:
                parts.append("\n")
            parts.append(element.tail.replace("\n", " ") if element.tail and element is not tree else "")


def count_words_besides(text: str, title: str | None) -> int:
    """Words of a text, without those of its title where it begins with it."""
    folded, heading = " ".join(text.split()).casefold(), " ".join((title or "").split()).casefold()
    if heading and folded.startswith(heading):
        folded = folded[len(heading) :]
    return count_words(folded)


def _page_url(url: str | None, canonical: str | None) -> str | None:
    """The address of a page: its own word for it, where that stays on the site it came from."""
    if canonical is None:
        return url
    if url is None or is_redirector(url) or is_same_site(url, canonical):
        return canonical
    return url


def _retrieved(raw: RawArticle) -> dt.datetime | None:
    return raw.fetched_at or parse_instant(raw.retrieved).at
