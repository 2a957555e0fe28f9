"""Rows to the bytes of a published Parquet file: explicit schema, fixed order, fixed settings."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.listing import dataset_of
from schemas.views import DATASETS

ROW_GROUP = 122_880
_LARGE = 1 << 22
_IDS = {
    "events": ("event_id",),
    "articles": ("article_id", "version"),
    "quarantine": ("source_uri", "url", "reason", "payload_sha256", "detail"),
}


def schema_of(dataset: str) -> pa.Schema:
    """Schema of a dataset, or of one of the lists of views.sql."""
    return DATASETS[dataset_of(dataset)]


def row_ids(dataset: str, row: Mapping[str, Any]) -> tuple[tuple[bool, Any], ...]:
    """What names a row in its dataset, comparable also where a part is null."""
    return tuple((row[name] is not None, "" if row[name] is None else row[name]) for name in _IDS[dataset])


def sort_rows(dataset: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sorts by published_at (rows without one last; quarantine has none), then the row's id."""

    def place(row: Mapping[str, Any]) -> tuple[Any, ...]:
        published = row.get("published_at")
        return (published is None, published.timestamp() if published is not None else 0.0, row_ids(dataset, row))

    return sorted(rows, key=place)


def sort_table(dataset: str, table: pa.Table) -> pa.Table:
    """Sorts a table as sort_rows does, but that null parts of an id come last."""
    keys = [name for name in ("published_at", *_IDS[dataset]) if name in table.column_names]
    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in keys]))


def encode_rows(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> bytes:
    """Makes the Parquet bytes of rows.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column.
    """
    return encode_table(pa.Table.from_pylist(list(rows), schema=schema))


def decode_table(data: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows of a Parquet file.

    Small ones are read in this thread: to hand each column to Arrow's pool takes longer, and much longer on a busy machine.

    Raises:
        pyarrow.ArrowInvalid: it is cut.
    """
    return pq.ParquetFile(io.BytesIO(data)).read(columns, use_threads=len(data) > _LARGE)


def encode_table(table: pa.Table) -> bytes:
    """Makes the Parquet bytes of a table that has its dataset's schema."""
    sink = io.BytesIO()
    pq.write_table(
        table, sink, compression="zstd", row_group_size=ROW_GROUP, write_statistics=True, write_page_index=True
    )
    return sink.getvalue()
