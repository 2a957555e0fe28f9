"""Landing: fetch what a shard asks for, keep it as WARC segments, and give back what was kept."""

import asyncio
import concurrent.futures
import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

from transforms.land.client import Client, FetchOptions, utc_now
from transforms.land.network import Resolve
from transforms.land.outcome import FetchError, Validators
from transforms.land.robots import RobotsBook, RobotsMemory
from transforms.land.scheduler import DomainGate, Pacing, domain_key, run_all, shuffled, with_retry
from transforms.land.segments import FEEDS, PAGES, SHAPE, Landing, Segments, segment_name
from transforms.land.warc import Landed, read_segment


@dataclasses.dataclass(frozen=True)
class LandingConfig:
    """How a run fetches and where it keeps what it fetched. Everything in it can be pickled.

    Attributes:
        run_id: a run repeated under its id works on what was landed.
        open_landing: opens the store, in the worker.
        fetch: bounds of a single fetch.
        pacing: politeness.
        shards: schedulers that work side by side in different workers; all of a domain is in one shard.
        segment_bytes, segment_seconds: a segment is written once it is this large or old, so that a killed run keeps most.
        robots: whether robots.txt is heeded for pages.
        max_sitemaps, max_nested: of one index, and of one that another index names; those that changed last.
        full_after: longest time without a whole body of a feed.
        offline: nothing is fetched; what was not landed is left out.
        resolve, now: name look-up and clock; the system's by default.
    """

    run_id: str
    open_landing: Callable[[], Landing]
    fetch: FetchOptions = dataclasses.field(default_factory=FetchOptions)
    pacing: Pacing = dataclasses.field(default_factory=Pacing)
    shards: int = 1
    segment_bytes: int = 8_000_000
    segment_seconds: float = 30.0
    robots: bool = True
    max_sitemaps: int = 50
    max_nested: int = 10
    full_after: dt.timedelta = dt.timedelta(days=7)
    offline: bool = False
    resolve: Resolve | None = None
    now: Callable[[], dt.datetime] = utc_now

    def __post_init__(self) -> None:
        if self.shards < 1 or self.segment_bytes < 1 or self.segment_seconds <= 0:
            raise ValueError("shards, segment_bytes and segment_seconds must be positive")


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """One URL to fetch.

    Attributes:
        url: as its source gives it; what came of it is kept under this name.
        address: where to ask for it, when the feed has moved.
        pause_s: between two requests to its domain, where the feed list asks for more or less than usual.
        postponed: seconds that it must not be asked for yet.
    """

    url: str
    source_uri: str
    address: str | None = None
    validators: Validators | None = None
    pause_s: float | None = None
    postponed: float | None = None


def _robots_name(shard: int, shards: int) -> str:
    return f"robots-{shard:05d}-of-{shards:05d}.json"


def keep_shape(config: LandingConfig) -> LandingConfig:
    """The configuration with as many shards as the run was landed with before, so that what was landed is found again."""
    store = config.open_landing()
    if any(store.landed(config.run_id, segment_name(of, 0, 1, 0)) is not None for of in (FEEDS, PAGES)):
        return dataclasses.replace(config, shards=1)
    known = store.landed(config.run_id, SHAPE)
    return dataclasses.replace(config, shards=int(known)) if known else config


def land_shard(
    config: LandingConfig,
    kind: str,
    shard: int,
    wanted: Sequence[Wanted],
    *,
    robots: RobotsMemory | None = None,
    ahead: Callable[[Landed], Sequence[Wanted]] | None = None,
) -> Iterator[Landed]:
    """Fetches what was not landed yet (unless offline), then reads it all back from the landing, each URL once.

    Args:
        config: how, and where it is kept.
        kind: first part of the segments' names: `feeds`, `sitemaps` or `pages`.
        shard: number of the shard.
        wanted: its URLs.
        robots: what is known of robots.txt files, which takes up what is learnt; None asks no robots.txt.
        ahead: names the pages of this shard that an answer leads to. They are landed under `pages` while other answers are
            awaited, so that slow servers of feeds hold up nobody's pages; robots.txt is asked for these pages only.

    Raises:
        ValueError: a landed segment is damaged.
    """
    store = config.open_landing()
    by_url = {want.url: want for want in wanted}
    heeded = robots if config.robots and not config.offline else None
    recorded = store.landed(config.run_id, _robots_name(shard, config.shards)) if heeded is not None else None
    if heeded is not None and recorded is not None:
        heeded.recall(recorded)
    landed_before, number = _landed_urls(config, store, kind, shard)
    missing = {url: want for url, want in by_url.items() if url not in landed_before}
    if missing and not config.offline:
        segments = _segments(config, store, kind, shard, number)
        pages = None
        with concurrent.futures.ThreadPoolExecutor(1) as reader:
            if ahead is not None:
                taken, next_number = _landed_urls(config, store, PAGES, shard)
                pages = _PagesAhead(ahead, _segments(config, store, PAGES, shard, next_number), taken, reader)
            asyncio.run(_fetch_all(config, missing, segments, heeded, pages, rested=kind == FEEDS))
        if heeded is not None and (heeded.learnt or heeded.holds):
            store.land(config.run_id, _robots_name(shard, config.shards), heeded.recorded())
        number = segments.number
    left = set(by_url)
    for n in range(number):
        name = segment_name(kind, shard, config.shards, n)
        for landed in read_segment(store.landed(config.run_id, name) or b""):
            if landed.url in left:
                left.remove(landed.url)
                yield landed


