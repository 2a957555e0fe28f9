"""State made anew from what was published: what every run must know of earlier ones."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from pipeline.maintain import Held
from schemas.article import Article
from schemas.manifest import Manifest
from schemas.quarantine import REASONS, Failure
from transforms.article.forgotten import FORGOTTEN_TABLE, forgotten_rows, load_forgotten
from transforms.article.identity import address_key
from transforms.article.refused import REFUSED_TABLE, refusal_key
from transforms.article.seen import SEEN_TABLE, Sighting, see, sightings_table
from transforms.dedup.config import DedupConfig
from transforms.dedup.rebuild import memory_seconds, state_from_articles
from transforms.dedup.sketch import effective_seconds
from transforms.dedup.state import TABLES as STORY_TABLES
from transforms.store.commit import Tree
from transforms.store.errors import StoreError
from transforms.store.rewrite import read_rows
from transforms.store.rows import article_of_row
from transforms.store.segments import stage_whole
from transforms.store.state import StateTable


@dataclasses.dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made anew.

    Attributes:
        tables: all rows of each state table.
        textless: articles that were published without text (`--text none`): nothing can be made of them.
    """

    tables: tuple[tuple[StateTable, pa.Table], ...]
    textless: int


def rebuild_tables(tree: Tree) -> Rebuilt:
    """Makes the state from the published articles and quarantine, stories as they were decided.

    Of stories only those articles count that a run would still remember; what was seen counts for good.

    The feeds' validators do not come back (each feed is fetched whole once), nor do GUIDs and entry forms: an entry is
    followed once more, found to be known, and that is all.
    """
    sightings: list[Sighting] = []
    remembered: list[Article] = []
    config, textless, newest = DedupConfig(), 0, 0
    for row, outlet in _article_rows(tree):
        try:
            article = article_of_row(row, outlet)
        except ValueError:
            textless += 1
            continue
        sightings += sightings_of(article)
        newest = max(newest, effective_seconds(article))
        if effective_seconds(article) >= newest - memory_seconds(config):
            remembered.append(article)
    begin = newest - memory_seconds(config)
    stories = state_from_articles((article for article in remembered if effective_seconds(article) >= begin), config)
    keys = sorted({refusal_key(failure) for failure in _failures(tree)})
    refused = pa.table({"key": pa.array(keys, pa.uint64())}, schema=REFUSED_TABLE.schema)
    tables = [(SEEN_TABLE, sightings_table(sightings)), (REFUSED_TABLE, refused)]
    tables += [(table, stories[table.name]) for table in STORY_TABLES]
    tables.append((FORGOTTEN_TABLE, forgotten_rows(_forgotten(tree))))
    return Rebuilt(tuple((table, rows) for table, rows in tables if rows.num_rows), textless)


def sightings_of(article: Article) -> list[Sighting]:
    """Sightings of an article version under its own key and, where it has moved since, under its present address."""
    now = dataclasses.replace(see(article), full=True)
    own = dataclasses.replace(now, url_key=int(article.article_id[1:], 16))
    moved = (
        address_key(article.body.outlet, article.body.url) != own.url_key
        and article.body.url != article.body.source_uri
    )
    return [own, now] if moved else [own]


def commit_rebuilt(held: Held, rebuilt: Rebuilt) -> Manifest:
    """Commits state that stands for all before."""
    staged = [stage_whole(held.tree, held.draft.run_id, table, rows) for table, rows in rebuilt.tables]
    return held.tree.commit(held.draft, staged, state={}, held=held.number)


def _article_rows(tree: Tree) -> Iterator[tuple[dict[str, Any], str]]:
    for path in tree.listing()["articles"]:
        outlet = path.split("/outlet=")[1].split("/")[0]
        for row in read_rows(tree, "articles", path).to_pylist():
            yield row, outlet


def _failures(tree: Tree) -> Iterator[Failure]:
    for path in tree.listing()["quarantine"]:
        for row in read_rows(tree, "quarantine", path).to_pylist():
            if row["reason"] in REASONS:
                yield Failure(row["stage"], row["reason"], row["source_uri"], "", row["url"], row["payload_sha256"])


def _forgotten(tree: Tree) -> frozenset[str]:
    """From the state where it can be read, and from the manifests that forgot."""
    named = {name for manifest in tree.manifests() for name in manifest.further.get("forgotten", {})}
    try:
        return frozenset(named) | load_forgotten(tree.state())
    except StoreError:
        return frozenset(named)
