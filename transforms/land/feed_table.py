"""What the next poll of each feed must know: the state table `feeds`."""

import dataclasses
import datetime as dt

import pyarrow as pa

from schemas.feed_state import FeedState
from transforms.store.state import StateRef, StateTable

_INSTANT = pa.timestamp("us", tz="UTC")
FEEDS_TABLE = StateTable(
    "feeds",
    pa.schema(
        [
            pa.field("url", pa.string(), nullable=False),
            pa.field("etag", pa.string()),
            pa.field("last_modified", pa.string()),
            pa.field("body_sha256", pa.string()),
            pa.field("polled_at", _INSTANT),
            pa.field("full_at", _INSTANT),
            pa.field("not_before", _INSTANT),
            pa.field("failures", pa.int32(), nullable=False),
            pa.field("permanent_url", pa.string()),
            pa.field("outlet", pa.string()),
            pa.field("entries", pa.int32()),
            pa.field("keys", pa.list_(pa.int64()), nullable=False),
            pa.field("fresh_at", _INSTANT),
            pa.field("gaps", pa.int32(), nullable=False),
            pa.field("gap_at", _INSTANT),
        ]
    ),
    "feeds-2",
    ("url",),
)


def load_feeds(state: StateRef) -> dict[str, FeedState]:
    """The state of every feed, by its URL."""
    return {row["url"]: FeedState(**{**row, "keys": tuple(row["keys"])}) for row in state.load(FEEDS_TABLE).to_pylist()}


def feed_row(state: FeedState) -> dict[str, str | int | list[int] | dt.datetime | None]:
    """The state row of a feed."""
    return {**dataclasses.asdict(state), "keys": list(state.keys)}
