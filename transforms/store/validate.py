"""Checks of a whole tree: every fault is named, with the way out."""

import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.event_laws import broken_laws
from schemas.listing import Listing, empty_files_named
from schemas.manifest import Counts, Manifest, ManifestError, StagedFile
from schemas.partition import SLUG
from schemas.views import DATASETS, commit_named, listed_files
from transforms.store.catalog import (
    INTENTS,
    LATEST,
    RUNS,
    VIEWS,
    Intent,
    manifest_path,
    parse_manifest,
    read_copy,
    step_listing,
)
from transforms.store.commit import Tree
from transforms.store.encode import decode_table
from transforms.store.state import STATE_FOLDER

_LEAF = re.compile(
    r"^(events|articles)/date=\d{4}-\d{2}-\d{2}/outlet=([^/]+)/[^/]+$|^quarantine/date=\d{4}-\d{2}-\d{2}/[^/]+$"
)
_RESTORE = "put it back from a backup, or take it out of the tree with `newsmill forget`/`expire`"
_REBUILD = "run `newsmill rebuild-state`"
_AGAIN = "the next run mends it"


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as a tree should be.

    Attributes:
        path: of the file, below the output; or the name of a table.
        problem: what is wrong.
        remedy: what to do.
    """

    path: str
    problem: str
    remedy: str


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """What a tree holds by its own account.

    Attributes:
        manifests: the whole ones, oldest first.
        named: every file that the newest manifest stands for, data and state, by path.
        spared: paths that may be there without being named: retired files and those of an unfinished commit.
        present: data and state files that are there.
        faults: of the manifests themselves.
    """

    manifests: tuple[Manifest, ...]
    named: Mapping[str, StagedFile]
    spared: frozenset[str]
    present: tuple[str, ...]
    faults: tuple[Fault, ...]


def survey_tree(tree: Tree) -> Survey:
    """Reads the manifests and lists the files. Files are listed first: a commit meanwhile only adds to what is named."""
    files = tree.files
    present = tuple(path for folder in (*DATASETS, STATE_FOLDER) for path in files.list(folder))
    manifests, intents, faults = [], [], []
    for path in files.list(INTENTS):
        try:
            intents.append(Intent.from_json(files.read(path)))
        except ManifestError as error:
            faults.append(Fault(path, str(error), "the next run takes that commit back, and its inputs come again"))
    for path in files.list(RUNS):
        if not path.endswith(".json") or path.count("/") != 1:
            continue
        run_id = path.removeprefix(f"{RUNS}/").removesuffix(".json")
        try:
            manifests.append(parse_manifest(files, run_id, files.read(path)))
        except ManifestError as error:
            copy = read_copy(files, run_id)
            remedy = f"copy the part `manifest` of {RUNS}/_done/{run_id}.json over it" if copy else _RESTORE
            faults.append(Fault(path, str(error), remedy if copy is None else f"{_AGAIN}, or {remedy}"))
            manifests += [copy] if copy else []
    manifests.sort(key=lambda manifest: manifest.sequence)
    named: dict[str, StagedFile] = {}
    spared = {file.path for intent in intents for file in intent.publish}
    spared.update(path for intent in intents for path in intent.erased)
    for manifest in manifests:
        named.update({file.path: file for file in manifest.files})
        for path in manifest.removed:
            named.pop(path, None)
    if manifests:
        named.update({segment.path: segment for table in manifests[-1].state.values() for segment in table})
        retiring = [manifest for manifest in manifests if manifest.run_id in manifests[-1].retired]
        spared.update(path for manifest in retiring for path in (*manifest.removed, *manifest.replaced))
    return Survey(tuple(manifests), named, frozenset(spared), present, tuple(faults))


def check_manifests(tree: Tree, survey: Survey) -> Iterator[Fault]:
    """Manifests follow each other, their counters add up, and the views name their files."""
    yield from survey.faults
    expected = 1
    for manifest in survey.manifests:
        path = manifest_path(manifest.run_id)
        if manifest.sequence != expected:
            problem = (
                f"is commit {manifest.sequence} of the tree, where {expected} should follow: a manifest is missing"
            )
            yield Fault(path, problem, "put the missing manifest back from `_runs/_done` or from a backup")
        expected = manifest.sequence + 1
        yield from check_counters(manifest)
    if not survey.manifests:
        return
    newest = survey.manifests[-1]
    try:
        pointer = json.loads(tree.files.read(LATEST))
    except (FileNotFoundError, ValueError):
        pointer = None
    if pointer != {"run_id": newest.run_id, "sequence": newest.sequence}:
        yield Fault(LATEST, f"does not point to the newest manifest, {newest.run_id}", _AGAIN)
    listing = Listing()
    for manifest in survey.manifests:
        listing = step_listing(listing, manifest)
    try:
        views = tree.files.read(VIEWS).decode()
    except (FileNotFoundError, UnicodeDecodeError):
        views = ""
    listed = listed_files(views)  # None: not ours, or as another newsmill wrote it
    named = listed is None or listed[2].paths() == listing.paths()
    if not named or commit_named(views) != (newest.run_id, newest.sequence):
        yield Fault(VIEWS, "does not name the files that the manifests name", "delete it; the next run writes it anew")
    for path in empty_files_named(views):
        if not tree.files.exists(path):
            yield Fault(path, "is missing; the views need it", "delete views.sql; the next run writes both")


def check_counters(manifest: Manifest) -> Iterator[Fault]:
    """Outlets add up to the total, and outcomes to the rows that the manifest's files hold."""
    path, total = manifest_path(manifest.run_id), manifest.total
    for field in dataclasses.fields(Counts):
        summed = sum(getattr(counts, field.name) for counts in manifest.outlets.values())
        if summed != getattr(total, field.name):
            problem = f"counts {getattr(total, field.name)} {field.name} in total, but {summed} over the outlets"
            yield Fault(path, problem, "a fault of newsmill: please report it")
    if manifest.kind not in ("run", "replay"):
        return
    rows = {name: sum(file.rows for file in manifest.files if file.dataset == name) for name in DATASETS}
    pairs = [("articles", total.new + total.versions + total.copies, "new, versions and copies")]
    if manifest.kind == "run":  # a replay also writes anew what it leaves of the quarantine
        pairs.append(("quarantine", total.quarantined, "quarantined"))
    if "events" in manifest.further:
        pairs.append(("events", sum(manifest.further["events"].values()), "events by kind"))
    for name, counted, what in pairs:
        if rows[name] != counted:
            problem = f"counts {counted} ({what}), but its files hold {rows[name]} rows of {name}"
            yield Fault(path, problem, "a fault of newsmill: please report it")


