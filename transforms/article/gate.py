"""Is this page an article? Home pages, consent walls, paywall stubs and error pages that pass for one."""

import functools
import importlib.resources
import re
from urllib.parse import urlsplit

import yaml
from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.metadata import PageMetadata
from transforms.article.words import count_words

# An error page or wall says little; an article about one says more.
MAX_ERROR_WORDS = 150
MAX_WALL_WORDS = 400
# A paid article's open part below this is but its stub.
MAX_STUB_WORDS = 80
MIN_CONSENT_SUBJECTS = 4
LONG_LINE = 20
MANY_LINKED_HEADINGS = 10
MIN_EVIDENCE = 1.0

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")


@functools.cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    text = importlib.resources.files("transforms.article").joinpath("data/gate.yaml").read_text("utf-8")
    return {name: [re.compile(line, re.IGNORECASE) for line in lines] for name, lines in yaml.safe_load(text).items()}


def _matches(group: str, text: str) -> int:
    return sum(pattern.search(text) is not None for pattern in _patterns()[group])


def check_page(tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None) -> None:
    """Lets articles pass.

    Args:
        tree: the page as parsed, nothing taken out of it yet.
        page: its metadata.
        text: the body that extraction found in it.
        url: its address, where one is known.

    Raises:
        ExtractError: `no-text`, `not-an-article`, `consent-wall`, `paywall` or `error-page`.
    """
    words = count_words(text)
    titles = [title for title in (page.title, _shown_title(tree)) if title]
    if words <= MAX_ERROR_WORDS:
        shown = _visible_text(tree) if words < MAX_STUB_WORDS else text
        if any(_matches("error_titles", title) for title in titles) or _matches("error_texts", text or shown[:1500]):
            raise ExtractError("error-page", f"{titles[0] if titles else text[:80]!r}"[:200])
        if not text:
            if _matches("consent", shown[:3000]) >= MIN_CONSENT_SUBJECTS:
                raise ExtractError("consent-wall", "nothing but a notice about cookies and consent")
            raise ExtractError("no-text", "no article text on the page")
        if words < MAX_STUB_WORDS and (page.paywalled or _matches("paywall", shown)):
            raise ExtractError("paywall", f"{words} words of the article are open")
    if words <= MAX_WALL_WORDS and _matches("consent", text) >= MIN_CONSENT_SUBJECTS:
        raise ExtractError("consent-wall", "the text is a notice about cookies and consent")
    against = weigh_against(tree, page, text, url)
    if against >= 1 and weigh_for(page, text) - against < MIN_EVIDENCE:
        raise ExtractError("not-an-article", f"home page, list or index ({words} words found)")


def weigh_for(page: PageMetadata, text: str) -> float:
    """Evidence that a page is an article: what its metadata says, and paragraphs.

    Weights were set on pages of news sites, blogs, shops and forums; only their order matters.
    """
    weight = 2.0 if page.article else 0.0
    weight += 1.5 if page.kind == "article" else 0.0
    weight += 0.5 if page.published.source in ("jsonld", "meta") else 0.0
    paragraphs, all_words = _paragraph_words(text), max(1, count_words(text))
    weight += 1.5 if paragraphs >= all_words / 2 else 0.0
    return weight + (1.0 if paragraphs >= 150 else 0.5 if paragraphs >= 40 else 0.0)


def weigh_against(tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None) -> float:
    """Evidence that a page is a home page, a list or an index: its address, its type, its linked headings."""
    parts = urlsplit(url or page.canonical or "")
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    headings = sum(_is_linked(heading) for heading in tree.iter("h1", "h2", "h3", "h4"))
    paragraphs = _paragraph_words(text)
    weight = 0.0
    if parts.netloc and re.fullmatch(r"/?(?:index\.\w+|home)?/?", parts.path) and not re.search(r"\d{3}", parts.query):
        weight += 3.0 if headings >= 3 or paragraphs < 150 else 1.0
    elif _matches("list_paths", address):
        weight += 1.5
    weight += 1.0 if page.kind in ("website", "blog") else 0.0
    if headings >= MANY_LINKED_HEADINGS and headings * 2 * LONG_LINE > paragraphs:
        weight += 1.0
    return weight


def _paragraph_words(text: str) -> int:
    counts = (count_words(line) for line in text.split("\n") if _SENTENCE_END.search(line))
    return sum(count for count in counts if count >= LONG_LINE)


def _is_linked(heading: lxml_html.HtmlElement) -> bool:
    if heading.find(".//a") is not None:
        return True
    parent = heading.getparent()
    return parent is not None and (
        parent.tag == "a" or (parent.getparent() is not None and parent.getparent().tag == "a")
    )


def _shown_title(tree: lxml_html.HtmlElement) -> str | None:
    element = tree.find(".//title")
    return " ".join(element.text_content().split()) if element is not None else None


def _visible_text(tree: lxml_html.HtmlElement) -> str:
    """Text of the page without scripts and styles; at most 20,000 characters."""
    parts: list[str] = []
    size = 0
    for element in tree.iter():
        if (
            isinstance(element.tag, str)
            and element.tag not in ("script", "style", "noscript", "template")
            and element.text
        ):
            parts.append(element.text)
            size += len(element.text)
        if element.tail:
            parts.append(element.tail)
            size += len(element.tail)
        if size > 20_000:
            break
    return " ".join(" ".join(parts).split())
