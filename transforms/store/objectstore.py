"""Object stores through fsspec: `s3://`, `gs://`, `memory://`. A store has no rename, but each PUT is atomic."""

import contextlib
import datetime as dt
from collections.abc import Iterable
from typing import Any

import fsspec

from transforms.store.failpoint import failpoint
from transforms.store.filesystem import check_relative

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
        return ObjectFileSystem, (self.root,)

    def read(self, path: str) -> bytes:
        """See FileSystem."""
        return bytes(self.fsspec.cat_file(self._name(path)))

    def write_atomic(self, path: str, data: bytes, settled: bool = True) -> None:
        """See FileSystem: one PUT."""
        failpoint(f"write:before:{path}")
        self.fsspec.pipe_file(self._name(path), data)
        failpoint(f"write:after:{path}")

    def create_exclusive(self, path: str, data: bytes) -> bool:
        """See FileSystem: one conditional PUT."""
        name = self._name(path)
        failpoint(f"create:before:{path}")
        try:
            self.fsspec.pipe_file(name, data, mode="create")
        except FileExistsError:
            # An answer that was lost makes the client ask again, and it meets its own object.
            if self.read(path) != data:
                return False
        failpoint(f"create:after:{path}")
        return True

    def exists(self, path: str) -> bool:
        """See FileSystem."""
        try:
            return self.fsspec.info(self._name(path))["type"] == "file"
        except FileNotFoundError:
            return False

    def list(self, folder: str) -> list[str]:
        """See FileSystem."""
        self.fsspec.invalidate_cache()
        found = self.fsspec.find(self._name(folder))
        return sorted(name[len(self._base) + 1 :] for name in found)

    def move(self, source: str, target: str) -> None:
        """See FileSystem: the store copies, in one step for readers of the target, then the source goes."""
        failpoint(f"move:before:{target}")
        self.fsspec.cp_file(self._name(source), self._name(target))
        failpoint(f"move:copied:{target}")
        self.delete(source)
        failpoint(f"move:after:{target}")

    def settle(self, paths: Iterable[str]) -> None:
        """See FileSystem: what a store has answered for is there for good."""

    def delete(self, path: str) -> None:
        """See FileSystem."""
        failpoint(f"delete:before:{path}")
        with contextlib.suppress(FileNotFoundError):
            self.fsspec.rm_file(self._name(path))
        failpoint(f"delete:after:{path}")

    def size(self, path: str) -> int:
        """See FileSystem."""
        return int(self.fsspec.info(self._name(path))["size"])

    def modified(self, path: str) -> dt.datetime:
        """See FileSystem."""
        instant = self.fsspec.modified(self._name(path))
        return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)

    def _name(self, path: str) -> str:
        check_relative(path)
        return f"{self._base}/{path}"
