"""State between runs: tables kept as Parquet segments that the newest manifest names."""

import dataclasses
import io
import json
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.manifest import StagedFile
from transforms.store.encode import decode_table
from transforms.store.errors import StateMismatch, StateMissing
from transforms.store.filesystem import open_filesystem

# Segments of one level that are merged into one of the next: a table of n runs has at most 7 log8(n) segments.
TIER = 8
STATE_FOLDER = "_state"
_SCHEME, _KEY, _CLOCK = b"newsmill.scheme", b"newsmill.key", b"newsmill.clock"
# Share of a segment's rows whose clock is trusted: a few stray dates must not make a table expire.
_TRUSTED = 0.9


@dataclasses.dataclass(frozen=True, slots=True)
class StateTable:
    """A table that the next run must know.

    Attributes:
        name: folder below `_state`, in lower case.
        schema: of its rows.
        scheme: names how the values are made (hash, normalisation, …); another one makes old rows worthless.
        key: of rows with equal values in these columns the newest is kept; empty keeps all rows.
        clock, life: rows whose integer column `clock` lies more than `life` behind the table's newest rows expire; they go
            when segments are merged, and segments that hold nothing else go at once. Empty keeps all rows.
    """

    name: str
    schema: pa.Schema
    scheme: str
    key: tuple[str, ...] = ()
    clock: str = ""
    life: int = 0

    @property
    def dataset(self) -> str:
        """Name of the table in a StagedFile."""
        return f"{STATE_FOLDER}/{self.name}"


@dataclasses.dataclass(frozen=True)
class StateRef:
    """The state as of one manifest, small enough to send to workers.

    Attributes:
        root: of the tree.
        run_id: of the manifest; None for an empty tree.
        segments: by table name, oldest first.
    """

    root: str
    run_id: str | None = None
    segments: Mapping[str, tuple[StagedFile, ...]] = dataclasses.field(default_factory=dict)

    def load(self, table: StateTable, columns: Sequence[str] | None = None) -> pa.Table:
        """Loads the rows of a table, the newest for each key; no rows where no run has written any.

        Args:
            table: what to load.
            columns: the columns to return; None for all.

        Raises:
            StateMismatch: it was written under another scheme.
            StateMissing: a segment is gone or cut.
        """
        self.check(table)
        wanted = list(columns or table.schema.names)
        read = list(dict.fromkeys([*wanted, *table.key]))
        schema = pa.schema([table.schema.field(name) for name in read])
        files = open_filesystem(self.root)
        parts = [schema.empty_table()]
        for segment in self.segments.get(table.name, ()):
            try:
                part = decode_table(files.read(segment.path), read)
            except (FileNotFoundError, pa.ArrowInvalid) as error:
                raise missing_state(segment.path, self.root) from error
            parts.append(part.select(read).cast(schema))
        return keep_newest(pa.concat_tables(parts), table.key).select(wanted)

    def check(self, *tables: StateTable) -> None:
        """Refuses state that can't be used: called at launch, before any work is done.

        Raises:
            StateMismatch: a table was written under another scheme.
            StateMissing: a segment is gone or cut.
        """
        files = open_filesystem(self.root)
        for table in tables:
            for segment in self.segments.get(table.name, ()):
                if segment.scheme != table.scheme:
                    raise StateMismatch(
                        f"the state table '{table.name}' of {self.root} was written under scheme {segment.scheme!r}, "
                        f"this newsmill works with {table.scheme!r}: "
                        f"run `newsmill rebuild-state --output {self.root}`, which makes it anew from the articles"
                    )
                try:
                    size = files.size(segment.path)
                except FileNotFoundError:
                    size = -1
                if size != segment.bytes:
                    raise missing_state(segment.path, self.root)


def missing_state(path: str, root: str) -> StateMissing:
    """The error for a segment that can't be read."""
    return StateMissing(
        f"the state file {path} of {root} is missing or cut; nothing of the published data is lost: "
        f"run `newsmill rebuild-state --output {root}`, which makes the state anew from the articles"
    )


