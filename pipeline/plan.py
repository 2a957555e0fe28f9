"""The plan of a run: everything its graph is built from, resolved at launch."""

import dataclasses
import datetime as dt

from schemas.manifest import Manifest
from schemas.quarantine import Failure
from schemas.source import Source
from transforms.dedup.config import DedupConfig
from transforms.land.landing import LandingConfig
from transforms.land.sort import FollowConfig
from transforms.store.commit import Tree
from transforms.store.rewrite import Rewrite
from transforms.store.state import StateRef


@dataclasses.dataclass(frozen=True)
class Replayed:
    """What of the quarantine a run reads again.

    Attributes:
        keys: of the rows (transforms.article.refused.refusal_key): what fails again is news, and gets a new row.
        rewrite: the quarantine without the rows.
    """

    keys: frozenset[int]
    rewrite: Rewrite


@dataclasses.dataclass(frozen=True)
class RunPlan:
    """What one run reads, with what, and where it writes.

    Attributes:
        draft: the manifest, but for its counters and files.
        state: as of the newest manifest.
        files, feeds: what the inputs name.
        refused: what of the inputs names nothing that can be read.
        held: number of the lock that the run holds the tree by.
        keep_text: False for `--text none`.
        keep_landing: age at which landed bytes are deleted; None keeps them.
        replayed: set for a replay, which polls nothing and leaves what is known of the feeds as it is.
        progress: folder that workers count into while they work; None where nobody waits.
    """

    tree: Tree
    draft: Manifest
    state: StateRef
    started_at: dt.datetime
    landing: LandingConfig
    follow: FollowConfig
    model: str
    held: int
    files: tuple[Source, ...] = ()
    feeds: tuple[Source, ...] = ()
    refused: tuple[Failure, ...] = ()
    dedup: DedupConfig = DedupConfig()
    keep_text: bool = True
    keep_landing: dt.timedelta | None = None
    replayed: Replayed | None = None
    progress: str | None = None
