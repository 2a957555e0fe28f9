"""What may never come out: a file outside the root, an outlet that a reader takes for something else, an id twice."""

import re
from pathlib import Path
from types import SimpleNamespace

from factories import make_article, make_event
from store_trees import commit_run, connect

from schemas.partition import SLUG, outlet_slug
from transforms.article.identify import MAX_NEW_OUTLETS, list_crowded
from transforms.events.extract import event_id
from transforms.store.commit import Tree
from transforms.store.validate import validate_tree

HOSTILE = (
    "../../escape", "", "a/b", "a\\b", "..", ".", "/etc/passwd", "C:\\x", "caf\u00e9", "cafe\u0301", "a\nb", "a\0b", "BBC",
    "bbc", "2024", "1e5", "-1", "0x1f", "2024-01-01", "12:30", "null", "NaN", "infinity", "true", "con", "nul", "x" * 200,
    "a\u200bb", "a\u202eb", "_hidden", ".hidden", "=cmd|calc", "a=b", "outlet=x", "__HIVE_DEFAULT_PARTITION__", "a%2Fb",
    "o'clock", '"', "*", "a b ", "-rf",
)  # fmt: skip


def test_no_name_of_an_outlet_leads_out_of_the_root_or_is_read_as_anything_else(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)
    tree = Tree(str(tmp_path / "deep" / "out"))
    articles = [
        make_article(url=f"https://herald.example/{number}", outlet=outlet_slug(name), outlet_name=name)
        for number, name in enumerate(HOSTILE)
    ]
    commit_run(tree, "r0", articles, [make_event(article) for article in articles])
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet")]
    leaf = re.compile(
        rf"deep/out/(events|articles)/date=2026-03-02/outlet={SLUG.pattern.strip('^$')}/part-r0-0\.parquet"
    )
    assert all(leaf.fullmatch(path) or path.startswith("deep/out/_") for path in files)
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    rows = connect(tree.root).execute("SELECT outlet_name, outlet, typeof(outlet) FROM articles").fetchall()
    assert sorted(rows) == sorted((name, outlet_slug(name), "VARCHAR") for name in HOSTILE)
    by_glob = connect(tree.root).execute(
        f"SELECT DISTINCT outlet FROM read_parquet('{tree.root}/articles/**/*.parquet', hive_partitioning = true)"
    )
    assert {row[0] for row in by_glob.fetchall()} == {outlet_slug(name) for name in HOSTILE}
    assert list(validate_tree(tree)) == []


def test_a_hundred_thousand_hosts_of_one_feed_open_no_more_leaves_than_allowed():
    hosts = [f"h{number}.example" for number in range(100_000)]
    crowded = {outlet for _, outlet in list_crowded(("https://feed.example/", hosts))}
    assert len(set(hosts) - crowded) == MAX_NEW_OUTLETS == 64


def test_a_million_events_have_ids_of_their_own():
    ids = {
        event_id(article, SimpleNamespace(kind=kind, evidence=(at, at + 90), trigger=(at + 9, at + 12)), nth)
        for article in (make_article(url=f"https://herald.example/{number}") for number in range(500))
        for kind in ("meeting", "statement")
        for at in range(0, 50_000, 100)
        for nth in (0, 1)
    }
    assert len(ids) == 500 * 2 * 500 * 2


def test_a_file_of_no_bytes_and_a_cut_one_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)
    for number, kept in enumerate((0, 100)):
        tree = Tree(str(tmp_path / str(number)))
        article = make_article()
        commit_run(tree, "r0", [article], [make_event(article)])
        path = next(Path(tree.root).glob("events/*/*/*.parquet"))
        path.write_bytes(path.read_bytes()[:kept])
        assert [fault.path for fault in validate_tree(tree)][:1] == [path.relative_to(tree.root).as_posix()]
