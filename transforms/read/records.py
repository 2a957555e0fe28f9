"""Records: JSON lines -> raw articles, one a line, without holding the file."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from schemas.quarantine import Failure
from schemas.source import RawArticle, SourceSettings
from transforms.read.errors import ParseError
from transforms.read.markup import join_surrogates, plain_text

NO_SETTINGS = SourceSettings()
MAX_LINE_BYTES = 10 * 2**20


def parse_record(line: str, source_uri: str, settings: SourceSettings = NO_SETTINGS, position: int = 0) -> RawArticle:
    """Reads one record.

    Args:
        line: a JSON object with `url`, `text` or `html`, and optionally `title`, `published`, `outlet`, `author`
            (a string or a list), `language` and `retrieved`. Numbers and booleans are taken as their text, anything
            else that is no string as missing.
        source_uri: the file.
        settings: what the command line says of the file; the record's own fields go first.
        position: ordinal of the record in its file.

    Raises:
        ParseError: `bad-json`, `no-url-no-text` or `no-content`.
    """
    try:
        data = json.loads(line, parse_constant=_refuse_constant, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise ParseError("bad-json", str(error) or type(error).__name__) from error
    if not isinstance(data, dict):
        raise ParseError("bad-json", f"a {type(data).__name__}, not an object")
    url, html, text = _string(data.get("url")), _string(data.get("html")), _string(data.get("text"))
    if not html and not text:
        if not url:
            raise ParseError("no-url-no-text", "neither url nor text nor html")
        raise ParseError("no-content", f"{url}: neither text nor html")
    published = _string(data.get("published"))
    return RawArticle(
        source_uri=source_uri,
        origin="record",
        url=url,
        guid=_string(data.get("id")),
        title=plain_text(_string(data.get("title"))),
        html=None if text else html,
        text=text,
        published=published,
        modified=_string(data.get("modified")),
        retrieved=_string(data.get("retrieved")),
        published_source="meta" if published else None,
        authors=_strings(data.get("author")) or _strings(data.get("authors")),
        tags=_strings(data.get("tags")),
        language=_string(data.get("language")) or settings.language,
        outlet_name=_string(data.get("outlet")) or settings.outlet,
        settings=settings,
        encoding="utf-8",
        position=position,
    )


def parse_records(
    lines: Iterable[bytes], source_uri: str, settings: SourceSettings = NO_SETTINGS
) -> Iterator[RawArticle | Failure]:
    """Reads JSON lines; a bad one becomes a failure that names its number, and the rest goes through.

    Args:
        lines: the lines as bytes, from `read_lines`.
        source_uri: the file.
        settings: what the command line says of the file.
    """
    position, number = 0, 0
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE_BYTES:
                raise ParseError("too-large", f"more than {MAX_LINE_BYTES:,} bytes in one line")
            yield parse_record(_decode(line), source_uri, settings, position)
        except ParseError as error:
            digest = hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()
            detail = f"line {number}: {error.detail}"
            yield Failure("parse", error.reason, source_uri, detail, payload_sha256=digest, once=True)
        position += 1
    if position == 0:
        yield Failure("parse", "empty", source_uri, "no line but blank ones" if number else "no bytes")


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yields the lines of a file, each cut at MAX_LINE_BYTES + 1 bytes so that no line can fill the memory."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
        yield line


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("bad-encoding", f"not UTF-8: {error}") from error


def _refuse_constant(name: str) -> None:
    """NaN and the infinities, which JSON has not (RFC 8259) and no text field can be, count as missing."""


def _string(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = join_surrogates(str(value))
    return text if text.strip() else None


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        values = [v.get("name") if isinstance(v, dict) else v for v in value]
    else:
        values = [value.get("name") if isinstance(value, dict) else value]
    return tuple(dict.fromkeys(text.strip() for v in values if (text := _string(v))))
