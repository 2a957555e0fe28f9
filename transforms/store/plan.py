"""What a commit will do: which staged files to publish, and which state segments to merge."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa

from schemas.manifest import Manifest, StagedFile
from transforms.store.catalog import staging_path
from transforms.store.errors import TreeDamaged
from transforms.store.filesystem import FileSystem
from transforms.store.state import (
    STATE_FOLDER,
    drop_expired,
    merge_segments,
    merged_level,
    missing_state,
    read_clock,
    tail_to_merge,
)

Segments = Mapping[str, tuple[StagedFile, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What a commit is about to do.

    Attributes:
        files: data files, as the manifest will name them.
        publish: all files to be moved into place, state included.
        replaced: published state segments that nothing names any longer.
        state: all segments by table, oldest first.
    """

    files: tuple[StagedFile, ...]
    publish: tuple[StagedFile, ...]
    replaced: tuple[str, ...]
    state: Segments


def plan_commit(
    files: FileSystem,
    stage: Callable[..., StagedFile],
    run_id: str,
    staged: Iterable[StagedFile],
    state: Segments | None,
    newest: Manifest | None,
) -> Plan:
    """Makes the plan: data as staged, state with each full tier of segments merged into one.

    Args:
        files: of the tree.
        stage: `Tree.stage`, for merged segments.
        run_id: of the commit.
        staged: what was staged, in any order, perhaps twice.
        state: segments to stand for all earlier ones; None keeps those of `newest`.
        newest: the manifest before.

    Raises:
        TreeDamaged: a staged file is gone or cut.
        StateMissing: a segment that is due to be merged is.
    """
    ordered = sorted(set(staged), key=lambda file: file.path)
    for file in ordered:
        _check_staged(files, run_id, file)
    before = newest.state if newest else {}
    tables = {name: list(segments) for name, segments in (before if state is None else state).items()}
    fresh = {file.path: file for file in ordered if file.dataset.startswith(f"{STATE_FOLDER}/")}
    for file in fresh.values():
        tables.setdefault(file.dataset.removeprefix(f"{STATE_FOLDER}/"), []).append(file)
    made = []
    for segments in tables.values():
        count = tail_to_merge([segment.level for segment in segments])
        if count:
            made.append(_merge(files, stage, run_id, segments[-count:], fresh))
            segments[-count:] = made[-1:]
        segments[:] = drop_expired(segments)
    kept = {segment.path for segments in tables.values() for segment in segments}
    data = tuple(file for file in ordered if file.path not in fresh)
    return Plan(
        files=data,
        publish=data + tuple(segment for segment in (*fresh.values(), *made) if segment.path in kept),
        replaced=tuple(s.path for segments in before.values() for s in segments if s.path not in kept),
        state={name: tuple(segments) for name, segments in sorted(tables.items())},
    )


def _merge(
    files: FileSystem,
    stage: Callable[..., StagedFile],
    run_id: str,
    segments: Sequence[StagedFile],
    fresh: Mapping[str, StagedFile],
) -> StagedFile:
    parts = []
    for segment in segments:
        try:
            parts.append(files.read(staging_path(run_id, segment.path) if segment.path in fresh else segment.path))
        except FileNotFoundError as error:
            raise missing_state(segment.path, files.root) from error
    dataset = segments[-1].dataset
    try:
        data, rows = merge_segments(parts)
    except pa.ArrowInvalid as error:
        raise missing_state(dataset, files.root) from error
    level = merged_level([segment.level for segment in segments])
    path = f"{dataset}/{run_id}-merged.parquet"
    clock = read_clock(data)
    return stage(run_id, dataset, path, data, rows=rows, scheme=segments[-1].scheme, level=level, clock=clock)


def _check_staged(files: FileSystem, run_id: str, file: StagedFile) -> None:
    try:
        size = files.size(staging_path(run_id, file.path))
    except FileNotFoundError:
        size = -1
    if size != file.bytes:
        raise TreeDamaged(f"the staged file for {file.path} is gone or cut: run {run_id} again")
