"""What the extraction reaches: one table and one JSON file, from the product's own annotate and extract stages.

    benchmarks/extraction.py [--shared DIR] [--json FILE] [--skip-public] [--fresh]

dev and seeds are scored by the shared gold's own score.py, the held third of dev (held.txt) apart; the public sets by the
mappings that public_sets.py states. --fresh scores the articles of happenings_dev.jsonl that are not in dev: no rule was written
on them, so look there last and rarely. Time is the share of rules and resolution in spaCy's own CPU time on dev, one process, one run.
"""

import argparse
import datetime as dt
import importlib.util
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import public_sets
from spacy.language import Language

from schemas.article import Article, ExtractedArticle, PublishedAt
from schemas.event import KINDS, Event
from transforms.annotate.model import annotate_texts, load_model
from transforms.events.extract import extract_events

ROOT = Path(__file__).resolve().parents[1]
# Loads every lexicon and gazetteer, as load_model loads the model: neither counts as reading articles.
WARM = (
    "Ann Lee, the minister of trade of Norland, met Bo Chen in Geneva on Friday. She said that exports rose 5 % to $3 billion in May. "
    "Bo Chen withdrew his troops from Lima."
)
GOALS = {
    "statement": (0.92, 0.85), "meeting": (0.82, 0.72), "withdrawal": (0.82, 0.72), "trade_figure": (0.88, 0.80), "mean": (0.86, 0.77),
}  # fmt: skip


