import asyncio
import heapq
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.land.outcome import FetchError
from transforms.land.scheduler import Clock, DomainGate, Pacing, domain_key, run_all, shuffled, with_retry


class FakeClock(Clock):
    """Time that passes only when everybody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self._count = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.time + seconds, self._count, woken))
        await woken

    async def run(self, jobs: list[object]) -> None:
        everything = asyncio.ensure_future(run_all(jobs))  # type: ignore[arg-type]
        while not everything.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if self._sleepers and not everything.done():
                self.time, _, woken = heapq.heappop(self._sleepers)
                woken.set_result(None)
        everything.result()


class Log:
    """Requests that are made of sleeping, and when they ran."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.spans: list[tuple[str, float, float]] = []
        self.most = 0
        self._now = 0

    async def request(self, gate: DomainGate, url: str, seconds: float = 0.1) -> None:
        async with gate.turn(url):
            self._now += 1
            self.most = max(self.most, self._now)
            began = self.clock.now()
            await self.clock.sleep(seconds)
            self.spans.append((url, began, self.clock.now()))
            self._now -= 1


def run(clock: FakeClock, jobs: list[object]) -> None:
    asyncio.run(clock.run(jobs))


@pytest.mark.parametrize("took", [0.01, 3.0])
def test_a_domain_gets_one_request_at_a_time_with_its_pause_between_starts(took: float) -> None:
    clock = FakeClock()
    log, gate = Log(clock), DomainGate(Pacing(pause_s=1.0, budget_s=10_000), clock=clock)
    urls = [f"https://{'abcde'[n % 5]}.news.example/{n}" for n in range(500)]
    run(clock, [log.request(gate, url, took) for url in urls])
    spans = sorted((began, ended) for _, began, ended in log.spans)
    assert len(spans) == 500
    # From the end on: a server that was reached late sees the whole pause as well.
    assert min(later[0] - earlier[1] for earlier, later in itertools.pairwise(spans)) >= 1.0
    assert log.most == 1


def test_slow_domains_never_hold_up_others() -> None:
    clock = FakeClock()
    log, gate = Log(clock), DomainGate(Pacing(concurrency=100), clock=clock)
    slow = [log.request(gate, f"https://slow{n}.example/", 30.0) for n in range(64)]
    fast = [log.request(gate, f"https://fast{n}.example/{i}") for n in range(10) for i in range(3)]
    run(clock, slow + fast)
    order = [url for url, _, _ in log.spans]
    assert all("fast" in url for url in order[:30])
    assert log.most == 74


def test_no_more_than_the_cap_are_in_flight() -> None:
    clock = FakeClock()
    log, gate = Log(clock), DomainGate(Pacing(concurrency=7), clock=clock)
    run(clock, [log.request(gate, f"https://news{n}.example/") for n in range(50)])
    assert log.most == 7


def test_a_domain_with_more_than_its_budget_is_left_for_later() -> None:
    clock = FakeClock()
    gate = DomainGate(Pacing(pause_s=10.0, jitter=0.0, budget_s=35.0), clock=clock)
    log, left = Log(clock), []

    async def request(url: str) -> None:
        try:
            await log.request(gate, url)
        except FetchError as error:
            left.append(error.reason)

    run(clock, [request(f"https://news.example/{n}") for n in range(9)])
    assert (len(log.spans), left) == (4, ["postponed"] * 5)


def test_pauses_of_single_domains_and_of_robots_txt() -> None:
    clock = FakeClock()
    log = Log(clock)
    gate = DomainGate(Pacing(jitter=0.0), {"calm.example": 5.0}, clock)

    async def slowed() -> None:
        await log.request(gate, "https://robots.example/robots.txt")
        gate.slow_down("https://robots.example/", 120.0)
        await log.request(gate, "https://robots.example/a")

    run(clock, [slowed(), *(log.request(gate, f"https://calm.example/{n}") for n in range(2))])
    began = {url: start - 1000.0 for url, start, _ in log.spans}
    assert began["https://calm.example/1"] == pytest.approx(5.1)  # the exchange took a tenth of a second
    assert began["https://robots.example/a"] == pytest.approx(120.1)


def test_a_domain_that_was_just_asked_rests_first() -> None:
    clock = FakeClock()
    log, gate = Log(clock), DomainGate(Pacing(jitter=0.0), clock=clock, rested=False)
    run(clock, [log.request(gate, "https://news.example/")])
    assert log.spans[0][1] == 1001.0


