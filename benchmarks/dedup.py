#!/usr/bin/env python3
"""Near-identical stories: how well they are found, whether splits matter, what they cost.

    python benchmarks/dedup.py accuracy            F1 on the developer sets, as one batch and day by day
    python benchmarks/dedup.py splits              ten random consecutive splits against one batch
    python benchmarks/dedup.py speed               stories a second: core, sentences, the whole Beam stage
    python benchmarks/dedup.py growth [--docs N …] [--dense]  cost of a new story on growing histories
    python benchmarks/dedup.py compare             rensa, datasketch, SimHash on the same sets (those that are installed)
    python benchmarks/dedup.py product [--sets …]  `newsmill run` day by day and as one batch, scored from its output

Times are CPU seconds of this process, so that a busy machine matters less. Past knowledge only: each day is placed with the
state of the days before, merged and expired as the store does it.
"""

import argparse
import datetime as dt
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dedup_sets import (  # noqa: E402
    CONFIG,
    SETS,
    Memory,
    Truth,
    alter_text,
    at_odds,
    make_article,
    pairs_of,
    read_corpus,
    run_batches,
    split_days,
)

from schemas.article import Article  # noqa: E402
from transforms.dedup.history import History  # noqa: E402
from transforms.dedup.place import place_stories  # noqa: E402
from transforms.dedup.sketch import sentence_hashes, sketch_article, sketch_text  # noqa: E402

SEED = 11


def show_accuracy(args: argparse.Namespace) -> None:
    """F1 on the developer sets."""
    for name in args.sets:
        truth = Truth(name, args.data)
        sketches = truth.sketches()
        batch, daily = run_batches([sketches]), run_batches(split_days(sketches))
        for how, placed in (("one batch", batch), ("day by day", daily)):
            print(f"{name:15} {how:10} {truth.score(truth.claims(placed))}  stories at odds {at_odds(placed)}")
        print(f"{name:15} documents placed otherwise day by day: {sum(batch[k] != daily[k] for k in batch)}")


def show_splits(args: argparse.Namespace) -> None:
    """Ten random splits of each set."""
    for name in args.sets:
        sketches = sorted(Truth(name, args.data).sketches(), key=lambda s: s.order)
        whole = run_batches([sketches])
        rng = random.Random(SEED)
        for _ in range(10):
            cuts = [0, *sorted(rng.sample(range(1, len(sketches)), rng.choice((1, 3, 9, 19)))), len(sketches)]
            split = run_batches([sketches[a:b] for a, b in itertools.pairwise(cuts)])
            print(f"{name:15} {len(cuts) - 1:3} runs: {sum(whole[k] != split[k] for k in whole)} documents differ")


def timed(work: Callable[[], Any], repeat: int = 3) -> float:
    """Least CPU seconds of some tries."""
    best = float("inf")
    for _ in range(repeat):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def show_speed(args: argparse.Namespace) -> None:
    """Stories a second."""
    for name in args.sets:
        truth = Truth(name, args.data)
        bodies = [article.body for article in truth.articles]
        sketches = truth.sketches()
        n = len(bodies)
        words = sum(len(b.text.split()) for b in bodies) / n
        sketch = timed(lambda bodies=bodies: [sketch_text(b.text, b.title) for b in bodies])
        sentences = timed(lambda bodies=bodies: [sentence_hashes(b.text) for b in bodies])
        place = timed(lambda sketches=sketches: place_stories(sketches, History.empty(), CONFIG))
        core = n / (sketch + place)
        beam = n / timed(lambda truth=truth: run_stage(truth.articles), 1)
        print(
            f"{name:15} {words:.0f} words  sketch {n / sketch:.0f}/s  candidates, verify, stars {n / place:.0f}/s  "
            f"core {core:.0f}/s  sentences {n / sentences:.0f}/s  Beam stage {beam:.0f}/s (ratio {beam / core:.2f})"
        )


def run_stage(articles: list[Article]) -> None:
    """Runs the whole stage in Beam."""
    import apache_beam as beam

    from transforms.dedup.graph import ApplyDecisions, DecideStories

    with beam.Pipeline(runner="DirectRunner") as pipeline:
        made = pipeline | beam.Create([0]) | beam.FlatMap(lambda _: articles)
        _ = made | ApplyDecisions(made | DecideStories(CONFIG))


