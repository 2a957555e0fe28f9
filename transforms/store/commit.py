"""The commit: stage, intent, publish, manifest. Nothing else writes, renames or deletes below the output."""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from schemas.listing import Listing
from schemas.manifest import Manifest, ManifestError, StagedFile
from schemas.views import DATASETS
from transforms.store import catalog
from transforms.store.catalog import INTENTS, LANDING, LATEST, STAGING, VIEWS, Intent
from transforms.store.filesystem import SCRATCH, FileSystem, open_filesystem
from transforms.store.lock import assert_holder, utc_now
from transforms.store.plan import Segments, plan_commit
from transforms.store.state import STATE_FOLDER, StateRef
from transforms.store.viewfile import write_views

# What a commit replaces stays so long, for readers whose snapshot still names it.
GRACE = dt.timedelta(hours=24)


@dataclasses.dataclass(frozen=True)
class Tree:
    """The output folder `root`, a path or URI. Cheap to make and to send to workers."""

    root: str

    def __post_init__(self) -> None:
        if not urlsplit(self.root).scheme:
            # Workers may stand in another folder.
            object.__setattr__(self, "root", open_filesystem(self.root).root)

    @functools.cached_property
    def files(self) -> FileSystem:
        """The files below the root; for reading, outside this module."""
        return open_filesystem(self.root)

    def __getstate__(self) -> dict[str, Any]:
        return {"root": self.root}

    # What is there.

    def newest(self) -> Manifest | None:
        """The newest manifest; None for a tree without a commit. Raises TreeDamaged."""
        return catalog.newest_manifest(self.files)

    def manifests(self) -> list[Manifest]:
        """All manifests, oldest first. Raises TreeDamaged."""
        return catalog.all_manifests(self.files)

    def manifest(self, run_id: str) -> Manifest | None:
        """The manifest of a run; None where it made no commit. Raises TreeDamaged."""
        return catalog.read_manifest(self.files, run_id)

    def state(self) -> StateRef:
        """The state as of the newest manifest: resolved once at launch, then sent to the workers."""
        newest = self.newest()
        return StateRef(self.root) if newest is None else StateRef(self.root, newest.run_id, newest.state)

    def listing(self) -> dict[str, list[str]]:
        """Paths of all files of the tree by dataset (schemas.listing.LISTS), as the manifests name them."""
        newest = self.newest()
        return (Listing() if newest is None else catalog.list_files(self.files, newest)).paths()

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
        clock: Mapping[str, Any] | None = None,
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
            clock: of a state segment, as transforms.store.state.read_clock gives it.
        """
        self.files.write_atomic(catalog.staging_path(run_id, path), data, settled=False)
        sha256 = hashlib.sha256(data).hexdigest()
        about = (min_published_at, max_published_at, revised, scheme, level)
        return dataclasses.replace(StagedFile(dataset, path, rows, len(data), sha256, *about), **(clock or {}))

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

    def unland(self, path: str) -> None:
        """Deletes a landed file, named as `files.list` names it."""
        if not path.startswith(f"{LANDING}/"):
            raise ValueError(f"not a landed file: {path!r}")
        self.files.delete(path)

    def commit(
        self,
        draft: Manifest,
        staged: Iterable[StagedFile],
        *,
        removed: Iterable[str] = (),
        state: Segments | None = None,
        erase: bool = False,
        keep_landing: dt.timedelta | None = None,
        held: int | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> Manifest:
        """Publishes what a run staged, and its manifest last. Does nothing where that run id is committed already.

        Args:
            draft: what the run did; sequence, previous, files, state, retired and finished_at are filled in here.
            staged: what `stage` gave; a file that was staged twice counts once.
            removed: published paths that this commit takes out of the tree.
            state: segments to stand for all earlier ones; None keeps those of the newest manifest.
            erase: delete what is removed or replaced at once, instead of after GRACE.
            keep_landing: deletes what landed longer ago; None keeps all.
            held: number of the run's TreeLock, to be held still; None doesn't look.
            now: the clock.

        Raises:
            Locked: another run has taken the lock over.
            TreeDamaged: a staged file is gone.
        """
        done = self.manifest(draft.run_id)
        if done is not None:
            self._clear(f"{STAGING}/{draft.run_id}")
            return done
        if self.files.exists(catalog.intent_path(draft.run_id)):
            # This very step died half-way and is run again.
            self._roll(catalog.intent_path(draft.run_id))
            done = self.manifest(draft.run_id)
            if done is not None:
                return done
        if held is not None:
            assert_holder(self.files, held)
        newest, instant = self.newest(), now()
        plan = plan_commit(self.files, self.stage, draft.run_id, staged, state, newest)
        gone = tuple(sorted(removed))
        retired, due = dict(newest.retired) if newest else {}, []
        for run_id, since in list(retired.items()):
            if instant - dt.datetime.fromisoformat(since) > GRACE:
                del retired[run_id]
                retiring = self.manifest(run_id)
                due += [*retiring.removed, *retiring.replaced] if retiring else []
        if (plan.replaced or gone) and not erase:
            retired[draft.run_id] = instant.isoformat()
        erased = (*due, *((*gone, *plan.replaced) if erase else ()))
        manifest = dataclasses.replace(
            draft,
            finished_at=instant.isoformat(),
            sequence=newest.sequence + 1 if newest else 1,
            previous=newest.run_id if newest else None,
            files=plan.files,
            removed=gone,
            state=plan.state,
            replaced=plan.replaced,
            retired=retired,
        )
        intent = Intent(manifest, plan.publish, erased)
        self.files.settle(catalog.staging_path(draft.run_id, file.path) for file in plan.publish)
        self.files.write_atomic(catalog.intent_path(draft.run_id), intent.to_json().encode())
        self._finish(intent)
        if keep_landing is not None:
            self._prune_landing(instant - keep_landing)
        return manifest

    def replace_manifest(self, manifest: Manifest) -> None:
        """Writes a damaged manifest anew, with views and pointer as they follow from all manifests."""
        self._publish_manifest(manifest)
        self.files.delete(LATEST)
        self.files.delete(VIEWS)

    def recover(self) -> list[str]:
        """Finishes what a dead run had begun to publish, and removes what one had only staged.

        Returns:
            One sentence for each thing done; empty for a tree that was left in order.

        Raises:
            TreeDamaged: the newest manifest is damaged beyond repair.
        """
        said = [self._roll(path) for path in self.files.list(INTENTS)]
        for run_id in sorted({path.split("/")[1] for path in self.files.list(STAGING)}):
            count = self._clear(f"{STAGING}/{run_id}")
            if run_id != SCRATCH.rpartition("/")[2] and self.manifest(run_id) is None:
                said.append(f"run {run_id} had died before its commit: removed its {count} staged files")
        said += self._mend_newest()
        return said

    def _finish(self, intent: Intent) -> int:
        """From intent to the end; each step may have been done before. Returns how many files were moved."""
        manifest, moved = intent.manifest, 0
        for file in intent.publish:
            staging = catalog.staging_path(manifest.run_id, file.path)
            if self.files.exists(staging):
                self.files.move(staging, file.path)
                moved += 1
        self.files.settle(file.path for file in intent.publish)
        if not self.files.exists(catalog.manifest_path(manifest.run_id)):
            self._publish_manifest(manifest)
        write_views(self.files, manifest)
        latest = {"run_id": manifest.run_id, "sequence": manifest.sequence}
        self.files.write_atomic(LATEST, json.dumps(latest, sort_keys=True).encode())
        for path in intent.erased:
            self.files.delete(path)
        self.files.move(catalog.intent_path(manifest.run_id), catalog.done_path(manifest.run_id))
        self._clear(f"{STAGING}/{manifest.run_id}")
        return moved

    def _roll(self, path: str) -> str:
        """Finishes the commit of an intent, or takes it back where a file of it is lost; says which."""
        run_id = path.rpartition("/")[2].removesuffix(".json")
        try:
            intent = Intent.from_json(self.files.read(path))
            lost = next((file.path for file in intent.publish if not self._is_whole(run_id, file)), None)
        except ManifestError:
            intent, lost = None, path
        if intent is not None and lost is None:
            moved = self._finish(intent)
            return f"run {run_id} had died while publishing: finished it ({moved} files were still to be moved)"
        if self.manifest(run_id) is not None:
            self.files.delete(path)
            return f"run {run_id} had died after its commit, and {lost} is damaged: see `newsmill validate`"
        part = re.compile(rf"/(part-{re.escape(run_id)}-[0-9]+|{re.escape(run_id)}-[a-z]+)\.parquet$")
        for dataset in (*DATASETS, STATE_FOLDER):
            for published in self.files.list(dataset):
                if part.search(published):
                    self.files.delete(published)
        self._clear(f"{STAGING}/{run_id}")
        self.files.delete(path)
        return f"run {run_id} had died while publishing, and {lost} is lost: taken back, its inputs will come again"

    def _is_whole(self, run_id: str, file: StagedFile) -> bool:
        for path in (catalog.staging_path(run_id, file.path), file.path):
            try:
                return hashlib.sha256(self.files.read(path)).hexdigest() == file.sha256
            except FileNotFoundError:
                continue
        return False

    def _publish_manifest(self, manifest: Manifest) -> None:
        self.files.write_atomic(catalog.manifest_path(manifest.run_id), manifest.to_json().encode())

    def _mend_newest(self) -> list[str]:
        newest = self.newest()
        if newest is None:
            return []
        said = []
        try:
            catalog.parse_manifest(self.files, newest.run_id, self.files.read(catalog.manifest_path(newest.run_id)))
        except (FileNotFoundError, ManifestError):
            self._publish_manifest(newest)
            said.append(f"the manifest of run {newest.run_id} was missing or cut: put back from its copy")
        if not self.files.exists(VIEWS):
            write_views(self.files, newest)
            said.append(f"{VIEWS} was missing: written anew")
        return said

    def _clear(self, folder: str) -> int:
        paths = self.files.list(folder)
        for path in paths:
            self.files.delete(path)
        return len(paths)

    def _prune_landing(self, before: dt.datetime) -> None:
        for path, modified in self.files.list_modified(LANDING).items():
            if modified < before:
                self.files.delete(path)
