"""Manifests that are damaged beyond their copy, made anew from the files that their run published."""

import hashlib
import re

import pyarrow as pa
import pyarrow.compute as pc

from schemas.manifest import Counts, Manifest, ManifestError, StagedFile
from schemas.views import DATASETS
from transforms.store.catalog import RUNS, parse_manifest, read_copy
from transforms.store.commit import Tree
from transforms.store.encode import decode_table
from transforms.store.rewrite import leaves_of
from transforms.store.state import STATE_FOLDER


def mend_manifests(tree: Tree) -> list[str]:
    """Writes each manifest anew that is cut and has no whole copy; says which.

    Rows, files and the outcomes that rows tell (new, versions, copies, quarantined) come back; what was known already,
    the options and the inputs of that run do not. To be called under the lock.
    """
    damaged: list[str] = []
    whole: list[Manifest] = []
    for path in tree.files.list(RUNS):
        if not path.endswith(".json") or path.count("/") != 1:
            continue
        run_id = path.removeprefix(f"{RUNS}/").removesuffix(".json")
        try:
            whole.append(parse_manifest(tree.files, run_id, tree.files.read(path)))
        except ManifestError:
            copy = read_copy(tree.files, run_id)
            if copy is None:
                damaged.append(run_id)
            else:
                whole.append(copy)
    whole.sort(key=lambda manifest: manifest.sequence)
    said = []
    for run_id in damaged:
        tree.replace_manifest(_remake(tree, run_id, whole))
        said.append(f"the manifest of run {run_id} was damaged: made anew from the files that it published")
    return said


def _remake(tree: Tree, run_id: str, others: list[Manifest]) -> Manifest:
    """The manifest of a run from its files; its place is the gap in the sequence, else the end."""
    taken = {manifest.sequence for manifest in others}
    sequence = next(number for number in range(1, len(taken) + 2) if number not in taken)
    before = max(
        (manifest for manifest in others if manifest.sequence < sequence), key=lambda m: m.sequence, default=None
    )
    gone = {path for manifest in others for path in manifest.removed}
    part = re.compile(rf"/part-{re.escape(run_id)}-[0-9]+\.parquet$")
    files, outlets = [], dict[str, dict[str, int]]()
    for dataset in DATASETS:
        paths = [path for path in tree.files.list(dataset) if part.search(path) and path not in gone]
        for leaf, own in leaves_of(paths).items():
            outlet = leaf.rpartition("outlet=")[2] if dataset == "articles" else "unknown"
            counts = outlets.setdefault(outlet, {}) if dataset != "events" else {}
            for path in own:
                data = tree.files.read(path)
                rows = decode_table(data)
                files.append(_describe(dataset, path, data, rows))
                for name, number in _outcomes(dataset, rows).items():
                    counts[name] = counts.get(name, 0) + number
    counted = {outlet: Counts(**counts) for outlet, counts in outlets.items() if any(counts.values())}
    total = Counts(**{name: sum(getattr(c, name) for c in counted.values()) for name in Counts.__dataclass_fields__})
    instants = [file.max_published_at for file in files if file.max_published_at]
    started = before.finished_at if before else max(instants, default="1970-01-01T00:00:00+00:00")
    newest = sequence == len(taken) + 1 and sequence > max(taken, default=0)
    return Manifest(
        run_id,
        started,
        # The newest one's list of state is lost, so all of it goes, and rebuild-state makes it anew.
        replaced=tuple(tree.files.list(STATE_FOLDER)) if newest else (),
        retired={**(before.retired if before else {}), run_id: started},
        total=total,
        outlets=counted,
        finished_at=started,
        sequence=sequence,
        previous=before.run_id if before else None,
        files=tuple(sorted(files, key=lambda file: file.path)),
    )


def _describe(dataset: str, path: str, data: bytes, rows: pa.Table) -> StagedFile:
    ends = (
        pc.min_max(rows["published_at"]).as_py() if "published_at" in rows.column_names else {"min": None, "max": None}
    )
    return StagedFile(
        dataset,
        path,
        rows.num_rows,
        len(data),
        hashlib.sha256(data).hexdigest(),
        ends["min"].isoformat() if ends["min"] else None,
        ends["max"].isoformat() if ends["max"] else None,
        "version" in rows.column_names and (pc.max(rows["version"]).as_py() or 0) > 1,
    )


def _outcomes(dataset: str, rows: pa.Table) -> dict[str, int]:
    if dataset == "quarantine":
        return {"quarantined": rows.num_rows}
    if dataset != "articles":
        return {}
    kinds = [
        "versions" if version > 1 else "new" if original is None else "copies"
        for version, original in zip(rows["version"].to_pylist(), rows["duplicate_of"].to_pylist(), strict=True)
    ]
    return {name: kinds.count(name) for name in ("new", "versions", "copies")}
