"""Replays feed snapshots in time order, as files or over HTTP, and compares the tree with the truth.

    benchmarks/feedstream.py DATA [--http] [--twice] [--ticks N] [--output DIR]

DATA holds a folder a tick with a file a feed, and truth.jsonl (outlet, key, want, free, revisions_least,
revisions_most, published, title_first, title_last). Every tick is one `newsmill run` in this process, over the same
paths or URLs at each tick. Nothing of DATA is copied: the paths are links to it. Exit code 1 when anything deviates.
"""

import argparse
import collections
import contextlib
import dataclasses
import hashlib
import http.server
import io
import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import duckdb

from pipeline.__main__ import main as newsmill

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|at_\w+|cmp|smid|smtyp|partner|emc|rss|ref|src|source)$", re.IGNORECASE
)
_PRINTED = ("inputs", "new", "versions", "copies", "known", "quarantined")


def make_key(url: str) -> str:
    """An address as the truth has it: without scheme, `www.`, fragment, trailing slash and tracking.

    >>> make_key("https://www.news.example/a/?utm_source=rss&id=1#top")
    'news.example/a?id=1'
    """
    parts = urlsplit(url)
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)])
    path = parts.path.rstrip("/")
    return parts.netloc.lower().removeprefix("www.") + path + (f"?{query}" if query else "")


class _Feeds(http.server.BaseHTTPRequestHandler):
    """Serves the files of the present tick with validators; answers 304 to who has them."""

    now: ClassVar[dict[str, Path]] = {}
    answers: ClassVar[collections.Counter[int]] = collections.Counter()

    def do_GET(self) -> None:
        file = self.now.get(self.path.removeprefix("/"))
        if file is None:
            self._answer(404)
            return
        body = file.read_bytes()
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, {"ETag": etag})
        else:
            self._answer(200, {"ETag": etag, "Content-Type": "application/xml"}, body)

    def _answer(self, status: int, headers: Mapping[str, str] = {}, body: bytes = b"") -> None:
        self.answers[status] += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serve_feeds(names: list[str]) -> Iterator[dict[str, str]]:
    """The URL of each feed, every feed at a loopback address of its own (one domain is asked once a second only)."""
    servers, urls = [], {}
    for number, name in enumerate(names):
        host = f"127.0.0.{number + 11}"
        server = http.server.ThreadingHTTPServer((host, 0), _Feeds)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        urls[name] = f"http://{host}:{server.server_port}/{name}"
    try:
        yield urls
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@dataclasses.dataclass(frozen=True, slots=True)
class Replay:
    """What a replay works with.

    Attributes:
        urls: of the feeds, by name; None to read them as files from `folder`.
        folder: of the fixed paths.
    """

    output: Path
    folder: Path
    urls: Mapping[str, str] | None

    def run_tick(self, tick: Path, run_id: str) -> dict[str, Any]:
        """One run over the feeds of a tick; its manifest."""
        files = sorted(tick.glob("*.xml"))
        inputs = [self._place(file) for file in files]
        _Feeds.now = {file.name: file for file in files}
        said = io.StringIO()
        argv = ["run", "--output", str(self.output), "--fetch", "none", "--run-id", run_id, "--max-quarantine", "1"]
        with contextlib.redirect_stderr(said):
            code = newsmill([*argv, "--allow-net", "127.0.0.0/8", "--input", *inputs])
        if code != 0:
            raise RuntimeError(f"run {run_id} ended with {code}:\n{said.getvalue()}")
        manifest: dict[str, Any] = json.loads((self.output / "_runs" / f"{run_id}.json").read_text())
        return manifest

    def _place(self, file: Path) -> str:
        if self.urls is not None:
            return self.urls[file.name]
        link = self.folder / file.name
        link.unlink(missing_ok=True)
        link.symlink_to(file)
        return str(link)


def replay_ticks(replay: Replay, ticks: list[Path], *, twice: bool) -> list[str]:
    """Runs every tick in order (each twice where asked to) and says how; gives what a repetition changed."""
    faults = []
    for tick in ticks:
        for part in ("a", "b") if twice else ("a",):
            began = time.monotonic()
            manifest = replay.run_tick(tick, f"{tick.name}{part}")
            total = manifest["counters"]["total"]
            seconds = time.monotonic() - began
            polls = f" {manifest['further'].get('polls')}" if replay.urls else ""
            print(f"{tick.name}{part}: {', '.join(f'{k} {total[k]}' for k in _PRINTED)};{polls} {seconds:.1f} s")
            if total["inputs"] != sum(total[k] for k in _PRINTED[1:]):
                faults.append(f"{tick.name}{part}: the counters do not add up: {total}")
            if part == "b" and (total["inputs"] != total["known"] or manifest["files"]):
                faults.append(f"{tick.name}: the same snapshots again gave {total}, {len(manifest['files'])} files")
    return faults


