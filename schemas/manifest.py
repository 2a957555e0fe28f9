"""Manifests: what a run did, and the files and state that the tree has since then."""

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any

RUN_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
MANIFEST_VERSION = 1


class ManifestError(ValueError):
    """A manifest that is not whole."""


class NewerManifest(Exception):
    """A manifest of a version that this newsmill does not know: whole, perhaps, and not to be mended."""


@dataclasses.dataclass(frozen=True, slots=True)
class StagedFile:
    """One file of a commit.

    Attributes:
        dataset: `events`, `articles`, `quarantine`, or `_state/<table>`.
        path: final path below the output.
        sha256: of its bytes, hexadecimal.
        min_published_at, max_published_at: ISO instants of the first and last row that has one.
        revised: it holds an article version above 1.
        scheme: of the state table; empty for data.
        level: how often the state rows in it were merged; 0 for data and for what a run adds.
        newest, last, life: of a state segment whose rows expire: where the clock of its table stands by it, its last row,
            and how long rows live; in the unit of that clock.
    """

    dataset: str
    path: str
    rows: int
    bytes: int
    sha256: str
    min_published_at: str | None = None
    max_published_at: str | None = None
    revised: bool = False
    scheme: str = ""
    level: int = 0
    newest: int | None = None
    last: int | None = None
    life: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """Outcomes of inputs: `inputs` is always the sum of the others."""

    new: int = 0
    versions: int = 0
    copies: int = 0
    known: int = 0
    quarantined: int = 0

    @property
    def inputs(self) -> int:
        """All inputs: each has exactly one outcome."""
        return self.new + self.versions + self.copies + self.known + self.quarantined

    def to_dict(self) -> dict[str, int]:
        """As it stands in a manifest, `inputs` first."""
        return {"inputs": self.inputs, **dataclasses.asdict(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, int]) -> "Counts":
        """Reads what to_dict wrote."""
        return cls(**{field.name: int(values[field.name]) for field in dataclasses.fields(cls)})


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What one commit did. The launcher fills in the first block; `Tree.commit` the second.

    Attributes:
        kind: `run`, or the verb that made the commit (`compact`, `forget`, `expire`, `replay`, `reextract`, `rebuild-state`).
        versions: of newsmill, Beam, spaCy, the model …
        options: as given on the command line.
        inputs: the sources, as absolute URIs.
        total, outlets: outcomes in total and for each outlet.
        further: more counters by group, such as `events` → kind → number.
        sequence: 1 for the first commit of a tree, then one more each: "newest" never asks a clock.
        previous: run_id of the commit before; None for the first.
        files: what this commit published. removed: paths that it replaced, in the tree no longer.
        state: for each table all its segments as of this commit, oldest first.
        replaced: state segments of earlier commits that this one merged or made anew.
        retired: commits whose removed and replaced files are to be deleted when a day has passed, with their instant.
    """

    run_id: str
    started_at: str
    kind: str = "run"
    schema_version: str = ""
    versions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    runner: str = ""
    engine: str = ""
    inputs: tuple[str, ...] = ()

    finished_at: str = ""
    total: Counts = Counts()
    outlets: Mapping[str, Counts] = dataclasses.field(default_factory=dict)
    further: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)
    sequence: int = 0
    previous: str | None = None
    files: tuple[StagedFile, ...] = ()
    removed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    state: Mapping[str, tuple[StagedFile, ...]] = dataclasses.field(default_factory=dict)
    retired: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        check_run_id(self.run_id)

    def to_json(self) -> str:
        """The same text for the same manifest, on every machine."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        fields["counters"] = {
            "total": fields.pop("total").to_dict(),
            "outlets": {name: counts.to_dict() for name, counts in sorted(fields.pop("outlets").items())},
        }
        fields["files"] = [_file_to_dict(file) for file in self.files]
        fields["state"] = {name: [_file_to_dict(s) for s in segments] for name, segments in self.state.items()}
        document = {"manifest_version": MANIFEST_VERSION, **fields}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Reads what to_json wrote.

        Raises:
            ManifestError: the text is not a whole manifest.
            NewerManifest: it is of a later version.
        """
        try:
            fields = json.loads(text)
            version = fields.pop("manifest_version")
            if version > MANIFEST_VERSION:
                raise NewerManifest(f"its version is {version}, this newsmill knows {MANIFEST_VERSION}")
            counters = fields.pop("counters")
            known = {field.name for field in dataclasses.fields(cls)}
            fields = {name: value for name, value in fields.items() if name in known}
            fields["total"] = Counts.from_dict(counters["total"])
            fields["outlets"] = {name: Counts.from_dict(counts) for name, counts in counters["outlets"].items()}
            fields["files"] = tuple(StagedFile(**file) for file in fields["files"])
            fields["state"] = {n: tuple(StagedFile(**s) for s in segments) for n, segments in fields["state"].items()}
            fields |= {name: tuple(fields[name]) for name in ("inputs", "removed", "replaced")}
            return cls(**fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestError(f"not a whole manifest: {error!r}") from error


def check_run_id(run_id: str) -> None:
    """Refuses a run id that could not stand in a file name.

    Raises:
        ValueError: it is not 1 to 80 letters, digits, `.`, `_` or `-`, the first of them a letter or digit.
    """
    if not RUN_ID.match(run_id) or ".." in run_id:
        raise ValueError(
            f"run id {run_id!r}: use up to 80 letters, digits, '.', '_' and '-', beginning with a letter or digit"
        )


def _file_to_dict(file: StagedFile) -> dict[str, Any]:
    """Without what is at its default: a year of manifests is read by people and by DuckDB."""
    return {
        field.name: getattr(file, field.name)
        for field in dataclasses.fields(file)
        if field.default is dataclasses.MISSING or getattr(file, field.name) != field.default
    }
