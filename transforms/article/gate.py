"""Is this page an article? Home pages, consent walls, paywall stubs and error pages that pass for one."""

import functools
import importlib.resources
import re

import yaml
from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.metadata import PageMetadata
from transforms.article.page_kind import read_visible, weigh_page
from transforms.article.words import count_words

# An error page or wall says little; an article about one says more.
MAX_ERROR_WORDS = 150
MAX_WALL_WORDS = 400
# A paid article's open part below this is but its stub.
MAX_STUB_WORDS = 80
MIN_CONSENT_SUBJECTS = 4


@functools.cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    text = importlib.resources.files("transforms.article").joinpath("data/gate.yaml").read_text("utf-8")
    return {name: [re.compile(line, re.IGNORECASE) for line in lines] for name, lines in yaml.safe_load(text).items()}


def _matches(group: str, text: str) -> int:
    return sum(pattern.search(text) is not None for pattern in _patterns()[group])


def check_page(
    tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None, *, fed: bool = False
) -> None:
    """Lets articles pass.

    Args are those of `weigh_page`, which has the last word.

    Raises:
        ExtractError: `no-text`, `not-an-article`, `consent-wall`, `paywall` or `error-page`.
    """
    words = count_words(text)
    titles = [title for title in (page.title, _shown_title(tree)) if title]
    if words <= MAX_ERROR_WORDS:
        shown = read_visible(tree)[0] if words < MAX_STUB_WORDS else text
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
    kind = weigh_page(tree, page, text, url, fed=fed)
    if not kind.is_article:
        raise ExtractError("not-an-article", f"{', '.join(sorted(kind.signs))} ({words} words found)")


def _shown_title(tree: lxml_html.HtmlElement) -> str | None:
    element = tree.find(".//title")
    return " ".join(element.text_content().split()) if element is not None else None
