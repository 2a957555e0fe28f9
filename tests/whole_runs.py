"""Whole runs for tests: the command itself, and its Parquet read back by DuckDB."""

import contextlib
import io
import json
from pathlib import Path

import duckdb

from pipeline.__main__ import main

SAMPLE = Path(__file__).parents[1] / "sample"
SAMPLE_INPUTS = (str(SAMPLE / "feeds" / "*"), str(SAMPLE / "pages" / "*"))

STORY = (
    "The foreign ministers of Norway and Iceland met in Oslo on Monday. Norway's exports of salmon rose 4 percent to "
    "1.2 billion euros in 2024, a spokesman said. He said that the two countries would talk again in the spring."
)


def newsmill(*argv):
    """Runs the command; returns exit code and what it said on stderr."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = main([str(a) for a in argv])
    return code, said.getvalue()


def query(output, sql):
    """Rows of a query over the views, as tuples."""
    with duckdb.connect() as connection:
        connection.execute((Path(output) / "views.sql").read_text())
        return connection.execute(sql).fetchall()


def manifests(output):
    """All manifests of a tree, oldest first."""
    found = [json.loads(path.read_text()) for path in (Path(output) / "_runs").glob("*.json")]
    return sorted(found, key=lambda manifest: manifest["sequence"])


def assert_adds_up(output):
    """Holds the counters of every manifest to their law, and the tables to the counters."""
    for manifest in manifests(output):
        counters = manifest["counters"]
        for counts in (counters["total"], *counters["outlets"].values()):
            assert counts["inputs"] == sum(counts[k] for k in ("new", "versions", "copies", "known", "quarantined"))
        for key in counters["total"]:
            assert counters["total"][key] == sum(o[key] for o in counters["outlets"].values())
        run_id, total = manifest["run_id"], counters["total"]
        ((articles,),) = query(output, f"SELECT count(*) FROM articles WHERE run_id = '{run_id}'")
        ((quarantined,),) = query(output, f"SELECT count(*) FROM quarantine WHERE run_id = '{run_id}'")
        assert articles == total["new"] + total["versions"] + total["copies"]
        assert quarantined == total["quarantined"]


def write_records(path, *records):
    """Writes a .jsonl file; a record that is a string stands as it is."""
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("\n".join(lines) + "\n")
    return path


def record(number, **changes):
    """A record of an own story."""
    return {
        "url": f"https://fjordpost.example/{number}",
        "title": f"Ministers meet, part {number}",
        "text": f"Report number {number}. {STORY}",
        "published": "2025-03-04T08:00:00Z",
        **changes,
    }
