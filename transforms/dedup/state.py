"""What later runs must know of the stories of earlier ones: the state tables and how they are made."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import xxhash

from transforms.dedup.config import DAY, DedupConfig
from transforms.dedup.days import DAYS, Records, make_day_records, unique_days
from transforms.dedup.sketch import SCHEME, SELF_TEST, as_hashes, sample_size
from transforms.dedup.star import Placed
from transforms.store.state import StateTable

_CONFIG = DedupConfig()
STATE_SCHEME = (
    f"dedup-1: {SCHEME} {SELF_TEST}, sample 1/{_CONFIG.sample_rate} at least {_CONFIG.sample_floor}, "
    f"numbers, sentences: XXH3-64; bodies: XXH3-128"
)

DOCUMENTS = StateTable(
    "dedup_documents",
    pa.schema(
        [
            pa.field("node", pa.uint64(), nullable=False),
            pa.field("at", pa.int64(), nullable=False),
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("version", pa.int32(), nullable=False),
            pa.field("outlet", pa.string(), nullable=False),
            pa.field("story", pa.uint64(), nullable=False),
            pa.field("story_id", pa.string(), nullable=False),
            pa.field("canonical", pa.string()),
            pa.field("similarity", pa.float64()),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("tokens", pa.int32(), nullable=False),
            pa.field("digest", pa.binary(16), nullable=False),
            pa.field("exact_body", pa.uint64(), nullable=False),
            pa.field("exact_lead", pa.uint64(), nullable=False),
            pa.field("title", pa.binary(), nullable=False),
            pa.field("numbers", pa.binary(), nullable=False),
            pa.field("lead", pa.binary(), nullable=False),
            pa.field("sentences", pa.binary(), nullable=False),
            pa.field("rubric", pa.bool_(), nullable=False),
            pa.field("holds", pa.binary(), nullable=False),
            pa.field("within", pa.binary(), nullable=False),
        ]
    ),
    STATE_SCHEME,
    clock="at",
    life=_CONFIG.exact_window + DAY,
)
SHINGLES = StateTable(
    "dedup_shingles",
    pa.schema(
        [
            pa.field("node", pa.uint64(), nullable=False),
            pa.field("at", pa.int64(), nullable=False),
            pa.field("sample", pa.int32(), nullable=False),
            pa.field("shingles", pa.binary(), nullable=False),
        ]
    ),
    STATE_SCHEME,
    clock="at",
    life=2 * _CONFIG.window + 4 * DAY,
)
DAY_COUNTS = StateTable(
    "dedup_days",
    pa.schema([pa.field("hash", pa.uint64(), nullable=False), pa.field("day", pa.int32(), nullable=False)]),
    STATE_SCHEME,
    clock="day",
    life=_CONFIG.day_span + 1,
)
# Shingles are asked for twice over the window (two parts of one digest may lie as far apart), and some days more, so that
# a feed that is read for the first time finds what its stories of last week are copies of.
TABLES = (DOCUMENTS, SHINGLES, DAY_COUNTS)


def story_key(story_id: str) -> int:
    """Key of a story in the state: 63 bits."""
    return xxhash.xxh3_64_intdigest(story_id.encode()) >> 1


def pack(nodes: Iterable[int]) -> bytes:
    """Nodes as little-endian uint64."""
    return np.array(list(nodes), "<u8").tobytes()


def documents_table(placed: Iterable[Placed]) -> pa.Table:
    """The rows of placed documents, in the order of decision."""
    rows = []
    for one in sorted(placed, key=lambda p: p.sketch.order):
        sketch = one.sketch
        rows.append(
            {
                "node": sketch.node,
                "at": sketch.at,
                "article_id": sketch.article_id,
                "version": sketch.version,
                "outlet": sketch.outlet,
                "story": story_key(one.story_id),
                "story_id": one.story_id,
                "canonical": one.canonical,
                "similarity": one.similarity,
                "reason": one.reason,
                "tokens": sketch.tokens,
                "digest": sketch.digest,
                "exact_body": sketch.exact[0],
                "exact_lead": sketch.exact[1] if len(sketch.exact) > 1 else 0,
                "title": sketch.title,
                "numbers": sketch.numbers,
                "lead": sketch.lead,
                "sentences": sketch.sentences,
                "rubric": sketch.rubric,
                "holds": pack(one.holds),
                "within": pack(one.within),
            }
        )
    return pa.Table.from_pylist(rows, schema=DOCUMENTS.schema)


def shingles_table(placed: Iterable[Placed], config: DedupConfig) -> pa.Table:
    """The shingles of placed documents, in the order of decision."""
    rows = []
    for sketch in sorted((p.sketch for p in placed), key=lambda s: s.order):
        shingles = as_hashes(sketch.shingles)
        # Texts shorter than a shingle sample are found by their exact keys alone.
        sample = sample_size(shingles, config.sample_limit, config.sample_floor) if sketch.tokens >= config.short else 0
        rows.append({"node": sketch.node, "at": sketch.at, "sample": sample, "shingles": sketch.shingles})
    return pa.Table.from_pylist(rows, schema=SHINGLES.schema)


def days_table(records: Records) -> pa.Table:
    """The day records of a run, sorted."""
    records = unique_days(records)
    return pa.table(
        [pa.array(np.ascontiguousarray(records["hash"])), pa.array(np.ascontiguousarray(records["day"]))],
        schema=DAY_COUNTS.schema,
    )


def make_tables(placed: list[Placed], config: DedupConfig) -> dict[str, pa.Table]:
    """The state segments of a run, by table name."""
    records = [make_day_records(p.sketch) for p in placed]
    return {
        DOCUMENTS.name: documents_table(placed),
        SHINGLES.name: shingles_table(placed, config),
        DAY_COUNTS.name: days_table(np.concatenate(records) if records else np.empty(0, DAYS)),
    }
