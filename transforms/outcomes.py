"""Counting: every input has one outcome, and further counters stand beside them; all from the rows themselves."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.manifest import Counts

OutcomeKind = Literal["new", "version", "copy", "known", "quarantined"]
_FIELDS: dict[str, str] = {
    "new": "new",
    "version": "versions",
    "copy": "copies",
    "known": "known",
    "quarantined": "quarantined",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes:
        outlet: slug that the input was or would have been filed under.
    """

    outlet: str
    kind: OutcomeKind


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """Something else that is counted, such as `Tally("events", "meeting")` for one meeting."""

    group: str
    label: str
    count: int = 1


Counted = tuple[tuple[str, str, str], int]


@dataclasses.dataclass
class CountOutcomes(beam.PTransform):
    """Sums outcomes by outlet and kind."""

    def expand(self, outcomes: PCollection[Outcome]) -> PCollection[Counted]:
        """Gives one element an outlet and kind."""
        return outcomes | "Key" >> beam.Map(key_outcome) | "Sum" >> beam.CombinePerKey(sum)


@dataclasses.dataclass
class CountTallies(beam.PTransform):
    """Sums tallies by group and label."""

    def expand(self, tallies: PCollection[Tally]) -> PCollection[Counted]:
        """Gives one element a group and label."""
        return tallies | "Key" >> beam.Map(key_tally) | "Sum" >> beam.CombinePerKey(sum)


def key_outcome(outcome: Outcome) -> Counted:
    """Key and 1, for the sum."""
    return ("outcome", outcome.outlet, outcome.kind), 1


def key_tally(tally: Tally) -> Counted:
    """Key and count, for the sum."""
    return ("tally", tally.group, tally.label), tally.count


def sum_counts(counted: Iterable[Counted]) -> tuple[Counts, dict[str, Counts], dict[str, dict[str, int]]]:
    """Gathers sums into what a manifest holds: the total, the outlets and the further counters."""
    outlets: dict[str, dict[str, int]] = {}
    further: dict[str, dict[str, int]] = {}
    for (what, name, label), number in sorted(counted):
        group, key = (outlets, _FIELDS[label]) if what == "outcome" else (further, label)
        row = group.setdefault(name, {})
        row[key] = row.get(key, 0) + number
    total = add_counts([Counts(**row) for row in outlets.values()])
    return total, {name: Counts(**row) for name, row in outlets.items()}, further


def add_counts(parts: Iterable[Counts]) -> Counts:
    """Adds up counts."""
    sums: Mapping[str, int] = {}
    for part in parts:
        sums = {field.name: sums.get(field.name, 0) + getattr(part, field.name) for field in dataclasses.fields(Counts)}
    return Counts(**sums)
