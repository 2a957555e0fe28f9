"""Whole runs over live feeds: real servers on loopback, the command itself, Parquet read back."""

import hashlib
import html
import os
import subprocess
import sys

import pytest
from loopback import reply, serve
from whole_runs import STORY, assert_adds_up, manifests, newsmill, query

from transforms.store.catalog import intent_path

FEEDS, PAGES = "127.0.0.31", "127.0.0.32"  # two domains, so that pages need not wait for the feed's
LOCAL = ("--allow-net", "127.0.0.0/8")


def make_page(title, text):
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n"))
    return (
        f"<html><head><title>{title}</title><meta property='og:type' content='article'></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def make_text(name):
    return (
        f"The harbour of {name.title()} was closed by fog for a day.\n{STORY}\nNobody in {name.title()} was surprised."
    )


class Site:
    """A feed and its pages, both changed at will; answers with validators."""

    def __init__(self):
        self.bodies = {}
        self.entries = []
        self.pages = None

    def answer(self, request, _):
        if request.path == "/feed.xml" or request.path == "/other.xml":
            body = self.feed(request.path)
        else:
            body = self.bodies.get(request.path)
        if isinstance(body, int) or body is None:
            return reply(status=body or 404)
        etag = hashlib.sha256(body).hexdigest()[:12].encode()
        if request.headers.get("if-none-match") == etag:
            return reply(status=304)
        kind = "text/xml" if request.path.endswith(".xml") else "text/html"
        return reply(body, headers={"ETag": etag, "Content-Type": kind})

    def add(self, name, body=None):
        """Adds an entry and its page; a number is the status that the page fails with."""
        self.entries.append((name, f"Fog closes the harbour of {name.title()}"))
        self.bodies[f"/news/{name}"] = make_page(self.entries[-1][1], make_text(name)) if body is None else body

    def feed(self, path):
        items = "".join(
            f"<item><title>{title}</title><link>{self.pages.url('/news/' + name)}</link><guid>{name}</guid>"
            f"<pubDate>Tue, 04 Mar 2025 08:0{number % 10}:00 GMT</pubDate></item>"
            for number, (name, title) in enumerate(self.entries)
        )
        return f"<rss version='2.0'><channel><title>Pier{path}</title>{items}</channel></rss>".encode()


@pytest.fixture
def site():
    made = Site()
    with serve(made.answer, FEEDS) as feeds, serve(made.answer, PAGES) as pages:
        made.feeds, made.pages = feeds, pages
        yield made


def asked(site):
    """Pages asked for so far, in alphabetical order."""
    return sorted(path.removeprefix("/news/") for path in site.pages.paths if path.startswith("/news/"))


def list_feeds(site, output, feeds=("/feed.xml",)):
    """A feed list that asks for next to no pause, so that no second is lost."""
    path = output.parent / "feeds.yaml"
    path.write_text("feeds:\n" + "".join(f"  - {{url: '{site.feeds.url(feed)}', pause: 0.01}}\n" for feed in feeds))
    return path


def run(site, output, run_id, *more, feeds=("/feed.xml",)):
    inputs = list_feeds(site, output, feeds)
    code, said = newsmill("run", "--input", inputs, "--output", output, "--run-id", run_id, *LOCAL, *more)
    assert code in (0, 1), said
    assert_adds_up(output)
    return code, said, manifests(output)[-1]


def counts(manifest):
    total = manifest["counters"]["total"]
    return {name: number for name, number in total.items() if number and name != "inputs"}


def test_a_feed_is_followed_landed_and_asked_again_for_what_is_missing_or_new(site, tmp_path):
    output = tmp_path / "out"
    site.add("vell")
    site.add("brask")
    site.add("tollen", 404)
    site.add("harrow", 503)
    _, said, first = run(site, output, "r1")
    assert counts(first) == {"new": 2, "quarantined": 2}, said
    assert query(output, "SELECT stage, reason, url FROM quarantine ORDER BY ALL") == [
        ("fetch", "http-error", site.pages.url(f"/news/{name}")) for name in ("harrow", "tollen")
    ]
    rows = query(output, "SELECT title, url, source_uri, http_status, published_source FROM articles ORDER BY title")
    about = (site.pages.url("/news/brask"), site.feeds.url("/feed.xml"), 200, "feed")
    assert rows[0] == ("Fog closes the harbour of Brask", *about)
    assert query(output, "SELECT count(*) FROM articles WHERE text LIKE '%Nobody in %'") == [(2,)]
    assert {path.name.split("-")[0] for path in (output / "_landing" / "r1").glob("*.warc.gz")} == {"feeds", "pages"}
    read_landing_as_archive(output, tmp_path / "again")

    # A page that is gone is neither asked for nor quarantined again; one that may yet come is asked for.
    site.bodies["/news/harrow"] = make_page("Fog", make_text("harrow"))
    _, said, second = run(site, output, "r2")
    assert counts(second) == {"new": 1, "known": 3}, said
    assert [asked(site).count(name) for name in ("brask", "harrow", "tollen", "vell")] == [1, 2, 1, 1]

    before = asked(site)
    _, said, third = run(site, output, "r3")
    assert (counts(third), third["files"], third["further"]["polls"]) == ({}, [], {"unchanged": 1}), said
    assert asked(site) == before

    site.add("osprey")
    site.entries[0] = ("vell", "Fog leaves the harbour of Vell")
    site.bodies["/news/vell"] = make_page(site.entries[0][1], make_text("vell") + "\nIt lifted at noon.")
    _, said, fourth = run(site, output, "r4")
    assert counts(fourth) == {"new": 1, "versions": 1, "known": 3}, said
    assert fourth["further"]["coverage"] == {"overlap": 1}
    assert asked(site) == sorted([*before, "osprey", "vell"])
    assert query(output, "SELECT version, title FROM articles WHERE url LIKE '%vell' ORDER BY ALL") == [
        (1, "Fog closes the harbour of Vell"),
        (2, "Fog leaves the harbour of Vell"),
    ]
    assert site.pages.paths.count("/robots.txt") == 1  # what it says holds for a day, over all runs


def read_landing_as_archive(output, again):
    """What a run landed reads as a web archive."""
    (pages,) = (output / "_landing" / "r1").glob("pages-*.warc.gz")
    code, said = newsmill("run", "--input", pages, "--output", again)
    assert code == 0, said
    texts = "SELECT url, title, text, fetched_at FROM articles ORDER BY ALL"
    assert query(again, texts) == query(output, texts)
    assert query(again, "SELECT DISTINCT source_uri FROM articles") == [(pages.as_uri(),)]


def test_an_item_in_two_feeds_counts_once_whatever_comes_of_it(site, tmp_path):
    site.add("vell")
    site.add("tollen", 404)
    site.add("brask", b"<html><body><p>Soon.</p></body></html>")
    feeds = ("/feed.xml", "/other.xml")
    _, said, first = run(site, tmp_path / "out", "r1", feeds=feeds)
    assert counts(first) == {"new": 1, "quarantined": 2}, said
    site.add("harrow")
    _, said, second = run(site, tmp_path / "out", "r2", feeds=feeds)
    assert counts(second) == {"new": 1, "known": 3}, said
    assert asked(site) == ["brask", "harrow", "tollen", "vell"]


def test_a_run_that_died_is_repeated_on_what_it_landed(site, tmp_path):
    output = tmp_path / "out"
    site.add("vell")
    site.add("tollen", 404)
    argv = [sys.executable, "-m", "pipeline", "run", "--input", list_feeds(site, output), "--output", output]
    died = subprocess.run(
        [*map(str, argv), "--run-id", "r1", *LOCAL],
        env={**os.environ, "NEWSMILL_FAILPOINT": f"write:before:{intent_path('r1')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    assert manifests(output) == []
    before = len(site.feeds.requests), len(site.pages.requests)
    # What the site says by now is for the next run.
    site.add("brask")
    site.bodies["/news/vell"] = 500
    _, said, manifest = run(site, output, "r1")
    assert counts(manifest) == {"new": 1, "quarantined": 1}, said
    assert (len(site.feeds.requests), len(site.pages.requests)) == before
    assert query(output, "SELECT url FROM articles") == [(site.pages.url("/news/vell"),)]


def test_loopback_is_refused_unless_it_is_allowed(site, tmp_path):
    site.add("vell")
    code, said = newsmill("run", "--input", site.feeds.url("/feed.xml"), "--output", tmp_path)
    assert code == 3, said
    assert site.feeds.connections == 0
    assert query(tmp_path, "SELECT stage, reason FROM quarantine") == [("fetch", "address-refused")]
    assert_adds_up(tmp_path)


CUT = (
    "<rss version='2.0'><channel><title>Pier</title><item><title>Whole</title><description>The ferry ran aground off "
    "the point.</description><link>https://pier.example/1</link></item><item><title>Half</title>"
    "<link>https://pier.example/2</link><description>The lighthouse keeper told the"
)
TITLES = (
    "<rss version='2.0'><channel><title>Pier</title><item><title>Fog closes the harbour</title>"
    "<link>https://pier.example/fog</link></item><item><title>Nothing else</title>"
    "<link>https://pier.example/nothing</link></item></channel></rss>"
)


def test_bad_inputs_are_quarantined_once_and_an_entry_without_text_yields_to_its_page(tmp_path):
    page = make_page("Fog closes the harbour", make_text("vell"))
    canonical = b"<link rel=canonical href='https://pier.example/fog'><meta"
    (tmp_path / "fog.html").write_bytes(page.replace(b"<meta", canonical, 1))
    (tmp_path / "titles.xml").write_text(TITLES)
    (tmp_path / "cut.xml").write_text(CUT)
    (tmp_path / "no-feed.xml").write_text("<html><body><p>Come back later.</p></body></html>")
    (tmp_path / "records.jsonl").write_text('{"text": \n{"text": \n')
    inputs = sorted(path for path in tmp_path.iterdir() if path.is_file())
    for run_id in ("r1", "r2"):
        newsmill("run", "--input", *inputs, "--output", tmp_path / "out", "--run-id", run_id)
    first, second = manifests(tmp_path / "out")
    assert counts(first) == {"new": 2, "quarantined": 5}
    assert (counts(second), second["files"]) == ({"known": 7}, [])
    assert_adds_up(tmp_path / "out")
    assert query(tmp_path / "out", "SELECT title, url FROM articles ORDER BY ALL") == [
        ("Fog closes the harbour", "https://pier.example/fog"),
        ("Whole", "https://pier.example/1"),
    ]
    assert query(tmp_path / "out", "SELECT stage, reason, url FROM quarantine ORDER BY ALL") == [
        ("extract", "no-text", "https://pier.example/nothing"),
        ("parse", "bad-json", None),
        ("parse", "bad-json", None),
        ("parse", "not-a-feed", None),
        ("parse", "truncated", "https://pier.example/2"),
    ]
