"""Bytes of markup made safe and plain before a parser sees them. Everything here is linear in its input."""

import html
import re
from collections.abc import Iterator

from feedparser.encodings import convert_to_utf8

_REPLACEMENT = b"&#65533;"
_NUMERIC_REFERENCE = re.compile(rb"(&|&amp;)#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_SINGLE_BYTE_DECLARED = re.compile(
    rb"""<\?xml[^>]*encoding\s*=\s*['"](?:iso-8859-1|iso8859-1|latin-?1|iso-8859-15|windows-1252|cp1252|us-ascii|ascii)['"]""",
    re.IGNORECASE,
)
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>")
_ENCODING_NAME = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?[^>]*?encoding\s*=\s*['"]([^'"]*)['"]""")
_CODECS_OF_PYTHON = frozenset(
    [
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
        "utf_7",
        "u7",
        "unicode_1_1_utf_7",
    ]
)
_DOCTYPE_WITHIN = 16_384  # bytes at the beginning that a document type is looked for in
_SUBSET_END = re.compile(rb"\]\s*>")
_SAFE_ENTITY = re.compile(rb"""<!ENTITY\s+(\w+)\s+"(&#\w{1,8};|[^&"<>]{0,1000})"\s*>""", re.IGNORECASE)
_RELATION = re.compile(rb"""(\srel=["'])http://www\.iana\.org/assignments/relation/""")
_COMMENT_TOKEN = re.compile(rb"(?:<|&lt;)!--|--(?:>|&gt;)")
_ENTRY_TOKEN = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?:[A-Za-z][\w.-]*:)?(item|entry)(?=[\s/>])", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)
_LONG_TAG = re.compile(rb"(?:<|&lt;)[A-Za-z](?:(?!&[lg]t;)[^<>]){8192,}")
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|embed|figure|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|mark|nobr|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul|var|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")

MAX_ATTRIBUTES = 5_000


def to_utf8(body: bytes, content_type: str | None = None) -> tuple[bytes, str | None]:
    """Converts markup to UTF-8 with a declaration that says so.

    The order of trust is feedparser's (byte order mark, header, declaration, detector), with one exception: bytes
    that are UTF-8 beyond ASCII are taken as UTF-8 where a Latin alphabet of one byte is declared, for text in such
    an alphabet is hardly ever valid UTF-8 by accident.

    Returns:
        The bytes, and the encoding they had; None when none fitted.
    """
    if _SINGLE_BYTE_DECLARED.match(body.lstrip()) and not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return _DECLARATION.sub(b"<?xml version='1.0' encoding='utf-8'?>", body), "utf-8"
    body = body.lstrip(b"\r\n\t ")
    if (declared := _ENCODING_NAME.search(body[:1024])) and _is_unusable(declared[1]):
        body = _DECLARATION.sub(b"", body)
    if content_type and _is_unusable(content_type.lower().rpartition("charset=")[2].strip(" ;\"'").encode()):
        content_type = None
    result: dict[str, str] = {}
    try:
        data = convert_to_utf8({"content-type": content_type} if content_type else {}, body, result)
    except (ValueError, LookupError):
        # A declared name that is none, hidden from the search above by an encoding of two bytes.
        return body, None
    return data, result.get("encoding") or None


def _is_unusable(name: bytes) -> bool:
    """Whether a name of an encoding is none, or one of Python's own that no document has and that can be abused."""
    text = name.decode("ascii", "replace").lower().replace("-", "_")
    return text in _CODECS_OF_PYTHON or not re.fullmatch(r"[a-z0-9][\w.:+/; =()]*", text, re.ASCII)


def replace_bad_references(data: bytes) -> bytes:
    """Replaces references to code points that no text can hold, at which feedparser raises (kurtmckee/feedparser#599)."""

    def check(found: re.Match[bytes]) -> bytes:
        digits, base = (found[2], 16) if found[2] else (found[3], 10)
        point = int(digits, base) if len(digits) <= 8 else 0x110000
        valid = point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF and (point >= 0x20 or point in (9, 10, 13))
        return found[0] if valid else found[1] + _REPLACEMENT[1:]

    return _NUMERIC_REFERENCE.sub(check, data)


def disarm_doctype(data: bytes) -> bytes:
    """Keeps of a document type's own declarations only short entities that hold no other, and no backslash.

    Entities of entities are bombs, external ones would read files, and feedparser takes a backslash for part of a
    regular expression (kurtmckee/feedparser#599).
    """
    start = data[:_DOCTYPE_WITHIN].upper().find(b"<!DOCTYPE")
    if start < 0:
        return data
    if data[:start].strip(b" \t").endswith(b">"):
        # feedparser takes it out only where a line begins with it; expat drops the entities of one that stands elsewhere.
        data, start = data[:start] + b"\n" + data[start:], start + 1
    opened = data.find(b"[", start)
    if opened < 0 or b">" in data[start:opened]:
        return data
    closed = _SUBSET_END.search(data, opened)
    end = closed.end() if closed else opened + 1
    entities = b"".join(
        b'\n<!ENTITY %s "%s">' % (found[1], found[2].replace(b"\\", b"&#92;"))
        for found in _SAFE_ENTITY.finditer(data, opened, end)
        if b"\\" not in found[2] or b"&" not in found[2]
    )
    return data[: opened + 1] + entities + b"\n]>" + data[end:]


