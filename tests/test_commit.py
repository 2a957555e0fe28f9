import datetime as dt
import json
import pickle
import shutil

import pytest
from factories import make_article, make_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_trees import SEEN, commit_run, connect, draft_of, glob_counts, leftovers, snapshot, stage_run, story

from schemas.manifest import Manifest
from transforms.store.catalog import staging_path
from transforms.store.commit import GRACE, Tree
from transforms.store.errors import Locked, StateMismatch, StateMissing, TreeDamaged
from transforms.store.failpoint import set_failpoint_hook
from transforms.store.lock import TreeLock
from transforms.store.state import StateTable


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)


@pytest.fixture
def tree(tmp_path):
    yield Tree(str(tmp_path / "out"))
    set_failpoint_hook(None)


def kill_at(step):
    """Dies at the step of that number, from 1; returns the list that takes the steps' names."""
    passed = []

    def hook(name):
        passed.append(name)
        if len(passed) == step:
            raise Killed(name)

    set_failpoint_hook(hook)
    return passed


def attempt(tree, number, step=0):
    """Run `number`, killed at a step; True when it ended by itself."""
    articles, events, failures = story(number)
    passed = kill_at(step)
    try:
        commit_run(tree, f"r{number}", articles, events, failures)
        return True, passed
    except Killed:
        return False, passed
    finally:
        set_failpoint_hook(None)


def undisturbed(tmp_path, runs):
    tree = Tree(str(tmp_path / "undisturbed"))
    if not (tmp_path / "undisturbed").exists():
        for number in range(runs):
            attempt(tree, number)
    return snapshot(tree.root)


def test_a_first_run_gives_manifest_files_views_and_state(tree):
    articles, events, failures = story(1)
    manifest = commit_run(tree, "r1", articles, events, failures)
    assert manifest == tree.newest()
    assert (manifest.sequence, manifest.previous) == (1, None)
    assert sorted(file.path for file in manifest.files) == [
        "articles/date=2026-03-02/outlet=outlet1.example/part-r1-0.parquet",
        "events/date=2026-03-02/outlet=outlet1.example/part-r1-0.parquet",
        "quarantine/date=2026-03-03/part-r1-0.parquet",
    ]
    assert tree.state().load(SEEN).to_pylist() == [{"url": "https://herald.example/1", "version": 1}]
    assert glob_counts(tree.root) == {"events": 1, "articles": 1, "quarantine": 1}
    assert leftovers(tree.root) == []


def test_an_empty_run_leaves_its_manifest_and_views_that_work(tree):
    commit_run(tree, "r1", [])
    assert tree.newest().run_id == "r1"
    assert snapshot(tree.root) == {"events_all": [], "events": [], "articles": [], "quarantine": []}


def test_the_same_run_id_again_changes_nothing(tree):
    first = commit_run(tree, "r1", *story(1))
    again = commit_run(tree, "r1", *story(2))
    assert again == first
    assert glob_counts(tree.root) == {"events": 1, "articles": 1, "quarantine": 1}
    assert leftovers(tree.root) == []


def test_staging_twice_counts_once(tree):
    articles, events, failures = story(1)
    staged = [*stage_run(tree, "r1", articles, events, failures), *stage_run(tree, "r1", articles, events, failures)]
    manifest = tree.commit(draft_of("r1", articles, failures), staged)
    assert len(manifest.files) == 3


def test_staged_files_are_not_published_and_not_parquet_by_name(tree, tmp_path):
    stage_run(tree, "r1", *story(1))
    assert list((tmp_path / "out").glob("**/*.parquet")) == []


def test_a_run_that_died_before_its_intent_leaves_nothing(tree):
    stage_run(tree, "r1", *story(1))
    tree.land("r1", "pages.warc", b"landed")
    said = tree.recover()
    assert said == ["run r1 had died before its commit: removed its 4 staged files"]
    assert leftovers(tree.root) == []
    assert tree.landed("r1", "pages.warc") == b"landed"
    assert tree.recover() == []


