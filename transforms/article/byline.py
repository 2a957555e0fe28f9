"""What stands around the headline of a page: who wrote it and when it was published."""

import itertools
import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

# The byline stands within this many characters of text behind the headline, or this many elements.
REACH_CHARS = 900
REACH_ELEMENTS = 160
# Above it a line or two stand between the headline and what is no part of the article.
ABOVE_CHARS = 160
ABOVE_ELEMENTS = 40
ABOVE_LEVELS = 5
MAX_LINE = 160
MAX_MARKED = 50

_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|authors|byline|contributor|writer|reporter|creator)s?(?:$|[\s_-])|author-?name|byline",
    re.IGNORECASE,
)
_NOT_AUTHOR_CLASS = re.compile(
    r"bio|avatar|image|photo|social|follow|twitter|comment|date|time|caption|related|more|share|title|role|job(?:$|[\s_-])|desc",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:(?:(?:story|written|reported|posted|published|words|text|report)\s+)?by[:\s]+|(?:authors?|contributors?|reporters?|writers?):\s*)(?=\S)",
    re.IGNORECASE,
)
_ONLY_BY = re.compile(
    r"^(?:(?:story|written|reported|posted|words)\s+)?by\s*:?$|^(?:authors?|contributors?|reporters?|writers?)\s*:?$",
    re.IGNORECASE,
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|by|profiles?|people|staff|reporters?|contributors?|journalists?|writers?|editors?|columnists?)/[^/]",
    re.IGNORECASE,
)
_AUTHORS = etree.XPath("descendant::*[contains(concat(' ', @itemprop, ' '), ' author ')]")
_OTHER_THING = re.compile(r"/(?:Comment|UserComments|Review|Product|Offer|Answer)$", re.IGNORECASE)
_CUT = re.compile(
    r"\s*(?:[|•·—@(]|\s[-–]\s|\d|\b(?:updated|published|posted|last modified|follow|read|email|contact|for|in|on|at|is an?|senior|staff"
    r"|special|editor|reporter|correspondent|writer|contributor|columnist"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)(?=\s+\d)|mon|tues|wednes|thurs|fri|satur|sun)\b)",
    re.IGNORECASE,
)
MAX_NAME_WORDS = 14
_SECTIONS = frozenset(
    ["news", "world", "politics", "business", "sport", "sports", "tech", "technology", "opinion", "culture", "science", "health", "travel",
     "home", "latest", "top", "stories", "local", "national", "international", "breaking", "press", "release", "last", "updated",
     "published", "posted", "read", "more", "the", "life", "style", "money", "markets", "economy", "editorial", "share", "print"]
)  # fmt: skip
_PARTICLES = frozenset(
    ["and", "de", "van", "von", "der", "al", "bin", "&", "da", "di", "la", "le", "el", "du", "des", "del", "ter", "ten"]
)
_SKIPPED = frozenset(["script", "style", "noscript", "template", "svg", "option", "select", "nav", "button"])
# What stands above a headline and is no part of its article.
_ABOVE_ENDS = frozenset(["nav", "header", "footer", "ul", "ol", "form", "h1"])


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


def lines_above(heading: lxml_html.HtmlElement) -> Iterator[tuple[lxml_html.HtmlElement, str]]:
    """Short pieces of text right above a headline, the nearest first, up to navigation, a header or an article's beginning."""
    spent = 0
    for count, element in enumerate(_preceding(heading)):
        if count > ABOVE_ELEMENTS or element.tag in _ABOVE_ENDS:
            return
        own = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        spent += len(own)
        if spent > ABOVE_CHARS:
            return
        if own or element.tag == "time":
            yield element, " ".join(element.text_content().split())[:MAX_LINE]


