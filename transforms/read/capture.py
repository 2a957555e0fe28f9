"""Page captures: plain text copied off a web page, without its navigation, counters and footers."""

import re

from schemas.source import Document, RawArticle
from transforms.article.dates import find_instant
from transforms.article.errors import ExtractError
from transforms.read.charset import decode_html, decompress


def read_capture(document: Document) -> RawArticle:
    """Reads a page capture as one raw article: its body, title, site and date where the text shows them.

    Raises:
        ExtractError: `empty`, `too-large`, `bad-compression`, `bad-encoding` or `no-text`.
    """
    text, encoding = decode_html(decompress(document.body), document.content_type)
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    if not any(lines):
        raise ExtractError("empty", "no characters but white space")
    body = [i for i, line in enumerate(lines) if len(line.split()) >= 16]
    if not body:
        raise ExtractError("no-text", "no line of running text")
    title = next(
        (line for line in reversed(lines[: body[0]]) if len(line.split()) >= 4 and find_instant(line).at is None), None
    )
    dated = next((line for line in lines[: body[0]] if find_instant(line).at is not None), None)
    site = re.search(r"\b((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\s*(?:©|\(c\)|, ?20\d\d| 20\d\d)", "\n".join(lines))
    return RawArticle(
        source_uri=document.source_uri,
        origin="capture",
        text="\n".join(lines[i] for i in body),
        title=title,
        published=dated,
        published_source="text" if dated else None,
        outlet_name=site.group(1).lower() if site else None,
        settings=document.settings,
        encoding=encoding,
    )