def test_every_step_killed_once_and_the_next_run_ends_as_if_undisturbed(tree, tmp_path):
    expected = undisturbed(tmp_path, 3)
    attempt(tree, 0)
    base = tmp_path / "base"
    shutil.copytree(tree.root, base)
    _, steps = attempt(tree, 1)
    assert len(steps) > 40
    for step in range(1, len(steps) + 1):
        shutil.rmtree(tree.root)
        shutil.copytree(base, tree.root)
        ended, _ = attempt(tree, 1, step)
        assert not ended
        # The next scheduled run finishes or forgets the dead one; its inputs come again if it left nothing.
        said = tree.recover()
        if tree.newest().run_id != "r1":
            attempt(tree, 1)
        else:
            assert said or step > len(steps) - 10
        attempt(tree, 2)
        if step % 3 == 0:
            assert snapshot(tree.root) == expected, steps[step - 1]
        assert sum(len(paths) for paths in tree.listing().values()) == 9
        assert glob_counts(tree.root) == {"events": 3, "articles": 3, "quarantine": 3}, steps[step - 1]
        assert leftovers(tree.root) == [], steps[step - 1]
        assert tree.state().load(SEEN).num_rows == 3
        assert [manifest.sequence for manifest in tree.manifests()] == [1, 2, 3]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 90), max_size=6))
def test_any_sequence_of_deaths_gives_the_same_tree(tmp_path, deaths):
    expected = undisturbed(tmp_path, 3)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    tree = Tree(str(tmp_path / "out"))
    deaths = list(deaths)
    for number in range(3):
        while not attempt(tree, number, deaths.pop() if deaths else 0)[0]:
            pass
    assert snapshot(tree.root) == expected
    assert glob_counts(tree.root) == {"events": 3, "articles": 3, "quarantine": 3}
    assert tree.state().load(SEEN).num_rows == 3


def test_a_commit_step_that_is_run_again_within_its_run_finishes(tree):
    articles, events, failures = story(1)
    staged = stage_run(tree, "r1", articles, events, failures)
    kill_at(12)
    with pytest.raises(Killed):
        tree.commit(draft_of("r1", articles, failures), staged)
    set_failpoint_hook(None)
    assert tree.commit(draft_of("r1", articles, failures), staged).run_id == "r1"
    assert glob_counts(tree.root) == {"events": 1, "articles": 1, "quarantine": 1}


def test_a_dead_run_whose_files_are_lost_is_taken_back(tree, tmp_path):
    attempt(tree, 0)

    def hook(name):
        if name.startswith("move:after:articles"):
            raise Killed(name)

    articles, events, failures = story(1)
    staged = stage_run(tree, "r1", articles, events, failures)
    set_failpoint_hook(hook)
    with pytest.raises(Killed):
        tree.commit(draft_of("r1", articles, failures), staged)
    set_failpoint_hook(None)
    for path in (tmp_path / "out" / "_staging" / "r1").glob("**/*.staged"):
        path.write_bytes(b"")
    said = tree.recover()
    assert "taken back" in said[0]
    assert glob_counts(tree.root) == {"events": 1, "articles": 1, "quarantine": 1}
    attempt(tree, 1)
    assert snapshot(tree.root) == undisturbed(tmp_path, 2)


def test_a_lost_staged_file_is_refused_before_the_intent(tree):
    articles, events, failures = story(1)
    staged = stage_run(tree, "r1", articles, events, failures)
    tree.files.delete(staging_path("r1", staged[0].path))
    with pytest.raises(TreeDamaged, match="run r1 again"):
        tree.commit(draft_of("r1", articles, failures), staged)
    assert tree.newest() is None


def test_newest_is_by_sequence_and_not_by_clock(tree):
    late, early = dt.datetime(2026, 3, 5, tzinfo=dt.UTC), dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    commit_run(tree, "r1", *story(1), now=lambda: late)
    commit_run(tree, "r2", *story(2), now=lambda: early)
    assert tree.newest().run_id == "r2"
    tree.files.delete("_runs/_latest")
    assert tree.newest().run_id == "r2"


