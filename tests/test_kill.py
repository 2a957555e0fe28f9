import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_trees import commit_run, connect, story

from transforms.store.commit import Tree
from transforms.store.failpoint import set_failpoint_hook

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)


def test_sigkill_at_every_step_then_the_next_run_leaves_the_same_files(tmp_path):
    ran = subprocess.run(
        [sys.executable, str(HERE / "kill_tree.py"), str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["failed"] == []
    assert told["kinds"] == ["create", "delete", "move", "write"]
    assert told["steps"] > 50


def test_a_reader_in_a_loop_never_fails_and_never_sees_less(tmp_path):
    tree = Tree(str(tmp_path / "out"))
    commit_run(tree, "r0", *story(0))
    counts, errors, stop = [], [], threading.Event()

    def read():
        while not stop.is_set():
            try:
                connection = connect(tree.root)
                counts.append(
                    connection.execute(
                        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM articles), (SELECT count(*) FROM runs)"
                    ).fetchall()[0]
                )
            except Exception as error:
                errors.append(error)

    class Died(BaseException):
        pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(1, 25):
            left = [number * 3 % 47]

            def hook(step, left=left):
                left[0] -= 1
                if left[0] == 0:
                    raise Died(step)

            set_failpoint_hook(hook)
            try:
                commit_run(tree, f"r{number}", *story(number))
            except Died:
                set_failpoint_hook(None)
                commit_run(tree, f"r{number}", *story(number))
            set_failpoint_hook(None)
    finally:
        set_failpoint_hook(None)
        stop.set()
        reader.join()
    assert errors == []
    assert len(counts) > 5
    assert counts == sorted(counts)
    assert all(len(set(seen)) == 1 for seen in counts), "each run adds one of each, so half a run would show"
    assert connect(tree.root).execute("SELECT count(*) FROM events").fetchall() == [(25,)]
