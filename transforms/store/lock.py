"""One writer a tree: a lock that a dead run does not keep."""

import contextlib
import dataclasses
import datetime as dt
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from transforms.store.errors import Locked, NotWritable, StoreError
from transforms.store.filesystem import FileSystem, open_filesystem

FOLDER = "_runs/_lock"
# A holder on another machine that has not renewed its lock for so long counts as dead.
EXPIRES = dt.timedelta(minutes=15)
HEARTBEAT_SECONDS = 60.0


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the tree.

    Attributes:
        host: name, machine id, boot and process namespace; pids mean nothing beyond it.
        process_start: when the process began, in the host's own measure; a pid alone is used again.
    """

    run_id: str
    pid: int
    host: str
    process_start: str
    renewed_at: str
    released: bool = False


def utc_now() -> dt.datetime:
    """The clock; tests pass another."""
    return dt.datetime.now(tz=dt.UTC)


class TreeLock:
    """Holds the tree for one run, as a context manager.

    The holder is the highest-numbered file of the lock folder. Whoever finds it released or dead creates the next
    number, exclusively, and looks again: only one can be the highest.
    """

    def __init__(self, root: str, run_id: str, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._files: FileSystem = open_filesystem(root)
        self._run_id, self._now = run_id, now
        self.number = 0
        """Number of this holding, for Tree.commit."""
        self._stop = threading.Event()
        self._beat: threading.Thread | None = None
        self.message: str | None = None
        """Says so when the lock of a dead run was taken over."""

    def __enter__(self) -> "TreeLock":
        """Takes the lock.

        Raises:
            Locked: a live run holds it.
            NotWritable: the output can't be written.
        """
        try:
            self._take()
        except OSError as error:
            raise NotWritable(f"can't write to the output {self._files.root}: {error.strerror or error}") from error
        self._beat = threading.Thread(target=self._keep, name="newsmill-lock", daemon=True)
        self._beat.start()
        return self

    def _take(self) -> None:
        for _ in range(100):
            number, holder = _highest(self._files)
            if holder is not None and not holder.released:
                if self._alive(holder):
                    raise Locked(
                        f"{self._files.root} is held by run {holder.run_id} (process {holder.pid} on "
                        f"{holder.host.split('/')[0]}, seen {holder.renewed_at}): wait for it to end"
                    )
                self.message = f"run {holder.run_id} (process {holder.pid}) died and left its lock: taken over"
            record = self._record()
            if self._files.create_exclusive(_path(number + 1), record):
                self.number = number + 1
                # A store that ignores the condition of a PUT lets the last one win: is it still ours?
                ours = self._holds(record)
                if ours and _highest(self._files)[0] == self.number:
                    break
                if ours:
                    self._files.delete(_path(self.number))
        else:
            raise Locked(f"{self._files.root}: other runs take the lock again and again; try later")
        for path in self._files.list(FOLDER):
            if _number(path) < self.number:
                self._files.delete(path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives the lock back."""
        self._stop.set()
        if self._beat is not None:
            self._beat.join()
        # Where it can't be given back (a full disk) it is the lock of a dead run as soon as this one has ended.
        with contextlib.suppress(StoreError, OSError):
            if _highest(self._files)[0] == self.number:
                self._files.write_atomic(_path(self.number), self._record(released=True))

    def _holds(self, record: bytes) -> bool:
        try:
            return self._files.read(_path(self.number)) == record
        except FileNotFoundError:
            return False

    def _keep(self) -> None:
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                if _highest(self._files)[0] != self.number:
                    return
                self._files.write_atomic(_path(self.number), self._record())
            except (StoreError, OSError):
                continue  # The next beat tries again; only many missed ones in a row lose the lock.

    def _alive(self, holder: Holder) -> bool:
        if holder.host == _host():
            return process_start(holder.pid) == holder.process_start
        theirs, ours = holder.host.split("/"), _host().split("/")
        if theirs[:2] == ours[:2] and ours[1] and theirs[2:3] != ours[2:3]:
            return False  # This very machine, started anew since.
        return self._now() - dt.datetime.fromisoformat(holder.renewed_at) < EXPIRES

    def _record(self, released: bool = False) -> bytes:
        pid = os.getpid()
        now = self._now().isoformat(timespec="seconds")
        holder = Holder(self._run_id, pid, _host(), process_start(pid) or "", now, released)
        return json.dumps(dataclasses.asdict(holder), sort_keys=True).encode()


def assert_holder(files: FileSystem, number: int) -> None:
    """Refuses to go on where another run took the lock meanwhile (this one slept too long, or is a dead run's worker).

    Raises:
        Locked: it did.
    """
    if _highest(files)[0] != number:
        raise Locked(f"{files.root}: another run has taken over the lock of this one; run again")


def process_start(pid: int) -> str | None:
    """When a process of this machine began; None where there is none of that number (or it is a zombie)."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout.strip() or None


def _host() -> str:
    """This machine, its boot and process namespace: `name/machine-id/boot/namespace`."""
    known = [Path("/etc/machine-id"), Path("/proc/sys/kernel/random/boot_id")]
    machine, boot = (path.read_text().strip() if path.exists() else "" for path in known)
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{machine}/{boot}/{space}"


def _highest(files: FileSystem) -> tuple[int, Holder | None]:
    """Highest number in the lock folder and what it says; 0 where nobody ever held the tree."""
    numbers = [(_number(path), path) for path in files.list(FOLDER)]
    number, path = max(numbers, default=(0, ""))
    if number == 0:
        return 0, None
    try:
        return number, Holder(**json.loads(files.read(path)))
    except (FileNotFoundError, ValueError, TypeError):
        # Deleted meanwhile by a newer holder, or not ours: the number still counts.
        return number, None


def _path(number: int) -> str:
    return f"{FOLDER}/{number:010d}.lock"


def _number(path: str) -> int:
    name = path.rpartition("/")[2].removesuffix(".lock")
    return int(name) if name.isdecimal() else 0
