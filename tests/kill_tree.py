"""Kills a small run at every step of its commit, for real; run as a program by test_kill.py.

One process imports everything; each attempt is a fork of it that SIGKILLs itself at its step.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import pyarrow.compute  # noqa: F401  pyarrow loads it at its first table: once here, not in each child.
from store_trees import commit_run, story

from transforms.store.commit import Tree
from transforms.store.failpoint import LOG_VARIABLE, VARIABLE
from transforms.store.lock import TreeLock

os.fsync = lambda handle: None


def attempt(root: str, number: int, step: str | None = None, log: str | None = None) -> int:
    """Run `number` in a process of its own; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    for variable, value in ((VARIABLE, step), (LOG_VARIABLE, log)):
        if value is not None:
            os.environ[variable] = value
    status = 1
    try:
        with TreeLock(root, f"r{number}") as lock:
            tree = Tree(root)
            tree.recover()
            articles, events, failures = story(number)
            if tree.manifest(f"r{number}") is None:
                commit_run(tree, f"r{number}", articles, events, failures, held=lock.number)
        status = 0
    finally:
        os._exit(status)


def main(folder: Path) -> None:
    base, root = folder / "base", folder / "out"
    for number in range(7):  # The eighth run merges state.
        if attempt(str(base), number):
            raise SystemExit("the undisturbed runs failed")
    whole = folder / "whole"
    shutil.copytree(base, whole)
    attempt(str(whole), 7, log=str(folder / "steps"))
    expected = published(whole)
    steps = (folder / "steps").read_text().splitlines()
    shutil.copytree(base, root)
    failed = []
    for step in range(1, len(steps) + 1):
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(base, work)
        killed = attempt(str(work), 7, str(step))
        again = attempt(str(work), 7)
        if os.WTERMSIG(killed) != 9 or again or published(work) != expected:
            failed.append([steps[step - 1], killed, again])
    sys.stdout.write(
        json.dumps({"steps": len(steps), "kinds": sorted({s.split(":")[0] for s in steps}), "failed": failed})
    )


def published(root: Path) -> list[tuple[str, bytes]]:
    """Every file that readers and the next run see, with its bytes; run ids and rows are the same in each attempt."""
    folders = ("events", "articles", "quarantine", "_state", "_staging", "_runs/_intents")
    return sorted(
        (path.relative_to(root).as_posix(), path.read_bytes())
        for folder in folders
        for path in (root / folder).glob("**/*")
        if path.is_file()
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
