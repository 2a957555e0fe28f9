"""The few file operations that the store needs, the same over a local disk and an object store."""

import contextlib
import datetime as dt
import errno
import functools
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import pathname2url

from transforms.store.errors import NoRoom, NotWritable
from transforms.store.failpoint import failpoint

# Unfinished writes stand here, outside every reader's glob.
SCRATCH = "_staging/_scratch"
ATTEMPTS = 5
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_READ_ONLY = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))


class FileSystem(Protocol):
    """Files below one root; every path is relative to it, with slashes."""

    root: str

    def read(self, path: str) -> bytes:
        """Reads a whole file. Raises FileNotFoundError."""
        ...

    def write_atomic(self, path: str, data: bytes, settled: bool = True) -> None:
        """Writes or replaces a file: readers see all of it or none.

        It outlives a power cut, where `settled`; else its bytes do, and its name does after `settle`.
        """
        ...

    def create_exclusive(self, path: str, data: bytes) -> bool:
        """Writes a file unless one of that name exists; False where it does."""
        ...

    def exists(self, path: str) -> bool:
        """Whether a file of that name exists."""
        ...

    def list(self, folder: str) -> list[str]:
        """Paths of all files below a folder, sorted; empty where there is no such folder."""
        ...

    def move(self, source: str, target: str) -> None:
        """Renames a file, in one step for readers of the target; for good after `settle`. Raises FileNotFoundError."""
        ...

    def settle(self, paths: Iterable[str]) -> None:
        """Forces the names of these files to the disk: one call for many, since each folder costs one write."""
        ...

    def delete(self, path: str) -> None:
        """Deletes a file; one that is gone already is fine."""
        ...

    def size(self, path: str) -> int:
        """Bytes of a file. Raises FileNotFoundError."""
        ...

    def list_modified(self, folder: str) -> dict[str, dt.datetime]:
        """All files below a folder, sorted, and when each was written last (UTC)."""
        ...


def open_filesystem(root: str) -> FileSystem:
    """Opens the file system that holds `root`, a path or a URI (`file:`, `s3://`, `gs://`, `memory://` …).

    Raises:
        ModuleNotFoundError: fsspec, or its package for that store, is not installed.
    """
    scheme = urlsplit(root).scheme
    if scheme == "file":
        return LocalFileSystem(unquote(urlsplit(root).path))
    if len(scheme) > 1:
        return _open_store(root, os.getpid())
    return LocalFileSystem(root)


@functools.lru_cache(maxsize=8)
def _open_store(root: str, pid: int) -> FileSystem:
    """One client for each store and process: to make one takes longer than to ask it, and none outlives a fork."""
    from transforms.store.objectstore import ObjectFileSystem

    return ObjectFileSystem(root)


