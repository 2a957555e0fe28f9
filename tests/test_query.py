import argparse
import csv
import io
import json
from decimal import Decimal

import pytest
from factories import make_article, make_event
from store_trees import commit_run

from pipeline.commands import query
from schemas.event import TradeFigure
from transforms.store.commit import Tree


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    article = make_article(title='=HYPERLINK("http://x")')
    figure = TradeFigure("export", "herring", Decimal("-11000000000.5"), "USD", "gt", -3.5)
    commit_run(Tree(str(root)), "r1", [article], [make_event(article, "trade_figure", detail=figure)])
    return str(root)


def run(root, sql, *flags):
    parser = argparse.ArgumentParser()
    query.add_parser(parser.add_subparsers())
    args = parser.parse_args(["query", sql, "--output", root, *flags])
    return args.run(args)


def test_json_keeps_values_as_they_are(root, capsys):
    assert (
        run(root, "SELECT title, published_at, trade_figure.value, meeting, actors[1].name AS a FROM events", "--json")
        == 0
    )
    assert json.loads(capsys.readouterr().out) == {
        "title": '=HYPERLINK("http://x")',
        "published_at": "2026-03-02T12:00:00+00:00",
        "value": -11000000000.5,
        "meeting": None,
        "a": "Norland",
    }


def test_csv_cells_are_no_formulas_but_numbers_stay_numbers(root, capsys):
    assert (
        run(root, "SELECT title, trade_figure.value AS value, '@a' AS b, '' AS c, 'x=1' AS d FROM events", "--csv") == 0
    )
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows == [{"title": '\'=HYPERLINK("http://x")', "value": "-11000000000.5", "b": "'@a", "c": "", "d": "x=1"}]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_each_start_of_a_formula_is_disarmed(start):
    assert query.safe_cell(start + "cmd|calc") == "'" + start + "cmd|calc"


def test_the_table_is_plain_text_without_markup_or_control_characters(root, capsys):
    assert run(root, "SELECT 'a[red]b' || chr(27) || 'c' AS x, 1234567 AS n, NULL AS nothing") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [["x", "n", "nothing"], ["a[red]b", "c", "1,234,567"]]


def test_views_of_a_tree_that_was_moved_are_read_where_it_is(root, tmp_path, capsys):
    import shutil

    shutil.copytree(root, tmp_path / "moved o'x")
    assert run(str(tmp_path / "moved o'x"), "SELECT count(*) AS n FROM articles", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"n": 1}


@pytest.mark.parametrize(("sql", "said"), [("SELEC 1", "syntax error"), ("SELECT * FROM none", "none")])
def test_sql_that_does_not_run_is_said_in_a_line(root, capsys, sql, said):
    assert run(root, sql) == 2
    assert said in capsys.readouterr().err


def test_a_folder_without_a_tree_is_said(tmp_path, capsys):
    assert run(str(tmp_path), "SELECT 1") == 2
    assert "no tree in" in capsys.readouterr().err
