"""`newsmill export`: a view as one file for other programs."""

import argparse
import csv
import gzip
import io
import sys
from pathlib import Path
from typing import IO

import duckdb

from pipeline.commands.query import DEFAULT_OUTPUT, json_lines, open_views, safe_cell
from transforms.store.commit import Tree

VIEWS = ("events", "events_all", "articles", "stories", "happenings", "quarantine", "runs")
FORMS = ("csv", "jsonl", "parquet")
_ROWS = 5_000
_ORDER = {"events": "published_at, event_id", "articles": "published_at, article_id, version", "runs": "sequence"}
# The day of a row is that of its leaf; these views have none.
_DAYS = {"stories": "CAST(published_at AS DATE)", "happenings": "event_start", "runs": "CAST(started_at AS DATE)"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "export",
        help="write events, articles or another view to one CSV, JSON Lines or Parquet file",
        description="Writes a view to one file, a row a line. In CSV, lists and structs are JSON, and text that a "
        "spreadsheet would run as a formula gets an apostrophe in front.",
    )
    add = parser.add_argument
    add("file", help="what to write: .csv or .jsonl (both also .gz) or .parquet; - is JSON Lines on stdout")
    add("--view", choices=VIEWS, default="events", help="what of (default: %(default)s)")
    add("--output", default=DEFAULT_OUTPUT, metavar="DIR", help="the tree (default: %(default)s)")
    add("--since", metavar="DAY", help="first day of publication, such as 2026-01-01")
    add("--until", metavar="DAY", help="last day of publication")
    add(
        "--where", metavar="SQL", help="a condition in DuckDB's SQL, such as \"kind = 'meeting' AND confidence >= 0.8\""
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the file; returns 0, or 2 for what can't be exported."""
    try:
        form = read_form(args.file)
        connection = open_views(Tree(args.output))
    except FileNotFoundError:
        return _refuse(f"no tree in {args.output}: name one with --output, or run newsmill first")
    except ValueError as error:
        return _refuse(str(error))
    try:
        sql = select_rows(args.view, args.since, args.until, args.where)
        count = write_rows(connection, sql, args.file, form)
    except (duckdb.Error, OSError) as error:
        return _refuse(str(error))
    sys.stderr.write(f"newsmill export: {count} rows of {args.view} in {args.file}\n")
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(f"newsmill export: {why}\n")
    return 2


def read_form(file: str) -> str:
    """The format that a name asks for.

    >>> read_form("events.csv.gz"), read_form("-"), read_form("out/e.parquet")
    ('csv', 'jsonl', 'parquet')

    Raises:
        ValueError: none that there is.
    """
    form = "jsonl" if file == "-" else file.removesuffix(".gz").rpartition(".")[2]
    if form not in FORMS or file.endswith(".parquet.gz"):
        raise ValueError(f"{file}: name it .csv, .jsonl (either also .gz) or .parquet")
    return form


def select_rows(view: str, since: str | None, until: str | None, where: str | None) -> str:
    """SQL for the rows of a view in a stable order."""
    day = _DAYS.get(view, '"date"')
    limits = ((f"{day} >= ", since), (f"{day} <= ", until))
    conditions = [start + "DATE '" + text.replace("'", "''") + "'" for start, text in limits if text is not None]
    conditions += [f"({where})"] if where else []
    chosen = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM {view}{chosen} ORDER BY {_ORDER.get(view.removesuffix('_all'), 'ALL')}"


def write_rows(connection: duckdb.DuckDBPyConnection, sql: str, file: str, form: str) -> int:
    """Writes the rows of a query and gives their number; the file takes its name once it is whole.

    Raises:
        OSError: the file can't be written.
        duckdb.Error: the rows can't be read.
    """
    if file == "-":
        return _write_text(connection.execute(sql), sys.stdout, form)
    half = Path(f"{file}.part")
    try:
        if form == "parquet":
            name = str(half).replace("'", "''")
            ((count,),) = connection.execute(f"COPY ({sql}) TO '{name}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
        else:
            with (
                half.open("wb") as raw,
                gzip.open(raw, "wb") if file.endswith(".gz") else raw as data,
                io.TextIOWrapper(data, encoding="utf-8", newline="") as stream,
            ):
                count = _write_text(connection.execute(sql), stream, form)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return int(count)


def _write_text(result: duckdb.DuckDBPyConnection, stream: IO[str], form: str) -> int:
    names = [column[0] for column in result.description or ()]
    writer, count = csv.writer(stream, lineterminator="\n"), 0
    if form == "csv":
        writer.writerow(names)
    while batch := result.fetchmany(_ROWS):
        count += len(batch)
        if form == "csv":
            writer.writerows([safe_cell(value) for value in row] for row in batch)
        else:
            stream.writelines(json_lines(names, batch))
    return count
