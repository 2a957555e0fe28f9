"""`newsmill schema`: what the tables hold."""

import argparse
import io
import json
import sys
from collections.abc import Iterator

import pyarrow.parquet as pq

from pipeline.commands.query import DEFAULT_OUTPUT
from schemas.documents import compare_schemas, describe_schemas, errors_markdown, schema_markdown
from schemas.fields import SCHEMA_VERSION
from schemas.views import DATASETS
from transforms.store.commit import Tree
from transforms.store.errors import StoreError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser("schema", help="print every table, column, type and description")
    parser.add_argument(
        "action", nargs="?", choices=("diff",), help="diff: what the files of a tree have otherwise than this newsmill"
    )
    parser.add_argument(
        "--output", default=DEFAULT_OUTPUT, metavar="DIR", help="the tree of diff (default: %(default)s)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="as docs/schema.md (the default)")
    form.add_argument("--json", action="store_true", help="as JSON: a list of columns for each table")
    form.add_argument("--arrow", action="store_true", help="as Arrow schemas with their metadata")
    form.add_argument("--errors", action="store_true", help="the reasons of quarantine instead, as docs/errors.md")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the schemas; returns 0, or 2 for a tree that is none."""
    if args.action == "diff":
        return _diff(args.output)
    if args.json:
        text = json.dumps(describe_schemas(), ensure_ascii=False, indent=1) + "\n"
    elif args.arrow:
        shown = (f"{name}\n{schema.to_string(show_field_metadata=True)}" for name, schema in DATASETS.items())
        text = "\n\n".join(shown) + "\n"
    else:
        text = errors_markdown() if args.errors else schema_markdown()
    sys.stdout.write(text)
    return 0


def _diff(output: str) -> int:
    try:
        lines = list(diff_lines(Tree(output)))
    except (StoreError, OSError) as error:
        sys.stderr.write(f"newsmill schema diff: {error}\n")
        return 2
    if not lines:
        sys.stderr.write(f"newsmill schema diff: no data in {output}: name a tree with --output\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def diff_lines(tree: Tree) -> Iterator[str]:
    """For each table and schema version in a tree: how many files have it, and what it has otherwise than this one.

    Raises:
        StoreError: a manifest is cut. OSError: a file can't be read.
    """
    paths = {path for listed in tree.listing().values() for path in listed}
    files: dict[tuple[str, str], list[str]] = {}
    for manifest in tree.manifests():
        for file in manifest.files:
            if file.path in paths:
                files.setdefault((file.dataset, manifest.schema_version), []).append(file.path)
    for (dataset, version), found in sorted(files.items()):
        schema = pq.read_schema(io.BytesIO(tree.files.read(found[-1])))
        changes = compare_schemas(schema, DATASETS[dataset])
        same = "the same columns as" if not changes else "otherwise in"
        yield f"{dataset}: {len(found)} files of schema {version}; {same} schema {SCHEMA_VERSION}, this newsmill's"
        yield from (f"  {change}" for change in changes)
