"""The whole stage without Beam: the reference that the graph must agree with."""

from collections.abc import Iterable

import numpy as np

from transforms.dedup.candidates import (
    EXACT_SHARED,
    POSTING,
    find_pairs,
    join_records,
    make_exact_postings,
    make_postings,
    select_pairs,
)
from transforms.dedup.config import DedupConfig
from transforms.dedup.days import DAYS, DayCounts, join_days, make_day_records, unique_days
from transforms.dedup.history import History
from transforms.dedup.sketch import Sketch, as_hashes, unique_sorted
from transforms.dedup.star import Case, Decision, Stars
from transforms.dedup.verify import Edge, compare


def place_stories(sketches: Iterable[Sketch], history: History, config: DedupConfig) -> list[Decision]:
    """Places the documents of one run, in order."""
    sketches = sorted(sketches, key=lambda s: s.order)
    by_node = {s.node: s for s in sketches}
    near = find_pairs(
        join_records((make_postings(s, config) for s in sketches), POSTING),
        history.postings,
        config.window,
        config.anchors,
    )
    exact = find_pairs(
        join_records((make_exact_postings(s) for s in sketches), POSTING),
        history.exact_postings,
        config.exact_window,
        config.anchors,
    )
    exact["shared"] = EXACT_SHARED
    pairs = select_pairs(np.concatenate([near, exact]), config)
    records = unique_days(join_records(map(make_day_records, sketches), DAYS))
    others = (history.sketch(other) for other in unique_sorted(pairs["other"]).tolist())
    interest = unique_sorted(np.concatenate([records["hash"], *(as_hashes(o.shingles) for o in others if o)]))
    days = DayCounts(join_days([history.days(interest), records]))
    edges: dict[int, list[Edge]] = {}
    for node, other in zip(pairs["node"].tolist(), pairs["other"].tolist(), strict=True):
        found = by_node.get(other) or history.sketch(other)
        edge = compare(by_node[node], found, days, config) if found else None
        if edge:
            edges.setdefault(node, []).append(edge)
    stars = Stars(history, config)
    return [stars.place(Case(s, tuple(edges.get(s.node, ())))) for s in sketches]
