"""Candidate pairs and day counts against slow, obvious versions of them."""

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedup.candidates import EXACT_SHARED, PAIR, POSTING, find_pairs, select_pairs, sort_postings
from transforms.dedup.config import DedupConfig
from transforms.dedup.days import DAYS, DayCounts, join_days, unique_days

ANCHORS, WINDOW = 3, 10
POSTINGS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40), st.integers(0, 12)), unique=True, max_size=40)


def as_postings(rows, version):
    return np.array([(h, at, node << 12 | version) for h, at, node in rows], POSTING)


def slow_pairs(new, old):
    """The definition: for each posting the earliest with its hash, those of earlier runs first."""
    counts = Counter()
    for h, at, node in new:
        earlier = sorted((t, n) for g, t, n in old if g == h and abs(t - at) <= WINDOW)
        this_run = sorted((t, n) for g, t, n in new if g == h and (t, n) < (at, node) and at - t <= WINDOW)
        for _, other in (earlier + this_run)[:ANCHORS]:
            if other >> 12 != node >> 12:
                counts[node, other] += 1
    return counts


@given(POSTINGS, POSTINGS)
def test_pairs_are_the_earliest_in_the_window(new_rows, old_rows):
    new, old = as_postings(new_rows, 2), sort_postings(as_postings(old_rows, 1))
    pairs = find_pairs(new, old, WINDOW, ANCHORS)
    found = {(int(p["node"]), int(p["other"])): int(p["shared"]) for p in pairs}
    assert found == dict(slow_pairs(new.tolist(), old.tolist()))
    assert len(pairs) == len(found)


@given(POSTINGS, st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_of_postings(rows, rng):
    none = np.empty(0, POSTING)
    new = as_postings(rows, 1)
    mixed = as_postings(rng.sample(rows, len(rows)), 1)
    assert find_pairs(new, none, WINDOW, ANCHORS).tolist() == find_pairs(mixed, none, WINDOW, ANCHORS).tolist()


def test_a_hash_that_everybody_has_gives_three_pairs_each():
    new = as_postings([(7, at, at) for at in range(1000)], 1)
    assert len(find_pairs(new, np.empty(0, POSTING), 10_000, ANCHORS)) == 1000 * ANCHORS - 1 - 2 - 3


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 5)), max_size=40)


@given(PAIRS, st.randoms(use_true_random=False))
def test_those_that_share_most_are_kept(rows, rng):
    config = DedupConfig(candidates=3)
    sums = Counter()
    for node, other, shared in rows:
        sums[node, other] += shared
    expected = []
    for node in range(4):
        enough = [(-n, other) for (mine, other), n in sums.items() if mine == node and n >= config.shared_keys]
        expected += sorted((node, other) for _, other in sorted(enough)[:3])
    found = select_pairs(np.array(rng.sample(rows, len(rows)), PAIR), config)
    assert [(int(p["node"]), int(p["other"])) for p in found] == expected


def test_an_exact_key_comes_before_any_number_of_shingles():
    rows = [(1, other, 50) for other in range(9)] + [(1, 99, EXACT_SHARED)]
    found = select_pairs(np.array(rows, PAIR), DedupConfig(candidates=1))
    assert found["other"].tolist() == [99]


DAY_ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 12)), max_size=40)


@given(DAY_ROWS, DAY_ROWS, st.integers(-5, 15), st.integers(1, 12))
def test_days_before_are_counted_once_each(one, two, day, span):
    counts = DayCounts(join_days([np.array(one, DAYS), np.array(two, DAYS)]))
    seen = defaultdict(set)
    for h, d in one + two:
        seen[h].add(d)
    hashes = np.arange(7, dtype=np.uint64)
    expected = [sum(day - span <= d < day for d in seen[h]) for h in range(7)]
    # One day weighs as none, so hashes that were seen on one day only need not be known.
    assert np.maximum(1, counts.count(hashes, day, span)).tolist() == [max(1, n) for n in expected]
    assert counts.weights(hashes, day, span).tolist() == [1 / max(1, n) ** 2 for n in expected]


@given(DAY_ROWS)
def test_unique_days_is_a_sorted_set(rows):
    assert unique_days(np.array(rows, DAYS)).tolist() == sorted(set(rows))
