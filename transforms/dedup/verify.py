"""Verification: whether two candidates are near-identical, and why."""

import dataclasses
import itertools

import numpy as np

from transforms.dedup.config import DedupConfig
from transforms.dedup.days import DayCounts, day_of
from transforms.dedup.frames import find_substitutions, first_names
from transforms.dedup.sketch import Sketch, as_hashes


@dataclasses.dataclass(frozen=True, slots=True)
class Edge:
    """What a document has in common with an earlier one.

    Attributes:
        other: node of the earlier document.
        similarity: share that decided: weighted containment, or 1 for exact copies.
        jaccard: of the shingles.
        cover, covered: share of this document's shingles that the other has, and of the other's that this has.
        accepted: near-identical, but for the digest guard.
        exact: equal bodies.
        reason: how it was decided, for a person.
    """

    other: int
    similarity: float
    jaccard: float
    cover: float
    covered: float
    accepted: bool
    exact: bool
    reason: str


def shared(one: bytes, two: bytes) -> np.ndarray:
    """What two sorted sets of hashes have in common."""
    return np.intersect1d(as_hashes(one), as_hashes(two), assume_unique=True)


def number_agreement(one: bytes, two: bytes) -> float:
    """Share of the poorer text's distinct numbers that the other has; 1 where a text has fewer than two."""
    poorer = min(len(one), len(two)) // 8
    return len(shared(one, two)) / poorer if poorer > 1 else 1.0


def share_title(one: Sketch, two: Sketch) -> bool:
    """Whether two titles share a word that tells what they are about."""
    return len(shared(one.title, two.title)) > 0


def share_lead(one: Sketch, two: Sketch, least: float) -> bool:
    """Whether two leads share enough pairs of consecutive words, in any order, or one has words of the other's title."""
    pairs, heads = [], []
    for sketch in (one, two):
        lead = (np.frombuffer(sketch.lead, "<u4") >> 2).tolist()
        pairs.append(set(itertools.pairwise(lead)))
        heads.append((set(lead), set((as_hashes(sketch.title) >> np.uint64(34)).tolist())))
    if heads[0][0] & heads[1][1] or heads[1][0] & heads[0][1]:
        return True
    poorer = min(map(len, pairs))
    return poorer > 0 and len(pairs[0] & pairs[1]) >= least * poorer


def find_veto(sketch: Sketch, other: Sketch, edge: Edge, numbers: float, config: DedupConfig) -> str:
    """Why two texts with so much in common are still two stories; empty when they are not."""
    if (sketch.rubric or other.rubric) and edge.jaccard < config.edition and not share_title(sketch, other):
        return "one is a digest or live coverage"
    partial = min(edge.cover, edge.covered) < config.part and sketch.title and other.title
    if partial and not (share_title(sketch, other) or share_lead(sketch, other, config.lead)):
        return "a part of another text, under another title"
    frames = find_substitutions(sketch.lead, other.lead)
    if names_party(frames.names, sketch, other) and names_party(frames.other_names, other, sketch):
        return "one template, other names"
    if frames.figures and numbers < config.figures and abs(sketch.at - other.at) >= config.template_gap:
        return "one template, other figures at another time"
    return ""


def names_party(names: frozenset[int], sketch: Sketch, other: Sketch) -> bool:
    """Whether one of the names that stand in another's place is what a text is about, and the other text is not."""
    return bool(names & (find_topic(sketch) - find_topic(other)))


def find_topic(sketch: Sketch) -> set[int]:
    """30-bit hashes of what a text is about: the words of its title, else the names that it begins with."""
    if sketch.title:
        return set((as_hashes(sketch.title) >> np.uint64(34)).tolist())
    return first_names(sketch.lead)


def compare(sketch: Sketch, other: Sketch, days: DayCounts, config: DedupConfig) -> Edge | None:
    """Compares a document with an earlier candidate; None where they have next to nothing in common.

    Weighted containment is shared weight / the smaller of the total weights, with days counted before the day of
    `sketch` (dedup.md, section 4).
    """
    if sketch.digest == other.digest:
        return compare_equal(sketch, other, config)
    mine, theirs = as_hashes(sketch.shingles), as_hashes(other.shingles)
    if not len(mine) or not len(theirs):
        return None
    both = np.intersect1d(mine, theirs, assume_unique=True)
    cover, covered = len(both) / len(mine), len(both) / len(theirs)
    jaccard = len(both) / (len(mine) + len(theirs) - len(both))

    def edge(similarity: float, accepted: bool, reason: str) -> Edge:
        return Edge(other.node, similarity, jaccard, cover, covered, accepted, False, reason)

    if min(sketch.tokens, other.tokens) < config.short:
        same = len(set(sketch.exact[1:]) & set(other.exact[1:])) > 0 and abs(sketch.at - other.at) <= config.window
        return edge(max(cover, covered), same, "title and lead equal") if same else None
    if max(cover, covered) < config.containment:
        return None
    day = day_of(sketch.at)
    weight = float(days.weights(both, day, config.day_span).sum())
    total = min(float(days.weights(h, day, config.day_span).sum()) for h in (mine, theirs))
    similarity = min(1.0, weight / total)
    numbers = number_agreement(sketch.numbers, other.numbers)
    measured = f"weighted containment {similarity:.3f} of {weight:.0f} shingles, numbers {numbers:.2f}"
    if abs(sketch.at - other.at) > config.window:
        return edge(similarity, False, f"too far apart; {measured}")
    least = config.ample_containment if weight >= config.ample_weight else config.weighted_containment
    if similarity < least or weight < config.shared_weight:
        return edge(similarity, False, f"too little in common; {measured}")
    if numbers < config.numbers and similarity < config.waived_at:
        return edge(similarity, False, f"numbers differ; {measured}")
    veto = find_veto(sketch, other, edge(similarity, True, measured), numbers, config)
    return edge(similarity, False, f"{veto}; {measured}") if veto else edge(similarity, True, measured)


def compare_equal(sketch: Sketch, other: Sketch, config: DedupConfig) -> Edge:
    """Compares two documents with equal bodies: exact copies, unless the body is but a phrase or the site's furniture."""

    def edge(accepted: bool, reason: str) -> Edge:
        return Edge(other.node, 1.0, 1.0, 1.0, 1.0, accepted, accepted, reason)

    poorer, richer = sorted((len(sketch.title) // 8, len(other.title) // 8))
    agreed = len(shared(sketch.title, other.title))
    if not sketch.tokens and not poorer:
        return edge(False, "nothing but furniture")
    phrase = config.low_text if sketch.outlet == other.outlet else config.short
    if sketch.tokens < phrase and poorer and agreed <= config.titles * richer:
        return edge(False, "a phrase under different titles")
    if (sketch.tokens < config.low_text or sketch.outlet == other.outlet) and poorer and not agreed:
        return edge(False, "equal bodies under titles that have nothing in common: furniture")
    return edge(True, "exact copy")


def containment(one: bytes, two: bytes) -> float:
    """Share of the smaller set of shingles that the other has; 1 where a set is empty."""
    smaller = min(len(one), len(two)) // 8
    return len(shared(one, two)) / smaller if smaller else 1.0
