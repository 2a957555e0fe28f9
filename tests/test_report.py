import json
from decimal import Decimal

import pytest
from factories import make_article, make_event, make_failure
from store_trees import commit_run

from pipeline.__main__ import main
from schemas.event import TradeFigure
from transforms.store.commit import Tree


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    article = make_article(title="Talks")
    figure = TradeFigure("export", "herring", Decimal(1_200_000), "EUR", "eq", None)
    events = [make_event(article), make_event(article, "trade_figure", detail=figure)]
    commit_run(Tree(str(root)), "r1", [article], events, [make_failure()])
    return str(root)


def test_the_report_has_a_section_for_all_that_a_tree_holds(root, capsys):
    assert main(["report", "--output", root, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    [tree] = found["Tree"]
    assert (tree["commits"], tree["articles"], tree["copies"]) == (1, 1, 0)
    assert {row["kind"]: row["events"] for row in found["Events"]} == {"meeting": 1, "trade_figure": 1}
    assert [row["articles"] for row in found["Outlets"]] == [1]
    assert found["Outlets"][0]["events"] == 2
    assert found["Newest trade figures"][0]["value"] == 1_200_000
    assert {row["participant"] for row in found["Who met"]} == {
        actor.name for actor in make_event(make_article()).actors
    }
    assert found["Newest withdrawals"] == []
    assert sum(row["inputs"] for row in found["Quarantine"]) == 1


def test_days_limit_every_section(root, capsys):
    assert main(["report", "--output", root, "--json", "--since", "2027-01-01"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["Tree"][0]["articles"] == 0
    assert all(rows == [] for title, rows in found.items() if title != "Tree")


def test_on_a_terminal_it_is_tables_and_an_empty_list_says_so(root, capsys):
    assert main(["report", "--output", root]) == 0
    shown = capsys.readouterr().out
    assert "Newest withdrawals\n------------------\nnone\n" in shown
    assert "1,200,000" in shown


@pytest.mark.parametrize(
    ("flags", "said"), [(("--since", "soon"), "date"), (("--output", "/no/such/tree"), "no tree in")]
)
def test_what_cannot_be_reported_is_said(root, capsys, flags, said):
    assert main(["report", "--output", root, *flags]) == 2
    assert said in capsys.readouterr().err
