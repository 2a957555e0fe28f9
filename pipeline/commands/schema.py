"""`newsmill schema`: what the tables hold."""

import argparse
import json
import sys

from schemas.documents import describe_schemas, errors_markdown, schema_markdown
from schemas.views import DATASETS


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser("schema", help="print every table, column, type and description")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="as docs/schema.md (the default)")
    form.add_argument("--json", action="store_true", help="as JSON: a list of columns for each table")
    form.add_argument("--arrow", action="store_true", help="as Arrow schemas with their metadata")
    form.add_argument("--errors", action="store_true", help="the reasons of quarantine instead, as docs/errors.md")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the schemas; returns 0."""
    if args.json:
        text = json.dumps(describe_schemas(), ensure_ascii=False, indent=1) + "\n"
    elif args.arrow:
        shown = (f"{name}\n{schema.to_string(show_field_metadata=True)}" for name, schema in DATASETS.items())
        text = "\n\n".join(shown) + "\n"
    else:
        text = errors_markdown() if args.errors else schema_markdown()
    sys.stdout.write(text)
    return 0
