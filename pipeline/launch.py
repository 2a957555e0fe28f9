"""One run from options to manifest: inputs resolved, the tree locked and put in order, the graph built and run."""

import dataclasses
import datetime as dt
import functools
import logging
import re
from collections.abc import Callable, Mapping

import apache_beam as beam

from pipeline.graph import build
from pipeline.maintain import free_id
from pipeline.options import RunOptions, UsageError, beam_options, run_id_of
from pipeline.plan import RunPlan
from pipeline.preflight import check_model, net_policy, open_output, source_settings
from pipeline.progress import Display, tell_progress
from pipeline.runner import Engine, make_engine
from pipeline.versions import versions
from schemas.feed_state import FeedState
from schemas.fields import SCHEMA_VERSION
from schemas.manifest import Manifest
from schemas.partition import outlet_slug
from schemas.quarantine import Failure
from transforms.article.refused import REFUSED_TABLE
from transforms.article.seen import SEEN_TABLE
from transforms.dedup.state import TABLES as STORY_TABLES
from transforms.land.client import FetchOptions
from transforms.land.feed_table import FEEDS_TABLE, load_feeds
from transforms.land.guard import NetPolicy
from transforms.land.landing import LandingConfig
from transforms.land.polling import may_poll
from transforms.land.robots_table import ROBOTS_TABLE
from transforms.land.sort import FollowConfig
from transforms.read.files import file_uri
from transforms.read.sources import Resolved, resolve_inputs
from transforms.store import errors
from transforms.store.commit import Tree
from transforms.store.lock import TreeLock

_STORE_ERROR = re.compile(r"^transforms\.store\.errors\.(\w+): (.+?)(?: \[while running .*)?$", re.MULTILINE)

logger = logging.getLogger("newsmill.run")
Say = Callable[[str], None]

# Reasons that say an input was never opened; a run of nothing else read no input at all (exit code 3).
UNOPENED = frozenset(("unreadable", "not-an-address"))
# A feed that was polled with this outcome was read, whatever came of the pages that it named.
ANSWERED = frozenset(("changed", "unchanged"))


@dataclasses.dataclass(frozen=True)
class RunResult:
    """What a run came to.

    Attributes:
        manifest: None for a dry run. repeated: the run id was committed before, nothing was done.
        opened: whether any input could be read.
    """

    manifest: Manifest | None
    repeated: bool = False
    opened: bool = True


def run_once(options: RunOptions, say: Say, display: Display | None = None) -> RunResult:
    """Does one run.

    Args:
        options: checked.
        say: told what a person should know, a sentence at a time.
        display: shown how far the run has come; None where nobody waits.

    Raises:
        UsageError: an option, the model or the output can't be used.
        transforms.store.errors.Locked: another run holds the tree.
        transforms.store.errors.StateMismatch: the state is of another scheme.
    """
    defaults = source_settings(options)
    policy = net_policy(options)
    check_model(options.model)
    engine = make_engine(beam_options(options))
    resolved = resolve_inputs(options.inputs, defaults)
    for warning in resolved.warnings:
        say(warning)
    for pattern in resolved.unmatched:
        say(f"--input {pattern}: there is no such file, and nothing matches it")
    if options.dry_run:
        return _say_plan(resolved, load_feeds(Tree(options.output).state()), options.started_at, say)
    root = open_output(options.output)
    tree = Tree(root)
    with TreeLock(root, options.run_id) as lock:
        if lock.message:
            say(lock.message)
        for sentence in tree.recover():
            say(sentence)
        options = mind_clock(options, tree, say)
        done = tree.manifest(options.run_id)
        if done is not None:
            return RunResult(done, repeated=True)
        with tell_progress(display) as progress:
            return _run_graph(options, engine, resolved, policy, tree, lock.number, progress)


def mind_clock(options: RunOptions, tree: Tree, say: Say) -> RunOptions:
    """Says so where the clock was set back. An id made of the time may be taken then: it gets a number."""
    newest = tree.newest()
    behind = dt.datetime.fromisoformat(newest.started_at) - options.started_at if newest else dt.timedelta()
    if newest is None or behind <= dt.timedelta():
        return options
    say(
        f"the clock stands {behind} before the start of run {newest.run_id}: was it set back? Commits are counted, not "
        "dated, so nothing is lost, but first_seen_at of this run's rows will be early"
    )
    if options.run_id != run_id_of(options.started_at):
        return options
    return dataclasses.replace(options, run_id=free_id(tree, options.run_id))


