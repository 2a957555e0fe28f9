"""The event coders' ontologies: CAMEO and PLOVER codes of a mention, by the one table data/codes.tsv."""

import dataclasses
import functools
import importlib.resources
import re
from collections.abc import Mapping

from schemas.event import Meeting, Statement, Withdrawal
from transforms.events.context import Mention


@dataclasses.dataclass(frozen=True, slots=True)
class Codes:
    """CAMEO 1.1b3 code, PLOVER 0.8 type and mode; None where the ontology has none."""

    cameo: str | None = None
    plover_type: str | None = None
    plover_mode: str | None = None


_Row = tuple[str, str, str, frozenset[str], Codes]
_Group = tuple[str, str, re.Pattern[str]]


@functools.cache
def _table() -> tuple[tuple[_Row, ...], tuple[_Group, ...]]:
    """The rows, and the groups of words: where they stand, what they are called, what begins them."""
    text = importlib.resources.files("transforms.events").joinpath("data/codes.tsv").read_text("utf-8")
    rows: list[_Row] = []
    groups: list[_Group] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if cells[0] == "words":
            stems = "|".join(re.escape(stem) for stem in cells[3].split(", "))
            groups.append((cells[1], cells[2], re.compile(rf"\b(?:{stems})")))
            continue
        kind, label, modality, words, *codes = cells
        needed = frozenset(words.split()) - {"*"}
        rows.append((kind, label, modality, needed, Codes(*(None if c == "-" else c for c in codes))))
    return tuple(rows), tuple(groups)


def find_codes(mention: Mention, trigger: str = "") -> Codes:
    """Looks up the codes of a mention; all None where no row fits, as for every trade figure.

    Args:
        mention: the event as its rule read it.
        trigger: the words that evoke it.
    """
    rows, groups = _table()
    label, said = _label_of(mention), _words_of(mention, trigger)
    present = {group for where, group, pattern in groups if pattern.search(said[where])}
    for kind, row_label, modality, needed, codes in rows:
        if (
            kind == mention.kind
            and row_label in ("*", label)
            and modality in ("*", mention.modality)
            and needed <= present
        ):
            return codes
    return Codes()


def _label_of(mention: Mention) -> str | None:
    """The format of a meeting, the category of a withdrawal, whether a statement is silent."""
    detail = mention.detail
    if isinstance(detail, Meeting):
        return detail.format
    if isinstance(detail, Withdrawal):
        return detail.category
    return "silent" if isinstance(detail, Statement) and detail.content is None else None


def _words_of(mention: Mention, trigger: str) -> Mapping[str, str]:
    """What the groups of words are looked for in, in lower case."""
    detail = mention.detail
    left, source = (detail.object, detail.source) if isinstance(detail, Withdrawal) else (None, None)
    party = " ".join([left or "", *(actor.name for actor in mention.actors)])
    told = {"cue": mention.modality_cue or "", "trigger": trigger, "party": party, "source": source or ""}
    return {where: words.lower() for where, words in told.items()}
