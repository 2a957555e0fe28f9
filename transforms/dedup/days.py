"""Day counts: on how many distinct days before a story's own day each shingle was seen.

Days, not documents: a wire story in 300 papers on one day keeps its weight, a template that recurs for weeks fades.
"""

import numpy as np
import numpy.typing as npt

from transforms.dedup.config import DAY
from transforms.dedup.sketch import Hashes, Sketch, as_hashes

DAYS = np.dtype([("hash", "<u8"), ("day", "<i4")])
Records = npt.NDArray[np.void]


def day_of(at: int) -> int:
    """Days since 1970 (UTC) of whole seconds."""
    return at // DAY


def make_day_records(sketch: Sketch) -> Records:
    """One record for each shingle: seen on the document's day."""
    shingles = as_hashes(sketch.shingles)
    records = np.empty(len(shingles), DAYS)
    records["hash"], records["day"] = shingles, day_of(sketch.at)
    return records


def unique_days(records: Records) -> Records:
    """Sorts by hash, then day, each pair once."""
    if not len(records):
        return records
    records = records[np.lexsort((records["day"], records["hash"]))]
    new = np.ones(len(records), bool)
    new[1:] = (records["hash"][1:] != records["hash"][:-1]) | (records["day"][1:] != records["day"][:-1])
    return records[new]


def keep_faded(records: Records) -> Records:
    """The records of hashes that were seen on two days or more: all others weigh 1 whatever the day."""
    if not len(records):
        return records
    same = records["hash"][1:] == records["hash"][:-1]
    keep = np.zeros(len(records), bool)
    keep[1:] = same
    keep[:-1] |= same
    return records[keep]


class DayCounts:
    """Counts distinct days by binary search over sorted records."""

    def __init__(self, records: Records):
        """Indexes records that unique_days sorted; those of hashes with one day only may be left out."""
        first = np.ones(len(records), bool)
        np.not_equal(records["hash"][1:], records["hash"][:-1], out=first[1:])
        self._hashes, ranks = records["hash"][first], np.cumsum(first) - 1
        self._low = int(records["day"].min()) if len(records) else 0
        self._span = (int(records["day"].max()) - self._low + 1) if len(records) else 1
        self._keys = ranks * self._span + (records["day"].astype(np.int64) - self._low)

    def count(self, hashes: Hashes, day: int, span: int) -> npt.NDArray[np.int64]:
        """On how many of the `span` days before `day` each hash was seen, where that is at least 2; else 0 or 1."""
        if not len(self._hashes):
            return np.zeros(len(hashes), np.int64)
        place = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        base = place * self._span
        end = min(max(day - self._low, 0), self._span)
        begin = min(max(day - span - self._low, 0), self._span)
        seen = np.searchsorted(self._keys, base + end) - np.searchsorted(self._keys, base + begin)
        return np.where(self._hashes[place] == hashes, seen, 0)

    def weights(self, hashes: Hashes, day: int, span: int) -> npt.NDArray[np.float64]:
        """Weight of each shingle: 1 / max(1, days)^2."""
        return 1.0 / np.square(np.maximum(1, self.count(hashes, day, span)), dtype=np.float64)


def join_days(parts: list[Records]) -> Records:
    """Joins day records of runs and documents; only what a count of two can come from."""
    joined = np.concatenate(parts) if parts else np.empty(0, DAYS)
    return keep_faded(unique_days(joined))