def test_newest_does_not_read_the_other_manifests(tree, tmp_path):
    attempt(tree, 0)
    attempt(tree, 1)
    (tmp_path / "out" / "_runs" / "r0.json").write_text("no JSON")
    (tmp_path / "out" / "_runs" / "_done" / "r0.json").unlink()
    assert tree.newest().run_id == "r1"
    attempt(tree, 2)
    assert tree.newest().sequence == 3


@pytest.mark.parametrize("damage", ["", "{", '{"run_id": "r1"}', None])
def test_a_manifest_that_is_cut_or_gone_is_put_back_from_its_copy(tree, tmp_path, damage):
    attempt(tree, 0)
    attempt(tree, 1)
    path = tmp_path / "out" / "_runs" / "r1.json"
    whole = path.read_text()
    path.unlink() if damage is None else path.write_text(damage)
    assert tree.newest().run_id == "r1"
    assert tree.recover() == ["the manifest of run r1 was missing or cut: put back from its copy"]
    assert path.read_text() == whole


def test_a_manifest_and_copy_both_damaged_say_the_way_out(tree, tmp_path):
    attempt(tree, 0)
    (tmp_path / "out" / "_runs" / "r0.json").write_text("{")
    (tmp_path / "out" / "_runs" / "_done" / "r0.json").write_text("{")
    with pytest.raises(TreeDamaged, match="newsmill rebuild-state --output"):
        tree.newest()


def test_state_deleted_is_said_with_the_way_out(tree, tmp_path):
    attempt(tree, 0)
    shutil.rmtree(tmp_path / "out" / "_state")
    with pytest.raises(StateMissing, match=r"nothing of the published data is lost.*newsmill rebuild-state"):
        tree.state().load(SEEN)


def test_state_of_another_scheme_is_refused_at_launch(tree):
    attempt(tree, 0)
    other = StateTable("noted", SEEN.schema, "test-2", ("url",))
    with pytest.raises(StateMismatch, match=r"'test-1'.*'test-2'.*newsmill rebuild-state"):
        tree.state().check(other)


def test_segments_stay_few_and_the_newest_row_of_a_key_counts(tree):
    for number in range(20):
        commit_run(tree, f"r{number}", [make_article(version=number + 1)])
    newest = tree.newest()
    assert len(newest.state["noted"]) <= 10
    assert tree.state().load(SEEN).to_pylist() == [{"url": "https://herald.example/vell-talks", "version": 20}]


def test_merged_segments_are_deleted_after_the_grace_and_not_before(tree, tmp_path):
    start = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    for number in range(8):
        commit_run(tree, f"r{number}", *story(number), now=lambda: start)
    folder = tmp_path / "out" / "_state" / "noted"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"r{number}-new.parquet" for number in range(7)] + ["r7-merged.parquet"]
    )
    commit_run(tree, "r8", *story(8), now=lambda: start + GRACE + dt.timedelta(seconds=1))
    assert sorted(path.name for path in folder.iterdir()) == ["r7-merged.parquet", "r8-new.parquet"]
    assert tree.newest().retired == {}


def test_a_clock_that_moved_back_loses_nothing(tree):
    start = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    for number in range(9):
        commit_run(tree, f"r{number}", *story(number), now=lambda n=number: start - dt.timedelta(hours=n))
    assert len(snapshot(tree.root)["articles"]) == 9
    assert tree.state().load(SEEN).num_rows == 9


def test_landed_bytes_are_kept_for_the_days_asked(tree):
    tree.land("r1", "a.warc", b"one")
    now = dt.datetime.now(tz=dt.UTC)
    commit_run(tree, "r1", [], keep_landing=dt.timedelta(days=7), now=lambda: now + dt.timedelta(days=6))
    assert tree.landed("r1", "a.warc") == b"one"
    commit_run(tree, "r2", [], keep_landing=dt.timedelta(days=7), now=lambda: now + dt.timedelta(days=8))
    assert tree.landed("r1", "a.warc") is None


