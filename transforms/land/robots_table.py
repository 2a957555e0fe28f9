"""What sites answered when they were asked for their robots.txt: the state table `robots`."""

import datetime as dt

import pyarrow as pa

from transforms.land.robots import RobotsAnswer
from transforms.store.state import StateRef, StateTable

ROBOTS_TABLE = StateTable(
    "robots",
    pa.schema(
        [
            pa.field("place", pa.string(), nullable=False),
            pa.field("at", pa.int64(), nullable=False),  # seconds since 1970, UTC
            pa.field("status", pa.int32()),
            pa.field("body", pa.string(), nullable=False),
        ]
    ),
    "robots-1",
    ("place",),
    clock="at",
    life=7 * 24 * 3600,
)


def load_robots(state: StateRef) -> dict[str, RobotsAnswer]:
    """The last answer of every site, by the address of its robots.txt."""
    rows = state.load(ROBOTS_TABLE).to_pylist()
    return {
        row["place"]: RobotsAnswer(
            row["place"], dt.datetime.fromtimestamp(row["at"], dt.UTC), row["status"], row["body"]
        )
        for row in rows
    }


def robots_row(answer: RobotsAnswer) -> dict[str, str | int | None]:
    """The state row of an answer."""
    return {
        "place": answer.place,
        "at": int(answer.at.timestamp()),
        "status": answer.status,
        "body": answer.body,
    }
