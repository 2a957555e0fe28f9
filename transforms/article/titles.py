"""Headlines: the one that stands on the page, without the site's name."""

import html
import re
import unicodedata
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from lxml import html as lxml_html

MAX_TITLE = 500
# Share of a heading's words that the page's other titles must have for it to be the headline in other words.
MIN_SHARED = 0.3
# Search engines show 110 characters of a stated headline, and templates cut it there.
CUT_FROM = 100
_SOCIAL = ("og:title", "twitter:title", "parsely-title", "dc.title")

# Anchors of headings that documentation programs make.
_ANCHOR = re.compile(r"\s*¶+$")
_SEPARATOR = re.compile(r"\s+(?:[|•·»«›~—–]|-{1,2}|::)\s+|\s*[|»]\s*")
_END = re.compile(r"(?:\s+[|•·»«›~—–-]\s+|\s*[|»\[]\s*)[^|•·»«›~—–\[]*$")
_HEADLINE_CLASS = re.compile(r"headline|(?:^|[\s_-])(?:entry|post|article|story)-?_?title", re.IGNORECASE)


def choose_title(
    tree: lxml_html.HtmlElement, metas: dict[str, list[str]], stated: str | None, site: str | None
) -> tuple[str | None, lxml_html.HtmlElement | None]:
    """The headline and the element that shows it.

    The headline that the publisher states in JSON-LD comes first where the page's other titles speak of the same thing, then
    the h1 that they confirm: it is what readers see; then `og:title` and `<title>`. All without the site's name.

    Args:
        tree: the page.
        metas: its meta tags, names in lower case.
        stated: the headline that its JSON-LD gives.
        site: name of the site, where the page gives it.
    """
    element = tree.find(".//title")
    named = _tidy(element.text_content() if element is not None else None)
    social = _tidy(next((metas[name][0] for name in _SOCIAL if name in metas), None))
    stated = _tidy(stated)
    others = [text for text in (social, named) if text]
    site = site if site and _tidy(site) not in others else None
    heading = _choose_heading(tree, [*([stated] if stated else []), *others], site)
    shown = _tidy(heading.text_content()) if heading is not None else None
    if shown and social and named and _is_kicker(shown, social) and _is_kicker(shown, named):
        shown = strip_site(social, site)
    choices = [
        _whole_title(strip_site(stated, site), shown) if stated and _is_backed(stated, shown, others) else None,
        shown,
        social and strip_site(social, site),
        named and strip_site(named, site),
    ]
    title = next((text for text in choices if text and not is_site(text, site)), None)
    if title is None:
        return None, None
    return title[:MAX_TITLE], heading if heading is not None else _find_heading(tree, title)


def _is_backed(stated: str, shown: str | None, others: list[str]) -> bool:
    """Whether the page's other titles speak of what a stated headline does; some sites state a description or a category."""
    if not (shown or others):
        return True
    words, known = _words(stated), _words(" ".join([shown or "", *others]))
    shared = len(words & known)
    return shared == len(words) > 0 or (shared > 1 and shared >= MIN_SHARED * len(words))


def _whole_title(stated: str, shown: str | None) -> str:
    """A stated headline, or the one on the page where the stated one is that cut short, or that with more behind it."""
    if shown is None:
        return stated
    head = _fold(stated.rstrip(".…"))
    longer = _fold(shown).startswith(head) and len(_fold(shown).rstrip(".…")) > len(head)
    cut = longer and (stated.endswith(("...", "…")) or len(stated) >= CUT_FROM)
    tail = stated[len(shown) :] if _fold(stated).startswith(_fold(shown)) else ""
    return shown if cut or _SEPARATOR.match(tail) else stated


def _is_kicker(shown: str, title: str) -> bool:
    """Whether a heading is but what stands before the colon of a title, and less than what follows it."""
    head, colon, rest = _fold(title).partition(":")
    return bool(colon) and head.strip() == _fold(shown) and len(rest.split()) > len(head.split())


def _is_logo(heading: lxml_html.HtmlElement, text: str) -> bool:
    """Whether a heading is but a link to the site's front page."""
    link = heading.find(".//a[@href]")
    if link is None or _tidy(link.text_content()) != text:
        return False
    try:
        parts = urlsplit(link.get("href").strip())
    except ValueError:
        return False
    return parts.path in ("", "/") and not parts.query and (bool(parts.netloc) or parts.path == "/")


