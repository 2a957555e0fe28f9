"""Entries that give nothing are quarantined once, not at every poll: the state table `refused`."""

import dataclasses
from collections.abc import Iterable
from typing import Literal

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.quarantine import Failure
from transforms.article.identity import key64
from transforms.outcomes import Outcome
from transforms.store.rows import Row
from transforms.store.state import StateRef, StateTable

REFUSED_TABLE = StateTable(
    "refused", pa.schema([pa.field("key", pa.uint64(), nullable=False)]), "refused-1: blake2b-64", ("key",)
)
KNOWN: Literal["known"] = "known"
ROWS: Literal["rows"] = "rows"


def refusal_key(failure: Failure) -> int:
    """Key of an entry that gave nothing: the same entry with the same content has the same key."""
    return key64(failure.source_uri, failure.url or "", failure.reason, failure.payload_sha256 or "")


class _Keys(frozenset[int]):
    """A set that can be weakly referenced, as Shared needs."""


class SortRefusedFn(beam.DoFn):
    """Parts failures that earlier runs quarantined from those that are news."""

    def __init__(self, state: StateRef) -> None:
        self._state = state
        self._shared = Shared()

    def setup(self) -> None:
        """Loads the keys once a process."""
        self._keys = self._shared.acquire(lambda: _Keys(self._state.load(REFUSED_TABLE)["key"].to_pylist()))

    def process(
        self, failure: Failure
    ) -> Iterable[Failure | TaggedOutput[Literal["known"], Outcome] | TaggedOutput[Literal["rows"], Row]]:
        """Yields news; the rest is known."""
        if not failure.once:
            yield failure
            return
        key = refusal_key(failure)
        if key in self._keys:
            yield TaggedOutput(KNOWN, Outcome(failure.outlet, "known"))
        else:
            yield TaggedOutput(ROWS, {"key": key})
            yield failure


@dataclasses.dataclass
class QuarantineOnce(beam.PTransform):
    """Passes failures on, but those that would come again at every poll only the first time.

    Attributes:
        state: as of the newest manifest.
        known, rows: outcomes and state rows; there once it is applied.
    """

    state: StateRef
    known: PCollection[Outcome] = dataclasses.field(init=False)
    rows: PCollection[Row] = dataclasses.field(init=False)

    def expand(self, failures: PCollection[Failure]) -> PCollection[Failure]:
        """Looks each up."""
        parted = failures | "LookUp" >> beam.ParDo(SortRefusedFn(self.state)).with_outputs(KNOWN, ROWS, main="news")
        self.known, self.rows = parted[KNOWN], parted[ROWS]
        return parted["news"]
