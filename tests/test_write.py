import datetime as dt
from decimal import Decimal
from pathlib import Path

import apache_beam as beam
import duckdb
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from factories import NOON, RUN_START, make_article, make_event, make_failure, make_published
from store_trees import SEEN, connect

from pipeline.runner import make_engine
from schemas.event import TradeFigure
from schemas.manifest import Counts, Manifest
from transforms.article.words import count_words
from transforms.outcomes import CountOutcomes, CountTallies, Outcome, Tally, sum_counts
from transforms.store.commit import Tree
from transforms.store.encode import encode_rows, schema_of
from transforms.store.rows import article_leaf, article_row, event_leaf, event_row, failure_leaf, failure_row
from transforms.store.write import CommitRun, WriteRows, WriteState, shard_row, stage_leaf


def run(root, run_id, articles, *options, file_rows=50_000):
    tree = Tree(str(root))
    engine = make_engine(PipelineOptions(options))
    with beam.Pipeline(runner=engine.runner, options=engine.options) as pipeline:
        made = pipeline | beam.Create(articles, reshuffle=False)
        events = made | "Events" >> beam.Map(make_event)
        staged = (
            made
            | "Rows" >> beam.Map(lambda a: (article_leaf(a), article_row(a, run_id)))
            | "WriteArticles" >> WriteRows("articles", tree, run_id, file_rows),
            events
            | "EventRows" >> beam.Map(lambda e: (event_leaf(e), event_row(e, run_id)))
            | "WriteEvents" >> WriteRows("events", tree, run_id),
            made
            | "SeenRows" >> beam.Map(lambda a: {"url": a.body.url, "version": a.version})
            | "WriteSeen" >> WriteState(SEEN, tree, run_id),
        ) | "Staged" >> beam.Flatten()
        counted = (
            made | beam.Map(lambda a: Outcome(a.body.outlet, "new")) | CountOutcomes(),
            events | beam.Map(lambda e: Tally("events", e.kind)) | CountTallies(),
        ) | "Counted" >> beam.Flatten()
        _ = staged | CommitRun(tree, Manifest(run_id, RUN_START.isoformat()), counted)
    return tree


def articles(count, **changes):
    return [
        make_article(
            f"Minister {n} met the envoy.", url=f"https://herald.example/{n}", outlet=f"o{n % 2}.example", **changes
        )
        for n in range(count)
    ]


def test_a_run_through_beam_is_published_and_counted(tmp_path):
    tree = run(tmp_path / "out", "r1", articles(5))
    manifest = tree.newest()
    assert manifest.total == Counts(new=5)
    assert manifest.outlets == {"o0.example": Counts(new=3), "o1.example": Counts(new=2)}
    assert manifest.further == {"events": {"meeting": 5}}
    assert [file.rows for file in manifest.files] == [3, 2, 3, 2]
    assert manifest.files[0].min_published_at == NOON.isoformat()
    assert connect(tree.root).execute("SELECT count(*) FROM events").fetchall() == [(5,)]
    assert tree.state().load(SEEN).num_rows == 5


def test_an_empty_run_through_beam_leaves_its_manifest(tmp_path):
    tree = run(tmp_path / "out", "r1", [])
    assert tree.newest().total == Counts()
    assert connect(tree.root).execute("SELECT count(*) FROM events").fetchall() == [(0,)]


def test_bundles_that_run_twice_write_the_same_files_and_count_once(tmp_path):
    once = run(tmp_path / "once", "r1", articles(5))
    twice = run(tmp_path / "twice", "r1", articles(5), "--direct_runner_bundle_repeat=2")
    assert twice.newest().files == once.newest().files
    assert twice.newest().total == once.newest().total
    assert once.listing() == twice.listing()


def test_a_large_leaf_is_spread_over_files_the_same_way_in_any_order(tmp_path):
    forth = run(tmp_path / "a", "r1", articles(30), file_rows=4).newest()
    back = run(tmp_path / "b", "r1", articles(30)[::-1], file_rows=4).newest()
    assert forth.files == back.files
    files = [file for file in forth.files if file.dataset == "articles"]
    assert 4 < len(files) <= 8
    assert sum(file.rows for file in files) == 30


def test_a_small_leaf_has_one_file():
    row = article_row(make_article(), "r1")
    assert shard_row(("leaf", row), "articles", {"leaf": 4}, 4)[0] == ("leaf", 0)


