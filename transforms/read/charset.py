"""From the bytes of a page to its text: compression undone under a cap, the character encoding found."""

import codecs
import re
import zlib
from collections.abc import Iterator
from email.message import Message

import charset_normalizer

from transforms.article.errors import ExtractError

MAX_BYTES = 10 * 1024 * 1024
# Share of sequences that may be broken in a text that is taken for UTF-8 all the same.
MAX_BROKEN = 0.02
MAX_BROKEN_CHARS = 0.002
DETECTOR_BYTES = 32_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers read under these labels (WHATWG Encoding Standard, section 4.2), by Python's codec names.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
}
_META = re.compile(
    rb"""<meta[^>]+?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]+)|<\?xml[^>]+?encoding\s*=\s*["']([A-Za-z0-9_:.\-]+)""",
    re.IGNORECASE,
)
# The encodings that a page without any declaration may be in: those of the web (WHATWG) that are in use.
_DETECTED = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2", "iso8859_5", "iso8859_7",
    "iso8859_15", "koi8_r", "koi8_u", "cp866", "cp874", "gb18030", "big5hkscs", "euc_jp", "shift_jis", "euc_kr", "cp932", "cp949",
]  # fmt: skip
_PUBLIC = {
    "cp949": "euc-kr",
    "cp932": "shift_jis",
    "big5hkscs": "big5",
    "cp874": "windows-874",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
}
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SEVEN_BIT = ("iso2022_jp", "hz")


def decompress(body: bytes, limit: int = MAX_BYTES) -> bytes:
    """Undoes gzip, also in several members.

    Raises:
        ExtractError: `too-large` beyond `limit` bytes, `bad-compression` for damaged data.
    """
    if len(body) > limit:
        raise ExtractError("too-large", f"{len(body)} bytes; at most {limit} are read")
    if not body.startswith(b"\x1f\x8b"):
        return body
    out: list[bytes] = []
    size = 0
    data = body
    while data.startswith(b"\x1f\x8b"):
        inflater = zlib.decompressobj(31)
        try:
            piece = inflater.decompress(data, limit - size + 1)
        except zlib.error as error:
            raise ExtractError("bad-compression", str(error)) from error
        out.append(piece)
        size += len(piece)
        if size > limit:
            raise ExtractError("too-large", f"more than {limit} bytes once decompressed")
        if not inflater.eof:
            raise ExtractError("bad-compression", "the gzip file ends before it is complete")
        data = inflater.unused_data
    return b"".join(out)


def decode_html(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text of a page and the name of the encoding it was read in, as the web calls it.

    Order: byte order mark; valid UTF-8; the HTTP header and the page's own meta where they agree or where only one of
    them fits the bytes; a detector.

    Raises:
        ExtractError: `bad-encoding` when nothing fits.
    """
    text, name = _decode_by_codec(body, content_type)
    public = re.sub(r"^iso8859-", "iso-8859-", re.sub(r"^cp(?=125)", "windows-", name))
    return text, _PUBLIC.get(name, public)


def _decode_by_codec(body: bytes, content_type: str | None) -> tuple[str, str]:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    declared = _declared(body, content_type)
    seven_bit = next((name for name in declared if name in _SEVEN_BIT), None)
    if seven_bit and (decoded := _decode(body, seven_bit)) is not None:
        return decoded, seven_bit
    wide = _without_mark(body)
    if wide is not None:
        return body.decode(wide, "replace"), wide
    utf8 = _decode(body, "utf-8")
    if utf8 is not None:
        return utf8, "utf-8"
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    fitting = [(name, text) for name in declared if (text := _decode(body, name)) is not None]
    if len(fitting) == 1:
        return fitting[0][1], fitting[0][0]
    detected = _detect(body, [name for name, _ in fitting])
    if detected is not None and (text := _decode(body, detected)) is not None:
        return text, detected
    if fitting:
        return fitting[0][1], fitting[0][0]
    if declared and declared[0] != "utf-8":
        return body.decode(declared[0], "replace"), declared[0]
    raise ExtractError("bad-encoding", f"declared {', '.join(declared) or 'nothing'}; no encoding fits")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Codecs that header and page name, each once, the header's first."""
    labels = []
    if content_type:
        header = Message()
        header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
        labels.append(header.get_content_charset() or "")
    match = _META.search(body[:8192])
    if match:
        labels.append((match.group(1) or match.group(2)).decode("ascii"))
    names: list[str] = []
    for label in labels:
        name = _codec(label)
        if name and name not in names:
            names.append(name)
    return names


def _codec(label: str) -> str | None:
    label = label.strip().lower()
    try:
        info = codecs.lookup(_LABELS.get(label, label))
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"):
        return None
    return _WIDER.get(info.name, info.name)


def _decode(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        if name != "cp1252":
            return None
        # Browsers read the five bytes that Windows-1252 leaves open as controls.
        return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in body) if _is_latin(body) else None
    except UnicodeError:
        return None


def _is_latin(body: bytes) -> bool:
    open_bytes = sum(body.count(b) for b in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    return open_bytes * 100 < sum(1 for b in body if b >= 0x80)


def _without_mark(body: bytes) -> str | None:
    """UTF-16 that comes without a byte order mark: every other byte of markup is NUL."""
    head = body[:400]
    if len(head) < 8:
        return None
    if head[1::2].count(0) * 10 > len(head[1::2]) * 7 and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) * 10 > len(head[::2]) * 7 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _mostly_utf8(body: bytes) -> bool:
    """Whether a text is UTF-8 with some bytes spoilt: whole sequences outnumber what is broken by far."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return broken <= MAX_BROKEN * whole or (broken <= whole and broken <= MAX_BROKEN_CHARS * len(text))


def _detect(body: bytes, among: list[str]) -> str | None:
    """The detector's choice, from the words that hold more than ASCII; `among` restricts it."""
    sample = b" ".join(_foreign_words(body))[:DETECTOR_BYTES] or body[:DETECTOR_BYTES]
    best = charset_normalizer.from_bytes(sample, cp_isolation=among or _DETECTED).best()
    if best is None and among:
        return None
    return _codec(best.encoding) if best is not None else None


def _foreign_words(body: bytes) -> Iterator[bytes]:
    """Runs of text outside scripts and tags, each from its first word with more than ASCII on."""
    for piece in re.split(rb"<[^<>]*>|[<>\n]", _drop_scripts(body)):
        found = _BEYOND_ASCII.search(piece)
        if found:
            yield piece[piece.rfind(b" ", 0, found.start()) + 1 :]


def _drop_scripts(body: bytes) -> bytes:
    """A page without its scripts and style sheets; one that has no end is left as it is."""
    lower, kept, position = body.lower(), [], 0
    last = {name: lower.rfind(b"</" + name) for name in (b"script", b"style")}
    for found in re.finditer(rb"<(script|style)\b", lower):
        if found.start() >= position and last[found[1]] > found.start():
            kept.append(body[position : found.start()])
            position = lower.index(b"</" + found[1], found.start())
    return b" ".join([*kept, body[position:]])
