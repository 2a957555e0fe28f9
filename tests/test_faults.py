"""What may go wrong outside newsmill: said plainly, nothing lost, and the way on works (docs/operations.md)."""

import dataclasses
import datetime as dt
import errno
import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from factories import RUN_START
from store_trees import commit_run, draft_of, glob_counts, leftovers, snapshot, stage_run, story
from whole_runs import newsmill, record, write_records

import pipeline.launch
from pipeline.launch import mind_clock
from pipeline.options import RunOptions, run_id_of
from schemas.manifest import Manifest
from transforms.store import filesystem
from transforms.store.commit import Tree
from transforms.store.errors import NoRoom
from transforms.store.failpoint import set_failpoint_hook
from transforms.store.lock import TreeLock
from transforms.store.validate import validate_tree


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)
    yield
    set_failpoint_hook(None)


def run(output, source):
    return newsmill("run", "--input", source, "--output", output, "--run-id", "cli")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A tree of two runs, with the state that the pipeline looks for, and the rows that it has after a third."""
    folder = tmp_path_factory.mktemp("faults")
    write_records(folder / "in.jsonl", record(1))
    tree = Tree(str(folder / "out"))
    for number in range(2):
        commit_run(tree, f"r{number}", *story(number))
    assert newsmill("rebuild-state", "--output", tree.root, "--run-id", "b")[0] == 0
    shutil.copytree(tree.root, folder / "whole")
    commit_run(Tree(str(folder / "whole")), "r2", *story(2))
    return folder, snapshot(folder / "whole")


@pytest.fixture
def tree(made, tmp_path):
    shutil.copytree(made[0] / "out", tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def source(made):
    return made[0] / "in.jsonl"


@pytest.fixture
def goes_on(made, tree):
    """Does the next run and holds the tree to the undisturbed one; gives what the run said."""

    def check():
        with TreeLock(str(tree), "r2") as lock:
            said = [lock.message or "", *Tree(str(tree)).recover()]
            commit_run(Tree(str(tree)), "r2", *story(2), held=lock.number)
        assert snapshot(tree) == made[1]
        assert list(validate_tree(Tree(str(tree)))) == []
        assert leftovers(tree) == []
        return "\n".join(said)

    return check


def fail_writing(monkeypatch, number, wanted):
    """Writes of files that have these letters in their name fail."""
    real = filesystem._write_durably

    def write(path, data, name):
        if wanted in name:
            raise OSError(number, os.strerror(number))
        real(path, data, name)

    monkeypatch.setattr(filesystem, "_write_durably", write)


@pytest.mark.parametrize(
    ("where", "then"), [("_runs/_lock", ""), ("!part-cli", "run cli had died before its commit: removed its")]
)
def test_a_full_disk(source, tree, goes_on, where, then):
    with pytest.MonkeyPatch.context() as patch:
        fail_writing(patch, errno.ENOSPC, where)
        code, said = run(tree, source)
    assert code == 70
    assert f"no room left for the output {tree} (No space left on device)" in said
    assert "make room, and the next run finishes what this one left" in said
    assert "Traceback" not in said
    assert then in goes_on()


def test_a_limit_that_the_system_sets_to_the_size_of_files(tmp_path):
    """The kernel itself refuses the write: in a process of its own, for the limit can't be taken back."""
    resource = pytest.importorskip("resource")
    tree = Tree(str(tmp_path / "out"))
    commit_run(tree, "r0", *story(0))
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
            commit_run(tree, "r1", *story(1))
        except NoRoom as error:
            status = 7 if "File too large" in str(error) else 1
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert glob_counts(tree.root)["articles"] == 1
    commit_run(tree, "r1", *story(1))
    assert glob_counts(tree.root) == {"events": 2, "articles": 2, "quarantine": 2}


