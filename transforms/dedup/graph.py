"""The stage in Beam: sketches sharded by hash, candidates compared pair by pair, components placed in order.

Only the last step carries text. Hashes travel as packed arrays, one element a bundle and shard, and no key gathers what
grows faster than a story or a shard.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.transforms.combiners import ToList
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.shared import Shared
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from schemas.article import Article
from transforms.annotate.sentences import split_sentences
from transforms.dedup.candidates import Records, make_exact_postings, make_postings
from transforms.dedup.components import (
    Forest,
    find_links,
    flatten_forest,
    join_nodes,
    key_by_component,
    merge_forests,
)
from transforms.dedup.config import DedupConfig
from transforms.dedup.days import make_day_records
from transforms.dedup.history import History, StateLoader
from transforms.dedup.shards import (
    ask_days,
    compare_candidates,
    count_days,
    join_faded,
    pair_shard,
    past_hashes,
    place_component,
    select_candidates,
    split_shards,
)
from transforms.dedup.sketch import Sketch, node_key, sketch_article
from transforms.dedup.star import Decision
from transforms.dedup.state import make_tables

_PACK_BYTES = 1 << 24


class WithHistoryFn(beam.DoFn):
    """Calls a function with the history of earlier runs, which is loaded once a process."""

    def __init__(
        self, function: Callable[..., Iterable[Any]], state: StateLoader | None, shared: Shared, config: DedupConfig
    ):
        """Takes `function(element, history, config, *side inputs)`."""
        self._function = function
        self._state = state
        self._shared = shared
        self._config = config

    def setup(self) -> None:
        """Loads the history."""
        self._history = self._shared.acquire(self._load)

    def _load(self) -> History:
        return History.empty() if self._state is None else History.load(self._state)

    def process(self, element: Any, *sides: Any) -> Iterable[Any]:
        """Calls the function."""
        return self._function(element, self._history, self._config, *sides)

    def default_label(self) -> str:
        """The name of the function."""
        return self._function.__name__


class PackShardsFn(beam.DoFn):
    """Packs the records of many documents by shard of their hash."""

    def __init__(self, kind: str):
        """Names the kind of records, for the key."""
        self._kind = kind

    def start_bundle(self) -> None:
        """Begins with nothing."""
        self._parts: dict[int, list[bytes]] = defaultdict(list)
        self._bytes = 0

    def process(self, records: Records) -> Iterator[tuple[tuple[str, int], bytes]]:
        """Takes the records of one document."""
        for shard, part in split_shards(records):
            self._parts[shard].append(part.tobytes())
        self._bytes += records.nbytes
        if self._bytes > _PACK_BYTES:
            yield from self._pack()
            self.start_bundle()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Gives the rest."""
        for element in self._pack():
            yield WindowedValue(element, MIN_TIMESTAMP, (GlobalWindow(),))

    def _pack(self) -> Iterator[tuple[tuple[str, int], bytes]]:
        for shard in sorted(self._parts):
            yield (self._kind, shard), b"".join(self._parts[shard])


class JoinLinksFn(beam.CombineFn):
    """Joins links (one node, another) to a forest: each worker joins its own first, so that none sees them all."""

    def create_accumulator(self) -> Forest:
        """Makes an empty forest."""
        return {}

    def add_input(self, forest: Forest, link: tuple[int, int]) -> Forest:
        """Joins one link."""
        join_nodes(forest, *link)
        return forest

    def merge_accumulators(self, forests: Iterable[Forest]) -> Forest:
        """Joins forests."""
        return merge_forests(forests)

    def extract_output(self, forest: Forest) -> Forest:
        """Gives every linked node with its root."""
        return flatten_forest(forest)


