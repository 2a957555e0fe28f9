"""The lists of files in `views.sql`: compact in the text, paths again in DuckDB and in Python."""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from schemas.fields import SCHEMA_VERSION

# Articles files that hold a version above 1, listed once more: only they can make an older event void.
REVISED = "revised"
LISTS = ("events", "articles", "quarantine", REVISED)

_EMPTY = re.compile(r"'/(_runs/_empty/([^/']+)/[^']+)'")
_PATH = re.compile(r"^[a-z]+/date=([^/]+)(?:/outlet=([^/]+))?/part-([^/ ]+)\.parquet$")


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """The files of a tree, each by LISTS and oldest first.

    Attributes:
        older: those that an earlier schema version wrote, and those from before them: columns may be missing.
        current: those that have all columns of SCHEMA_VERSION.
    """

    older: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    current: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)

    def paths(self) -> dict[str, list[str]]:
        """All of them."""
        return {name: [*self.older.get(name, ()), *self.current.get(name, ())] for name in LISTS}


def dataset_of(name: str) -> str:
    """The dataset that the files of a list belong to."""
    return "articles" if name == REVISED else name


def empty_file(name: str) -> str:
    """Path of the zero-row file at the head of a list.

    DuckDB takes an empty list for an error, and a view finds a column in it that no older file has: there is one for
    each schema version.
    """
    leaf = "date=1970-01-01" if name == "quarantine" else "date=1970-01-01/outlet=unknown"
    return f"_runs/_empty/{SCHEMA_VERSION}/{dataset_of(name)}/{leaf}/empty.parquet"


def empty_files_named(text: str) -> list[str]:
    """Paths of the zero-row files that a text of views names."""
    return sorted({found[0] for found in _EMPTY.findall(text)})


def version_named(text: str) -> str | None:
    """The schema version that a text of views was written under; None where it tells none."""
    found = _EMPTY.search(text)
    return found[2] if found else None


def encode_paths(paths: Iterable[str]) -> str:
    r"""Lines of a list: what a run wrote shares one, `<run>-<n>` and then the leaves.

    A year of hourly runs names some hundred thousand files, and each run reads and writes them all.

    >>> encode_paths(["events/date=2026-03-02/outlet=a/part-r1-0.parquet", "events/date=2026-03-02/outlet=b/part-r1-0.parquet"])
    "  ,'r1-0 2026-03-02/a 2026-03-02/b'\n"

    Raises:
        ValueError: a path is none of a published file.
    """
    lines = []
    for part, leaves in itertools.groupby(map(_split_path, paths), key=lambda split: split[0]):
        lines.append(f"  ,'{part} {' '.join(leaf for _, leaf in leaves)}'\n")
    return "".join(lines)


def decode_paths(name: str, lines: str) -> list[str]:
    """Paths of a list, from the lines that encode_paths made."""
    folder, paths = dataset_of(name), []
    for line in lines.splitlines():
        part, *leaves = line[4:-1].split(" ")
        paths += [f"{folder}/date={leaf.replace('/', '/outlet=')}/part-{part}.parquet" for leaf in leaves]
    return paths


def list_expression(name: str, root: str, lines: str) -> str:
    """The SQL expression that makes a list of paths, the zero-row file first.

    Args:
        name: of the list.
        root: SQL expression of the tree's root.
        lines: from encode_paths, between the comments that say where they begin and end.
    """
    path = (
        f"{root} || '/{dataset_of(name)}/date=' || replace(leaf, '/', '/outlet=') || '/part-' || words[1] || '.parquet'"
    )
    return (
        f"list_concat([{root} || '/{empty_file(name)}'], flatten(list_transform(list_transform([''\n{lines}"
        f"  ], lambda line: string_split(line, ' ')), lambda words: list_transform(words[2:], lambda leaf: {path}))))"
    )


def _split_path(path: str) -> tuple[str, str]:
    """Part and leaf. Slugs, days and run ids hold no quotation mark, slash or space."""
    found = _PATH.match(path)
    if found is None or "'" in path:
        raise ValueError(f"not the path of a published file: {path!r}")
    day, outlet, part = found.groups()
    return part, f"{day}/{outlet}" if outlet is not None else day