def compare(output: Path, truth: list[dict[str, Any]], last_tick: str) -> tuple[collections.Counter[str], list[str]]:
    """Counts what agrees with the truth and names what does not."""
    found: dict[str, list[tuple[Any, ...]]] = collections.defaultdict(list)
    with duckdb.connect() as connection:
        connection.execute((output / "views.sql").read_text())
        rows = connection.execute(
            "SELECT url, article_id, version, title, strftime(published_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), "
            "published_precision FROM articles ORDER BY ALL"
        ).fetchall()
        quarantine = connection.execute(
            "SELECT stage, reason, url, count(*) FROM quarantine GROUP BY stage, reason, url, payload_sha256 ORDER BY ALL"
        ).fetchall()
    for row in rows:
        found[make_key(row[0])].append(row)
    counts: collections.Counter[str] = collections.Counter()
    faults = [f"quarantined {n} times: {stage}/{reason} {url}" for stage, reason, url, n in quarantine if url and n > 1]
    for stage, reason, _, n in quarantine:
        counts[f"quarantined {stage}/{reason}"] += n
    reached = [item for item in truth if item["free"] or item["first_tick"] <= last_tick]
    for item in reached:
        faults += judge_item(item, found.pop(item["key"], []), counts)
    for key, versions in sorted(found.items()):
        counts["not in the truth"] += 1
        faults.append(f"not in the truth: {key} ({versions[0][3]})")
    return counts, faults


def judge_item(item: dict[str, Any], rows: list[tuple[Any, ...]], counts: collections.Counter[str]) -> list[str]:
    """Judges the versions of one item."""
    if item["free"]:
        counts["free"] += 1
        return []
    articles, revisions = {row[1] for row in rows}, len(rows) - 1
    if not rows:
        right = item["want"] != "article"
        counts["right without article" if right else "missing"] += 1
        return [] if right else [f"missing: {item['outlet']} {item['key']} ({item['title_first']})"]
    if len(articles) > 1:
        counts["doubled"] += 1
        return [f"{len(articles)} articles: {item['outlet']} {item['key']}"]
    if item["want"] == "quarantine":
        counts["not quarantined"] += 1
        return [f"not quarantined: {item['outlet']} {item['key']}"]
    faults = []
    if item["first_tick"] and not item["revisions_least"] <= revisions <= item["revisions_most"]:
        counts["wrong revisions"] += 1
        wanted = f"{item['revisions_least']} to {item['revisions_most']}"
        faults.append(f"{revisions} revisions, not {wanted}: {item['outlet']} {item['key']}: {[r[3] for r in rows]}")
    dates = {row[4] for row in rows if row[5] != "none"}
    if dates - set(item["published"]):
        counts["wrong date"] += 1
        faults.append(f"dated {sorted(dates)}, not {item['published']}: {item['outlet']} {item['key']}")
    counts["right"] += not faults
    counts["revisions"] += revisions
    return faults


def main() -> int:
    """Parses the command line, replays, compares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the snapshots")
    parser.add_argument("--http", action="store_true", help="serve them on loopback with validators")
    parser.add_argument("--twice", action="store_true", help="run every tick twice: the second run must change nothing")
    parser.add_argument("--ticks", type=int, default=None, help="only the first so many")
    parser.add_argument("--output", type=Path, help="keep the tree here")
    args = parser.parse_args()
    ticks = sorted(path for path in args.data.iterdir() if path.is_dir())[: args.ticks]
    truth = [json.loads(line) for line in (args.data / "truth.jsonl").read_text().splitlines()]
    names = sorted({file.name for tick in ticks for file in tick.glob("*.xml")})
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = stack.enter_context(serve_feeds(names)) if args.http else None
        output = args.output or work / "out"
        (work / "feeds").mkdir()
        faults = replay_ticks(Replay(output, work / "feeds", urls), ticks, twice=args.twice)
        counts, deviations = compare(output, truth, ticks[-1].name)
    for line in (*faults, *deviations):
        print(line)
    if args.http:
        print(f"answers: {dict(_Feeds.answers)}")
    print(f"{len(truth)} items: {dict(sorted(counts.items()))}")
    return 1 if faults or deviations else 0


if __name__ == "__main__":
    sys.exit(main())
