"""Kills every verb that writes at every step of its commit, and whole runs anywhere, and looks what the next run makes of it.

    python benchmarks/kill.py [--verbs run,compact,…] [--every N] [--random 20] [--fsync]
    python benchmarks/kill.py --store s3 --fail 0.05          the same in a moto server, behind a proxy that fails requests
    python benchmarks/kill.py --store gs --fail 0.05 --server PATH        in fake-gcs-server (needs gcsfs)

Each attempt is a fork that sends itself SIGKILL at its n-th step (before, in and after each write, rename, PUT, creation
and delete; NEWSMILL_FAILPOINT), over records that are annotated already. Then comes the next scheduled run: the rows (all
columns but run_id, first_seen_at, fetched_at) must be those of a tree where the verb was done or was not, and once the
verb is given again those of an undisturbed tree; `validate` must find no fault. A reader in a process of its own loads
the views and counts all the while: it must never fail, see only counts that a commit has left, and see none go back but
by a verb that takes rows away. `random` is `newsmill run` over a file, and `newsmill replay`
of what a model had refused, killed from outside at random instants.
"""

import argparse
import collections
import functools
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute  # noqa: F401  loaded once here, not in each fork

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from factories import make_article
from kill_tools import Place, Reader, compare, in_fork, kill_after, load_rows, must, open_place, save_rows
from kill_trees import VERBS, prepare, prepare_failed, run_next, write_input
from whole_runs import STORY

import transforms.annotate.model
import transforms.annotate.stage
from pipeline import forget, launch, rebuild, reextract, replay  # noqa: F401  loaded once here
from pipeline.__main__ import main as newsmill
from transforms.store.commit import Tree
from transforms.store.failpoint import LOG_VARIABLE, VARIABLE


def expect(name: str, place: Place) -> dict[str, Path]:
    """Rows of undisturbed trees, by what was done: nothing, verb, run, and both in either order."""
    steps = {"v": VERBS[name].act, "r": run_next}
    kept = {}
    for orders in (("", "v", "vr", "vrv"), ("r", "rv")):
        tree = f"{name}-undisturbed-{orders[0]}"
        root = place.root(tree)
        place.copy(VERBS[name].base, tree)
        for order in orders:
            kept[order] = place.folder / f"{name}-{order}.rows"

            def act(order: str = order, root: str = root) -> int | None:
                return (order and steps[order[-1]](root)) or save_rows(root, kept[order])

            must(act, f"{name} undisturbed", **place.clean)
        place.drop(tree)
    return kept


def list_steps(name: str, place: Place) -> list[str]:
    """The steps that a verb passes."""
    log, tree = place.folder / f"{name}.steps", f"{name}-steps"
    place.copy(VERBS[name].base, tree)
    must(lambda: VERBS[name].act(place.root(tree)), name, **{LOG_VARIABLE: str(log)}, **place.clean)
    place.drop(tree)
    return log.read_text().splitlines()


def kill_verb(name: str, place: Place, every: int) -> dict[str, Any]:
    """Kills a verb at every step; the line of the table."""
    act, kept, steps = VERBS[name].act, expect(name, place), list_steps(name, place)
    reader = Reader(place)
    line, told = collections.Counter(steps=len(steps)), place.folder / "compared"
    faults: list[str] = []
    for step in range(1, len(steps) + 1, every):
        tree = f"{name}-{step}"
        root = place.root(tree)
        place.copy(VERBS[name].base, tree)
        if VERBS[name].read:
            reader.look_at(root)
        line["killed"] += os.WTERMSIG(in_fork(lambda: act(root), **{VARIABLE: str(step)})) == 9  # noqa: B023
        for what, then, allowed in (("next run", run_next, ("r", "vr")), ("verb again", act, ("vrv", "rv"))):
            wanted = [kept[order] for order in allowed]

            def go_on(root=root, then=then, wanted=wanted, whole=what == "verb again"):
                return then(root) or place.past_proxy(compare, root, wanted, told, whole)

            must(go_on, f"{name} killed at {steps[step - 1]}, {what}")
            found = json.loads(told.read_text())
            if any(found[key] for key in ("lost", "doubled", "faults")):
                faults.append(f"{steps[step - 1]}, {what}: {found}")
            line.update({key: found[key] for key in ("lost", "doubled", "faults")})
        place.drop(f"{name}-{step - every}")
    return {**line, **look_over(reader, kept, VERBS[name].shrinks, faults), "kinds": covered(steps[::every])}


