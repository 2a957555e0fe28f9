import asyncio
import datetime as dt
import socket

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Request, reply, serve

from transforms.land.client import Client, FetchOptions
from transforms.land.guard import NetPolicy
from transforms.land.outcome import FetchError
from transforms.land.robots import (
    MAX_KEPT_CHARS,
    MAX_ROBOTS_BYTES,
    RobotsAnswer,
    RobotsBook,
    RobotsMemory,
    parse_robots,
    robots_url,
)
from transforms.land.robots_table import ROBOTS_TABLE, load_robots, robots_row

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
OPTIONS = FetchOptions(policy=NetPolicy(("127.0.0.0/8",)), deadline_s=5.0)


def allows(rules: str, path: str) -> bool:
    return parse_robots("User-agent: *\n" + rules).allows("https://news.example" + path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("", "/a", True),
        ("Disallow: /private", "/private/x", False),
        ("Disallow: /private", "/Private", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a/b\nDisallow: /a", "/a/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?z", True),
        ("Disallow: /*?print=", "/x?print=1", False),
        ("Disallow: /*?print=", "/x?a=1", True),
        ("Disallow: /*?", "/x?", False),
        ("Disallow: /a*b*c", "/aXbYc/more", False),
        ("Disallow: /a*b*c", "/aXcYb", True),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: *", "/a", False),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow: /café", "/caf%c3%a9", False),
        ("Disallow: /%61b", "/ab", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("disallow : /a  # no entry", "/a", False),
    ],
)
def test_rules_match_as_rfc_9309_says(rules: str, path: str, allowed: bool) -> None:
    assert allows(rules, path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\nAllow: /", True),
        ("User-agent: newsmill\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: newsmillbot\nDisallow: /", True),
        ("User-agent: other\nUser-agent: newsmill\nDisallow: /", False),
        ("User-agent: newsmill\nDisallow: /x\n\nUser-agent: newsmill\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("Disallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\nSitemap: https://news.example/s\nDisallow: /", False),
        ("<html>not found</html>", True),
        ("User-agent: news\nDisallow: /", True),
        ("User-agent: NewsMill/1.0 (reader)\nDisallow: /", False),
        ("User-agent: other\rUser-agent: newsmill/2\rDisallow: /", False),
        ("User-agent: newsmill # our reader\nDisallow: /", False),
    ],
)
def test_the_group_that_names_us_speaks_for_us(text: str, allowed: bool) -> None:
    assert parse_robots(text).allows("https://news.example/a") is allowed


@pytest.mark.parametrize(
    ("line", "delay"), [("120", 120.0), ("0.5", 0.5), ("999999", 300.0), ("soon", None), ("-1", None)]
)
def test_crawl_delay(line: str, delay: float | None) -> None:
    assert parse_robots(f"User-agent: *\nCrawl-delay: {line}\n").crawl_delay == delay


@given(st.text(), st.text())
def test_nothing_breaks_the_reader(text: str, path: str) -> None:
    rules = parse_robots("User-agent: *\nDisallow: " + text)
    assert rules.allows("https://news.example/" + path.replace("\n", "")) in (True, False)


def test_many_wildcards_take_linear_time() -> None:
    assert allows("Disallow: /" + "*a" * 5000 + "*b", "/" + "a" * 20_000)


def test_robots_txt_stands_at_the_root_of_the_same_origin() -> None:
    assert robots_url("https://news.example:8443/a/b?c#d") == "https://news.example:8443/robots.txt"


def check(answer: object, *paths: str) -> tuple[list[str], list[str], list[tuple[str, float]]]:
    """Outcomes of asking for the paths, what the server was asked for, and the delays that came up."""
    delays: list[tuple[str, float]] = []
    outcomes: list[str] = []

    async def run(base: str) -> None:
        async with Client(OPTIONS) as client:
            book = RobotsBook(client, lambda url, delay: delays.append((url, delay)))

            async def one(path: str) -> None:
                try:
                    await book.check(base + path)
                    outcomes.append("allowed")
                except FetchError as error:
                    outcomes.append(error.reason)

            await asyncio.gather(*(one(path) for path in paths))

    with serve(answer) as site:  # type: ignore[arg-type]
        asyncio.run(run(f"http://127.0.0.1:{site.port}"))
    return outcomes, site.paths, delays


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "robots-disallowed"),
        (404, "allowed"),
        (410, "allowed"),
        (400, "allowed"),
        (401, "robots-disallowed"),
        (403, "robots-disallowed"),
        (429, "robots-disallowed"),
        (500, "robots-disallowed"),
        (503, "robots-disallowed"),
    ],
)
def test_statuses(status: int, outcome: str) -> None:
    answer = reply(b"User-agent: *\nDisallow: /private\nCrawl-delay: 120", status=status)
    outcomes, paths, delays = check(lambda *_: answer, "/private", "/private/2")
    assert outcomes == [outcome] * 2
    assert paths == ["/robots.txt"]  # once, however many ask
    assert [delay for _, delay in delays] == ([120.0] if status == 200 else [])


