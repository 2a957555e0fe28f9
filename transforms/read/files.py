"""Absolute URIs of files, and the files behind them, on any file system that Beam knows."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.partition import outlet_slug
from schemas.quarantine import Failure
from schemas.source import Document, Source
from transforms.read.sniff import GZIP_MAGIC, MAX_BYTES, extension


def file_uri(path: str) -> str:
    """Absolute URI of a path: percent-encoded `file:///…` for a local one, any other scheme as it is.

    >>> file_uri("/data/a b.xml"), file_uri("gs://bucket/a b.xml")
    ('file:///data/a%20b.xml', 'gs://bucket/a b.xml')
    """
    if "://" in path:
        return path
    # POSIX lets two slashes at the beginning mean something else; to Linux and macOS they are one.
    return Path("/" + os.path.abspath(path).lstrip("/")).as_uri() if os.sep == "/" else Path(path).absolute().as_uri()


def file_path(uri: str) -> str:
    """The path that Beam's file systems take for a URI made by `file_uri`."""
    return unquote(urlsplit(uri).path) if uri.lower().startswith("file://") else uri


@contextmanager
def open_file(uri: str) -> Iterator[IO[bytes]]:
    """Opens a file as bytes as they are stored, still compressed where they are.

    Raises:
        OSError: it can't be opened (Beam's BeamIOError is one).
    """
    # Beam would guess compression by the name alone; `sniff.inflate` and `open_lines` go by content and stay bounded.
    file = FileSystems.open(file_path(uri), compression_type=CompressionTypes.UNCOMPRESSED)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def open_lines(uri: str) -> Iterator[IO[bytes]]:
    """Opens a file for reading line by line, decompressed where its first bytes are gzip's.

    Raises:
        OSError: it can't be opened.
    """
    with open_file(uri) as file:
        compressed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        if compressed:
            with gzip.GzipFile(fileobj=file, mode="rb") as inflated:
                yield cast(IO[bytes], inflated)
        else:
            yield file


def read_file(source: Source) -> Document | Failure:
    """Reads a file source; records and web archives are left in their file, to be read forwards where they are parsed.

    Args:
        source: of kind `file`.
    """
    if extension(source.uri) in (".jsonl", ".ndjson"):
        return Document(source.uri, b"", source.settings, origin="record")
    if extension(source.uri) == ".warc":
        return Document(source.uri, b"", source.settings)
    outlet = outlet_slug(source.settings.outlet)
    try:
        with open_file(source.uri) as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Failure("parse", "unreadable", source.uri, str(error)[:2000], outlet=outlet)
    if len(body) > MAX_BYTES:
        return Failure("parse", "too-large", source.uri, f"more than {MAX_BYTES:,} bytes", outlet=outlet)
    return Document(source.uri, body, source.settings)