def check_files(tree: Tree, survey: Survey) -> Iterator[tuple[str, Fault | None]]:
    """Each named file is there, whole and as its schema says. Gives each path with its fault or None."""
    for path, file in survey.named.items():
        yield path, _check_file(tree, file)


def _check_file(tree: Tree, file: StagedFile) -> Fault | None:
    state = file.dataset.startswith(f"{STATE_FOLDER}/")
    remedy = _REBUILD if state else _RESTORE
    try:
        data = tree.files.read(file.path)
    except FileNotFoundError:
        return Fault(file.path, "is named by a manifest, but missing", remedy)
    if len(data) == 0:
        return Fault(file.path, "is empty (0 bytes)", remedy)
    if len(data) != file.bytes:
        return Fault(file.path, f"has {len(data)} bytes instead of {file.bytes}: truncated or replaced", remedy)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        return Fault(file.path, "is not what was written: its SHA-256 differs", remedy)
    try:
        parquet = pq.ParquetFile(io.BytesIO(data))
    except pa.ArrowInvalid as error:
        return Fault(file.path, f"is no whole Parquet file: {error}", remedy)
    if parquet.metadata.num_rows != file.rows:
        return Fault(file.path, f"holds {parquet.metadata.num_rows} rows instead of {file.rows}", remedy)
    if state:
        return None
    leaf = _LEAF.match(file.path)
    if leaf is None or (leaf[2] is not None and not SLUG.match(leaf[2])):
        return Fault(file.path, "lies in no leaf folder", "a fault of newsmill: please report it")
    return check_schema(file, parquet.schema_arrow)


