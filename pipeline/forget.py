"""Forgetting an article: out of the files, the stories, the state and the landed bytes, and kept out."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.maintain import Held
from schemas.manifest import Manifest
from schemas.partition import outlet_slug
from transforms.article.forgotten import FORGOTTEN_TABLE, forgotten_rows, load_forgotten
from transforms.article.identity import address_key
from transforms.article.seen import SEEN_TABLE
from transforms.article.urls import canonical_url, registered_domain
from transforms.dedup.sketch import node_key
from transforms.dedup.state import DOCUMENTS, SHINGLES
from transforms.land.warc import read_segment
from transforms.store.catalog import LANDING
from transforms.store.commit import Tree
from transforms.store.rewrite import drop_articles, find_articles
from transforms.store.segments import stage_whole
from transforms.store.state import StateRef, StateTable

_COLUMNS = ("article_id", "version", "url", "duplicate_of", "published_at", "first_seen_at")


@dataclasses.dataclass(frozen=True, slots=True)
class Forgotten:
    """What is to be forgotten.

    Attributes:
        versions: of each article, by its id.
        heirs: for each of them that was the canonical of others, the one that takes its place.
        already: addresses of articles that were forgotten before.
        unknown: addresses that no article has or had.
    """

    versions: Mapping[str, tuple[int, ...]]
    heirs: Mapping[str, str]
    already: tuple[str, ...]
    unknown: tuple[str, ...]


def find_forgotten(tree: Tree, urls: Sequence[str]) -> Forgotten:
    """Finds the articles of these addresses (of any version, or article ids), and who inherits their stories."""
    wanted = {canonical_url(url) or url: url for url in urls} | {url: url for url in urls}
    rows = list(find_articles(tree, _COLUMNS))
    ids = {row["article_id"] for row in rows if row["url"] in wanted or row["article_id"] in wanted}
    met = {name for row in rows if row["article_id"] in ids for name in (row["url"], row["article_id"])}
    versions: dict[str, list[int]] = {}
    copies: dict[str, list[tuple[bool, str, str]]] = {}
    for row in rows:
        if row["article_id"] in ids:
            versions.setdefault(row["article_id"], []).append(row["version"])
        elif row["duplicate_of"] in ids:
            instant = row["published_at"] or row["first_seen_at"]
            order = (row["published_at"] is None, instant.isoformat(), row["article_id"])
            copies.setdefault(row["duplicate_of"], []).append(order)
    missing = [url for url in urls if url not in met and (canonical_url(url) or url) not in met]
    already = forgotten_before(tree.state(), missing) if missing else frozenset()
    return Forgotten(
        versions={name: tuple(sorted(numbers)) for name, numbers in versions.items()},
        heirs={original: min(found)[2] for original, found in copies.items()},
        already=tuple(url for url in missing if url in already),
        unknown=tuple(url for url in missing if url not in already),
    )


def forgotten_before(state: StateRef, urls: Iterable[str]) -> frozenset[str]:
    """Those of these addresses (or article ids) that are of articles forgotten before.

    Of such an article only keys are left, and an address makes one with its outlet: any that the tree has seen.
    """
    ids = load_forgotten(state)
    if not ids:
        return frozenset()
    seen = state.load(SEEN_TABLE, ["url_key", "outlet", "article"])
    keys = {int(name[1:], 16) for name in ids}
    keys |= {
        key
        for key, article in zip(*(seen[n].to_pylist() for n in ("url_key", "article")), strict=True)
        if article in keys
    }
    outlets = set(seen["outlet"].unique().to_pylist())
    return frozenset(
        url
        for url in urls
        if url in ids
        or any(
            address_key(outlet, canonical_url(url) or url) in keys
            for outlet in {*outlets, outlet_slug(registered_domain(url))}
        )
    )


def forget_articles(held: Held, forgotten: Forgotten, at_once: bool) -> Manifest:
    """Commits the tree without them.

    Args:
        held: the tree under its lock.
        forgotten: from find_forgotten.
        at_once: delete the files they stood in now, and not in a day: snapshots that readers have loaded fail then.
    """
    tree, run_id = held.tree, held.draft.run_id
    ids = frozenset(forgotten.versions)
    rewrite = drop_articles(tree, run_id, ids, forgotten.heirs)
    newest = tree.newest()
    state = dict(newest.state) if newest else {}
    staged = list(rewrite.staged)
    kept_out = forgotten_rows(ids | load_forgotten(tree.state()))
    for table, rows in (*_state_without(tree, forgotten), (FORGOTTEN_TABLE, kept_out)):
        state.pop(table.name, None)
        staged.append(stage_whole(tree, run_id, table, rows))
    # The manifest must not name what was to be forgotten; the id tells nothing, and rebuild-state needs it.
    draft = dataclasses.replace(held.draft, options={}, further={"forgotten": dict.fromkeys(sorted(ids), 1)})
    return tree.commit(draft, staged, removed=rewrite.removed, state=state, erase=at_once, held=held.number)


def unland_pages(tree: Tree, urls: Iterable[str]) -> int:
    """Deletes the landed files that hold an answer from one of these addresses; returns their number."""
    wanted = {canonical_url(url) or url for url in urls}
    gone = 0
    for path in tree.files.list(LANDING):
        try:
            addresses = {landed.url for landed in read_segment(tree.files.read(path))}
        except ValueError:
            continue
        if wanted & {canonical_url(url) or url for url in addresses}:
            tree.unland(path)
            gone += 1
    return gone


def _state_without(tree: Tree, forgotten: Forgotten) -> Iterator[tuple[StateTable, pa.Table]]:
    """The tables that hold sketches of texts, without those of the forgotten articles."""
    state = tree.state()
    nodes = [node_key(name, version) for name, versions in forgotten.versions.items() for version in versions]
    dropped = pa.array(nodes, pa.uint64())
    for table in (DOCUMENTS, SHINGLES):
        rows = state.load(table)
        left = rows.filter(pc.invert(pc.is_in(rows["node"], dropped)))
        if table is DOCUMENTS:
            left = _inherit(left, forgotten.heirs)
        if not left.equals(rows):
            yield table, left


def _inherit(rows: pa.Table, heirs: Mapping[str, str]) -> pa.Table:
    """In the state, too, an heir is canonical."""
    ids, similar = rows["article_id"].to_pylist(), rows["similarity"].to_pylist()
    heir = [heirs.get(name, name) if name is not None else None for name in rows["canonical"].to_pylist()]
    for column, values in (("canonical", heir), ("similarity", similar)):
        kept = [None if own == name else value for own, name, value in zip(ids, heir, values, strict=True)]
        field = rows.schema.field(column)
        rows = rows.set_column(rows.schema.get_field_index(column), field, pa.array(kept, field.type))
    return rows
