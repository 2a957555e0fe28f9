"""A year of hourly commits: what the last costs against the first, and what `compact` gives a reader.

    python benchmarks/year.py [--runs 8760] [--outlets 30] [--stories 5] [--output DIR]

In one process, over records that are annotated already: each run locks the tree, recovers, stages a few stories of the
day (articles, an event each, a failure, state) and commits. Time and memory are those of the first and last twentieth of
the runs, medians; the first run, which makes the folders, is left out. Since other work on the machine comes and goes
within a year, the runs after the year are also timed in turns with those of a young tree. Then a DuckDB aggregate over
the year before and after `newsmill compact`, best of three in a connection that has loaded the views, with the number of
files it reads.
"""

import argparse
import dataclasses
import datetime as dt
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from factories import make_article, make_event, make_failure, make_published
from store_trees import connect, draft_of, stage_run

from pipeline.__main__ import main as newsmill
from transforms.store.commit import Tree
from transforms.store.lock import TreeLock

BEGIN = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
TURNS = 64  # a multiple of the runs after which state is merged
AGGREGATE = """SELECT date_trunc('month', published_at) AS month, outlet, kind, count(*), avg(confidence)
FROM events GROUP BY ALL ORDER BY ALL"""


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds of the wall and of the CPU, and the resident memory after it in MB."""

    wall: float
    cpu: float
    memory: float


def run_hour(root: str, number: int, outlets: int, stories: int) -> Cost:
    """The run of an hour, from lock to release."""
    at = BEGIN + dt.timedelta(hours=number)
    articles = []
    for n in range(stories):
        name = number * stories + n
        text = f"Minister {name} of Norland met the envoy of Sudland on Monday.\nThe talks lasted {n + 1} hours."
        outlet = f"outlet{name % outlets}.example"
        url = f"https://{outlet}/{name}"
        articles.append(make_article(text, url=url, outlet=outlet, published=make_published(at), first_seen_at=at))
    events = [make_event(article) for article in articles]
    failures = [make_failure(source_uri=f"file:///in/{number}.xml")]
    wall, cpu = time.perf_counter(), time.process_time()
    run_id = f"{at:%Y%m%dT%H%M%SZ}"
    with TreeLock(root, run_id) as lock:
        tree = Tree(root)
        tree.recover()
        staged = stage_run(tree, run_id, articles, events, failures, at)
        draft = dataclasses.replace(draft_of(run_id, articles, failures), started_at=at.isoformat())
        tree.commit(draft, staged, held=lock.number, now=lambda: at)
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, _resident())


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def read_year(root: str) -> tuple[float, int, list[tuple[object, ...]]]:
    """Seconds of the aggregate (best of three), files of events that it reads, and its rows."""
    connection = connect(root)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        rows = connection.execute(AGGREGATE).fetchall()
        took.append(time.perf_counter() - began)
    return min(took), len(Tree(root).listing()["events"]), rows


def report_growth(first: list[Cost], last: list[Cost], what: tuple[str, str]) -> None:
    """Prints the medians of two sets of runs side by side."""
    sys.stdout.write(f"{'':22}{what[0]:>10}{what[1]:>10}{'ratio':>8}   medians of {len(last)} runs\n")
    for name, unit in (("wall", "s"), ("cpu", "s"), ("memory", "MB")):
        a, b = (statistics.median(getattr(cost, name) for cost in costs) for costs in (first, last))
        sys.stdout.write(f"{name + ' [' + unit + ']':22}{a:10.3f}{b:10.3f}{b / a if a else 0:8.2f}\n")


def run_in_turns(old: str, young: str, runs: int, options: argparse.Namespace) -> tuple[list[Cost], list[Cost]]:
    """Costs of runs of a young tree and of one of many runs, in turns."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for number in range(10 + TURNS):
        young_cost = run_hour(young, number, options.outlets, options.stories)
        if number >= 10:
            costs[0].append(young_cost)
            costs[1].append(run_hour(old, runs + number, options.outlets, options.stories))
    return costs


def main() -> None:
    """Commits a year, reads it, compacts it and reads it again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=8760)
    parser.add_argument("--outlets", type=int, default=30)
    parser.add_argument("--stories", type=int, default=5)
    parser.add_argument("--output", help="kept afterwards; default: a temporary folder")
    parser.add_argument("--fsync", action="store_true", help="wait for the disk at each write, as a real run does")
    options = parser.parse_args()
    if options.runs < 3:
        parser.error("--runs: at least 3")
    if not options.fsync:
        os.fsync = lambda fd: None
    folder = Path(options.output or tempfile.mkdtemp(prefix="newsmill-year-"))
    root = str(folder / "out")
    try:
        costs = [run_hour(root, number, options.outlets, options.stories) for number in range(options.runs)]
        sys.stdout.write(f"{len(costs)} commits in {sum(cost.wall for cost in costs):.0f} s\n")
        part = max(1, (len(costs) - 1) // 20)
        report_growth(costs[1 : 1 + part], costs[-part:], ("first", "last"))
        report_growth(*run_in_turns(root, str(folder / "young"), options.runs, options), ("young", "old"))
        sys.stdout.write(f"views.sql {(Path(root) / 'views.sql').stat().st_size / 1e6:.2f} MB\n")
        before, files, rows = read_year(root)
        began = time.perf_counter()
        code = newsmill(["compact", "--output", root])
        took = time.perf_counter() - began
        after, files_after, rows_after = read_year(root)
        sys.stdout.write(
            f"aggregate before compact {before:.3f} s over {files} files, after {after:.3f} s over {files_after} "
            f"({before / after:.1f} times as fast); compact took {took:.1f} s\n"
        )
        same = [row[:4] for row in rows] == [row[:4] for row in rows_after]
        sys.stdout.write(f"rows are {'the same' if same else 'NOT THE SAME'}\n")
        raise SystemExit(0 if same and code == 0 else 1)
    finally:
        if not options.output:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
