import threading

import apache_beam as beam
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to
from whole_runs import newsmill, record, write_records

import pipeline.launch
from pipeline.progress import describe_counts, tell_progress
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


def test_progress_is_told_while_the_work_goes_on_and_the_folder_goes(tmp_path):
    told, heard = [], threading.Event()

    def tell(line, **counts):
        told.append((line, counts))
        heard.set()

    with tell_progress(tell, every=0.01) as folder:
        counting = CountPassingFn("documents", folder)
        counting.setup()
        list(counting.process("a"))
        assert heard.wait(30)
    assert told[0][1] == {"documents": 1}
    assert read_counts_or_none(folder) is None


def read_counts_or_none(folder):
    try:
        return read_counts(folder)
    except FileNotFoundError:
        return None


def test_a_run_says_how_far_it_is_but_not_when_asked_to_be_quiet(tmp_path, monkeypatch):
    real = pipeline.launch.tell_progress
    monkeypatch.setattr(pipeline.launch, "tell_progress", lambda tell: real(tell, every=0.02))
    source = write_records(tmp_path / "in.jsonl", *(record(n) for n in range(3)))
    argv = ("run", "--input", source, "--output")
    _, said = newsmill(*argv, tmp_path / "out", "--log-json")
    assert '"documents": 1' in said, said
    assert "so far" in said
    assert newsmill(*argv, tmp_path / "quiet", "-q") == (0, "")
