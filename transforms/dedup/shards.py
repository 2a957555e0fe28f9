"""The steps of the graph as plain functions: records packed by shard of the hash space, and what each shard does."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from transforms.dedup.candidates import EXACT_SHARED, PAIR, POSTING, Records, find_pairs, select_pairs
from transforms.dedup.config import DedupConfig
from transforms.dedup.days import DAYS, DayCounts, join_days
from transforms.dedup.history import History
from transforms.dedup.sketch import Hashes, Sketch, unique_sorted
from transforms.dedup.star import Case, Decision, Stars
from transforms.dedup.verify import compare

SHARDS = 32
"""Parts of the hash space; a power of two."""
_SHIFT = np.uint64(64 - SHARDS.bit_length() + 1)

ShardKey = tuple[str, int]


def split_shards(records: Records) -> Iterator[tuple[int, Records]]:
    """Splits records by shard of their `hash`."""
    shards = (records["hash"] >> _SHIFT).astype(np.int64)
    order = np.argsort(shards, kind="stable")
    bounds = np.searchsorted(shards[order], np.arange(SHARDS + 1)).tolist()
    for shard in range(SHARDS):
        if bounds[shard] < bounds[shard + 1]:
            yield shard, records[order[bounds[shard] : bounds[shard + 1]]]


def slice_shard(records: Records, shard: int) -> Records:
    """The records of a shard, of records sorted by hash."""
    low, high = np.searchsorted(records["hash"] >> _SHIFT, np.array([shard, shard + 1], np.uint64), "left")
    return records[int(low) : int(high)]


def unpack(parts: Iterable[bytes], dtype: np.dtype[Any]) -> Records:
    """Record array of packed parts."""
    return np.frombuffer(b"".join(parts), dtype)


def pair_shard(
    element: tuple[ShardKey, Iterable[bytes]], history: History, config: DedupConfig
) -> Iterator[tuple[int, bytes]]:
    """Finds the candidate pairs of a shard: node -> packed PAIR records."""
    (kind, shard), parts = element
    exact = kind == "exact"
    old = history.exact_postings if exact else history.postings
    window = config.exact_window if exact else config.window
    pairs = find_pairs(unpack(parts, POSTING), slice_shard(old, shard), window, config.anchors)
    if exact:
        pairs["shared"] = EXACT_SHARED
    for part in np.split(pairs, np.flatnonzero(np.diff(pairs["node"])) + 1):
        if len(part):
            yield int(part["node"][0]), part.tobytes()


def select_candidates(
    element: tuple[int, Iterable[bytes]], history: History, config: DedupConfig
) -> Iterator[tuple[int, int, bool]]:
    """Keeps the candidates that share enough: (node, other, whether an earlier run placed the other)."""
    node, parts = element
    for other in select_pairs(unpack(parts, PAIR), config)["other"].tolist():
        yield node, other, history.knows(other)


def past_hashes(others: Iterable[int], history: History) -> Hashes:
    """The shingles of documents that earlier runs placed."""
    found = [history.shingles(other) for other in others]
    return unique_sorted(np.concatenate(found)) if found else np.empty(0, np.uint64)


def count_days(element: tuple[ShardKey, Iterable[bytes]], history: History, config: DedupConfig) -> Iterator[bytes]:
    """Joins the days of a shard's hashes with those of earlier runs; packed records of those seen on two days or more.

    Records of day `ASKED` only ask for what earlier runs know.
    """
    del config
    records = unpack(element[1], DAYS)
    past = history.days(unique_sorted(records["hash"]))
    faded = join_days([past, records[records["day"] != ASKED]])
    if len(faded):
        yield faded.tobytes()


ASKED = np.iinfo(np.int32).min


def ask_days(hashes: Hashes) -> Records:
    """Records that ask for the days of hashes."""
    records = np.empty(len(hashes), DAYS)
    records["hash"], records["day"] = hashes, ASKED
    return records


def join_faded(parts: Iterable[bytes]) -> DayCounts:
    """The day counts of all shards."""
    return DayCounts(join_days([unpack(parts, DAYS)]))


def compare_candidates(
    element: tuple[int, Mapping[str, Iterable[Any]]], history: History, config: DedupConfig, days: DayCounts
) -> Iterator[Case]:
    """Compares a document (`sketch`) with candidates of this run (`run`: sketches) and of earlier ones (`past`: nodes)."""
    _, found = element
    sketch: Sketch = next(iter(found["sketch"]))
    others = {other.node: other for other in found["run"]}
    for node in found["past"]:
        other = history.sketch(node)
        if other is not None:
            others[node] = other
    edges = (compare(sketch, others[node], days, config) for node in sorted(others))
    yield Case(sketch, tuple(edge for edge in edges if edge is not None))


def place_component(element: tuple[int, Iterable[Case]], history: History, config: DedupConfig) -> Iterator[Decision]:
    """Places the documents of a component in order."""
    stars = Stars(history, config)
    for case in sorted(element[1], key=lambda c: c.sketch.order):
        yield stars.place(case)
