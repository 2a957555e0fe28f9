"""Stars: each document joins the earliest canonical that it is near-identical to, or becomes one.

No chaining through members: a digest or a long family would else join what is not alike. A canonical never changes.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from transforms.dedup.config import DedupConfig
from transforms.dedup.sketch import Sketch, as_hashes
from transforms.dedup.verify import Edge, containment, share_title

# A digest shows itself among its first parts; more need not be looked at.
_PARTS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A document of this run with its edges to earlier ones, of this run or another."""

    sketch: Sketch
    edges: tuple[Edge, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A document and where it belongs.

    Attributes:
        sketch: its shingles are empty where they have expired.
        story_id: of its story.
        canonical: article id of the story's canonical; None on the canonical itself.
        similarity: to the document that decided; None on the canonical.
        reason: how it was decided, for a person.
        holds, within: nodes of near-identical documents that are a part of this one, or that this one is a part of.
    """

    sketch: Sketch
    story_id: str
    canonical: str | None = None
    similarity: float | None = None
    reason: str = ""
    holds: tuple[int, ...] = ()
    within: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """A document of this run, placed.

    Attributes:
        fresh: ordinals of its sentences that no earlier member of the story has; None for all of them.
    """

    placed: Placed
    fresh: tuple[int, ...] | None = None


class Past(Protocol):
    """What earlier runs placed."""

    def find(self, node: int) -> Placed | None:
        """The document of a node."""

    def latest_version(self, article: int) -> Placed | None:
        """The latest version of an article."""

    def parts(self, node: int) -> Sequence[int]:
        """Nodes of the documents that are a part of a document."""

    def sentences(self, story_id: str) -> Iterable[int]:
        """Hashes of the sentences that the members of a story have."""


class Stars:
    """Places documents one by one; what belongs together must come to one instance, in order."""

    def __init__(self, past: Past, config: DedupConfig):
        """Begins a run on what earlier runs placed."""
        self._past = past
        self._config = config
        self._placed: dict[int, Placed] = {}
        self._versions: dict[int, Placed] = {}
        self._parts: dict[int, list[int]] = defaultdict(list)
        self._sentences: dict[str, set[int]] = {}

    def place(self, case: Case) -> Decision:
        """Places the next document."""
        sketch = case.sketch
        edges = self._guard(sketch, [e for e in case.edges if e.accepted and self._find(e.other)])
        before = self._latest_version(sketch) if sketch.version > 1 else None
        share = self._share(sketch, before.sketch) if before is not None else 0.0
        split = before is not None and share < self._config.version_containment
        placed: Placed | None = None
        if before is not None and not split:
            similarity = None if before.canonical is None else share
            reason = f"version {sketch.version}, {share:.3f} of version {before.sketch.version}"
            placed = Placed(sketch, before.story_id, before.canonical, similarity, reason)
        if placed is None:
            placed = self._join(sketch, edges) or self._found(sketch, split)
        placed = dataclasses.replace(
            placed,
            holds=tuple(e.other for e in edges if e.cover < self._config.part),
            within=tuple(e.other for e in edges if e.covered < self._config.part),
        )
        self._remember(placed)
        return Decision(placed, self._fresh(placed, before))

    def _find(self, node: int) -> Placed | None:
        return self._placed.get(node) or self._past.find(node)

    def _latest_version(self, sketch: Sketch) -> Placed | None:
        before = self._versions.get(sketch.article) or self._past.latest_version(sketch.article)
        # What earlier runs have forgotten must not count in a run that happens to hold both.
        return before if before and abs(sketch.at - before.sketch.at) <= self._config.exact_window else None

    def _share(self, sketch: Sketch, before: Sketch) -> float:
        """What two versions have in common: shingles while these are remembered, then sentences."""
        if before.shingles and abs(sketch.at - before.at) <= self._config.window:
            return containment(sketch.shingles, before.shingles)
        mine, theirs = (set(as_hashes(s.sentences).tolist()) - {0} for s in (sketch, before))
        return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 1.0

    def _join(self, sketch: Sketch, edges: Iterable[Edge]) -> Placed | None:
        options = []
        for edge in edges:
            other = self._find(edge.other)
            # What is alike as a whole belongs where the member does; a mere part of it need not.
            if other is not None and (other.canonical is None or edge.jaccard >= self._config.alike):
                weak = edge.similarity < self._config.weighted_containment
                options.append(((weak, other.canonical is not None, other.sketch.order), edge, other))
        if not options:
            return None
        _, edge, other = min(options, key=lambda option: option[0])
        if other.canonical is None:
            reason = f"{edge.reason} of {other.sketch.article_id}"
            return Placed(sketch, other.story_id, other.sketch.article_id, edge.similarity, reason)
        reason = (
            f"{edge.reason} of {other.sketch.article_id}, which is near-identical to {other.canonical}: {other.reason}"
        )
        return Placed(sketch, other.story_id, other.canonical, edge.similarity, reason)

    def _found(self, sketch: Sketch, split: bool) -> Placed:
        story_id = "s" + sketch.article_id.removeprefix("a")
        if split:
            return Placed(sketch, f"{story_id}.{sketch.version}", reason="a new story under the URL of another")
        return Placed(sketch, story_id, reason="first of its story")

    def _remember(self, placed: Placed) -> None:
        node = placed.sketch.node
        self._placed[node] = placed
        self._versions[placed.sketch.article] = placed
        for other in placed.within:
            self._parts[other].append(node)
        self._parts[node].extend(placed.holds)

    def _guard(self, sketch: Sketch, edges: list[Edge]) -> list[Edge]:
        """Leaves out the edges of digests, but those to texts that are alike as a whole."""
        config = self._config
        parts = [self._find(e.other) for e in edges if e.cover < config.part][:_PARTS]
        is_digest = any(self._unrelated(a.sketch, b.sketch) for n, a in enumerate(parts) if a for b in parts[:n] if b)
        kept = []
        for edge in edges:
            alike = edge.exact or edge.jaccard >= config.alike
            if alike or not (is_digest or (edge.covered < config.part and self._in_digest(sketch, edge.other))):
                kept.append(edge)
        return kept

    def _in_digest(self, sketch: Sketch, hub: int) -> bool:
        """Whether the hub that holds this document also holds an unrelated one."""
        parts = [*self._past.parts(hub), *self._parts.get(hub, ())][:_PARTS]
        found = (self._find(node) for node in parts if node != sketch.node)
        return any(self._unrelated(sketch, other.sketch) for other in found if other)

    def _unrelated(self, one: Sketch, two: Sketch) -> bool:
        if not one.shingles or not two.shingles or one.article == two.article or share_title(one, two):
            return False
        return containment(one.shingles, two.shingles) < self._config.related

    def _fresh(self, placed: Placed, before: Placed | None) -> tuple[int, ...] | None:
        story = placed.story_id
        if story not in self._sentences:
            self._sentences[story] = set(self._past.sentences(story))
        known = self._sentences[story]
        hashes = as_hashes(placed.sketch.sentences).tolist()
        fresh: tuple[int, ...] | None = None
        if placed.canonical is not None or before is not None:
            earlier = set(as_hashes(before.sketch.sentences).tolist()) if before is not None else set()
            fresh = tuple(n for n, h in enumerate(hashes) if h and h not in known and h not in earlier)
        known.update(hashes)
        return fresh
