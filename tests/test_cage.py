import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apache_beam as beam
import cage_functions as caged
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from pipeline.runner import make_engine
from transforms.read.cage import Cage, CageConfig, CageError, CageStartError

QUICK = CageConfig(deadline_s=1.5, memory_bytes=200_000_000)


@pytest.fixture(scope="module")
def shared() -> Iterator[Cage]:
    cage = Cage(CageConfig(deadline_s=20.0))
    yield cage
    cage.close()


@pytest.fixture
def cage() -> Iterator[Cage]:
    cage = Cage(QUICK)
    cage.start()
    yield cage
    cage.close()


@given(st.recursive(st.none() | st.integers() | st.text() | st.binary(), st.lists))
def test_arguments_and_results_go_through_unchanged(shared: Cage, value: object) -> None:
    assert shared.run(caged.echo, value) == value


def test_functions_of_several_arguments(shared: Cage) -> None:
    assert shared.run(caged.join, "a", "b", sep="-") == "a-b"


def test_large_arguments_go_through(shared: Cage) -> None:
    value = os.urandom(1000) * 10_000
    assert shared.run(caged.echo, value) == value


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [
        (caged.sleep, 60.0, "parse-timeout"),
        (caged.hang_in_c, None, "parse-timeout"),
        (caged.take_memory, 10_000_000_000, "parse-error"),
        (caged.take_memory, 300_000_000, "parse-error"),
        (caged.die, signal.SIGSEGV, "parse-error"),
        (caged.die, signal.SIGKILL, "parse-error"),
        (caged.leave, 3, "parse-error"),
        (caged.recurse, 0, "parse-error"),
    ],
)
def test_what_kills_the_child_is_an_error_and_the_next_call_is_fine(
    cage: Cage, function: object, argument: object, reason: str
) -> None:
    before = cage.run(caged.process_id, None)
    with pytest.raises(CageError) as caught:
        cage.run(function, argument)  # type: ignore[arg-type]
    assert caught.value.reason == reason
    assert caught.value.detail
    assert cage.run(caged.echo, "next") == "next"
    assert cage.run(caged.process_id, None) != before
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)  # gone, and no zombie either


def test_memory_within_the_limit_is_given(cage: Cage) -> None:
    assert cage.run(caged.take_memory, 50_000_000) == 50_000_001


def test_exceptions_of_the_function_come_out_as_they_are(shared: Cage) -> None:
    before = shared.run(caged.process_id, None)
    with pytest.raises(caged.OwnError) as caught:
        shared.run(caged.raise_own, "too-short")
    assert caught.value.reason == "too-short"
    assert shared.run(caged.process_id, None) == before


def test_exceptions_that_cannot_be_pickled_keep_their_words(shared: Cage) -> None:
    with pytest.raises(RuntimeError, match="UnpicklableError: first"):
        shared.run(caged.raise_unpicklable, None)


def test_results_that_cannot_be_pickled_are_an_error(shared: Cage) -> None:
    with pytest.raises((AttributeError, pickle.PicklingError, RuntimeError)):
        shared.run(caged.inner, None)
    assert shared.run(caged.echo, 1) == 1


def test_what_is_printed_disturbs_nothing(shared: Cage, capfd: pytest.CaptureFixture[str]) -> None:
    assert shared.run(caged.print_much, 1000) == 1000
    assert capfd.readouterr() == ("", "")


def test_the_child_is_replaced_after_its_calls() -> None:
    cage = Cage(CageConfig(max_calls=3))
    pids = [cage.run(caged.process_id, None) for _ in range(7)]
    cage.close()
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_threads_take_turns(shared: Cage) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: shared.run(caged.echo, n), range(200))) == list(range(200))


def test_a_child_that_died_between_calls_is_replaced(cage: Cage) -> None:
    pid = cage.run(caged.process_id, None)
    os.kill(pid, signal.SIGKILL)
    assert ends(pid)
    assert cage.run(caged.echo, 1) == 1


