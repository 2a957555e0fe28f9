"""What can't be is said in one sentence, before anything is made."""

import subprocess
import sys

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from whole_runs import newsmill

from pipeline.runner import LocalRunner, make_engine, worker_command


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


def test_worker_processes_say_nothing_on_stderr(capfd):
    flags = ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]
    engine = make_engine(PipelineOptions(flags))
    with beam.Pipeline(runner=engine.runner, options=engine.options) as root:
        _ = root | beam.Create([1, 2]) | beam.Map(str)
    assert capfd.readouterr().err == ""


def test_worker_processes_start_from_a_path_with_spaces(tmp_path, monkeypatch):
    started = tmp_path / "a b" / "python"
    started.parent.mkdir()
    started.write_text(f'#!/bin/sh\ntouch "{tmp_path}/started"\n')
    started.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(started))
    subprocess.run(worker_command(), shell=True, check=True)
    assert (tmp_path / "started").exists()


def test_the_process_says_its_exit_code_and_all_it_had_to_say(tmp_path):
    argv = [sys.executable, "-m", "pipeline", "run", "--output", tmp_path / "out"]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (ended.returncode, "--input is missing" in ended.stderr) == (2, True)
