import csv
import gzip
import io
import json

import duckdb
import pytest
from store_trees import commit_run, story

from pipeline.__main__ import main
from transforms.store.commit import Tree


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    for number in range(3):
        articles, events, failures = story(number, title="=1+1")
        commit_run(Tree(str(root)), f"r{number}", articles, events, failures)
    return str(root)


def export(root, target, *flags):
    return main(["export", str(target), "--output", root, *flags])


def rows_of(path):
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    if ".csv" in path.name:
        return list(csv.DictReader(io.StringIO(text)))
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["e.csv", "e.csv.gz", "e.jsonl", "e.jsonl.gz"])
def test_each_row_is_a_line_with_every_column(root, tmp_path, name, capsys):
    assert export(root, tmp_path / name) == 0
    rows = rows_of(tmp_path / name)
    assert [row["kind"] for row in rows] == ["meeting"] * 3
    assert len({row["event_id"] for row in rows}) == 3
    assert {"evidence", "actors", "date", "outlet"} <= rows[0].keys()
    assert "3 rows of events" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_cells_of_csv_are_no_formulas(root, tmp_path):
    assert export(root, tmp_path / "a.csv", "--view", "articles") == 0
    assert {row["title"] for row in rows_of(tmp_path / "a.csv")} == {"'=1+1"}


def test_parquet_keeps_types(root, tmp_path):
    target = tmp_path / "it's.parquet"
    assert export(root, target) == 0
    read = duckdb.sql("SELECT typeof(published_at), typeof(trade_figure), count(*) FROM read_parquet($f) GROUP BY ALL",
                      params={"f": str(target)})  # fmt: skip
    ((instant, figure, count),) = read.fetchall()
    assert (instant, count) == ("TIMESTAMP WITH TIME ZONE", 3)
    assert "DECIMAL(38,4)" in figure


def test_stdout_gets_json_lines_and_nothing_else(root, capsys):
    assert export(root, "-", "--view", "runs") == 0
    assert [json.loads(line)["run_id"] for line in capsys.readouterr().out.splitlines()] == ["r0", "r1", "r2"]


@pytest.mark.parametrize(
    ("flags", "count"),
    [
        (("--since", "2026-03-02", "--until", "2026-03-02"), 3),
        (("--since", "2026-03-03"), 0),
        (("--until", "2026-03-01"), 0),
        (("--where", "outlet = 'outlet1.example' OR false"), 1),
        (("--since", "2026-03-02", "--where", "true OR true"), 3),
        (("--view", "stories", "--since", "2026-03-02"), 3),
        (
            (
                "--view",
                "quarantine",
            ),
            3,
        ),
    ],
)
def test_days_and_conditions_choose_rows(root, tmp_path, flags, count):
    assert export(root, tmp_path / "e.jsonl", *flags) == 0
    assert len(rows_of(tmp_path / "e.jsonl")) == count


@pytest.mark.parametrize(
    ("name", "flags", "said"),
    [
        ("e.xlsx", (), "name it .csv, .jsonl"),
        ("e.csv", ("--since", "yesterday"), "invalid date"),
        ("e.csv", ("--where", "no_such_column = 1"), "no_such_column"),
        ("gone/e.csv", (), "No such file or directory"),
        ("gone/e.parquet", (), "No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_said_and_leaves_nothing(root, tmp_path, capsys, name, flags, said):
    assert export(root, tmp_path / name, *flags) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_file_before_as_it_was(root, tmp_path):
    (tmp_path / "e.csv").write_text("old")
    assert export(root, tmp_path / "e.csv", "--where", "error('broken') IS NULL") == 2
    assert (tmp_path / "e.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["e.csv"]


def test_a_folder_without_a_tree_is_said(tmp_path, capsys):
    assert export(str(tmp_path), tmp_path / "e.csv") == 2
    assert "no tree in" in capsys.readouterr().err
