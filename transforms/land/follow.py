"""Feed entries are followed to their pages, where that is asked for; those that have not changed are not asked again."""

import dataclasses

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.source import RawArticle
from transforms.article.identify import Skipped
from transforms.article.refused import RefusedHandle
from transforms.article.seen import SeenHandle
from transforms.land.landing import LandingConfig
from transforms.land.robots import RobotsAnswer
from transforms.land.sort import FOLLOW, SKIPPED, TALLIES, FollowConfig, SortEntriesFn
from transforms.land.stage import LandPages
from transforms.outcomes import Tally
from transforms.read.parse import ParseDocuments
from transforms.store.state import StateRef


@dataclasses.dataclass
class FollowEntries(beam.PTransform):
    """Replaces entries that are to be followed by their pages.

    Attributes:
        skipped: (article id, Skipped) of entries that led to an article, or to nothing, before; there once it is applied.
        tallies: what was left out by limit or age; there once it is applied.
        unfinished: URLs of feeds whose pages a later run should ask for again (transforms.land.coverage.ReopenFeeds).
        robots: what sites' robots.txt said, for later runs.
    """

    config: FollowConfig
    landing: LandingConfig
    seen: SeenHandle
    refused: RefusedHandle
    errors: ErrorHandler
    state: StateRef | None = None
    skipped: PCollection[tuple[str, Skipped]] = dataclasses.field(init=False)
    tallies: PCollection[Tally] = dataclasses.field(init=False)
    unfinished: PCollection[tuple[str, float]] = dataclasses.field(init=False)
    robots: PCollection[RobotsAnswer] = dataclasses.field(init=False)

    def expand(self, articles: PCollection[RawArticle]) -> PCollection[RawArticle]:
        """Adds the steps."""
        parted = articles | "Sort" >> beam.ParDo(SortEntriesFn(self.config, self.seen, self.refused)).with_outputs(
            FOLLOW, SKIPPED, TALLIES, main="as-they-stand"
        )
        self.skipped, self.tallies = parted[SKIPPED], parted[TALLIES]
        landing = LandPages(self.landing, self.errors, self.state)
        pages = parted[FOLLOW] | "Land" >> landing | "ParsePages" >> ParseDocuments(self.errors)
        self.unfinished, self.robots = landing.unfinished, landing.robots
        return (parted["as-they-stand"], pages) | "Join" >> beam.Flatten()