def load_scorer(path: Path) -> ModuleType:
    """The scorer of the gold, as it stands."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def article_of(record: dict[str, Any]) -> Article:
    """A record of the gold as an identified article."""
    when = record.get("published")
    published = PublishedAt()
    if when:
        at = dt.datetime.fromisoformat(when.replace("Z", "+00:00"))
        offset = at.utcoffset()
        published = PublishedAt(
            at if at.tzinfo else at.replace(tzinfo=dt.UTC),
            int(offset.total_seconds() // 60) if offset is not None else None,
            "day" if len(when) == 10 else "second",
            "meta",
            "exact",
        )
    url = record.get("url") or record["id"]
    body = ExtractedArticle(
        "gold", "record", url, "gold", record["text"], title=record.get("title"), language="en", published=published
    )
    return Article(record["id"], 1, body, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "")


def gold_shape(event: Event) -> dict[str, Any]:
    """An event in the shape of the gold."""
    out: dict[str, Any] = {
        "kind": event.kind, "evidence": event.evidence, "trigger": event.trigger, "modality": event.modality, "confidence": event.confidence,
        "rule": event.extractor.split()[-1],
    }  # fmt: skip
    detail = event.detail
    out |= {name: getattr(detail, name) for name in detail.__dataclass_fields__ if getattr(detail, name) is not None}
    if event.time:
        out["date"] = f"{event.time.first}/{event.time.last}"
    if event.place:
        out["place"] = event.place.name
    names: dict[str, list[str]] = {}
    for actor in event.actors:
        names.setdefault(actor.role, []).append(actor.name)
    first = {role: found[0] for role, found in names.items()}
    if event.kind == "meeting":
        out["participants"] = names.get("participant", [])
    elif event.kind == "statement":
        out["speaker"] = first.get("speaker")
    elif event.kind == "withdrawal":
        out |= {"actor": first.get("withdrawer"), "source": out.get("source") or first.get("source")}
    else:
        out |= {"reporter": first.get("reporter"), "partner": first.get("partner")}
    return out


def predict(articles: list[Article], nlp: Language) -> tuple[list[list[Event]], float, float]:
    """Events of each article, CPU seconds of spaCy, CPU seconds of rules and resolution; both are warm, their tables loaded."""
    warm = article_of({"id": "warm", "text": WARM, "published": "2025-12-24"})
    extract_events(warm, next(iter(annotate_texts([WARM], nlp))))
    began = time.process_time()
    docs = list(annotate_texts([a.body.text for a in articles], nlp))
    parsed = time.process_time()
    events = [extract_events(a, d) for a, d in zip(articles, docs, strict=True)]
    return events, parsed - began, time.process_time() - parsed


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def measure(
    gold: list[dict[str, Any]], predictions: dict[str, list[dict[str, Any]]], scorer: ModuleType
) -> dict[str, Any]:
    """Detection and slots by kind, records right in every field, false per true, precision of `asserted`."""
    tally = scorer.score(gold, predictions)
    out: dict[str, Any] = {}
    false = true = 0
    for kind in KINDS:
        t = tally[kind]
        hit, found, wanted = t["detection"]
        out[kind] = {
            "gold": wanted,
            "detection": round(scorer.prf(*t["detection"])[2], 3),
            "slots": round(scorer.prf(*t["slots"])[2], 3),
            "perfect": round(t["perfect"] / wanted, 3) if wanted else None,
            "slot_f1": {name: round(scorer.prf(*v)[2], 3) for name, v in sorted(t["per_slot"].items())},
        }
        false, true = false + found - hit, true + hit
    seen = [k for k in KINDS if out[k]["gold"]]
    out["mean"] = {
        m: round(sum(out[k][m] for k in seen) / max(1, len(seen)), 3) for m in ("detection", "slots", "perfect")
    }
    out["false_per_true"] = round(false / max(1, true), 3)
    out["asserted_precision"] = asserted_precision(gold, predictions, scorer)
    return out


def asserted_precision(
    gold: list[dict[str, Any]], predictions: dict[str, list[dict[str, Any]]], scorer: ModuleType
) -> float | None:
    """Of meetings and withdrawals that were found and called asserted, the share that is."""
    right = n = 0
    for article in gold:
        mine = [e for e in scorer.find_predictions(article, predictions) if e["kind"] in ("meeting", "withdrawal")]
        theirs = [e for e in article["events"] if e["kind"] in ("meeting", "withdrawal")]
        for i, j in scorer.match(theirs, mine):
            if mine[j]["modality"] == "asserted":
                n += 1
                right += theirs[i].get("modality", "asserted") == "asserted"
    return round(right / n, 3) if n else None


def print_table(result: dict[str, Any]) -> None:
    """One row a kind, one block a file; then the public sets."""
    for name in ("dev", "seen", "held", "seeds", "fresh"):
        if name not in result:
            continue
        block = result[name]
        print(f"\n{name:14}{'gold':>6}{'detection':>11}{'slots':>8}{'perfect':>9}   goals")
        for kind in (*KINDS, "mean"):
            row = block[kind]
            perfect = row["perfect"] if row["perfect"] is not None else float("nan")
            print(
                f"{kind:14}{row.get('gold', ''):>6}{row['detection']:>11.3f}{row['slots']:>8.3f}{perfect:>9.3f}   {GOALS[kind][0]:.2f} {GOALS[kind][1]:.2f}"
            )
        print(f"false per true {block['false_per_true']}   asserted precision {block['asserted_precision']}")
    print(
        f"\nrules / spaCy time on dev: {result['time']['share']:.3f} (spaCy {result['time']['spacy']:.1f} s, rules {result['time']['rules']:.1f} s)"
    )
    for name, values in result.get("public", {}).items():
        print(f"{name:14}", json.dumps(values))


def main(arguments: Iterable[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="folder with gold/ and data/public/"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--skip-public", action="store_true", help="measure dev and seeds only")
    parser.add_argument("--fresh", action="store_true", help="measure articles that no rule was written on")
    parser.add_argument("--errors", type=Path, help="write what is wrong on the public sets here")
    args = parser.parse_args(list(arguments) if arguments is not None else None)
    scorer = load_scorer(args.shared / "gold" / "score.py")
    nlp = load_model()
    held = {line for line in (Path(__file__).parent / "held.txt").read_text().splitlines() if not line.startswith("#")}
    result: dict[str, Any] = {}
    files = {"dev": "dev", "seeds": "seeds"} | ({"fresh": "happenings_dev"} if args.fresh else {})
    known: set[str] = set()
    for name, file in files.items():
        gold = [record for record in read_rows(args.shared / "gold" / f"{file}.jsonl") if record["id"] not in known]
        known |= {record["id"] for record in gold}
        events, spacy_seconds, rule_seconds = predict([article_of(r) for r in gold], nlp)
        for record, found in zip(gold, events, strict=True):
            assert all(record["text"][e.evidence_start : e.evidence_end] == e.evidence for e in found), record["id"]
        predictions = {
            r.get("url") or r["id"]: [gold_shape(e) for e in found] for r, found in zip(gold, events, strict=True)
        }
        result[name] = measure(gold, predictions, scorer)
        if name == "dev":
            result["seen"] = measure([r for r in gold if r["id"] not in held], predictions, scorer)
            result["held"] = measure([r for r in gold if r["id"] in held], predictions, scorer)
            result["time"] = {"spacy": spacy_seconds, "rules": rule_seconds, "share": rule_seconds / spacy_seconds}
    if not args.skip_public:
        result["public"] = measure_public(args.shared / "data" / "public", nlp, args.errors)
    print_table(result)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1, default=str))
    return 0


def measure_public(root: Path, nlp: Language, errors: Path | None) -> dict[str, Any]:
    """All public sets."""

    def read(texts: list[tuple[str, dt.date | None]]) -> list[list[Event]]:
        records = [
            {"id": f"p{i}", "text": text, **({"published": day.isoformat()} if day else {})}
            for i, (text, day) in enumerate(texts)
        ]
        return predict([article_of(r) for r in records], nlp)[0]

    wrong: dict[str, list[str]] = {
        name: [] for name in ("ms_datetime", "meantime", "ms_currency", "polnear_dev", "plv_train")
    }
    out = {
        "ms_datetime": public_sets.score_ms_datetime(root, wrong["ms_datetime"]),
        "meantime": public_sets.score_meantime(root, wrong["meantime"]),
        "ms_currency": public_sets.score_ms_currency(root, wrong["ms_currency"]),
        "polnear_dev": public_sets.score_polnear(root, read, wrong["polnear_dev"]),
        "plv_train": public_sets.score_plv(root, read, wrong["plv_train"]),
    }
    if errors:
        errors.write_text(json.dumps(wrong, indent=1, ensure_ascii=False))
    return out


if __name__ == "__main__":
    sys.exit(main())
