"""Is this page an article? Home pages, consent walls, paywall stubs and error pages that pass for one."""

import re

from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.metadata import PageMetadata
from transforms.article.page_blocks import read_blocks
from transforms.article.page_kind import read_titles, show_blocks, weigh_page
from transforms.article.walls import asks_for_scripts, find_check, find_consent, find_error, find_stub
from transforms.article.words import count_words

_PARTS = re.compile(r"\s+[-–—|•·»:]+\s+")


def check_page(
    tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None, *, fed: bool = False
) -> None:
    """Lets articles pass.

    Args are those of `weigh_page`, which has the last word.

    Raises:
        ExtractError: `no-text`, `not-an-article`, `consent-wall`, `paywall`, `bot-check` or `error-page`.
    """
    body = tree.find(".//body")
    blocks = read_blocks(body if body is not None else tree)
    shown = show_blocks(blocks)
    titles = _split_titles(read_titles(tree, page))
    kind = weigh_page(tree, page, text, url, blocks, fed=fed)
    if check := find_check(tree, titles, text, shown):
        raise ExtractError("bot-check", check)
    if message := find_error(titles, text, shown):
        raise ExtractError("error-page", message)
    if "service_title" not in kind.signs:
        if subjects := find_consent(text, shown):
            raise ExtractError("consent-wall", f"the page speaks of {subjects}"[:500])
        if stub := find_stub(page, text, blocks):
            raise ExtractError("paywall", stub)
    if asks_for_scripts(text, shown):
        raise ExtractError("no-text", "the page asks for JavaScript and shows nothing else")
    if not kind.is_article:
        found = f"{', '.join(sorted(kind.signs))} (weighs {kind.pro - kind.contra:g}; {count_words(text)} words found)"
        raise ExtractError("not-an-article", found)
    if not text:
        raise ExtractError("no-text", "no article text on the page")


def _split_titles(titles: list[str]) -> list[str]:
    """Titles whole and in parts: a site's name stands before or behind an error's."""
    parts = [part for title in titles for part in _PARTS.split(title) if title.count(" ") <= 30]
    return [*titles, *(part for part in parts if part)]