def show_growth(args: argparse.Namespace) -> None:
    """Cost of a new story when so many lie in the history."""
    for dense in (False, True) if args.dense else (False,):
        for size in args.docs:
            memory, last = Memory(), 0
            for made in read_corpus(args.data, size, dense):
                for batch in split_days(made) if not dense else [made]:
                    memory.remember(place_stories(batch, History.load(memory), CONFIG))
                last = max(last, max(s.at for s in made))
            docs = [a.body for a in Truth("reuters_dev", args.data).articles[: args.new]]
            at = dt.datetime.fromtimestamp(last, dt.UTC)
            new = [
                {
                    "id": f"new{n}",
                    "title": b.title,
                    "text": alter_text(b.text, 99),
                    "date": f"{at + dt.timedelta(seconds=n):%Y-%m-%dT%H:%M:%S}",
                }
                for n, b in enumerate(docs)
            ]
            sketches = [sketch_article(make_article(doc)) for doc in new]
            load = timed(lambda memory=memory: History.load(memory))
            history = History.load(memory)
            place = timed(lambda history=history, sketches=sketches: place_stories(sketches, history, CONFIG))
            print(
                f"{size:8} stories {'in the same days' if dense else 'at one rate'}: load {load * 1e3:.0f} ms a run, "
                f"{place / len(new) * 1e6:.0f} us a new story, with the load spread over {len(new)}: "
                f"{(load + place) / len(new) * 1e6:.0f} us; state {memory.sizes()}"
            )


def show_comparison(args: argparse.Namespace) -> None:
    """Other libraries with their best single settings (dedup.md, section 8)."""
    from dedup_others import METHODS

    for name in args.sets:
        truth = Truth(name, args.data)
        texts = [doc["text"] for doc in truth.docs]
        ids = [doc["id"] for doc in truth.docs]
        for label, method in METHODS.items():
            begin = time.process_time()
            try:
                labels = method(texts)
            except ImportError as error:
                print(f"{name:15} {label:28} not installed: {error.name}")
                continue
            took = time.process_time() - begin
            score = truth.score(pairs_of(dict(zip(ids, map(str, labels), strict=True))))
            print(f"{name:15} {label:28} {score}  {len(ids) / took:.0f}/s")
        begin = time.process_time()
        placed = run_batches([truth.sketches()])
        took = time.process_time() - begin
        print(f"{name:15} {'newsmill':28} {truth.score(truth.claims(placed))}  {len(ids) / took:.0f}/s")


def show_product(args: argparse.Namespace) -> None:
    """The product's own figure: `newsmill run`, scored by the scorer of the data."""
    scorer = args.data / "scoring" / "dedup.py"
    for name in args.sets:
        source = args.data / "dedup" / f"{name}.jsonl.gz"
        ignore = args.data / "dedup" / f"{name}_ignore.jsonl.gz"
        made = subprocess.run([sys.executable, scorer, "input", source], capture_output=True, text=True, check=True)
        lines = sorted(made.stdout.splitlines(), key=lambda line: json.loads(line)["published"])
        days = [list(g) for _, g in itertools.groupby(lines, key=lambda line: json.loads(line)["published"][:10])]
        for how, batches in (("one batch", [lines]), ("day by day", days)):
            with tempfile.TemporaryDirectory() as folder:
                for n, batch in enumerate(batches):
                    feed = Path(folder) / f"{n:03}.jsonl"
                    feed.write_text("\n".join(batch) + "\n", encoding="utf-8")
                    command = [
                        sys.executable,
                        "-m",
                        "pipeline",
                        "run",
                        "--input",
                        feed,
                        "--output",
                        f"{folder}/out",
                        "-q",
                    ]
                    subprocess.run(command, cwd=ROOT, check=True)
                score = [sys.executable, scorer, "score", source, f"{folder}/out"]
                score += ["--ignore", ignore] if ignore.exists() else []
                print(how, subprocess.run(score, capture_output=True, text=True, check=True).stdout.strip())


def main() -> None:
    """Runs the benchmark that is named."""
    shows = {
        "accuracy": show_accuracy,
        "splits": show_splits,
        "speed": show_speed,
        "growth": show_growth,
        "compare": show_comparison,
        "product": show_product,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=shows)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--docs", nargs="+", type=int, default=(20_000, 60_000, 200_000))
    parser.add_argument("--new", type=int, default=1000, help="stories of the run that is measured")
    parser.add_argument("--dense", action="store_true", help="grow the history within the same days as well")
    args = parser.parse_args()
    shows[args.what](args)


if __name__ == "__main__":
    main()
