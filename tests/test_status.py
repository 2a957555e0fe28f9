import datetime as dt
import json

import pytest
from loopback import reply, serve
from whole_runs import manifests, newsmill

from pipeline.status import FeedStatus, OutletStatus, feed_status, outlet_statuses, status_json
from schemas.feed_state import FeedState, Polled
from schemas.manifest import Counts, Manifest, StagedFile
from schemas.source import RawArticle
from transforms.land.coverage import KEPT_KEYS, cover_poll, entry_mark
from transforms.land.feed_table import feed_row

START = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
URL = "https://pier.example/rss"


def poll(keys, before=None, outcome="changed", at=START):
    state = before or FeedState(URL)
    if outcome in ("changed", "failed"):
        state = FeedState(**{**feed_row(state), "keys": state.keys, "polled_at": at})
    return cover_poll(Polled(URL, outcome, state), keys)


def test_polls_that_join_on_and_polls_that_do_not():
    first = poll([1, 2, 3])
    assert (first.coverage, first.state.entries, first.state.keys, first.state.fresh_at) == (
        "first",
        3,
        (1, 2, 3),
        START,
    )
    second = poll([0, 1, 2], first.state, at=START + DAY)
    assert (second.coverage, second.state.gaps, second.state.fresh_at) == ("overlap", 0, START + DAY)
    re_dated = poll([2, 1, 0], second.state, at=START + 2 * DAY)
    assert (re_dated.coverage, re_dated.state.fresh_at) == ("overlap", START + DAY)
    gap = poll([7, 8], re_dated.state, at=START + 3 * DAY)
    assert (gap.coverage, gap.state.gaps, gap.state.gap_at) == ("gap", 1, START + 3 * DAY)
    healed = poll([9, 7], gap.state, at=START + 4 * DAY)
    assert (healed.coverage, healed.state.gaps) == ("overlap", 1)


def test_a_body_without_entries_is_no_gap_and_hides_none():
    first = poll([1, 2])
    empty = poll([], first.state)
    assert (empty.coverage, empty.state.entries, empty.state.keys) == ("empty", 0, (1, 2))
    assert poll([2, 3], empty.state).coverage == "overlap"
    assert poll([8, 9], empty.state).coverage == "gap"


@pytest.mark.parametrize("outcome", ["unchanged", "postponed", "failed"])
def test_what_gave_no_body_says_nothing_of_coverage(outcome):
    first = poll([1, 2])
    again = poll([], first.state, outcome)
    assert (again.coverage, again.state.keys, again.state.entries) == ("", (1, 2), 2)


def test_a_long_feed_is_known_by_its_top():
    state = poll(range(2000)).state
    assert len(state.keys) == KEPT_KEYS
    assert poll([-5, *range(1990)], state).coverage == "overlap"


def test_entries_are_known_again_by_guid_then_address_then_title():
    entry = RawArticle(URL, "entry", url="https://pier.example/1", guid="g", title="One")
    assert entry_mark(entry) == entry_mark(RawArticle("x", "entry", guid="g"))
    assert entry_mark(RawArticle(URL, "entry", url="u")) != entry_mark(RawArticle(URL, "entry", title="t"))
    assert 0 <= entry_mark(entry) < 2**63


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "ok"),
        ({"failures": 2, "entries": 0}, "failing"),
        ({"entries": 0}, "empty"),
        ({"gaps": 1, "gap_at": START, "fresh_at": START}, "gap"),
        ({"gaps": 1, "gap_at": START, "fresh_at": START + DAY}, "ok"),
    ],
)
def test_status_of_a_feed(changes, status):
    values = {"url": URL, "outlet": "pier.example", "entries": 9, **changes}
    assert feed_status(FeedState(**values)).status == status


def manifest(day, new, outlet="pier.example", quarantined=0, kind="run"):
    counts = {outlet: Counts(new=new, quarantined=quarantined)}
    return Manifest(f"r{day}", (START + day * DAY).isoformat(), kind=kind, outlets=counts)


@pytest.mark.parametrize(
    ("news", "expected", "seen", "status"),
    [
        ([90, 5, 4, 6, 4], 5.0, 4, "ok"),
        ([90, 5, 4, 6, 0], 5.0, 0, "silent"),
        ([90, 1, 0, 2, 0], 1.0, 0, "ok"),
        ([9, 9, 0], None, 0, "ok"),
    ],
)
def test_expected_against_seen(news, expected, seen, status):
    # The first run takes in a backlog, the last day is the one that is judged.
    (found,) = outlet_statuses([manifest(day, new) for day, new in enumerate(news)], [])
    assert (found.expected, found.seen, found.status) == (expected, seen, status)
    assert found.last_new_at == START + max(day for day, new in enumerate(news) if new) * DAY