def test_a_function_that_cannot_be_imported_is_our_fault(cage: Cage) -> None:
    module = type(sys)("nowhere_to_be_found")
    exec("def function(x): return x", module.__dict__)  # a module that only this process knows
    sys.modules[module.__name__] = module
    try:
        with pytest.raises(CageStartError):
            cage.run(module.function, 1)
    finally:
        del sys.modules[module.__name__]


def test_a_cage_can_be_pickled_with_a_child_running(shared: Cage) -> None:
    twin = pickle.loads(pickle.dumps(shared))  # noqa: S301 - our own bytes
    assert twin.run(caged.process_id, None) != shared.run(caged.process_id, None)
    twin.close()


def state_of(pid: int) -> str:
    """Process state as /proc has it; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def ends(pid: int) -> bool:
    """Whether a process ends while the test waits for it. What nobody took over yet from a dead parent has ended too."""
    for _ in range(2000):
        if state_of(pid) in ("", "Z"):
            return True
        time.sleep(0.01)
    return False


def test_a_cage_that_is_dropped_takes_its_child_along() -> None:
    cage = Cage(QUICK)
    pid = cage.run(caged.process_id, None)
    del cage
    gc.collect()
    assert ends(pid)


SCRIPT = """
import os, signal, sys, threading
sys.path.insert(0, {tests!r})
import cage_functions as caged
from transforms.read.cage import Cage, CageConfig
cage = Cage(CageConfig(deadline_s=0.5))
print(cage.run(caged.process_id, None), flush=True)
{end}
"""


@pytest.mark.parametrize(
    "end",
    [
        "",
        "os._exit(1)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "threading.Timer(0.2, os._exit, [1]).start(); cage.run(caged.hang_in_c, None)",
    ],
    ids=["exit", "_exit", "kill", "kill while the child hangs"],
)
def test_no_child_outlives_its_parent(end: str) -> None:
    script = SCRIPT.format(tests=str(Path(__file__).parent), end=end)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert ends(int(done.stdout))


def test_a_child_that_earlier_calls_filled_is_not_held_against_an_input() -> None:
    cage = Cage(QUICK)
    held = [cage.run(caged.hoard, 60_000_000) for _ in range(7)]
    cage.close()
    assert held.count(1) > 1  # it was replaced
    assert max(held) > 1  # but not for every call


def test_a_call_that_got_no_core_waits_past_its_deadline() -> None:
    cage = Cage(CageConfig(deadline_s=0.6))
    cage.start(caged.sleep)
    assert cage.run(caged.sleep, 0.8) == 0.8
    cage.close()


def test_warming_up_is_outside_the_deadline_and_once_a_child() -> None:
    cage = Cage(CageConfig(deadline_s=1.0), caged.warm_up)
    assert [cage.run(caged.times_warmed) for _ in range(3)] == [1, 1, 1]
    cage.close()


def test_a_warm_up_that_fails_is_our_fault() -> None:
    with pytest.raises(CageStartError, match="own"):
        Cage(CageConfig(), caged.fail_to_warm).run(caged.echo, 1)


def test_bounds_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        CageConfig(deadline_s=0)


class CagedFn(beam.DoFn):
    def __init__(self) -> None:
        self._cage = Cage(CageConfig(deadline_s=2.0))

    def process(self, element: int) -> Iterator[tuple[int, str]]:
        try:
            self._cage.run(caged.die if element % 5 == 0 else caged.echo, 11)
            yield element, "fine"
        except CageError as error:
            yield element, error.reason

    def teardown(self) -> None:
        self._cage.close()


@pytest.mark.parametrize(
    "mode", ["in_memory", "multi_threading", pytest.param("multi_processing", marks=pytest.mark.slow)]
)
def test_neighbours_of_a_killer_are_untouched_in_every_kind_of_worker(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # worker processes import this module by name
    options = PipelineOptions(["--direct_num_workers=2", f"--direct_running_mode={mode}"])
    with _TestPipeline(runner=make_engine(options).runner, options=options) as pipeline:
        outcomes = pipeline | beam.Create(range(20)) | beam.Reshuffle() | beam.ParDo(CagedFn())
        assert_that(outcomes, equal_to([(n, "fine" if n % 5 else "parse-error") for n in range(20)]))
