"""`newsmill explain`: what is marked, what is said of it, and that nothing in a text drives the terminal or the page."""

import dataclasses
import io
import json
from decimal import Decimal

import hanging
import pytest
from event_reading import nlp
from factories import make_article
from rich.console import Console

from pipeline.__main__ import main
from pipeline.explained import explain_event, mark_words, to_html, to_terminal
from schemas.event import TradeFigure
from transforms.annotate.model import annotate_texts
from transforms.events.extract import extract_events

TEXT = "Nikol Pashinyan met Vladimir Putin in Kazan on Monday, & nobody <b>laughed</b>."
PAGE = (
    "Leaders meet\n\n"
    + TEXT
    + "\nArmenia withdrew its peacekeepers from Kosovo in May 2024, the ministry said in a statement to the press.\n"
)


@pytest.fixture(scope="module")
def event():
    (doc,) = annotate_texts([TEXT], nlp())
    return extract_events(make_article(TEXT), doc)[0]


def test_the_words_that_count_are_marked(event) -> None:
    one = explain_event(event)
    marked = {(one.evidence[start:end], role) for start, end, role in one.marks}
    assert {
        ("met", "trigger"),
        ("Nikol Pashinyan", "actor"),
        ("Vladimir Putin", "actor"),
        ("Monday", "time"),
        ("Kazan", "place"),
    } <= marked
    facts = dict(one.facts)
    assert (facts["rule"].split(".")[0], facts["when"], facts["format"]) == ("meeting", "2026-03-02", "in_person")


def test_marks_do_not_overlap_and_the_first_keeps_its_place() -> None:
    assert mark_words("a talk, a talk", [("talk", "trigger"), ("a talk", "content"), ("absent", "time")]) == (
        (2, 6, "trigger"),
        (8, 14, "content"),
    )


def test_the_page_escapes_what_the_text_holds(event) -> None:
    page = to_html([explain_event(event)])
    assert "&lt;b&gt;laughed&lt;/b&gt;" in page
    assert "<b>" not in page
    assert '<mark class="trigger" title="trigger">met</mark>' in page


def test_control_characters_do_not_reach_the_terminal(event) -> None:
    stream = io.StringIO()
    one = explain_event(dataclasses.replace(event, evidence="They met\x1b[2J in Kazan.", url="file:///a\x07b"))
    Console(file=stream, force_terminal=False).print(to_terminal(one))
    assert "\x1b[2J" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()


def test_values_are_written_out(event) -> None:
    figure = dataclasses.replace(
        event,
        kind="trade_figure",
        detail=TradeFigure("export", value=Decimal("3000000.5000"), unit="USD", comparator="gt"),
    )
    assert dict(explain_event(figure).facts)["value"] == "3,000,000.5"
    whole = dataclasses.replace(figure, detail=TradeFigure("export", value=Decimal("3000000")))
    assert dict(explain_event(whole).facts)["value"] == "3,000,000"


def test_a_file_is_read_and_explained(tmp_path, capsys) -> None:
    file = tmp_path / "capture.txt"
    file.write_text(PAGE)
    assert main(["explain", str(file), "--published", "2025-12-24"]) == 0
    out = capsys.readouterr().out
    assert "meeting.verb" in out
    assert "2025-12-22" in out
    assert main(["explain", str(file), "--html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_what_kills_the_parser_costs_itself_alone(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.commands.explain.extract_or_fail", hanging.extract_or_die)
    file = tmp_path / "two.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in ("The parser dies here.", TEXT)))
    assert main(["explain", str(file), "--published", "2025-12-24"]) == 0
    said = capsys.readouterr()
    assert "meeting.verb" in said.out
    assert "exit code 11" in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explain", "0123456789abcdef0123", "--output", "{}"], 2, "no-tree"),
        (["explain", "{}/absent.txt"], 3, "nothing"),
        (["explain", "{}/absent.txt", "--published", "yesterday"], 2, "yesterday"),
    ],
)
def test_what_is_not_there_gives_one_clear_sentence(
    tmp_path, capsys, arguments: list[str], code: int, words: str
) -> None:
    root = str(tmp_path / "no-tree")
    assert main([argument.format(root) for argument in arguments]) == code
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_an_event_of_a_tree_is_explained(tmp_path, capsys) -> None:
    file, out = tmp_path / "story.jsonl", tmp_path / "out"
    file.write_text(json.dumps({"url": "https://wire.example/a", "text": TEXT, "published": "2025-12-24"}) + "\n")
    assert main(["run", "--input", str(file), "--output", str(out), "-q"]) == 0
    capsys.readouterr()
    assert main(["query", "SELECT event_id FROM events", "--output", str(out), "--csv"]) == 0
    event_id = capsys.readouterr().out.split()[1]
    assert main(["explain", event_id, "--output", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "Nikol Pashinyan" in shown
    assert "2025-12-22" in shown
