"""What the benchmark of near-identical stories works on: developer sets, a corpus that grows, state between runs."""

import collections
import dataclasses
import datetime as dt
import gzip
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import stories

from schemas.article import Article, ExtractedArticle, PublishedAt
from transforms.article.identity import article_id, url_key
from transforms.dedup.config import DAY, DedupConfig
from transforms.dedup.history import History
from transforms.dedup.place import place_stories
from transforms.dedup.sketch import Sketch, sketch_article
from transforms.dedup.star import Decision

SETS = ("reuters_dev", "synth_lee_dev", "synth_long_dev")
CONFIG = DedupConfig()

Pairs = set[tuple[str, str]]


class Memory(stories.Memory):
    """State that grows from run to run."""

    def sizes(self) -> str:
        """Bytes by table."""
        return ", ".join(f"{name.removeprefix('dedup_')} {len(d) / 1e6:.1f} MB" for name, d in self._segments.items())


def read_lines(path: Path) -> Iterator[Any]:
    """JSON lines of a gzipped file; none where it is missing."""
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def make_article(doc: dict[str, Any], name: str = "corpus") -> Article:
    """An identified article of a record of a set, with the id that the product gives it."""
    at = dt.datetime.fromisoformat(doc["date"]).replace(tzinfo=dt.UTC)
    published = PublishedAt(at, None, "day" if len(doc["date"]) == 10 else "second", "option", "exact")
    outlet = doc.get("outlet") or "wire"
    url = f"https://{outlet}.example/{name.replace('_', '-')}/{doc['id']}".lower()  # as scoring/dedup.py has it
    body = ExtractedArticle("set", "record", url, outlet, doc["text"], title=doc.get("title"), published=published)
    return Article(article_id(url_key(outlet, body)), 1, body, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "")


def run_batches(batches: Iterable[list[Sketch]]) -> dict[str, Decision]:
    """Places batches one after another."""
    memory, placed = Memory(), {}
    for batch in batches:
        decisions = place_stories(batch, History.load(memory), CONFIG)
        memory.remember(decisions)
        placed |= {d.placed.sketch.article_id: d for d in decisions}
    return placed


def split_days(sketches: list[Sketch]) -> list[list[Sketch]]:
    """A batch a day."""
    ordered = sorted(sketches, key=lambda s: s.order)
    return [list(group) for _, group in itertools.groupby(ordered, key=lambda s: s.at // DAY)]


def pairs_of(labels: dict[str, str]) -> Pairs:
    """All pairs of equal label."""
    groups = collections.defaultdict(list)
    for doc, label in labels.items():
        groups[label].append(doc)
    return {tuple(sorted(p)) for g in groups.values() for p in itertools.combinations(g, 2)}  # type: ignore[misc]


@dataclasses.dataclass
class Truth:
    """A developer set."""

    name: str
    data: Path

    def __post_init__(self) -> None:
        folder = self.data / "dedup"
        self.docs = list(read_lines(folder / f"{self.name}.jsonl.gz"))
        self.articles = [make_article(doc, self.name) for doc in self.docs]
        self._ids = {article.article_id: doc["id"] for article, doc in zip(self.articles, self.docs, strict=True)}
        self._ignored = {tuple(sorted(p)) for p in read_lines(folder / f"{self.name}_ignore.jsonl.gz")}
        self._hard = {tuple(sorted(p[:2])) for p in read_lines(folder / f"{self.name}_hardneg.jsonl.gz")}
        self._pairs = pairs_of({d["id"]: d["cluster"] for d in self.docs}) - self._ignored

    def score(self, claimed: Pairs) -> str:
        """Pairwise precision, recall and F1, and hard negatives merged."""
        claimed = claimed - self._ignored
        hit = len(claimed & self._pairs)
        p, r = hit / max(1, len(claimed)), hit / max(1, len(self._pairs))
        hard = f"  hard negatives merged {len(claimed & self._hard)}/{len(self._hard)}" if self._hard else ""
        return f"P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(1e-9, p + r):.3f}{hard}"

    def claims(self, placed: dict[str, Decision]) -> Pairs:
        """Pairs of documents that are in one story."""
        return pairs_of({self._ids[article]: d.placed.story_id for article, d in placed.items()})

    def sketches(self) -> list[Sketch]:
        """Sketches of all documents."""
        return [sketch_article(article) for article in self.articles]


def at_odds(placed: dict[str, Decision]) -> int:
    """Stories that have not exactly one canonical that all others name."""
    stories = collections.defaultdict(set)
    for doc, decision in placed.items():
        stories[decision.placed.story_id].add(decision.placed.canonical or doc)
    return sum(len(heads) != 1 for heads in stories.values())


def alter_text(text: str, copy: int) -> str:
    """Changes every other word or so, so that the copies of the corpus are no copies of each other."""
    return re.sub(r"[A-Za-z]{4,}", lambda m: m.group() + f"q{copy}" if (m.start() + copy) % 2 else m.group(), text)


def read_corpus(data: Path, size: int, dense: bool) -> Iterator[list[Sketch]]:
    """Sketches of `size` documents by copy of the corpus: one after another in time, or all in the same days."""
    docs = [
        doc
        for doc in read_lines(data / "corpus" / "reuters21578.jsonl.gz")
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", doc["date"] or "")
    ]
    days = sorted({doc["date"][:10] for doc in docs})
    # Days on which nothing was kept are closed up, so that every window is full.
    ordinal = {day: n for n, day in enumerate(days)}
    for copy in range(-(-size // len(docs))):
        made = []
        for doc in docs[: max(0, size - copy * len(docs))]:
            day = dt.date(1990, 1, 1) + dt.timedelta(ordinal[doc["date"][:10]] + (0 if dense else copy * len(days)))
            text = alter_text(doc["text"], copy) if copy else doc["text"]
            changed = {"id": f"{doc['id']}-{copy}", "text": text, "date": f"{day}{doc['date'][10:]}"}
            made.append(sketch_article(make_article(doc | changed)))
        yield made
