"""What the inputs name: URLs, paths, globs, folders and feed lists -> sources, once, at launch."""

import dataclasses
import os
import posixpath
import re
from collections.abc import Iterator, Sequence

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from schemas.partition import outlet_slug
from schemas.quarantine import Failure, Stage
from schemas.source import Source, SourceSettings
from transforms.read.errors import ParseError
from transforms.read.feedlist import (
    NO_SETTINGS,
    ListedFeed,
    Row,
    address_key,
    decode_list,
    feed_address,
    is_text_list,
    read_text_list,
)
from transforms.read.files import file_path, file_uri, open_file
from transforms.read.opml import read_opml
from transforms.read.sniff import extension
from transforms.read.yamllist import read_yaml_list

MAX_LIST_BYTES = 20 * 2**20
PEEKED_BYTES = 64 * 2**10  # of a .txt file, to tell a list from a page capture

_WEB = re.compile(r"^(?:https?|feeds?):", re.IGNORECASE)
# Any other address: neither of a file system that Beam may know nor a drive.
_FOREIGN = re.compile(r"^(?!(?:file|gs|s3|hdfs|azfs):)[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")
# What a folder is read for; anything else in it has to be named.
_IN_FOLDERS = frozenset(
    [".xml", ".rss", ".atom", ".rdf", ".json", ".html", ".htm", ".txt", ".jsonl", ".opml", ".yaml", ".yml", ".warc"]
)


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """What the inputs name.

    Attributes:
        sources: each once, in the order of the inputs, those of a glob or folder sorted by name.
        failures: lines of feed lists that give no feed, and lists that can't be read.
        unmatched: inputs that name nothing.
        warnings: what was put right or left out, a sentence each.
    """

    sources: tuple[Source, ...] = ()
    failures: tuple[Failure, ...] = ()
    unmatched: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def resolve_inputs(
    patterns: Sequence[str], defaults: SourceSettings = NO_SETTINGS, only_lists: bool = False
) -> Resolved:
    """Resolves inputs to sources.

    Args:
        patterns: URLs, paths or globs on any file system that Beam knows, folders, feed lists.
        defaults: settings for every source; a feed list's own go first.
        only_lists: every `.txt` is a list, whatever its lines look like, and OPML may stand in an `.xml`.
    """
    resolver = _Resolver(defaults, only_lists)
    for pattern in patterns:
        resolver.add(pattern)
    return Resolved(
        tuple(resolver.sources.values()),
        tuple(resolver.failures),
        tuple(resolver.unmatched),
        tuple(dict.fromkeys(resolver.warnings)),
    )


class _Resolver:
    """Collects what the inputs name, in order, each source once."""

    def __init__(self, defaults: SourceSettings, only_lists: bool) -> None:
        self.defaults = defaults
        self.only_lists = only_lists
        self.sources: dict[str, Source] = {}
        self.failures: list[Failure] = []
        self.unmatched: list[str] = []
        self.warnings: list[str] = []
        self._lists: set[str] = set()

    def add(self, pattern: str) -> None:
        """Adds what one input names."""
        if _WEB.match(pattern) or (_FOREIGN.match(pattern) and not os.path.exists(pattern)):
            try:
                url = feed_address(pattern)
            except ParseError as error:
                self._fail(pattern, error.reason, error.detail)
            else:
                self._add_live(url, self.defaults)
            return
        try:
            paths = match_files(pattern)
        except (ValueError, BeamIOError, OSError) as error:
            self.warnings.append(f"{pattern}: {error}")
            paths = []
        if not paths:
            self.unmatched.append(pattern)
        for path in paths:
            self._add_file(path)

    def _add_live(self, url: str, settings: SourceSettings) -> None:
        self.sources.setdefault(address_key(url), Source(url, "live", settings))

    def _add_file(self, path: str) -> None:
        uri = file_uri(path)
        if uri in self.sources or uri in self._lists:
            return
        try:
            rows = list(_read_list(uri, self.defaults, self.only_lists))
        except ParseError as error:
            self._lists.add(uri)
            self._fail(uri, error.reason, error.detail)
        except _NoListError:
            self.sources[uri] = Source(uri, "file", self.defaults)
        else:
            self._lists.add(uri)
            for row in rows:
                self._add_row(uri, row)

    def _add_row(self, uri: str, row: Row) -> None:
        if not isinstance(row, ListedFeed):
            self._fail(uri, row.reason, f"line {row.line}: {row.detail}")
            return
        self.warnings += [f"{uri} line {row.line}: {notice}; {row.url} is read without" for notice in row.notices]
        self._add_live(row.url, row.settings)

    def _fail(self, uri: str, reason: str, detail: str) -> None:
        stage: Stage = "fetch" if reason == "address-refused" else "parse"
        self.failures.append(Failure(stage, reason, uri, detail[:2000], outlet=outlet_slug(self.defaults.outlet)))


