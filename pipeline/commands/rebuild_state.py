"""`newsmill rebuild-state`: what runs must know of earlier ones, made anew from the published files."""

import argparse

from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from transforms.store.errors import StoreError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "rebuild-state",
        help="make the state anew from the published files, where it was lost or is of another scheme",
        description="Makes the state anew from the published articles and quarantine, and manifests that are damaged "
        "from the files of their run. Nothing published changes. Every feed is then fetched whole once.",
    )
    add_tree_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Rebuilds; returns 0, or the exit code of what went wrong."""
    # Here, for the start of every other verb would load Beam.
    from pipeline.rebuild import commit_rebuilt, rebuild_tables

    try:
        with hold_tree(args, "rebuild-state", mend=True) as held:
            rebuilt = rebuild_tables(held.tree)
            commit_rebuilt(held, rebuilt)
            made = ", ".join(f"{table.name} {rows.num_rows:,}" for table, rows in rebuilt.tables)
            say(f"state made anew, rows: {made or 'none'}")
            if rebuilt.textless:
                say(
                    f"{rebuilt.textless} articles were published without text (--text none): each that is still in "
                    "its feed may come once more, as a new version"
                )
            return 0
    except StoreError as error:
        say(str(error))
        return exit_code(error)
