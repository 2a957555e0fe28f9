"""The body of a page: plain paragraphs, by trafilatura, without what it takes along."""

import re
import sys
import unicodedata

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.furniture import is_furniture
from transforms.article.metadata import PageMetadata
from transforms.article.words import count_words

MAX_TEXT = 1_000_000
# trafilatura's time grows with the square of lists and table cells; of 2,700 pages of the web the largest has 11,500 elements.
MAX_ELEMENTS = 15_000
# A body in the page's JSON-LD that is so much longer than what was found is the whole of a page cut in two.
LONGER = 1.6
# Share of a block's text that stands in links when it leads elsewhere instead of saying something.
LINKED = 0.9
LIST_LINKED = 0.7
MAX_LINKED_CHARS = 250
# Where the page's plain paragraphs hold so many times the words that were found, a part of the article was missed.
MISSED = 2.5
FEW_WORDS = 60
MIN_PARAGRAPH = 8
# What stands under a picture.
_CAPTION = re.compile(
    r"(?:^|[\s_-]|image|photo|picture)caption(?!ed|ing)|(?:image|photo|picture)[-_]?credit", re.IGNORECASE
)
_MARKED_CAPTIONS = etree.XPath(
    "descendant::*[self::p or self::div or self::span or self::figcaption][contains(@class, 'aption') or contains(@class, 'redit')]"
)
MAX_CAPTION_CHARS = 600
# What stands beside an article, by tag and by class.
_BESIDE = re.compile(
    r"comment|respond|disqus|repl(?:y|ies)|relat|recommend|side-?bar|newsletter|footer|cookie|consent|modal|popup|teaser|promo"
    r"|more-|infinite|next-|timeline|ticker|feedback|testimonial",
    re.IGNORECASE,
)
_ASIDE = frozenset(["nav", "footer", "aside", "form", "figure", "header", "noscript", "dialog"])

_LEAD_IN = re.compile(
    r"^(?:read (?:more|also|next)|also read|related|see also|more|watch|listen|recommended)\b\s*[:|»]?\s*",
    re.IGNORECASE,
)


_COUNT = etree.XPath("count(descendant-or-self::*)")
_STRING = etree.XPath("string()", smart_strings=False)
# Values of metadata that stand in the text.
_MACHINE = re.compile(r"(?:https?|ftp)://\S+|\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
# What no XML text may hold (XML 1.0, section 2.2): libxml2 reads it in HTML all the same, and then refuses to move it.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")


def _drop_no_xml(html: str) -> str:
    return _REFERENCE.sub(_keep_reference, _NO_XML.sub(" ", html))


def _keep_reference(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    code = int(digits, 16 if found[1] else 10) if len(digits) < 8 else sys.maxsize
    return " " if code > 0x10FFFF or _NO_XML.match(chr(code)) else found[0]


def parse_html(html: str) -> lxml_html.HtmlElement:
    """Parses a page.

    Raises:
        ExtractError: `no-text` when there is no element in it.
    """
    # lxml refuses a str with an encoding declaration; this one is decoded already.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", _drop_no_xml(html), count=1)
    try:
        return lxml_html.document_fromstring(html)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError("no-text", str(error)[:200]) from error


def extract_body(tree: lxml_html.HtmlElement, page: PageMetadata) -> str:
    """The article's paragraphs, one a line; empty where there are none. The tree is pruned on the way."""
    prune_tree(tree)
    simple = _COUNT(tree) <= MAX_ELEMENTS
    found = (
        trafilatura.extract(tree, output_format="txt", include_comments=False, with_metadata=False) if simple else ""
    )
    text = clean_paragraphs(found or "", page)
    enough = max(FEW_WORDS, MISSED * count_words(text))
    if count_words(" ".join(tree.xpath("descendant::p//text()"))) >= enough:
        plain = clean_paragraphs("\n".join(_paragraphs(tree)), page)
        text = plain if count_words(plain) >= enough else text
    whole = tidy_paragraphs(re.sub(r"<[^>]{1,200}>", " ", page.body or ""))
    if len(whole) > LONGER * max(len(text), 200) and _words(text[:400]) <= _words(whole):
        return clean_paragraphs(whole, page)
    return text


def _paragraphs(tree: lxml_html.HtmlElement) -> list[str]:
    """The paragraphs of a page outside its navigation, comments and the like."""
    out = []
    for element in tree.iter("p"):
        text = _text(element)
        if len(text.split()) < MIN_PARAGRAPH or _linked(element) * 2 > len(text):
            continue
        if not any(_is_beside(parent) for parent in element.iterancestors()):
            out.append(text)
    return out


def _is_beside(element: lxml_html.HtmlElement) -> bool:
    if element.tag in ("html", "body"):
        return False
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in _ASIDE or _BESIDE.search(marks) is not None


def prune_tree(tree: lxml_html.HtmlElement) -> None:
    """Takes out what breaks or pads the body: comments inside sentences, paragraphs and lists of nothing but links."""
    # Templates put comments between the words of a paragraph; trafilatura drops what follows one.
    etree.strip_tags(tree, etree.Comment)
    # They are no text; but trafilatura looks into JSON-LD where it finds nothing else.
    for element in list(tree.iter("script", "style")):
        if "json" not in (element.get("type") or ""):
            _drop(element)
    for element in _MARKED_CAPTIONS(tree):
        if _CAPTION.search(element.get("class") or "") and len(_text(element)) <= MAX_CAPTION_CHARS:
            _drop(element)
    for element in list(tree.iter("p")):
        if _leads_elsewhere(element, LINKED, MAX_LINKED_CHARS):
            _drop(element)
    for listing in list(tree.iter("ul", "ol")):
        items = [item for item in listing if item.tag == "li"]
        if len(items) >= 3 and all(_leads_elsewhere(item, LIST_LINKED) for item in items):
            _drop(listing)


def _leads_elsewhere(element: lxml_html.HtmlElement, share: float, most: int = MAX_TEXT) -> bool:
    """Whether so much of an element's text stands in links, a lead-in like `Read more:` left out."""
    if element.find(".//a") is None:
        return False
    text = _text(element)
    text = _LEAD_IN.sub("", text) if element.tag == "p" else text
    return 0 < len(text) <= most and _linked(element) >= share * len(text)


def clean_paragraphs(text: str, page: PageMetadata) -> str:
    """Paragraphs of an extracted text without the headline, the site's furniture and repetitions."""
    headings = {_fold(title) for title in (page.title, page.heading) if title}
    out: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(tidy_paragraphs(text).split("\n")):
        line = re.sub(r"^- +", "", line).strip()
        folded = _fold(line)
        if not line or line == "-" or is_furniture(line) or _MACHINE.fullmatch(line):
            continue
        if len(line) > 60 or folded in headings:
            repeated = folded in seen or (number < 4 and folded in headings)
            seen.add(folded)
            if repeated:
                continue
        out.append(line)
    return "\n".join(out)


def tidy_paragraphs(text: str) -> str:
    """One paragraph a line: inner white space folded, blank lines dropped."""
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_TEXT]


def _text(element: lxml_html.HtmlElement) -> str:
    return " ".join(_STRING(element).split())


def _linked(element: lxml_html.HtmlElement) -> int:
    return sum(len(_text(link)) for link in element.iter("a"))


def _drop(element: lxml_html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _words(text: str) -> set[str]:
    return set(_fold(text).split())
