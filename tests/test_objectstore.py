"""The store over S3, on a server on loopback; and over fsspec's memory. Needs the optional packages s3fs and moto."""

import datetime as dt
import itertools
import pickle
import threading

import pytest
from store_trees import SEEN, commit_run, stage_run, story
from unreliable import Unreliable

from transforms.store.commit import Tree
from transforms.store.errors import Locked, Unreachable
from transforms.store.failpoint import set_failpoint_hook
from transforms.store.filesystem import open_filesystem
from transforms.store.lock import TreeLock
from transforms.store.validate import validate_tree

_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server():
    pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, code="-", size="-"):
            pass

    app = moto.DomainDispatcherApplication(moto.create_backend_app)
    listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    proxy = Unreliable(listening.server_port, slow=0.2)
    proxy.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", proxy.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("trees")
        yield proxy
    proxy.shutdown()
    proxy.server_close()
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(params=["s3", "memory"])
def root(request):
    pytest.importorskip("fsspec")
    if request.param == "s3":
        request.getfixturevalue("server")
        return f"s3://trees/t{next(_NUMBERS)}/out"
    return f"memory://trees/t{next(_NUMBERS)}/out"


@pytest.fixture(autouse=True)
def _no_hook():
    yield
    set_failpoint_hook(None)


def test_files_are_written_listed_moved_and_deleted(root):
    files = open_filesystem(root)
    files.write_atomic("a/b/one", b"1")
    files.write_atomic("a/two", b"22")
    assert files.list("a") == ["a/b/one", "a/two"]
    assert (files.read("a/two"), files.size("a/two"), files.exists("a/two"), files.exists("a")) == (
        b"22", 2, True, False
    )  # fmt: skip
    files.move("a/two", "c/two")
    assert (files.exists("a/two"), files.read("c/two")) == (False, b"22")
    files.delete("c/two")
    files.delete("c/two")
    assert files.list("c") == []
    assert {path: instant.tzinfo for path, instant in files.list_modified("a").items()} == {"a/b/one": dt.UTC}
    with pytest.raises(FileNotFoundError):
        files.read("c/two")
    with pytest.raises(ValueError, match="below the output"):
        files.read("../x")


def test_creating_what_exists_is_refused_by_the_store(root):
    files = open_filesystem(root)
    assert files.create_exclusive("lock", b"one")
    assert not files.create_exclusive("lock", b"two")
    assert files.create_exclusive("lock", b"one"), "an answer that was lost and a second try"
    assert files.read("lock") == b"one"


def test_of_many_that_come_at_once_only_one_gets_the_lock(root):
    got, refused, done = [], threading.Semaphore(0), threading.Event()

    def contend(name):
        try:
            with TreeLock(root, name):
                got.append(name)
                done.wait(20)
        except Locked:
            refused.release()

    threads = [threading.Thread(target=contend, args=(f"r{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    assert all(refused.acquire(timeout=30) for _ in range(3))
    done.set()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_runs_are_committed_and_found_sound(root):
    tree = Tree(root)
    for number in range(3):
        with TreeLock(root, f"r{number}") as lock:
            commit_run(pickle.loads(pickle.dumps(tree)), f"r{number}", *story(number), held=lock.number)  # noqa: S301
    assert tree.newest().sequence == 3
    assert tree.state().load(SEEN).num_rows == 3
    assert list(validate_tree(tree)) == []
    assert tree.files.list("_staging") == []


def test_duckdb_reads_the_views_from_the_store(root):
    from pipeline.commands.query import open_views

    tree = Tree(root)
    commit_run(tree, "r0", *story(0))
    connection = open_views(tree)
    counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchall() for name in ("events", "articles", "runs")]
    assert counts == [[(1,)], [(1,)], [(1,)]]


def test_a_run_that_dies_at_any_step_is_finished_or_forgotten(root):
    class Died(BaseException):
        pass

    steps = []
    set_failpoint_hook(steps.append)
    commit_run(Tree(root + "/whole"), "r0", *story(0))
    for step in range(1, len(steps) + 1, 4 if root.startswith("s3") else 1):
        tree, left = Tree(f"{root}/{step}"), [step]

        def hook(name, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise Died(name)

        set_failpoint_hook(hook)
        with pytest.raises(Died):
            commit_run(tree, "r0", *story(0))
        set_failpoint_hook(None)
        commit_run(tree, "r0", *story(0))
        assert list(validate_tree(tree)) == [], steps[step - 1]
        assert [manifest.total.inputs for manifest in tree.manifests()] == [2]
        assert tree.files.list("_staging") == tree.files.list("_runs/_intents") == []


def test_a_run_before_its_intent_leaves_nothing(root):
    tree = Tree(root)
    stage_run(tree, "r1", *story(1))
    assert tree.recover() == ["run r1 had died before its commit: removed its 4 staged files"]
    assert tree.files.list("_staging") == []


def test_a_store_that_refuses_drops_cuts_and_delays_requests_loses_and_doubles_nothing(server):
    tree = Tree(f"s3://trees/t{next(_NUMBERS)}")
    server.share = 0.06
    try:
        for number in range(3):
            with TreeLock(tree.root, f"r{number}") as lock:
                commit_run(tree, f"r{number}", *story(number), held=lock.number)
        assert list(validate_tree(tree)) == []
    finally:
        server.share = 0
    assert len(server.failed) >= 4
    assert tree.state().load(SEEN).num_rows == 3
    assert [manifest.total.inputs for manifest in tree.manifests()] == [2, 2, 2]


def test_a_store_that_is_away_is_named(monkeypatch):
    pytest.importorskip("s3fs")
    monkeypatch.setattr(
        "transforms.store.objectstore._OPTIONS", {"s3": {"config_kwargs": {"retries": {"total_max_attempts": 1}}}}
    )
    for name, value in (("ENDPOINT_URL", "http://127.0.0.1:9"), ("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(f"AWS_{name}", value)
    files = open_filesystem(f"s3://trees/t{next(_NUMBERS)}")
    files.fsspec.retries = 1
    with pytest.raises(
        Unreachable, match=r"the store of s3://trees/t\d+ does not answer, or refuses .*the next run finishes"
    ):
        files.write_atomic("x", b"1")
