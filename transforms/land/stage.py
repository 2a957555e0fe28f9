"""The landing stages: live feeds, and the pages that their entries lead to -> documents."""

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.feed_state import FeedState, Polled
from schemas.partition import outlet_slug
from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.article.outlet import name_outlet
from transforms.article.urls import canonical_url, registered_domain
from transforms.land.landing import LandingConfig, Wanted, keep_shape, land_shard
from transforms.land.outcome import Fetched, FetchError
from transforms.land.polling import address_of, forget_body, judge_poll, may_poll, may_yet_come, validators_for
from transforms.land.robots import RobotsAnswer, RobotsMemory
from transforms.land.robots_table import load_robots
from transforms.land.scheduler import domain_key
from transforms.land.segments import FEEDS, PAGES
from transforms.land.sort import SortEntriesFn
from transforms.land.warc import Landed
from transforms.read.cage import Cage, CageConfig, CageError
from transforms.read.documents import parse_document
from transforms.read.errors import ParseError
from transforms.read.sitemap import sitemap_children
from transforms.read.sniff import inflate
from transforms.store.state import StateRef

# Feeds, the sitemaps that an index names, and those of indexes that it names, each the first part of its segments' names.
KINDS = (FEEDS, "sitemaps", "sitemaps-2", "sitemaps-3")
_FAILURES = "failures"
_POLLED = "polled"
_CHILDREN = "children"
_UNFINISHED = "unfinished"
_ROBOTS = "robots"
_HEAD = 8_192
_AHEAD_CAGE = CageConfig(deadline_s=1.0)  # what takes longer is read in its turn, while nobody waits
_MAX_DETAIL = 2_000


@dataclasses.dataclass
class LandFeeds(beam.PTransform):
    """Polls live feeds; those that changed become documents, those that failed go to `errors`.

    An index of sitemaps is replaced by its sitemaps, polled like feeds of their own; those may be indexes again, to the
    depth of KINDS.

    Attributes:
        states: what earlier polls left, by the feed's URL.
        sort: says which entries are followed; their pages are landed while other feeds are awaited. None leaves all pages
            to LandPages.
        state: of earlier runs, with what sites' robots.txt said.
        polled: one Polled for each feed and sitemap; there once it is applied.
    """

    config: LandingConfig
    errors: ErrorHandler
    states: Mapping[str, FeedState] = dataclasses.field(default_factory=dict, repr=False)
    sort: SortEntriesFn | None = None
    state: StateRef | None = None
    polled: PCollection[Polled] = dataclasses.field(init=False, repr=False)

    def expand(self, sources: PCollection[Source]) -> PCollection[Document]:
        """Adds the steps."""
        config = keep_shape(self.config)
        landed: list[DoOutputsTuple] = []
        for kind in KINDS:
            landed.append(self._poll(sources, kind, config))
            sources = landed[-1][_CHILDREN]
            self.errors.add_error_pcollection(landed[-1][_FAILURES])
        self.polled = tuple(level[_POLLED] for level in landed) | "JoinPolls" >> beam.Flatten()
        return tuple(level["documents"] for level in landed) | "JoinDocuments" >> beam.Flatten()

    def _poll(self, sources: PCollection[Source], kind: str, config: LandingConfig) -> DoOutputsTuple:
        poll = beam.ParDo(_LandFeedsFn(config, dict(self.states), kind, self.sort, self.state)).with_output_types(
            Document
        )
        return (
            sources
            | f"Shard-{kind}" >> beam.Map(_shard_of_source, config.shards).with_output_types(tuple[int, Source])
            # URLs are brought together, never bodies; all of a domain is in one shard.
            | f"Gather-{kind}" >> beam.GroupByKey()
            | f"Land-{kind}" >> poll.with_outputs(_FAILURES, _POLLED, _CHILDREN, main="documents")
        )