def _segments(config: LandingConfig, store: Landing, kind: str, shard: int, number: int) -> Segments:
    return Segments(
        store, config.run_id, kind, shard, config.shards, number, config.segment_bytes, config.segment_seconds
    )


def _landed_urls(config: LandingConfig, store: Landing, kind: str, shard: int) -> tuple[set[str], int]:
    """What earlier attempts at the run landed, and in how many segments."""
    urls: set[str] = set()
    number = 0
    while (data := store.landed(config.run_id, segment_name(kind, shard, config.shards, number))) is not None:
        urls.update(landed.url for landed in read_segment(data))
        number += 1
    return urls, number


@dataclasses.dataclass
class _PagesAhead:
    """The pages that are fetched while feeds are awaited.

    Attributes:
        named_by: the pages that a landed feed leads to.
        segments: where they are kept.
        taken: URLs that are landed or under way.
        reader: the thread that reads feeds, one after the other; others write segments meanwhile.
        awaited: feeds and pages that are under way, and feeds that are read.
    """

    named_by: Callable[[Landed], Sequence[Wanted]]
    segments: Segments
    taken: set[str]
    reader: concurrent.futures.Executor
    awaited: int = 0

    async def read(self, landed: Landed) -> dict[str, Wanted]:
        """The pages to fetch now, by URL; none when nothing else is awaited, since they come next anyway."""
        if landed.fetched is None or not self.awaited:
            return {}
        self.awaited += 1  # whoever comes while this is read has pages to fetch as well
        named = await asyncio.get_running_loop().run_in_executor(self.reader, self.named_by, landed)
        new = {page.url: page for page in named if page.url not in self.taken}
        self.taken.update(new)
        self.awaited += len(new) - 1
        return new


async def _fetch_all(
    config: LandingConfig,
    wanted: Mapping[str, Wanted],
    segments: Segments,
    robots: RobotsMemory | None,
    pages: _PagesAhead | None,
    *,
    rested: bool,
) -> None:
    # Pages and sitemaps come right after what named them, often from the same domain.
    began = config.now()
    held = {key: (until - began).total_seconds() for key, until in robots.holds.items()} if robots is not None else {}
    gate = DomainGate(config.pacing, _pauses(wanted.values()), held=held, rested=rested)
    connections = 2 * config.pacing.concurrency
    async with Client(
        config.fetch, gate=gate, resolve=config.resolve, now=config.now, connections=connections
    ) as client:
        check = RobotsBook(client, gate.slow_down, robots, config.now).check if robots is not None else None

        async def land(want: Wanted, into: Segments, check: Callable[[str], Awaitable[None]] | None) -> Landed:
            address = want.address or want.url
            try:
                if want.postponed is not None:
                    raise FetchError("postponed", "an earlier answer asked to wait", retry_after=want.postponed)
                fetched = await with_retry(
                    gate, config.pacing, lambda: client.fetch(address, want.validators, check=check)
                )
                landed = Landed(want.url, want.source_uri, fetched=fetched, at=fetched.fetched_at)
            except FetchError as error:
                landed = Landed(want.url, want.source_uri, error=error, at=config.now())
            await into.add(landed)
            return landed

        async def land_page(page: Wanted, ahead: _PagesAhead) -> None:
            if page.pause_s is not None:
                gate.slow_down(page.url, page.pause_s)
            await land(page, ahead.segments, check)
            ahead.awaited -= 1

        async def land_feed(feed: Wanted, ahead: _PagesAhead) -> None:
            landed = await land(feed, segments, None)
            ahead.awaited -= 1
            named = await ahead.read(landed)
            await run_all(land_page(named[url], ahead) for url in shuffled(named, config.pacing.seed))

        async def land_one(want: Wanted) -> None:
            await land(want, segments, check)

        order = [wanted[url] for url in shuffled(wanted, config.pacing.seed)]
        if pages is None:
            await run_all(land_one(want) for want in order)
        else:
            pages.awaited = len(order)
            await run_all(land_feed(want, pages) for want in order)
            await pages.segments.write()
        await segments.write()
    if robots is not None:
        ended = config.now()
        robots.holds = {key: ended + dt.timedelta(seconds=left) for key, left in gate.held().items()}


def _pauses(wanted: Iterable[Wanted]) -> dict[str, float]:
    """The longest pause that any feed of a domain asks for."""
    pauses: dict[str, float] = {}
    for want in wanted:
        if want.pause_s is not None:
            key = domain_key(want.address or want.url)
            pauses[key] = max(want.pause_s, pauses.get(key, 0.0))
    return pauses