def test_what_a_site_asked_to_wait_holds_in_the_next_stage() -> None:
    clock = FakeClock()
    first = DomainGate(Pacing(jitter=0.0), clock=clock)
    first.hold("https://www.news.example/feed", 20.0)
    first.hold("https://calm.example/feed", 0.0)
    assert first.held() == {"news.example": 20.0}
    log, second = Log(clock), DomainGate(Pacing(jitter=0.0), clock=clock, held=first.held())
    run(clock, [log.request(second, "https://news.example/page"), log.request(second, "https://calm.example/page")])
    assert [(url, began) for url, began, _ in log.spans] == [
        ("https://calm.example/page", 1000.0),
        ("https://news.example/page", 1020.0),
    ]
    assert second.held() == {}


def make_attempts(gate: DomainGate, log: Log, waits: list[float | None]) -> object:
    async def attempt() -> str:
        await log.request(gate, "https://news.example/feed")
        wait = waits.pop(0)
        if wait is None:
            return "there"
        raise FetchError("http-error", "HTTP status 429", retry_after=wait, url="https://news.example/feed")

    return attempt


@pytest.mark.parametrize(("waits", "tries"), [([5.0, None], 2), ([5.0, 5.0], 2), ([3600.0], 1), ([None], 1)])
def test_retry_after_is_sat_out_once_when_short_and_holds_for_the_whole_domain(
    waits: list[float | None], tries: int
) -> None:
    clock = FakeClock()
    pacing = Pacing(jitter=0.0, retry_wait_s=30.0)
    log, gate = Log(clock), DomainGate(pacing, clock=clock)
    first, ends = waits[0], []

    async def patient() -> None:
        try:
            ends.append(await with_retry(gate, pacing, make_attempts(gate, log, waits)))  # type: ignore[arg-type]
        except FetchError as error:
            ends.append(error.reason)

    async def neighbour() -> None:
        try:
            await log.request(gate, "https://www.news.example/other")
        except FetchError as error:
            ends.append(error.reason)

    run(clock, [patient(), neighbour()])
    feeds = [span for span in log.spans if span[0].endswith("/feed")]
    others = [span for span in log.spans if span[0].endswith("/other")]
    assert len(feeds) == tries
    if first is None:
        assert others
    elif first < 30:
        assert min(began for _, began, _ in [*feeds[1:], *others]) >= feeds[0][2] + first
    else:
        assert sorted(ends) == ["http-error", "postponed"]
        assert others == []


def test_other_errors_are_not_tried_again() -> None:
    tries = []

    async def attempt() -> None:
        tries.append(1)
        raise FetchError("fetch-failed", "no", retry_after=1.0, url="https://news.example/")

    gate = DomainGate(Pacing())
    with pytest.raises(FetchError):
        asyncio.run(with_retry(gate, Pacing(), attempt))
    assert tries == [1]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.news.co.uk/a", "news.co.uk"),
        ("http://News.co.uk:8080/", "news.co.uk"),
        ("https://münchen.example/", "xn--mnchen-3ya.example"),
        ("http://127.0.0.1:81/", "127.0.0.1|81"),
        ("http://127.0.0.1/", "127.0.0.1|http"),
        ("http://[::1]:81/", "::1|81"),
        ("http://localhost:81/", "localhost"),
        ("no url", ""),
    ],
)
def test_domain_key(url: str, key: str) -> None:
    assert domain_key(url) == key


@given(st.lists(st.text(max_size=8)), st.randoms(use_true_random=False))
def test_the_order_depends_on_the_urls_and_the_seed_alone(urls: list[str], random: object) -> None:
    again = list(urls)
    random.shuffle(again)  # type: ignore[attr-defined]
    assert shuffled(urls, "run") == shuffled(again, "run")
    assert sorted(shuffled(urls, "run")) == sorted(set(urls))


def test_a_bug_in_one_job_ends_all() -> None:
    async def bug() -> None:
        raise KeyError("bug")

    async def patient() -> None:
        await asyncio.Event().wait()

    with pytest.raises(KeyError):
        asyncio.run(run_all([patient(), bug()]))


def test_pacing_checks_itself() -> None:
    with pytest.raises(ValueError, match="negative"):
        Pacing(pause_s=-1)