def test_rows_are_sorted_by_publication_then_id_with_the_undated_last(tmp_path):
    dated = [make_article(article_id=name, published=make_published(NOON + dt.timedelta(hours=h)))
             for name, h in (("c", 0), ("a", 1), ("b", 0))]  # fmt: skip
    undated = make_article(article_id="0", published=make_published(None))
    rows = [article_row(article, "r1") for article in (undated, *dated)]
    tree = Tree(str(tmp_path))
    file = stage_leaf((("articles/date=2026-03-02/outlet=x", 0), rows), "articles", tree, "r1")
    staged = pq.read_table(tmp_path / "_staging" / "r1" / (file.path.replace("/", "!") + ".staged"))
    assert staged["article_id"].to_pylist() == ["b", "c", "a", "0"]
    assert (file.min_published_at, file.max_published_at) == (
        NOON.isoformat(),
        (NOON + dt.timedelta(hours=1)).isoformat(),
    )


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({}, "2026-03-02"),
        ({"quality": "guessed"}, "2026-03-03"),
        ({"at": None, "precision": "none", "quality": None}, "2026-03-03"),
        ({"at": dt.datetime(2026, 3, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=4)))}, "2026-03-01"),
    ],
)
def test_a_row_is_filed_under_a_trusted_day_else_when_it_was_seen(changes, day):
    article = make_article(published=make_published(**changes))
    assert article_leaf(article) == f"articles/date={day}/outlet=herald.example"


def test_an_event_lies_beside_its_article():
    article = make_article()
    assert event_leaf(make_event(article)).split("/")[1:] == article_leaf(article).split("/")[1:]


def test_failures_are_filed_under_the_day_of_the_run():
    assert failure_leaf(RUN_START) == "quarantine/date=2026-03-03"
    row = failure_row(make_failure(detail="x" * 5000), "r1", RUN_START)
    assert len(row["detail"]) == 2000
    assert encode_rows([row], schema_of("quarantine"))


def test_text_can_be_left_out_of_the_files():
    row = article_row(make_article(), "r1", keep_text=False)
    assert row["text"] is None
    assert (row["word_count"], len(row["text_sha256"])) == (16, 64)


def test_bars_of_a_table_are_no_words():
    article = make_article(text="Standings\n" + "| Vasa | | 3 |\n" * 2)
    assert (article_row(article, "r1")["word_count"], count_words("| | 3 |\n" * 2)) == (5, 2)


def test_when_a_record_says_it_was_retrieved_is_when_it_was_fetched():
    assert article_row(make_article(retrieved_at=NOON), "r1")["fetched_at"] == NOON
    assert article_row(make_article(retrieved_at=NOON, fetched_at=RUN_START), "r1")["fetched_at"] == RUN_START


def test_an_article_without_a_story_is_a_bug():
    with pytest.raises(ValueError, match="no story"):
        article_row(make_article(story_id=None), "r1")


@pytest.mark.parametrize(
    ("value", "stored"),
    [("11000000000", "11000000000.0000"), ("-3.5", "-3.5000"), ("0.00005", "0.0000"), ("1e3", "1000.0000")],
)
def test_amounts_are_stored_exactly(tmp_path, value, stored):
    event = make_event(kind="trade_figure", detail=TradeFigure("export", "wheat", Decimal(value), "USD", "eq", -3.5))
    path = tmp_path / "x.parquet"
    path.write_bytes(encode_rows([event_row(event, "r1")], schema_of("events")))
    got = duckdb.sql(f"SELECT trade_figure.value::VARCHAR, meeting, statement FROM '{path}'").fetchall()
    assert got == [(stored, None, None)]


def test_counts_add_up():
    total, outlets, further = sum_counts(
        [
            (("outcome", "a", "new"), 2),
            (("outcome", "b", "copy"), 1),
            (("outcome", "a", "known"), 3),
            (("tally", "x", "y"), 4),
        ]
    )
    assert total == Counts(new=2, copies=1, known=3)
    assert total.inputs == sum(counts.inputs for counts in outlets.values()) == 6
    assert further == {"x": {"y": 4}}


@pytest.mark.slow
def test_two_processes_write_the_files_of_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    one = run(tmp_path / "one", "r1", articles(6)).newest()
    two = run(tmp_path / "two", "r1", articles(6), "--direct_running_mode=multi_processing", "--direct_num_workers=2")
    assert two.newest().files == one.files
