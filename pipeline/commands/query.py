"""`newsmill query`: SQL over the tree."""

import argparse
import csv
import datetime as dt
import decimal
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from transforms.store.commit import Tree

DEFAULT_OUTPUT = "out"
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser("query", help="run SQL over events, articles, stories, quarantine and runs")
    parser.add_argument("sql", help='one DuckDB statement, such as "SELECT kind, count(*) FROM events GROUP BY kind"')
    parser.add_argument("--output", default=DEFAULT_OUTPUT, metavar="DIR", help="the tree (default: %(default)s)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", action="store_true", help="CSV that is safe to open in a spreadsheet")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the result on stdout; returns 0, or 2 for SQL that does not run or a tree that is none."""
    tree = Tree(args.output)
    try:
        connection = open_views(tree)
    except FileNotFoundError:
        sys.stderr.write(f"newsmill query: no tree in {args.output}: name one with --output, or run newsmill first\n")
        return 2
    try:
        result = connection.execute(args.sql)
        names = [column[0] for column in result.description or ()]
        rows = result.fetchall()
    except duckdb.Error as error:
        sys.stderr.write(f"newsmill query: {error}\n")
        return 2
    if args.json:
        sys.stdout.writelines(json_lines(names, rows))
    elif args.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([safe_cell(value) for value in row] for row in rows)
    else:
        print_table(names, rows)
    return 0


def open_views(tree: Tree) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the views of a tree; instants are shown in UTC.

    Raises:
        FileNotFoundError: there is no tree.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    register_store(connection, tree)
    # The tree may have been moved since its last run.
    connection.execute(f"SET VARIABLE newsmill_root = '{tree.root.replace(chr(39), chr(39) * 2)}'")
    connection.execute(tree.files.read("views.sql").decode())
    return connection


def register_store(connection: duckdb.DuckDBPyConnection, tree: Tree) -> None:
    """Lets DuckDB read an object store through the same fsspec file system as newsmill."""
    filesystem = getattr(tree.files, "fsspec", None)
    if filesystem is not None:
        connection.register_filesystem(filesystem)


def json_lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[str]:
    """One JSON object a line: instants in ISO 8601, decimals as numbers where they are whole, else as text."""
    for row in rows:
        yield json.dumps(dict(zip(names, map(plain, row), strict=True)), ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def safe_cell(value: Any) -> Any:
    """A value as a CSV cell: text that a spreadsheet would run as a formula gets an apostrophe in front."""
    shown = plain(value)
    if isinstance(shown, dict | list):
        shown = json.dumps(shown, ensure_ascii=False)
    return f"'{shown}" if isinstance(shown, str) and shown.startswith(_FORMULA) else shown


def print_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Prints a table as wide as the terminal; where there is none, as wide as it needs."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(names):
        numeric = any(isinstance(row[number], int | float | decimal.Decimal) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(shown(value) for value in row))
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)


def shown(value: Any) -> str:
    """A value as a person reads it in a table."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | decimal.Decimal) and not isinstance(value, bool):
        return f"{plain(value):,}"
    if isinstance(value, dict | list):
        return json.dumps(plain(value), ensure_ascii=False)
    # Control characters of a title must not drive the terminal.
    return "".join(character if character.isprintable() else " " for character in str(value))
