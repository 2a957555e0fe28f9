"""Kills every verb that writes at every step of its commit, for real, and looks what the next run makes of it.

    python benchmarks/kill.py [--verbs run,compact,expire,forget,reextract] [--every N] [--fsync]

Each attempt is a fork that sends itself SIGKILL at its n-th step (before, in and after each write, rename, creation and
delete; NEWSMILL_FAILPOINT). Then the next scheduled run of the same verb does its work, and the rows (all columns but
run_id, first_seen_at, fetched_at) are compared with those of an undisturbed tree; `validate` must find no fault. A reader
in a process of its own loads the views and queries them all the while: it must never fail, and never see fewer rows.
"""

import argparse
import collections
import functools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute  # noqa: F401  loaded once here, not in each fork

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import store_trees
from store_trees import commit_run, snapshot, story

import pipeline.forget
import pipeline.rebuild
import pipeline.reextract
import transforms.annotate.model
from pipeline.__main__ import main as newsmill
from transforms.store.commit import Tree
from transforms.store.failpoint import LOG_VARIABLE, VARIABLE
from transforms.store.lock import TreeLock
from transforms.store.validate import validate_tree

assert pipeline.forget
assert pipeline.rebuild
assert pipeline.reextract
RUNS_BEFORE = 7  # The eighth merges state segments.


def run_next(root: str) -> int:
    """A scheduled run of three new articles, with an event each, and a failure."""
    with TreeLock(root, "r7") as lock:
        tree = Tree(root)
        tree.recover()
        if tree.manifest("r7") is None:
            commit_run(tree, "r7", *story(7), held=lock.number)
    return 0


def verb(*arguments: str) -> Callable[[str], int]:
    """A verb of the command line."""
    return lambda root: newsmill([*arguments, "--output", root])


VERBS: dict[str, Callable[[str], int]] = {
    "run": run_next,
    "compact": verb("compact", "--before", "2026-12-31"),
    "expire": verb("expire", "--older-than", "2026-03-03"),
    "forget": verb("forget", "https://herald.example/3"),
    "reextract": verb("reextract", "--since", "2000-01-01"),
}


# These take rows away, so a reader rightly sees fewer.
SHRINKS = ("expire", "forget")