def look_over(reader: Reader, kept: dict[str, Path], shrinks: bool, faults: list[str]) -> dict[str, Any]:
    """What the reader saw, for the table."""
    told, allowed = reader.stop(), {load_rows(path)[1] for path in kept.values()}
    seen = [[tuple(counts) for counts in tree] for tree in told["seen"]]
    torn = [counts for tree in seen for counts in tree if counts not in allowed]
    steps = [step for tree in seen for step in itertools.pairwise(tree)]
    backwards = [step for step in steps if not shrinks and any(a > b for a, b in zip(*step, strict=True))]
    return {
        "reads": sum(map(len, seen)),
        "failed reads": len(told["failures"]),
        "torn": len(torn),
        "backwards": len(backwards),
        "errors": [*faults[:5], *told["failures"][:3], *map(str, torn[:3])],
    }


def covered(steps: list[str]) -> str:
    """The steps in brief: what was done before, in and after to which kind of file."""
    kinds: dict[str, dict[str, int]] = {}
    for step in steps:
        operation, moment, path = step.split(":", 2)
        parts = path.split("/")
        kind = (
            "/".join(parts[:2])
            if parts[0] == "_runs" and len(parts) > 2
            else "manifest"
            if parts[0] == "_runs"
            else parts[0]
        )
        kind = "pointer" if path == "_runs/_latest" else kind
        moments = kinds.setdefault(f"{operation} {kind}", {})
        moments[moment] = moments.get(moment, 0) + 1
    return "; ".join(f"{kind} ({', '.join(f'{n} {m}' for m, n in moments.items())})" for kind, moments in kinds.items())


def kill_runs(verb: str, times: int, place: Place, records: Path) -> dict[str, Any]:
    """Kills whole runs of the pipeline (`run`, or `replay` of what could not be annotated) at random instants."""
    base = {"run": "base", "replay": "failed"}[verb]

    def act(tree: str, run_id: str, verb: str = verb) -> int:
        given = ["--input", str(records), "-q"] if verb == "run" else []
        return newsmill([verb, *given, "--output", place.root(tree), "--run-id", run_id])

    def go_on(tree: str) -> int:
        return act(tree, "w1", "run") or (act(tree, "w2") if verb == "replay" else 0)

    kept = {order: place.folder / f"random-{verb}{order}.rows" for order in ("", "0", "1", "next")}
    whole, told = f"{verb}-whole", place.folder / "compared"
    place.copy(base, whole)
    must(lambda: save_rows(place.root(whole), kept[""]), "reading", **place.clean)
    began = time.monotonic()
    must(lambda: act(whole, "w0"), "an undisturbed run")
    took = time.monotonic() - began
    must(lambda: save_rows(place.root(whole), kept["0"]), "reading", **place.clean)
    must(lambda: go_on(whole) or place.past_proxy(save_rows, place.root(whole), kept["1"]), "the run after it")
    alone = f"{verb}-next"  # the next run where the dead one left nothing
    place.copy(base, alone)
    must(lambda: act(alone, "w1", "run") or place.past_proxy(save_rows, place.root(alone), kept["next"]), "a run")
    line, reader, faults = collections.Counter(steps=times), Reader(place), []
    dice, died = random.Random(7), collections.Counter()
    for number in range(times):
        tree = f"{verb}-random-{number}"
        root, seconds = place.root(tree), dice.uniform(0, took)
        place.copy(base, tree)
        reader.look_at(root)
        line["killed"] += os.WTERMSIG(kill_after(lambda: act(tree, "w0"), seconds)) == 9  # noqa: B023

        def next_run(tree: str = tree, root: str = root) -> int | None:
            place.past_proxy(note_reached, root, told.with_suffix(".died"))
            return go_on(tree) or compare(root, [kept["1"]], told, True)

        must(next_run, f"the run after one killed at {seconds:.2f} s")
        died[told.with_suffix(".died").read_text()] += 1
        found = json.loads(told.read_text())
        if any(found[key] for key in ("lost", "doubled", "faults")):
            faults.append(f"killed at {seconds:.2f} s: {found}")
        line.update({key: found[key] for key in ("lost", "doubled", "faults")})
        place.drop(f"{verb}-random-{number - 1}")
    return {**line, **look_over(reader, kept, verb == "replay", faults), "kinds": dict(died)}


