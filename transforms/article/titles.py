"""Headlines: the one that stands on the page, without the site's name."""

import html
import re
import unicodedata
from difflib import SequenceMatcher

from lxml import html as lxml_html

_SEPARATOR = re.compile(r"\s+(?:[|•·»«›:~—–]|-{1,2}|::)\s+|\s*[|»]\s*")
_MAX = 500


def choose_title(
    tree: lxml_html.HtmlElement, metas: dict[str, list[str]], jsonld: str | None, site: str | None
) -> str | None:
    """The headline: an h1 that the page's own title or og:title confirms, JSON-LD, og:title, then `<title>`."""
    element = tree.find(".//title")
    named = _tidy(element.text_content() if element is not None else None)
    og = _tidy(next(iter(metas.get("og:title", [])), None) or next(iter(metas.get("twitter:title", [])), None))
    stated = _tidy(jsonld)
    stripped = strip_site(named, site) if named else None
    og_stripped = strip_site(og, site) if og else None
    others = [text for text in (named, og, stated) if text]
    headings = [text for h1 in tree.iter("h1") if (text := _tidy(h1.text_content())) and len(text) <= _MAX]
    for heading in headings:
        if any(_fold(heading) in _fold(other) for other in others) and len(heading.split()) > 1:
            return heading
    for text in (stated, og_stripped, stripped):
        if text and not _is_site(text, site):
            return text
    return headings[0] if headings else None


def strip_site(title: str, site: str | None = None) -> str:
    """A title without the parts around it that name the site or a section.

    >>> strip_site("Ministers meet in Vienna - Politics | The Example", "The Example")
    'Ministers meet in Vienna - Politics'
    """
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    if site:
        for end, cut in ((parts[-1], _cut_last), (parts[0], _cut_first)):
            if _is_site(end, site):
                return cut(title)
    return title


def _cut_last(title: str) -> str:
    last = list(_SEPARATOR.finditer(title))[-1]
    return title[: last.start()].strip()


def _cut_first(title: str) -> str:
    first = _SEPARATOR.search(title)
    return title[first.end() :].strip() if first else title


def _is_site(text: str, site: str | None) -> bool:
    if not site:
        return False
    one, other = _letters(text), _letters(site)
    return bool(one) and (one == other or SequenceMatcher(None, one, other).ratio() > 0.85)


def _letters(text: str) -> str:
    return re.sub(r"[^\w]|_|^the", "", text.casefold())


def _tidy(text: str | None) -> str | None:
    if not text:
        return None
    text = " ".join(html.unescape(text).split())
    return text or None


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘“”", "''\"\""))
    return " ".join(text.split()).casefold()
