"""`newsmill expire`: old days leave the tree."""

import argparse
import datetime as dt
import re

from pipeline.maintain import add_tree_arguments, exit_code, hold_tree, say
from transforms.store.errors import StoreError
from transforms.store.lock import utc_now
from transforms.store.rewrite import expired_files

_AGE = re.compile(r"^(\d+)([dwy])$")
_DAYS = {"d": 1, "w": 7, "y": 365}


def parse_limit(text: str, today: dt.date) -> dt.date:
    """First day that is kept: of a date, or of an age such as `90d`, `12w`, `2y`.

    >>> parse_limit("90d", dt.date(2026, 4, 1)), parse_limit("2026-01-15", dt.date(2026, 4, 1))
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 15))

    Raises:
        ValueError: it is neither.
    """
    age = _AGE.match(text)
    return today - dt.timedelta(days=int(age[1]) * _DAYS[age[2]]) if age else dt.date.fromisoformat(text)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser("expire", help="take days before a date out of the tree")
    add_tree_arguments(parser)
    parser.add_argument("--older-than", required=True, metavar="AGE", help="90d, 12w, 2y, or a day such as 2026-01-01")
    parser.add_argument("--now", action="store_true", help="delete the files at once, not in 24 hours")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Expires; returns 0, or the exit code of what went wrong. What was seen stays known: nothing comes back."""
    try:
        limit = parse_limit(args.older_than, utc_now().date())
    except ValueError:
        say(f"--older-than {args.older_than}: give an age such as 90d, 12w or 2y, or a day such as 2026-01-01")
        return 2
    try:
        with hold_tree(args, "expire") as held:
            expired = expired_files(held.tree, limit)
            if not expired:
                say(f"nothing to expire: no day before {limit}")
                return 0
            held.tree.commit(held.draft, (), removed=expired.removed, erase=args.now, held=held.number)
            say(f"{len(expired.removed)} files of days before {limit} left the tree")
            return 0
    except StoreError as error:
        say(str(error))
        return exit_code(error)