def test_removed_files_leave_the_views_and_stay_for_the_grace(tree, tmp_path):
    attempt(tree, 0)
    first = attempt(tree, 1) and tree.newest()
    gone = [file.path for file in first.files if file.dataset == "events"]
    tree.commit(Manifest("c1", "2026-03-04T00:00:00+00:00", kind="compact"), [], removed=gone)
    assert len(snapshot(tree.root)["events_all"]) == 1
    assert (tmp_path / "out" / gone[0]).exists()
    assert list(tree.newest().retired) == ["c1"]
    assert list(tree.newest().removed) == gone


def test_erased_files_are_gone_at_once(tree, tmp_path):
    attempt(tree, 0)
    gone = [file.path for file in tree.newest().files if file.dataset == "events"]
    tree.commit(Manifest("f1", "2026-03-04T00:00:00+00:00", kind="forget"), [], removed=gone, erase=True)
    assert not (tmp_path / "out" / gone[0]).exists()
    assert snapshot(tree.root)["events_all"] == []


def test_views_that_were_deleted_are_written_anew_from_all_manifests(tree):
    attempt(tree, 0)
    attempt(tree, 1)
    expected = snapshot(tree.root)
    tree.files.delete("views.sql")
    assert tree.recover() == ["views.sql was missing: written anew"]
    assert snapshot(tree.root) == expected


def test_a_commit_without_its_lock_is_refused(tree):
    articles, events, failures = story(1)
    with TreeLock(tree.root, "r1") as lock:
        staged = stage_run(tree, "r1", articles, events, failures)
        tree.files.create_exclusive(f"_runs/_lock/{lock.number + 1:010d}.lock", b"{}")
        with pytest.raises(Locked):
            tree.commit(draft_of("r1", articles, failures), staged, held=lock.number)
    assert tree.newest() is None


def test_a_tree_and_its_state_travel_to_workers(tree):
    attempt(tree, 0)
    there, state = pickle.loads(pickle.dumps((tree, tree.state())))  # noqa: S301
    assert there.newest() == tree.newest()
    assert state.load(SEEN, columns=["version"]).to_pylist() == [{"version": 1}]


def test_a_relative_root_means_the_same_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree = Tree("out")
    monkeypatch.chdir("/")
    attempt(tree, 0)
    assert (tmp_path / "out" / "views.sql").exists()


@pytest.mark.parametrize("run_id", ["../x", "a/b", "", ".hidden", "x" * 81, "a b", "a..b"])
def test_a_run_id_that_is_no_file_name_is_refused(run_id):
    with pytest.raises(ValueError, match="run id"):
        Manifest(run_id, "2026-03-04T00:00:00+00:00")


def test_manifests_read_back_as_they_were_written(tree):
    manifest = commit_run(tree, "r1", *story(1))
    assert Manifest.from_json(manifest.to_json()) == manifest
    counters = json.loads(manifest.to_json())["counters"]
    assert counters["total"] == {"inputs": 2, "new": 1, "versions": 0, "copies": 0, "known": 0, "quarantined": 1}
    assert set(counters["outlets"]) == {"outlet1.example", "unknown"}


def test_events_view_follows_the_latest_version(tree):
    first = make_article("The envoy left.\nPort Vell exports herring.")
    left, exports = (
        make_event(first, kind, sentence=line)
        for kind, line in zip(("withdrawal", "trade_figure"), first.body.text.splitlines(), strict=True)
    )
    commit_run(tree, "r1", [first], [left, exports])
    second = make_article("Norland stayed. ☂\nPort Vell exports herring.\nBoth met.", version=2)
    commit_run(tree, "r2", [second], [make_event(second, "meeting", sentence="Both met.")])
    rows = (
        connect(tree.root)
        .execute(
            "SELECT e.kind, e.article_version, e.evidence = a.text[evidence_start + 1 : evidence_end] "
            "FROM events e JOIN articles a ON a.article_id = e.article_id AND a.version = e.article_version ORDER BY 1"
        )
        .fetchall()
    )
    assert rows == [("meeting", 2, True), ("trade_figure", 2, True)]
    assert connect(tree.root).execute("SELECT count(*) FROM events_all").fetchall() == [(3,)]
