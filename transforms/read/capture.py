"""Page captures: plain text copied off a web page, without its navigation, counters and footers."""

import re
from collections import Counter

from schemas.source import Document, RawArticle
from transforms.article.errors import ExtractError
from transforms.article.urls import domain_of_host, has_public_suffix
from transforms.read.capture_date import find_date
from transforms.read.capture_lines import Line, find_body, keep_lines, read_lines
from transforms.read.capture_title import find_opening, find_title
from transforms.read.charset import decode_html, decompress

# The longest pages of news sites come to some 2,000 lines.
MAX_LINES = 10_000
# Characters beside an address that may say whose it is; a line may be of any length.
MAX_OWNED = 40
_HOST = re.compile(r"(?<![@\w.-])(?:https?://)?(?:www\.)?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})(?![\w@-])")
_OWNED = re.compile(r"(?:©|\(c\)|copyright|hyperlink to|link to)\W{0,3}(?:(?:19|20)\d\d)?\W{0,3}$", re.IGNORECASE)
_OWNER = re.compile(r"^\W{0,3}(?:©|\(c\)|copyright|all rights)", re.IGNORECASE)
_PLATFORMS = re.compile(
    r"^(?:facebook|twitter|x|instagram|youtube|linkedin|t|telegram|whatsapp|google|apple|tiktok|pinterest|reddit|bit|doi|youtu|getty|gmail|wordpress|ap|disqus|outbrain|taboola)\.",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(?:loading|advertisement|share|print|menu|search|home)(?=[A-Z][a-z])")


def read_capture(document: Document) -> RawArticle:
    """Reads a page capture as one raw article: its body, title, site and date where the text shows them.

    Raises:
        ExtractError: `empty`, `too-large`, `bad-compression`, `bad-encoding` or `no-text`.
    """
    text, encoding = decode_html(decompress(document.body), document.content_type)
    text = text.replace("\x00", "")
    if not text.strip():
        raise ExtractError("empty", "no characters but white space")
    if text.count("\n") > MAX_LINES:
        raise ExtractError("too-large", f"more than {MAX_LINES:,} lines: no capture of one page")
    lines = read_lines(text)
    first, last = find_body(lines)
    if first == last:
        raise ExtractError("no-text", "no running text among the lines")
    opening = find_opening(lines, first, last)
    title_at = find_title(lines, first, last)
    dated = find_date(lines, title_at, opening, last)
    start = max(first, title_at + 1) if title_at is not None else first
    body = keep_lines(lines, start, last)
    if not body:
        raise ExtractError("no-text", "no running text among the lines")
    return RawArticle(
        source_uri=document.source_uri,
        origin="capture",
        text="\n".join(body),
        title=_GLUED.sub("", lines[title_at].text) if title_at is not None else None,
        published=dated,
        published_source="text" if dated else None,
        authors=find_authors(lines, title_at, opening),
        outlet_name=find_site(lines, first, last),
        settings=document.settings,
        http_status=document.http_status,
        fetched_at=document.fetched_at,
        encoding=encoding,
    )


def find_authors(lines: list[Line], title_at: int | None, opening: int) -> tuple[str, ...]:
    """Names in a byline between headline and body."""
    if title_at is None:
        return ()
    for line in lines[title_at + 1 : opening]:
        if line.kind == "byline" and re.search(r"\b(?:by|from)\b", line.text, re.IGNORECASE):
            name = re.split(
                r"\s+[-–|•·]\s+|, in |\s+\d",
                re.sub(r"^(?:written |reported |story )?by[ :]+", "", line.text, flags=re.IGNORECASE),
            )[0]
            if 1 < len(name.split()) <= 12:
                return (name,)
    return ()


def find_site(lines: list[Line], first: int, last: int) -> str | None:
    """The site that a capture names outside its body: in a copyright notice, or more than once."""
    outside = [line.text for line in (*lines[:first], *lines[last:])]
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in outside:
        for match in _HOST.finditer(text):
            host = match.group(1)
            domain = domain_of_host(host) if has_public_suffix(host) else None
            if domain is None or _PLATFORMS.match(domain):
                continue
            before = text[max(0, match.start() - MAX_OWNED) : match.start()]
            behind = text[match.end() : match.end() + MAX_OWNED]
            owns = _OWNED.search(before) or _OWNER.match(behind)
            counts[domain] += 2 if owns else 1
            written.setdefault(domain, host)
    if not counts:
        return None
    domain, weight = counts.most_common(1)[0]
    return written[domain] if weight >= 2 else None
