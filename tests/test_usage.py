"""What can't be is said in one sentence, before anything is made."""

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from whole_runs import newsmill

from pipeline.runner import LocalRunner, make_engine


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--runner=NoSuchRunner",), "NoSuchRunner"),
        (("--runner=DataflowRunner",), "--runner=DataflowRunner"),
        (("--keep-landing", "-1"), "--keep-landing"),
        (("--run-id", "a..b"), "--run-id"),
        (("--run-id", ""), "--run-id"),
        (("--model", "numpy"), "--model"),
        (("--output", ""), "--output"),
        (("--output", "nosuchstore://bucket/out"), "--output"),
    ],
)
def test_usage_errors_make_no_output(tmp_path, monkeypatch, argv, words):
    monkeypatch.chdir(tmp_path)
    code, said = newsmill("run", "--input", "x.xml", "--output", tmp_path / "out", *argv)
    assert (code, words in said.splitlines()[-1]) == (2, True), said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["DirectRunner", "FnApiRunner", "apache_beam.runners.direct.DirectRunner"])
def test_local_runners_are_one_engine(name):
    engine = make_engine(PipelineOptions([f"--runner={name}"]))
    assert isinstance(engine.runner, LocalRunner)
    assert engine.name == "FnApiRunner"
