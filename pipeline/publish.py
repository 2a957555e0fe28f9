"""The end of the graph: rows and state are staged, outcomes counted, and all is committed at once."""

import dataclasses
import datetime as dt

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from pipeline.plan import RunPlan
from schemas.article import Article
from schemas.event import Event
from schemas.feed_state import Polled
from schemas.manifest import Manifest, StagedFile
from schemas.quarantine import Failure
from transforms.annotate.stage import AnnotatedArticle
from transforms.article.identify import IdentifyArticles
from transforms.article.refused import REFUSED_TABLE, QuarantineOnce
from transforms.article.seen import SEEN_TABLE, Sighting, see
from transforms.dedup.graph import MakeStoryState
from transforms.dedup.star import Decision
from transforms.dedup.state import TABLES as STORY_TABLES
from transforms.land.coverage import ReopenFeeds
from transforms.land.feed_table import FEEDS_TABLE, feed_row
from transforms.land.follow import FollowEntries
from transforms.land.robots_table import ROBOTS_TABLE, robots_row
from transforms.outcomes import Counted, CountOutcomes, CountTallies, Outcome, Tally
from transforms.store.rows import Row, article_leaf, article_row, event_leaf, event_row, failure_leaf, failure_row
from transforms.store.write import CommitRun, WriteRows, WriteState, WriteStateTables


@dataclasses.dataclass(frozen=True)
class Published:
    """What a run makes: rows, and the applied stages that know outcomes and state besides."""

    annotated: PCollection[AnnotatedArticle]
    events: PCollection[Event]
    failures: PCollection[Failure]
    decisions: PCollection[Decision]
    polled: PCollection[Polled]
    entries: FollowEntries
    identity: IdentifyArticles
    once: QuarantineOnce


def file_article(article: Article, run_id: str, keep_text: bool) -> tuple[str, Row]:
    """Leaf and row of an article."""
    return article_leaf(article), article_row(article, run_id, keep_text)


def file_event(event: Event, run_id: str) -> tuple[str, Row]:
    """Leaf and row of an event."""
    return event_leaf(event), event_row(event, run_id)


def file_failure(failure: Failure, run_id: str, first_seen_at: dt.datetime) -> tuple[str, Row]:
    """Leaf and row of a failure."""
    return failure_leaf(first_seen_at), failure_row(failure, run_id, first_seen_at)


def outcome_of(article: Article) -> Outcome:
    """Outcome of an article version that the run publishes: a first version is new or a copy."""
    if article.version > 1:
        return Outcome(article.body.outlet, "version")
    return Outcome(article.body.outlet, "new" if article.duplicate_of is None else "copy")


def sighting_row(sighting: Sighting) -> Row:
    """State row of a sighting."""
    return dataclasses.asdict(sighting)


@dataclasses.dataclass
class PublishRun(beam.PTransform):
    """Stages, counts and commits what a run made."""

    run: Published
    plan: RunPlan

    def expand(self, root: PBegin) -> PCollection[Manifest]:
        """Gives the manifest."""
        articles = self.run.annotated | "Articles" >> beam.Map(lambda annotated: annotated.article).with_output_types(
            Article
        )
        staged = (*self._stage_rows(articles), *self._stage_state(articles)) | "Staged" >> beam.Flatten()
        plan = self.plan
        commit = CommitRun(plan.tree, plan.draft, self._count(articles), plan.keep_landing, plan.held)
        if plan.replayed is not None:
            commit.rewrite = plan.replayed.rewrite
        return staged | "Commit" >> commit

    def _stage_rows(self, articles: PCollection[Article]) -> list[PCollection[StagedFile]]:
        plan, run_id = self.plan, self.plan.draft.run_id
        rows = {
            "articles": articles | "ArticleRows" >> beam.Map(file_article, run_id, plan.keep_text),
            "events": self.run.events | "EventRows" >> beam.Map(file_event, run_id),
            "quarantine": self.run.failures | "FailureRows" >> beam.Map(file_failure, run_id, plan.started_at),
        }
        return [filed | f"Write-{name}" >> WriteRows(name, plan.tree, run_id) for name, filed in rows.items()]

    def _stage_state(self, articles: PCollection[Article]) -> list[PCollection[StagedFile]]:
        run, tree, run_id = self.run, self.plan.tree, self.plan.draft.run_id
        sighted = (articles | "See" >> beam.Map(see), run.identity.sightings) | "Sighted" >> beam.Flatten()
        rows = {
            SEEN_TABLE: sighted | "SeenRows" >> beam.Map(sighting_row).with_output_types(Row),
            REFUSED_TABLE: run.once.rows,
        }
        if self.plan.replayed is None:
            reopened = run.polled | "ReopenFeeds" >> ReopenFeeds(run.entries.unfinished)
            rows[FEEDS_TABLE] = reopened | "FeedRows" >> beam.Map(lambda polled: feed_row(polled.state))
            rows[ROBOTS_TABLE] = run.entries.robots | "RobotsRows" >> beam.Map(robots_row).with_output_types(Row)
        tables = [made | f"Remember-{table.name}" >> WriteState(table, tree, run_id) for table, made in rows.items()]
        stories = (
            run.decisions
            | "MakeStoryState" >> MakeStoryState(self.plan.dedup)
            | "RememberStories" >> WriteStateTables(STORY_TABLES, tree, run_id)
        )
        return [*tables, stories]

    def _count(self, articles: PCollection[Article]) -> PCollection[Counted]:
        run = self.run
        outcomes = (
            articles | "ArticleOutcomes" >> beam.Map(outcome_of),
            run.identity.known,
            run.once.known,
            run.failures | "FailureOutcomes" >> beam.Map(lambda f: Outcome(f.outlet, "quarantined")),
        ) | "Outcomes" >> beam.Flatten()
        tallies = (
            run.events | "EventTallies" >> beam.Map(lambda e: Tally("events", e.kind)),
            run.failures | "FailureTallies" >> beam.Map(lambda f: Tally("quarantined", f"{f.stage}/{f.reason}")),
            run.annotated | "LanguageTallies" >> beam.FlatMap(tally_languages),
            run.polled | "PollTallies" >> beam.FlatMap(tally_poll),
            run.entries.tallies,
        ) | "Tallies" >> beam.Flatten()
        return (
            outcomes | "CountOutcomes" >> CountOutcomes(),
            tallies | "CountTallies" >> CountTallies(),
        ) | "Counted" >> beam.Flatten()


def tally_poll(poll: Polled) -> list[Tally]:
    """Counts what came of a poll, and how it joins on to the last one."""
    coverage = [Tally("coverage", poll.coverage)] if poll.coverage else []
    return [Tally("polls", poll.outcome), *coverage]


def tally_languages(annotated: AnnotatedArticle) -> list[Tally]:
    """Counts articles of languages that no events are read from."""
    language = annotated.article.body.language
    if annotated.doc is not None or annotated.article.fresh == () or language is None:
        return []
    return [Tally("language-without-events", language)]