def _run_graph(
    options: RunOptions,
    engine: Engine,
    resolved: Resolved,
    policy: NetPolicy,
    tree: Tree,
    held: int,
    progress: str | None,
) -> RunResult:
    state = tree.state()
    state.check(SEEN_TABLE, REFUSED_TABLE, FEEDS_TABLE, ROBOTS_TABLE, *STORY_TABLES)
    plan = RunPlan(
        tree=tree,
        draft=_draft(options, resolved, engine),
        state=state,
        started_at=options.started_at,
        landing=LandingConfig(options.run_id, functools.partial(Tree, tree.root), FetchOptions(policy)),
        follow=FollowConfig(
            options.fetch, options.limit, options.started_at - options.max_age if options.max_age else None
        ),
        model=options.model,
        held=held,
        files=tuple(s for s in resolved.sources if s.kind == "file"),
        feeds=tuple(s for s in resolved.sources if s.kind == "live"),
        refused=(*resolved.failures, *(_unmatched(p, options) for p in resolved.unmatched)),
        keep_text=options.text == "full",
        keep_landing=dt.timedelta(days=options.keep_landing),
        progress=progress,
    )
    manifest = run_plan(plan, engine)
    return RunResult(manifest, opened=_opened(manifest, plan))


def run_plan(plan: RunPlan, engine: Engine) -> Manifest:
    """Builds the graph of a plan, runs it and gives the manifest that it committed.

    Raises:
        UsageError: the engine is not there.
    """
    try:
        with beam.Pipeline(runner=engine.runner, options=engine.options) as root:
            build(root, plan)
    except RuntimeError as error:
        raise_store_error(str(error))
        if "prism binary" not in str(error):
            raise
        raise UsageError(
            f"--runner=PrismRunner: Prism is not on this machine and could not be downloaded ({error}); give it with "
            "--prism_location, or leave --runner out: the DirectRunner needs nothing"
        ) from error
    manifest = plan.tree.manifest(plan.draft.run_id)
    if manifest is None:
        raise RuntimeError(f"run {plan.draft.run_id} ended without a manifest")
    return manifest


def raise_store_error(text: str) -> None:
    """Raises the error of the store that a worker met, which the engine hands on as the text of its traceback.

    Raises:
        transforms.store.errors.StoreError: the text holds one.
    """
    found = _STORE_ERROR.search(text)
    kind = getattr(errors, found[1], None) if found else None
    if found and isinstance(kind, type) and issubclass(kind, errors.StoreError):
        raise kind(found[2])


def _draft(options: RunOptions, resolved: Resolved, engine: Engine) -> Manifest:
    shown = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(options)
        if field.name not in ("run_id", "started_at", "beam", "max_age")
    }
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}
    return Manifest(
        run_id=options.run_id,
        started_at=options.started_at.isoformat(),
        schema_version=SCHEMA_VERSION,
        versions=versions(),
        options={**shown, "max_age": str(options.max_age) if options.max_age else None, "beam": list(options.beam)},
        runner=engine.asked,
        engine=engine.name,
        inputs=tuple(source.uri for source in resolved.sources),
    )


def _unmatched(pattern: str, options: RunOptions) -> Failure:
    detail = "no such file, and nothing matches it"
    return Failure("fetch", "unreadable", file_uri(pattern), detail, outlet=outlet_slug(options.outlet))


def _opened(manifest: Manifest, plan: RunPlan) -> bool:
    """Whether any source was read: counted from the polls, the sources and the failures to open them."""
    if ANSWERED & manifest.further.get("polls", {}).keys():
        return True
    unopened = sum(
        count
        for label, count in manifest.further.get("quarantined", {}).items()
        if label.split("/")[0] == "fetch" or label.split("/")[1] in UNOPENED
    )
    if manifest.total.inputs > unopened:
        return True
    return len(plan.files) + len(plan.feeds) + len(plan.refused) > unopened


def _say_plan(resolved: Resolved, states: Mapping[str, FeedState], started_at: dt.datetime, say: Say) -> RunResult:
    for source in resolved.sources:
        state = states.get(source.uri)
        if source.kind == "file":
            say(f"would read {source.uri}")
        elif state is None or state.not_before is None or may_poll(state, started_at):
            moved = f", which has moved to {state.permanent_url}" if state and state.permanent_url else ""
            say(f"would fetch {source.uri}{moved}")
        else:
            say(f"would not fetch {source.uri} before {state.not_before:%Y-%m-%d %H:%M} UTC")
    for failure in resolved.failures:
        say(f"would quarantine {failure.source_uri}: {failure.reason} ({failure.detail})")
    return RunResult(None, opened=bool(resolved.sources))
