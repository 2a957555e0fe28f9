"""Look-ups in the state of earlier runs, by sorted arrays; nothing is made an object before it is asked for."""

import dataclasses
import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.dedup.candidates import POSTING, exact_key, sort_postings
from transforms.dedup.days import DAYS, Records
from transforms.dedup.sketch import Sketch, article_key, as_hashes
from transforms.dedup.star import Placed
from transforms.dedup.state import DAY_COUNTS, DOCUMENTS, SHINGLES, TABLES, story_key
from transforms.store.state import StateTable

_SKETCHED = [f.name for f in dataclasses.fields(Sketch) if f.name not in ("exact", "shingles")]
_U64 = np.dtype("<u8")


class StateLoader(Protocol):
    """Where the tables come from: transforms.store.state.StateRef, in the pipeline."""

    def load(self, table: StateTable) -> pa.Table:
        """All rows of a table."""


def numbers_of(table: pa.Table, column: str) -> npt.NDArray[Any]:
    """A numeric column without nulls as an array."""
    return table[column].combine_chunks().to_numpy(zero_copy_only=False)


def flat_hashes(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """All hashes of a binary column one after another, and how many each row has."""
    lengths = np.array([len(v) for v in column.to_pylist()], np.int64) // 8 if column else np.empty(0, np.int64)
    joined = b"".join(column.to_pylist())
    return np.frombuffer(joined, _U64), lengths


class History:
    """What earlier runs placed."""

    def __init__(self, tables: Mapping[str, pa.Table]):
        """Indexes the state tables."""
        documents = tables[DOCUMENTS.name]
        self._documents = documents.take(np.argsort(numbers_of(documents, "node"), kind="stable"))
        self._nodes = numbers_of(self._documents, "node")
        self._stories = numbers_of(self._documents, "story")
        self._by_story = np.argsort(self._stories, kind="stable")
        shingles = tables[SHINGLES.name]
        self._shingles = shingles.take(np.argsort(numbers_of(shingles, "node"), kind="stable"))
        self._shingle_nodes = numbers_of(self._shingles, "node")
        days = tables[DAY_COUNTS.name]
        self._day_hashes, self._days = numbers_of(days, "hash"), numbers_of(days, "day")
        # Segments are sorted, and so are the stretches of those that were merged.
        cuts = np.flatnonzero(self._day_hashes[1:] < self._day_hashes[:-1]) + 1
        bounds = [0, *cuts.tolist(), len(self._day_hashes)]
        self._stretches = [(a, b) for a, b in itertools.pairwise(bounds) if b > a]
        self._cache: dict[int, Placed | None] = {}
        self._parts = self._index_parts()

    @classmethod
    def load(cls, state: StateLoader) -> "History":
        """Loads the history of a state.

        Raises:
            StateMismatch: it was written under another scheme.
        """
        return cls({table.name: state.load(table) for table in TABLES})

    @classmethod
    def empty(cls) -> "History":
        """The history of a first run."""
        return cls({table.name: table.schema.empty_table() for table in TABLES})

    def _index_parts(self) -> dict[int, list[int]]:
        parts: dict[int, list[int]] = {}
        for column in ("holds", "within"):
            values, lengths = flat_hashes(self._documents[column])
            mine = np.repeat(self._nodes, lengths)
            hubs, found = (mine, values) if column == "holds" else (values, mine)
            for hub, part in sorted(zip(hubs.tolist(), found.tolist(), strict=True)):
                parts.setdefault(hub, []).append(part)
        return parts

    def _row(self, nodes: npt.NDArray[np.uint64], node: int) -> int | None:
        place = int(np.searchsorted(nodes, np.uint64(node)))
        return place if place < len(nodes) and int(nodes[place]) == node else None

    def find(self, node: int) -> Placed | None:
        """The document of a node."""
        if node not in self._cache:
            row = self._row(self._nodes, node)
            self._cache[node] = None if row is None else self._read(row)
        return self._cache[node]

    def _read(self, row: int) -> Placed:
        values = {name: self._documents[name][row].as_py() for name in DOCUMENTS.schema.names}
        place = self._row(self._shingle_nodes, values["node"])
        sketch = Sketch(
            **{name: values[name] for name in _SKETCHED},
            exact=tuple(key for key in (values["exact_body"], values["exact_lead"]) if key),
            shingles=b"" if place is None else self._shingles["shingles"][place].as_py(),
        )
        return Placed(
            sketch,
            values["story_id"],
            values["canonical"],
            values["similarity"],
            values["reason"],
            tuple(as_hashes(values["holds"]).tolist()),
            tuple(as_hashes(values["within"]).tolist()),
        )

    def knows(self, node: int) -> bool:
        """Whether an earlier run placed the node."""
        return self._row(self._nodes, node) is not None

    def shingles(self, node: int) -> npt.NDArray[np.uint64]:
        """The shingles of a node, none where they have expired."""
        place = self._row(self._shingle_nodes, node)
        return as_hashes(b"" if place is None else self._shingles["shingles"][place].as_py())

    def sketch(self, node: int) -> Sketch | None:
        """The sketch of a node."""
        placed = self.find(node)
        return placed.sketch if placed else None

    def latest_version(self, article: int) -> Placed | None:
        """The latest version of an article."""
        place = int(np.searchsorted(self._nodes, np.uint64((article + 1) << 12))) - 1
        if place < 0 or article_key(int(self._nodes[place])) != article:
            return None
        return self.find(int(self._nodes[place]))

    def parts(self, node: int) -> Sequence[int]:
        """Nodes of the documents that are a part of a document."""
        return self._parts.get(node, ())

    def sentences(self, story_id: str) -> list[int]:
        """Hashes of the sentences that the members of a story have."""
        key = np.uint64(story_key(story_id))
        keys = self._stories[self._by_story]
        low, high = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        rows = self._by_story[low:high].tolist()
        return [h for row in rows for h in as_hashes(self._documents["sentences"][row].as_py()).tolist()]

    @functools.cached_property
    def postings(self) -> Records:
        """The sampled shingles of all documents that still have them, sorted."""
        sizes = numbers_of(self._shingles, "sample").astype(np.int64)
        values, lengths = flat_hashes(self._shingles["shingles"])
        begins = np.cumsum(lengths) - lengths
        step = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        postings = np.empty(int(sizes.sum()), POSTING)
        postings["hash"] = values[np.repeat(begins, sizes) + step]
        postings["at"] = np.repeat(numbers_of(self._shingles, "at"), sizes)
        postings["node"] = np.repeat(self._shingle_nodes, sizes)
        return sort_postings(postings)

    @functools.cached_property
    def exact_postings(self) -> Records:
        """The exact keys of all documents, sorted."""
        both = []
        for column in ("exact_body", "exact_lead"):
            keys = numbers_of(self._documents, column)
            postings = np.empty(len(keys), POSTING)
            postings["hash"], postings["node"] = exact_key(keys), self._nodes
            postings["at"] = numbers_of(self._documents, "at")
            both.append(postings[keys != 0])
        return sort_postings(np.concatenate(both))

    def days(self, hashes: npt.NDArray[np.uint64]) -> Records:
        """The days on which each of the hashes was seen, looked up in each sorted stretch: its cost is that of the look-ups."""
        found = []
        for first, last in self._stretches:
            part = self._day_hashes[first:last]
            low, high = np.searchsorted(part, hashes, "left"), np.searchsorted(part, hashes, "right")
            count = high - low
            rows = np.repeat(low + first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
            records = np.empty(len(rows), DAYS)
            records["hash"], records["day"] = self._day_hashes[rows], self._days[rows]
            found.append(records)
        return np.concatenate(found) if found else np.empty(0, DAYS)