class LocalFileSystem:
    """Files on a local disk."""

    def __init__(self, root: str) -> None:
        self._base = Path(root).expanduser().absolute()
        self.root = str(self._base)
        self._made: set[Path] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return LocalFileSystem, (self.root,)

    def read(self, path: str) -> bytes:
        """See FileSystem."""
        return self._resolve(path).read_bytes()

    def write_atomic(self, path: str, data: bytes, settled: bool = True) -> None:
        """See FileSystem."""
        target = self._resolve(path)
        failpoint(f"write:before:{path}")
        with changing(self.root):
            self._place(data, target, path, os.replace)
            if settled:
                self.settle([path])
        failpoint(f"write:after:{path}")

    def create_exclusive(self, path: str, data: bytes) -> bool:
        """See FileSystem. The file appears whole: it is linked into place, and linking fails where one exists."""
        target = self._resolve(path)
        failpoint(f"create:before:{path}")
        if target.exists():
            return False
        taken = False

        def link(scratch: Path, goal: Path) -> None:
            nonlocal taken
            try:
                os.link(scratch, goal)
            except FileExistsError:
                taken = True

        with changing(self.root):
            self._place(data, target, path, link)
            if taken:
                return False
            self.settle([path])
        failpoint(f"create:after:{path}")
        return True

    def _place(self, data: bytes, target: Path, name: str, put: Callable[[Path, Path], None]) -> None:
        """Writes aside, then puts into place; again where a neighbour tidied the emptied folder away meanwhile."""
        for attempt in range(ATTEMPTS):
            # A random name: workers of one run may write the same file at once from several machines.
            scratch = self._resolve(f"{SCRATCH}/{uuid.uuid4().hex}")
            try:
                self._make_folder(scratch.parent)
                _write_durably(scratch, data, name)
                failpoint(f"write:placing:{name}")
                self._make_folder(target.parent)
                put(scratch, target)
                break
            except FileNotFoundError:
                if attempt == ATTEMPTS - 1:
                    raise
            finally:
                scratch.unlink(missing_ok=True)

    def settle(self, paths: Iterable[str]) -> None:
        """See FileSystem. Folders made by this object go with them, deepest first."""
        folders = {self._resolve(path).parent for path in paths}
        for folder in list(folders):
            # A new folder is a name in its parent.
            while folder in self._made:
                self._made.discard(folder)
                folder = folder.parent
                folders.add(folder)
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            _sync_folder(folder)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            self._made.add(folder)

    def exists(self, path: str) -> bool:
        """See FileSystem."""
        return self._resolve(path).is_file()

    def list(self, folder: str) -> list[str]:
        """See FileSystem."""
        base = self._resolve(folder)
        found = []
        for place, _, names in os.walk(base):
            relative = Path(place).relative_to(self._base).as_posix()
            found += [f"{relative}/{name}" for name in names]
        return sorted(found)

    def move(self, source: str, target: str) -> None:
        """See FileSystem."""
        goal = self._resolve(target)
        failpoint(f"move:before:{target}")
        with changing(self.root):
            self._make_folder(goal.parent)
            os.replace(self._resolve(source), goal)
        self._tidy(source)
        failpoint(f"move:after:{target}")

    def delete(self, path: str) -> None:
        """See FileSystem. Folders that this leaves empty go too, up to the root."""
        target = self._resolve(path)
        failpoint(f"delete:before:{path}")
        with changing(self.root):
            target.unlink(missing_ok=True)
        self._tidy(path)
        failpoint(f"delete:after:{path}")

    def _tidy(self, path: str) -> None:
        """Removes the folders that a file left empty."""
        for folder in self._resolve(path).parents:
            if folder == self._base:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def size(self, path: str) -> int:
        """See FileSystem."""
        return self._resolve(path).stat().st_size

    def list_modified(self, folder: str) -> dict[str, dt.datetime]:
        """See FileSystem."""
        return {
            path: dt.datetime.fromtimestamp(self._resolve(path).stat().st_mtime, tz=dt.UTC)
            for path in self.list(folder)
        }

    def uri(self) -> str:
        """The root as a file URI."""
        return "file://" + pathname2url(self.root)

    def _resolve(self, path: str) -> Path:
        check_relative(path)
        return self._base / path


@contextlib.contextmanager
def changing(root: str) -> Iterator[None]:
    """Turns the errors of a full or read-only disk into the store's own.

    Raises:
        NoRoom: there is no room left.
        NotWritable: it may not be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoom(
                f"no room left for the output {root} ({error.strerror}); nothing that was published is lost: make room, "
                "and the next run finishes what this one left"
            ) from error
        if error.errno in _READ_ONLY:
            raise NotWritable(
                f"can't write to the output {root} ({error.strerror}); nothing that was published is lost: make it "
                "writable, and the next run finishes what this one left"
            ) from error
        raise


def check_relative(path: str) -> None:
    """Refuses a path that could lead out of the root.

    Raises:
        ValueError: it is absolute, empty or holds an empty, `.` or `..` part.
    """
    if any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path or "\0" in path:
        raise ValueError(f"not a path below the output: {path!r}")


def _write_durably(path: Path, data: bytes, name: str) -> None:
    with open(path, "xb") as file:
        half = len(data) // 2
        file.write(data[:half])
        failpoint(f"write:half:{name}")
        file.write(data[half:])
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Gone again, or Windows, which can't open folders; its renames are journaled.
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
