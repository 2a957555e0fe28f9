import functools
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import store_trees
from factories import make_article, make_event
from store_trees import VIEWS, commit_run, connect, snapshot, story

from schemas.listing import LISTS, REVISED, Listing, dataset_of
from schemas.views import DATASETS, listed_files, views_sql
from transforms.store.commit import Tree
from transforms.store.rows import article_row


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)


def make_tree(root, runs=2):
    tree = Tree(str(root))
    for number in range(runs):
        commit_run(tree, f"r{number}", *story(number))
    return tree


@pytest.mark.parametrize("name", ["plain", "o'clock", "a b [x]", "env=prod", "st*r?", "däta"])
def test_every_view_works_whatever_the_folder_is_called(tmp_path, name):
    tree = make_tree(tmp_path / name)
    connection = connect(tree.root)
    counts = {view: connection.execute(f"SELECT count(*) FROM {view}").fetchall()[0][0] for view in VIEWS}
    assert counts == {
        "events": 2,
        "events_all": 2,
        "articles": 2,
        "stories": 2,
        "happenings": 0,
        "quarantine": 2,
        "runs": 2,
    }
    days = connection.execute("SELECT DISTINCT date::VARCHAR, outlet FROM articles ORDER BY 2").fetchall()
    assert days == [("2026-03-02", "outlet0.example"), ("2026-03-02", "outlet1.example")]


def test_every_view_works_on_an_empty_tree(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    commit_run(tree, "r0", [])
    connection = connect(tree.root)
    for view in VIEWS:
        assert connection.execute(f"SELECT * FROM {view}").fetchall() == [] or view == "runs"


def test_types_are_set_whatever_the_values_look_like(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    article = make_article(outlet="n-360")
    commit_run(tree, "r0", [article], [make_event(article)])
    connection = connect(tree.root)
    for view, columns in (("events", ("date", "outlet", "published_at")), ("articles", ("date", "outlet"))):
        types = dict(row[:2] for row in connection.execute(f"DESCRIBE {view}").fetchall())
        wanted = {"date": "DATE", "outlet": "VARCHAR", "published_at": "TIMESTAMP WITH TIME ZONE"}
        assert {name: types[name] for name in columns} == {name: wanted[name] for name in columns}


def test_views_show_every_column_and_the_partitions(tmp_path):
    connection = connect(make_tree(tmp_path / "out", 1).root)
    for view, schema in (
        ("events", DATASETS["events"]),
        ("events_all", DATASETS["events"]),
        *list(DATASETS.items())[1:],
    ):
        names = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
        partitions = ["date"] if view == "quarantine" else ["date", "outlet"]
        assert names == [*schema.names, *partitions]


def test_a_moved_tree_is_read_where_it_is_now(tmp_path):
    tree = make_tree(tmp_path / "out")
    expected = snapshot(tree.root)
    shutil.move(tree.root, tmp_path / "moved")
    with pytest.raises(duckdb.IOException):
        connect(tmp_path / "moved")
    connection = connect("", moved_to=str(tmp_path / "moved"))
    assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
    assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(2,)]
    # The next run names the new place.
    commit_run(Tree(str(tmp_path / "moved")), "r9", [])
    assert snapshot(tmp_path / "moved") == expected


def test_a_loaded_snapshot_does_not_see_later_runs_until_it_is_loaded_again(tmp_path):
    tree = make_tree(tmp_path / "out")
    connection = connect(tree.root)
    commit_run(tree, "r9", *story(9))
    seen = [connection.execute(f"SELECT count(*) FROM {view}").fetchall() for view in ("articles", "runs")]
    assert seen == [[(2,)], [(2,)]]
    connection.execute(Path(tree.root, "views.sql").read_text())
    assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]


def test_files_that_no_manifest_names_are_not_read(tmp_path):
    tree = make_tree(tmp_path / "out")
    Path(tree.root, "events/date=2026-03-02/outlet=outlet1.example/part-rX-0.parquet").write_bytes(b"")
    assert connect(tree.root).execute("SELECT count(*) FROM events").fetchall() == [(2,)]


def test_a_story_shows_its_canonical_article_and_its_outlets(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    first = make_article()
    copy = make_article(
        url="https://gazette.example/x",
        outlet="gazette.example",
        title="Same",
        story_id=first.story_id,
        duplicate_of=first.article_id,
        similarity=0.9,
    )
    commit_run(tree, "r0", [copy, first])
    rows = connect(tree.root).execute("SELECT article_id, title, articles, outlets FROM stories").fetchall()
    assert rows == [(first.article_id, "Harbour ministers meet", 2, ["gazette.example", "herald.example"])]


def test_listing_reads_back():
    files = {
        name: [f"{dataset_of(name)}/date=2026-03-0{n}/outlet=o{n}.example/part-r-{n // 2}-0.parquet" for n in range(4)]
        for name in LISTS
    }
    files["quarantine"] = [path.replace("/outlet=o0.example", "") for path in files["quarantine"]]
    for listing in (Listing(files, {}), Listing({}, files), Listing(files, files), Listing()):
        run_id, sequence, read = listed_files(views_sql("/o'ut", listing, "r1", 7))
        assert (run_id, sequence, read.paths()) == ("r1", 7, listing.paths())
    assert listed_files("CREATE VIEW x AS SELECT 1") is None


@pytest.mark.parametrize("path", ["events/part.parquet", "events/date=2026-03-01/outlet=o'o/part-r-0.parquet", "x"])
def test_only_published_files_are_listed(path):
    with pytest.raises(ValueError, match="not the path of a published file"):
        views_sql("/out", Listing({}, {"events": [path]}), "r1", 1)


def test_only_files_with_later_versions_are_listed_as_revised(tmp_path):
    tree = make_tree(tmp_path / "out")
    assert tree.listing()[REVISED] == []
    manifest = commit_run(tree, "r5", [make_article("New words here. They met.", version=2)])
    assert tree.listing()[REVISED] == [manifest.files[0].path]


def test_without_text_an_event_of_an_earlier_version_is_shown_as_it_was_read(tmp_path, monkeypatch):
    monkeypatch.setattr(store_trees, "article_row", functools.partial(article_row, keep_text=False))
    tree = Tree(str(tmp_path / "out"))
    first = make_article()
    commit_run(tree, "r0", [first], [make_event(first)])
    commit_run(tree, "r1", [make_article(version=2, title="Harbour ministers part")])
    shown = "SELECT article_version, evidence_start, evidence_end - length(evidence) FROM events"
    assert connect(tree.root).execute(shown).fetchall() == [(1, 0, 0)]


def test_published_files_carry_schema_version_descriptions_and_statistics(tmp_path):
    tree = make_tree(tmp_path / "out", 1)
    for dataset, schema in DATASETS.items():
        path = next(Path(tree.root).glob(f"{dataset}/**/*.parquet"))
        found = pq.read_schema(path)
        assert found.metadata[b"schema_version"] == b"1"
        assert found.equals(schema, check_metadata=True) or found.remove_metadata().equals(schema.remove_metadata())
        assert all(field.metadata[b"description"] for field in found)
        column = pq.read_metadata(path).row_group(0).column(0)
        assert (column.compression, column.is_stats_set, column.has_column_index) == ("ZSTD", True, True)
        assert {"date", "outlet"}.isdisjoint(found.names)
    assert pa.types.is_decimal(DATASETS["events"].field("trade_figure").type.field("value").type)
