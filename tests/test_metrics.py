import datetime as dt

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from whole_runs import manifests, newsmill, record, write_records

from pipeline.metrics import gather_metrics

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def read_metrics(text):
    """{(name, labels): value} of a file in Prometheus' text format."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_tree_without_a_commit_gives_the_attempt_alone():
    found = read_metrics(generate_latest(gather_metrics(4, NOON, None)).decode())
    assert found == {("newsmill_exit_code", ()): 4, ("newsmill_attempt_timestamp_seconds", ()): NOON.timestamp()}


def test_a_run_writes_counts_that_are_its_manifests(tmp_path):
    source = write_records(tmp_path / "in.jsonl", record(1), record(2), "no record")
    file = tmp_path / "newsmill.prom"
    code, said = newsmill("run", "--input", source, "--output", tmp_path / "out", "--metrics", file)
    assert code == 1, said  # a third in quarantine
    found, [manifest] = read_metrics(file.read_text()), manifests(tmp_path / "out")
    assert found["newsmill_exit_code", ()] == 1
    assert found["newsmill_commits", ()] == 1
    inputs = {labels: value for (name, labels), value in found.items() if name == "newsmill_inputs"}
    assert sum(inputs.values()) == manifest["counters"]["total"]["inputs"] == 3
    for outlet, counts in manifest["counters"]["outlets"].items():
        for outcome in ("new", "versions", "copies", "known", "quarantined"):
            assert inputs[("outcome", outcome), ("outlet", outlet)] == counts[outcome]
    kinds = manifest["further"]["events"]
    assert kinds
    assert {kind: found["newsmill_counted", (("group", "events"), ("label", kind))] for kind in kinds} == kinds
    assert found["newsmill_rows", (("dataset", "articles"),)] == 2


def test_a_failed_attempt_keeps_what_the_last_commit_said(tmp_path):
    source, file = write_records(tmp_path / "in.jsonl", record(1)), tmp_path / "newsmill.prom"
    argv = ("run", "--output", tmp_path / "out", "--metrics", file, "--input")
    assert newsmill(*argv, source)[0] == 0
    before = read_metrics(file.read_text())
    assert newsmill(*argv, source, "--model", "no_such_model")[0] == 2
    after = read_metrics(file.read_text())
    assert after["newsmill_exit_code", ()] == 2
    changed = {name for (name, _), value in after.items() if before.get((name, _)) != value}
    assert changed <= {"newsmill_exit_code", "newsmill_attempt_timestamp_seconds"}


def test_metrics_that_cannot_be_written_are_said_and_fail_no_run(tmp_path):
    source = write_records(tmp_path / "in.jsonl", record(1))
    code, said = newsmill(
        "run", "--input", source, "--output", tmp_path / "out", "--metrics", tmp_path / "no" / "f.prom"
    )
    assert code == 0
    assert "can't be written (No such file or directory)" in said
    assert not (tmp_path / "no").exists()