@dataclasses.dataclass
class DecideStories(beam.PTransform):
    """Decides for every article version which story it belongs to.

    Attributes:
        config: what makes two texts one story.
        state: of earlier runs; None begins without any.
    """

    config: DedupConfig
    state: StateLoader | None = None

    def expand(self, articles: PCollection[Article]) -> PCollection[Decision]:
        """Sketches, pairs, compares, places."""
        config, state, shared = self.config, self.state, Shared()

        def knowing(function: Callable[..., Iterable[Any]], *sides: Any) -> beam.PTransform:
            return beam.ParDo(WithHistoryFn(function, state, shared, config), *sides)

        sketches = articles | "Sketch" >> beam.Map(sketch_article)
        near = (
            sketches
            | "Postings" >> beam.Map(make_postings, config)
            | "PackPostings" >> beam.ParDo(PackShardsFn("near"))
        )
        exact = (
            sketches
            | "ExactPostings" >> beam.Map(make_exact_postings)
            | "PackExact" >> beam.ParDo(PackShardsFn("exact"))
        )
        pairs = (
            (near, exact)
            | "AllPostings" >> beam.Flatten()
            | "ByShard" >> beam.GroupByKey()
            | "Pair" >> knowing(pair_shard)
            | "ByDocument" >> beam.GroupByKey()
            | "Select" >> knowing(select_candidates)
        )
        past = pairs | "OfPast" >> beam.FlatMap(lambda p: [(p[0], p[1])] if p[2] else [])
        asked = (
            past
            | "Asked" >> beam.Map(lambda p: p[1])
            | "AskedOnce" >> beam.Distinct()
            | "PastHashes" >> knowing(lambda other, history, _: [ask_days(past_hashes([other], history))])
            | "PackAsked" >> beam.ParDo(PackShardsFn("days"))
        )
        seen = sketches | "DayRecords" >> beam.Map(make_day_records) | "PackDays" >> beam.ParDo(PackShardsFn("days"))
        days = (
            (seen, asked)
            | "AllDays" >> beam.Flatten()
            | "DaysByShard" >> beam.GroupByKey()
            | "CountDays" >> knowing(count_days)
            | "AllFaded" >> ToList()
            | "JoinFaded" >> beam.Map(join_faded)
        )
        keyed = sketches | "KeySketches" >> beam.WithKeys(lambda sketch: sketch.node)
        lent = (
            {"sketch": keyed, "askers": pairs | "OfRun" >> beam.FlatMap(lambda p: [] if p[2] else [(p[1], p[0])])}
            | "JoinOthers" >> beam.CoGroupByKey()
            | "Lend" >> beam.FlatMap(lend_sketch)
        )
        cases = (
            {"sketch": keyed, "run": lent, "past": past}
            | "JoinCandidates" >> beam.CoGroupByKey()
            | "Compare" >> knowing(compare_candidates, AsSingleton(days))
        )
        forest = (
            cases
            | "Links" >> knowing(lambda case, history, _: find_links(case, history))
            | "Join" >> beam.CombineGlobally(JoinLinksFn())
        )
        return (
            cases
            | "KeyByComponent" >> beam.Map(key_by_component, AsSingleton(forest))
            | "ByComponent" >> beam.GroupByKey()
            | "Place" >> knowing(place_component).with_output_types(Decision)
        )


def lend_sketch(element: tuple[int, dict[str, Iterable[Any]]]) -> Iterator[tuple[int, Sketch]]:
    """Gives the sketch of a document to those that it is a candidate of."""
    _, found = element
    for sketch in found["sketch"]:
        for asker in found["askers"]:
            yield asker, sketch


def apply_decision(article: Article, decision: Decision) -> Article:
    """Sets what was decided on the article."""
    placed = decision.placed
    fresh = decision.fresh
    sentences = split_sentences(article.body.text) if fresh else []
    return dataclasses.replace(
        article,
        story_id=placed.story_id,
        duplicate_of=placed.canonical,
        similarity=placed.similarity,
        similarity_reason=placed.reason,
        fresh=None if fresh is None else tuple(sentences[n] for n in fresh),
    )


def strip_decision(decision: Decision) -> Decision:
    """What of a decision an article needs: not the sketch's hashes."""
    placed = decision.placed
    sketch = dataclasses.replace(placed.sketch, shingles=b"", numbers=b"", sentences=b"", title=b"")
    return dataclasses.replace(decision, placed=dataclasses.replace(placed, sketch=sketch, holds=(), within=()))


@dataclasses.dataclass
class ApplyDecisions(beam.PTransform):
    """Sets story_id, duplicate_of, similarity and fresh on articles."""

    decisions: PCollection[Decision]

    def expand(self, articles: PCollection[Article]) -> PCollection[Article]:
        """Joins articles with their decisions."""
        decided = (
            self.decisions
            | "Strip" >> beam.Map(strip_decision)
            | "KeyDecisions" >> beam.WithKeys(lambda decision: decision.placed.sketch.node)
        )
        keyed = articles | "KeyArticles" >> beam.WithKeys(lambda a: node_key(a.article_id, a.version))
        return (
            {"article": keyed, "decision": decided}
            | "Join" >> beam.CoGroupByKey()
            | "Apply" >> beam.FlatMap(apply_joined).with_output_types(Article)
        )


def apply_joined(element: tuple[int, dict[str, Iterable[Any]]]) -> Iterator[Article]:
    """Applies the decision of one article version."""
    (decision,) = element[1]["decision"]
    (article,) = element[1]["article"]
    yield apply_decision(article, decision)


@dataclasses.dataclass
class MakeStoryState(beam.PTransform):
    """Makes the state rows of a run: one (table name, rows) for each table."""

    config: DedupConfig

    def expand(self, decisions: PCollection[Decision]) -> PCollection[tuple[str, pa.Table]]:
        """Gathers what was placed; a document is about 2 kB."""
        return (
            decisions
            | "Placed" >> beam.Map(lambda decision: decision.placed)
            | "All" >> ToList()
            | "Tables" >> beam.FlatMap(lambda placed: sorted(make_tables(placed, self.config).items()))
        )
