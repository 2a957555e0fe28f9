"""Published files made anew: leaves compacted, expired, or without some articles."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.manifest import StagedFile
from schemas.views import DATASETS
from transforms.store.commit import Tree
from transforms.store.encode import decode_table, encode_table, schema_of, sort_table
from transforms.store.errors import TreeDamaged


@dataclasses.dataclass(frozen=True, slots=True)
class Rewrite:
    """What a maintenance commit does: files to publish, and those they replace."""

    staged: tuple[StagedFile, ...]
    removed: tuple[str, ...]
    rows: int = 0

    def __bool__(self) -> bool:
        return bool(self.removed)


def leaves_of(paths: Sequence[str]) -> dict[str, list[str]]:
    """Paths by their folder, in order.

    >>> leaves_of(["events/date=2026-03-02/outlet=a/part-2.parquet", "events/date=2026-03-02/outlet=a/part-1.parquet"])
    {'events/date=2026-03-02/outlet=a': ['events/date=2026-03-02/outlet=a/part-1.parquet', \
'events/date=2026-03-02/outlet=a/part-2.parquet']}
    """
    leaves: dict[str, list[str]] = {}
    for path in sorted(paths):
        leaves.setdefault(path.rpartition("/")[0], []).append(path)
    return leaves


def day_of(leaf: str) -> dt.date:
    """Day of a leaf folder or of a file in it.

    >>> day_of("events/date=2026-03-02/outlet=a")
    datetime.date(2026, 3, 2)
    """
    return dt.date.fromisoformat(leaf.split("/")[1].removeprefix("date="))


def compact_leaves(tree: Tree, run_id: str, before: dt.date) -> Rewrite:
    """Stages one sorted file for each leaf of several files, of the days before `before`.

    Raises:
        TreeDamaged: a file of the tree is missing or cut.
    """

    def compacted(tables: list[pa.Table]) -> pa.Table | None:
        return pa.concat_tables(tables) if len(tables) > 1 else None

    return _rewrite(tree, run_id, lambda leaf: day_of(leaf) < before, compacted, several=True)


def expired_files(tree: Tree, before: dt.date) -> Rewrite:
    """Names the files of all days before `before`."""
    paths = [path for name in DATASETS for path in tree.listing()[name] if day_of(path) < before]
    return Rewrite((), tuple(sorted(paths)))


def drop_articles(tree: Tree, run_id: str, article_ids: Collection[str], heirs: Mapping[str, str]) -> Rewrite:
    """Stages anew each file that holds rows of these articles, without them.

    Args:
        tree: the tree.
        run_id: of the commit.
        article_ids: to be dropped, with their events.
        heirs: for a dropped canonical article, the copy that takes its place in the story.

    Raises:
        TreeDamaged: a file of the tree is missing or cut.
    """
    dropped = pa.array(sorted(article_ids), pa.string())

    def kept(tables: list[pa.Table]) -> pa.Table | None:
        rows = pa.concat_tables(tables)
        if "article_id" not in rows.column_names:
            return None
        left = rows.filter(pc.invert(pc.is_in(rows["article_id"], dropped)))
        left = _inherit(left, heirs) if "duplicate_of" in left.column_names else left
        return None if left.equals(rows) else left

    return _rewrite(tree, run_id, lambda leaf: not leaf.startswith("quarantine/"), kept, several=False)


# Number of the part that the rest of a leaf becomes, where the same commit adds rows of its own to that leaf.
_REST = 1_000_000


def drop_failures(tree: Tree, run_id: str, answered: Callable[[Mapping[str, Any]], bool]) -> Rewrite:
    """Stages anew each leaf of the quarantine that holds rows for which `answered` is true, without them.

    Raises:
        TreeDamaged: a file of the tree is missing or cut.
    """

    def kept(tables: list[pa.Table]) -> pa.Table | None:
        rows = pa.concat_tables(tables)
        left = rows.filter(pa.array([not answered(row) for row in rows.to_pylist()], pa.bool_()))
        return None if len(left) == len(rows) else left

    return _rewrite(tree, run_id, lambda leaf: leaf.startswith("quarantine/"), kept, several=False, number=_REST)


def _inherit(rows: pa.Table, heirs: Mapping[str, str]) -> pa.Table:
    """Copies of a dropped article become copies of its heir, and the heir the canonical article."""
    originals = rows["duplicate_of"].to_pylist()
    if not any(original in heirs for original in originals):
        return rows
    ids, similar = rows["article_id"].to_pylist(), rows["similarity"].to_pylist()
    heir = [heirs.get(original, original) for original in originals]
    alone = [name == own for name, own in zip(heir, ids, strict=True)]
    for name, values in (("duplicate_of", heir), ("similarity", similar)):
        field = rows.schema.field(name)
        cleared = [None if own else value for own, value in zip(alone, values, strict=True)]
        rows = rows.set_column(rows.schema.get_field_index(name), field, pa.array(cleared, field.type))
    return rows


def _rewrite(
    tree: Tree,
    run_id: str,
    chosen: Callable[[str], bool],
    made: Callable[[list[pa.Table]], pa.Table | None],
    several: bool,
    number: int = 0,
) -> Rewrite:
    """Rewrites chosen leaves: `made` gets the tables of a leaf's files and gives the new one, None to leave it."""
    listing = tree.listing()
    staged, removed, count = [], [], 0
    for dataset in DATASETS:
        for leaf, paths in leaves_of(listing[dataset]).items():
            if not chosen(leaf) or (several and len(paths) < 2):
                continue
            rows = made([read_rows(tree, dataset, path) for path in paths])
            if rows is None:
                continue
            removed += paths
            count += rows.num_rows
            if rows.num_rows:
                staged.append(stage_table(tree, run_id, dataset, leaf, rows, number))
    return Rewrite(tuple(staged), tuple(removed), count)


def read_rows(tree: Tree, dataset: str, path: str) -> pa.Table:
    """Rows of a published file, in the schema of this version: columns it does not have yet are null.

    Raises:
        TreeDamaged: the file is missing or cut.
    """
    try:
        found = decode_table(tree.files.read(path))
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise TreeDamaged(f"{path} of {tree.root} is missing or cut: see `newsmill validate`") from error
    schema = schema_of(dataset)
    if found.schema.equals(schema):
        return pa.Table.from_arrays(found.columns, schema=schema)
    columns = [
        found[field.name].cast(field.type) if field.name in found.column_names else pa.nulls(len(found), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def stage_table(tree: Tree, run_id: str, dataset: str, leaf: str, rows: pa.Table, number: int = 0) -> StagedFile:
    """Sorts rows and stages them as one file of their leaf and run."""
    ordered = sort_table(dataset, rows)
    span: list[str | None] = [None, None]
    if "published_at" in ordered.column_names:
        ends = pc.min_max(ordered["published_at"]).as_py()
        span = [ends[name].isoformat() if ends[name] is not None else None for name in ("min", "max")]
    return tree.stage(
        run_id,
        dataset,
        f"{leaf}/part-{run_id}-{number}.parquet",
        encode_table(ordered),
        rows=ordered.num_rows,
        min_published_at=span[0],
        max_published_at=span[1],
        revised="version" in ordered.column_names and (pc.max(ordered["version"]).as_py() or 0) > 1,
    )


def find_articles(tree: Tree, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Rows of all articles, with the columns asked for."""
    for path in tree.listing()["articles"]:
        yield from read_rows(tree, "articles", path).select(list(columns)).to_pylist()
