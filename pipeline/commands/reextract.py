"""`newsmill reextract`: better rules reach old articles."""

import argparse
import dataclasses
import sys
from collections.abc import Mapping

from pipeline.commands.expire import parse_limit
from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from schemas.event import KINDS
from transforms.store.errors import StoreError
from transforms.store.lock import utc_now


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "reextract",
        help="read events anew from the articles of the tree, with the rules of this version",
        description="Reads events anew from the articles of the tree, with the rules of this version. The new events "
        "take the place of the old in one commit, and what changed is told by kind. An event that is the same keeps its "
        "row. Where no text was kept (--text none) events stay as they are.",
    )
    add_tree_arguments(parser)
    parser.add_argument("--since", required=True, metavar="DAY", help="first day, such as 2026-01-01, or an age: 90d")
    parser.add_argument("--model", metavar="NAME", help="spaCy model, by package name or path")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Extracts again; returns 0, or the exit code of what went wrong."""
    # Here, for the start of every other verb would load Beam and spaCy.
    from pipeline.options import UsageError
    from pipeline.preflight import check_model
    from pipeline.reextract import reextract_events
    from transforms.annotate.default import DEFAULT_MODEL
    from transforms.annotate.model import load_model

    model = args.model or DEFAULT_MODEL
    try:
        since = parse_limit(args.since, utc_now().date())
    except ValueError:
        say(f"--since {args.since}: give a day such as 2026-01-01, or an age such as 90d, 12w or 2y")
        return 2
    try:
        check_model(model)
        with hold_tree(args, "reextract") as held:
            done = reextract_events(held.tree, held.draft.run_id, since, load_model(model))
            sys.stdout.write(changes_table(done.changes))
            say(f"{done.articles} article versions since {since} read again, {done.kept} left as they were")
            if not done.rewrite:
                say("no event changed; nothing was committed")
                return 0
            draft = dataclasses.replace(held.draft, further=done.changes)
            held.tree.commit(draft, done.rewrite.staged, removed=done.rewrite.removed, held=held.number)
            return 0
    except UsageError as error:
        say(str(error))
        return 2
    except StoreError as error:
        say(str(error))
        return exit_code(error)


def changes_table(changes: Mapping[str, Mapping[str, int]]) -> str:
    """What changed, a line a kind of event."""
    lines = ["\t".join(("kind", *changes))]
    lines += ["\t".join((kind, *(str(kinds.get(kind, 0)) for kinds in changes.values()))) for kind in KINDS]
    return "".join(f"{line}\n" for line in lines)
