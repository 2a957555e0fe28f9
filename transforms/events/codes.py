"""The event coders' ontologies: CAMEO and PLOVER codes of a mention, by the one table data/codes.tsv."""

import dataclasses
import functools
import importlib.resources

from schemas.event import Meeting, Withdrawal
from transforms.events.context import Mention


@dataclasses.dataclass(frozen=True, slots=True)
class Codes:
    """CAMEO 1.1b3 code, PLOVER 0.8 type and mode; None where the ontology has none."""

    cameo: str | None = None
    plover_type: str | None = None
    plover_mode: str | None = None


_Row = tuple[str, str, str, str, Codes]


@functools.cache
def _table() -> tuple[tuple[_Row, ...], tuple[tuple[str, str], ...]]:
    """The rows, and which beginnings of cue words tell a request or a threat."""
    text = importlib.resources.files("transforms.events").joinpath("data/codes.tsv").read_text("utf-8")
    rows: list[_Row] = []
    cues: list[tuple[str, str]] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if cells[0] == "cue":
            cues.append((cells[1], cells[2]))
            continue
        kind, label, modality, asked, *codes = cells
        rows.append((kind, label, modality, asked, Codes(*(None if c == "-" else c for c in codes))))
    return tuple(rows), tuple(cues)


def find_codes(mention: Mention) -> Codes:
    """Looks up the codes of a mention; all None where no row fits, as for every trade figure."""
    rows, cues = _table()
    detail = mention.detail
    label = None
    if isinstance(detail, Meeting):
        label = detail.format
    elif isinstance(detail, Withdrawal):
        label = detail.category
    words = (mention.modality_cue or "").lower().split()
    asked = next((what for what, stem in cues if any(w.startswith(stem) for w in words)), "")
    for kind, row_label, modality, row_asked, codes in rows:
        if (
            kind == mention.kind
            and row_label in ("*", label)
            and modality in ("*", mention.modality)
            and row_asked in ("*", asked)
        ):
            return codes
    return Codes()
