"""What gives nothing is quarantined once, not at every poll: the state table `refused`."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.article import ExtractedArticle
from schemas.quarantine import Failure
from transforms.article.identity import address_key, key64, url_key
from transforms.article.urls import page_key
from transforms.outcomes import Outcome
from transforms.store.rows import Row
from transforms.store.state import StateRef, StateTable

REFUSED_TABLE = StateTable(
    "refused", pa.schema([pa.field("key", pa.uint64(), nullable=False)]), "refused-1: blake2b-64", ("key",)
)
# Of one address among the inputs, what has text stands for what has none.
_BARE = ("no-text", "too-short")
KNOWN: Literal["known"] = "known"
ROWS: Literal["rows"] = "rows"


def refusal_key(failure: Failure) -> int:
    """Key of what gave nothing: the same thing with the same content has the same key, whichever feed it stood in."""
    place = page_key(failure.url) or failure.url if _has_address(failure) else failure.source_uri
    return key64(place or "", failure.reason, failure.payload_sha256 or "")


def refused_entry_key(entry_key: int) -> int:
    """Key of a form of a feed entry that led to nothing."""
    return key64("entry", f"{entry_key:016x}")


class RefusedHandle:
    """Loads the keys of what was refused once a process; pickled, it is only the reference to the state."""

    def __init__(self, state: StateRef, without: frozenset[int] = frozenset()) -> None:
        """Keeps the reference, and the keys that are to count as news (of a replay)."""
        self._state, self._without = state, without
        self._shared = Shared()

    def acquire(self) -> frozenset[int]:
        """The process's keys."""
        return self._shared.acquire(self._load)

    def _load(self) -> "_Keys":
        return _Keys(set(self._state.load(REFUSED_TABLE)["key"].to_pylist()) - self._without)


class _Keys(frozenset[int]):
    """A set that can be weakly referenced, as Shared needs."""


class SortRefusedFn(beam.DoFn):
    """Parts failures that earlier runs quarantined from those that are news."""

    def __init__(self, refused: RefusedHandle) -> None:
        self._handle = refused

    def setup(self) -> None:
        """Acquires the keys."""
        self._keys = self._handle.acquire()

    def process(
        self, failure: Failure
    ) -> Iterable[Failure | TaggedOutput[Literal["known"], Outcome] | TaggedOutput[Literal["rows"], Row]]:
        """Yields news; the rest is known."""
        if not failure.once:
            yield failure
            return
        key = refusal_key(failure)
        own = (key, *([refused_entry_key(failure.entry_key)] if failure.entry_key else []))
        yield from (TaggedOutput(ROWS, {"key": one}) for one in own if one not in self._keys)
        if key in self._keys:
            yield TaggedOutput(KNOWN, Outcome(failure.outlet, "known"))
        else:
            yield failure


@dataclasses.dataclass
class QuarantineOnce(beam.PTransform):
    """Passes failures on: one for an address, and those that would come again at every poll only the first time.

    Attributes:
        refused: what earlier runs quarantined.
        bodies: all that this run read; an entry without text of its own is no failure where its page was read.
        known, rows: outcomes and state rows; there once it is applied.
    """

    refused: RefusedHandle
    bodies: PCollection[ExtractedArticle]
    known: PCollection[Outcome] = dataclasses.field(init=False)
    rows: PCollection[Row] = dataclasses.field(init=False)

    def expand(self, failures: PCollection[Failure]) -> PCollection[Failure]:
        """Joins those of one address, then looks each up."""
        by_address = {
            "failed": failures | "Addressed" >> beam.Filter(_has_address) | "KeyFailures" >> beam.Map(key_failure),
            "read": self.bodies | "KeyBodies" >> beam.Map(key_body),
        } | "Join" >> beam.CoGroupByKey()
        joined = by_address | "OneAnAddress" >> beam.FlatMap(merge_failures).with_output_types(Failure)
        others = failures | "Others" >> beam.Filter(lambda failure: not _has_address(failure))
        parted = (
            (joined, others)
            | "All" >> beam.Flatten()
            | "LookUp" >> beam.ParDo(SortRefusedFn(self.refused)).with_outputs(KNOWN, ROWS, main="news")
        )
        self.known, self.rows = parted[KNOWN], parted[ROWS]
        return parted["news"]


def key_failure(failure: Failure) -> tuple[str, Failure]:
    """Keys a failure by its address, as `key_body` does."""
    return f"{address_key(failure.outlet, failure.url or ''):016x}", failure


def key_body(body: ExtractedArticle) -> tuple[str, bool]:
    """Keys a body by its address."""
    return f"{url_key(body.outlet, body):016x}", True


def merge_failures(joined: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Failure]:
    """The failures of one address: one for each thing that gave nothing, whatever it was named by."""
    found = joined[1]
    read = any(found["read"])
    kept: dict[int, Failure] = {}
    for failure in sorted(found["failed"], key=lambda f: (f.source_uri, f.detail, f.entry_key)):
        if not (read and failure.reason in _BARE):
            kept.setdefault(refusal_key(failure), failure)
    yield from kept.values()


def _has_address(failure: Failure) -> bool:
    return failure.url is not None and failure.url != failure.source_uri