def in_fork(function: Callable[[str], int], root: Path, **environment: str) -> int:
    """Calls function(root) in a process of its own; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    os.environ.update(environment)
    status = 1
    try:
        with open(os.devnull, "w") as sys.stderr, open(os.devnull, "w") as sys.stdout:
            status = function(str(root))
    finally:
        os._exit(status)


def prepare(root: str) -> int:
    """A tree of some runs, with one article of two versions."""
    for number in range(RUNS_BEFORE):
        commit_run(Tree(root), f"r{number}", *story(number))
    return 0


def read_in_loop(link: str) -> int:
    """Loads and queries whatever tree `link` leads to until its file `stop` appears; tells what it saw."""
    seen: dict[str, list[int]] = {}
    failures: list[str] = []
    queries = 0
    parent = os.getppid()
    while not os.path.exists(link + ".stop") and os.getppid() == parent:
        time.sleep(0.02)
        tree = os.path.realpath(link)
        try:
            connection = store_trees.connect(tree)
            count = connection.execute("SELECT count(*) FROM articles").fetchall()[0][0]
            connection.execute("SELECT count(*) FROM events").fetchall()
        except Exception as error:
            if os.path.realpath(link) == tree:  # Else the tree was swapped for the next attempt.
                failures.append(repr(error)[:300])
            continue
        if os.path.realpath(link) == tree:
            seen.setdefault(tree, []).append(count)
            queries += 1
    backwards = sum(1 for counts in seen.values() if counts != sorted(counts))
    told = {"queries": queries, "failures": failures[:5], "backwards": backwards}
    Path(link + ".told").write_text(json.dumps(told))
    return 0


def compare(whole: Path, root: Path) -> dict[str, int]:
    """Rows that `root` has not and has more often than `whole`, and its faults; in a fork, for DuckDB has threads."""

    def tell(_: str) -> int:
        expected, got = (
            {view: collections.Counter(map(repr, rows)) for view, rows in snapshot(place).items()}
            for place in (whole, root)
        )
        told = {
            "lost": sum((expected[view] - got[view]).total() for view in expected),
            "doubled": sum((got[view] - expected[view]).total() for view in expected),
            "faults": len(list(validate_tree(Tree(str(root))))),
        }
        Path(f"{root}.told").write_text(json.dumps(told))
        return 0

    assert in_fork(tell, root) == 0
    return json.loads(Path(f"{root}.told").read_text())


def kill_verb(name: str, folder: Path, every: int) -> dict[str, Any]:
    """Kills a verb at every step; the line of the table."""
    act, base, whole = VERBS[name], folder / "base", folder / f"{name}-whole"
    shutil.copytree(base, whole)
    log = folder / f"{name}.steps"
    assert in_fork(act, whole, **{LOG_VARIABLE: str(log)}) == 0
    steps = log.read_text().splitlines()
    link = folder / f"{name}-now"
    first = folder / f"{name}-0"
    shutil.copytree(base, first)
    link.symlink_to(first)
    reader = os.fork()
    if not reader:
        os._exit(read_in_loop(str(link)))
    killed, sums = 0, collections.Counter(lost=0, doubled=0, faults=0)
    for step in range(1, len(steps) + 1, every):
        root = folder / f"{name}-{step}"
        shutil.copytree(base, root)
        swapped = folder / f"{name}-link"
        swapped.symlink_to(root)
        swapped.replace(link)
        killed += os.WTERMSIG(in_fork(act, root, **{VARIABLE: str(step)})) == 9
        # Recovery may have finished it, and then there is no such article any more (exit code 1).
        assert os.waitstatus_to_exitcode(in_fork(act, root)) in ((0, 1) if name == "forget" else (0,)), steps[step - 1]
        sums.update(compare(whole, root))
        shutil.rmtree(folder / f"{name}-{step - every}", ignore_errors=True)
    Path(f"{link}.stop").touch()
    os.waitpid(reader, 0)
    told = json.loads(Path(f"{link}.told").read_text())
    kinds = collections.Counter(":".join(step.split(":")[:2]) for step in steps)
    return {
        "verb": name, "steps": len(steps), "killed": killed, **sums,
        "reads": told["queries"], "failed reads": len(told["failures"]), "backwards": 0 if name in SHRINKS else told["backwards"],
        "kinds": dict(sorted(kinds.items())), "read errors": told["failures"],
    }  # fmt: skip


def main() -> int:
    """Prints the table; 1 where anything was lost, doubled or failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verbs", default=",".join(VERBS))
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th step only")
    parser.add_argument("--fsync", action="store_true", help="force files to the disk as in earnest (slower)")
    args = parser.parse_args()
    if not args.fsync:
        os.fsync = lambda fd: None
    if "reextract" in args.verbs.split(","):
        # Loaded once here; each fork has it then.
        load_model = functools.cache(transforms.annotate.model.load_model)
        load_model(transforms.annotate.model.DEFAULT_MODEL)
        transforms.annotate.model.load_model = load_model
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert in_fork(prepare, folder / "base") == 0
        columns = (
            "verb",
            "steps",
            "killed",
            "lost",
            "doubled",
            "faults",
            "reads",
            "failed reads",
            "backwards",
            "seconds",
        )
        print(" ".join(f"{column:>12}" for column in columns))
        for verb_name in args.verbs.split(","):
            began = time.monotonic()
            line = kill_verb(verb_name, folder, args.every)
            line["seconds"] = round(time.monotonic() - began, 1)
            print(" ".join(f"{line[column]!s:>12}" for column in columns))
            print(" " * 12, line["kinds"], *line["read errors"], flush=True)
            bad += any(line[column] for column in ("lost", "doubled", "faults", "failed reads", "backwards"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
