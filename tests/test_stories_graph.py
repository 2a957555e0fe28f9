"""The stage in Beam: equal to the core for every order of its input, with state and without."""

import random

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from stories import BRIDGE, BUDGET, CONFIG, FERRY, Memory, edit, make_story, run_batches

from transforms.dedup.components import find_root, flatten_forest, join_nodes, merge_forests
from transforms.dedup.graph import ApplyDecisions, DecideStories, MakeStoryState, apply_decision
from transforms.dedup.history import History
from transforms.dedup.sketch import SCHEME
from transforms.dedup.state import DOCUMENTS, TABLES, make_tables
from transforms.store.errors import StateMismatch
from transforms.store.state import StateRef


def make_batch(first, last):
    rng = random.Random(first)
    texts = (FERRY, BUDGET, BRIDGE)
    return [
        make_story(edit(texts[n % 3], 2 + n % 5, rng), f"Story of number {n % 3}", hours=n, name=str(n))
        for n in range(first, last)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_graph_places_as_the_core_does(seed):
    old, new = make_batch(0, 12), make_batch(12, 36)
    memory = Memory()
    run_batches([old], memory)
    expected = run_batches([new], _copy(memory, old))
    random.Random(seed).shuffle(new)
    with _TestPipeline() as pipeline:
        articles = pipeline | beam.Create(new)
        placed = articles | ApplyDecisions(articles | DecideStories(CONFIG, memory))
        assert_that(placed, equal_to([apply_decision(a, expected[a.article_id, 1]) for a in new]))


def _copy(memory, old):
    fresh = Memory()
    run_batches([old], fresh)
    assert fresh.load(DOCUMENTS) == memory.load(DOCUMENTS)
    return fresh


def test_the_graph_makes_the_state_that_the_core_makes():
    batch = make_batch(0, 20)
    expected = make_tables([d.placed for d in run_batches([batch]).values()], CONFIG)
    with _TestPipeline() as pipeline:
        decisions = pipeline | beam.Create(batch) | DecideStories(CONFIG)
        tables = decisions | MakeStoryState(CONFIG) | beam.Map(lambda named: (named[0], named[1].to_pydict()))
        assert_that(tables, equal_to([(name, table.to_pydict()) for name, table in expected.items()]))


def test_fresh_sentences_are_ranges_of_the_text():
    batch = [make_story(FERRY[: FERRY.index("Norland")]), make_story(hours=2, outlet="courier.example")]
    with _TestPipeline() as pipeline:
        articles = pipeline | beam.Create(batch)
        placed = articles | ApplyDecisions(articles | DecideStories(CONFIG))
        texts = placed | beam.Map(
            lambda a: None if a.fresh is None else [a.body.text[start:end] for start, end in a.fresh]
        )
        assert_that(texts, equal_to([None, [FERRY[FERRY.index("Norland") : FERRY.index(" The harb")], *_last_two()]]))


def _last_two():
    at = FERRY.index("The harbour")
    middle = FERRY.index(" Fishermen")
    return [FERRY[at:middle], FERRY[middle + 1 :]]


def test_no_stories_no_output():
    with _TestPipeline() as pipeline:
        articles = pipeline | beam.Create([]).with_output_types(type(make_story()))
        placed = articles | ApplyDecisions(articles | DecideStories(CONFIG))
        assert_that(placed, equal_to([]))


def test_a_forest_does_not_depend_on_the_order_of_joining():
    links = [(5, 3), (9, 8), (3, 1), (8, 5), (12, 11)]
    one, two = {}, {}
    for link in links:
        join_nodes(one, *link)
    for a, b in reversed(links):
        join_nodes(two, b, a)
    expected = {1: 1, 3: 1, 5: 1, 8: 1, 9: 1, 11: 11, 12: 11}
    assert flatten_forest(one) == flatten_forest(two) == flatten_forest(merge_forests([two, one, {}])) == expected
    assert find_root({}, 4) == 4


def test_state_of_another_scheme_is_refused_with_the_way_out(tmp_path):
    from schemas.manifest import StagedFile

    other = StagedFile(DOCUMENTS.dataset, "_state/x.parquet", 1, 1, "", scheme="dedup-0")
    state = StateRef(str(tmp_path), "r1", {DOCUMENTS.name: (other,)})
    with pytest.raises(StateMismatch, match="newsmill rebuild-state"):
        History.load(state)
    assert all(SCHEME in table.scheme for table in TABLES)
