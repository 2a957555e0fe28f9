import io
import sys
import threading

import apache_beam as beam
import pytest
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to
from rich.console import Console
from whole_runs import newsmill, record, write_records

from pipeline.display import Bars, Lines, choose_display
from pipeline.progress import describe_counts, measure_pace, tell_progress
from transforms.progress import CountPassingFn, count_passing, read_counts


def test_workers_count_what_passes_and_pass_it_on(tmp_path):
    with test_pipeline.TestPipeline() as root:
        numbers = root | beam.Create(range(7))
        even = count_passing(numbers, "articles", str(tmp_path)) | beam.Filter(lambda n: n % 2 == 0)
        assert_that(count_passing(even, "events", str(tmp_path)), equal_to([0, 2, 4, 6]))
    assert read_counts(str(tmp_path)) == {"articles": 7, "events": 4}


def test_counts_of_several_workers_add_up(tmp_path):
    for numbers in ("abc", "de"):
        counting = CountPassingFn("events", str(tmp_path))
        counting.setup()
        assert "".join(passed for n in numbers for passed in counting.process(n)) == numbers
        counting.finish_bundle()
        counting.teardown()
    assert read_counts(str(tmp_path)) == {"events": 5}


def test_a_worker_that_does_not_see_the_folder_counts_nothing_and_works_on(tmp_path):
    counting = CountPassingFn("events", str(tmp_path / "elsewhere"))
    counting.setup()
    assert list(counting.process("a")) == ["a"]
    counting.finish_bundle()
    counting.teardown()


def test_nothing_is_told_where_nothing_moved():
    assert describe_counts({"articles": 5}, {"articles": 5}, 10.0) is None
    assert describe_counts({}, {}, 10.0) is None
    assert describe_counts({"articles": 5, "events": 3}, {"articles": 5}, 10.0).endswith("(0.3 events a second)")


class Heard:
    """A display that keeps what it was shown."""

    every = 0.01

    def __init__(self):
        self.shown, self.moved, self.closed = [], threading.Event(), False

    def show(self, counts, before):
        if counts != before:
            self.shown.append(counts)
            self.moved.set()

    def close(self):
        self.closed = True


def test_progress_is_shown_while_the_work_goes_on_and_the_folder_goes(tmp_path):
    heard = Heard()
    with tell_progress(heard) as folder:
        counting = CountPassingFn("documents", folder)
        counting.setup()
        list(counting.process("a"))
        assert heard.moved.wait(30)
        assert not heard.closed
    assert heard.shown[-1] == {"documents": 1}
    assert heard.closed
    assert read_counts_or_none(folder) is None


def test_a_display_is_closed_when_the_run_fails():
    heard = Heard()
    with pytest.raises(OSError, match="full"), tell_progress(heard):
        raise OSError("full")
    assert heard.closed


def read_counts_or_none(folder):
    try:
        return read_counts(folder)
    except FileNotFoundError:
        return None


def test_a_run_says_how_far_it_is_but_not_when_asked_to_be_quiet(tmp_path, monkeypatch):
    monkeypatch.setattr(Lines.__init__, "__defaults__", (0.02,))
    source = write_records(tmp_path / "in.jsonl", *(record(n) for n in range(3)))
    argv = ("run", "--input", source, "--output")
    _, said = newsmill(*argv, tmp_path / "out", "--log-json")
    assert '"documents": 1' in said, said
    assert "so far" in said
    assert newsmill(*argv, tmp_path / "quiet", "-q") == (0, "")


@pytest.mark.parametrize(
    ("counts", "before", "left"),
    [
        ({"identified": 50, "annotated": 30}, {"identified": 50, "annotated": 10}, 10.0),
        ({"identified": 50, "annotated": 50}, {"identified": 50, "annotated": 10}, 0.0),
        ({"identified": 50, "annotated": 30, "events": 9}, {"identified": 50, "annotated": 10}, 10.0),
        ({"documents": 30}, {"documents": 10}, None),
        ({"identified": 50, "annotated": 30, "events": 9}, {"identified": 50, "annotated": 30}, None),
        # A bundle that is run again is counted again: nothing is left, not less than nothing.
        ({"identified": 50, "annotated": 60}, {"identified": 50, "annotated": 40}, 0.0),
    ],
)
def test_time_left_is_told_where_the_end_is_known(counts, before, left):
    pace = measure_pace(counts, before, 10.0)
    assert pace is not None
    assert pace.left == left


def test_lines_tell_the_time_left_to_people_and_programs():
    said = []
    lines = Lines(lambda line, **values: said.append((line, values)), every=10.0)
    lines.show({"identified": 50, "annotated": 30}, {"identified": 50, "annotated": 10})
    lines.show({"identified": 50, "annotated": 30}, {"identified": 50, "annotated": 30})
    [(line, values)] = said
    assert line.endswith("(2.0 annotated a second, about 10 s left)")
    assert values == {"identified": 50, "annotated": 30, "seconds_left": 10}


def test_bars_show_each_stage_and_what_is_said_meanwhile_and_leave_nothing_behind():
    screen = io.StringIO()
    bars = Bars(Console(file=screen, force_terminal=True, width=100, color_system=None))
    bars.show({"documents": 2, "identified": 50, "annotated": 30}, {})
    bars.refresh()
    shown = screen.getvalue()
    bars.close()
    assert "documents" in shown
    assert "30/50" in shown
    assert screen.getvalue().endswith("\x1b[2K")  # the last row is erased


def test_a_terminal_gets_bars_and_a_log_gets_lines(monkeypatch):
    assert choose_display(print, quiet=True, lines=False) is None
    assert isinstance(choose_display(print, quiet=False, lines=False), Lines)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert isinstance(choose_display(print, quiet=False, lines=True), Lines)
    bars = choose_display(print, quiet=False, lines=False)
    assert isinstance(bars, Bars)
    bars.close()
