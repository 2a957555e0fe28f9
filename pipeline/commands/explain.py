"""`newsmill explain`: the sentence of an event with the words that count marked, and the rule that fired."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import os
import re
import sys
from collections.abc import Iterator, Sequence

import duckdb
from rich.console import Console

from pipeline.commands.query import DEFAULT_OUTPUT, open_views
from pipeline.explained import Explained, explain_event, explain_row, to_html, to_terminal
from schemas.article import Article, ExtractedArticle, PublishedAt
from schemas.quarantine import Failure
from schemas.source import Source
from transforms.annotate.default import DEFAULT_MODEL
from transforms.annotate.model import annotate_texts, load_model
from transforms.article.extract_stage import EXTRACT_CAGE, extract_or_fail, fail_extraction, warm_up
from transforms.events.extract import extract_events
from transforms.land.client import FetchOptions
from transforms.land.guard import NetPolicy
from transforms.read.cage import Cage, CageError
from transforms.read.documents import parse_document
from transforms.read.lookup import read_sources
from transforms.read.sources import resolve_inputs
from transforms.store.commit import Tree

_EVENT_ID = re.compile(r"[0-9a-f]{16,40}")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "explain", help="show how events were read: marked sentence, rule, what the words came to"
    )
    parser.add_argument("what", metavar="EVENT_ID|FILE|URL", help="an event of the tree, or something to read now")
    parser.add_argument(
        "--output", default=DEFAULT_OUTPUT, metavar="DIR", help="the tree of the event (default: %(default)s)"
    )
    parser.add_argument("--html", action="store_true", help="write a page instead of coloured text")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="an installed spaCy pipeline (default: %(default)s)")
    parser.add_argument("--published", metavar="DATE", help="publication day of a text that bears none")
    parser.add_argument(
        "--allow-net", action="append", default=[], metavar="CIDR", help="a network of your own that may be reached"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Shows the events on stdout; 2 for an event or a source that isn't there, 3 for one that could not be read."""
    if _EVENT_ID.fullmatch(args.what) and not os.path.exists(args.what):
        try:
            explained = find_event(args.what, args.output)
        except (FileNotFoundError, duckdb.Error) as error:
            return _fail(f"cannot read the tree in {args.output}: {error}", 2)
        if not explained:
            return _fail(f"no event {args.what} in {args.output}", 2)
    else:
        try:
            options = FetchOptions(NetPolicy(tuple(args.allow_net)))
            day = dt.date.fromisoformat(args.published) if args.published else None
        except ValueError as error:
            return _fail(str(error), 2)
        read = list(read_events(args.what, args.model, day, options))
        explained = [one for one in read if isinstance(one, Explained)]
        for failure in read:
            if isinstance(failure, str):
                sys.stderr.write(f"newsmill explain: {failure}\n")
        if not read or all(isinstance(one, str) for one in read):
            return _fail(
                "nothing to explain: no events were read" if not read else "nothing could be read", 3 if read else 0
            )
    if args.html:
        sys.stdout.write(to_html(explained))
    else:
        console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False, soft_wrap=True)
        for one in explained:
            console.print(to_terminal(one))
    return 0


def _fail(text: str, code: int) -> int:
    sys.stderr.write(f"newsmill explain: {text}\n")
    return code


def date_body(body: ExtractedArticle, day: dt.date | None) -> ExtractedArticle:
    """Gives an undated body the day that the user names."""
    if day is None or body.published.at is not None:
        return body
    at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return dataclasses.replace(body, published=PublishedAt(at, None, "day", "option", "day"))


def find_event(event_id: str, output: str) -> list[Explained]:
    """The event of that id in a tree.

    Raises:
        FileNotFoundError: there is no tree.
    """
    found = open_views(Tree(output)).execute("SELECT * FROM events_all WHERE event_id = ?", [event_id])
    names = [column[0] for column in found.description or ()]
    return [explain_row(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def read_events(what: str, model: str, day: dt.date | None, options: FetchOptions) -> Iterator[Explained | str]:
    """Reads a file or address now and explains its events; a line of text for what gave none."""
    resolved = resolve_inputs([what])
    yield from (f"nothing at {pattern}" for pattern in resolved.unmatched)
    yield from (f"{failure.reason}: {failure.detail}" for failure in resolved.failures)
    now = dt.datetime.now(dt.UTC)
    articles = []
    for body in extract_bodies(resolved.sources, options, now):
        if isinstance(body, Failure):
            yield f"{body.reason}: {body.detail}"
        else:
            articles.append(Article("explained", 1, date_body(body, day), now, ""))
    nlp = load_model(model)
    for article, doc in zip(articles, annotate_texts([a.body.text for a in articles], nlp), strict=True):
        yield from (explain_event(event) for event in extract_events(article, doc))


def extract_bodies(
    sources: Sequence[Source], options: FetchOptions, now: dt.datetime
) -> Iterator[ExtractedArticle | Failure]:
    """The clean articles of sources, parsed in a cage as a run parses them; a failure for what gave none."""
    with contextlib.closing(Cage(EXTRACT_CAGE, warm_up)) as cage:
        for _, document in read_sources(sources, options):
            for raw in [document] if isinstance(document, Failure) else parse_document(document, cage):
                if isinstance(raw, Failure):
                    yield raw
                    continue
                try:
                    yield cage.run(extract_or_fail, raw, now)
                except CageError as error:
                    yield fail_extraction(raw, error)
