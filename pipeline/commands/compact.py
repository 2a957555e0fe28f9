"""`newsmill compact`: closed days become one sorted file a leaf."""

import argparse
import datetime as dt

from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from transforms.store.errors import StoreError
from transforms.store.lock import utc_now
from transforms.store.rewrite import compact_leaves


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "compact",
        help="make one sorted file of each closed day and outlet",
        description="Makes one large sorted file of each day and outlet. What it replaces stays for 24 hours, so views "
        "that are loaded keep working; readers of the plain globs see those rows twice until then: read the views.",
    )
    add_tree_arguments(parser)
    parser.add_argument(
        "--before", type=dt.date.fromisoformat, metavar="DAY", help="only days before this one (default: today, UTC)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compacts; returns 0, or the exit code of what went wrong."""
    try:
        with hold_tree(args, "compact") as held:
            rewrite = compact_leaves(held.tree, held.draft.run_id, args.before or utc_now().date())
            if not rewrite:
                say("nothing to compact: every closed day has one file an outlet")
                return 0
            held.tree.commit(held.draft, rewrite.staged, removed=rewrite.removed, held=held.number)
            say(f"compacted {len(rewrite.removed)} files into {len(rewrite.staged)} ({rewrite.rows} rows)")
            return 0
    except StoreError as error:
        say(str(error))
        return exit_code(error)
