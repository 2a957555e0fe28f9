"""What Prometheus may know of the runs on a tree: a file for the node exporter's textfile collector."""

import datetime as dt
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from schemas.manifest import Manifest
from transforms.store.commit import Tree
from transforms.store.errors import StoreError

OUTCOMES = ("new", "versions", "copies", "known", "quarantined")


def gather_metrics(code: int, at: dt.datetime, newest: Manifest | None) -> CollectorRegistry:
    """Gauges of the last attempt and of the newest commit; every count is the manifest's, none is the engine's.

    Args:
        code: exit code of the attempt.
        at: when it ended, UTC.
        newest: the newest commit of the tree; None: there is none, or the tree can't be read.
    """
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, labels: Iterable[str] = ()) -> Gauge:
        return Gauge(f"newsmill_{name}", help_text, list(labels), registry=registry)

    gauge("exit_code", "exit code of the last attempt, successful or not").set(code)
    gauge("attempt_timestamp_seconds", "when the last attempt ended").set(at.timestamp())
    if newest is None:
        return registry
    started, finished = (dt.datetime.fromisoformat(text) for text in (newest.started_at, newest.finished_at))
    gauge("commits", "commits of the tree so far").set(newest.sequence)
    gauge("commit_timestamp_seconds", "when the newest commit was made").set(finished.timestamp())
    gauge("commit_seconds", "how long the newest commit took").set((finished - started).total_seconds())
    versions = gauge("commit_info", "what made the newest commit; always 1", ("kind", "newsmill", "schema_version"))
    versions.labels(newest.kind, newest.versions.get("newsmill", ""), newest.schema_version).set(1)
    inputs = gauge("inputs", "inputs of the newest commit; their outcomes add up to them", ("outlet", "outcome"))
    for outlet, counts in newest.outlets.items():
        for outcome in OUTCOMES:
            inputs.labels(outlet, outcome).set(getattr(counts, outcome))
    further = gauge("counted", "further counters of the newest commit, such as events by kind", ("group", "label"))
    for group, counted in newest.further.items():
        for label, number in counted.items():
            further.labels(group, label).set(number)
    files = gauge("files", "files that the newest commit published", ("dataset",))
    rows = gauge("rows", "rows that the newest commit published", ("dataset",))
    for file in newest.files:
        files.labels(file.dataset).inc()
        rows.labels(file.dataset).inc(file.rows)
    return registry


def write_metrics(path: str, code: int, output: str) -> None:
    """Writes the file anew after an attempt, whole or not at all.

    Raises:
        OSError: it can't be written.
    """
    try:
        newest = Tree(output).newest()
    except (StoreError, OSError, ValueError):  # the attempt has said what is wrong with the tree
        newest = None
    write_to_textfile(path, gather_metrics(code, dt.datetime.now(tz=dt.UTC), newest))