@dataclasses.dataclass
class LandPages(beam.PTransform):
    """Fetches the pages that entries lead to, each URL once; what could not be fetched goes to `errors`.

    Attributes:
        state: of earlier runs, with what sites' robots.txt said.
        unfinished: URLs of feeds whose pages a later run should ask for again, and seconds that their site asked to wait;
            there once it is applied.
        robots: what was learnt of robots.txt files; there once it is applied.
    """

    config: LandingConfig
    errors: ErrorHandler
    state: StateRef | None = None
    unfinished: PCollection[tuple[str, float]] = dataclasses.field(init=False, repr=False)
    robots: PCollection[RobotsAnswer] = dataclasses.field(init=False, repr=False)

    def expand(self, entries: PCollection[RawArticle]) -> PCollection[Document]:
        """Adds the steps."""
        config = keep_shape(self.config)
        fetch = beam.ParDo(_LandPagesFn(config, self.state)).with_output_types(Document)
        landed = (
            entries
            | "Shard" >> beam.Map(_shard_of_entry, config.shards).with_output_types(tuple[int, RawArticle])
            | "Gather" >> beam.GroupByKey()
            | "Land" >> fetch.with_outputs(_FAILURES, _UNFINISHED, _ROBOTS, main="documents")
        )
        self.errors.add_error_pcollection(landed[_FAILURES])
        self.unfinished, self.robots = landed[_UNFINISHED], landed[_ROBOTS]
        return landed["documents"]


