"""Is this page an article? Home pages, consent walls, paywall stubs and error pages that pass for one."""

from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.metadata import PageMetadata


def check_page(tree: lxml_html.HtmlElement, page: PageMetadata, text: str, url: str | None) -> None:
    """Lets articles pass.

    Raises:
        ExtractError: `no-text`, `not-an-article`, `consent-wall`, `paywall` or `error-page`.
    """
    if not text:
        raise ExtractError("no-text", "no article text on the page")