def _preceding(heading: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The elements before one, the nearest first, those that hold it left out."""
    node = heading
    for _ in range(ABOVE_LEVELS):
        for sibling in node.itersiblings(preceding=True):
            yield from _backwards(sibling)
        node = node.getparent()
        if node is None or node.tag in ("article", "main", "body", "html"):
            return


def _backwards(element: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """What is shown of an element, the last first; of what ends the search nothing but itself."""
    if element.tag in _ABOVE_ENDS:
        yield element
    elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
        for child in reversed(element):
            yield from _backwards(child)
        yield element


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


def authors_near(lines: list[tuple[lxml_html.HtmlElement, str]], *, bare: bool = True) -> list[str]:
    """The authors' names that the lines near a headline give, still as they are written; `bare` ones right above a date too."""
    found: list[str] = []
    after_by = False
    for element, text in lines:
        name = cut_name(text) if after_by else _name_in(element, text)
        after_by = _ONLY_BY.match(text) is not None
        if name:
            found.append(name)
    if not found and bare:
        # A bare name right above the date is a byline too.
        pairs = itertools.pairwise(lines[:7])
        found = [
            text for (_, text), (_, behind) in pairs if _is_bare_name(text) and re.search(r"\b(?:19|20)\d\d\b", behind)
        ][:1]
    return found


def marked_authors(tree: lxml_html.HtmlElement) -> list[str]:
    """The authors that a page's microdata names (schema.org's `author`), those of its comments and reviews left out."""
    found = []
    for element in _AUTHORS(tree)[:MAX_MARKED]:
        if any(_OTHER_THING.search(above.get("itemtype") or "") for above in element.iterancestors()):
            continue
        inside = itertools.islice(element.iter(), REACH_ELEMENTS)
        named = next((one for one in inside if one.get("itemprop") == "name"), element)
        words = named.get("content") or "".join(itertools.islice(named.itertext(), REACH_ELEMENTS))
        name = cut_name(" ".join(words.split())[:MAX_LINE], fewest=1)
        if name:
            found.append(name)
    return found


def byline_anywhere(tree: lxml_html.HtmlElement) -> list[str]:
    """The name in the first element of a page that calls itself its byline, wherever it stands."""
    for element in tree.iter("span", "div", "p", "a", "address", "cite", "em"):
        if re.search(r"byline|(?:^|\s)author(?:$|\s|-name)", _marks(element), re.IGNORECASE):
            text = " ".join(element.text_content().split())
            name = cut_name(text) if len(text) <= MAX_LINE and not _NOT_AUTHOR_CLASS.search(_marks(element)) else None
            if name:
                return [name]
    return []


def _is_bare_name(text: str) -> bool:
    words = text.split()
    plain = all(
        word.isalpha() and word[0].isupper() and not word.isupper() and word.lower() not in _SECTIONS for word in words
    )
    return 2 <= len(words) <= 3 and plain


def _name_in(element: lxml_html.HtmlElement, text: str) -> str | None:
    marks = _marks(element)
    match = _BY.match(text)
    if match:
        return cut_name(text[match.end() :], fewest=1)
    if _AUTHOR_LINK.search(element.get("href") or "") or "author" in (element.get("rel") or "").split():
        return cut_name(text, fewest=1)
    if _AUTHOR_CLASS.search(marks) and not _NOT_AUTHOR_CLASS.search(marks):
        return cut_name(text)
    if _NOT_AUTHOR_CLASS.search(marks):
        return None
    parent = element.getparent()
    inside = [parent] if parent is not None else []
    if inside and re.search(r"(?:^|\s)(?:name|fn)(?:\s|$)", marks):
        inside += [above for above in [parent.getparent()] if above is not None]
    if any(_AUTHOR_CLASS.search(_marks(above)) and not _NOT_AUTHOR_CLASS.search(_marks(above)) for above in inside):
        return cut_name(text)
    return None


def _marks(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("rel", "itemprop", "class", "data-testid"))


def cut_name(text: str, fewest: int = 2) -> str | None:
    """The part of a byline that is names: up to a date, a role or a figure; None for fewer than `fewest` words."""
    text = re.sub(r"\s*\([^)]*\)\s*", " ", _BY.sub("", text.strip()))
    match = _CUT.search(text)
    if match:
        text = text[: match.start()]
    text = "" if _ONLY_BY.match(text.strip()) else text.strip(" ,.;:-–—|")
    words = text.split()
    if not fewest <= len(words) <= MAX_NAME_WORDS:
        return None
    plain = (word for word in words if word[0].isalpha() and word.lower() not in _PARTICLES)
    return text if all(word[0].isupper() for word in plain) else None