class _NoListError(Exception):
    """The file is no feed list but a source of its own."""


def _read_list(uri: str, defaults: SourceSettings, only_lists: bool) -> Iterator[Row]:
    kind = extension(uri)
    if kind not in (".opml", ".yaml", ".yml", ".txt") and not (only_lists and kind == ".xml"):
        raise _NoListError
    try:
        with open_file(uri) as file:
            body = file.read(PEEKED_BYTES)
            if (kind == ".txt" and not only_lists and not _is_text_list(body)) or (
                kind == ".xml" and not re.search(rb"<opml[\s>]", body, re.IGNORECASE)
            ):
                raise _NoListError
            body += file.read(MAX_LIST_BYTES)
    except OSError as error:
        raise ParseError("unreadable", str(error)) from error
    if len(body) > MAX_LIST_BYTES:
        raise ParseError("too-large", f"a feed list of more than {MAX_LIST_BYTES:,} bytes")
    if not body.strip():
        raise ParseError("empty", "a feed list without a byte")
    empty = True
    for row in _read_rows(kind, body, defaults):
        empty = False
        yield row
    if empty:
        raise ParseError("empty", "a feed list that names no feed")


def _read_rows(kind: str, body: bytes, defaults: SourceSettings) -> Iterator[Row]:
    if kind in (".opml", ".xml"):
        return read_opml(body, defaults)
    if kind == ".txt":
        return read_text_list(decode_list(body), defaults)
    return read_yaml_list(body, defaults)


def _is_text_list(body: bytes) -> bool:
    try:
        text = decode_list(body)
    except ParseError:
        return False
    # The last line may be cut.
    return is_text_list(text if len(body) < PEEKED_BYTES else text.rpartition("\n")[0])


def match_files(pattern: str) -> list[str]:
    """Paths that a path, glob or folder names, sorted; a name that exists is taken as it is, whatever it holds.

    Raises:
        ValueError: no file system knows the scheme.
        OSError: it can't be listed (Beam's BeamIOError is one).
    """
    path = file_path(pattern)
    if not path:
        return []
    if "://" not in path:
        path = os.path.abspath(os.path.expanduser(path))
        if os.path.isdir(path):
            return _files_below(path)
        if os.path.exists(path):
            return [path]
        if not _GLOB.search(path):
            return []
    elif path.endswith("/"):
        return _wanted(_match(f"{path}**"), path)
    # As in a shell, a star names no hidden file.
    hidden = posixpath.basename(path).startswith(".")
    found = (p for p in _match(path) if hidden or not posixpath.basename(p).startswith("."))
    return sorted(p for p in found if not p.endswith("/"))


def _match(pattern: str) -> list[str]:
    return [found.path for found in FileSystems.match([pattern])[0].metadata_list]


def _files_below(folder: str) -> list[str]:
    found = (os.path.join(base, name) for base, _, names in os.walk(folder) for name in names)
    return _wanted(list(found), folder)


def _wanted(paths: list[str], folder: str) -> list[str]:
    """Files that a folder is read for: of a known kind, and not hidden (a `.` or `_` before a part of the path)."""
    kept = []
    for path in paths:
        parts = path[len(folder) :].strip("/").split("/")
        if extension(posixpath.basename(path)) in _IN_FOLDERS and not any(p.startswith((".", "_")) for p in parts):
            kept.append(path)
    return sorted(kept)
