"""What earlier runs saw of articles: the state table `seen` and its index.

A row is a sighting: a version that was published, or news of one (another URL, GUID or entry form of it).
Nothing expires: a feed that stands still must not come back as new.
"""

import dataclasses

import numpy as np
import pyarrow as pa
from apache_beam.utils.shared import Shared

from schemas.article import Article
from transforms.article.forgotten import load_forgotten
from transforms.article.identity import SeenVersion, fingerprint, key64, sketch, stamp, url_key
from transforms.store.state import StateRef, StateTable

SEEN = pa.schema(
    [
        pa.field("url_key", pa.uint64(), nullable=False),
        pa.field("guid_key", pa.uint64(), nullable=False),
        pa.field("entry_key", pa.uint64(), nullable=False),
        pa.field("outlet", pa.string(), nullable=False),
        pa.field("article", pa.uint64(), nullable=False),
        pa.field("version", pa.int32(), nullable=False),
        pa.field("fingerprint", pa.uint64(), nullable=False),
        pa.field("full", pa.bool_(), nullable=False),
        pa.field("published", pa.int64(), nullable=False),
        pa.field("sketch", pa.list_(pa.uint32()), nullable=False),
    ]
)
SCHEME = "seen-2: blake2b-64 keys, bottom-16 word sketch, dates in microseconds"
SEEN_TABLE = StateTable("seen", SEEN, SCHEME)


@dataclasses.dataclass(frozen=True, slots=True)
class Sighting:
    """One row of the state table; 0 stands for a key or date that there is none of.

    `version` is 0 for a form of the article that was not published: what another feed says of it under its title.
    """

    url_key: int
    guid_key: int
    entry_key: int
    outlet: str
    article: int
    version: int
    fingerprint: int
    full: bool
    published: int = 0
    sketch: tuple[int, ...] = ()


def see(article: Article) -> Sighting:
    """The sighting of a version that this run publishes."""
    body = article.body
    return Sighting(
        url_key=url_key(body.outlet, body),
        guid_key=guid_key(body.outlet, body.guid),
        entry_key=body.entry_key,
        outlet=body.outlet,
        article=int(article.article_id[1:], 16),
        version=article.version,
        fingerprint=fingerprint(body),
        full=body.origin != "entry",
        published=stamp(body.published),
        sketch=sketch(body),
    )


def guid_key(outlet: str, guid: str | None) -> int:
    """Key of a GUID within its outlet, 0 without one."""
    return key64("guid", outlet, guid) if guid else 0


def sightings_table(sightings: list[Sighting]) -> pa.Table:
    """Makes the state rows, in an order that no bundle order changes."""
    rows = sorted(sightings, key=dataclasses.astuple)
    return pa.Table.from_pylist([dataclasses.asdict(s) for s in rows], schema=SEEN)


class SeenHandle:
    """Loads the index of seen articles once a process; pickled, it is only the reference to the state."""

    def __init__(self, state: StateRef) -> None:
        """Keeps the reference."""
        self._state = state
        self._shared = Shared()

    def acquire(self) -> "SeenIndex":
        """The process's index."""
        return self._shared.acquire(self._load)

    def _load(self) -> "SeenIndex":
        return SeenIndex(self._state.load(SEEN_TABLE), load_forgotten(self._state))


class SeenIndex:
    """Look-ups in a `seen` table by sorted arrays: 8 bytes a key and a row."""

    def __init__(self, table: pa.Table, forgotten: frozenset[str] = frozenset()):
        """Indexes a table of schema SEEN; `forgotten` are the ids of articles to be kept out."""
        self.forgotten = forgotten
        self._columns = {
            name: table[name].combine_chunks().to_numpy(zero_copy_only=False)
            for name in SEEN.names
            if name not in ("sketch", "outlet")
        }
        self._sketch = table["sketch"].combine_chunks()
        self._outlet = table["outlet"].combine_chunks()
        self._order = {
            name: np.argsort(self._columns[name], kind="stable")
            for name in ("url_key", "guid_key", "article", "entry_key")
        }
        self._sorted = {name: self._columns[name][order] for name, order in self._order.items()}
        self.outlets = frozenset(self._outlet.unique().to_pylist())

    def _rows(self, column: str, key: int) -> np.ndarray:
        keys = self._sorted[column]
        low, high = np.searchsorted(keys, np.uint64(key), "left"), np.searchsorted(keys, np.uint64(key), "right")
        return np.sort(self._order[column][low:high])

    def by_url(self, key: int) -> int | None:
        """Article key of a URL key, None when it is new."""
        rows = self._rows("url_key", key)
        return int(self._columns["article"][rows[-1]]) if len(rows) else None

    def by_guid(self, key: int) -> tuple[int, tuple[int, ...]] | None:
        """Article key and latest word sketch of a GUID that only one article has had."""
        rows = self._rows("guid_key", key) if key else np.empty(0, dtype=int)
        if not len(rows) or len(np.unique(self._columns["article"][rows])) > 1:
            return None
        return int(self._columns["article"][rows[-1]]), tuple(self._sketch[int(rows[-1])].as_py())

    def versions(self, article: int) -> list[SeenVersion]:
        """Versions of an article, oldest first."""
        found: dict[int, SeenVersion] = {}
        for row in self._rows("article", article):
            version = int(self._columns["version"][row])
            if not version:
                continue
            found[version] = SeenVersion(
                version,
                int(self._columns["fingerprint"][row]),
                bool(self._columns["full"][row]),
                int(self._columns["published"][row]),
            )
        return [found[v] for v in sorted(found)]

    def forms(self, article: int) -> frozenset[int]:
        """Fingerprints of all that an article was seen as, published or not."""
        return frozenset(self._columns["fingerprint"][self._rows("article", article)].tolist())

    def has(self, column: str, key: int, article: int) -> bool:
        """Whether the article was seen with this `url_key`, `guid_key` or `entry_key`; 0 stands for none and is never news."""
        return key == 0 or article in self._columns["article"][self._rows(column, key)].tolist()

    def latest(self, article: int) -> Sighting:
        """The article's last sighting in a published version.

        Raises:
            KeyError: the article was never seen.
        """
        rows = self._rows("article", article)
        rows = rows[self._columns["version"][rows] > 0]
        if not len(rows):
            raise KeyError(article)
        row = int(rows[-1])
        values = {name: column[row].item() for name, column in self._columns.items()}
        return Sighting(**values, outlet=self._outlet[row].as_py(), sketch=tuple(self._sketch[row].as_py()))

    def by_entry(self, key: int) -> tuple[int, str] | None:
        """Article key and outlet that this very form of a feed entry has led to before."""
        rows = self._rows("entry_key", key) if key else np.empty(0, dtype=int)
        if not len(rows):
            return None
        row = int(rows[-1])
        return int(self._columns["article"][row]), self._outlet[row].as_py()