def _choose_heading(tree: lxml_html.HtmlElement, others: list[str], site: str | None) -> lxml_html.HtmlElement | None:
    found: list[tuple[float, int, lxml_html.HtmlElement]] = []
    seen: set[str] = set()
    folded = [_fold(text) for text in others]
    # Behind the last separator of a title stands the site's name, which the site's own heading says too.
    known = _words(" ".join(_END.sub("", text) or text for text in others))
    for h1 in tree.iter("h1"):
        text = _tidy(h1.text_content())
        if not text or len(text) > MAX_TITLE or text in seen or is_site(text, site) or _names_site(text, others, site):
            continue
        if _is_logo(h1, text):
            continue
        seen.add(text)
        words = _words(text)
        if any(_fold(text) in other for other in folded) and (len(words) > 1 or text in others):
            score = 2.0
        elif len(words) > 2 and known:
            score = len(words & known) / len(words)
        else:
            score = 0.0
        marks = f"{h1.get('itemprop') or ''} {h1.get('class') or ''}"
        score += 0.2 if _HEADLINE_CLASS.search(marks) else 0.0
        found.append((score, len(words), h1))
    best = max(found, key=lambda item: item[:2], default=None)
    if best is None or best[0] < 2:
        # A heading of a lower rank that says what a title of the page says is better than an h1 that resembles it.
        equal = next((one for text in others if (one := _find_heading(tree, strip_site(text, site))) is not None), None)
        if equal is not None:
            return equal
    if best is None:
        return None
    if best[0] >= MIN_SHARED or (len(found) == 1 and best[1] > 2 and not others):
        return best[2]
    return None


def _find_heading(tree: lxml_html.HtmlElement, title: str) -> lxml_html.HtmlElement | None:
    """The heading of a lower rank that shows a title."""
    wanted = _fold(title)
    for heading in tree.iter("h2", "h3", "h1"):
        if _fold(_tidy(heading.text_content()) or "") == wanted:
            return heading
    return None


def strip_site(title: str, site: str | None = None) -> str:
    """A title without the parts at its ends that name the site, or a section before the site.

    >>> strip_site("Ministers meet in Vienna | Politics | The Example", "The Example")
    'Ministers meet in Vienna'
    >>> strip_site("Talks - a long history - Example News"), strip_site("Q&A: pro-trade voters")
    ('Talks - a long history', 'Q&A: pro-trade voters')
    """
    marks = list(_SEPARATOR.finditer(title))
    if not marks:
        return title
    first, last = marks[0], marks[-1]
    head, tail = title[: first.start()], title[last.end() :]
    if is_site(tail, site):
        rest = title[: last.start()].strip()
        # "Headline | Section | Site": what stands between two bars is no part of the headline.
        inner = list(re.finditer(r"\s*\|\s*", rest))
        if inner and last.group().strip() in ("|", "-", "–") and len(rest[inner[-1].end() :].split()) <= 3:
            rest = rest[: inner[-1].start()].strip()
        return rest or title
    if is_site(head, site):
        return title[first.end() :].strip() or title
    if not site and len(tail.split()) <= 3 and len(title[: last.start()].split()) >= 4:
        return title[: last.start()].strip()
    return title


def is_site(text: str, site: str | None) -> bool:
    """Whether a text is the site's name, give or take an article or a domain ending."""
    if not site:
        return False
    one, other = _letters(text), _letters(site)
    if not one or not other:
        return False
    return (
        one == other
        or (one.startswith(other) and len(one) - len(other) <= 6)
        or SequenceMatcher(None, one, other).ratio() > 0.8
    )


def _names_site(text: str, others: list[str], site: str | None) -> bool:
    """Whether a heading is but an end of a title, behind or before a separator, that the page's other titles lack."""
    heading = _fold(text)
    for other in others:
        if not site:
            marks = list(_SEPARATOR.finditer(other))
            if marks and _fold(other[marks[-1].end() :]) == heading and len(other[: marks[-1].start()].split()) > 2:
                return True
        rest = _fold(other).removeprefix(heading).lstrip(" :|-–—•·»")
        if rest != _fold(other) and len(rest.split()) > 2 and any(_fold(title) == rest for title in others):
            return True
    return False


def _letters(text: str) -> str:
    return re.sub(r"^the|[\W_]", "", text.casefold().strip())


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", _fold(text)) if len(word) > 2}


def _tidy(text: str | None) -> str | None:
    if not text:
        return None
    # Twice: templates escape what is escaped already.
    text = html.unescape(html.unescape(text[: 8 * MAX_TITLE]))
    return _ANCHOR.sub("", " ".join(text.split()))[: 2 * MAX_TITLE] or None


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘“”", "''\"\""))
    return " ".join(text.split()).casefold()
