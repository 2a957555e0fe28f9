"""Articles are identified: the stage between extraction and near-duplicates."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsIter, PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.article import Article, ExtractedArticle
from schemas.partition import OTHER_OUTLETS
from schemas.quarantine import Failure
from transforms.article.identity import (
    Decision,
    article_id,
    decide_versions,
    fingerprint,
    same_words,
    sketch,
    url_key,
)
from transforms.article.seen import SeenHandle, SeenIndex, Sighting, guid_key, see
from transforms.outcomes import Outcome

KNOWN: Literal["known"] = "known"
SIGHTINGS: Literal["sightings"] = "sightings"
REFUSED: Literal["refused"] = "refused"
NAMESPACE = "newsmill.identify"
MAX_NEW_OUTLETS = 64  # new outlets that one feed may bring in one run (CONTRACT.md, Partitions)


@dataclasses.dataclass(frozen=True, slots=True)
class Skipped:
    """A feed entry that was not followed again: this very form of it has led to the article before."""

    outlet: str


Observation = ExtractedArticle | Skipped


class Follows(Protocol):
    """The stage before: (article id, Skipped) of what it did not follow again."""

    skipped: PCollection[tuple[str, Skipped]]


def group_key(body: ExtractedArticle) -> str:
    """Key that brings together entries of one GUID; others stand alone under their own address."""
    if body.guid and body.origin == "entry":
        return f"guid {guid_key(body.outlet, body.guid):016x}"
    return f"url {url_key(body.outlet, body):016x}"


def assign_articles(bodies: Iterable[ExtractedArticle], seen: SeenIndex) -> Iterator[tuple[int, ExtractedArticle]]:
    """Gives each body of one group its article key.

    An address that was seen keeps its article. An entry at a new address belongs to the article that had its GUID
    (in an earlier run, or before it in this group) where their words agree; else it is an article of its own.
    """
    started: list[tuple[int, tuple[int, ...]]] = []
    for body in sorted(bodies, key=lambda b: (str(b.published.at or ""), b.source_uri, b.position, b.url)):
        own = url_key(body.outlet, body)
        article = seen.by_url(own)
        if article is None and body.guid:
            words = sketch(body)
            before = seen.by_guid(guid_key(body.outlet, body.guid))
            candidates = [*([before] if before else []), *started]
            article = next((a for a, other in candidates if same_words(words, other)), None)
            if article is None:
                started.append((own, words))
        yield (own if article is None else article), body


class AssignFn(beam.DoFn):
    """Keys the bodies of a group by their article."""

    def __init__(self, seen: SeenHandle) -> None:
        self._handle = seen

    def setup(self) -> None:
        """Acquires the index of seen articles."""
        self._seen = self._handle.acquire()

    def process(self, group: tuple[str, Iterable[ExtractedArticle]]) -> Iterable[tuple[str, Observation]]:
        """Yields (article id, body)."""
        for article, body in assign_articles(group[1], self._seen):
            yield article_id(article), body


class DecideFn(beam.DoFn):
    """Decides the versions that a run adds to one article."""

    def __init__(self, seen: SeenHandle, started_at: dt.datetime) -> None:
        self._handle = seen
        self._started_at = started_at

    def setup(self) -> None:
        """Acquires the index of seen articles."""
        self._seen = self._handle.acquire()
        self._counts = {name: Metrics.counter(NAMESPACE, name) for name in ("added", "known", "refused")}

    def process(
        self, group: tuple[str, Iterable[Observation]], overflow: Iterable[tuple[str, str]]
    ) -> Iterable[
        Article
        | TaggedOutput[Literal["known"], Outcome]
        | TaggedOutput[Literal["sightings"], Sighting]
        | TaggedOutput[Literal["refused"], Failure]
    ]:
        """Yields new versions; what is known, refused and newly sighted goes to its tag."""
        article = int(group[0][1:], 16)
        observations = list(group[1])
        bodies = [one for one in observations if isinstance(one, ExtractedArticle)]
        if not bodies:
            yield from (TaggedOutput(KNOWN, Outcome(one.outlet, "known")) for one in observations[:1])
            return
        decision: Decision = decide_versions(
            article, bodies, self._seen.versions(article), self._started_at, self._seen.forms(article)
        )
        if group[0] in self._seen.forgotten:
            kept_out = [*(added.body for added in decision.added), *decision.known, *decision.refused]
            yield from (TaggedOutput(KNOWN, Outcome(body.outlet, "known")) for body in kept_out)
            return
        crowded = frozenset(overflow)
        for added in decision.added:
            body = added.body
            if (body.source_uri, body.outlet) in crowded:
                added = dataclasses.replace(added, body=dataclasses.replace(body, outlet=OTHER_OUTLETS))
            yield added
        for known in decision.known:
            yield TaggedOutput(KNOWN, Outcome(known.outlet, "known"))
            yield from (TaggedOutput(SIGHTINGS, news) for news in self._news(article, known))
        for teaser in decision.teasers:
            yield TaggedOutput(SIGHTINGS, see(Article(group[0], 0, teaser, self._started_at, "")))
        for refused in decision.refused:
            detail = f"the feed was cut in transfer inside this entry: {refused.title or refused.guid or ''}"
            failure = Failure("parse", "truncated", refused.source_uri, detail, refused.url)
            yield TaggedOutput(REFUSED, dataclasses.replace(failure, outlet=refused.outlet, once=True))
        self._counts["added"].inc(len(decision.added))
        self._counts["known"].inc(len(decision.known))
        self._counts["refused"].inc(len(decision.refused))

    def _news(self, article: int, body: ExtractedArticle) -> Iterator[Sighting]:
        """A sighting where a known body came by another address, GUID or entry form than before."""
        latest = self._seen.latest(article)
        sighting = dataclasses.replace(
            see(Article(article_id(article), latest.version, body, self._started_at, "")),
            fingerprint=latest.fingerprint,
            full=latest.full,
            published=latest.published,
        )
        known = all(
            self._seen.has(column, getattr(sighting, column), article)
            for column in ("url_key", "guid_key", "entry_key")
        )
        if not known and fingerprint(body) in {v.fingerprint for v in self._seen.versions(article)}:
            yield sighting


class CrowdedOutlets(beam.PTransform):
    """Finds the outlets past MAX_NEW_OUTLETS that one feed brings in one run, as (source_uri, outlet)."""

    def __init__(self, seen: SeenHandle) -> None:
        super().__init__()
        self._seen = seen

    def expand(self, bodies: PCollection[ExtractedArticle]) -> PCollection[tuple[str, str]]:
        """Counts outlets that no run has seen and no list names."""
        return (
            bodies
            | "Unnamed" >> beam.ParDo(NewOutletsFn(self._seen))
            | "Distinct" >> beam.Distinct()
            | "BySource" >> beam.GroupByKey()
            | "PastTheCap" >> beam.FlatMap(list_crowded)
        )


class NewOutletsFn(beam.DoFn):
    """Yields (source_uri, outlet) of feed articles whose outlet is new and follows from their own URL."""

    def __init__(self, seen: SeenHandle) -> None:
        self._handle = seen

    def setup(self) -> None:
        """Acquires the index of seen articles."""
        self._seen = self._handle.acquire()

    def process(self, body: ExtractedArticle) -> Iterable[tuple[str, str]]:
        """Yields at most one pair."""
        from_feed = body.origin == "entry" or body.entry_key
        if from_feed and body.outlet_name is None and body.outlet not in self._seen.outlets:
            yield body.source_uri, body.outlet


def list_crowded(group: tuple[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """The pairs past the cap, in alphabetical order so that every run agrees.

    >>> list(list_crowded(("feed", ["b", "a"])))
    []
    """
    source, outlets = group
    for outlet in sorted(outlets)[MAX_NEW_OUTLETS:]:
        yield source, outlet


@dataclasses.dataclass
class IdentifyArticles(beam.PTransform):
    """Identifies articles and passes on what is new of them.

    Attributes:
        errors: the run's error handler.
        seen: what earlier runs saw.
        started_at: start of the run, UTC.
        entries: the applied stage that skipped entries which have not changed.
        known, sightings: outcomes and state rows; there once it is applied.
    """

    errors: ErrorHandler
    seen: SeenHandle
    started_at: dt.datetime
    entries: "Follows"
    known: PCollection[Outcome] = dataclasses.field(init=False)
    sightings: PCollection[Sighting] = dataclasses.field(init=False)

    def expand(self, bodies: PCollection[ExtractedArticle]) -> PCollection[Article]:
        """Groups by GUID, then by article."""
        overflow = bodies | "CrowdedOutlets" >> CrowdedOutlets(self.seen)
        assigned = (
            bodies
            | "KeyByGuidOrUrl" >> beam.WithKeys(group_key).with_output_types(tuple[str, ExtractedArticle])
            | "GroupSightings" >> beam.GroupByKey()
            | "AssignArticles" >> beam.ParDo(AssignFn(self.seen))
        )
        decided = (
            (
                assigned,
                self.entries.skipped
                | "Observed" >> beam.Map(lambda pair: pair).with_output_types(tuple[str, Observation]),
            )
            | "AddSkipped" >> beam.Flatten()
            | "GroupByArticle" >> beam.GroupByKey()
            | "DecideVersions"
            >> beam.ParDo(DecideFn(self.seen, self.started_at), AsIter(overflow)).with_outputs(
                KNOWN, SIGHTINGS, REFUSED, main="added"
            )
        )
        self.errors.add_error_pcollection(decided[REFUSED])
        self.known, self.sightings = decided[KNOWN], decided[SIGHTINGS]
        return decided["added"]