def filed(rows, outlet="pier.example"):
    """A first run whose articles are filed so many days back."""
    days = {back: (START - back * DAY).date() for back in rows}
    files = tuple(
        StagedFile("articles", f"articles/date={days[back]}/outlet={outlet}/part-r0-0.parquet", count, 1, "0")
        for back, count in rows.items()
    )
    return Manifest("r0", START.isoformat(), outlets={"pier.example": Counts(new=sum(rows.values()))}, files=files)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({0: 3, 1: 4, 2: 6, 3: 2}, 5.0),
        ({0: 3, 1: 4, 3: 2}, 2.0),
        ({0: 9, 1: 9}, None),
        ({0: 9}, None),
        ({2: 9, 40: 3}, 0.0),
        ({}, None),
    ],
)
def test_the_first_run_expects_by_the_days_of_publication(rows, expected):
    (found,) = outlet_statuses([filed(rows)], [])
    assert (found.expected, found.basis) == (expected, "" if expected is None else "dates")
    (other,) = outlet_statuses([filed(rows, "quay.example")], [])
    assert other.expected is None


def test_outlets_take_the_worst_of_their_feeds_and_maintenance_is_no_run():
    feeds = [
        FeedStatus(URL, "pier.example", s, None, None, 1, 0, 0, None, None, None, None) for s in ("ok", "empty", "gap")
    ]
    runs = [manifest(0, 1, quarantined=2), manifest(3, 4, "quay.example", kind="compact")]
    (found,) = outlet_statuses(runs, feeds)
    assert found == OutletStatus("pier.example", "gap", None, "", 1, 2, START, 3)
    assert outlet_statuses([], feeds) == []
    assert status_json(found)["last_new_at"] == START.isoformat()


def test_status_of_a_tree(tmp_path, capsys):
    items = ["One", "Two"]

    def answer(request, _):
        if request.path == "/old":
            return reply(status=301, headers={"Location": "/rss"})
        if request.path != "/rss":
            return reply(status=503, headers={"Retry-After": "7200"})
        entries = "".join(
            f"<item><title>Harbour {i}</title><guid>{i}</guid><link>https://pier.example/{i}</link><description>The "
            f"ferry {i} left the harbour at noon with ninety people aboard.</description></item>"
            for i in items
        )
        return reply(f"<rss version='2.0'><channel><title>Pier</title>{entries}</channel></rss>".encode())

    assert newsmill("feeds", "status", "--output", tmp_path)[0] == 3
    with serve(answer, "127.0.0.41") as site, serve(answer, "127.0.0.42") as down:
        argv = ["run", "--output", tmp_path, "--allow-net", "127.0.0.0/8", "--fetch", "none", "--max-quarantine", "1"]
        argv += ["--input", site.url("/old"), down.url("/gone")]
        newsmill(*argv, "--run-id", "r1")
        items[:] = ["Three", "Four", "Five"]
        newsmill(*argv, "--run-id", "r2")
    first, second = manifests(tmp_path)
    assert (first["further"]["coverage"], second["further"]["coverage"]) == ({"first": 1}, {"gap": 1})
    capsys.readouterr()
    assert newsmill("feeds", "status", "--output", tmp_path, "--json")[0] == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    feeds = {row["url"]: row for row in rows if row["about"] == "feed"}
    gap, failing = feeds[site.url("/old")], feeds[down.url("/gone")]
    assert (gap["status"], gap["entries"], gap["gaps"]) == ("gap", 3, 1)
    assert (failing["status"], failing["entries"]) == ("failing", None)
    outlets = {row["outlet"]: row for row in rows if row["about"] == "outlet"}
    assert (outlets["pier.example"]["seen"], outlets["pier.example"]["expected"]) == (5, None)
    assert newsmill("feeds", "status", "--output", tmp_path)[0] == 0
    shown = capsys.readouterr().out
    assert f"gap      {site.url('/old')}  3 entries" in shown
    assert f"moved for good to {site.url('/rss')}" in shown
    assert "1 failures in a row, 0 gaps; next poll from 20" in shown
