import dataclasses
import datetime as dt
import functools
import gzip
import pickle
import shutil
import socket
import threading
import uuid
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.transforms.error_handling import ErrorHandler
from loopback import Request, reply, serve

from schemas.feed_state import FeedState, Polled
from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.land.client import FetchOptions
from transforms.land.coverage import ReopenFeeds
from transforms.land.guard import NetPolicy
from transforms.land.landing import LandingConfig, Wanted, land_shard
from transforms.land.robots import RobotsMemory
from transforms.land.scheduler import Pacing
from transforms.land.stage import LandFeeds, LandPages, shard_of
from transforms.land.warc import Landed

HOME = "127.0.0.77"
POLICY = NetPolicy(("127.0.0.64/26",))


class FolderLanding:
    """A landing in a plain folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def land(self, run_id: str, name: str, data: bytes) -> None:
        (self._root / run_id).mkdir(parents=True, exist_ok=True)
        (self._root / run_id / name).write_bytes(data)

    def landed(self, run_id: str, name: str) -> bytes | None:
        path = self._root / run_id / name
        return path.read_bytes() if path.exists() else None


def make_config(root: Path, run_id: str = "run", **changes: object) -> LandingConfig:
    config = LandingConfig(
        run_id,
        functools.partial(FolderLanding, root),
        FetchOptions(policy=POLICY, deadline_s=3.0, max_bytes=100_000),
        Pacing(pause_s=0.0, concurrency=100),
    )
    return dataclasses.replace(config, **changes)  # type: ignore[arg-type]


def site(request: Request, _: socket.socket) -> bytes:
    """A small site: pages, a feed with an ETag, errors, a robots.txt that keeps /private for itself."""
    if request.path == "/robots.txt":
        return reply(b"User-agent: *\nDisallow: /private")
    if request.path.startswith("/gone"):
        return reply(status=404)
    if request.path == "/cut":
        return reply(b"<rss>half", headers={"Content-Length": "500"})
    if request.path == "/huge":
        return reply(bytes(100_001))
    if request.path == "/tagged" and request.headers.get("if-none-match") == b'W/"1"':
        return reply(status=304)
    headers: dict[str, str | bytes] = {"Content-Type": "text/html", "ETag": 'W/"1"'}
    return reply(b"body of " + request.path.encode(), headers=headers)


def outcomes(config: LandingConfig, urls: list[str], robots: bool = False) -> dict[str, str]:
    wanted = [Wanted(url, "feed") for url in urls]
    found = {}
    for landed in land_shard(
        config, "pages" if robots else "feeds", 0, wanted, robots=RobotsMemory() if robots else None
    ):
        found[landed.url] = landed.fetched.body.decode() if landed.fetched else landed.error.reason  # type: ignore[union-attr]
    return found


def test_every_url_has_one_outcome(tmp_path: Path) -> None:
    with serve(site, HOME) as home:
        urls = [home.url(path) for path in ("/a", "/b", "/gone", "/huge")]
        urls += ["http://127.0.0.1/", "file:///etc/passwd", "no url", "http://user@news.example/"]
        found = outcomes(make_config(tmp_path), urls)
    assert list(found.values()).count("address-refused") == 4
    assert {url.rpartition("/")[2]: found[url] for url in urls[:4]} == {
        "a": "body of /a",
        "b": "body of /b",
        "gone": "http-error",
        "huge": "too-large",
    }
    assert set(found) == set(urls)


def test_pages_of_a_feed_are_landed_while_another_feed_is_awaited(tmp_path: Path) -> None:
    page_came = threading.Event()

    def waits(request: Request, _: socket.socket) -> bytes:
        return reply(b"slow feed" if page_came.wait(15.0) else b"waited in vain")

    def serves(request: Request, opened: socket.socket) -> bytes:
        if request.path == "/page":
            page_came.set()
        return site(request, opened)

    with serve(serves, HOME) as home, serve(waits, "127.0.0.78") as slow:
        pages = [home.url("/page"), home.url("/private")]
        feeds = [home.url("/feed"), slow.url("/feed")]
        config = make_config(tmp_path, fetch=FetchOptions(policy=POLICY, deadline_s=20.0))

        def ahead(landed: Landed) -> list[Wanted]:
            return [Wanted(page, landed.url) for page in pages if landed.url == feeds[0]]

        wanted = [Wanted(feed, feed) for feed in feeds]
        landed = {one.url: one for one in land_shard(config, "feeds", 0, wanted, robots=RobotsMemory(), ahead=ahead)}
        assert landed[feeds[1]].fetched.body == b"slow feed"  # type: ignore[union-attr]
        asked = len(home.paths)
        memory = RobotsMemory()
        later = list(land_shard(config, "pages", 0, [Wanted(page, feeds[0]) for page in pages], robots=memory))
        assert len(home.paths) == asked == 3
        assert home.paths.count("/robots.txt") == 1
    assert {one.url: one.error.reason if one.error else None for one in later} == {
        pages[0]: None,
        pages[1]: "robots-disallowed",
    }
    assert [answer.place for answer in memory.learnt] == [home.url("/robots.txt")]


def test_pages_wait_as_long_as_the_feeds_of_their_site_were_asked_to(tmp_path: Path) -> None:
    def busy(request: Request, _: socket.socket) -> bytes:
        return reply(status=429, headers={"Retry-After": "3600"})

    with serve(busy, HOME) as home:
        config, feed, page = make_config(tmp_path), home.url("/feed"), home.url("/page")
        list(land_shard(config, "feeds", 0, [Wanted(feed, feed)], robots=RobotsMemory(), ahead=lambda landed: []))
        pages = list(land_shard(config, "pages", 0, [Wanted(page, feed)], robots=RobotsMemory()))
        assert home.paths == ["/feed"]
    assert [one.error.reason for one in pages if one.error] == ["postponed"]
    assert pages[0].error.retry_after == pytest.approx(3600, abs=60)  # type: ignore[union-attr]


def test_a_repeated_run_asks_nobody_and_finds_the_same_errors_included(tmp_path: Path) -> None:
    with serve(site, HOME) as home:
        urls = [home.url(path) for path in ("/a", "/b", "/gone", "/private")]
        first = outcomes(make_config(tmp_path), urls, robots=True)
        asked = len(home.requests)
        assert outcomes(make_config(tmp_path), urls, robots=True) == first
        assert len(home.requests) == asked
        outcomes(make_config(tmp_path, "another-run"), urls, robots=True)
        assert len(home.requests) == 2 * asked
    assert first[urls[3]] == "robots-disallowed"


def test_a_run_that_died_half_way_fetches_only_the_rest(tmp_path: Path) -> None:
    with serve(site, HOME) as home:
        urls = [home.url(f"/{n}") for n in range(12)]
        outcomes(make_config(tmp_path), urls[:5])
        assert set(outcomes(make_config(tmp_path), urls)) == set(urls)
        assert sorted(home.paths) == sorted(f"/{n}" for n in range(12))


def test_segments_are_written_as_they_fill(tmp_path: Path) -> None:
    with serve(site, HOME) as home:
        urls = [home.url(f"/{n}") for n in range(6)]
        outcomes(make_config(tmp_path, segment_bytes=1), urls)
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert names == [f"feeds-00000-of-00001-{n:05d}.warc.gz" for n in range(6)]


def test_a_damaged_segment_fails_the_run(tmp_path: Path) -> None:
    FolderLanding(tmp_path).land("run", "feeds-00000-of-00001-00000.warc.gz", b"damaged")
    with pytest.raises(ValueError, match="damaged landing segment"):
        outcomes(make_config(tmp_path), ["http://127.0.0.1/"])


def test_a_store_that_fails_fails_the_run(tmp_path: Path) -> None:
    class Full(FolderLanding):
        def land(self, run_id: str, name: str, data: bytes) -> None:
            raise OSError("no space left")

    with serve(site, HOME) as home, pytest.raises(OSError, match="no space left"):
        outcomes(make_config(tmp_path, open_landing=functools.partial(Full, tmp_path)), [home.url("/a")])


def test_good_hosts_are_not_held_up_by_those_that_trickle(tmp_path: Path) -> None:
    good_done = threading.Event()
    good_hosts = [f"127.0.0.{n}" for n in range(66, 76)]
    slow_hosts = [f"127.0.0.{n}" for n in range(76, 127)]
    seen: set[str] = set()

    def answer(request: Request, connection: socket.socket) -> bytes | None:
        if request.host in good_hosts:
            seen.add(request.host)
            if len(seen) == len(good_hosts):
                good_done.set()
            return reply(b"good")
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        good_done.wait(20)  # a slow host ends only after every good one was served
        return reply(b"late")

    with serve(answer, "0.0.0.0") as home:
        urls = [home.url(host=host) for host in slow_hosts + good_hosts]
        found = outcomes(make_config(tmp_path, fetch=FetchOptions(policy=POLICY, deadline_s=25.0)), urls)
    assert [found[home.url(host=host)] for host in good_hosts] == ["good"] * len(good_hosts)


def hostile(request: Request, connection: socket.socket) -> bytes | None:
    """Everything that a server can do to a client, by path."""
    kind = request.path[1:]
    if kind == "trickle":
        while True:
            connection.sendall(b"x")
            threading.Event().wait(0.05)
    if kind == "endless":
        connection.sendall(reply(headers={"Transfer-Encoding": "chunked"}))
        while True:
            connection.sendall(b"8000\r\n" + bytes(0x8000) + b"\r\n")
    if kind == "silent":
        connection.recv(1)  # until the client gives up
    answers = {
        "bomb": reply(gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"}),
        "headers": reply(headers={f"X-{n}": "1" for n in range(5000)}),
        "loop": reply(status=302, headers={"Location": request.path}),
        "inwards": reply(status=302, headers={"Location": "http://169.254.169.254/"}),
        "garbage": bytes(range(256)) * 100,
        "wait": reply(status=429, headers={"Retry-After": "317100"}),
    }
    return answers.get(kind, b"")


def test_good_sites_fare_the_same_with_hostile_ones_around(tmp_path: Path) -> None:
    kinds = ["trickle", "endless", "silent", "bomb", "headers", "loop", "inwards", "garbage", "wait", "closed"]
    config = make_config(tmp_path, fetch=FetchOptions(policy=POLICY, deadline_s=8.0, max_bytes=100_000))
    with serve(site, HOME) as home, serve(hostile, "0.0.0.0") as bad:
        good_urls = [home.url(f"/{n}") for n in range(20)]
        bad_urls = [bad.url(f"/{kind}", host=f"127.0.0.{80 + n}") for n, kind in enumerate(kinds)]
        alone = outcomes(config, good_urls)
        mixed = outcomes(dataclasses.replace(config, run_id="mixed"), good_urls + bad_urls)
    assert {url: mixed[url] for url in good_urls} == alone
    assert [mixed[url] for url in bad_urls] == [
        "fetch-timeout",
        "too-large",
        "fetch-timeout",
        "too-large",
        "fetch-failed",
        "too-many-redirects",
        "address-refused",
        "fetch-failed",
        "http-error",
        "fetch-failed",
    ]


def test_retry_after_is_sat_out_within_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.land.headers.RETRY_AFTER_MIN_S", 0.0)

    def answer(request: Request, _: socket.socket) -> bytes:
        again = [r.path for r in list(home.requests)].count("/busy") > 1
        return reply(b"there") if again else reply(status=429, headers={"Retry-After": "0"})

    with serve(answer, HOME) as home:
        assert outcomes(make_config(tmp_path), [home.url("/busy")]) == {home.url("/busy"): "there"}


def test_a_long_retry_after_postpones_the_domain(tmp_path: Path) -> None:
    with serve(lambda *_: reply(status=503, headers={"Retry-After": "86400"}), HOME) as home:
        found = outcomes(make_config(tmp_path), [home.url(f"/{n}") for n in range(5)])
        assert sorted(found.values()) == ["http-error"] + ["postponed"] * 4
        assert home.connections == 1


@dataclasses.dataclass
class Keep(beam.PTransform):
    """Writes what comes into a folder, whichever process it comes up in."""

    folder: Path

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        return rows | beam.Map(keep, str(self.folder))


def keep(row: object, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, uuid.uuid4().hex).write_bytes(pickle.dumps(row))


def kept(folder: Path) -> list:
    return [pickle.loads(path.read_bytes()) for path in folder.glob("*")]  # noqa: S301 - our own bytes


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def run_feeds(
    config: LandingConfig, out: Path, sources: list[Source], states: dict[str, FeedState] | None = None
) -> tuple[list[Document], list[Failure], list[Polled]]:
    shutil.rmtree(out, ignore_errors=True)
    with _TestPipeline(runner="FnApiRunner") as pipeline, ErrorHandler(Keep(out / "failures")) as errors:
        stage = LandFeeds(config, errors, states or {})
        _ = pipeline | beam.Create(sources) | "LandFeeds" >> stage | "Documents" >> Keep(out / "documents")
        _ = stage.polled | "Polled" >> Keep(out / "polled")
    return kept(out / "documents"), kept(out / "failures"), kept(out / "polled")


def run_pages(config: LandingConfig, out: Path, entries: list[RawArticle]) -> tuple[list[Document], list[Failure]]:
    shutil.rmtree(out, ignore_errors=True)
    with _TestPipeline(runner="FnApiRunner") as pipeline, ErrorHandler(Keep(out / "failures")) as errors:
        landed = pipeline | beam.Create(entries) | "LandPages" >> LandPages(config, errors)
        _ = landed | "Documents" >> Keep(out / "documents")
    return kept(out / "documents"), kept(out / "failures")


def test_feeds_become_documents_failures_and_polls(tmp_path: Path, out: Path) -> None:
    settings = SourceSettings(outlet="The Herald", timezone="Europe/Vilnius")
    with serve(site, HOME) as home:
        sources = [Source(home.url("/rss"), "live", settings), Source(home.url("/rss"), "live", settings)]
        sources += [Source(home.url("/gone"), "live", settings), Source("http://10.0.0.1/rss", "live")]
        sources += [Source(home.url("/cut"), "live")]
        documents, failures, polled = run_feeds(make_config(tmp_path), out, sources)
        assert home.paths.count("/rss") == 1
        assert "/robots.txt" not in home.paths
    by_uri = {document.source_uri: document for document in documents}
    assert set(by_uri) == {home.url("/rss"), home.url("/cut")}
    document = by_uri[home.url("/rss")]
    assert (document.body, document.settings, document.http_status) == (b"body of /rss", settings, 200)
    assert (document.url, document.content_type, document.origin) == (home.url("/rss"), "text/html", None)
    assert document.fetched_at is not None
    assert sorted((f.stage, f.reason, f.source_uri, f.outlet) for f in failures) == [
        ("fetch", "address-refused", "http://10.0.0.1/rss", "n-10.0.0.1"),
        ("fetch", "http-error", home.url("/gone"), "the-herald"),
    ]
    assert sorted(poll.outcome for poll in polled) == ["changed", "changed", "failed", "failed"]


def test_polls_carry_the_state_on(tmp_path: Path, out: Path) -> None:
    with serve(site, HOME) as home:
        sources = [Source(home.url(path), "live") for path in ("/tagged", "/plain", "/gone")]
        first, _, polled = run_feeds(make_config(tmp_path), out, sources)
        states = {poll.url: poll.state for poll in polled}
        second, failures, again = run_feeds(make_config(tmp_path, "second"), out, sources, states)
        assert (len(first), second, len(failures)) == (2, [], 1)
        assert {(poll.url, poll.outcome, poll.status) for poll in again} == {
            (home.url("/tagged"), "unchanged", 304),
            (home.url("/plain"), "unchanged", 200),
            (home.url("/gone"), "failed", 404),
        }
        states = {poll.url: poll.state for poll in again}
        assert states[home.url("/gone")].failures == 2
        asked = len(home.requests)
        _, failures, third = run_feeds(make_config(tmp_path, "third"), out, sources, states)
        assert {poll.outcome for poll in third if "gone" in poll.url} == {"postponed"}
        assert (failures, len(home.requests) - asked) == ([], 2)
        week = dt.timedelta(days=8)
        later = make_config(tmp_path, "later", now=functools.partial(later_now, week))
        documents, _, _ = run_feeds(later, out, sources, states)
        assert {document.source_uri for document in documents} == {home.url("/tagged"), home.url("/plain")}


def sitemap_index(count: int) -> bytes:
    """An index of sitemaps /map0, /map1 …, of which the later ones changed last."""
    maps = "".join(
        f"<sitemap><loc>http://{{host}}/map{n}</loc><lastmod>2026-01-{n + 1:02d}</lastmod></sitemap>"
        for n in range(count)
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><sitemapindex xmlns="{space}">{maps}</sitemapindex>'.encode()


@pytest.mark.parametrize("packed", [False, True])
def test_an_index_is_replaced_by_its_sitemaps(tmp_path: Path, out: Path, packed: bool) -> None:
    versions = {"/map0": b"a", "/map1": b"b", "/map2": b"c"}

    def answer(request: Request, _: socket.socket) -> bytes:
        if request.path == "/index.xml":
            index = sitemap_index(3).replace(b"{host}", request.headers["host"])
            return reply(gzip.compress(index) if packed else index, headers={"ETag": '"1"'})
        if request.path in versions:
            return reply(versions[request.path])
        return reply(status=404)

    settings = SourceSettings(outlet="The Herald")
    with serve(answer, HOME) as home:
        config = make_config(tmp_path, max_sitemaps=2)
        sources = [Source(home.url("/index.xml"), "live", settings)]
        documents, failures, polled = run_feeds(config, out, sources)
        assert {(d.source_uri, d.body, d.settings.outlet) for d in documents} == {
            (home.url("/map1"), b"b", "The Herald"),
            (home.url("/map2"), b"c", "The Herald"),
        }
        assert [(f.stage, f.reason, f.source_uri, f.once) for f in failures] == [
            ("parse", "too-many-entries", home.url("/index.xml"), True)
        ]
        # An index that stands still does not hide a sitemap that changed.
        versions["/map2"] = b"changed"
        states = {poll.url: poll.state for poll in polled}
        documents, _, polled = run_feeds(dataclasses.replace(config, run_id="second"), out, sources, states)
        assert [(d.source_uri, d.body) for d in documents] == [(home.url("/map2"), b"changed")]
        assert sorted(poll.outcome for poll in polled) == ["changed", "changed", "unchanged"]


def test_indexes_are_followed_to_a_bound(tmp_path: Path, out: Path) -> None:
    """An index of indexes of …, each naming itself and the next."""

    def answer(request: Request, _: socket.socket) -> bytes:
        depth = int(request.path.removeprefix("/map"))
        if depth == 5:
            return reply(b"a sitemap too deep")
        names = [f"http://{request.headers['host'].decode()}/map{n}" for n in (depth, depth + 1)]
        maps = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
        return reply(f"<?xml version='1.0'?><sitemapindex>{maps}</sitemapindex>".encode())

    with serve(answer, HOME) as home:
        sources = [Source(home.url("/map0"), "live"), Source(home.url("/map3"), "live")]
        documents, failures, _ = run_feeds(make_config(tmp_path), out, sources)
        assert sorted(home.paths) == ["/map0", "/map1", "/map2", "/map3", "/map3", "/map4", "/map5"]
    assert failures == []
    # From /map0 on the third index in an index is not opened any more; from /map3 on the last sitemap is reached.
    assert sorted(document.source_uri.rsplit("/", 1)[1] for document in documents) == ["map3", "map5"]


@pytest.mark.parametrize(("first", "second"), [(3, 1), (1, 3), (2, 3)])
def test_a_run_repeated_in_another_number_of_shards_fetches_nothing_again(
    tmp_path: Path, out: Path, first: int, second: int
) -> None:
    with serve(site, HOME) as home:
        entries = [make_entry(home.url(path)) for path in ("/a", "/b")]
        documents, _ = run_pages(make_config(tmp_path, shards=first), out, entries)
        before = list(home.paths)
        again, _ = run_pages(make_config(tmp_path, shards=second), out, entries)
        assert home.paths == before
    assert sorted(map(repr, again)) == sorted(map(repr, documents))


def test_feeds_with_pages_still_to_come_are_read_whole_again(tmp_path: Path, out: Path) -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        if request.path == "/down":
            return reply(status=503, headers={"Retry-After": "3600"})
        return reply(status=404)

    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    # Of two sites: the first asks for no more of its pages for an hour.
    with serve(answer, HOME) as home, serve(answer, "127.0.0.77") as other:
        urls = home.url("/rss"), "https://two.example/rss", "https://three.example/rss"
        states = [FeedState(url, '"1"', body_sha256="x", polled_at=now) for url in urls]
        entries = [make_entry(home.url("/down"), states[0].url), make_entry(other.url("/gone"), states[1].url)]
        with _TestPipeline(runner="FnApiRunner") as pipeline, ErrorHandler(Keep(out / "failures")) as errors:
            pages = LandPages(make_config(tmp_path, robots=False), errors)
            _ = pipeline | "Entries" >> beam.Create(entries) | pages
            polls = pipeline | "Polls" >> beam.Create([Polled(state.url, "changed", state) for state in states])
            _ = polls | ReopenFeeds(pages.unfinished) | "Polled" >> Keep(out / "polled")
    assert {poll.url: (poll.state.body_sha256, poll.state.not_before) for poll in kept(out / "polled")} == {
        states[0].url: (None, now + dt.timedelta(hours=1)),  # of the same site: it waits with its pages
        states[1].url: ("x", None),
        states[2].url: ("x", None),
    }


def later_now(shift: dt.timedelta) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + shift


def make_entry(url: str, source: str = "https://news.example/rss", **changes: object) -> RawArticle:
    return dataclasses.replace(RawArticle(source, "entry", url=url), **changes)  # type: ignore[arg-type]


def test_pages_carry_their_entries(tmp_path: Path, out: Path) -> None:
    config = make_config(tmp_path, shards=2)
    with serve(site, HOME) as home:
        entries = [
            make_entry(home.url("/a"), title="from one feed", position=0),
            make_entry(home.url("/a"), "https://other.example/rss", title="from another"),
            make_entry(home.url("/b"), position=1, settings=SourceSettings(outlet="Herald")),
            make_entry(home.url("/private/c"), position=2),
            make_entry(home.url("/gone"), position=3),
            make_entry(home.url("/cut"), position=4),
        ]
        documents, failures = run_pages(config, out, entries)
        assert sorted(home.paths) == ["/a", "/b", "/cut", "/gone", "/robots.txt"]
        again, failures_again = run_pages(config, out, entries)
        assert len(home.paths) == 5
    assert {document.entry for document in documents} == set(entries[:3])
    assert {(document.origin, document.body) for document in documents} == {
        ("page", b"body of /a"),
        ("page", b"body of /b"),
    }
    assert all(document.entry and document.source_uri == document.entry.source_uri for document in documents)
    assert sorted((failure.reason, failure.url, failure.once) for failure in failures) == [
        ("fetch-failed", home.url("/cut"), True),
        ("http-error", home.url("/gone"), True),
        ("robots-disallowed", home.url("/private/c"), True),
    ]
    assert sorted(map(repr, again)) == sorted(map(repr, documents))
    assert sorted(map(repr, failures_again)) == sorted(map(repr, failures))


def test_robots_may_be_left_aside(tmp_path: Path, out: Path) -> None:
    with serve(site, HOME) as home:
        documents, _ = run_pages(make_config(tmp_path, robots=False), out, [make_entry(home.url("/private/c"))])
        assert home.paths == ["/private/c"]
    assert len(documents) == 1


def test_all_of_a_domain_is_in_one_shard_on_every_machine() -> None:
    shards = {shard_of(f"https://{host}.news.example/{n}", 64) for host in "abc" for n in range(50)}
    assert len(shards) == 1
    assert shard_of("https://news.example/", 64) == 41
    assert len({shard_of(f"https://news{n}.example/", 4) for n in range(100)}) == 4


def test_what_goes_to_workers_can_be_pickled(tmp_path: Path) -> None:
    config = make_config(tmp_path)
    again = pickle.loads(pickle.dumps(config))  # noqa: S301 - our own bytes
    assert dataclasses.replace(again, open_landing=config.open_landing) == config
    state = FeedState("https://news.example/rss", polled_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    for row in (state, Polled(state.url, "changed", state)):
        assert pickle.loads(pickle.dumps(row)) == row  # noqa: S301 - our own bytes


def test_configs_check_themselves(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="positive"):
        make_config(tmp_path, shards=0)
