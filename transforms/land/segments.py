"""Segments of a landing: how they are named, and how they are filled while fetches go on."""

import asyncio
import dataclasses
import time
from typing import Protocol

from transforms.land.warc import Landed, SegmentWriter

FEEDS, PAGES = "feeds", "pages"  # first part of their segments' names
SHAPE = "shards"  # the file that keeps the number of shards, where there are several


class Landing(Protocol):
    """Where fetched bytes are kept, `_landing/<run_id>/` below the output (transforms.store alone writes there)."""

    def land(self, run_id: str, name: str, data: bytes) -> None:
        """Keeps a file whole, or not at all."""
        ...

    def landed(self, run_id: str, name: str) -> bytes | None:
        """The bytes of a file that was kept, None where there is none."""
        ...


def segment_name(kind: str, shard: int, shards: int, number: int) -> str:
    """Name of a segment's file: the same in every run of the same shape."""
    return f"{kind}-{shard:05d}-of-{shards:05d}-{number:05d}.warc.gz"


@dataclasses.dataclass
class Segments:
    """Collects records and writes them out, segment by segment.

    Attributes:
        store, run_id: where they are kept.
        kind, shard, shards: parts of their names.
        number: of the next one.
        bytes, seconds: a segment is written once it is this large or old.
    """

    store: Landing
    run_id: str
    kind: str
    shard: int
    shards: int
    number: int
    bytes: int
    seconds: float

    def __post_init__(self) -> None:
        self._open = SegmentWriter()
        self._since = time.monotonic()
        self._writing = asyncio.Lock()

    async def add(self, landed: Landed) -> None:
        """Adds a record and writes the segment when it is full or old."""
        self._open.add(landed)
        if self._open.size >= self.bytes or time.monotonic() - self._since >= self.seconds:
            await self.write()

    async def write(self) -> None:
        """Writes what was collected, if anything; in a thread, so that a slow store doesn't use up others' deadlines."""
        full, self._open = self._open, SegmentWriter()
        self._since = time.monotonic()
        if not full.records:
            return
        if self.number == 0 and self.shards > 1:
            await asyncio.to_thread(self.store.land, self.run_id, SHAPE, str(self.shards).encode())
        async with self._writing:  # one after the other: a run that dies leaves no gap in the numbers
            name = segment_name(self.kind, self.shard, self.shards, self.number)
            await asyncio.to_thread(self.store.land, self.run_id, name, full.finish())
            self.number += 1
