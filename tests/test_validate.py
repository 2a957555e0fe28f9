import argparse
import json
from pathlib import Path

import pytest
from factories import make_article, make_event
from store_trees import commit_run, draft_of, stage_run, story

from pipeline.commands import validate
from transforms.store.commit import Tree
from transforms.store.validate import validate_tree


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)


@pytest.fixture
def tree(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    for number in range(3):
        commit_run(tree, f"r{number}", *story(number))
    return tree


def faults(tree):
    return [(fault.path, fault.problem) for fault in validate_tree(tree)]


def path_of(tree, dataset, run_id="r1"):
    manifest = tree.manifest(run_id)
    segments = [segment for table in manifest.state.values() for segment in table if run_id in segment.path]
    return next(file.path for file in (*manifest.files, *segments) if file.dataset == dataset)


def test_a_whole_tree_has_no_fault(tree):
    assert faults(tree) == []


@pytest.mark.parametrize("dataset", ["events", "articles", "quarantine", "_state/noted"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "empty (0 bytes)"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "truncated"),
        (lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]), "SHA-256"),
    ],
)
def test_a_damaged_file_is_named(tree, dataset, damage, said):
    path = path_of(tree, dataset)
    damage(Path(tree.root, path))
    named = [problem for where, problem in faults(tree) if where == path]
    assert len(named) == 1
    assert said in named[0]


def test_an_orphan_is_named(tree):
    orphan = "events/date=2026-03-02/outlet=outlet1.example/part-rX-0.parquet"
    Path(tree.root, orphan).write_bytes(b"PAR1")
    assert [(path, "orphan" in problem) for path, problem in faults(tree)] == [(orphan, True)]


def test_an_unfinished_commit_is_no_orphan(tree):
    articles, events, failures = story(7)
    stage_run(tree, "r7", articles, events, failures)
    assert faults(tree) == []


def test_a_manifest_that_is_cut_and_one_that_is_gone_are_named(tree):
    Path(tree.root, "_runs/r0.json").write_text("{")
    assert [path for path, _ in faults(tree)] == ["_runs/r0.json"]
    Path(tree.root, "_runs/r0.json").unlink()
    assert any("a manifest is missing" in problem for _, problem in faults(tree))


def test_counters_that_do_not_add_up_are_named(tree):
    articles, events, failures = story(5)
    staged = stage_run(tree, "r5", articles, events, failures)
    tree.commit(draft_of("r5", articles, []), staged)
    assert [(path, problem.split(",")[0]) for path, problem in faults(tree)] == [
        ("_runs/r5.json", "counts 0 (quarantined)")
    ]


def test_ids_that_come_twice_are_named(tree):
    commit_run(tree, "r5", *story(1))
    problems = [problem for _, problem in faults(tree)]
    assert [("article" in problem, "event" in problem) for problem in problems] == [(True, False), (False, True)]


def test_evidence_that_is_not_at_its_offsets_is_named(tree):
    article = make_article()
    event = make_event(article, evidence_start=3, evidence_end=9)
    commit_run(tree, "r5", [article], [event])
    assert [problem for _, problem in faults(tree)] == [
        f"event {event.event_id}: its evidence does not stand at its offsets"
    ]


def test_events_without_their_article_and_copies_without_their_original_are_named(tree):
    article = make_article()
    commit_run(tree, "r5", [], [make_event(article)])
    copy = make_article(url="https://other.example/x", duplicate_of="a0", similarity=0.9)
    commit_run(tree, "r6", [copy])
    problems = sorted(problem.partition(", which")[2] for _, problem in faults(tree))
    assert problems == [" is not in the tree", " is not in the tree"]


def test_views_and_pointer_that_lag_behind_are_named(tree):
    old = Path(tree.root, "views.sql").read_text(), Path(tree.root, "_runs/_latest").read_text()
    commit_run(tree, "r3", *story(3))
    Path(tree.root, "views.sql").write_text(old[0])
    Path(tree.root, "_runs/_latest").write_text(old[1])
    assert sorted(path for path, _ in faults(tree)) == ["_runs/_latest", "views.sql"]


def run_verb(*arguments):
    parser = argparse.ArgumentParser()
    validate.add_parser(parser.add_subparsers())
    args = parser.parse_args(["validate", *arguments])
    return args.run(args)


def test_the_verb_says_faults_on_stdout_and_leaves_with_5(tree, capsys):
    assert run_verb("--output", tree.root) == 0
    Path(tree.root, path_of(tree, "events")).write_bytes(b"")
    assert run_verb("--output", tree.root, "--json") == 5
    captured = capsys.readouterr()
    assert [json.loads(line)["path"] for line in captured.out.splitlines()] == [path_of(tree, "events")]
    assert captured.err.endswith("1 fault\n")


def test_the_verb_leaves_with_2_where_there_is_no_tree(tmp_path, capsys):
    assert run_verb("--output", str(tmp_path / "none")) == 2
    assert "no tree in" in capsys.readouterr().err
