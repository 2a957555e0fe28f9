"""`newsmill forget`: an article leaves the tree for good."""

import argparse

from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from transforms.store.errors import StoreError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "forget",
        help="take articles and their events out of every file, and keep them out",
        description="Takes articles and their events out of every file, out of what is known of their texts and out of "
        "the landed bytes, and keeps them out of later runs. A copy in another outlet is an article of its own.",
    )
    parser.add_argument("urls", nargs="+", metavar="URL", help="address of an article, or its article_id")
    add_tree_arguments(parser)
    parser.add_argument(
        "--now",
        action="store_true",
        help="delete the old files at once, not in 24 hours: snapshots that readers have loaded fail then",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Forgets; returns 0, 1 where an address is of no article and never was, or the exit code of what went wrong."""
    # Here, for the start of every other verb would load Beam.
    from pipeline.forget import find_forgotten, forget_articles, unland_pages

    try:
        with hold_tree(args, "forget") as held:
            forgotten = find_forgotten(held.tree, args.urls)
            for url in forgotten.already:
                say(f"{url}: was forgotten already")
            for url in forgotten.unknown:
                say(f"{url}: the tree has no such article")
            if forgotten.versions:
                forget_articles(held, forgotten, args.now)
            # After the commit; and once more for what a run forgot that was killed between the two.
            landed = unland_pages(held.tree, args.urls) if forgotten.versions or forgotten.already else 0
            if forgotten.versions:
                when = "deleted" if args.now else "to be deleted in 24 hours"
                say(f"{len(forgotten.versions)} articles forgotten; old files {when}, {landed} landed files deleted")
            return 1 if forgotten.unknown else 0
    except StoreError as error:
        say(str(error))
        return exit_code(error)
