"""Reading what the manifests say: the newest one, all of them, and the files they name."""

import dataclasses
import json

from schemas.fields import SCHEMA_VERSION
from schemas.listing import LISTS, REVISED, Listing
from schemas.manifest import Manifest, ManifestError, NewerManifest, StagedFile
from schemas.views import listed_files
from transforms.store.errors import NewerTree, TreeDamaged
from transforms.store.filesystem import FileSystem

RUNS, STAGING, LANDING, VIEWS = "_runs", "_staging", "_landing", "views.sql"
INTENTS, DONE, LATEST = "_runs/_intents", "_runs/_done", "_runs/_latest"


@dataclasses.dataclass(frozen=True, slots=True)
class Intent:
    """A commit that is decided: from here on it is finished, by its run or by the next. Kept as the manifest's copy.

    Attributes:
        manifest: to be written last.
        publish: staged files to be moved to their place.
        erased: paths to be deleted.
    """

    manifest: Manifest
    publish: tuple[StagedFile, ...]
    erased: tuple[str, ...]

    def to_json(self) -> str:
        """The intent as a file."""
        publish = [dataclasses.asdict(file) for file in self.publish]
        document = {"manifest": json.loads(self.manifest.to_json()), "publish": publish, "erased": list(self.erased)}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> "Intent":
        """Reads what to_json wrote.

        Raises:
            ManifestError: it is not whole.
            NewerTree: a newer newsmill wrote it.
        """
        try:
            document = json.loads(data)
            manifest = Manifest.from_json(json.dumps(document["manifest"]))
            return cls(manifest, tuple(StagedFile(**file) for file in document["publish"]), tuple(document["erased"]))
        except NewerManifest as error:
            raise NewerTree(f"a newer newsmill has begun a commit here ({error}): use that one") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(f"not a whole intent: {error!r}") from error


def manifest_path(run_id: str) -> str:
    """Where a run's manifest stands."""
    return f"{RUNS}/{run_id}.json"


def intent_path(run_id: str) -> str:
    """Where a run's intent stands until it is finished."""
    return f"{INTENTS}/{run_id}.json"


def done_path(run_id: str) -> str:
    """Where a run's intent stands afterwards, as a copy of its manifest."""
    return f"{DONE}/{run_id}.json"


def staging_path(run_id: str, path: str) -> str:
    """Where a file that will be published at `path` is staged."""
    return f"{STAGING}/{run_id}/{path.replace('/', '!')}.staged"


def newest_manifest(files: FileSystem) -> Manifest | None:
    """The newest manifest; None for a tree without a commit.

    Costs the same after a year: a pointer names it, and recovery mends a pointer that a dead run left behind.

    Raises:
        TreeDamaged: the manifest is cut, and so is its copy.
    """
    try:
        pointer = json.loads(files.read(LATEST))
        run_id, sequence = pointer["run_id"], pointer["sequence"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        run_id, sequence = None, 0
    if isinstance(run_id, str):
        found = read_manifest(files, run_id) or read_copy(files, run_id)
        if found is not None and found.sequence == sequence:
            return found
    return max(all_manifests(files), key=lambda manifest: manifest.sequence, default=None)


def all_manifests(files: FileSystem) -> list[Manifest]:
    """All manifests, oldest first.

    Raises:
        TreeDamaged: one is cut, and so is its copy.
    """
    names = [path.removeprefix(f"{RUNS}/") for path in files.list(RUNS)]
    ids = [name.removesuffix(".json") for name in names if name.endswith(".json") and "/" not in name]
    found = [manifest for manifest in (read_manifest(files, run_id) for run_id in ids) if manifest is not None]
    return sorted(found, key=lambda manifest: manifest.sequence)


def read_manifest(files: FileSystem, run_id: str) -> Manifest | None:
    """The manifest of a run, from its copy where the first is cut; None where the run made no commit.

    Raises:
        TreeDamaged: it is cut, and so is its copy.
        NewerTree: a newer newsmill wrote it.
    """
    try:
        text = files.read(manifest_path(run_id))
    except FileNotFoundError:
        return None
    try:
        return parse_manifest(files, run_id, text)
    except ManifestError as error:
        copy = read_copy(files, run_id)
        if copy is not None:
            return copy
        raise TreeDamaged(
            f"the manifest {manifest_path(run_id)} of {files.root} is damaged ({error}) and has no whole copy: "
            f"put that file back from a backup, or run `newsmill rebuild-state --output {files.root}`"
        ) from error


def parse_manifest(files: FileSystem, run_id: str, data: bytes) -> Manifest:
    """The manifest of a run from its bytes.

    Raises:
        ManifestError: they are cut.
        NewerTree: a newer newsmill wrote them.
    """
    try:
        return Manifest.from_json(data.decode())
    except UnicodeDecodeError as error:
        raise ManifestError(f"not a whole manifest: {error!r}") from error
    except NewerManifest as error:
        raise NewerTree(
            f"a newer newsmill wrote the manifest {manifest_path(run_id)} of {files.root} ({error}): use that one; "
            "nothing was changed"
        ) from error


def read_copy(files: FileSystem, run_id: str) -> Manifest | None:
    """The copy of a manifest that its intent became; None where there is no whole one."""
    try:
        return Intent.from_json(files.read(done_path(run_id))).manifest
    except (FileNotFoundError, ManifestError):
        return None


def list_files(files: FileSystem, manifest: Manifest) -> Listing:
    """All files as of a manifest: as views.sql lists them, else from all manifests."""
    try:
        listed = listed_files(files.read(VIEWS).decode())
    except (FileNotFoundError, UnicodeDecodeError):
        listed = None
    if listed is not None and listed[:2] == (manifest.run_id, manifest.sequence):
        return listed[2]
    if manifest.previous is None:
        return step_listing(Listing(), manifest)
    if listed is not None and listed[:2] == (manifest.previous, manifest.sequence - 1):
        return step_listing(listed[2], manifest)
    listing = Listing()
    for earlier in all_manifests(files):
        if earlier.sequence < manifest.sequence:
            listing = step_listing(listing, earlier)
    return step_listing(listing, manifest)


def step_listing(listing: Listing, manifest: Manifest) -> Listing:
    """The files of the tree after a manifest, given those before it."""
    gone = set(manifest.removed)
    older, current = (
        {name: [path for path in paths.get(name, ()) if path not in gone] for name in LISTS}
        for paths in (listing.older, listing.current)
    )
    for file in manifest.files:
        current[file.dataset].append(file.path)
        if file.revised:
            current[REVISED].append(file.path)
    if manifest.schema_version == SCHEMA_VERSION:
        return Listing(older, current)
    return Listing(Listing(older, current).paths(), {name: [] for name in LISTS})
