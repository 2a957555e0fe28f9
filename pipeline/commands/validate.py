"""`newsmill validate`: is the tree whole?"""

import argparse
import json
import sys

from pipeline.maintain import exit_code, say
from transforms.store.commit import Tree
from transforms.store.errors import StoreError
from transforms.store.validate import validate_tree


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser("validate", help="check hashes, rows, schemas, ids, offsets and counters of a tree")
    parser.add_argument("--output", default="out", metavar="DIR", help="the tree (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object a fault")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Validates; returns 0, 5 with faults, 2 where there is no tree, or the exit code of what went wrong."""
    try:
        return _print_faults(args)
    except StoreError as error:
        say(str(error))
        return exit_code(error)


def _print_faults(args: argparse.Namespace) -> int:
    """Prints each fault with the way out; returns 0, 5 with faults, or 2 where there is no tree."""
    tree = Tree(args.output)
    if not tree.files.list("_runs"):
        sys.stderr.write(f"newsmill validate: no tree in {args.output}: name one with --output\n")
        return 2
    count = 0
    for fault in validate_tree(tree):
        count += 1
        if args.json:
            document = {"path": fault.path, "problem": fault.problem, "remedy": fault.remedy}
            sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{fault.path} {fault.problem}. Way out: {fault.remedy}.\n")
    faults = "1 fault" if count == 1 else f"{count} faults"
    sys.stderr.write(f"newsmill validate: {args.output}: {faults if count else 'no fault'}\n")
    return 5 if count else 0
