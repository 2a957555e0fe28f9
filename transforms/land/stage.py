"""The landing stages: live feeds, and the pages that their entries lead to -> documents."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.feed_state import FeedState, Polled
from schemas.partition import outlet_slug
from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.article.urls import registered_domain
from transforms.land.landing import LandingConfig, Wanted, land_shard
from transforms.land.outcome import Fetched, FetchError
from transforms.land.polling import address_of, judge_poll, may_poll, validators_for
from transforms.land.scheduler import domain_key

_FAILURES = "failures"
_POLLED = "polled"
_MAX_DETAIL = 2_000


@dataclasses.dataclass
class LandFeeds(beam.PTransform):
    """Polls live feeds; those that changed become documents, those that failed go to `errors`.

    Attributes:
        states: what earlier polls left, by the feed's URL.
        polled: after expansion, one Polled for each feed.
    """

    config: LandingConfig
    errors: ErrorHandler
    states: Mapping[str, FeedState] = dataclasses.field(default_factory=dict, repr=False)
    polled: PCollection[Polled] | None = dataclasses.field(default=None, init=False, repr=False)

    def expand(self, sources: PCollection[Source]) -> PCollection[Document]:
        """Adds the steps."""
        landed = (
            sources
            | "ToShards" >> beam.Map(_shard_of_source, self.config.shards)
            # URLs are brought together, never bodies; all of a domain is in one shard.
            | "Gather" >> beam.GroupByKey()
            | "Land"
            >> beam.ParDo(_LandFeedsFn(self.config, dict(self.states))).with_outputs(
                _FAILURES, _POLLED, main="documents"
            )
        )
        self.errors.add_error_pcollection(landed[_FAILURES])
        self.polled = landed[_POLLED]
        return landed["documents"]


@dataclasses.dataclass
class LandPages(beam.PTransform):
    """Fetches the pages that entries lead to, each URL once; what could not be fetched goes to `errors`."""

    config: LandingConfig
    errors: ErrorHandler

    def expand(self, entries: PCollection[RawArticle]) -> PCollection[Document]:
        """Adds the steps."""
        documents, failures = (
            entries
            | "ToShards" >> beam.Map(_shard_of_entry, self.config.shards)
            | "Gather" >> beam.GroupByKey()
            | "Land" >> beam.ParDo(_LandPagesFn(self.config)).with_outputs(_FAILURES, main="documents")
        )
        self.errors.add_error_pcollection(failures)
        return documents


def shard_of(url: str, shards: int) -> int:
    """The shard that fetches `url`: the same for all URLs of a registered domain, on every machine."""
    digest = hashlib.blake2b(domain_key(url).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


def _shard_of_source(source: Source, shards: int) -> tuple[int, Source]:
    return shard_of(source.uri, shards), source


def _shard_of_entry(entry: RawArticle, shards: int) -> tuple[int, RawArticle]:
    return shard_of(entry.url or "", shards), entry


class _LandFeedsFn(beam.DoFn):
    def __init__(self, config: LandingConfig, states: dict[str, FeedState]) -> None:
        self._config = config
        self._states = states

    def process(self, element: tuple[int, Iterable[Source]]) -> Iterator[Any]:
        shard, sources = element
        by_url = {source.uri: source for source in sorted(sources, key=lambda source: (source.uri, repr(source)))}
        wanted = [self._wanted(source) for source in by_url.values()]
        for landed in land_shard(self._config, "feeds", shard, wanted):
            source = by_url[landed.url]
            polled = judge_poll(source.uri, self._states.get(source.uri), landed, self._config.full_after)
            yield TaggedOutput(_POLLED, polled)
            if polled.outcome == "failed" and landed.error is not None:
                yield TaggedOutput(_FAILURES, _failure(landed.error, source.uri, source.uri, source.settings))
            elif polled.outcome == "changed" and landed.fetched is not None:
                yield _document(landed.fetched, source.uri, source.settings)

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
    def __init__(self, config: LandingConfig) -> None:
        self._config = config

    def process(self, element: tuple[int, Iterable[RawArticle]]) -> Iterator[Any]:
        shard, entries = element
        by_url: dict[str, list[RawArticle]] = {}
        for entry in sorted(entries, key=lambda entry: (entry.source_uri, entry.position)):
            by_url.setdefault(entry.url or "", []).append(entry)
        wanted = [Wanted(url, of[0].source_uri, pause_s=of[0].settings.pause) for url, of in by_url.items()]
        for landed in land_shard(self._config, "pages", shard, wanted, robots=True):
            error = landed.error
            if landed.fetched is not None and landed.fetched.truncated:
                # Half a page would pass for a whole article.
                error = FetchError("fetch-failed", "the connection broke inside the page", status=landed.fetched.status)
            for entry in by_url[landed.url]:
                if error is not None:
                    yield TaggedOutput(_FAILURES, _failure(error, entry.source_uri, landed.url, entry.settings))
                elif landed.fetched is not None:
                    document = _document(landed.fetched, entry.source_uri, entry.settings)
                    yield dataclasses.replace(document, entry=entry, origin="page")


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


def _failure(error: FetchError, source_uri: str, url: str, settings: SourceSettings) -> Failure:
    return Failure(
        stage="fetch",
        reason=error.reason,
        source_uri=source_uri,
        detail=error.detail[:_MAX_DETAIL],
        url=url,
        outlet=outlet_slug(settings.outlet or registered_domain(url)),
    )
