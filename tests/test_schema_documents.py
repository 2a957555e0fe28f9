import argparse
import json
from pathlib import Path

import pyarrow as pa
import pytest
from store_trees import commit_run, story

from pipeline.__main__ import main
from pipeline.commands import schema
from schemas.documents import compare_schemas, describe_schemas, errors_markdown, flatten_fields, schema_markdown
from schemas.quarantine import REASONS
from schemas.views import DATASETS
from transforms.store.commit import Tree

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize(
    ("name", "made", "flag"), [("schema.md", schema_markdown, "--markdown"), ("errors.md", errors_markdown, "--errors")]
)
def test_the_document_is_current(name, made, flag):
    assert (DOCS / name).read_text() == made(), f"make it anew: newsmill schema {flag} > docs/{name}"


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_field_is_described(dataset):
    for path, field in flatten_fields(DATASETS[dataset]):
        metadata = field.metadata or {}
        assert metadata.get(b"description", b"").endswith(b"."), path
        assert metadata.get(b"example"), path
        assert b"unit" in metadata, path
        assert metadata.get(b"since", b"").isdigit(), path


def test_members_of_structs_and_lists_have_lines_of_their_own():
    columns = {column["column"]: column["type"] for column in describe_schemas()["events"]}
    assert columns["actors"] == "list<struct>"
    assert columns["actors[].role"] == "string"
    assert columns["trade_figure.value"] == "decimal128(38, 4)"
    assert columns["published_at"] == "timestamp[us, UTC]"


def test_every_reason_is_in_the_document():
    assert all(f"| `{reason}` | {sentence} |" in errors_markdown() for reason, sentence in REASONS.items())


@pytest.mark.parametrize(
    ("flag", "holds"), [("--json", '"events"'), ("--arrow", "event_id: string"), ("--errors", "`no-text`")]
)
def test_the_verb_prints_each_form(capsys, flag, holds):
    parser = argparse.ArgumentParser()
    schema.add_parser(parser.add_subparsers())
    args = parser.parse_args(["schema", flag])
    assert args.run(args) == 0
    printed = capsys.readouterr().out
    assert holds in printed
    if flag == "--json":
        assert set(json.loads(printed)) == set(DATASETS)


def test_columns_that_came_went_and_changed_are_told_apart():
    older = pa.schema([("a", pa.int32()), ("b", pa.string()), ("s", pa.struct([("x", pa.int32())]))])
    newer = pa.schema([("a", pa.int64()), ("c", pa.string()), ("s", pa.struct([("x", pa.int32()), ("y", pa.int8())]))])
    assert compare_schemas(older, newer) == ["+ c string", "+ s.y int8", "- b string", "~ a int32 → int64"]
    assert compare_schemas(newer, newer) == []


def test_schema_diff_compares_the_files_of_a_tree_with_this_newsmill(tmp_path, capsys):
    commit_run(Tree(str(tmp_path)), "r0", *story(0))
    assert main(["schema", "diff", "--output", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["articles", "events", "quarantine"]
    assert all("the same columns as" in line for line in lines)


def test_schema_diff_of_no_tree_is_said(tmp_path, capsys):
    assert main(["schema", "diff", "--output", str(tmp_path)]) == 2
    assert "no data in" in capsys.readouterr().err
