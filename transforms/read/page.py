"""Pages: the bytes of an HTML document become a raw article."""

import re

from schemas.source import Document, RawArticle
from transforms.article.errors import ExtractError
from transforms.read.charset import decode_html, decompress

# libxml2 gives up behind 256 levels and drops what is below without a word; html, body and a p are not counted here.
MAX_DEPTH = 252
# libxml2 compares each attribute of a tag with all others.
MAX_ATTRIBUTES = 5_000
_LONG_TAG = 2 * MAX_ATTRIBUTES
_ATTRIBUTE = re.compile(r"\s[^\s\"'<>/=]{1,100}=")

# What stands inside these is no markup, up to their closing tag.
_OPAQUE = frozenset(["script", "style", "textarea", "title"])
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "keygen",
        "frame",
    ]
)
# Elements that the next of their kind closes.
_SELF_CLOSING = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
        "optgroup",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "html",
        "head",
        "body",
    ]
)

# The rest of a tag behind its name; then a tag that opens or closes a level, or else any "<", behind all that does neither.
_REST = r"[^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+>"
_FLAT = rf"</?(?:{'|'.join(sorted(_VOID | _SELF_CLOSING))})(?![a-z0-9:-]){_REST}"
_TAG = re.compile(rf"[^<]*+(?:{_FLAT}[^<]*+)*+<(?:(!--)|(/?)([a-z][a-z0-9:-]*+){_REST})?+")


def read_page(document: Document) -> RawArticle:
    """Reads an HTML page as one raw article; what led to it stands in for what the page itself doesn't say.

    Raises:
        ExtractError: `empty`, `too-large`, `bad-compression`, `bad-encoding` or `html-too-deep`.
    """
    body = decompress(document.body)
    if not body.strip(b"\x00\t\n\r\f "):
        raise ExtractError("empty", "no bytes but white space")
    html, encoding = decode_html(body, document.content_type)
    html = html.replace("\x00", "")
    if not html.strip():
        raise ExtractError("empty", "no characters but white space")
    check_markup(html)
    entry = document.entry
    return RawArticle(
        source_uri=document.source_uri,
        origin="page",
        url=document.url or (entry.url if entry else None),
        html=html,
        settings=document.settings,
        http_status=document.http_status,
        fetched_at=document.fetched_at,
        encoding=encoding,
        guid=entry.guid if entry else None,
        title=entry.title if entry else None,
        published=entry.published if entry else None,
        published_source=entry.published_source or "feed" if entry and entry.published else None,
        modified=entry.modified if entry else None,
        authors=entry.authors if entry else (),
        tags=entry.tags if entry else (),
        language=entry.language if entry else None,
        outlet_name=entry.outlet_name if entry else None,
        feed_title=entry.feed_title if entry else None,
        partial=entry.partial if entry else False,
        position=entry.position if entry else 0,
        entry_key=entry.entry_key if entry else 0,
        site_url=entry.site_url if entry else None,
    )


def check_markup(html: str) -> None:
    """Refuses what the HTML parser would not read whole, or not in time.

    Raises:
        ExtractError: `too-large` or `html-too-deep`.
    """
    if count_attributes(html) > MAX_ATTRIBUTES:
        raise ExtractError("too-large", f"a tag with more attributes than the {MAX_ATTRIBUTES:,} that are read")
    depth = measure_depth(html)
    if depth > MAX_DEPTH:
        raise ExtractError("html-too-deep", f"nested {depth} deep or deeper; at most {MAX_DEPTH} are followed")


def count_attributes(html: str) -> int:
    """The most attributes that one tag has, of those so long that it may matter."""
    tags = (piece.partition(">")[0] for piece in html.split("<") if len(piece) > _LONG_TAG)
    return max((sum(1 for _ in _ATTRIBUTE.finditer(tag)) for tag in tags if len(tag) > _LONG_TAG), default=0)


def measure_depth(html: str, limit: int = 2 * MAX_DEPTH) -> int:
    """How deep the elements of a page are nested, counted up to `limit`.

    A closing tag closes the nearest open element of its name and all in it; one that was never opened does nothing.
    """
    deepest = 0
    stack: list[str] = []
    open_names: dict[str, int] = {}
    lower = html.lower()
    position = 0
    last = {end: lower.rfind(end) for end in ("-->", *(f"</{name}" for name in _OPAQUE))}
    while (match := _TAG.match(lower, position)) is not None:
        position = match.end()
        comment, closing, name = match.groups()
        if comment:
            position = _behind(lower, "-->", position, last)
        elif closing:
            _close(name, stack, open_names)
        elif name in _OPAQUE:
            position = _behind(lower, f"</{name}", position, last)
        elif name:
            stack.append(name)
            open_names[name] = open_names.get(name, 0) + 1
            deepest = max(deepest, len(stack))
            if deepest >= limit:
                break
    return deepest


def _close(name: str, stack: list[str], open_names: dict[str, int]) -> None:
    """Closes the nearest open element of a name and all in it."""
    if not open_names.get(name):
        return
    while True:
        closed = stack.pop()
        open_names[closed] -= 1
        if closed == name:
            return


def _behind(text: str, end: str, position: int, last: dict[str, int]) -> int:
    """Position behind the next `end`; where there is none any more, the parser reads on from here."""
    return text.find(end, position) + len(end) if last[end] >= position else position
