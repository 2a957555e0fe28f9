"""The body of a page: plain paragraphs, by trafilatura."""

import re

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from transforms.article.errors import ExtractError
from transforms.article.metadata import PageMetadata

MAX_TEXT = 1_000_000


def parse_html(html: str) -> lxml_html.HtmlElement:
    """Parses a page.

    Raises:
        ExtractError: `no-text` when there is no element in it.
    """
    # lxml refuses a str with an encoding declaration; this one is decoded already.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html, count=1)
    try:
        return lxml_html.document_fromstring(html)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError("no-text", str(error)[:200]) from error


def extract_body(tree: lxml_html.HtmlElement, page: PageMetadata) -> str:
    """The article's paragraphs, one a line; empty where trafilatura finds none."""
    found = trafilatura.extract(tree, output_format="txt", include_comments=False, with_metadata=False)
    return tidy_paragraphs(found or "")


def tidy_paragraphs(text: str) -> str:
    """One paragraph a line: inner white space folded, blank lines dropped."""
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_TEXT]
