"""Public sets against the extractor, each with the mapping of its labels to ours.

ms_datetime   expressions of type date and datetime with a resolved day: right when an expression found inside the surface (or
              around it) comes to one of the days given (past or future reading). Weeks, months and years that are counted (`in two
              weeks`, `two years ago`) are right when ours covers the day: our definition gives them in the unit counted. Left out is
              what names no day in news (`now`, `in 5 minutes`, `end of the day`). Ranges are counted apart, ends made inclusive.
meantime      TIMEX3 of type DATE whose value is a day, month, year, quarter or week: right when ours covers the same days.
ms_currency   money with a value: right when value and unit agree; the set's unit names are mapped to ISO 4217 (`Dollar` USD,
              `Pound` GBP, `Franc` FRF, ...), fractions (`Cent`, `Pence`) by a hundredth of their unit.
polnear_dev   attributions with a speech cue; a statement of ours is right when its content shares at least 0.3 of the longer of
              the two with one of them. Ours that match an attribution without a speech cue count neither way.
plv_train     sentences; gold meetings are PLOVER CONSULT, and those that `meeting_nonfactual` marks as planned, asked or refused.
"""

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.event import Event, Statement
from transforms.events.calendar_days import quarter_period, week_period
from transforms.events.quantities import find_quantities
from transforms.events.time_expressions import find_times

Read = Callable[[list[tuple[str, dt.date | None]]], list[list[Event]]]
_UNITS = {
    "Dollar": "USD", "United States dollar": "USD", "Euro": "EUR", "Chinese yuan": "CNY", "Pound": "GBP", "British pound": "GBP", "Canadian dollar": "CAD",
    "Japanese yen": "JPY", "Franc": "FRF", "Australian dollar": "AUD", "Bitcoin": "XBT", "Turkish lira": "TRY", "Rupee": "INR", "Mexican peso": "MXN",
    "Finnish markka": "FIM", "Hong Kong dollar": "HKD", "Peseta": "ESP", "Netherlands guilder": "NLG", "Swiss franc": "CHF", "Costa Rican colón": "CRC",
    "Georgian lari": "GEL", "Lao kip": "LAK", "Sri Lankan rupee": "LKR", "New Zealand dollar": "NZD",
}  # fmt: skip
_NO_DAY = r"\bnow\b|\botd\b|^at (?:the|this) (?:moment|time|present time)$|^at present$|\b(?:minutes?|mins?|seconds?|hours?)\b|^(?:the|end of the|end of|the end of the) (?:day|eod)$|^the eod$"
_HUNDREDTHS = {"Cent": "USD", "Pence": "GBP", "Penny": "GBP"}


