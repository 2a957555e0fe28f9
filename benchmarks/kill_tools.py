"""What benchmarks/kill.py stands on: processes that die, places for trees, a reader in a loop, and the comparison."""

import collections
import dataclasses
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from store_trees import shown_rows

from pipeline.commands.query import open_views
from transforms.store.commit import Tree
from transforms.store.filesystem import _open_store, open_filesystem
from transforms.store.validate import validate_tree

TESTS = Path(__file__).parent.parent / "tests"
BUCKET = "trees"
Rows = Mapping[str, "collections.Counter[str]"]


def in_fork(function: Callable[[], Any], **environment: str) -> int:
    """Calls a function in a process of its own; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    _be_child(function, environment)


def kill_after(function: Callable[[], Any], seconds: float) -> int:
    """Calls a function in a process of its own and sends it SIGKILL after some seconds; its wait status."""
    child = os.fork()
    if not child:
        _be_child(function, {})
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _be_child(function: Callable[[], Any], environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    status = 1
    try:
        with open(os.environ.get("KILL_LOG", os.devnull), "a") as sys.stderr, open(os.devnull, "w") as sys.stdout:
            status = function() or 0
    finally:
        os._exit(status)


def must(function: Callable[[], Any], what: str, **environment: str) -> None:
    """Calls a function in a process of its own, which has to end well."""
    status = in_fork(function, **environment)
    if status:
        raise SystemExit(f"{what}: wait status {status}; see KILL_LOG=FILE")


@dataclasses.dataclass
class Place:
    """Where trees stand: a local folder, or a bucket of a store on loopback behind an unreliable proxy.

    Attributes:
        folder: local, for notes in any case.
        base: what the trees' roots begin with.
        clean: environment of processes that reach the store past the proxy.
        servers: to be ended.
    """

    folder: Path
    base: str
    clean: Mapping[str, str] = dataclasses.field(default_factory=dict)
    servers: list["subprocess.Popen[str]"] = dataclasses.field(default_factory=list)

    def root(self, name: str) -> str:
        """Root of the tree of a name."""
        return f"{self.base}/{name}"

    def copy(self, source: str, target: str) -> None:
        """Copies a tree."""
        if "://" not in self.base:
            shutil.copytree(self.root(source), self.root(target))
            return
        must(lambda: _copy_objects(self.root(source), self.root(target)), "copying a tree", **self.clean)

    def past_proxy(self, function: Callable[..., Any], *given: Any) -> Any:
        """Calls a function of a process that goes straight to the store from now on."""
        os.environ.update(self.clean)
        _open_store.cache_clear()
        return function(*given)

    def drop(self, name: str) -> None:
        """Deletes a tree of the local disk; a store in memory is dropped as a whole."""
        if "://" not in self.base:
            shutil.rmtree(self.root(name), ignore_errors=True)

    def close(self) -> dict[str, int]:
        """Ends the servers; how many requests the proxy passed and failed."""
        told: dict[str, int] = {}
        for server in reversed(self.servers):
            server.terminate()
            if server.stdout is not None:
                told = json.loads(server.communicate()[0] or "{}")
            server.wait()
        return told


def open_place(store: str, folder: Path, share: float, server: str) -> Place:
    """Opens a place, with its servers.

    Args:
        store: `local`, `s3` (moto) or `gs` (fake-gcs-server).
        folder: a scratch folder.
        share: of the requests that fail.
        server: path of the program `fake-gcs-server`.
    """
    if store == "local":
        return Place(folder, str(folder))
    port = _free_port()
    commands = {
        "s3": [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)],
        "gs": [server, "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"],
    }
    serving = subprocess.Popen(commands[store], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    command = [sys.executable, str(TESTS / "unreliable.py"), str(port), str(share), "1"]
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    url = proxy.stdout.readline().strip()
    variable = {"s3": "AWS_ENDPOINT_URL", "gs": "STORAGE_EMULATOR_HOST"}[store]
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ |= {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false", "NO_GCE_CHECK": "true", variable: url}
    _make_bucket(store, port)
    return Place(folder, f"{store}://{BUCKET}", {variable: f"http://127.0.0.1:{port}"}, [serving, proxy])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_bucket(store: str, port: int) -> None:
    here = f"http://127.0.0.1:{port}"
    requests = {
        "s3": urllib.request.Request(f"{here}/{BUCKET}", method="PUT"),
        "gs": urllib.request.Request(
            f"{here}/storage/v1/b?project=p",
            json.dumps({"name": BUCKET}).encode(),
            {"Content-Type": "application/json"},
        ),
    }
    for _ in range(100):
        try:
            urllib.request.urlopen(requests[store], timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"no {store} server on port {port}")


def _copy_objects(source: str, target: str) -> None:
    files = open_filesystem(source)
    paths = [
        path
        for folder in ("_runs", "_state", "_landing", "events", "articles", "quarantine")
        for path in files.list(folder)
    ]
    paths.append("views.sql")
    # The views name the root that they were written for.
    views = files.read("views.sql").replace(source.encode(), target.encode())
    files.fsspec.copy([f"{source}/{path}" for path in paths], [f"{target}/{path}" for path in paths])
    open_filesystem(target).write_atomic("views.sql", views)


def count_rows(root: str) -> tuple[int, ...]:
    """What the reader looks at."""
    connection = open_views(Tree(root))
    return tuple(
        connection.execute(f"SELECT count(*) FROM {view}").fetchall()[0][0]
        for view in ("articles", "events_all", "quarantine")
    )


def read_in_loop(now: Path, told: Path) -> None:
    """Loads and counts whatever tree the file `now` names until it names none; tells what it saw."""
    seen: dict[str, list[tuple[int, ...]]] = {}
    failures: list[str] = []
    parent = os.getppid()
    while (root := now.read_text()) and os.getppid() == parent:
        time.sleep(0.05)
        try:
            counts = count_rows(root)
        except Exception as error:
            if now.read_text() == root:  # Else the tree was dropped meanwhile.
                failures.append(f"{root}: {error!r}"[:400])
            continue
        seen.setdefault(root, []).append(counts)
    told.write_text(json.dumps({"failures": failures, "seen": list(seen.values())}))


@dataclasses.dataclass
class Reader:
    """The reader in a process of its own."""

    place: Place

    def __post_init__(self) -> None:
        self._now, self._told = self.place.folder / "now", self.place.folder / "told"
        self._child = 0

    def look_at(self, root: str) -> None:
        """Turns to another tree; begins with the first."""
        scratch = self._now.with_suffix(".new")
        scratch.write_text(root)
        scratch.replace(self._now)
        if not self._child:
            self._child = os.fork()
            if not self._child:
                _be_child(lambda: read_in_loop(self._now, self._told), self.place.clean)

    def stop(self) -> dict[str, Any]:
        """What it saw: `failures`, and `seen`, a list of counts for each tree."""
        if not self._child:
            return {"failures": [], "seen": []}
        self._now.write_text("")
        os.waitpid(self._child, 0)
        return dict(json.loads(self._told.read_text()))


def rows_of(root: str) -> dict[str, "collections.Counter[str]"]:
    """Rows of every view, all columns but run_id, first_seen_at and fetched_at."""
    return {view: collections.Counter(map(repr, rows)) for view, rows in shown_rows(open_views(Tree(root))).items()}


def save_rows(root: str, path: Path) -> None:
    """Keeps the rows of a tree and its counts, for `compare` in other processes."""
    path.write_bytes(pickle.dumps((rows_of(root), count_rows(root))))


def load_rows(path: Path) -> tuple[Rows, tuple[int, ...]]:
    """What save_rows kept."""
    return pickle.loads(path.read_bytes())  # noqa: S301  our own


def compare(root: str, expected: Iterable[Path], told: Path, whole: bool) -> None:
    """Tells the rows that a tree lacks, and has too many, against the likest of those expected; and its faults if `whole`."""
    got = rows_of(root)
    found = []
    for path in expected:
        rows, _ = load_rows(path)
        lost = sum((rows[view] - got[view]).total() for view in rows)
        doubled = sum((got[view] - rows[view]).total() for view in rows)
        found.append((lost + doubled, lost, doubled))
    _, lost, doubled = min(found)
    faults = [str(fault) for fault in validate_tree(Tree(root))] if whole else []
    told.write_text(json.dumps({"lost": lost, "doubled": doubled, "faults": len(faults), "names": faults[:3]}))
