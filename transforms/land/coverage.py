"""Completeness of live feeds: what a poll names against what the last one named."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.feed_state import Coverage, Polled
from schemas.source import RawArticle
from transforms.article.identity import key64
from transforms.land.polling import reopen

KEPT_KEYS = 200  # of the entries on top of a feed: what is new comes above them


def cover_poll(poll: Polled, keys: Sequence[int]) -> Polled:
    """Compares the entries of a poll with those of the last one that had any.

    A changed feed that names nothing of what it named last time has a gap: more was published in between than it holds.

    Args:
        poll: of a feed.
        keys: of its entries, in the order of the feed.
    """
    if poll.outcome != "changed":
        return poll
    state, named = poll.state, set(keys)
    before = set(state.keys)
    coverage: Coverage = "overlap"
    if not keys:
        coverage = "empty"
    elif not before:
        coverage = "first"
    elif not named & before:
        coverage = "gap"
    state = dataclasses.replace(
        state,
        entries=len(named),
        keys=tuple(dict.fromkeys(keys))[:KEPT_KEYS] if keys else state.keys,
        fresh_at=state.polled_at if named - before else state.fresh_at,
        gaps=state.gaps + (coverage == "gap"),
        gap_at=state.polled_at if coverage == "gap" else state.gap_at,
    )
    return dataclasses.replace(poll, state=state, coverage=coverage)


def entry_mark(entry: RawArticle) -> int:
    """63-bit key by which an entry is known again in its feed: its GUID, address or title."""
    return key64(entry.guid or entry.url or entry.title or "") >> 1


@dataclasses.dataclass
class CoverFeeds(beam.PTransform):
    """Tells every poll what its feed named.

    Attributes:
        entries: all that the run's documents hold; those of live feeds count.
    """

    entries: PCollection[RawArticle]

    def expand(self, polled: PCollection[Polled]) -> PCollection[Polled]:
        """Joins by the feed's URL."""
        joined = {
            "polled": polled | "ByUrl" >> beam.Map(lambda poll: (poll.url, poll)),
            "entries": self.entries
            | "Live" >> beam.Filter(lambda entry: entry.origin == "entry" and entry.fetched_at is not None)
            | "Mark" >> beam.Map(lambda entry: (entry.source_uri, (entry.position, entry_mark(entry)))),
        } | "Join" >> beam.CoGroupByKey()
        return joined | "Cover" >> beam.FlatMap(_cover).with_output_types(Polled)


def _cover(joined: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Polled]:
    found = joined[1]
    keys = [key for _, key in sorted(found["entries"])]
    for poll in found["polled"]:
        yield cover_poll(poll, keys)


@dataclasses.dataclass
class ReopenFeeds(beam.PTransform):
    """Makes the next poll of unfinished feeds a full one, so that an unchanged feed names its missing pages again.

    Where the site asked to wait for its pages, the feed waits as well.

    Attributes:
        unfinished: of LandPages.
    """

    unfinished: PCollection[tuple[str, float]]

    def expand(self, polled: PCollection[Polled]) -> PCollection[Polled]:
        """Adds the steps."""
        joined = {
            "polled": polled | "ByUrl" >> beam.Map(lambda poll: (poll.url, poll)),
            "unfinished": self.unfinished,
        } | "Join" >> beam.CoGroupByKey()
        return joined | "Reopen" >> beam.FlatMap(_reopen).with_output_types(Polled)


def _reopen(joined: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Polled]:
    _, found = joined
    waits = list(found["unfinished"])
    for poll in found["polled"]:
        yield dataclasses.replace(poll, state=reopen(poll.state, max(waits))) if waits else poll
