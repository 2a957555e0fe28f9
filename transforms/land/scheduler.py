"""When a request may start: one at a time for each registered domain, with a pause, all domains side by side."""

import asyncio
import contextlib
import dataclasses
import hashlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import TypeVar

import httpx

from transforms.article.urls import domain_of_host
from transforms.land.outcome import FetchError

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Pacing:
    """How polite a run is.

    Attributes:
        pause_s: least time between two requests to one registered domain, from the end of one to the start of the next.
        jitter: share of the pause that is added at random, so that runs don't march in step.
        concurrency: requests in flight over all domains.
        budget_s: a domain whose next turn would come later than this after its first is left for a later run.
        retry_wait_s: longest Retry-After that is sat out within the run, once a URL.
        seed: of the order in which a domain's URLs are asked for, and of the jitter.
    """

    pause_s: float = 1.0
    jitter: float = 0.1
    concurrency: int = 128
    budget_s: float = 600.0
    retry_wait_s: float = 30.0
    seed: str = ""

    def __post_init__(self) -> None:
        if min(self.pause_s, self.jitter, self.budget_s, self.retry_wait_s) < 0 or self.concurrency < 1:
            raise ValueError(f"pauses must not be negative, and concurrency at least 1: {self}")


class Clock:
    """Monotonic seconds, and sleeping through them."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


def domain_key(url: str) -> str:
    """Whom a request to `url` burdens: the registered domain; for a bare address, the address with its port."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""
    host = parsed.raw_host.decode("ascii", "replace").rstrip(".").lower()
    domain = domain_of_host(host) or ""
    is_address = domain == host and (":" in host or host.rpartition(".")[2].isdigit())
    return f"{host}|{parsed.port or parsed.scheme}" if is_address else domain


@dataclasses.dataclass
class _Domain:
    lock: asyncio.Lock
    pause_s: float
    next_start: float
    held_until: float
    closes_at: float | None = None


class DomainGate:
    """Lets requests start: one in flight a domain, `pause_s` between two, `concurrency` in all.

    Args:
        pacing: how polite.
        pauses: longer or shorter pauses of single domains, by domain_key.
        clock: what waits are measured by.
        held: seconds for which nothing may start on a domain, by domain_key.
        rested: whether no domain was asked for anything just before; else each first start waits a pause as well.
    """

    def __init__(
        self,
        pacing: Pacing,
        pauses: Mapping[str, float] | None = None,
        clock: Clock | None = None,
        *,
        held: Mapping[str, float] | None = None,
        rested: bool = True,
    ) -> None:
        self._pacing = pacing
        self._pauses = dict(pauses or {})
        self._clock = clock or Clock()
        self._held = {key: self._clock.now() + seconds for key, seconds in (held or {}).items()}
        self._domains: dict[str, _Domain] = {}
        self._slots = asyncio.Semaphore(pacing.concurrency)
        self._rested = rested
        self._random = random.Random(pacing.seed)  # jitter is no secret

    def _domain(self, url: str) -> _Domain:
        key = domain_key(url)
        if key not in self._domains:
            pause = self._pauses.get(key, self._pacing.pause_s)
            first = self._clock.now() + (0.0 if self._rested else pause)
            held = self._held.get(key, 0.0)
            self._domains[key] = _Domain(asyncio.Lock(), pause, max(first, held), held)
        return self._domains[key]

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits for the turn of `url` in its domain and holds it.

        Raises:
            FetchError: `postponed`, where the turn would come after the domain's budget.
        """
        domain = self._domain(url)
        async with domain.lock:
            now = self._clock.now()
            if domain.closes_at is None:
                domain.closes_at = now + self._pacing.budget_s
            if domain.next_start > domain.closes_at:
                wait = domain.next_start - now
                raise FetchError(
                    "postponed", f"{domain_key(url)} is not asked again for {wait:.0f} s", retry_after=wait, url=url
                )
            if domain.next_start > now:
                await self._clock.sleep(domain.next_start - now)
            async with self._slots:
                try:
                    yield
                finally:
                    # A request reaches its server some time after its turn began: only from the end of the exchange on is
                    # the pause that the server sees never a shorter one.
                    pause = domain.pause_s * (1 + self._pacing.jitter * self._random.random())
                    domain.next_start = max(domain.next_start, self._clock.now() + pause)

    def slow_down(self, url: str, pause_s: float) -> None:
        """Keeps at least `pause_s` between two requests to the domain of `url`, as its robots.txt may ask."""
        domain = self._domain(url)
        if pause_s > domain.pause_s:
            domain.next_start += pause_s - domain.pause_s
            domain.pause_s = pause_s

    def hold(self, url: str, seconds: float) -> None:
        """Lets nothing start on the domain of `url` for `seconds`, as its Retry-After asks."""
        domain = self._domain(url)
        domain.held_until = max(domain.held_until, self._clock.now() + seconds)
        domain.next_start = max(domain.next_start, domain.held_until)

    def held(self) -> dict[str, float]:
        """Seconds for which nothing may start yet, by domain_key, where some were asked for."""
        known = self._held | {key: domain.held_until for key, domain in self._domains.items()}
        now = self._clock.now()
        return {key: until - now for key, until in known.items() if until > now}


async def with_retry(gate: DomainGate, pacing: Pacing, attempt: Callable[[], Awaitable[T]]) -> T:
    """Attempts once more after a Retry-After that is short enough; the whole domain waits in any case.

    Raises:
        FetchError: of the last attempt.
    """
    for last in (False, True):
        try:
            return await attempt()
        except FetchError as error:
            if error.reason != "http-error" or error.retry_after is None or error.url is None:
                raise
            gate.hold(error.url, error.retry_after)
            if last or error.retry_after > pacing.retry_wait_s:
                raise
    raise AssertionError("the second attempt returns or raises")


def shuffled(urls: Iterable[str], seed: str) -> list[str]:
    """Each URL once, in an order that depends on `seed` and the URLs alone: sites of one list are not asked in a block."""
    return sorted(
        set(urls), key=lambda url: hashlib.blake2b(f"{seed}\n{url}".encode("utf-8", "surrogatepass")).digest()
    )


async def run_all(jobs: Iterable[Coroutine[None, None, None]]) -> None:
    """Runs all jobs side by side; the gate says when each may start. The first bug ends them all, and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
