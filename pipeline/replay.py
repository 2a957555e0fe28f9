"""Quarantined inputs again, after a fix: from the landed bytes and the files, through the same graph."""

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from apache_beam.io.filesystems import FileSystems

from pipeline.launch import run_plan
from pipeline.maintain import Held
from pipeline.options import RunOptions, beam_options
from pipeline.plan import Replayed, RunPlan
from pipeline.runner import make_engine
from schemas.manifest import Manifest
from schemas.quarantine import REASONS, Failure
from schemas.source import Source, SourceSettings
from transforms.annotate.default import DEFAULT_MODEL
from transforms.article.refused import refusal_key
from transforms.land.landing import LandingConfig
from transforms.land.sort import FollowConfig
from transforms.land.warc import read_segment
from transforms.read.files import file_path, file_uri
from transforms.read.sources import resolve_inputs
from transforms.store.catalog import LANDING
from transforms.store.commit import Tree
from transforms.store.rewrite import drop_failures, read_rows

Row = Mapping[str, Any]
_AGE = re.compile(r"(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)")
# The option of a replay's manifest that names the run whose landed bytes it read.
ORIGIN = "replayed"


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the quarantine to replay; None: any."""

    stage: str | None = None
    reason: str | None = None
    run_id: str | None = None

    def has(self, row: Row) -> bool:
        """Whether a row is one of them."""
        pairs = ((self.stage, row["stage"]), (self.reason, row["reason"]), (self.run_id, row["run_id"]))
        return all(wanted in (None, found) for wanted, found in pairs)


@dataclasses.dataclass(frozen=True)
class Again:
    """What of one run can be read again.

    Attributes:
        origin: the run whose landed bytes are read.
        answered: tells the rows that the replay will answer, one way or the other.
        rows: how many those are.
        left: rows that were asked for and can't be read again.
    """

    origin: Manifest
    files: tuple[Source, ...]
    feeds: tuple[Source, ...]
    refused: tuple[Failure, ...]
    answered: Callable[[Row], bool]
    rows: tuple[Row, ...]
    left: int


def find_rows(tree: Tree, wanted: Wanted) -> dict[str, list[Row]]:
    """Rows of the quarantine that are wanted, by run."""
    found: dict[str, list[Row]] = {}
    for path in tree.listing()["quarantine"]:
        for row in read_rows(tree, "quarantine", path).to_pylist():
            if wanted.has(row):
                found.setdefault(row["run_id"], []).append(row)
    return found


def plan_again(tree: Tree, run_id: str, rows: list[Row], all_rows: list[Row]) -> Again | None:
    """Finds what the rows of a run came from, and whether it is still there.

    A file or feed is read again whole, so all rows of it are answered, not only those asked for.

    Args:
        tree: the tree.
        run_id: that the rows are of.
        rows: those asked for.
        all_rows: all that the run has in quarantine.

    Returns:
        None where the run's manifest is gone.
    """
    origin = tree.manifest(run_id)
    if origin is None:
        return None
    options = origin.options
    defaults = SourceSettings(outlet=options.get("outlet"), published=options.get("published"))
    patterns = options.get("inputs") or ()
    resolved = resolve_inputs(patterns, defaults)
    sources = {source.uri: source for source in resolved.sources}
    for uri in origin.inputs:  # a path was relative to another folder, or a list has changed
        kind: Any = "live" if uri.startswith(("http:", "https:")) else "file"
        sources.setdefault(uri, Source(uri, kind, defaults))
    bodies = landed_bodies(tree, options.get(ORIGIN, run_id))
    files = {uri: source for uri, source in sources.items() if source.kind == "file" and _is_there(uri)}
    feeds = {uri: source for uri, source in sources.items() if source.kind == "live" and uri in bodies["feeds"]}
    lists = {failure.source_uri for failure in resolved.failures}
    lists |= {file_uri(pattern) for pattern in patterns if "://" not in pattern and _is_there(file_uri(pattern))}

    def is_there(row: Row) -> bool:
        uri = row["source_uri"]
        if uri in files or uri in lists:
            return True
        return row["stage"] != "fetch" and (uri in feeds or uri in bodies["sitemaps"])

    asked = {row["source_uri"] for row in rows if is_there(row)}

    def answered(row: Row) -> bool:
        return row["run_id"] == run_id and row["source_uri"] in asked and is_there(row)

    below = not asked <= files.keys() | feeds.keys() | lists  # of a sitemap that an index names
    return Again(
        origin,
        files=tuple(source for uri, source in files.items() if uri in asked),
        feeds=tuple(source for uri, source in feeds.items() if uri in asked or below),
        refused=tuple(failure for failure in resolved.failures if failure.source_uri in asked),
        answered=answered,
        rows=tuple(row for row in all_rows if answered(row)),
        left=sum(not is_there(row) for row in rows),
    )


def replay_run(held: Held, again: Again, run_id: str, started_at: dt.datetime) -> Manifest:
    """Reads again what a run had quarantined and commits what comes of it; the rows that this answers leave the tree."""
    tree, origin = held.tree, again.origin
    options = origin.options
    model, source = options.get("model") or DEFAULT_MODEL, origin.options.get(ORIGIN, origin.run_id)
    run = RunOptions(origin.inputs, tree.root, run_id, started_at, model=model)
    engine = make_engine(beam_options(run))
    failures = [_failure_of(row) for row in again.rows if row["reason"] in REASONS]
    max_age = parse_age(options.get("max_age"))
    plan = RunPlan(
        tree=tree,
        draft=dataclasses.replace(
            held.draft,
            run_id=run_id,
            options={**options, ORIGIN: source},
            inputs=origin.inputs,
            runner=engine.asked,
            engine=engine.name,
        ),
        state=tree.state(),
        started_at=started_at,
        landing=LandingConfig(source, functools.partial(Tree, tree.root), offline=True),
        follow=FollowConfig(
            options.get("fetch"),
            options.get("limit"),
            dt.datetime.fromisoformat(origin.started_at) - max_age if max_age is not None else None,
        ),
        model=model,
        held=held.number,
        files=again.files,
        feeds=again.feeds,
        refused=again.refused,
        keep_text=options.get("text") != "none",
        replayed=Replayed(frozenset(map(refusal_key, failures)), drop_failures(tree, run_id, again.answered)),
    )
    return run_plan(plan, engine)


def landed_bodies(tree: Tree, run_id: str) -> dict[str, set[str]]:
    """URLs whose bodies a run landed, by `feeds`, `sitemaps` and `pages`."""
    bodies: dict[str, set[str]] = {"feeds": set(), "sitemaps": set(), "pages": set()}
    for path in tree.files.list(f"{LANDING}/{run_id}"):
        if not path.endswith(".warc.gz"):
            continue
        landed = bodies.setdefault(path.rpartition("/")[2].partition("-")[0], set())
        landed.update(one.url for one in read_segment(tree.files.read(path)) if one.fetched and one.fetched.body)
    return bodies


def parse_age(text: str | None) -> dt.timedelta | None:
    """Reads a duration as a manifest has it.

    >>> parse_age("7 days, 0:00:00"), parse_age("1:30:00"), parse_age(None)
    (datetime.timedelta(days=7), datetime.timedelta(seconds=5400), None)
    """
    match = _AGE.match(text or "")
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _is_there(uri: str) -> bool:
    return bool(FileSystems.exists(file_path(uri)))


def _failure_of(row: Row) -> Failure:
    return Failure(row["stage"], row["reason"], row["source_uri"], url=row["url"], payload_sha256=row["payload_sha256"])
