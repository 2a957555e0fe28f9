import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from factories import make_article, make_event, make_published
from store_trees import SEEN, commit_run, connect, glob_counts, leftovers, snapshot, story

from pipeline.__main__ import main
from pipeline.commands.expire import parse_limit
from schemas.manifest import Manifest
from transforms.article.forgotten import load_forgotten
from transforms.article.identity import address_key, article_id, fingerprint, url_key
from transforms.article.seen import SEEN_TABLE, SeenHandle
from transforms.dedup.history import History
from transforms.dedup.sketch import node_key
from transforms.dedup.state import DOCUMENTS
from transforms.store.commit import GRACE, Tree
from transforms.store.failpoint import set_failpoint_hook
from transforms.store.rewrite import compact_leaves
from transforms.store.validate import validate_tree

TOMORROW = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)
    yield
    set_failpoint_hook(None)


@pytest.fixture
def tree(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    for number in range(6):
        commit_run(tree, f"r{number}", *story(number))
    return tree


def problems(tree):
    return [(fault.path, fault.problem) for fault in validate_tree(tree)]


def compact(tree, run_id="c1", before=TOMORROW, **options):
    tree.recover()
    rewrite = compact_leaves(tree, run_id, before)
    draft = Manifest(run_id, "2026-03-10T00:00:00+00:00", kind="compact")
    return tree.commit(draft, rewrite.staged, removed=rewrite.removed, **options)


def test_compacting_leaves_one_file_a_leaf_and_every_row(tree):
    before = snapshot(tree.root)
    compact(tree)
    assert {name: len(paths) for name, paths in tree.listing().items()} == {
        "events": 3, "articles": 3, "quarantine": 1, "revised": 0
    }  # fmt: skip
    assert snapshot(tree.root) == before
    assert problems(tree) == []


def test_days_that_are_not_closed_and_leaves_of_one_file_stay(tree):
    assert not compact_leaves(tree, "c1", dt.date(2026, 3, 2))
    compact(tree)
    assert not compact_leaves(tree, "c2", TOMORROW)


def test_a_loaded_snapshot_works_until_the_replaced_files_go_a_day_later(tree):
    connection = connect(tree.root)
    now = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
    compact(tree, now=lambda: now)
    assert connection.execute("SELECT count(*) FROM events").fetchall() == [(6,)]
    commit_run(tree, "r8", [], now=lambda: now + GRACE)
    assert connection.execute("SELECT count(*) FROM events").fetchall() == [(6,)]
    commit_run(tree, "r9", [], now=lambda: now + GRACE + dt.timedelta(seconds=1))
    assert glob_counts(tree.root) == {"events": 6, "articles": 6, "quarantine": 6}
    assert problems(tree) == []


def test_later_versions_are_still_known_as_such_after_compaction(tree):
    old = make_article("The envoy left. They met.", url="https://herald.example/1", outlet="outlet1.example")
    new = make_article("They met at last.", version=2, url="https://herald.example/1", outlet="outlet1.example")
    commit_run(tree, "r6", [new], [make_event(new)])
    before = snapshot(tree.root)
    assert old.article_id == new.article_id
    compact(tree)
    assert len(tree.listing()["revised"]) == 1
    assert snapshot(tree.root) == before


def test_compaction_killed_at_any_step_and_run_again_leaves_every_row_once(tree, tmp_path):
    before, base = snapshot(tree.root), tmp_path / "base"
    shutil.copytree(tree.root, base)
    steps = []
    set_failpoint_hook(steps.append)
    compact(tree)
    set_failpoint_hook(None)

    class Killed(BaseException):
        pass

    for step in range(1, len(steps) + 1, 3):
        shutil.rmtree(tree.root)
        shutil.copytree(base, tree.root)
        left = [step]

        def hook(name, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise Killed(name)

        set_failpoint_hook(hook)
        with pytest.raises(Killed):
            compact(tree)
        set_failpoint_hook(None)
        assert connect(tree.root).execute("SELECT count(*), count(DISTINCT event_id) FROM events").fetchall() == [
            (6, 6)
        ]
        compact(tree, "c2")
        assert sum(map(len, tree.listing().values())) == 7, steps[step - 1]
        if step % 4 == 0:
            assert snapshot(tree.root) == before
        assert leftovers(tree.root) == []


def dated(number, day):
    published = make_published(dt.datetime(2026, 1, day, tzinfo=dt.UTC))
    return make_article(f"Minister {number} met envoys.", url=f"https://h.example/{number}", published=published)


@pytest.mark.parametrize(
    ("text", "limit"),
    [("10d", "2026-03-22"), ("2w", "2026-03-18"), ("1y", "2025-04-01"), ("2026-01-05", "2026-01-05")],
)
def test_an_age_is_days_weeks_years_or_a_day(text, limit):
    assert parse_limit(text, dt.date(2026, 4, 1)).isoformat() == limit


def test_expired_days_leave_the_tree_and_stay_known(tmp_path, capsys):
    tree = Tree(str(tmp_path / "out"))
    first = dated(1, 5)
    copy = make_article("Minister 1 met envoys.", url="https://o.example/1", story_id=first.story_id,
                        duplicate_of=first.article_id, published=dated(2, 9).body.published)  # fmt: skip
    commit_run(tree, "r0", [first, copy], [make_event(first)])
    assert main(["expire", "--output", tree.root, "--older-than", "2026-01-09"]) == 0
    rows = connect(tree.root).execute("SELECT article_id, articles FROM stories").fetchall()
    assert rows == [(copy.article_id, 1)]
    assert connect(tree.root).execute("SELECT count(*) FROM events").fetchall() == [(0,)]
    assert tree.state().load(SEEN).num_rows == 2
    assert problems(tree) == []
    assert "2 files of days before 2026-01-09 left the tree" in capsys.readouterr().err
    assert Path(tree.root, "events").exists()
    assert main(["expire", "--output", tree.root, "--older-than", "soon"]) == 2


def test_expiring_at_once_deletes_the_files(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    commit_run(tree, "r0", [dated(1, 5), dated(2, 9)])
    assert main(["expire", "--output", tree.root, "--older-than", "2026-01-09", "--now", "--run-id", "x1"]) == 0
    assert glob_counts(tree.root)["articles"] == 1
    assert tree.manifest("x1").kind == "expire"


@pytest.fixture
def story_of_three(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    name = article_id(address_key("herald.example", "https://herald.example/vell-talks"))
    first = make_article("They met in Port Vell.", article_id=name)
    copies = [
        make_article("They met in Port Vell.", url=f"https://o{n}.example/1", outlet=f"o{n}.example", similarity=0.9,
                     story_id=first.story_id, duplicate_of=first.article_id,
                     published=make_published(dt.datetime(2026, 3, 3 + n, tzinfo=dt.UTC)))
        for n in (2, 1)
    ]  # fmt: skip
    commit_run(tree, "r0", [first, *copies], [make_event(first)])
    assert main(["rebuild-state", "--output", tree.root]) == 0
    return tree, first, copies


def test_a_forgotten_article_is_in_no_file_and_its_story_goes_to_the_first_copy(story_of_three, capsys):
    tree, first, (second_copy, first_copy) = story_of_three
    assert main(["forget", first.body.url + "?utm_source=x", "--output", tree.root, "--now"]) == 0
    rows = connect(tree.root).execute("SELECT article_id, duplicate_of, similarity FROM articles ORDER BY 1").fetchall()
    assert sorted(rows) == sorted(
        [(first_copy.article_id, None, None), (second_copy.article_id, first_copy.article_id, pytest.approx(0.9))]
    )
    assert connect(tree.root).execute("SELECT count(*) FROM events_all").fetchall() == [(0,)]
    assert load_forgotten(tree.state()) == {first.article_id}
    assert problems(tree) == []
    capsys.readouterr()
    for path in Path(tree.root).glob("**/*"):
        if path.is_file() and path.name != "r0-new.parquet":  # Of the tests' own state table, which names addresses.
            assert first.body.url.encode() not in path.read_bytes(), path
    history = History.load(tree.state())
    assert history.find(node_key(first.article_id, 1)) is None


def test_what_is_unknown_is_said_and_nothing_is_committed(story_of_three, capsys):
    tree, *_ = story_of_three
    assert main(["forget", "https://nobody.example/", "--output", tree.root]) == 1
    assert "no such article" in capsys.readouterr().err
    assert tree.newest().kind == "rebuild-state"


@pytest.mark.parametrize("rebuilt", [False, True])
def test_forgetting_again_is_a_no_op_that_says_so(story_of_three, capsys, rebuilt):
    tree, first, _ = story_of_three
    assert main(["forget", first.body.url, "--output", tree.root]) == 0
    if rebuilt:
        assert main(["rebuild-state", "--output", tree.root]) == 0
    sequence = tree.newest().sequence
    capsys.readouterr()
    for again in (first.body.url + "?utm_source=x", first.article_id):
        assert main(["forget", again, "--output", tree.root]) == 0
        assert "was forgotten already" in capsys.readouterr().err
    assert main(["forget", first.body.url, "https://nobody.example/", "--output", tree.root]) == 1
    assert tree.newest().sequence == sequence


def test_without_now_the_old_files_stay_for_loaded_snapshots(story_of_three):
    tree, first, _ = story_of_three
    connection = connect(tree.root)
    assert main(["forget", first.article_id, "--output", tree.root]) == 0
    assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]
    assert connect(tree.root).execute("SELECT count(*) FROM articles").fetchall() == [(2,)]


def test_rebuilt_state_knows_what_was_published(story_of_three):
    tree, first, copies = story_of_three
    shutil.rmtree(Path(tree.root, "_state"))
    assert [path for path, _ in problems(tree)] != []
    assert main(["rebuild-state", "--output", tree.root]) == 0
    assert problems(tree) == []
    index = SeenHandle(tree.state()).acquire()
    for article in (first, *copies):
        key = int(article.article_id[1:], 16)
        assert index.by_url(key) == key
        assert index.by_url(url_key(article.body.outlet, article.body)) == key
        assert [version.fingerprint for version in index.versions(key)] == [fingerprint(article.body)]
    history = History.load(tree.state())
    placed = history.find(node_key(copies[0].article_id, 1))
    assert (placed.story_id, placed.canonical) == (first.story_id, first.article_id)
    assert placed.sketch.shingles


def test_rebuilt_state_remembers_stories_as_long_as_runs_do(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    for number, at in enumerate((dt.datetime(2025, 6, 1, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, tzinfo=dt.UTC))):
        commit_run(tree, f"r{number}", *story(number, published=make_published(at)))
    assert main(["rebuild-state", "--output", tree.root]) == 0
    assert tree.state().load(DOCUMENTS).num_rows == 1
    assert len(set(tree.state().load(SEEN_TABLE)["article"].to_pylist())) == 2


def test_articles_without_text_are_said_to_be_beyond_rebuilding(tmp_path, capsys):
    from store_trees import draft_of

    from transforms.store.rows import article_leaf, article_row
    from transforms.store.write import stage_leaf

    tree, article = Tree(str(tmp_path / "out")), make_article()
    rows = [article_row(article, "r0", keep_text=False)]
    tree.commit(draft_of("r0", [article]), [stage_leaf(((article_leaf(article), 0), rows), "articles", tree, "r0")])
    assert main(["rebuild-state", "--output", tree.root]) == 0
    assert "1 articles were published without text" in capsys.readouterr().err


@pytest.mark.parametrize("run_id", ["r0", "r3", "r5"])
def test_a_manifest_damaged_beyond_its_copy_is_made_anew(tree, run_id, capsys):
    before = snapshot(tree.root)
    whole = tree.manifest(run_id)
    for path in ("_runs", "_runs/_done"):
        Path(tree.root, path, f"{run_id}.json").write_text('{"run')
    assert main(["rebuild-state", "--output", tree.root]) == 0
    assert f"run {run_id} was damaged: made anew" in capsys.readouterr().err
    assert snapshot(tree.root) == before
    mended = tree.manifest(run_id)
    assert (mended.sequence, mended.total, mended.files) == (whole.sequence, whole.total, whole.files)
    assert problems(tree) == []


@pytest.mark.parametrize("verb", [["compact"], ["expire", "--older-than", "1d"], ["forget", "x"], ["rebuild-state"]])
def test_verbs_need_a_tree_that_no_run_holds(tree, tmp_path, capsys, verb):
    from transforms.store.lock import TreeLock

    assert main([*verb, "--output", str(tmp_path / "none")]) == 2
    assert "no tree in" in capsys.readouterr().err
    with TreeLock(tree.root, "r9"):
        assert main([*verb, "--output", tree.root]) == 4
    assert "held by run r9" in capsys.readouterr().err


@pytest.mark.slow
def test_runs_of_the_pipeline_after_state_was_lost_and_an_article_forgotten(tmp_path, capsys):
    text = "The ministers of Norland and Sudland met in Port Vell on Monday. They signed an accord on herring quotas."
    records = [
        {"url": f"https://{name}.example/1", "outlet": name, "title": "Talks", "text": words, "published": "2026-03-02"}
        for name, words in (("herald", text), ("post", "The governor of Tamland opened the northern railway in May."))
    ]
    source, out = tmp_path / "in.jsonl", str(tmp_path / "out")
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert main(["run", "--input", str(source), "--output", out]) == 0
    before = snapshot(out)
    shutil.rmtree(Path(out, "_state"))
    assert main(["rebuild-state", "--output", out]) == 0
    assert main(["forget", records[0]["url"], "--output", out]) == 0
    records[0]["text"] += " The accord lasts for nine years."
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert main(["run", "--input", str(source), "--output", out]) == 0
    total = Tree(out).newest().total
    assert (total.inputs, total.known) == (2, 2)
    kept = [row for row in before["articles"] if records[1]["url"] in row]
    assert snapshot(out)["articles"] == kept
    assert problems(Tree(out)) == []
