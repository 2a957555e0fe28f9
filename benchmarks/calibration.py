"""Makes the coefficients of confidence: a logistic model over annotated articles, cross-validated by article.

    benchmarks/calibration.py [--shared DIR] [--write] [--plot FILE.svg]

An event is right when the gold's scorer matches it. The more the rules know an article, the less it counts: those of
happenings_dev.jsonl that are not in dev, which no rule was written on, count fully; the third of dev that was set aside at
first (held.txt) three tenths; the rest of dev a twentieth. Each event is judged by a model that saw no event of its article
(ten folds); the table and the plot show these judgements on the unseen articles alone. Without --write nothing is kept.
"""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from extraction import ROOT, article_of, gold_shape, load_scorer, read_rows

from transforms.annotate.model import annotate_texts, load_model
from transforms.events.confidence import features_of, score_features
from transforms.events.extract import build_context, find_mentions, publication_day

FOLDS = 10
RIDGE = 4.0
WEIGHTS = {"unseen": 1.0, "held": 0.3, "seen": 0.05}
TARGET = ROOT / "transforms" / "events" / "data" / "confidence.yaml"
HEADER = "# Coefficients of confidence.py, log-odds; made by benchmarks/calibration.py, cross-validated by article.\n"


def fold_of(article_id: str) -> int:
    """The fold of an article, the same in every run."""
    return hashlib.blake2b(article_id.encode(), digest_size=4).digest()[0] % FOLDS


def gather(shared: Path) -> list[dict[str, Any]]:
    """Every event: features, whether it is right, its article and how well the rules know that (WEIGHTS)."""
    from transforms.events.extract import extract_events

    scorer = load_scorer(shared / "gold" / "score.py")
    gold = read_rows(shared / "gold" / "dev.jsonl")
    seen = {record["id"] for record in (*gold, *read_rows(shared / "gold" / "seeds.jsonl"))}
    gold += [record for record in read_rows(shared / "gold" / "happenings_dev.jsonl") if record["id"] not in seen]
    held = {line for line in (Path(__file__).parent / "held.txt").read_text().splitlines() if not line.startswith("#")}
    nlp = load_model()
    out = []
    for record, doc in zip(gold, annotate_texts([r["text"] for r in gold], nlp), strict=True):
        article = article_of(record)
        mentions = find_mentions(build_context(record["text"], doc, publication_day(article)))
        events = [gold_shape(e) for e in extract_events(article, doc)]
        kinds = record.get("kinds") or scorer.KINDS
        assert len(mentions) == len(events), record["id"]
        known = "held" if record["id"] in held else "seen" if record["id"] in seen else "unseen"
        chosen = [i for i, e in enumerate(events) if e["kind"] in kinds]
        wanted = scorer.one_statement_a_speaker([e for e in record["events"] if e["kind"] in kinds])
        found = {j for _, j in scorer.match(wanted, [events[i] for i in chosen])}
        for j, i in enumerate(chosen):
            out.append(
                {
                    "features": features_of(mentions[i]),
                    "right": j in found,
                    "article": record["id"],
                    "known": known,
                    "kind": events[i]["kind"],
                }
            )
    return out


def fit(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Ridge logistic regression by Newton's method (iteratively reweighted least squares); rare features are left out."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row["features"]:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, n in counts.items() if n >= 6)
    index = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        for name in row["features"]:
            if name in index:
                x[i, index[name]] = 1.0
    y = np.array([float(row["right"]) for row in rows])
    weight = np.array([WEIGHTS[row["known"]] for row in rows])
    penalty = np.full(len(names), RIDGE)
    penalty[index["bias"]] = 1e-3
    beta = np.zeros(len(names))
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ beta)))
        gradient = x.T @ (weight * (y - p)) - penalty * beta
        hessian = (x.T * (weight * p * (1 - p))) @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return {name: round(float(b), 3) for name, b in zip(names, beta, strict=True)}


def judge_apart(rows: list[dict[str, Any]]) -> list[float]:
    """Confidence of each event by a model that saw none of its article's fold."""
    models = [fit([r for r in rows if fold_of(r["article"]) != fold]) for fold in range(FOLDS)]
    return [score_features(row["features"], models[fold_of(row["article"])]) for row in rows]


def reliability(rows: list[dict[str, Any]], scores: list[float]) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, number) in bands of a tenth."""
    out = []
    for low in np.arange(0.0, 1.0, 0.1):
        chosen = [(s, r["right"]) for r, s in zip(rows, scores, strict=True) if low <= s < low + 0.1]
        if chosen:
            out.append(
                (sum(s for s, _ in chosen) / len(chosen), sum(right for _, right in chosen) / len(chosen), len(chosen))
            )
    return out


def draw(points: list[tuple[float, float, int]]) -> str:
    """A reliability diagram as SVG: confidence to the right, share right upwards, area by number of events."""
    dots = "".join(
        f'<circle cx="{40 + 300 * s:.1f}" cy="{340 - 300 * r:.1f}" r="{2 + n**0.5:.1f}" fill="#36c" fill-opacity="0.6"><title>{n} events</title></circle>'
        for s, r, n in points
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="380" height="390" font-family="sans-serif" font-size="12">'
        '<rect x="40" y="40" width="300" height="300" fill="none" stroke="#999"/><line x1="40" y1="340" x2="340" y2="40" stroke="#999" stroke-dasharray="4"/>'
        f'{dots}<text x="190" y="370" text-anchor="middle">confidence</text><text x="14" y="190" transform="rotate(-90 14 190)" text-anchor="middle">share right</text>'
        '<text x="40" y="356">0</text><text x="333" y="356">1</text><text x="40" y="26">events of unseen articles, judged by models that saw no event of their article</text></svg>\n'
    )


def main() -> int:
    """Fits, shows, and writes when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    parser.add_argument("--plot", type=Path, help="write the diagram here")
    args = parser.parse_args()
    rows = gather(args.shared)
    scores = judge_apart(rows)
    unseen = [i for i, row in enumerate(rows) if row["known"] == "unseen"]
    points = reliability([rows[i] for i in unseen], [scores[i] for i in unseen])
    print("unseen articles, cross-validated\nconfidence  right   events")
    for mean, right, n in points:
        print(f"{mean:10.2f}{right:7.2f}{n:9}")
    for edge in (0.7, 0.8, 0.9):
        chosen = [rows[i]["right"] for i in unseen if scores[i] >= edge]
        print(f"at {edge} and above: {sum(chosen) / max(1, len(chosen)):.3f} right of {len(chosen)}")
    brier = sum((scores[i] - rows[i]["right"]) ** 2 for i in unseen) / len(unseen)
    base = sum(rows[i]["right"] for i in unseen) / len(unseen)
    print(f"Brier score {brier:.4f}, of the constant {base * (1 - base):.4f}")
    if args.plot:
        args.plot.write_text(draw(points))
    if args.write:
        model = fit(rows)
        TARGET.write_text(
            HEADER + "coefficients:\n" + "".join(f"  {name!r}: {value}\n" for name, value in model.items())
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
