"""What the verbs that look after a tree share: its lock, its recovery, a commit of their own."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import itertools
import sys
from collections.abc import Callable, Iterator

from pipeline.versions import versions
from schemas.fields import SCHEMA_VERSION
from schemas.manifest import Manifest
from transforms.store.catalog import RUNS, manifest_path
from transforms.store.commit import Tree
from transforms.store.errors import Locked, NotWritable, StoreError
from transforms.store.lock import TreeLock, utc_now
from transforms.store.mend import mend_manifests


@dataclasses.dataclass(frozen=True)
class Held:
    """A tree that this process alone may change.

    Attributes:
        draft: of the commit to come.
        number: of the lock, for Tree.commit.
    """

    tree: Tree
    draft: Manifest
    number: int


def add_tree_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds --output and --run-id."""
    parser.add_argument("--output", default="out", metavar="DIR", help="the tree (default: %(default)s)")
    parser.add_argument("--run-id", metavar="ID", help="id of this commit (default: the verb and the time)")


def say(text: str) -> None:
    """Says something on stderr."""
    sys.stderr.write(f"newsmill: {text}\n")


@contextlib.contextmanager
def hold_tree(
    args: argparse.Namespace, verb: str, mend: bool = False, now: Callable[[], dt.datetime] = utc_now
) -> Iterator[Held]:
    """Takes the lock, puts the tree in order and drafts a manifest of kind `verb`.

    Args:
        args: with `output` and `run_id`.
        verb: of the command.
        mend: makes manifests anew that are damaged beyond their copy.
        now: the clock.

    Raises:
        StoreError: the tree is locked, damaged or can't be written.
    """
    started = now()
    tree = Tree(args.output)
    run_id = args.run_id or free_id(tree, f"{verb}-{started:%Y%m%dT%H%M%SZ}")
    if not tree.files.list(RUNS):
        raise NoTree(f"no tree in {args.output}: name one with --output")
    with TreeLock(tree.root, run_id) as lock:
        said = [lock.message] if lock.message else []
        said += mend_manifests(tree) if mend else []
        for sentence in [*said, *tree.recover()]:
            say(sentence)
        options = {name: value for name, value in vars(args).items() if isinstance(value, str | int | list)}
        draft = Manifest(
            run_id, started.isoformat(), verb, schema_version=SCHEMA_VERSION, versions=versions(), options=options
        )
        yield Held(tree, draft, lock.number)


def free_id(tree: Tree, wanted: str) -> str:
    """The id itself, or with a number where a commit has it already."""
    ids = (wanted if number == 1 else f"{wanted}-{number}" for number in itertools.count(1))
    return next(run_id for run_id in ids if not tree.files.exists(manifest_path(run_id)))


class NoTree(StoreError):
    """The output holds no tree."""


def exit_code(error: StoreError) -> int:
    """Exit code of an error of the store (CONTRACT.md, Command line)."""
    if isinstance(error, Locked):
        return 4
    return 2 if isinstance(error, NoTree | NotWritable) else 70
