import os
import signal
import subprocess
import sys

import pytest
from whole_runs import manifests, newsmill, record, write_records

from pipeline.schedule import JITTER, Repeated, repeat_runs, without_every


class World:
    """A clock that only waiting and running move on."""

    def __init__(self, lasts, codes):
        self.now, self.starts, self.said = 1000.0, [], []
        self._lasts, self._codes = iter(lasts), iter(codes)
        self.left = len(codes)

    def run(self):
        self.starts.append(self.now - 1000.0)
        self.now += next(self._lasts)
        self.left -= 1
        return next(self._codes)

    def wait(self, seconds):
        assert seconds >= 0
        self.now += seconds
        return self.left == 0

    def repeat(self, every, jitter=lambda: 0.0):
        return repeat_runs(every, self.run, self.wait, lambda: self.now, jitter, self.said.append)


def test_starts_keep_to_their_grid_and_those_a_long_run_missed_are_left_out():
    world = World([1, 25, 10, 9, 1], [0] * 5)
    assert world.repeat(10) == Repeated(5, 0)
    assert world.starts == [0, 10, 40, 60, 70]


def test_jitter_comes_on_top_and_does_not_add_up():
    world = World([1] * 4, [0] * 4)
    shares = iter([0.5, 1.0, 0.0, 0.0])
    world.repeat(10, lambda: next(shares))
    assert world.starts == [0, 10 + 5 * JITTER, 20 + 10 * JITTER, 30]


def test_a_failing_run_is_said_and_counted_and_ends_nothing():
    world = World([1] * 6, [0, 70, 1, -9, 2, 0])
    assert world.repeat(10) == Repeated(6, 3)
    assert ["exit code 70" in s or "signal 9" in s or "exit code 2" in s for s in world.said] == [True] * 3


def test_what_the_first_run_refuses_no_later_one_could_do():
    world = World([1], [2])
    assert world.repeat(10) == Repeated(1, 1, usage=True)


@pytest.mark.parametrize(
    ("argv", "words"),
    [(("--every", "soon"), "duration"), (("--every", "0.5s"), "--every"), (("--every=1m", "--run-id=a"), "--run-id")],
)
def test_intervals_that_cannot_be_are_refused(tmp_path, argv, words):
    code, said = newsmill("run", "--input", "x.xml", "--output", tmp_path / "out", *argv)
    assert (code, words in said) == (2, True), said


def test_the_single_run_gets_every_other_argument():
    argv = ["run", "--input", "a", "b", "--every", "15m", "-v", "--output=--every"]
    assert without_every(argv) == ["run", "--input", "a", "b", "-v", "--output=--every"]


def test_runs_repeat_with_ids_of_their_own_and_sigterm_ends_them_in_order(tmp_path):
    output = tmp_path / "out"
    write_records(tmp_path / "in.jsonl", record(1))
    command = [sys.executable, "-m", "pipeline", "run", "--input", tmp_path / "in.jsonl", "--output", output]
    process = subprocess.Popen([*map(str, command), "--every", "1s"], stderr=subprocess.PIPE, text=True, env=os.environ)
    heard, finished = [], 0
    for line in process.stderr:
        heard.append(line)
        if "1 inputs = " in line:
            finished += 1
        # In the middle of the second run.
        if finished == 1 and "reading 1 input" in line:
            process.send_signal(signal.SIGTERM)
    assert process.wait() == 0, heard
    assert "stopped after 2 runs, 0 of them failed" in heard[-1]
    assert any("once this run has finished" in line for line in heard)
    made = manifests(output)
    assert [m["counters"]["total"]["known"] for m in made] == [0, 1]
    assert len({m["run_id"] for m in made}) == 2


STOPPED = """
import sys
from pipeline.schedule import Stopper
stopper = Stopper(lambda text: print(text, flush=True))
print("code", stopper.run((sys.executable, "-c", "print('at work', flush=True); import time; time.sleep(60)")))
print("stop", stopper.wait(60))
"""


def test_a_second_signal_ends_the_run_at_once():
    process = subprocess.Popen([sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True)
    heard = []
    for line in process.stdout:
        heard.append(line.strip())
        if "at work" in line or "once this run has finished" in line:
            process.send_signal(signal.SIGINT)
    assert process.wait() == 0
    assert [line.split(" ")[0] for line in heard] == ["at", "stopping", "stopping", "code", "stop"]
    assert heard[-2:] == ["code -9", "stop True"]