def drop_controls(data: bytes) -> bytes:
    """Drops the control bytes that XML forbids and that would cost the whole document its strict reading."""
    return _CONTROL.sub(b"", data)


def shorten_relations(data: bytes) -> bytes:
    """Writes the relation of a link by its registered name, where it stands as an address (RFC 4287, section 4.2.7.2)."""
    return _RELATION.sub(rb"\1", data)


def collapse_comments(data: bytes) -> bytes:
    """Drops comment openers inside a comment that never closes; each would be searched to the end of the document."""
    openers, closers = data.count(b"!--"), data.count(b"--")
    if openers < 50 or openers <= closers // 2:
        return data
    parts: list[bytes] = []
    position, inside = 0, False
    for found in _COMMENT_TOKEN.finditer(data):
        opens = found[0].endswith(b"!--")
        if opens and inside:
            parts.append(data[position : found.start()])
            position = found.end()
        inside = opens
    parts.append(data[position:])
    return b"".join(parts)


def most_attributes(data: bytes) -> int:
    """The largest number of attributes in one tag, counted only where a tag is longer than 8 KB."""
    return max((found[0].count(b"=") for found in _LONG_TAG.finditer(data)), default=0)


def entry_tags(data: bytes) -> Iterator[tuple[int, bool]]:
    """Yields position and whether it opens, for every `item` or `entry` tag outside CDATA and comments."""
    position, comments_end = 0, True
    while found := _ENTRY_TOKEN.search(data, position):
        position = found.end()
        if found[0].startswith(b"<![CDATA["):
            position = data.find(b"]]>", position)
            if position < 0:
                return
        elif found[0] == b"<!--":
            end = data.find(b"-->", position) if comments_end else -1
            comments_end = end >= 0
            position = end if comments_end else position
        else:
            closing = found[1] == b"/"
            yield found.start(), not closing
            end = data.find(b">", position)
            if not closing and end > 0 and data[end - 1 : end] == b"/":
                yield end - 1, False


def end_of_tag(data: bytes, start: int) -> int:
    """Position behind the tag that begins at `start`, or that a self-closing tag ends with."""
    end = data.find(b">", start)
    return len(data) if end < 0 else end + 1


def drop_nested_entries(data: bytes) -> bytes:
    """Removes entries inside entries, where each that opens also closes; readers would count them twice."""
    tags = list(entry_tags(data))
    if sum(1 if opens else -1 for _, opens in tags):
        return data
    parts: list[bytes] = []
    depth, kept_to = 0, 0
    for start, opens in tags:
        if opens:
            depth += 1
            if depth == 2:
                parts.append(data[kept_to:start])
        else:
            depth -= 1
            if depth == 1:
                kept_to = end_of_tag(data, start)
            elif depth < 0:
                return data
    return b"".join([*parts, data[kept_to:]]) if parts else data


def cap_entries(data: bytes, limit: int) -> tuple[bytes, int]:
    """Cuts the entries after the first `limit` out of a feed; returns what is left and how many were cut."""
    tags = list(entry_tags(data))
    openers = [start for start, opens in tags if opens]
    if len(openers) <= limit:
        return data, 0
    closers = [start for start, opens in tags if not opens]
    tail = end_of_tag(data, closers[-1]) if closers else len(data)
    return data[: openers[limit]] + data[max(tail, openers[limit]) :], len(openers) - limit


def is_cut(data: bytes) -> bool:
    """Whether the end of the feed's root element is missing."""
    return not _ROOT_END.search(data[-4096:]) and not _ROOT_END.search(data)


def is_cut_inside_entry(data: bytes) -> bool:
    """Whether a cut feed ends inside an entry: then the last one was read in half."""
    depth = 0
    for _, opens in entry_tags(data):
        depth = 1 if opens else 0
    return depth == 1 and is_cut(data)


def plain_text(value: str | None) -> str | None:
    """A title as one line of plain text: HTML tags dropped, references resolved; None when nothing is left.

    >>> plain_text("Rates <b>rise</b> &amp; fall"), plain_text("if a < b"), plain_text(" ")
    ('Rates rise & fall', 'if a < b', None)
    """
    if not value:
        return None
    text = html.unescape(_TAG.sub("", value))
    return _SPACE.sub(" ", _TAG.sub("", text)).strip() or None


def local_name(tag: object) -> str:
    """An element's name without namespace or prefix, in lower case; empty for a comment or processing instruction.

    lxml's own QName raises at the names that its recovering parser lets through.
    """
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def has_markup(value: str) -> bool:
    """Whether a text holds HTML tags or references."""
    return bool(_TAG.search(value)) or html.unescape(value) != value


def join_surrogates(text: str) -> str:
    """A text from JSON with halves of characters joined; one that stands alone becomes U+FFFD, for no file holds it.

    >>> join_surrogates("a" + chr(0xD83D) + chr(0xDE00)) == "a" + chr(0x1F600), join_surrogates(chr(0xD800))
    (True, '\ufffd')
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def repair_text(text: str | None) -> str | None:
    """Undoes a second encoding: UTF-8 that was taken for Latin-1 and written as UTF-8 again.

    >>> repair_text("CafÃ© de la paix"), repair_text("Café")
    ('Café de la paix', 'Café')
    """
    if not text or text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
