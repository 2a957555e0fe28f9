"""Candidate pairs: who shares sampled shingles with the earliest documents that have them."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from transforms.dedup.config import DedupConfig
from transforms.dedup.sketch import VERSION_BITS, Sketch, as_hashes, sample_size, unique_sorted

POSTING = np.dtype([("hash", "<u8"), ("at", "<i8"), ("node", "<u8")])
PAIR = np.dtype([("node", "<u8"), ("other", "<u8"), ("shared", "<u4")])
EXACT_SHARED = 1 << 16
"""What one exact key counts for: more than any number of sampled shingles."""
Records = npt.NDArray[np.void]

_EXACT = np.uint64(0xA5A5_5A5A_C3C3_3C3C)


def make_postings(sketch: Sketch, config: DedupConfig) -> Records:
    """The postings of a document: one for each sampled shingle."""
    shingles = as_hashes(sketch.shingles)
    size = sample_size(shingles, config.sample_limit, config.sample_floor) if sketch.tokens >= config.short else 0
    postings = np.empty(size, POSTING)
    postings["hash"], postings["at"], postings["node"] = shingles[:size], sketch.at, sketch.node
    return postings


def make_exact_postings(sketch: Sketch) -> Records:
    """The postings of a document for exact copies and flashes: one shared key makes a candidate."""
    postings = np.empty(len(sketch.exact), POSTING)
    postings["hash"], postings["at"], postings["node"] = (
        exact_key(np.array(sketch.exact, np.uint64)),
        sketch.at,
        sketch.node,
    )
    return postings


def exact_key(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Keys of exact postings, kept apart from shingles."""
    return keys ^ _EXACT


def join_records(parts: Iterable[Records], dtype: np.dtype) -> Records:
    """Joins record arrays; an empty one where there are none."""
    arrays = list(parts)
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)


def sort_postings(postings: Records) -> Records:
    """Sorts by hash, then by the order in which stories are decided."""
    return postings[np.lexsort((postings["node"], postings["at"], postings["hash"]))]


def find_pairs(new: Records, old: Records, window: int, anchors: int) -> Records:
    """Pairs each new posting with the earliest that share its hash and lie in its time window.

    Those of earlier runs come first, then those of this run that are decided before it; together at most `anchors`.
    Every step is a sort or a binary search over all postings at once: linear in postings however many share a hash.

    Args:
        new: postings of this run, in any order.
        old: postings of earlier runs, sorted by sort_postings.
        window: seconds.
        anchors: pairs a posting.

    Returns:
        PAIR records with the number of hashes shared, sorted by node, then other.
    """
    new = sort_postings(new)
    left_old, right_old = _window_pairs(new, old, window, anchors)
    taken = np.bincount(left_old, minlength=len(new))
    left_new, right_new = _window_pairs(new, new, window, anchors - taken, before=True)
    nodes = np.concatenate([new["node"][left_old], new["node"][left_new]])
    others = np.concatenate([old["node"][right_old], new["node"][right_new]])
    pairs = np.zeros(len(nodes), PAIR)
    pairs["node"], pairs["other"], pairs["shared"] = nodes, others, 1
    return sum_pairs(pairs[nodes >> VERSION_BITS != others >> VERSION_BITS])


def _window_pairs(
    new: Records, found: Records, window: int, room: "int | npt.NDArray[np.int64]", before: bool = False
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ordinals (in `new`, in `found`) of postings with equal hash that lie in the window: the earliest, up to `room`.

    Args:
        new: sorted postings.
        found: sorted postings; `new` itself with `before`.
        window: seconds.
        room: pairs a posting of `new`.
        before: only those that stand before it, so that none later than itself is found.
    """
    if not len(new) or not len(found):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    hashes = unique_sorted(np.concatenate([new["hash"], found["hash"]]))
    low = min(int(new["at"].min()), int(found["at"].min()))
    span = max(int(new["at"].max()), int(found["at"].max())) - low + 2 * window + 2
    # One number a posting that sorts like (hash, time); times are shifted by a window so that none is negative.
    keys = np.searchsorted(hashes, found["hash"]) * span + (found["at"] - low + window)
    begin = np.searchsorted(hashes, new["hash"]) * span + (new["at"] - low)
    first = np.searchsorted(keys, begin, "left")
    last = np.arange(len(new)) if before else np.searchsorted(keys, begin + 2 * window, "right")
    count = np.clip(last - first, 0, room)
    left = np.repeat(np.arange(len(new)), count)
    step = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return left, np.repeat(first, count) + step


def sum_pairs(pairs: Records) -> Records:
    """Adds up the shared hashes of equal pairs; sorted by node, then other."""
    if not len(pairs):
        return pairs
    pairs = pairs[np.lexsort((pairs["other"], pairs["node"]))]
    begin = np.flatnonzero(
        np.concatenate(
            [[True], (pairs["node"][1:] != pairs["node"][:-1]) | (pairs["other"][1:] != pairs["other"][:-1])]
        )
    )
    summed = pairs[begin].copy()
    summed["shared"] = np.add.reduceat(pairs["shared"], begin)
    return summed


def select_pairs(pairs: Records, config: DedupConfig) -> Records:
    """The candidate pairs that share enough: `shared_keys` sampled shingles or one exact key (EXACT_SHARED).

    Of a document that has more than `candidates` those that share most are kept, so that no text, however long or
    contrived, costs more than so many comparisons.
    """
    pairs = sum_pairs(pairs)
    pairs = pairs[pairs["shared"] >= config.shared_keys]
    order = np.lexsort((pairs["other"], -pairs["shared"].astype(np.int64), pairs["node"]))
    begins = np.searchsorted(pairs["node"], pairs["node"], "left")
    rank = np.arange(len(pairs)) - begins
    return pairs[np.sort(order[rank < config.candidates])]
