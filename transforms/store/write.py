"""The Beam end of the store: rows to staged files, and one commit at the end of every run."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsDict, AsIter, PCollection
from apache_beam.transforms.combiners import Count

from schemas.manifest import Manifest, StagedFile
from transforms.outcomes import Counted, sum_counts
from transforms.store.commit import Tree
from transforms.store.encode import encode_rows, row_ids, schema_of, sort_rows
from transforms.store.lock import utc_now
from transforms.store.rewrite import Rewrite
from transforms.store.state import StateTable, encode_segment, keep_newest, read_clock

Row = dict[str, Any]
# Rows a file: an article weighs some 3 KB, an event 1 KB, so a file stays below about 150 MB before compression.
FILE_ROWS = 50_000


@dataclasses.dataclass
class WriteRows(beam.PTransform):
    """Stages the rows of a dataset as Parquet files, one a leaf (more only beyond `file_rows`).

    Takes (leaf, row) as transforms.store.rows makes them; gives what was staged. Names depend on the rows alone, so a
    bundle that is run twice writes the same files.
    """

    dataset: str
    tree: Tree
    run_id: str
    file_rows: int = FILE_ROWS

    def expand(self, rows: PCollection[tuple[str, Row]]) -> PCollection[StagedFile]:
        """Counts the leaves, spreads large ones over shards, and stages each shard."""
        sizes = rows | "Leaves" >> beam.Keys() | "Count" >> Count.PerElement()
        return (
            rows
            | "Shard" >> beam.Map(shard_row, dataset=self.dataset, sizes=AsDict(sizes), file_rows=self.file_rows)
            | "Group" >> beam.GroupByKey()
            | "Stage" >> beam.Map(stage_leaf, dataset=self.dataset, tree=self.tree, run_id=self.run_id)
        )


@dataclasses.dataclass
class WriteState(beam.PTransform):
    """Stages the rows that a run adds to a state table; no rows, no file."""

    table: StateTable
    tree: Tree
    run_id: str

    def expand(self, rows: PCollection[Row]) -> PCollection[StagedFile]:
        """Gathers the rows in one place, sorts and stages them."""
        return (
            rows
            | "Key" >> beam.WithKeys("")
            | "Group" >> beam.GroupByKey()
            | "Stage" >> beam.Map(stage_state, table=self.table, tree=self.tree, run_id=self.run_id)
        )


@dataclasses.dataclass
class CommitRun(beam.PTransform):
    """Commits a run, once, when everything is staged and counted; also a run that staged nothing.

    Attributes:
        tree: the output.
        draft: what the run is; counters and files are filled in.
        counted: from CountOutcomes and CountTallies, flattened.
        keep_landing: age at which landed bytes are deleted; None keeps them.
        held: number of the run's TreeLock.
        now: the clock.
        rewrite: files that the commit puts in the place of others besides.
    """

    tree: Tree
    draft: Manifest
    counted: PCollection[Counted]
    keep_landing: dt.timedelta | None = None
    held: int | None = None
    now: Callable[[], dt.datetime] = utc_now
    rewrite: Rewrite | None = None

    def expand(self, staged: PCollection[StagedFile]) -> PCollection[Manifest]:
        """Gives the manifest."""
        return (
            staged.pipeline
            | "Once" >> beam.Impulse()
            | "Commit"
            >> beam.Map(
                commit_run,
                tree=self.tree,
                draft=self.draft,
                staged=AsIter(staged),
                counted=AsIter(self.counted),
                keep_landing=self.keep_landing,
                held=self.held,
                now=self.now,
                rewrite=self.rewrite,
            ).with_output_types(Manifest)
        )


def shard_row(
    filed: tuple[str, Row], dataset: str, sizes: Mapping[str, int], file_rows: int
) -> tuple[tuple[str, int], Row]:
    """Puts a row into a shard of its leaf, by its id; a leaf of `file_rows` or fewer has one shard."""
    folder, row = filed
    shards = -(-sizes[folder] // file_rows)
    if shards == 1:
        return (folder, 0), row
    digest = hashlib.blake2b(repr(row_ids(dataset, row)).encode(), digest_size=8).digest()
    return (folder, int.from_bytes(digest, "big") % shards), row


def stage_leaf(shard: tuple[tuple[str, int], Iterable[Row]], dataset: str, tree: Tree, run_id: str) -> StagedFile:
    """Sorts the rows of a shard and stages them."""
    (folder, number), rows = shard
    ordered = sort_rows(dataset, list(rows))
    published = [row["published_at"] for row in ordered if row.get("published_at") is not None]
    return tree.stage(
        run_id,
        dataset,
        f"{folder}/part-{run_id}-{number}.parquet",
        encode_rows(ordered, schema_of(dataset)),
        rows=len(ordered),
        min_published_at=published[0].isoformat() if published else None,
        max_published_at=published[-1].isoformat() if published else None,
        revised=any(row.get("version", 1) > 1 for row in ordered),
    )


def stage_state(keyed: tuple[str, Iterable[Row]], table: StateTable, tree: Tree, run_id: str) -> StagedFile:
    """Sorts the rows that a run adds to a table, by their representation, and stages them as one segment."""
    ordered = sorted(keyed[1], key=lambda row: repr([row.get(name) for name in table.schema.names]))
    segment = keep_newest(pa.Table.from_pylist(ordered, schema=table.schema), table.key)
    return stage_table((table.name, segment), {table.name: table}, tree, run_id)


def commit_run(
    _: bytes,
    tree: Tree,
    draft: Manifest,
    staged: Iterable[StagedFile],
    counted: Iterable[Counted],
    keep_landing: dt.timedelta | None,
    held: int | None,
    now: Callable[[], dt.datetime],
    rewrite: Rewrite | None = None,
) -> Manifest:
    """Fills the counters in and commits; a second call with the same run id changes nothing."""
    total, outlets, further = sum_counts(counted)
    filled = dataclasses.replace(draft, total=total, outlets=outlets, further=further)
    also = rewrite or Rewrite((), ())
    every = (*staged, *also.staged)
    return tree.commit(filled, every, removed=also.removed, keep_landing=keep_landing, held=held, now=now)


@dataclasses.dataclass
class WriteStateTables(beam.PTransform):
    """Stages state that a stage has made as whole tables: (table name, rows)."""

    tables: tuple[StateTable, ...]
    tree: Tree
    run_id: str

    def expand(self, made: PCollection[tuple[str, pa.Table]]) -> PCollection[StagedFile]:
        """Stages each as one segment; no rows, no file."""
        by_name = {table.name: table for table in self.tables}
        return (
            made
            | "NotEmpty" >> beam.Filter(lambda named: named[1].num_rows > 0)
            | "Stage" >> beam.Map(stage_table, tables=by_name, tree=self.tree, run_id=self.run_id)
        )


def stage_table(named: tuple[str, pa.Table], tables: Mapping[str, StateTable], tree: Tree, run_id: str) -> StagedFile:
    """Stages the rows that a run adds to a table as one segment, in the order they are in."""
    name, rows = named
    table = tables[name]
    data = encode_segment(rows, table.scheme, table.key, table.clock, table.life)
    path = f"{table.dataset}/{run_id}-new.parquet"
    return tree.stage(
        run_id, table.dataset, path, data, rows=rows.num_rows, scheme=table.scheme, clock=read_clock(data)
    )
