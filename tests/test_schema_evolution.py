"""This version reads, extends and looks after trees of older schema versions."""

import dataclasses
import hashlib
import io

import duckdb
import pyarrow.parquet as pq
import pytest
from released_trees import make_tree, packed_trees, show_views, unpack_tree
from store_trees import commit_run, connect, story
from whole_runs import manifests, newsmill, query, record, write_records

from schemas.fields import SCHEMA_VERSION
from schemas.listing import Listing
from schemas.views import DATASETS, views_sql
from transforms.store.catalog import VIEWS, manifest_path
from transforms.store.commit import Tree
from transforms.store.encode import encode_rows
from transforms.store.validate import validate_tree

# Columns that an imagined schema before this one did not have.
LATER = {"events": ("plover_mode", "trade_figure"), "articles": ("section", "tags"), "quarantine": ("payload_sha256",)}


def without_later_columns(table, dataset):
    """A table as the imagined older version wrote it."""
    return table.drop_columns(list(LATER[dataset])).replace_schema_metadata({"schema_version": "0"})


def make_older(tree):
    """Turns a tree into one that the imagined older version left."""
    older_views = (tree.files.read(VIEWS).decode()).replace(f"_empty/{SCHEMA_VERSION}/", "_empty/0/")
    for dataset, schema in DATASETS.items():
        for path in tree.files.list(f"_runs/_empty/{SCHEMA_VERSION}/{dataset}"):
            empty = pq.read_table(io.BytesIO(encode_rows([], schema)))
            data = io.BytesIO()
            pq.write_table(without_later_columns(empty, dataset), data)
            tree.files.write_atomic(path.replace(f"_empty/{SCHEMA_VERSION}/", "_empty/0/"), data.getvalue())
            tree.files.delete(path)
        for column in LATER[dataset]:
            older_views = older_views.replace(f'e."{column}", ', "").replace(f'"{column}", ', "")
    for manifest in tree.manifests():
        files = [_rewritten(tree, file) if file.dataset in DATASETS else file for file in manifest.files]
        older = dataclasses.replace(manifest, files=tuple(files), schema_version="0")
        tree.files.write_atomic(manifest_path(manifest.run_id), older.to_json().encode())
    tree.files.write_atomic(VIEWS, older_views.encode())
    return tree


def _rewritten(tree, file):
    data = io.BytesIO()
    pq.write_table(without_later_columns(pq.read_table(io.BytesIO(tree.files.read(file.path))), file.dataset), data)
    tree.files.write_atomic(file.path, data.getvalue())
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    return dataclasses.replace(file, bytes=len(data.getvalue()), sha256=digest)


@pytest.fixture
def older(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    for number in range(4):
        commit_run(tree, f"r{number}", *story(number))
    return make_older(tree)


def later_columns(tree):
    connection = connect(tree.root)
    wanted = ", ".join(LATER["articles"])
    return connection.execute(f"SELECT {wanted} FROM articles ORDER BY url").fetchall()


def test_the_imagined_older_tree_lacks_the_columns(older):
    with pytest.raises(duckdb.BinderException):
        later_columns(older)
    assert list(validate_tree(older)) == []


def test_a_commit_that_adds_no_row_still_shows_new_columns_as_null(older):
    commit_run(older, "r4", [])
    assert later_columns(older) == [(None, None)] * 4
    assert list(validate_tree(older)) == []


def test_old_and_new_rows_stand_side_by_side(older):
    articles, events, failures = story(4)
    articles = [dataclasses.replace(articles[0], body=dataclasses.replace(articles[0].body, tags=("trade",)))]
    commit_run(older, "r4", articles, events, failures)
    assert later_columns(older) == [(None, None)] * 4 + [("Trade", ["trade"])]


@pytest.mark.parametrize(
    "argv",
    [
        ("compact",),
        ("forget", "https://herald.example/2"),
        ("expire", "--older-than", "2000-01-01"),
        ("rebuild-state",),
        ("validate",),
    ],
)
def test_every_verb_that_looks_after_a_tree_works_on_an_older_one(older, argv):
    code, said = newsmill(*argv, "--output", older.root)
    assert code == 0, said
    commit_run(older, "r5", [])
    assert set(later_columns(older)) == {(None, None)}
    assert list(validate_tree(older)) == []


def test_a_tree_of_this_version_is_kept():
    assert [path.name for path in packed_trees()][-1] == f"schema-{SCHEMA_VERSION}.tar.gz"


@pytest.fixture(params=packed_trees(), ids=lambda path: path.name)
def released(request, tmp_path):
    return unpack_tree(request.param, tmp_path)


def test_a_kept_tree_shows_what_it_showed_to_the_newsmill_that_made_it(released):
    root, shown = released
    assert len(shown["articles"]) >= 5
    tree = Tree(str(root))
    newest = tree.newest()
    tree.files.write_atomic(
        VIEWS, views_sql(str(root), Listing(tree.listing()), newest.run_id, newest.sequence).encode()
    )
    commit_run(tree, "again", [])
    now = show_views(root)
    for view, rows in shown.items():
        seen = [row for row in now[view] if row.get("run_id") != "again"]
        assert [{name: row[name] for name in old} for row, old in zip(seen, rows, strict=True)] == rows


def test_a_kept_tree_is_sound_and_known_inputs_stay_known(released, tmp_path):
    root, _ = released
    assert newsmill("validate", "--output", root)[0] == 0
    source = write_records(tmp_path / "again.jsonl", record(3), record(5))
    code, said = newsmill("run", "--input", source, "--output", root, "--run-id", "later")
    assert code == 0, said
    total = manifests(root)[-1]["counters"]["total"]
    assert (total["known"], total["inputs"]) == (1, 2)
    assert newsmill("validate", "--output", root)[0] == 0


def test_a_kept_tree_can_be_compacted_and_read_anew(released):
    root, shown = released
    for argv in (("compact",), ("reextract", "--since", "2025-01-01")):
        code, said = newsmill(*argv, "--output", root)
        assert code == 0, said
    assert len(query(root, "SELECT article_id FROM articles")) == len(shown["articles"])
    assert newsmill("validate", "--output", root)[0] == 0


def test_what_is_kept_is_made_by_runs_of_this_newsmill(tmp_path):
    shown = show_views(make_tree(tmp_path))
    (second,) = [run for run in shown["runs"] if run["run_id"] == "r1"]
    assert (second["versions"], second["copies"]) == ("1", "1")
    assert {row["kind"] for row in shown["events"]} >= {"meeting", "statement", "withdrawal", "trade_figure"}
