"""Reextract: new rules reach old articles, and what they leave alone stays the row it was."""

import dataclasses
import datetime as dt

import pytest
from store_trees import snapshot
from whole_runs import SAMPLE_INPUTS, STORY, manifests, newsmill, query, record, write_records

import transforms.events.stage
from pipeline.reextract import merge_events
from transforms.store.commit import Tree
from transforms.store.validate import validate_tree


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample, and a story whose copy and whose new version each add a sentence."""
    output = tmp_path_factory.mktemp("reextract") / "out"
    more = "The president of Iceland met the king of Denmark in Aarhus on Friday."
    source = output.parent / "in.jsonl"
    write_records(source, record(1), record(1, url="https://other.example/a", text=f"Report number 1. {STORY} {more}"))
    newsmill("run", "--input", *SAMPLE_INPUTS, source, "--output", output, "--run-id", "r1")
    write_records(source, record(1, text=f"Report number 1. {STORY}\nThe minister of Norway resigned on Tuesday."))
    newsmill("run", "--input", source, "--output", output, "--run-id", "r2")
    return output


def test_the_same_rules_change_nothing(sample, capsys):
    before = len(manifests(sample))
    code, said = newsmill("reextract", "--output", sample, "--since", "2000-01-01")
    assert code == 0, said
    assert "nothing was committed" in said, capsys.readouterr().out
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["kind", "added", "removed", "changed", "unchanged"]
    assert {tuple(line[1:4]) for line in lines[1:]} == {("0", "0", "0")}
    ((events,),) = query(sample, "SELECT count(*) FROM events_all")
    assert sum(int(line[4]) for line in lines[1:]) == events
    ((late,),) = query(sample, "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL OR version > 1")
    assert late >= 3
    told = "SELECT count(*) > 0 FROM events_all JOIN articles USING (article_id) WHERE duplicate_of IS NOT NULL"
    assert query(sample, told) == [(True,)]
    assert len(manifests(sample)) == before


def test_better_rules_reach_old_articles_and_the_tree_is_as_if_they_had_always_been(sample, tmp_path, monkeypatch):
    output = tmp_path / "out"
    real = transforms.events.stage.extract_events

    def older(article, doc):
        events = [event for event in real(article, doc) if event.kind != "meeting"]
        worse = [dataclasses.replace(e, modality="possible") if e.kind == "trade_figure" else e for e in events]
        return [*worse, *(dataclasses.replace(e, event_id="x" + e.event_id) for e in worse if e.kind == "statement")]

    with monkeypatch.context() as patched:
        patched.setattr(transforms.events.stage, "extract_events", older)
        newsmill("run", "--input", *SAMPLE_INPUTS, "--output", output, "--run-id", "r1")
    ours = {article_id for (article_id,) in query(output, "SELECT article_id FROM articles")}
    expected = [event for event in snapshot(sample)["events_all"] if event[2] in ours]
    assert snapshot(output)["events_all"] != expected
    code, said = newsmill("reextract", "--output", output, "--since", "2000-01-01", "--run-id", "x1")
    assert code == 0, said
    made = manifests(output)[-1]
    changed = made["further"]
    assert (made["kind"], set(changed["added"]), set(changed["changed"])) == (
        "reextract",
        {"meeting"},
        {"trade_figure"},
    )
    assert set(changed["removed"]) == {"statement"}
    assert snapshot(output)["events_all"] == expected
    kept = dict(query(output, "SELECT run_id, count(*) FROM events_all GROUP BY ALL"))
    assert kept == {
        "r1": sum(changed["unchanged"].values()),
        "x1": sum(changed["added"].values()) + sum(changed["changed"].values()),
    }
    assert list(validate_tree(Tree(str(output)))) == []


def test_events_of_what_cannot_be_read_again_stay(tmp_path):
    output = tmp_path / "out"
    source = write_records(tmp_path / "in.jsonl", record(1))
    newsmill("run", "--input", source, "--output", output, "--text", "none")
    code, said = newsmill("reextract", "--output", output, "--since", "2000-01-01")
    assert code == 0, said
    assert "0 article versions" in said
    assert "1 left as they were" in said
    assert query(output, "SELECT count(*) > 0 FROM events") == [(True,)]


def row(event_id, article="a1", version=1, **changes):
    about = {"run_id": "r1", "schema_version": "1", "extractor": "newsmill 1 rule", "happening_id": "h1"}
    own = {"event_id": event_id, "kind": "meeting", "article_id": article, "article_version": version}
    return {**about, **own, "modality": "asserted", **changes}


def test_an_event_that_is_the_same_stays_the_row_it_was():
    old = [row("same"), row("changes"), row("goes"), row("elsewhere", version=2)]
    fresh = {"run_id": "r2", "extractor": "newsmill 2 rule", "happening_id": None}
    new = [row("same", **fresh), row("changes", modality="planned", **fresh), row("comes", **fresh)]
    made, changes = merge_events(old, new, {("a1", 1)})
    assert {r["event_id"]: (r["run_id"], r["happening_id"]) for r in made} == {
        "same": ("r1", "h1"), "changes": ("r2", "h1"), "comes": ("r2", None), "elsewhere": ("r1", "h1")
    }  # fmt: skip
    assert {name: sum(kinds.values()) for name, kinds in changes.items()} == {
        "added": 1, "removed": 1, "changed": 1, "unchanged": 1
    }  # fmt: skip


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_a_day_that_is_none_is_refused(tmp_path, day):
    code, said = newsmill("reextract", "--output", tmp_path, "--since", day)
    assert (code, day in said) == (2, True)


def test_days_before_are_left_alone(sample):
    before = dt.date.today() + dt.timedelta(days=1)
    _, said = newsmill("reextract", "--output", sample, "--since", before.isoformat())
    assert "0 article versions" in said
