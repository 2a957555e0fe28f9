"""Better rules reach old articles: their texts are read again, and new events take the place of old ones."""

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
from spacy.language import Language

from schemas.article import Article
from schemas.event import KINDS
from schemas.quarantine import Failure
from transforms.annotate.stage import annotate_articles
from transforms.dedup.fresh import Key, Ranges, find_fresh
from transforms.events.stage import extract_annotated
from transforms.store.commit import Tree
from transforms.store.encode import schema_of
from transforms.store.rewrite import Rewrite, day_of, leaves_of, read_rows, stage_table
from transforms.store.rows import article_of_row, event_row

Row = dict[str, Any]
CHANGES = ("added", "removed", "changed", "unchanged")
# Of these nobody reads anything new in an event that is the same otherwise.
_ABOUT_THE_RUN = ("run_id", "schema_version", "extractor")
_IN_BRIEF = ["article_id", "version", "story_id", "duplicate_of"]


@dataclasses.dataclass(frozen=True)
class Reextracted:
    """What reading again came to.

    Attributes:
        rewrite: the leaves of events that change.
        changes: by CHANGES and kind of event.
        articles: versions that were read.
        kept: versions that could not be read (no text was kept, an expired story, a failing model): their events stay.
    """

    rewrite: Rewrite
    changes: Mapping[str, Mapping[str, int]]
    articles: int
    kept: int


def reextract_events(tree: Tree, run_id: str, since: dt.date, nlp: Language) -> Reextracted:
    """Reads the articles of all days from `since` on again and stages the leaves of events that this changes.

    Raises:
        TreeDamaged: a file of the tree is missing or cut.
    """
    listing = tree.listing()
    fresh, lost = _fresh_since(tree, since)
    event_files = leaves_of(listing["events"])
    changes = {change: collections.Counter[str]() for change in CHANGES}
    staged, removed, count, kept = [], [], 0, 0
    for leaf, paths in leaves_of(listing["articles"]).items():
        if day_of(leaf) < since:
            continue
        articles, textless = [], 0
        for article in _articles_of(tree, paths):
            key = (article.article_id, article.version) if article is not None else None
            if article is None or key is None or key in lost:
                textless += 1
            else:
                articles.append(dataclasses.replace(article, fresh=fresh.get(key)))
        read, rows = read_again(articles, nlp, run_id)
        count, kept = count + len(read), kept + textless + len(articles) - len(read)
        event_leaf = leaf.replace("articles/", "events/", 1)
        old_paths = event_files.get(event_leaf, [])
        old = [row for path in old_paths for row in read_rows(tree, "events", path).to_pylist()]
        made, leaf_changes = merge_events(old, rows, read)
        for change, kinds in leaf_changes.items():
            changes[change].update(kinds)
        if all(not leaf_changes[change] for change in ("added", "removed", "changed")):
            continue
        removed += old_paths
        if made:
            table = pa.Table.from_pylist(made, schema=schema_of("events"))
            staged.append(stage_table(tree, run_id, "events", event_leaf, table))
    shown: dict[str, dict[str, int]] = {
        change: {kind: kinds[kind] for kind in KINDS if kinds[kind]} for change, kinds in changes.items()
    }
    return Reextracted(Rewrite(tuple(staged), tuple(removed)), shown, count, kept)


def read_again(articles: list[Article], nlp: Language, run_id: str) -> tuple[set[Key], list[Row]]:
    """Annotates articles and extracts their events; gives the versions that could be read, and the rows."""
    read: set[Key] = set()
    rows: list[Row] = []
    for annotated in annotate_articles(articles, nlp):
        if isinstance(annotated, Failure):
            continue
        read.add((annotated.article.article_id, annotated.article.version))
        rows += [event_row(event, run_id) for event in extract_annotated(annotated)]
    # As a file would give them back: in the types of the schema.
    return read, pa.Table.from_pylist(rows, schema=schema_of("events")).to_pylist()


def merge_events(
    old: list[Row], new: list[Row], read: set[Key]
) -> tuple[list[Row], dict[str, collections.Counter[str]]]:
    """The rows of a leaf after reading again: of what was read the new ones, of the rest those that were there.

    An event that is the same stays the row it was, with its run. Changes are counted by CHANGES and kind.
    """
    changes = {change: collections.Counter[str]() for change in CHANGES}
    before = {row["event_id"]: row for row in old if (row["article_id"], row["article_version"]) in read}
    made = [row for row in old if row["event_id"] not in before]
    for row in new:
        earlier = before.pop(row["event_id"], None)
        if earlier is None:
            changes["added"][row["kind"]] += 1
            made.append(row)
            continue
        row = {**row, "happening_id": earlier["happening_id"]}
        same = all(row[name] == earlier[name] for name in row if name not in _ABOUT_THE_RUN)
        changes["unchanged" if same else "changed"][row["kind"]] += 1
        made.append(earlier if same else row)
    for row in before.values():
        changes["removed"][row["kind"]] += 1
    return made, changes


def _articles_of(tree: Tree, paths: list[str]) -> Iterator[Article | None]:
    """Articles of some files; None for each whose text was not kept."""
    for path in paths:
        outlet = path.split("/outlet=")[1].split("/")[0]
        for row in read_rows(tree, "articles", path).to_pylist():
            yield article_of_row(row, outlet) if row["text"] is not None else None


def _fresh_since(tree: Tree, since: dt.date) -> tuple[dict[Key, Ranges | None], set[Key]]:
    """What is fresh in the articles of a story of several, and the versions of which it can't be told any longer."""
    paths = tree.listing()["articles"]
    brief = [(path, row) for path in paths for row in read_rows(tree, "articles", path).select(_IN_BRIEF).to_pylist()]
    sizes = collections.Counter(row["story_id"] for _, row in brief)
    versions = collections.Counter(row["article_id"] for _, row in brief)
    stories: set[str] = set()
    names: set[str] = set()
    for path, row in brief:
        if day_of(path) >= since and (sizes[row["story_id"]] > 1 or versions[row["article_id"]] > 1):
            stories.add(row["story_id"])
            names.add(row["article_id"])
    chosen = [(p, row) for p, row in brief if row["story_id"] in stories or row["article_id"] in names]
    keys = {(row["article_id"], row["version"]) for _, row in chosen}
    wanted = sorted({path for path, _ in chosen})
    found = [a for a in _articles_of(tree, wanted) if a is not None and (a.article_id, a.version) in keys]
    fresh = find_fresh(found)
    there = {row["article_id"] for _, row in brief}
    lost = {
        (row["article_id"], row["version"])
        for _, row in brief
        if (row["duplicate_of"] is not None and row["duplicate_of"] not in there)
        or (row["version"] > 1 and versions[row["article_id"]] < row["version"])
    }
    return fresh, lost