def test_a_rule_that_the_bound_cuts_is_left_out() -> None:
    start, rule = b"User-agent: *\n", b"\nDisallow: /a"
    filler = b"#" * (MAX_ROBOTS_BYTES - len(start) - len(rule))
    answer = reply(start + filler + rule + b"bcdef\n")
    outcomes, _, _ = check(lambda *_: answer, "/a")
    assert outcomes == ["allowed"]


def test_no_more_than_500_kib_is_read() -> None:
    line = b"Disallow: /padding\n"
    start = b"User-agent: *\nDisallow: /early\n"
    filler = line * ((MAX_ROBOTS_BYTES - len(start)) // len(line) + 1)
    answer = reply(start + filler + b"Disallow: /late\n" + line * 5000)
    assert check(lambda *_: answer, "/early")[0] == ["robots-disallowed"]
    assert check(lambda *_: answer, "/late")[0] == ["allowed"]


def test_redirects_are_followed_and_a_loop_means_there_is_none() -> None:
    def moved(request: Request, _: socket.socket) -> bytes:
        if request.path == "/elsewhere":
            return reply(b"User-agent: *\nDisallow: /")
        return reply(status=301, headers={"Location": "/elsewhere"})

    assert check(moved, "/a")[0] == ["robots-disallowed"]
    assert check(lambda *_: reply(status=301, headers={"Location": "/robots.txt"}), "/a")[0] == ["allowed"]


def test_a_site_that_cannot_be_reached_is_named_as_such() -> None:
    assert check(lambda *_: b"", "/a")[0] == ["fetch-failed"]


def test_an_answer_is_held_for_a_day_and_then_asked_for_again() -> None:
    for status, outcome in ((200, "robots-disallowed"), (404, "allowed"), (503, "robots-disallowed")):
        answer = reply(b"User-agent: *\nDisallow: /a\nCrawl-delay: 7", status=status)
        first = RobotsMemory()
        with serve(lambda *_, answer=answer: answer) as site:
            base = f"http://127.0.0.1:{site.port}"
            assert ask(base, first, NOW) == outcome
            known = {kept.place: kept for kept in first.learnt}
            later = RobotsMemory(known)
            assert ask(base, later, NOW + dt.timedelta(hours=23)) == outcome
            assert (len(site.paths), later.learnt) == (1, [])
            assert ask(base, later, NOW + dt.timedelta(hours=24)) == outcome
            assert (len(site.paths), len(later.learnt)) == (2, 1)


def ask(base: str, memory: RobotsMemory, now: dt.datetime) -> str:
    """Outcome of asking for /a with what is remembered."""

    async def run() -> str:
        async with Client(OPTIONS) as client:
            try:
                await RobotsBook(client, memory=memory, now=lambda: now).check(f"{base}/a")
            except FetchError as error:
                return error.reason
        return "allowed"

    return asyncio.run(run())


def test_what_is_remembered_goes_through_the_state_table() -> None:
    answers = [RobotsAnswer("https://news.example/robots.txt", NOW, 200, "User-agent: *\nDisallow: /a")]
    answers += [RobotsAnswer(f"https://{status}.example/robots.txt", NOW, status) for status in (404, 503)]
    answers.append(RobotsAnswer("https://loop.example/robots.txt", NOW, None))
    table = pa.Table.from_pylist([robots_row(answer) for answer in answers], schema=ROBOTS_TABLE.schema)

    class State:
        def load(self, _: object) -> pa.Table:
            return table

    assert list(load_robots(State()).values()) == answers  # type: ignore[arg-type]
    allowed = [answer.rules().allows(answer.place.replace("robots.txt", "a")) for answer in answers]
    assert allowed == [False, True, False, True]


def test_an_endless_file_is_not_remembered() -> None:
    memory = RobotsMemory()
    memory.keep(RobotsAnswer("https://news.example/robots.txt", NOW, 200, "#" * (MAX_KEPT_CHARS + 1)))
    assert memory.learnt == []
