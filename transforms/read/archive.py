"""Web archives: the pages in a WARC file, record by record, without holding the file.

Framing is read here and not by warcio, whose reader takes header lines of any length, refuses archives that are one
gzip member, and gives up at the first damage.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import IO

from schemas.source import Document, SourceSettings
from transforms.land.decode import CappedDecoder, DecodeError, TooLargeError
from transforms.read.byte_stream import ByteStream
from transforms.read.charset import MAX_BYTES
from transforms.read.errors import ParseError
from transforms.read.sniff import content_kind

MAX_HEAD = 64 * 1024  # of a record, and of the HTTP answer in it

_VERSION = re.compile(rb"WARC/\d\.\d+\s*$")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b", re.IGNORECASE)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_LENGTH = re.compile(r"\d{1,15}")
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class RecordError(ParseError):
    """A record that gives no page; the records after it do.

    Attributes:
        url: of the page.
    """

    def __init__(self, reason: str, detail: str, url: str | None = None) -> None:
        super().__init__(reason, detail)
        self.args = (reason, detail, url)
        self.url = url


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    """The head of a record or of an HTTP answer: its first line, and its fields by name in lower case."""

    first: bytes
    fields: Mapping[str, str]
    size: int

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


def read_archive(
    file: IO[bytes], source_uri: str, settings: SourceSettings = SourceSettings()
) -> Iterator[Document | RecordError]:
    """Reads the HTML pages of a WARC file, compressed by record, as a whole or not at all.

    Args:
        file: read forwards once.
        source_uri: the file.
        settings: what the command line says of it.

    Yields:
        A page for each `response` that was a success and each `resource`, where it is HTML; an error for each of these that
        is damaged or too large, and one at the end when the file is cut or damaged.

    Raises:
        ParseError: `empty`, `unknown-format`, `too-large`, or `no-pages` where there is neither page nor error.
    """
    reader = _Records(file)
    given = 0
    for head, target in reader:
        try:
            page = reader.read_page(head)
        except _CutError:
            continue
        except RecordError as error:
            given += 1
            yield RecordError(error.reason, error.detail, target)
            continue
        if page is not None:
            given += 1
            yield dataclasses.replace(
                page, source_uri=source_uri, settings=settings, url=target, fetched_at=_instant(head.get("warc-date"))
            )
    damage = reader.damage()
    if damage is not None:
        yield damage
    elif not given:
        raise ParseError("no-pages", f"{reader.records:,} records, and no HTML page among them")


class _Records:
    """The records of an archive, one after the other; each is read or passed over before the next."""

    def __init__(self, file: IO[bytes]) -> None:
        self._stream = ByteStream(file)
        self._left = 0  # of the present record's block
        self._cut = False
        self._astray = 0
        self._begun = False  # a head of a record was read, if only one that can't be followed
        self.records = 0

    def __iter__(self) -> Iterator[tuple[_Head, str | None]]:
        while (head := self._next_head()) is not None:
            length = head.get("content-length")
            if not _LENGTH.fullmatch(length):
                self._astray += 1
                continue
            self._left = int(length)
            self.records += 1
            yield head, head.get("warc-target-uri").strip("<> ").replace(" ", "%20") or None
            self._left -= self._stream.skip(self._left)
            if self._left:
                self._cut = True

    def _next_head(self) -> _Head | None:
        """The head of the next record; what is none on the way to it is counted as damage."""
        lost = False
        while line := self._stream.read_line(MAX_HEAD):
            if _VERSION.match(line):
                head = read_head(self._stream, line)
                if head is not None:
                    self._begun = True
                    return head
                self._astray += not lost
                lost = True
            elif line.strip() and not lost:
                lost = True
                self._astray += 1
                if not self._begun and not b"WARC/".startswith(line[:5]):
                    raise ParseError("unknown-format", "the file does not begin as a WARC record")
        if not self.records and not self._astray and not lost:
            if not self._stream.complete:
                return None
            raise ParseError("empty", "no bytes but white space")
        self._cut = self._cut or lost
        return None

    def read_page(self, head: _Head) -> Document | None:
        """The page in the present record, None where it is none.

        Raises:
            RecordError: it is damaged or too large.
        """
        kind, media = head.get("warc-type").lower(), _media_type(head.get("content-type"))
        if kind == "resource" and media in _PAGE_TYPES:
            return Document("", self._read_body(head, {}), content_type=head.get("content-type"), origin="page")
        if kind != "response" or media not in ("application/http", ""):
            return None
        start = self._read(min(self._left, MAX_HEAD))
        http = split_head(start)
        status = _STATUS.match(http.first) if http is not None else None
        if http is None or status is None or not status[1].startswith(b"2"):
            return None
        stated = http.get("content-type")
        if stated.strip() and _media_type(stated) not in _PAGE_TYPES:
            return None
        body = self._read_body(head, http.fields, start[http.size :])
        if not stated.strip() and content_kind(body) != "page":
            return None
        return Document("", body, http_status=int(status[1]), content_type=stated or None, origin="page")

    def _read_body(self, head: _Head, http: Mapping[str, str], start: bytes = b"") -> bytes:
        if len(start) + self._left > MAX_BYTES:
            raise RecordError("too-large", f"a record of {self._left:,} bytes; at most {MAX_BYTES:,} are read")
        block = self._read(self._left)
        if self._cut:
            raise _CutError("truncated", "the archive ends inside this page")
        if head.get("warc-truncated"):
            raise RecordError("truncated", f"the archive kept a part of the page only ({head.get('warc-truncated')})")
        return decode_body(start + block, http)

    def _read(self, size: int) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if len(block) < size:
            self._cut, self._left = True, 0
        return block

    def damage(self) -> RecordError | None:
        """What is wrong with the archive as a whole, None for nothing."""
        if self._cut or not self._stream.complete:
            return RecordError("truncated", f"the archive is cut or damaged after {self.records:,} records")
        if self._astray:
            return RecordError("parse-error", f"{self._astray:,} stretches between the records are none")
        return None


class _CutError(RecordError):
    """The archive ends inside the record; said once, of the archive."""


def read_head(stream: ByteStream, first: bytes) -> _Head | None:
    """The fields that follow a first line, None where they have no end within MAX_HEAD bytes."""
    lines, size = [first], len(first)
    while line := stream.read_line(MAX_HEAD):
        size += len(line)
        if not line.strip():
            return _make_head(lines, size)
        if size > MAX_HEAD:
            break
        lines.append(line)
    return None


def split_head(block: bytes) -> _Head | None:
    """The HTTP head that a block begins with, None where it has no end."""
    end = re.search(rb"\r?\n\r?\n", block)
    return _make_head(block[: end.start()].splitlines(), end.end()) if end else None


def _make_head(lines: list[bytes], size: int) -> _Head:
    fields: dict[str, str] = {}
    name = ""
    for line in lines[1:]:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in (" ", "\t") and name:
            fields[name] = f"{fields[name]} {text.strip()}"[:MAX_HEAD]
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if colon:
            fields.setdefault(name, value.strip())
        else:
            name = ""
    return _Head(lines[0].strip() if lines else b"", fields, size)


def decode_body(block: bytes, http: Mapping[str, str]) -> bytes:
    """Takes the transfer and content codings off a body; many archives keep the fields of codings that they undid.

    Raises:
        RecordError: `truncated`, `bad-compression` or `too-large`.
    """
    body = join_chunks(block) if "chunked" in http.get("transfer-encoding", "").lower() else block
    coding = http.get("content-encoding", "")
    try:
        decoder = CappedDecoder(coding, MAX_BYTES)
        decoded = b"".join(decoder.feed(body))
    except TooLargeError as error:
        raise RecordError("too-large", str(error)) from error
    except DecodeError as error:
        if content_kind(body) == "page":
            return body
        raise RecordError("bad-compression", f"Content-Encoding {coding[:100]}: {error}") from error
    if not decoder.complete:
        raise RecordError("truncated", "the compressed answer is cut")
    return decoded


def join_chunks(block: bytes) -> bytes:
    r"""The body that a chunked block carries (RFC 9112, section 7.1); the block itself where it is not chunked.

    >>> join_chunks(b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"), join_chunks(b"<html>")
    (b'abcd', b'<html>')

    Raises:
        RecordError: `truncated`: it ends before its last chunk.
    """
    chunks: list[bytes] = []
    position = 0
    while (found := _CHUNK.match(block, position)) is not None:
        size = int(found[1], 16)
        if not size:
            return b"".join(chunks)
        end = found.end() + size
        if end > len(block):
            break
        chunks.append(block[found.end() : end])
        position = end
    if not position:
        return block
    raise RecordError("truncated", "the answer ends before its last chunk")


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _instant(text: str) -> dt.datetime | None:
    """WARC-Date: UTC, to the second or finer (WARC 1.1, section 5.4)."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
