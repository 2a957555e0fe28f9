"""`newsmill report`: what a tree holds, on a page."""

import argparse
import json
import sys
from collections.abc import Iterator

import duckdb

from pipeline.commands.query import DEFAULT_OUTPUT, open_views, plain, print_table
from transforms.store.commit import Tree

# Section → SQL over the views; {days} limits the day of publication, {top} the number of rows.
SECTIONS = {
    "Tree": """
        SELECT (SELECT count(*) FROM runs) AS commits, count(*) AS article_versions,
          count(DISTINCT article_id) AS articles, count(DISTINCT story_id) AS stories,
          count(DISTINCT article_id) FILTER (duplicate_of IS NOT NULL) AS copies, count(DISTINCT outlet) AS outlets,
          min("date") AS first_day, max("date") AS last_day
        FROM articles WHERE {days}""",
    "Events": """
        SELECT kind, count(*) AS events, count(*) FILTER (modality = 'asserted') AS asserted,
          count(*) FILTER (modality = 'planned') AS planned, count(*) FILTER (modality = 'possible') AS possible,
          count(*) FILTER (modality = 'negated') AS negated, count(event_start) AS dated,
          round(avg(confidence), 2) AS mean_confidence
        FROM events WHERE {days} GROUP BY kind ORDER BY kind""",
    "Outlets": """
        SELECT outlet, count(DISTINCT article_id) AS articles,
          count(DISTINCT article_id) FILTER (duplicate_of IS NOT NULL) AS copies,
          (SELECT count(*) FROM events AS e WHERE e.outlet = a.outlet AND {days}) AS events, max("date") AS last_day
        FROM articles AS a WHERE {days} GROUP BY outlet ORDER BY articles DESC, outlet LIMIT {top}""",
    "Who met": """
        SELECT actor.name AS participant, count(*) AS meetings, count(*) FILTER (modality = 'asserted') AS held,
          max(event_start) AS last_day
        FROM (SELECT *, unnest(actors) AS actor FROM events WHERE kind = 'meeting' AND {days})
        WHERE actor.role = 'participant' GROUP BY ALL ORDER BY meetings DESC, participant LIMIT {top}""",
    "Who spoke": """
        SELECT actor.name AS speaker, count(*) AS statements, count(DISTINCT story_id) AS stories,
          count(DISTINCT outlet) AS outlets
        FROM (SELECT *, unnest(actors) AS actor FROM events WHERE kind = 'statement' AND {days})
        WHERE actor.role = 'speaker' GROUP BY ALL ORDER BY statements DESC, speaker LIMIT {top}""",
    "Newest withdrawals": """
        SELECT "date", modality, list_filter(actors, lambda a: a.role = 'withdrawer')[1].name AS withdrawer,
          withdrawal.category AS category, withdrawal.object AS object, withdrawal.source AS source, outlet
        FROM events WHERE kind = 'withdrawal' AND {days} ORDER BY published_at DESC, event_id LIMIT {top}""",
    "Newest trade figures": """
        SELECT "date", list_filter(actors, lambda a: a.role = 'reporter')[1].name AS reporter,
          list_filter(actors, lambda a: a.role = 'partner')[1].name AS partner, trade_figure.flow AS flow,
          trade_figure.commodity AS commodity, trade_figure.value AS value, trade_figure.unit AS unit,
          trade_figure.change_pct AS change_pct, event_start, event_end, outlet
        FROM events WHERE kind = 'trade_figure' AND {days} ORDER BY published_at DESC, event_id LIMIT {top}""",
    "Quarantine": """
        SELECT stage, reason, count(*) AS inputs, max("date") AS last_day
        FROM quarantine WHERE {days} GROUP BY ALL ORDER BY inputs DESC, stage, reason LIMIT {top}""",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "report", help="what the tree holds: events, outlets, who met, who spoke, quarantine"
    )
    add = parser.add_argument
    add("--output", default=DEFAULT_OUTPUT, metavar="DIR", help="the tree (default: %(default)s)")
    add("--since", metavar="DAY", help="first day of publication, such as 2026-01-01")
    add("--until", metavar="DAY", help="last day of publication")
    add("--top", type=int, default=10, metavar="N", help="rows of each list (default: %(default)s)")
    add("--json", action="store_true", help="one JSON object of all sections")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the report; returns 0, or 2 for a tree that is none."""
    try:
        connection = open_views(Tree(args.output))
    except FileNotFoundError:
        sys.stderr.write(f"newsmill report: no tree in {args.output}: name one with --output, or run newsmill first\n")
        return 2
    try:
        sections = list(read_sections(connection, args.since, args.until, args.top))
    except duckdb.Error as error:
        sys.stderr.write(f"newsmill report: {error}\n")
        return 2
    if args.json:
        found = {
            title: [dict(zip(names, map(plain, row), strict=True)) for row in rows] for title, names, rows in sections
        }
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return 0
    for title, names, rows in sections:
        print(f"{title}\n{'-' * len(title)}")
        if rows:
            print_table(names, rows)
        print("" if rows else "none\n")
    return 0


def read_sections(
    connection: duckdb.DuckDBPyConnection, since: str | None, until: str | None, top: int
) -> Iterator[tuple[str, list[str], list[tuple[object, ...]]]]:
    """Title, column names and rows of each section.

    Raises:
        duckdb.Error: a day is none.
    """
    connection.execute("SET VARIABLE since = CAST($day AS DATE)", {"day": since or "0001-01-01"})
    connection.execute("SET VARIABLE until = CAST($day AS DATE)", {"day": until or "9999-12-31"})
    days = "\"date\" BETWEEN getvariable('since') AND getvariable('until')"
    for title, sql in SECTIONS.items():
        result = connection.execute(sql.format(days=days, top=max(1, top)))
        names = [column[0] for column in result.description or ()]
        yield title, names, result.fetchall()
