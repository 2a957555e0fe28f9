"""What stands around the headline of a page: who wrote it and when it was published."""

import re
from collections.abc import Iterator

from lxml import html as lxml_html

# The byline stands within this many characters of text behind the headline, or this many elements.
REACH_CHARS = 900
REACH_ELEMENTS = 160
MAX_LINE = 160

_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|authors|byline|contributor|writer|reporter|creator)s?(?:$|[\s_-])|author-?name|byline",
    re.IGNORECASE,
)
_NOT_AUTHOR_CLASS = re.compile(
    r"bio|avatar|image|photo|social|follow|twitter|comment|date|time|caption|related|more|share|title|role|job",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:(?:story|written|reported|posted|published|words|text|report)\s+)?by[:\s]+(?=\S)", re.IGNORECASE)
_SKIPPED = frozenset(["script", "style", "noscript", "template", "svg", "option", "select", "nav", "button"])


def lines_near(heading: lxml_html.HtmlElement) -> Iterator[tuple[lxml_html.HtmlElement, str]]:
    """Short pieces of text behind a headline, in order, each with its element; the body ends them."""
    spent = 0
    for count, element in enumerate(_following(heading)):
        if count > REACH_ELEMENTS or spent > REACH_CHARS:
            return
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            continue
        own = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        spent += len(own)
        if element.tag == "time" or element.get("datetime"):
            yield element, " ".join(element.text_content().split())[:MAX_LINE]
        elif own:
            text = " ".join(element.text_content().split())
            if len(text) <= MAX_LINE:
                yield element, text


def _following(heading: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The elements behind one in the order of the document, those inside it left out."""
    node = heading
    while node is not None:
        sibling = node.getnext()
        while sibling is not None:
            if sibling.tag not in _SKIPPED:
                yield from sibling.iter()
            sibling = sibling.getnext()
        node = node.getparent()


def machine_time(element: lxml_html.HtmlElement) -> str | None:
    """The machine-readable time of an element that shows one."""
    for name in ("datetime", "data-datetime", "data-published", "data-timestamp", "data-time", "data-date", "title"):
        value = (element.get(name) or "").strip()
        if re.search(r"\d{4}-\d\d-\d\d|^\d{10}(\d{3})?$", value):
            return value
    if element.get("itemprop") in ("datePublished", "dateCreated"):
        return element.get("content") or None
    return None


def names_in(element: lxml_html.HtmlElement, text: str) -> str | None:
    """The author's name that a piece of text near the headline gives, still as it is written."""
    marks = f"{element.get('rel') or ''} {element.get('itemprop') or ''} {element.get('class') or ''} {element.get('data-testid') or ''}"
    href = element.get("href") or ""
    match = _BY.match(text)
    if match:
        return cut_name(text[match.end() :])
    if re.search(r"/(?:authors?|by|profiles?|people|staff|reporters?|contributors?|journalists?)/[^/]", href) or (
        _AUTHOR_CLASS.search(marks) and not _NOT_AUTHOR_CLASS.search(marks)
    ):
        return cut_name(text)
    return None


_CUT = re.compile(
    r"\s*(?:[|•·—@(]|\s[-–]\s|\d|\b(?:updated|published|posted|last modified|follow|read|email|contact|for|in|on|at|is a|is an|senior|staff|special|editor|reporter|correspondent|writer|contributor|columnist|mon|tues|wednes|thurs|fri|satur|sun)\b)",
    re.IGNORECASE,
)


def cut_name(text: str) -> str | None:
    """The part of a byline that is names: up to a date, a role or a figure."""
    text = _BY.sub("", text.strip())
    match = _CUT.search(text)
    if match and match.start() > 0:
        text = text[: match.start()]
    elif match:
        return None
    text = text.strip(" ,.;:-–—|")
    words = text.split()
    if not 1 < len(words) <= 14 or not all(
        word[0].isupper()
        or word.lower()
        in (
            "and",
            "de",
            "van",
            "von",
            "der",
            "al",
            "bin",
            "&",
            "da",
            "di",
            "la",
            "le",
            "el",
            "du",
            "des",
            "del",
            "ter",
            "ten",
        )
        for word in words
        if word[0].isalpha()
    ):
        return None
    return text
