"""Invented stories for the tests of near-identical stories: texts, edits of them, and runs without Beam."""

import dataclasses
import datetime as dt
import random

import pyarrow as pa
from factories import NOON, make_article, make_published

from schemas.article import Article
from transforms.dedup.config import DedupConfig
from transforms.dedup.history import History
from transforms.dedup.place import place_stories
from transforms.dedup.sketch import Sketch, sketch_article
from transforms.dedup.star import Decision
from transforms.dedup.state import TABLES, make_tables
from transforms.store.state import StateTable, decode_segment, encode_segment, merge_segments

CONFIG = DedupConfig()
RUN = NOON + dt.timedelta(days=400)

FERRY = (
    "The ferry Osprey ran aground off Vell Point early on Sunday with ninety passengers aboard, the coastguard said. "
    "Two lifeboats from Harrow Bay took everybody off within three hours and nobody was hurt. "
    "The captain told investigators that fog had hidden the light on the northern breakwater. "
    "Norland Lines, which owns the ship, cancelled all sailings to the outer islands until Wednesday. "
    "The harbour master expects a salvage tug from Sudland to arrive with the spring tide. "
    "Fishermen had complained for years that the buoys in the channel were badly lit."
)
BUDGET = (
    "Parliament in Port Vell passed the budget by three votes after a debate that lasted through the night. "
    "The finance minister, Ina Morrow, had threatened to resign if the tax on salt cod was struck out. "
    "Opposition members walked out before the count and called the result a disgrace. "
    "Teachers will get four percent more pay from October while subsidies for coal heating end. "
    "Economists at the Norland Institute doubt that the deficit will fall as quickly as promised. "
    "The president is expected to sign the bill before he travels to the summit in Brask."
)
BRIDGE = (
    "Engineers closed the old iron bridge at Tollen after a diver found cracks in its eastern pier. "
    "Lorries must take the road through Harrow Bay, which adds forty minutes to the journey. "
    "The mayor said that repairs would cost nine million crowns and last until the next autumn. "
    "A temporary footbridge made of timber should open to school children within two weeks. "
    "The bridge was built in 1894 and carried trams until the line was given up after the flood. "
    "Shopkeepers on the west bank fear that they will lose half of their customers."
)


def make_story(
    text: str = FERRY,
    title: str | None = "Ferry runs aground off Vell Point",
    hours: float = 0,
    outlet: str = "herald.example",
    name: str = "",
    version: int = 1,
    **changes: object,
) -> Article:
    """An article published `hours` after NOON, not yet placed."""
    url = f"https://{outlet}/{name or abs(int(hours * 60))}-{len(text)}"
    published = make_published(NOON + dt.timedelta(hours=hours))
    article = make_article(
        text, title=title, outlet=outlet, url=url, published=published, version=version, first_seen_at=RUN, **changes
    )
    return dataclasses.replace(article, story_id=None)


def sentences(text: str) -> list[str]:
    """The sentences of one of the texts above."""
    return [sentence.strip() + "." for sentence in text.rstrip(".").split(". ")]


def edit(text: str, keep: int, rng: random.Random) -> str:
    """Some of the sentences of a text, in their order."""
    chosen = sentences(text)
    kept = sorted(rng.sample(range(len(chosen)), min(keep, len(chosen))))
    return " ".join(chosen[n] for n in kept)


class Memory:
    """State that grows from run to run, merged after each as the store does it."""

    def __init__(self) -> None:
        self._segments: dict[str, bytes] = {}

    def load(self, table: StateTable) -> pa.Table:
        data = self._segments.get(table.name)
        return table.schema.empty_table() if data is None else decode_segment(data)[0].replace_schema_metadata(None)

    def remember(self, decisions: list[Decision]) -> None:
        made = make_tables([decision.placed for decision in decisions], CONFIG)
        for table in TABLES:
            new = encode_segment(made[table.name], table.scheme, table.key, table.clock, table.life)
            old = self._segments.get(table.name)
            self._segments[table.name] = merge_segments([old, new])[0] if old else new


def run_batches(batches: list[list[Article]], memory: Memory | None = None) -> dict[tuple[str, int], Decision]:
    """Places batches one after another, each with what is remembered of those before; by article and version."""
    memory = memory or Memory()
    placed: dict[tuple[str, int], Decision] = {}
    for batch in batches:
        sketches: list[Sketch] = [sketch_article(article) for article in batch]
        decisions = place_stories(sketches, History.load(memory), CONFIG)
        memory.remember(decisions)
        placed |= {(d.placed.sketch.article_id, d.placed.sketch.version): d for d in decisions}
    return placed


def place(*articles: Article) -> list[Decision]:
    """Places articles in one run; in the order given."""
    found = run_batches([list(articles)])
    return [found[article.article_id, article.version] for article in articles]


def canonicals(*articles: Article) -> list[int | None]:
    """For each article the ordinal of its canonical among them; None on a canonical."""
    ids = [article.article_id for article in articles]
    return [None if d.placed.canonical is None else ids.index(d.placed.canonical) for d in place(*articles)]
