"""`newsmill feeds`: look at feeds and feed lists."""

import argparse
import contextlib
import datetime as dt
import json
import os
import sys
from typing import Any

from pipeline.status import feed_status, outlet_statuses, status_json
from schemas.source import Document
from transforms.land.client import FetchOptions
from transforms.land.feed_table import load_feeds
from transforms.land.guard import NetPolicy
from transforms.read.cage import Cage
from transforms.read.check import CheckedFeed, check_feed, refuse_feed
from transforms.read.discover import discover_feeds
from transforms.read.feed import FEED_CAGE
from transforms.read.listwriter import WRITERS
from transforms.read.lookup import read_sources
from transforms.read.sources import Resolved, resolve_inputs
from transforms.store.commit import Tree
from transforms.store.errors import StoreError


def add_parser(subparsers: Any) -> None:
    """Adds the command to the program's sub-parsers."""
    parser = subparsers.add_parser("feeds", help="look at feeds and feed lists")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|discover|import|export|status")
    check = verbs.add_parser("check", help="read feeds and say what is in them")
    check.add_argument("inputs", nargs="+", metavar="FILE_OR_URL", help="a feed, a glob or a feed list")
    discover = verbs.add_parser("discover", help="find the feeds of a site")
    discover.add_argument("inputs", nargs="+", metavar="URL", help="a page of the site")
    for verb in (check, discover):
        verb.add_argument("--json", action="store_true", help="one line of JSON a feed")
        verb.add_argument(
            "--allow-net", action="append", default=[], metavar="CIDR", help="a network of your own that may be reached"
        )
    for name, form, text in (
        ("import", "yaml", "write feed lists of any form as one that newsmill reads, and name every refused line"),
        ("export", "opml", "write feed lists of any form as one that other readers take"),
    ):
        convert = verbs.add_parser(name, help=text)
        convert.add_argument("inputs", nargs="+", metavar="FILE_OR_URL", help="a feed list or the URL of a feed")
        convert.add_argument("--to", choices=tuple(WRITERS), default=form, help=f"form of the list (default: {form})")
    status = verbs.add_parser("status", help="how complete a tree is: its outlets and live feeds, without a fetch")
    status.add_argument("--output", required=True, metavar="DIR", help="the tree")
    status.add_argument("--json", action="store_true", help="one line of JSON an outlet and feed")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs a verb of `feeds` and returns the exit code (CONTRACT.md, Command line)."""
    try:
        options = FetchOptions(NetPolicy(tuple(getattr(args, "allow_net", ()))))
    except ValueError as error:
        _say(f"--allow-net: {error}")
        return 2
    if args.verb == "discover":
        return _discover(args, options)
    if args.verb == "status":
        return _status(args)
    resolved = resolve_inputs(args.inputs, only_lists=args.verb in ("import", "export"))
    for text in (*resolved.warnings, *(f"nothing at {pattern}" for pattern in resolved.unmatched)):
        _say(text)
    return _check(args, resolved, options) if args.verb == "check" else _convert(args, resolved)


def _check(args: argparse.Namespace, resolved: Resolved, options: FetchOptions) -> int:
    show = _print_json if args.json else _print_plain if len(resolved.sources) == 1 else _print_summary
    for failure in resolved.failures:
        show(refuse_feed(failure))
    good = opened = 0
    with contextlib.closing(Cage(FEED_CAGE)) as cage:
        for _, read in read_sources(resolved.sources, options):
            checked = check_feed(read, cage) if isinstance(read, Document) else refuse_feed(read)
            opened += isinstance(read, Document)
            good += checked["ok"]
            show(checked)
    if not opened:
        return 3
    return 0 if good == len(resolved.sources) and not resolved.failures and not resolved.unmatched else 1


def _discover(args: argparse.Namespace, options: FetchOptions) -> int:
    show = _print_json if args.json else _print_summary
    urls = [url if "://" in url else f"https://{url}" for url in args.inputs]
    with contextlib.closing(Cage(FEED_CAGE)) as cage:
        found = discover_feeds(urls, options, cage)
    for one in found:
        if one.problem:
            _say(f"{one.url}: {one.problem}")
        for feed in one.feeds:
            show(feed)
    return 0 if all(one.feeds for one in found) else 1


def _convert(args: argparse.Namespace, resolved: Resolved) -> int:
    feeds = [source for source in resolved.sources if source.kind == "live"]
    for source in resolved.sources:
        if source.kind == "file":
            _say(f"{source.uri} is no feed list")
    for failure in resolved.failures:
        _say(f"{failure.source_uri} {failure.detail}")
    if not feeds:
        return 3
    sys.stdout.write(WRITERS[args.to](feeds))
    return 0 if len(feeds) == len(resolved.sources) and not resolved.failures and not resolved.unmatched else 1


def _status(args: argparse.Namespace) -> int:
    tree = Tree(args.output.rstrip("/") if "://" in args.output else os.path.abspath(args.output))
    try:
        manifests = tree.manifests()
        feeds = [feed_status(state) for _, state in sorted(load_feeds(tree.state()).items())]
    except StoreError as error:
        _say(str(error))
        return 70
    if not manifests:
        _say(f"no run has written to {args.output}")
        return 3
    outlets = outlet_statuses(manifests, feeds)
    if args.json:
        for shown in [*map(status_json, outlets), *map(status_json, feeds)]:
            print(json.dumps(shown, ensure_ascii=False))
        return 0
    for outlet in outlets:
        expected = "?" if outlet.expected is None else f"{outlet.expected:.1f}"
        expected += " (by dates of publication)" if outlet.basis == "dates" else ""
        _print_line(
            f"{outlet.status:8} {outlet.outlet}  {outlet.seen} stories in the last day, {expected} expected; "
            f"{outlet.quarantined} quarantined; last new {_minute(outlet.last_new_at)}"
        )
    for feed in feeds:
        notes = [
            f"{'?' if feed.entries is None else feed.entries} entries",
            f"last poll {_minute(feed.polled_at)}, last body {_minute(feed.body_at)}, last new {_minute(feed.fresh_at)}",
            f"{feed.failures} failures in a row, {feed.gaps} gaps",
        ]
        notes += [f"next poll from {_minute(feed.next_at)}"] if feed.next_at else []
        notes += [f"moved for good to {feed.moved_to}"] if feed.moved_to else []
        _print_line(f"{feed.status:8} {feed.url}  {'; '.join(notes)}")
    return 0


def _minute(at: dt.datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"


def _say(text: str) -> None:
    print(f"newsmill: {text}", file=sys.stderr)


def _print_json(checked: CheckedFeed) -> None:
    print(json.dumps({name: value for name, value in checked.items() if name != "detail"}, ensure_ascii=False))


def _print_plain(checked: CheckedFeed) -> None:
    _print_summary(checked)
    for entry in checked["entries"]:
        _print_line(
            f"         {entry['published'] or '(no date)':25}  {entry['title'] or entry['url'] or '(no title)'}"
        )


def _print_summary(checked: CheckedFeed) -> None:
    if not checked["ok"]:
        _print_line(f"no feed  {checked['uri']}  {checked['reason']}: {checked['detail']}")
        return
    more = f" ({checked['detail']})" if checked["detail"] else ""
    _print_line(
        f"feed     {checked['uri']}  {checked['title'] or '(no title)'}, {len(checked['entries'])} entries{more}"
    )


def _print_line(text: str) -> None:
    # What a feed says must not steer the terminal.
    print("".join(c if c.isprintable() else " " for c in text))
