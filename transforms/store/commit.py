"""The commit: stage, intent, publish, manifest. Nothing else writes, renames or deletes below the output."""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from schemas.manifest import Manifest, ManifestError, StagedFile
from schemas.views import LISTS, REVISED, empty_file, listed_files, views_sql
from transforms.store.encode import encode_rows, schema_of
from transforms.store.errors import TreeDamaged
from transforms.store.filesystem import SCRATCH, FileSystem, open_filesystem
from transforms.store.lock import utc_now
from transforms.store.state import STATE_FOLDER, StateRef, merge_segments, merged_level, missing_state, tail_to_merge

RUNS, STAGING, LANDING, VIEWS = "_runs", "_staging", "_landing", "views.sql"
INTENTS, DONE, LATEST = "_runs/_intents", "_runs/_done", "_runs/_latest"
# What a commit replaces stays so long, for readers whose snapshot still names it.
GRACE = dt.timedelta(hours=24)


@dataclasses.dataclass(frozen=True)
class Tree:
    """The output folder `root`, a path or URI. Cheap to make and to send to workers."""

    root: str

    @functools.cached_property
    def files(self) -> FileSystem:
        """The files below the root; for reading, outside this module."""
        return open_filesystem(self.root)

    def __getstate__(self) -> dict[str, Any]:
        return {"root": self.root}

    # What is there.

    def newest(self) -> Manifest | None:
        """The newest manifest; None for a tree without a commit.

        Costs the same after a year: a pointer names it, and recovery mends a pointer that a dead run left behind.

        Raises:
            TreeDamaged: the manifest is cut, and so is its copy.
        """
        try:
            pointer = json.loads(self.files.read(LATEST))
            found = self.manifest(pointer["run_id"])
            if found is not None and found.sequence == pointer["sequence"]:
                return found
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            pass
        return max(self.manifests(), key=lambda manifest: manifest.sequence, default=None)

    def manifests(self) -> list[Manifest]:
        """All manifests, oldest first."""
        names = [p.removeprefix(f"{RUNS}/") for p in self.files.list(RUNS)]
        ids = [name.removesuffix(".json") for name in names if name.endswith(".json") and "/" not in name]
        found = [manifest for manifest in map(self.manifest, ids) if manifest is not None]
        return sorted(found, key=lambda manifest: manifest.sequence)

    def manifest(self, run_id: str) -> Manifest | None:
        """The manifest of a run, from its copy where the first is cut; None where the run made no commit.

        Raises:
            TreeDamaged: it is cut, and so is its copy.
        """
        try:
            text = self.files.read(_manifest_path(run_id))
        except FileNotFoundError:
            return None
        try:
            return Manifest.from_json(text.decode())
        except (ManifestError, UnicodeDecodeError) as error:
            try:
                return _read_intent(self.files.read(f"{DONE}/{run_id}.json")).manifest
            except (FileNotFoundError, ValueError):
                raise TreeDamaged(
                    f"the manifest {_manifest_path(run_id)} of {self.root} is damaged ({error}) and has no whole copy: "
                    f"put back that file from a backup, or run `newsmill rebuild-state --output {self.root}`"
                ) from error

    def state(self) -> StateRef:
        """The state as of the newest manifest: resolved once at launch, then sent to the workers."""
        newest = self.newest()
        return StateRef(self.root) if newest is None else StateRef(self.root, newest.run_id, newest.state)

    def listing(self) -> dict[str, list[str]]:
        """Paths of all files of the tree by dataset (schemas.views.LISTS), as the manifests name them."""
        newest = self.newest()
        return {name: [] for name in LISTS} if newest is None else self._listing(newest)

    # What workers do.

    def stage(
        self,
        run_id: str,
        dataset: str,
        path: str,
        data: bytes,
        *,
        rows: int,
        min_published_at: str | None = None,
        max_published_at: str | None = None,
        revised: bool = False,
        scheme: str = "",
        level: int = 0,
    ) -> StagedFile:
        """Writes a file of a run outside the readers' globs; staging the same path again replaces it.

        Args:
            run_id: of the run.
            dataset: `events`, `articles`, `quarantine` or `_state/<table>`.
            path: where it will be published, below the root.
            data: its bytes.
            rows: in it.
            min_published_at: ISO instant of its first row.
            max_published_at: ISO instant of its last row.
            revised: whether it holds an article version above 1.
            scheme: of a state segment.
            level: of a state segment.
        """
        self.files.write_atomic(_staging_path(run_id, path), data)
        sha256 = hashlib.sha256(data).hexdigest()
        return StagedFile(
            dataset, path, rows, len(data), sha256, min_published_at, max_published_at, revised, scheme, level
        )

    def land(self, run_id: str, name: str, data: bytes) -> None:
        """Keeps what was fetched, before anything reads it."""
        self.files.write_atomic(f"{LANDING}/{run_id}/{name}", data)

    def landed(self, run_id: str, name: str) -> bytes | None:
        """What `land` kept; None where it kept nothing of that name."""
        try:
            return self.files.read(f"{LANDING}/{run_id}/{name}")
        except FileNotFoundError:
            return None

    # What one process does, under the lock.

    def commit(
        self,
        draft: Manifest,
        staged: Iterable[StagedFile],
        *,
        removed: Iterable[str] = (),
        state: Mapping[str, tuple[StagedFile, ...]] | None = None,
        erase: bool = False,
        keep_landing: dt.timedelta | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> Manifest:
        """Publishes what a run staged, and its manifest last. Does nothing where that run id is committed already.

        Args:
            draft: what the run did; sequence, previous, files, state, retired and finished_at are filled in here.
            staged: what `stage` gave; a file that was staged twice counts once.
            removed: published paths that this commit takes out of the tree.
            state: segments to stand for all earlier ones; None keeps those of the newest manifest.
            erase: delete what is removed at once, instead of after GRACE.
            keep_landing: deletes what landed longer ago; None keeps all.
            now: the clock.

        Raises:
            TreeDamaged: a staged file is gone.
        """
        done = self.manifest(draft.run_id)
        if done is not None:
            self._clear(f"{STAGING}/{draft.run_id}")
            return done
        newest, instant = self.newest(), now()
        plan = self._plan(draft, sorted(set(staged), key=lambda file: file.path), state, newest)
        retired, erased = dict(newest.retired) if newest else {}, []
        removed = sorted(removed)
        if erase:
            erased += removed
        for path in [*plan.merged, *([] if erase else removed)]:
            retired[path] = instant.isoformat()
        erased += [path for path, since in retired.items() if instant - dt.datetime.fromisoformat(since) > GRACE]
        manifest = dataclasses.replace(
            draft,
            finished_at=instant.isoformat(),
            sequence=newest.sequence + 1 if newest else 1,
            previous=newest.run_id if newest else None,
            files=tuple(plan.files),
            removed=tuple(removed),
            state=plan.state,
            retired={path: since for path, since in sorted(retired.items()) if path not in erased},
        )
        intent = Intent(manifest, tuple(plan.publish), tuple(erased))
        self.files.write_atomic(f"{INTENTS}/{draft.run_id}.json", intent.to_json().encode())
        self._finish(intent)
        if keep_landing is not None:
            self._prune_landing(instant - keep_landing)
        return manifest

    def recover(self) -> list[str]:
        """Finishes what a dead run had begun to publish, and removes what one had only staged.

        Returns:
            One sentence for each thing done; empty for a tree that was left in order.

        Raises:
            TreeDamaged: a file that an intent names is neither staged nor published whole.
        """
        said = []
        intents = [_read_intent(self.files.read(path)) for path in self.files.list(INTENTS)]
        for intent in sorted(intents, key=lambda intent: intent.manifest.sequence):
            moved = self._finish(intent)
            run_id = intent.manifest.run_id
            said.append(f"run {run_id} had died while publishing: finished it ({moved} files were still to be moved)")
        for run_id in sorted({path.split("/")[1] for path in self.files.list(STAGING)}):
            count = self._clear(f"{STAGING}/{run_id}")
            if run_id != SCRATCH.rpartition("/")[2]:
                said.append(f"run {run_id} had died before its commit: removed its {count} staged files")
        said += self._mend_newest()
        return said

    def _plan(
        self,
        draft: Manifest,
        staged: list[StagedFile],
        state: Mapping[str, tuple[StagedFile, ...]] | None,
        newest: Manifest | None,
    ) -> "Plan":
        """What is published: data as staged, state with each full tier of segments merged into one."""
        for file in staged:
            self._check_staged(draft.run_id, file)
        tables = {name: list(segments) for name, segments in (newest.state if newest else {}).items()}
        merged = [s.path for segments in tables.values() for s in segments] if state is not None else []
        if state is not None:
            tables = {name: list(segments) for name, segments in state.items()}
        files = [file for file in staged if not file.dataset.startswith(f"{STATE_FOLDER}/")]
        fresh = {file.path: file for file in staged if file.dataset.startswith(f"{STATE_FOLDER}/")}
        for file in fresh.values():
            tables.setdefault(file.dataset.removeprefix(f"{STATE_FOLDER}/"), []).append(file)
        made = []
        for name, segments in tables.items():
            count = tail_to_merge([segment.level for segment in segments])
            if count:
                tail = segments[-count:]
                made.append(self._merge(draft.run_id, name, tail, fresh))
                segments[-count:] = made[-1:]
                merged += [segment.path for segment in tail if segment.path not in fresh]
        kept = {segment.path for segments in tables.values() for segment in segments}
        publish = files + [segment for segment in (*fresh.values(), *made) if segment.path in kept]
        return Plan(files, publish, merged, {name: tuple(segments) for name, segments in sorted(tables.items())})

    def _merge(
        self, run_id: str, table: str, segments: list[StagedFile], fresh: Mapping[str, StagedFile]
    ) -> StagedFile:
        parts = []
        for segment in segments:
            path = _staging_path(run_id, segment.path) if segment.path in fresh else segment.path
            try:
                parts.append(self.files.read(path))
            except FileNotFoundError as error:
                raise missing_state(segment.path, self.root) from error
        try:
            data, rows = merge_segments(parts)
        except pa.ArrowInvalid as error:
            raise missing_state(f"{STATE_FOLDER}/{table}", self.root) from error
        level = merged_level([segment.level for segment in segments])
        path = f"{STATE_FOLDER}/{table}/{run_id}-merged.parquet"
        dataset, scheme = f"{STATE_FOLDER}/{table}", segments[-1].scheme
        return self.stage(run_id, dataset, path, data, rows=rows, scheme=scheme, level=level)

    def _check_staged(self, run_id: str, file: StagedFile) -> None:
        try:
            size = self.files.size(_staging_path(run_id, file.path))
        except FileNotFoundError:
            size = -1
        if size != file.bytes:
            raise TreeDamaged(f"the staged file for {file.path} is gone or cut: run {run_id} again")

    def _finish(self, intent: "Intent") -> int:
        """From intent to the end; each step may have been done before. Returns how many files were moved."""
        manifest, moved = intent.manifest, 0
        for file in intent.publish:
            staging = _staging_path(manifest.run_id, file.path)
            if self.files.exists(staging):
                self.files.move(staging, file.path)
                moved += 1
            elif not self.files.exists(file.path) or self._sha256(file.path) != file.sha256:
                raise TreeDamaged(
                    f"{file.path}, which run {manifest.run_id} was about to publish, is neither staged nor whole: "
                    f"remove {INTENTS}/{manifest.run_id}.json from {self.root} and run again to take that run back"
                )
        if not self.files.exists(_manifest_path(manifest.run_id)):
            self._publish_manifest(manifest)
        self._write_views(manifest)
        latest = {"run_id": manifest.run_id, "sequence": manifest.sequence}
        self.files.write_atomic(LATEST, json.dumps(latest, sort_keys=True).encode())
        for path in intent.erased:
            self.files.delete(path)
        self.files.move(f"{INTENTS}/{manifest.run_id}.json", f"{DONE}/{manifest.run_id}.json")
        self._clear(f"{STAGING}/{manifest.run_id}")
        return moved

    def _publish_manifest(self, manifest: Manifest) -> None:
        self.files.write_atomic(_manifest_path(manifest.run_id), manifest.to_json().encode())

    def _write_views(self, manifest: Manifest) -> None:
        for name in LISTS:
            if not self.files.exists(empty_file(name)):
                self.files.write_atomic(empty_file(name), encode_rows([], schema_of(name)))
        files = self._listing(manifest)
        text = views_sql(self.files.root, files, manifest.run_id, manifest.sequence)
        self.files.write_atomic(VIEWS, text.encode())

    def _listing(self, manifest: Manifest) -> dict[str, list[str]]:
        """All files as of a manifest: those that views.sql lists, and a step further; else from all manifests."""
        try:
            listed = listed_files(self.files.read(VIEWS).decode())
        except (FileNotFoundError, UnicodeDecodeError):
            listed = None
        if listed is not None and listed[:2] == (manifest.run_id, manifest.sequence):
            return listed[2]
        if manifest.previous is None:
            return step_listing({}, manifest)
        if listed is not None and listed[:2] == (manifest.previous, manifest.sequence - 1):
            return step_listing(listed[2], manifest)
        files: dict[str, list[str]] = {}
        for earlier in self.manifests():
            if earlier.sequence <= manifest.sequence:
                files = step_listing(files, earlier)
        return files

    def _mend_newest(self) -> list[str]:
        newest = self.newest()
        if newest is None:
            return []
        said = []
        try:
            Manifest.from_json(self.files.read(_manifest_path(newest.run_id)).decode())
        except (ManifestError, UnicodeDecodeError):
            self._publish_manifest(newest)
            said.append(f"the manifest of run {newest.run_id} was cut: put back from its copy")
        if not self.files.exists(VIEWS):
            self._write_views(newest)
            said.append(f"{VIEWS} was missing: written anew")
        return said

    def _clear(self, folder: str) -> int:
        paths = self.files.list(folder)
        for path in paths:
            self.files.delete(path)
        return len(paths)

    def _prune_landing(self, before: dt.datetime) -> None:
        for path in self.files.list(LANDING):
            if self.files.modified(path) < before:
                self.files.delete(path)

    def _sha256(self, path: str) -> str:
        return hashlib.sha256(self.files.read(path)).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What a commit is about to do: data files, all files to publish, segments merged away, and the new state."""

    files: list[StagedFile]
    publish: list[StagedFile]
    merged: list[str]
    state: dict[str, tuple[StagedFile, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Intent:
    """A commit that is decided: from here on it is finished, by this run or by the next."""

    manifest: Manifest
    publish: tuple[StagedFile, ...]
    erased: tuple[str, ...]

    def to_json(self) -> str:
        """The intent as a file."""
        publish = [dataclasses.asdict(file) for file in self.publish]
        document = {"manifest": json.loads(self.manifest.to_json()), "publish": publish, "erased": list(self.erased)}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read_intent(data: bytes) -> Intent:
    """Raises ValueError where it is not whole."""
    document = json.loads(data)
    manifest = Manifest.from_json(json.dumps(document["manifest"]))
    return Intent(manifest, tuple(StagedFile(**file) for file in document["publish"]), tuple(document["erased"]))


def step_listing(files: Mapping[str, list[str]], manifest: Manifest) -> dict[str, list[str]]:
    """The files of the tree after a manifest, given those before it."""
    gone = set(manifest.removed)
    after = {name: [path for path in files.get(name, ()) if path not in gone] for name in LISTS}
    for file in manifest.files:
        after[file.dataset].append(file.path)
        if file.revised:
            after[REVISED].append(file.path)
    return after


def _manifest_path(run_id: str) -> str:
    return f"{RUNS}/{run_id}.json"


def _staging_path(run_id: str, path: str) -> str:
    return f"{STAGING}/{run_id}/{path}.staged"
