import os
import pickle
import threading

import pytest

from transforms.store.errors import NoRoom
from transforms.store.filesystem import LocalFileSystem, check_relative, open_filesystem


@pytest.fixture
def files(tmp_path):
    return LocalFileSystem(str(tmp_path / "root"))


@pytest.mark.parametrize("path", ["../x", "a/../b", "/etc/passwd", "", "a//b", ".", "a/./b", "a\\b", "a\0b", "a/"])
def test_paths_that_lead_out_of_the_root_are_refused(files, path):
    with pytest.raises(ValueError, match="not a path below the output"):
        check_relative(path)
    with pytest.raises(ValueError, match="not a path below the output"):
        files.write_atomic(path, b"x")


def test_what_is_written_is_read_listed_moved_and_deleted(files):
    files.write_atomic("a/b/one", b"1")
    files.write_atomic("a/two", b"22")
    assert files.list("a") == ["a/b/one", "a/two"]
    assert (files.read("a/two"), files.size("a/two"), files.exists("a/two"), files.exists("a")) == (
        b"22",
        2,
        True,
        False,
    )
    files.move("a/two", "c/d/two")
    assert (files.exists("a/two"), files.read("c/d/two")) == (False, b"22")
    files.delete("c/d/two")
    files.delete("c/d/two")
    assert files.list("c") == []
    assert files.list("none") == []
    with pytest.raises(FileNotFoundError):
        files.read("c/d/two")


def test_deleting_takes_emptied_folders_along_but_not_the_root(files, tmp_path):
    files.write_atomic("a/b/one", b"1")
    files.delete("a/b/one")
    assert (tmp_path / "root").is_dir()
    assert not (tmp_path / "root" / "a").exists()


def test_a_file_that_exists_is_not_created_again(files):
    assert files.create_exclusive("lock", b"first")
    assert not files.create_exclusive("lock", b"second")
    assert files.read("lock") == b"first"


def test_of_many_creators_one_wins_and_readers_see_it_whole(files):
    won = []
    start = threading.Barrier(6)

    def create(number):
        start.wait()
        if files.create_exclusive("lock", str(number).encode() * 1000):
            won.append(number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert files.read("lock") == str(won[0]).encode() * 1000


def test_a_full_disk_leaves_no_half_file(files, monkeypatch):
    files.write_atomic("a/one", b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoRoom, match=r"No space left.*make room"):
        files.write_atomic("a/one", b"new")
    monkeypatch.undo()
    assert files.read("a/one") == b"old"
    assert files.list("_staging") == []


def test_writing_survives_a_neighbour_that_tidies_folders(files, monkeypatch):
    real, calls = os.replace, []

    def tidied(source, target):
        calls.append(source)
        if len(calls) == 1:
            os.unlink(source)
        real(source, target)

    monkeypatch.setattr("os.replace", tidied)
    files.write_atomic("a/one", b"1")
    assert files.read("a/one") == b"1"


def test_settling_forces_each_folder_once(files, monkeypatch):
    synced = []
    monkeypatch.setattr("transforms.store.filesystem._sync_folder", lambda folder: synced.append(folder.name))
    for number in range(5):
        files.write_atomic(f"a/b/{number}", b"x", settled=False)
    files.settle(f"a/b/{number}" for number in range(5))
    assert sorted(synced)[:2] == ["a", "b"]
    assert len(synced) == len(set(synced)) == 4  # and the root, and the folder that it is new in


@pytest.mark.parametrize("form", ["{0}", "file://{0}"])
def test_a_root_is_a_path_or_a_file_uri(tmp_path, form):
    root = tmp_path / "a b"
    opened = open_filesystem(form.format(str(root) if "://" not in form else str(root).replace(" ", "%20")))
    opened.write_atomic("x", b"1")
    assert (root / "x").read_bytes() == b"1"
    assert pickle.loads(pickle.dumps(opened)).root == str(root)  # noqa: S301
