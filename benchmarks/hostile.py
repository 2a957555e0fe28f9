"""Runs good files alone and with hostile ones among them: the rows of the good ones must be identical.

    benchmarks/hostile.py FILE_OR_GLOB… [--share 0.3] [--limit N] [--work DIR]

The hostile files are made here, as many as make up the share. Exit code 1 when a row of a good file differs.
"""

import argparse
import contextlib
import glob
import gzip
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.__main__ import main as newsmill

_LEFT_OUT = "'run_id', 'first_seen_at', 'fetched_at'"
_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def hostile_files(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of hostile files without end: bombs, lies, depths, damage and noise."""
    makers = (
        ("comments.xml", lambda n: b"<rss><channel><item><description>" + b"<!--" * (20_000 * n) + b"</description>"),
        ("attributes.xml", lambda n: b"<rss><channel><item " + b"".join(b'a%d="" ' % i for i in range(9_000 * n)) + b"/>"),
        ("laughs.xml", lambda n: f'<!DOCTYPE r [<!ENTITY l0 "ha">{_LOL}]><rss><channel>&l9;</channel></rss>'.encode()),
        ("xxe.xml", lambda n: b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><title>&x;</title></rss>'),
        ("device.xml", lambda n: b"/dev/zero"),
        ("local.rss", lambda n: b"http://127.0.0.1:9/x"),
        ("deep.html", lambda n: b"<div>" * (20_000 * n) + b"deep" + b"</div>" * (20_000 * n)),
        ("paragraphs.html", lambda n: b"<html><body>" + b"<p>ab</p>" * (9_000 * n)),
        ("table.html", lambda n: b"<table><tr><td colspan=9000000000000000>" + b"<td>x" * (5_000 * n)),
        ("bomb.xml.gz", lambda n: gzip.compress(bytes(8_000_000 * n))),
        ("bomb.html.gz", lambda n: gzip.compress(b"<p>" + b" " * (8_000_000 * n))),
        ("cut.html.gz", lambda n: gzip.compress(rng.randbytes(900 * n))[: 500 * n]),
        ("noise.html", lambda n: rng.randbytes(5_000 * n)),
        ("noise.xml", lambda n: rng.randbytes(5_000 * n)),
        ("noise.txt", lambda n: rng.randbytes(5_000 * n)),
        ("noise.warc.gz", lambda n: gzip.compress(b"WARC/1.0\r\nContent-Length: 9\r\n\r\n" + rng.randbytes(3_000 * n))),
        ("lines.jsonl", lambda n: b'{"url": "x", "html": "' + b"<b>" * 9_000 * n + b'"}\n{]\n' + rng.randbytes(99)),
        ("nested.json", lambda n: b"[" * (50_000 * n)),
        ("empty.html", lambda n: b""),
        ("nul.xml", lambda n: b"<rss>\x00" * 1_000 * n),
    )  # fmt: skip
    number = 0
    while True:
        for name, make in makers:
            number += 1
            yield f"{number:04d}-{name}", make(1 + number % 5)


def run(output: Path, inputs: list[str], limit: int | None) -> dict[str, Any]:
    """One run; its manifest."""
    said = io.StringIO()
    more = ["--limit", str(limit)] if limit else []
    argv = ["run", "--output", str(output), "--run-id", "r", "--max-quarantine", "1", *more]
    with contextlib.redirect_stderr(said):
        code = newsmill([*argv, "--input", *inputs])
    if code not in (0, 1):
        raise RuntimeError(f"the run ended with {code}:\n{said.getvalue()}")
    manifest: dict[str, Any] = json.loads((output / "_runs" / "r.json").read_text())
    return manifest


def read_rows(output: Path, hostile: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every dataset that do not come of a hostile file, by dataset."""
    columns = f"COLUMNS(lambda c: c NOT IN ({_LEFT_OUT}))"
    of_hostile = f"source_uri LIKE '{hostile.as_uri()}/%'"
    kept = {
        "articles": f"SELECT {columns} FROM articles WHERE NOT {of_hostile} ORDER BY ALL",
        "quarantine": f"SELECT {columns} FROM quarantine WHERE NOT {of_hostile} ORDER BY ALL",
        "events": f"SELECT {columns} FROM events_all WHERE article_id NOT IN (SELECT article_id FROM articles WHERE {of_hostile}) ORDER BY ALL",
    }
    with duckdb.connect() as connection:
        connection.execute((output / "views.sql").read_text())
        return {name: connection.execute(sql).fetchall() for name, sql in kept.items()}


def main() -> int:
    """Parses the command line, runs twice, compares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--share", type=float, default=0.3, help="hostile files among all (default %(default)s)")
    parser.add_argument("--limit", type=int, help="entries of each feed")
    parser.add_argument("--work", type=Path, help="keep the trees here")
    args = parser.parse_args()
    good = sum(len(glob.glob(pattern)) for pattern in args.inputs)
    count = round(good * args.share / (1 - args.share))
    with tempfile.TemporaryDirectory() as temporary:
        work = (args.work or Path(temporary)).absolute()
        hostile = work / "hostile"
        hostile.mkdir(parents=True)
        makers = hostile_files(random.Random(1))
        for _ in range(count):
            name, body = next(makers)
            (hostile / name).write_bytes(body)
        rows = {}
        for name, inputs in (("alone", args.inputs), ("among", [*args.inputs, f"{hostile}/*"])):
            began = time.monotonic()
            total = run(work / name, inputs, args.limit)["counters"]["total"]
            rows[name] = read_rows(work / name, hostile)
            print(f"{name}: {total} in {time.monotonic() - began:.0f} s", flush=True)
    differ = 0
    for dataset, alone in rows["alone"].items():
        among = rows["among"][dataset]
        changed = set(map(repr, alone)) ^ set(map(repr, among))
        differ += len(changed)
        print(f"{dataset}: {len(alone)} rows alone, {len(among)} among {count} hostile files, {len(changed)} differ")
        for row in sorted(changed)[:6]:
            print(f"  {row[:300]}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
