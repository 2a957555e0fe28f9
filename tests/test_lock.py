import datetime as dt
import json
import os
import subprocess
import sys
import threading

import pytest

from transforms.store.errors import Locked, NotWritable
from transforms.store.lock import EXPIRES, TreeLock, process_start

NOW = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)


def place(root, **changes):
    """Puts a lock file that another run left."""
    with TreeLock(str(root), "mine") as lock:
        path = root / "_runs" / "_lock" / f"{lock.number:010d}.lock"
        holder = json.loads(path.read_text())
    path.write_text(json.dumps(holder | {"run_id": "theirs", "released": False} | changes))
    return holder


def test_a_live_run_keeps_the_tree(tmp_path):
    with TreeLock(str(tmp_path), "r1"), pytest.raises(Locked, match="held by run r1"):
        TreeLock(str(tmp_path), "r2").__enter__()


def test_a_released_tree_is_free_and_keeps_one_lock_file(tmp_path):
    for number in range(5):
        with TreeLock(str(tmp_path), f"r{number}") as lock:
            assert lock.message is None
    assert len(list((tmp_path / "_runs" / "_lock").iterdir())) == 1


def test_a_dead_process_of_this_machine_loses_it_at_once(tmp_path):
    code = (
        "import os, signal, sys; from transforms.store.lock import TreeLock\n"
        "TreeLock(sys.argv[1], 'dead').__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    with TreeLock(str(tmp_path), "r2") as lock:
        assert lock.message is not None
        assert "run dead" in lock.message
        assert "taken over" in lock.message


def test_a_pid_that_is_used_again_does_not_keep_it(tmp_path):
    place(tmp_path, process_start="1")
    with TreeLock(str(tmp_path), "r2") as lock:
        assert lock.message


def test_a_run_of_this_machine_before_it_was_started_anew_is_dead(tmp_path):
    with TreeLock(str(tmp_path / "other"), "r1"):
        path = next((tmp_path / "other" / "_runs" / "_lock").iterdir())
        name, machine, _, space = json.loads(path.read_text())["host"].split("/")
    if not machine:
        pytest.skip("this machine has no id")
    place(tmp_path, host=f"{name}/{machine}/another boot/{space}")
    with TreeLock(str(tmp_path), "r2") as lock:
        assert lock.message


@pytest.mark.parametrize(("age", "dead"), [(EXPIRES - dt.timedelta(seconds=1), False), (EXPIRES, True)])
def test_a_run_of_another_machine_is_dead_when_it_stops_renewing(tmp_path, age, dead):
    place(tmp_path, host="elsewhere/x/y/z", renewed_at=(NOW - age).isoformat())
    lock = TreeLock(str(tmp_path), "r2", now=lambda: NOW)
    if dead:
        with lock:
            assert lock.message
    else:
        with pytest.raises(Locked, match="elsewhere"), lock:
            pass


def test_of_many_that_come_at_once_only_one_gets_it(tmp_path):
    place(tmp_path, process_start="1")
    got, start, done = [], threading.Barrier(8), threading.Event()

    def contend(name):
        start.wait()
        try:
            with TreeLock(str(tmp_path), name):
                got.append(name)
                done.wait(10)
        except Locked:
            pass
        finally:
            if name not in got:
                refused.release()

    refused = threading.Semaphore(0)
    threads = [threading.Thread(target=contend, args=(f"r{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(7):
        assert refused.acquire(timeout=20)
    done.set()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_an_output_that_is_a_file_is_said_plainly(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(NotWritable, match="can't write to the output"):
        TreeLock(str(tmp_path / "out"), "r1").__enter__()


def test_process_start_tells_processes_apart():
    assert process_start(os.getpid()) == process_start(os.getpid()) != process_start(1)
    assert process_start(2**22 + 1) is None