def note_reached(root: str, told: Path) -> None:
    """Notes how far the run w0 had come."""
    files = Tree(root).files
    if files.exists("_runs/w0.json"):
        told.write_text("had written its manifest")
    elif files.list("_runs/_intents"):
        told.write_text("was publishing")
    else:
        told.write_text("was staging" if files.list("_staging") else "had staged nothing")


COLUMNS = (
    "verb",
    "steps",
    "killed",
    "lost",
    "doubled",
    "faults",
    "reads",
    "failed reads",
    "torn",
    "backwards",
    "seconds",
)


def main() -> int:
    """Prints the table; 1 where anything was lost, doubled, torn or failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbs", default=",".join(VERBS), help="default: %(default)s")
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th step only")
    parser.add_argument("--random", type=int, default=20, help="whole runs to kill at random instants")
    parser.add_argument("--store", choices=("local", "s3", "gs"), default="local")
    parser.add_argument("--fail", type=float, default=0.0, help="share of the store's requests that fail")
    parser.add_argument("--server", default="fake-gcs-server", help="program for --store gs")
    parser.add_argument("--fsync", action="store_true", help="force files to the disk as in earnest (slower)")
    args = parser.parse_args()
    verbs = [name for name in args.verbs.split(",") if name]
    if not args.fsync:
        os.fsync = lambda fd: None
    load_once()
    folder = Path(tempfile.mkdtemp(prefix="newsmill-kill-"))
    place, bad = open_place(args.store, folder, args.fail, args.server), 0
    try:
        records = folder / "in.jsonl"
        write_input(records)
        must(lambda: prepare(place), "preparing", **place.clean)
        if args.random:
            must(lambda: prepare_failed(place, records), "preparing", **place.clean)
        print(" ".join(f"{column:>13}" for column in COLUMNS))
        acts: dict[str, Callable[[], dict[str, Any]]] = {
            name: functools.partial(kill_verb, name, place, args.every) for name in verbs
        }
        if args.random:
            acts["random run"] = functools.partial(kill_runs, "run", args.random, place, records)
            acts["random replay"] = functools.partial(kill_runs, "replay", args.random // 4, place, records)
        for name, act in acts.items():
            began = time.monotonic()
            line = {"verb": name, **act()}
            line["seconds"] = round(time.monotonic() - began)
            print(" ".join(f"{line.get(column, 0)!s:>13}" for column in COLUMNS))
            print(*(f"{'':14}{text}" for text in (line["kinds"], *line["errors"])), sep="\n", flush=True)
            bad += any(line[column] for column in ("lost", "doubled", "faults", "failed reads", "torn", "backwards"))
    finally:
        told = place.close()
        if told:
            print(f"{args.store}: {told}")
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if bad else 0


def load_once() -> None:
    """Loads the model and the lexicons here, so that each fork has them."""
    load_model = functools.cache(transforms.annotate.model.load_model)
    nlp = load_model(transforms.annotate.model.DEFAULT_MODEL)
    reextract.read_again([make_article(STORY)], nlp, "warm")
    transforms.annotate.model.load_model = load_model
    transforms.annotate.stage.load_model = load_model


if __name__ == "__main__":
    sys.exit(main())