def keep_newest(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """Keeps the last of the rows with equal key columns, in their order; all rows where the key is empty."""
    if not key or rows.num_rows == 0:
        return rows
    numbered = rows.select(list(key)).append_column("__row", pa.array(range(rows.num_rows), pa.int64()))
    last = numbered.group_by(list(key)).aggregate([("__row", "max")])["__row_max"]
    return rows.take(last.combine_chunks().sort())


def encode_segment(rows: pa.Table, scheme: str, key: Sequence[str], clock: str = "", life: int = 0) -> bytes:
    """Makes the Parquet bytes of a segment; what StateTable says stands in its metadata, so that any newsmill can merge it."""
    metadata = {_SCHEME: scheme.encode(), _KEY: json.dumps(list(key)).encode()}
    if clock:
        metadata[_CLOCK] = json.dumps([clock, life]).encode()
    sink = io.BytesIO()
    pq.write_table(rows.replace_schema_metadata(metadata), sink, compression="zstd", write_page_index=True)
    return sink.getvalue()


def decode_segment(data: bytes) -> tuple[pa.Table, str, tuple[str, ...]]:
    """Rows, scheme and key of a segment. Raises pyarrow.ArrowInvalid where it is cut."""
    rows = decode_table(data)
    metadata = rows.schema.metadata or {}
    return rows, metadata.get(_SCHEME, b"").decode(), tuple(json.loads(metadata.get(_KEY, b"[]")))


def read_clock(data: bytes) -> dict[str, int]:
    """`newest`, `last` and `life` of a segment, as StagedFile has them; empty where its rows don't expire."""
    footer = pq.read_metadata(io.BytesIO(data))
    clock, life = _clock_of(footer.metadata)
    if not clock or not footer.num_rows:
        return {}
    values = decode_table(data, [clock])[clock]
    return {"newest": _newest(values), "last": pc.max(values).as_py(), "life": life}


def _clock_of(metadata: Mapping[bytes, bytes] | None) -> tuple[str, int]:
    clock, life = json.loads((metadata or {}).get(_CLOCK, b'["", 0]'))
    return str(clock), int(life)


def _newest(values: pa.ChunkedArray) -> int:
    return int(pc.quantile(values, q=_TRUSTED, interpolation="lower")[0].as_py())


def merge_segments(segments: Sequence[bytes]) -> tuple[bytes, int]:
    """Merges segments of one table, oldest first, into one without what has expired: its bytes and number of rows."""
    decoded = [decode_segment(data) for data in segments]
    _, scheme, key = decoded[-1]
    clock, life = _clock_of(decoded[-1][0].schema.metadata)
    rows = keep_newest(pa.concat_tables([rows.replace_schema_metadata(None) for rows, _, _ in decoded]), key)
    if clock and rows.num_rows:
        rows = rows.filter(pc.greater_equal(rows[clock], _newest(rows[clock]) - life))
    return encode_segment(rows, scheme, key, clock, life), rows.num_rows


def drop_expired(segments: Sequence[StagedFile]) -> list[StagedFile]:
    """Leaves out the segments of a table of which every row has expired."""
    newest = max((s.newest for s in segments if s.newest is not None), default=0)
    return [s for s in segments if s.last is None or s.last >= newest - s.life]


def tail_to_merge(levels: Sequence[int]) -> int:
    """How many of the newest segments are due to become one: the longest tail that fills a tier, 0 for none.

    >>> tail_to_merge([0] * 7), tail_to_merge([0] * 8), tail_to_merge([1] * 7 + [0] * 8)
    (0, 8, 15)
    """
    tail, level, length = 0, 0, 0
    for place in range(len(levels) - 1, -1, -1):
        if levels[place] > level:
            if length < TIER:
                break
            # The full tier counts as one segment of the next level.
            level, length = level + 1, 1
            if levels[place] > level:
                break
        length += 1
        if length >= TIER:
            tail = len(levels) - place
    return tail


def merged_level(levels: Sequence[int]) -> int:
    """Level of the segment that `levels` are merged into."""
    return max(levels) + 1