def test_every_write_of_a_commit_may_meet_a_full_disk(tmp_path, monkeypatch):
    writes = []
    real = filesystem._write_durably
    monkeypatch.setattr(filesystem, "_write_durably", lambda *given: (writes.append(given[2]), real(*given)))
    commit_run(Tree(str(tmp_path / "whole")), "r0", *story(0))
    expected = snapshot(tmp_path / "whole")
    for number in range(len(writes)):
        tree, left = Tree(str(tmp_path / str(number))), [number]

        def write(*given, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(*given)

        monkeypatch.setattr(filesystem, "_write_durably", write)
        with pytest.raises(NoRoom, match="make room"):
            commit_run(tree, "r0", *story(0))
        monkeypatch.setattr(filesystem, "_write_durably", real)
        commit_run(tree, "r0", *story(0))
        assert snapshot(tree.root) == expected, writes[number]
        assert leftovers(tree.root) == []


def test_an_output_that_has_become_read_only(source, tree, goes_on):
    with pytest.MonkeyPatch.context() as patch:
        fail_writing(patch, errno.EROFS, "")
        code, said = run(tree, source)
    assert code == 2
    assert f"can't write to the output {tree} (Read-only file system)" in said
    assert "make it writable" in said
    goes_on()


@pytest.mark.parametrize(
    ("minutes", "run_id"), [(60, "20260303T050000Z"), (0, "20260303T060000Z"), (-5, "20260303T060500Z")]
)
def test_a_clock_that_was_set_back(tmp_path, minutes, run_id):
    """By an hour; so that the second of an earlier run, of which its id is made, comes again; and not at all."""
    tree, said = Tree(str(tmp_path / "out")), []
    for number, start in enumerate((RUN_START, RUN_START + dt.timedelta(minutes=1))):
        staged = stage_run(tree, run_id_of(start), *story(number))
        tree.commit(
            dataclasses.replace(draft_of(run_id_of(start), *story(number)[::2]), started_at=start.isoformat()), staged
        )
    started = RUN_START - dt.timedelta(minutes=minutes)
    options = RunOptions(("in.jsonl",), tree.root, run_id_of(started), started)
    assert options.run_id == run_id
    given = mind_clock(options, tree, said.append)
    assert given.run_id == {0: f"{run_id}-2"}.get(minutes, run_id)
    behind = f"the clock stands {'1:01:00' if minutes else '0:01:00'} before the start of run 20260303T060100Z"
    assert [sentence.split(":  ")[0].startswith(behind) for sentence in said] == ([True] if minutes >= 0 else [])
    named = dataclasses.replace(options, run_id="named")
    assert mind_clock(named, tree, said.append) == named
    commit_run(tree, given.run_id, *story(2))
    assert glob_counts(tree.root) == {"events": 3, "articles": 3, "quarantine": 3}
    assert list(validate_tree(tree)) == []


@pytest.mark.parametrize("what", ["folder", "file", "cut"])
def test_state_that_was_deleted(source, tree, goes_on, what):
    segment = next((tree / "_state").glob("seen/*.parquet"))
    if what == "folder":
        shutil.rmtree(tree / "_state")
    elif what == "file":
        segment.unlink()
    else:
        segment.write_bytes(segment.read_bytes()[:-9])
    code, said = run(tree, source)
    assert code == 70
    assert "is missing or cut; nothing of the published data is lost: run `newsmill rebuild-state --output" in said
    assert newsmill("rebuild-state", "--output", tree)[0] == 0
    goes_on()


def test_state_of_another_version(source, tree, goes_on):
    with pytest.MonkeyPatch.context() as patch:
        other = dataclasses.replace(pipeline.launch.SEEN_TABLE, scheme="seen-3: as a later newsmill makes it")
        patch.setattr(pipeline.launch, "SEEN_TABLE", other)
        code, said = run(tree, source)
    assert code == 70
    assert "was written under scheme 'seen-2" in said
    assert "this newsmill works with 'seen-3" in said
    assert "run `newsmill rebuild-state" in said
    assert newsmill("rebuild-state", "--output", tree)[0] == 0
    goes_on()


def test_a_manifest_that_is_cut(source, tree, goes_on):
    manifest = tree / "_runs" / "b.json"
    manifest.write_bytes(manifest.read_bytes()[:100])
    assert "the manifest of run b was missing or cut: put back from its copy" in goes_on()


def test_a_manifest_that_is_cut_like_its_copy(source, tree, goes_on):
    for path in (tree / "_runs" / "b.json", tree / "_runs" / "_done" / "b.json"):
        path.write_bytes(path.read_bytes()[:100])
    code, said = run(tree, source)
    assert code == 70
    assert "the manifest _runs/b.json" in said
    assert "put that file back from a backup, or run `newsmill rebuild-state" in said
    code, said = newsmill("rebuild-state", "--output", tree)
    assert (code, "made anew from the files that it published" in said) == (0, True)
    goes_on()


def test_a_tree_of_a_newer_newsmill_is_left_alone(source, tree):
    manifest = tree / "_runs" / "b.json"
    newer = manifest.read_text().replace('"manifest_version": 1', '"manifest_version": 2')
    manifest.write_text(newer)
    for argv in (
        ("run", "--input", source), ("rebuild-state",), ("compact",), ("validate",),
    ):  # fmt: skip
        code, said = newsmill(*argv, "--output", tree)
        assert code == 70, argv
        assert "a newer newsmill wrote the manifest _runs/b.json" in said, argv
    assert manifest.read_text() == newer


def test_an_intent_that_is_cut(tree, goes_on, capsys):
    class Died(BaseException):
        pass

    def die(step):
        if step.startswith("move:after:events"):
            raise Died(step)

    set_failpoint_hook(die)
    with pytest.raises(Died):
        commit_run(Tree(str(tree)), "dead", *story(2))
    set_failpoint_hook(None)
    intent = tree / "_runs" / "_intents" / "dead.json"
    intent.write_bytes(intent.read_bytes()[:200])
    assert newsmill("validate", "--output", tree)[0] == 5
    assert "_runs/_intents/dead.json not a whole intent" in capsys.readouterr().out
    said = goes_on()
    assert "run dead had died while publishing, and _runs/_intents/dead.json is lost: taken back" in said
    assert "its inputs will come again" in said


def test_the_lock_of_a_dead_run_and_of_a_live_one(source, tree, goes_on):
    with TreeLock(str(tree), "theirs") as lock:
        path = tree / "_runs" / "_lock" / f"{lock.number:010d}.lock"
        holder = json.loads(path.read_text())
        code, said = run(tree, source)
        assert (code, "is held by run theirs" in said, "wait for it to end" in said) == (4, True, True)
    path.write_text(json.dumps(holder | {"pid": 2**22 + 1, "released": False}))
    assert "run theirs (process 4194305) died and left its lock: taken over" in goes_on()


def test_what_may_go_wrong_is_described():
    text = (Path(__file__).parent.parent / "docs" / "operations.md").read_text()
    for said in (
        "no room left for the output", "can't write to the output", "the clock stands", "is missing or cut",
        "was written under scheme", "put back from its copy", "a newer newsmill wrote", "taken back", "is held by run",
        "died and left its lock", "does not answer, or refuses",
    ):  # fmt: skip
        assert said in text, said


def test_manifests_of_this_version_are_not_taken_for_newer():
    manifest = Manifest("r1", "2026-03-04T12:00:00+00:00")
    assert Manifest.from_json(manifest.to_json()) == manifest
