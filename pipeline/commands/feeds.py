"""`newsmill feeds`: look at feeds and feed lists."""

import argparse
import contextlib
import datetime as dt
import json
import sys
from typing import Any

from schemas.article import PublishedAt
from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.article.dates import parse_instant
from transforms.land.client import FetchOptions, fetch
from transforms.land.guard import NetPolicy
from transforms.land.outcome import FetchError
from transforms.read.cage import Cage, CageError
from transforms.read.errors import ParseError
from transforms.read.feed import FEED_CAGE, Written, parse_feed
from transforms.read.files import read_file
from transforms.read.sources import resolve_inputs


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Adds the command to the program's sub-parsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser("feeds", help="look at feeds and feed lists")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="read feeds and say what is in them")
    check.add_argument("inputs", nargs="+", metavar="FILE_OR_URL", help="a feed, a glob or a feed list")
    check.add_argument("--json", action="store_true", help="one line of JSON a feed")
    check.add_argument(
        "--allow-net", action="append", default=[], metavar="CIDR", help="a network of your own that may be reached"
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Runs `feeds check`.

    Returns:
        0 when everything is a feed, 1 when something is none, 3 when nothing could be read at all.
    """
    try:
        options = FetchOptions(NetPolicy(tuple(args.allow_net)))
    except ValueError as error:
        print(f"newsmill: --allow-net: {error}", file=sys.stderr)
        return 2
    resolved = resolve_inputs(args.inputs, SourceSettings())
    for text in (*resolved.warnings, *(f"no such file: {pattern}" for pattern in resolved.unmatched)):
        print(f"newsmill: {text}", file=sys.stderr)
    show = _print_json if args.json else _print_plain
    good = opened = 0
    for failure in resolved.failures:
        show(_refused(failure.source_uri, failure))
    with contextlib.closing(Cage(FEED_CAGE)) as cage:
        for source in resolved.sources:
            document = read_source(source, options)
            checked = check_feed(document, cage) if isinstance(document, Document) else _refused(source.uri, document)
            opened += isinstance(document, Document)
            good += checked["ok"]
            show(checked)
    if not opened:
        return 3
    return 0 if good == len(resolved.sources) and not resolved.failures and not resolved.unmatched else 1


def check_feed(document: Document, cage: Cage | None = None) -> dict[str, Any]:
    """What `feeds check --json` prints of a document (CONTRACT.md, Command line)."""
    try:
        feed = cage.run(parse_feed, document) if cage else parse_feed(document)
    except (CageError, ParseError) as error:
        return _refused(document.source_uri, Failure("parse", error.reason, document.source_uri, error.detail))
    return {
        "uri": document.source_uri,
        "ok": True,
        "reason": None,
        "title": feed.title,
        "entries": [
            _shown(entry, written)
            for entry, written in zip(
                feed.entries, feed.written or (Written(e.url, e.title) for e in feed.entries), strict=True
            )
        ],
    }


def _shown(entry: RawArticle, written: Written) -> dict[str, Any]:
    return {
        "id": entry.guid,
        "url": written.link,
        "title": written.title,
        "published": show_instant(parse_instant(entry.published, entry.settings.timezone)),
        "author": ", ".join(entry.authors) or None,
    }


def show_instant(published: PublishedAt) -> str | None:
    """A publication instant as ISO 8601: a day stays a day, an instant keeps the offset that its feed gave it."""
    if published.at is None:
        return None
    if published.precision == "day":
        return published.at.date().isoformat()
    return published.at.astimezone(dt.timezone(dt.timedelta(minutes=published.utc_offset or 0))).isoformat()


def _refused(uri: str, failure: Failure) -> dict[str, Any]:
    return {"uri": uri, "ok": False, "reason": failure.reason, "title": None, "entries": [], "detail": failure.detail}


def read_source(source: Source, options: FetchOptions) -> Document | Failure:
    """Reads a source of either kind, once and without what a run keeps of it."""
    if source.kind == "file":
        return read_file(source)
    try:
        fetched = fetch(source.uri, options)
    except FetchError as error:
        return Failure("fetch", error.reason, source.uri, error.detail, url=error.url)
    return Document(
        source.uri,
        fetched.body,
        source.settings,
        url=fetched.url,
        http_status=fetched.status,
        content_type=fetched.content_type,
        fetched_at=fetched.fetched_at,
    )


def _print_json(checked: dict[str, Any]) -> None:
    print(json.dumps(checked, ensure_ascii=False))


def _print_plain(checked: dict[str, Any]) -> None:
    if not checked["ok"]:
        print(f"no feed  {checked['uri']}  {checked['reason']}: {checked['detail']}")
        return
    entries = checked["entries"]
    print(f"feed     {checked['uri']}  {checked['title'] or '(no title)'}, {len(entries)} entries")
    for entry in entries:
        print(f"         {entry['published'] or '(no date)':25}  {entry['title'] or entry['url'] or '(no title)'}")
