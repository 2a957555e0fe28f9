"""`newsmill replay`: quarantined inputs again, after a fix."""

import argparse
import logging

from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from schemas.quarantine import REASONS
from transforms.store.errors import StoreError
from transforms.store.lock import utc_now


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "replay",
        help="read quarantined inputs again, after a fix",
        description="Reads quarantined inputs again, from the landed bytes and from their files, through the same graph; "
        "nothing is fetched. What now succeeds is published and its row leaves the quarantine; what fails again has a "
        "row of the replay instead. A feed or file is read again whole: what it holds besides is known.",
    )
    add_tree_arguments(parser)
    parser.add_argument("--stage", choices=("fetch", "parse", "extract", "annotate"), help="only rows of this stage")
    parser.add_argument("--reason", choices=sorted(REASONS), metavar="REASON", help="only rows of this reason")
    parser.add_argument("--run", dest="of_run", metavar="ID", help="only rows of this run")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Replays; returns 0, or the exit code of what went wrong."""
    # Here, for the start of every other verb would load Beam.
    from pipeline.replay import Wanted, find_rows, plan_again, replay_run

    logging.getLogger().setLevel(logging.CRITICAL)
    left = 0
    try:
        with hold_tree(args, "replay") as held:
            chosen = find_rows(held.tree, Wanted(args.stage, args.reason, args.of_run))
            if not chosen:
                say("nothing to replay: no such row is in quarantine")
            everything = find_rows(held.tree, Wanted(run_id=args.of_run)) if chosen else {}
            for number, (run_id, rows) in enumerate(sorted(chosen.items()), 1):
                again = plan_again(held.tree, run_id, rows, everything[run_id])
                left += len(rows) if again is None else again.left
                if again is None or not again.rows:
                    continue
                new_id = held.draft.run_id if number == 1 else f"{held.draft.run_id}-{number}"
                total = replay_run(held, again, new_id, utc_now().replace(microsecond=0)).total
                say(
                    f"{len(again.rows)} quarantined inputs of run {run_id} again: {total.new} new + {total.versions} new "
                    f"versions + {total.copies} copies, {total.quarantined} failed again; {total.known} were known"
                )
        if left:
            say(
                f"{left} can't be read again: their file is gone, their landed bytes are no longer kept, or they could "
                "not be fetched (where that may yet come, the next run asks for it)"
            )
        return 0
    except StoreError as error:
        say(str(error))
        return exit_code(error)