def shard_of(url: str, shards: int) -> int:
    """The shard that fetches `url`: the same for all URLs of a registered domain, on every machine."""
    digest = hashlib.blake2b(domain_key(url).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


def _shard_of_source(source: Source, shards: int) -> tuple[int, Source]:
    return shard_of(source.uri, shards), source


def _shard_of_entry(entry: RawArticle, shards: int) -> tuple[int, RawArticle]:
    return shard_of(entry.url or "", shards), entry


class _LandFeedsFn(beam.DoFn):
    def __init__(
        self,
        config: LandingConfig,
        states: dict[str, FeedState],
        kind: str,
        sort: SortEntriesFn | None,
        state: StateRef | None,
    ) -> None:
        self._config = config
        self._states = states
        self._kind = kind
        self._sort = sort
        self._state = state
        self._cage = Cage(CageConfig(deadline_s=5.0))
        self._ahead_cage = Cage(_AHEAD_CAGE)

    def setup(self) -> None:
        if self._sort is not None:
            self._sort.setup()

    def process(self, element: tuple[int, Iterable[Source]]) -> Iterator[Any]:
        shard, sources = element
        by_url = {source.uri: source for source in sorted(sources, key=lambda source: (source.uri, repr(source)))}
        wanted = [self._wanted(source) for source in by_url.values()]
        robots, ahead = None, None
        if self._sort is not None:
            robots = RobotsMemory(load_robots(self._state) if self._state else None)
            ahead = functools.partial(self._pages_of, by_url, shard)
        for landed in land_shard(self._config, self._kind, shard, wanted, robots=robots, ahead=ahead):
            source = by_url[landed.url]
            polled = judge_poll(source.uri, self._states.get(source.uri), landed, self._config.full_after)
            polled = dataclasses.replace(polled, state=dataclasses.replace(polled.state, outlet=_outlet(source)))
            if polled.outcome == "failed" and landed.error is not None:
                yield TaggedOutput(_FAILURES, _failure(landed.error, source.uri, source.uri, _outlet(source)))
            elif polled.outcome == "changed" and landed.fetched is not None:
                # An index below the last level is left as it is, and quarantined when it is parsed.
                sitemaps = self._sitemaps(landed.fetched.body) if self._kind != KINDS[-1] else ()
                if sitemaps:
                    # Its sitemaps change when it does not.
                    polled = dataclasses.replace(polled, state=forget_body(polled.state))
                    yield from self._children(source, sitemaps)
                else:
                    yield _document(landed.fetched, source.uri, source.settings)
            yield TaggedOutput(_POLLED, polled)

    def teardown(self) -> None:
        self._cage.close()
        self._ahead_cage.close()

    def _pages_of(self, by_url: Mapping[str, Source], shard: int, landed: Landed) -> list[Wanted]:
        """The pages that a feed leads to, as ParseDocuments and FollowEntries will find them, of this shard."""
        source = by_url[landed.url]
        polled = judge_poll(source.uri, self._states.get(source.uri), landed, self._config.full_after)
        if polled.outcome != "changed" or landed.fetched is None or self._sort is None:
            return []
        document = _document(landed.fetched, source.uri, source.settings)
        named = [entry for entry in parse_document(document, self._ahead_cage) if isinstance(entry, RawArticle)]
        return [
            Wanted(entry.url or "", entry.source_uri, pause_s=entry.settings.pause)
            for entry in self._sort.followed(named)
            if shard_of(entry.url or "", self._config.shards) == shard
        ]

    def _sitemaps(self, body: bytes) -> tuple[str, ...]:
        if b"sitemapindex" not in inflate(body[:_HEAD]).body[:_HEAD]:
            return ()
        try:
            return self._cage.run(sitemap_children, body)
        except (ParseError, CageError):
            return ()  # it goes on as a document, and is quarantined when it is parsed

    def _children(self, source: Source, sitemaps: tuple[str, ...]) -> Iterator[TaggedOutput]:
        most = self._config.max_sitemaps if self._kind == KINDS[0] else self._config.max_nested
        for url in sitemaps[:most]:
            if url != source.uri:
                yield TaggedOutput(_CHILDREN, Source(url, "live", source.settings))
        left = len(sitemaps) - most
        if left > 0:
            detail = f"{left:,} sitemaps after the {most} that changed last are left"
            failure = Failure("parse", "too-many-entries", source.uri, detail, source.uri, outlet=_outlet(source))
            yield TaggedOutput(_FAILURES, dataclasses.replace(failure, once=True))

    def _wanted(self, source: Source) -> Wanted:
        now = self._config.now()
        state = self._states.get(source.uri)
        early = None
        if state is not None and state.not_before is not None and not may_poll(state, now):
            early = (state.not_before - now).total_seconds()
        return Wanted(
            source.uri,
            source.uri,
            address=address_of(source.uri, state),
            validators=validators_for(state, now, self._config.full_after),
            pause_s=source.settings.pause,
            postponed=early,
        )


class _LandPagesFn(beam.DoFn):
    def __init__(self, config: LandingConfig, state: StateRef | None) -> None:
        self._config = config
        self._state = state

    def process(self, element: tuple[int, Iterable[RawArticle]]) -> Iterator[Any]:
        shard, entries = element
        robots = RobotsMemory(load_robots(self._state) if self._state else None)
        by_url: dict[str, list[RawArticle]] = {}
        for entry in sorted(entries, key=lambda entry: (entry.source_uri, entry.position)):
            by_url.setdefault(entry.url or "", []).append(entry)
        wanted = [Wanted(url, of[0].source_uri, pause_s=of[0].settings.pause) for url, of in by_url.items()]
        for landed in land_shard(self._config, PAGES, shard, wanted, robots=robots):
            error = landed.error
            if landed.fetched is not None and landed.fetched.truncated:
                # Half a page would pass for a whole article.
                error = FetchError("fetch-failed", "the connection broke inside the page", status=landed.fetched.status)
            if error is not None and may_yet_come(error):
                for uri in {entry.source_uri for entry in by_url[landed.url]}:
                    asked = error.retry_after if domain_key(uri) == domain_key(landed.url) else None
                    yield TaggedOutput(_UNFINISHED, (uri, asked or 0.0))
            for entry in by_url[landed.url]:
                if error is not None:
                    outlet = name_outlet(entry, canonical_url(entry.url))[0]
                    failure = _failure(error, entry.source_uri, landed.url, outlet)
                    # However often its feed names it, it is quarantined once, and not asked for again if it will not come.
                    key = 0 if may_yet_come(error) else entry.entry_key
                    yield TaggedOutput(_FAILURES, dataclasses.replace(failure, once=True, entry_key=key))
                elif landed.fetched is not None:
                    document = _document(landed.fetched, entry.source_uri, entry.settings)
                    yield dataclasses.replace(document, entry=entry, origin="page")
        yield from (TaggedOutput(_ROBOTS, answer) for answer in robots.learnt)


def _document(fetched: Fetched, source_uri: str, settings: SourceSettings) -> Document:
    return Document(
        source_uri=source_uri,
        body=fetched.body,
        settings=settings,
        url=fetched.url,
        http_status=fetched.status,
        content_type=fetched.content_type,
        fetched_at=fetched.fetched_at,
    )


def _outlet(source: Source) -> str:
    return outlet_slug(source.settings.outlet or registered_domain(source.uri))


def _failure(error: FetchError, source_uri: str, url: str, outlet: str) -> Failure:
    return Failure("fetch", error.reason, source_uri, error.detail[:_MAX_DETAIL], url, outlet=outlet)
