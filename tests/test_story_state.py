"""The state of stories: made anew from the articles it is what the runs left, and small."""

import dataclasses
import random

import pytest
from stories import BRIDGE, BUDGET, CONFIG, FERRY, Memory, edit, make_story, run_batches

from transforms.dedup.graph import apply_decision
from transforms.dedup.history import History
from transforms.dedup.rebuild import memory_seconds, state_from_articles
from transforms.dedup.state import DAY_COUNTS, DOCUMENTS, SHINGLES, TABLES


def make_days(rng, days, each=4):
    texts = (FERRY, BUDGET, BRIDGE)
    return [
        [
            make_story(
                edit(texts[n % 3], 3 + n % 4, rng), f"Story of number {n % 3}", hours=24 * day + n, name=f"{day}-{n}"
            )
            for n in range(each)
        ]
        for day in range(days)
    ]


@pytest.fixture
def days():
    return make_days(random.Random(5), 4)


def rows(table):
    return sorted(
        table.drop_columns(["reason"]).to_pylist() if "reason" in table.schema.names else table.to_pylist(), key=str
    )


def test_state_from_articles_is_what_the_runs_left(days):
    memory = Memory()
    decided = run_batches(days, memory)
    published = [apply_decision(a, decided[a.article_id, a.version]) for day in days for a in day]
    made = state_from_articles(reversed(published), CONFIG)
    for table in TABLES:
        left, right = rows(made[table.name]), rows(memory.load(table))
        if table is DAY_COUNTS:  # runs may note the same day twice
            right = [dict(row) for row in {tuple(row.items()): row for row in right}.values()]
        assert left == right


def test_published_stories_are_kept_even_where_they_would_be_placed_otherwise(days):
    odd = [dataclasses.replace(a, story_id=f"s{n}") for n, a in enumerate(days[0])]
    assert state_from_articles(odd, CONFIG)[DOCUMENTS.name]["story_id"].to_pylist() == ["s0", "s1", "s2", "s3"]
    with pytest.raises(ValueError, match="has no story"):
        state_from_articles(days[0], CONFIG)


def test_state_is_bounded_by_the_windows():
    memory = Memory()
    sizes = []
    for day in make_days(random.Random(1), 80, 2):
        run_batches([day], memory)
        sizes.append({table: memory.load(table).num_rows for table in TABLES})
    last = sizes[-1]
    assert last[SHINGLES] <= 2 * 13
    assert last[DOCUMENTS] <= 2 * 38
    assert last[DAY_COUNTS] <= 1.1 * sizes[40][DAY_COUNTS]
    assert memory_seconds(CONFIG) >= CONFIG.exact_window


def test_look_ups_find_documents_versions_stories_and_parts(days):
    memory = Memory()
    decided = run_batches(days, memory)
    history = History.load(memory)
    for decision in decided.values():
        placed = decision.placed
        node = placed.sketch.node
        assert history.find(node) == placed
        assert history.knows(node)
        assert not history.knows(node + 1)
        assert history.latest_version(placed.sketch.article) == placed
        assert set(history.sentences(placed.story_id)) >= {h for h in history.sentences(placed.story_id) if h}
        for part in placed.holds:
            assert part in history.parts(node)
        for hub in placed.within:
            assert node in history.parts(hub)
    assert history.find(7) is None
    assert history.latest_version(7) is None
    assert history.parts(7) == ()


def test_an_empty_history_knows_nothing():
    history = History.empty()
    assert len(history.postings) == len(history.exact_postings) == 0
    assert history.find(1) is None
    assert history.sentences("s1") == []
