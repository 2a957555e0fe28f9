"""Components: which documents of a run must be placed together. A union-find forest that combines in any order."""

from collections.abc import Iterable, Iterator

from transforms.dedup.history import History
from transforms.dedup.sketch import article_key
from transforms.dedup.star import Case
from transforms.dedup.state import story_key

Forest = dict[int, int]


def find_root(forest: Forest, node: int) -> int:
    """Root of a node; shortens the path to it."""
    root = node
    while forest.get(root, root) != root:
        root = forest[root]
    while forest.get(node, root) != root:
        forest[node], node = root, forest[node]
    return root


def join_nodes(forest: Forest, one: int, two: int) -> None:
    """Joins two nodes; the smaller root stays, so that the order of joining doesn't show."""
    low, high = sorted((find_root(forest, one), find_root(forest, two)))
    forest[low], forest[high] = low, low


def merge_forests(forests: Iterable[Forest]) -> Forest:
    """Joins what any of the forests joins."""
    merged: Forest = {}
    for forest in forests:
        for node, parent in forest.items():
            join_nodes(merged, node, parent)
    return merged


def flatten_forest(forest: Forest) -> Forest:
    """Every node with its root."""
    return {node: find_root(forest, node) for node in sorted(forest)}


def find_links(case: Case, history: History) -> Iterator[tuple[int, int]]:
    """What must be placed with a document: what it may join, other versions of its article, the members of its story."""
    mine = case.sketch.article
    if case.sketch.version > 1:
        yield mine, mine
        before = history.latest_version(mine)
        if before is not None:
            yield mine, story_key(before.story_id)
    for edge in case.edges:
        if edge.accepted:
            yield mine, article_key(edge.other)
            other = history.find(edge.other)
            if other is not None:
                yield mine, story_key(other.story_id)


def key_by_component(case: Case, forest: Forest) -> tuple[int, Case]:
    """Keys a case by the smallest node of its component; what is linked to nothing is a component of its own."""
    return forest.get(case.sketch.article, case.sketch.article), case
