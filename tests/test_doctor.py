import json
import os

import pytest

from pipeline.__main__ import main
from pipeline.doctor import (
    MEMORY_BYTES,
    examine_folder,
    examine_memory,
    examine_model,
    examine_output,
    examine_packages,
    examine_python,
)


def test_a_fit_machine_is_told_so_check_by_check(tmp_path, capsys):
    assert main(["doctor", "--json", "--output", str(tmp_path / "not" / "made" / "yet")]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = ["python", "packages", "model", "memory", "scratch", "processes", "duckdb", "output"]
    assert [finding["name"] for finding in found] == names
    assert {finding["state"] for finding in found} <= {"ok", "warn"}
    assert not (tmp_path / "not").exists()


def test_what_keeps_newsmill_from_running_fails_and_names_the_way_out(capsys):
    assert main(["doctor", "--model", "no_such_model"]) == 1
    shown = capsys.readouterr().out
    assert "fail  model: --model no_such_model: no such spaCy pipeline" in shown
    assert "way out: pip install" in shown


@pytest.mark.parametrize(("version", "state"), [((3, 10), "fail"), ((3, 11), "ok"), ((3, 13), "ok"), ((4, 0), "ok")])
def test_python_is_3_11_or_later(version, state):
    assert examine_python(version).state == state


@pytest.mark.parametrize(
    ("requirements", "state", "words"),
    [
        (["pyarrow>=18"], "ok", "1 requirements met"),
        (["pyarrow<2"], "fail", "is not <2"),
        (["no-such-package>=1", "pyarrow"], "fail", "no-such-package is missing"),
        (["no-such-package>=1; extra == 'dev'"], "ok", "0 requirements met"),
    ],
)
def test_packages_are_held_to_the_ranges_they_were_tested_in(requirements, state, words):
    finding = examine_packages(requirements)
    assert finding.state == state
    assert words in finding.found


@pytest.mark.parametrize(("size", "state"), [(None, "warn"), (MEMORY_BYTES - 1, "warn"), (MEMORY_BYTES, "ok")])
def test_little_memory_is_a_warning(size, state):
    assert examine_memory(size).state == state


def test_a_pipeline_that_does_not_parse_will_not_do(tmp_path):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    finding = examine_model(str(tmp_path / "blank"))
    assert finding.state == "fail"
    assert "does not parse" in finding.found


def test_a_folder_that_is_none_fails(tmp_path):
    finding = examine_folder("scratch", str(tmp_path / "gone"), "set TMPDIR")
    assert (finding.state, finding.way_out) == ("fail", "set TMPDIR")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_may_not_be_written_fails(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    assert examine_output(str(tmp_path / "locked" / "out")).state == "fail"


def test_an_output_that_is_a_file_fails(tmp_path):
    (tmp_path / "file").write_text("")
    assert examine_output(str(tmp_path / "file")).state == "fail"