def check_schema(file: StagedFile, found: pa.Schema) -> Fault | None:
    """A file has the columns of its dataset, of the same types; one of an older schema may lack later columns."""
    expected = DATASETS[file.dataset]
    version = (found.metadata or {}).get(b"schema_version", b"").decode()
    if not version:
        return Fault(file.path, "names no schema_version in its metadata", "a fault of newsmill: please report it")
    for field in expected:
        place = found.get_field_index(field.name)
        since = (field.metadata or {}).get(b"since", b"1").decode()
        if place < 0 and int(since) <= int(version):
            return Fault(file.path, f"lacks the column {field.name}", "a fault of newsmill: please report it")
        if place >= 0 and not found.field(place).type.equals(field.type):
            kind = found.field(place).type
            return Fault(file.path, f"has {field.name} as {kind} instead of {field.type}", "`newsmill reextract`")
    return None


def check_orphans(survey: Survey) -> Iterator[Fault]:
    """Each data file is named by a manifest."""
    for path in survey.present:
        if path in survey.named or path in survey.spared:
            continue
        kind = "no manifest names it" if path.endswith(".parquet") else "it is no file of newsmill's"
        yield Fault(path, f"is an orphan: {kind}; readers of the plain globs see it", "delete it")


def check_rows(tree: Tree, sound: Mapping[str, Sequence[str]], expired: bool) -> Iterator[Fault]:
    """Ids are unique, events belong to articles and keep the laws of their schema.

    Args:
        tree: the tree.
        sound: paths of files that are whole, by dataset.
        expired: whether days have left the tree, so that a copy may have outlived its original.
    """
    articles = _gather(tree, sound.get("articles", ()), ["article_id", "version", "duplicate_of"])
    versions: set[tuple[str, int]] = set()
    for path, row in articles:
        key = (row["article_id"], row["version"])
        if key in versions:
            problem = f"holds version {key[1]} of article {key[0]} once more"
            yield Fault(path, problem, "state was lost or rolled back: take one file away with `newsmill forget`")
        versions.add(key)
    ids = {article_id for article_id, _ in versions}
    copies = () if expired else sound.get("articles", ())
    for path, row in _gather(tree, copies, ["article_id", "duplicate_of"]):
        if row["duplicate_of"] is not None and row["duplicate_of"] not in ids:
            problem = f"article {row['article_id']} is a copy of {row['duplicate_of']}, which is not in the tree"
            yield Fault(path, problem, "a lost file took it; the copy itself is whole")
    events: set[str] = set()
    for path, row in _gather(tree, sound.get("events", ()), ["event_id", "article_id", "article_version"]):
        if row["event_id"] in events:
            yield Fault(
                path,
                f"holds event {row['event_id']} once more",
                "state was lost or rolled back: `newsmill forget` its URL",
            )
        events.add(row["event_id"])
        if (row["article_id"], row["article_version"]) not in versions:
            problem = f"event {row['event_id']} is of version {row['article_version']} of {row['article_id']}, which is not in the tree"
            yield Fault(path, problem, "put the article's file back from a backup")
    yield from _check_laws(tree, sound)


def _check_laws(tree: Tree, sound: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """An event lies in the leaf of the same name as its article's, so leaves are compared one by one."""
    leaves: dict[str, dict[str, list[str]]] = {"articles": {}, "events": {}}
    for dataset, by_leaf in leaves.items():
        for path in sound.get(dataset, ()):
            by_leaf.setdefault(path.removeprefix(f"{dataset}/").rpartition("/")[0], []).append(path)
    for leaf, paths in leaves["events"].items():
        texts = {
            (row["article_id"], row["version"]): row["text"]
            for _, row in _gather(tree, leaves["articles"].get(leaf, ()), ["article_id", "version", "text"])
        }
        for path, row in _gather(tree, paths, None):
            for problem in broken_laws(row, texts.get((row["article_id"], row["article_version"]))):
                yield Fault(path, f"event {row['event_id']}: {problem}", "`newsmill reextract`, and please report it")


def _gather(tree: Tree, paths: Iterable[str], columns: list[str] | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in paths:
        for row in decode_table(tree.files.read(path), columns).to_pylist():
            yield path, row


def validate_tree(tree: Tree) -> Iterator[Fault]:
    """Checks everything; gives the faults as they are found."""
    survey = survey_tree(tree)
    yield from check_manifests(tree, survey)
    sound: dict[str, list[str]] = {}
    for path, fault in check_files(tree, survey):
        if fault is not None:
            yield fault
        else:
            sound.setdefault(survey.named[path].dataset, []).append(path)
    yield from check_orphans(survey)
    yield from check_rows(tree, sound, any(manifest.kind == "expire" for manifest in survey.manifests))
