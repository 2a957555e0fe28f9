"""Object stores through fsspec: `s3://`, `gs://`, `memory://`. A store has no rename, but each PUT is atomic."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import fsspec

from transforms.store.errors import Unreachable
from transforms.store.failpoint import failpoint
from transforms.store.filesystem import check_relative, open_filesystem

# Requests that fail for a moment are tried again by the client itself, with growing pauses.
_OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {
        "config_kwargs": {
            "retries": {"mode": "standard", "max_attempts": 10},
            "connect_timeout": 10,
            "read_timeout": 60,
        }
    },
}


class ObjectFileSystem:
    """Files of an object store. Credentials and endpoint come from the environment, as the store's own tools take them.

    S3 (AWS and most that are compatible) and Google's store refuse a conditional PUT where the object exists, which the
    lock needs. Over a store that ignores the condition, only one writer at a time is safe.
    """

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        protocol = root.partition("://")[0]
        self.fsspec = fsspec.filesystem(
            protocol, use_listings_cache=False, skip_instance_cache=True, **_OPTIONS.get(protocol, {})
        )
        """The fsspec file system, for DuckDB to read through."""
        self._base = self.fsspec._strip_protocol(self.root).rstrip("/")

    def __reduce__(self) -> tuple[Any, ...]:
        return open_filesystem, (self.root,)

    def read(self, path: str) -> bytes:
        """See FileSystem."""
        name = self._name(path)
        with self._asking():
            return bytes(self.fsspec.cat_file(name))

    def write_atomic(self, path: str, data: bytes, settled: bool = True) -> None:
        """See FileSystem: one PUT."""
        name = self._name(path)
        failpoint(f"write:before:{path}")
        with self._asking():
            self.fsspec.pipe_file(name, data)
        failpoint(f"write:after:{path}")

    def create_exclusive(self, path: str, data: bytes) -> bool:
        """See FileSystem: one conditional PUT."""
        name = self._name(path)
        failpoint(f"create:before:{path}")
        try:
            with self._asking():
                self.fsspec.pipe_file(name, data, mode="create")
        except FileExistsError:
            # An answer that was lost makes the client ask again, and it meets its own object.
            if self.read(path) != data:
                return False
        failpoint(f"create:after:{path}")
        return True

    def exists(self, path: str) -> bool:
        """See FileSystem."""
        name = self._name(path)
        try:
            with self._asking():
                return bool(self.fsspec.info(name)["type"] == "file")
        except FileNotFoundError:
            return False

    def list(self, folder: str) -> list[str]:
        """See FileSystem."""
        name = self._name(folder)
        self.fsspec.invalidate_cache()
        with self._asking():
            found = self.fsspec.find(name)
        return sorted(path[len(self._base) + 1 :] for path in found)

    def move(self, source: str, target: str) -> None:
        """See FileSystem: the store copies, in one step for readers of the target, then the source goes."""
        names = self._name(source), self._name(target)
        failpoint(f"move:before:{target}")
        with self._asking():
            self.fsspec.cp_file(*names)
        failpoint(f"move:copied:{target}")
        self.delete(source)
        failpoint(f"move:after:{target}")

    def settle(self, paths: Iterable[str]) -> None:
        """See FileSystem: what a store has answered for is there for good."""

    def delete(self, path: str) -> None:
        """See FileSystem."""
        name = self._name(path)
        failpoint(f"delete:before:{path}")
        with contextlib.suppress(FileNotFoundError), self._asking():
            self.fsspec.rm_file(name)
        failpoint(f"delete:after:{path}")

    def size(self, path: str) -> int:
        """See FileSystem."""
        name = self._name(path)
        with self._asking():
            return int(self.fsspec.info(name)["size"])

    def list_modified(self, folder: str) -> dict[str, dt.datetime]:
        """See FileSystem: one listing, which tells the instants along with the names."""
        name = self._name(folder)
        with self._asking():
            found = self.fsspec.find(name, detail=True)
            # S3's and Google's listings name the instant; other stores are asked file by file.
            instants = {
                path: info.get("LastModified") or info.get("mtime") or self.fsspec.modified(path)
                for path, info in sorted(found.items())
            }
        return {
            path[len(self._base) + 1 :]: (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(
                dt.UTC
            )
            for path, instant in instants.items()
        }

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Names the store where it refuses, or has not answered after all that its client tried.

        Raises:
            Unreachable: it has failed.
            FileNotFoundError, FileExistsError: it has answered so.
        """
        try:
            yield
        except (FileNotFoundError, FileExistsError):
            raise
        except Exception as error:  # each store's client has errors of its own
            raise Unreachable(
                f"the store of {self.root} does not answer, or refuses ({type(error).__name__}: {error}); nothing that was "
                "published is lost: see to it, and the next run finishes what this one left"
            ) from error

    def _name(self, path: str) -> str:
        check_relative(path)
        return f"{self._base}/{path}"