def rows(root: Path, name: str) -> Iterator[dict[str, Any]]:
    """Rows of a set."""
    with gzip.open(root / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def rate(hit: int, found: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1."""
    p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
    return {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0, "gold": gold}


def score_ms_datetime(root: Path, wrong: list[str] | None = None) -> dict[str, float]:
    """Share of days and of ranges that are right."""
    tally = {"day": [0, 0], "range": [0, 0]}
    for row in rows(root, "ms_datetime"):
        day = dt.date.fromisoformat(row["doc_date"][:10]) if row["doc_date"] else None
        found = find_times(row["text"], day)
        for e in row["expected"]:
            kind = str(e["type"])
            if kind in ("datetimeV2.date", "datetimeV2.datetime"):
                days = {v["value"][:10] for v in e["values"] if v.get("value", "")[:1].isdigit()}
                wanted = {(d, d) for d in days}
                label = "day"
            elif kind == "datetimeV2.daterange":
                wanted = {
                    _range(v) for v in e["values"] if v.get("start") and v.get("end") and v["start"][:1].isdigit()
                }
                label = "range"
            else:
                continue
            if not wanted or re.search(_NO_DAY, e["surface"], re.IGNORECASE):
                continue
            got = set()
            for t in found:
                if t.start < e["end_incl"] + 1 and e["start"] < t.end:
                    got |= {(str(t.first), str(t.last))} | ({(str(t.ahead[0]), str(t.ahead[1]))} if t.ahead else set())
            right = bool(got & wanted)
            if (
                not right
                and label == "day"
                and re.search(
                    r"\bin\b.*\b(?:week|month|year|fortnight)|(?:weeks?|months?|years?|fortnight) ago", e["surface"]
                )
            ):
                right = any(a <= day_ <= b for a, b in got for day_, _ in wanted)
            tally[label][0] += right
            tally[label][1] += 1
            if not right and wrong is not None:
                wrong.append(f"{label} {day} {row['text']!r} {e['surface']!r} want {sorted(wanted)} got {sorted(got)}")
    return {f"{k}_{name}": v for k, (hit, n) in tally.items() for name, v in (("right", hit / n), ("gold", n))}


def _range(value: dict[str, str]) -> tuple[str, str]:
    start, end = value["start"][:10], dt.date.fromisoformat(value["end"][:10])
    return start, str(end - dt.timedelta(1))


def score_meantime(root: Path, wrong: list[str] | None = None) -> dict[str, float]:
    """Share of dates that are right."""
    hit = n = 0
    for row in rows(root, "meantime"):
        day = dt.date.fromisoformat(row["doc_date"][:10]) if row["doc_date"] else None
        text, at = row["text"], 0
        found = []
        for line in text.split("\n"):
            found += [(t.start + at, t.end + at, t) for t in find_times(line, day)]
            at += len(line) + 1
        for e in row["expected"]:
            if e["kind"] != "date" or e["timex_type"] != "DATE" or (wanted := _timex(e["value"])) is None:
                continue
            got = {(t.first, t.last) for s, end, t in found if s < e["end"] and e["start"] < end}
            got |= {t.ahead for s, end, t in found if t.ahead and s < e["end"] and e["start"] < end}
            n += 1
            hit += wanted in got
            if wanted not in got and wrong is not None:
                wrong.append(
                    f"{day} {e['surface']!r} want {e['value']} got {got} in {text[max(0, e['start'] - 60) : e['end'] + 40]!r}"
                )
    return {"right": hit / n, "gold": n}


def _timex(value: str) -> tuple[dt.date, dt.date] | None:
    try:
        if "-W" in value:
            year, week = value.split("-W")
            period = week_period(dt.date.fromisocalendar(int(year), int(week[:2]), 1))
        elif "-Q" in value:
            period = quarter_period(int(value[:4]), int(value[-1]))
        else:
            bits = [int(b) for b in value[:10].split("-")]
            first = dt.date(bits[0], bits[1] if len(bits) > 1 else 1, bits[2] if len(bits) > 2 else 1)
            if len(bits) > 2:
                return first, first
            last = dt.date(first.year + (len(bits) == 1), 1 if len(bits) == 1 else first.month % 12 + 1, 1)
            if len(bits) == 2 and first.month == 12:
                last = last.replace(year=first.year + 1)
            return first, last - dt.timedelta(1)
    except ValueError:
        return None
    return period.first, period.last


def score_ms_currency(root: Path, wrong: list[str] | None = None) -> dict[str, float]:
    """Share of money that is right in value and unit."""
    hit = n = 0
    for row in rows(root, "ms_currency"):
        found = find_quantities(row["text"])
        for e in row["expected"]:
            if e["kind"] != "money" or e["value"] is None:
                continue
            unit = e["iso"] or _UNITS.get(e["unit"])
            value = Decimal(str(e["value"]))
            if e["unit"] in _HUNDREDTHS:
                unit, value = _HUNDREDTHS[e["unit"]], value / 100
            n += 1
            right = any(
                q.unit == unit and q.value == value for q in found if q.start <= e["end_incl"] and e["start"] < q.end
            )
            hit += right
            if not right and wrong is not None:
                wrong.append(
                    f"{row['text']!r} {e['surface']!r} want {value} {unit} {e['unit']} got {[(str(q.value), q.unit) for q in found]}"
                )
    return {"right": hit / n, "gold": n}


def score_polnear(root: Path, read: Read, wrong: list[str] | None = None) -> dict[str, float]:
    """Statements with a speech cue, content overlap 0.3."""
    articles = list(rows(root, "polnear_dev"))
    events = read(
        [(a["text"], dt.date.fromisoformat(a["doc_date"][:10]) if a.get("doc_date") else None) for a in articles]
    )
    hit = false = gold_n = 0
    for article, found in zip(articles, events, strict=True):
        speech = [e for e in article["expected"] if e["cue_is_speech"]]
        others = [e for e in article["expected"] if not e["cue_is_speech"]]
        gold_n += len(speech)
        left = list(speech)
        for event in found:
            if not isinstance(event.detail, Statement) or not event.detail.content:
                continue
            at = _find_near(article["text"], event.detail.content, event.evidence_start)
            span = (at, at + len(event.detail.content))
            mate = max(left, key=lambda e: _overlap(span, e["content_spans"]), default=None)
            if mate is not None and _overlap(span, mate["content_spans"]) >= 0.3:
                left.remove(mate)
                hit += 1
            elif not any(_overlap(span, e["content_spans"]) >= 0.3 for e in [*others, *speech]):
                false += 1
                if wrong is not None:
                    wrong.append(f"false: {event.trigger!r} {event.evidence[:150]!r}")
        if wrong is not None:
            wrong += [f"missed: {e['cue']!r} {e['content'][:150]!r}" for e in left]
    return rate(hit, hit + false, gold_n)


def _find_near(text: str, content: str, at: int) -> int:
    found = text.find(content, max(0, at - 200))
    return found if found >= 0 else max(0, text.find(content))


def _overlap(span: tuple[int, int], spans: list[list[int]]) -> float:
    ours, theirs = span[1] - span[0], sum(b - a for a, b in spans)
    common = sum(max(0, min(span[1], b) - max(span[0], a)) for a, b in spans)
    return common / max(1, ours, theirs)


def score_plv(root: Path, read: Read, wrong: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Sentences with a meeting: those that took place, and those of any modality."""
    sentences = list(rows(root, "plv_train"))
    events = read([(s["text"], None) for s in sentences])
    tally = {"asserted": [0, 0, 0], "any": [0, 0, 0]}
    for sentence, found in zip(sentences, events, strict=True):
        kinds = {e["kind"] for e in sentence["expected"]}
        meetings = [e for e in found if e.kind == "meeting"]
        for label, gold, ours in (
            ("asserted", "meeting" in kinds, any(m.modality == "asserted" for m in meetings)),
            ("any", bool(kinds & {"meeting", "meeting_nonfactual"}), bool(meetings)),
        ):
            tally[label][0] += gold and ours
            tally[label][1] += ours
            tally[label][2] += gold
            if wrong is not None and label == "any" and gold != ours:
                wrong.append(
                    f"{'missed' if gold else 'false'}: {[m.trigger for m in meetings]} {sentence['text'][:200]!r}"
                )
    return {k: rate(*v) for k, v in tally.items()}
