"""Frames: two texts that say the same of different parties, or on another day with another figure.

Their leads are aligned; where one frame of equal words holds other names, they are two notices from one template.
"""

import dataclasses
import difflib
import functools
import importlib.resources
import re
from collections.abc import Sequence

import numpy as np

LEAD_TOKENS = 64
"""Tokens of a text that are aligned."""
_WORD, _NAME, _FIGURE = 0, 1, 2
_KIND = np.uint32(3)

_MAX_GAP = 8  # tokens that differ inside one frame
_FLANK = 2  # equal tokens on either side of them
_SUBJECT = 8  # tokens among which a lead names what it is about

_DATELINE = re.compile(
    r"\s*(?:[A-Z][\w.'’/-]*(?:[ ,]+[A-Z][\w.'’/-]*){0,5},?\s*(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s*)?)?"
    r"(?:\([^()]{2,40}\)\s*)?(?:[-–—]{1,2}|:)\s+"
)
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "  # noqa: SIM905
    "september october november december jan feb mar apr jun jul aug sept sep oct nov dec".split()
)


@functools.cache
def _function_words() -> frozenset[str]:
    source = importlib.resources.files("transforms.dedup") / "data" / "function_words.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def skip_dateline(text: str) -> int:
    """Where the text after a dateline such as `LONDON, March 3 (Agency) -` begins; 0 without one.

    >>> skip_dateline("LONDON (Agency) - The bank cut rates."), skip_dateline("The bank cut rates.")
    (18, 0)
    """
    found = _DATELINE.match(text[:120])
    if not found:
        return 0
    head = found.group()
    # A dateline has an agency in brackets or a place in capitals; else it is a clause before a dash.
    return found.end() if "(" in head or head.split()[0].rstrip(",").isupper() else 0


def mark_lead(words: Sequence[str], tokens: Sequence[str], starts: Sequence[int], hashes: Sequence[int]) -> bytes:
    """Packs the lead: a 30-bit hash of each token with its kind.

    Args:
        words: the first tokens as they are written.
        tokens: the same, normalised.
        starts: ordinals of those that begin a sentence.
        hashes: of the normalised tokens.
    """
    begins = set(starts)
    capitals = [word[:1].isupper() for word in words]
    telling = sum(capitals) * 2 < len(capitals)  # a text in capitals tells no names
    packed = []
    for n, (token, value) in enumerate(zip(tokens, hashes, strict=True)):
        kind = _WORD
        if token[0].isdigit() or token in _DATES:
            kind = _FIGURE
        elif telling and capitals[n] and not (n in begins and token in _function_words()):
            kind = _NAME
        packed.append((value >> 34) << 2 | kind)
    return np.array(packed, "<u4").tobytes()


def first_names(lead: bytes) -> set[int]:
    """30-bit hashes of the names among the first tokens of a lead."""
    return {x >> 2 for x in np.frombuffer(lead, "<u4")[:_SUBJECT].tolist() if x & 3 == _NAME}


@dataclasses.dataclass(frozen=True, slots=True)
class Substitutions:
    """What differs in equal frames: 30-bit hashes of the names of each side, and how many frames differ in figures."""

    names: frozenset[int] = frozenset()
    other_names: frozenset[int] = frozenset()
    figures: int = 0


def find_substitutions(one: bytes, two: bytes) -> Substitutions:
    """Aligns two leads and finds the frames that hold other names or other figures."""
    a, b = np.frombuffer(one, "<u4").tolist(), np.frombuffer(two, "<u4").tolist()
    all_a, all_b = {x >> 2 for x in a}, {x >> 2 for x in b}
    names: tuple[set[int], set[int]] = set(), set()
    figures = 0
    codes = [(0, 0, 0, 0, 0), *difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes(), (0, 0, 0, 0, 0)]
    for before, (tag, a1, a2, b1, b2), after in zip(codes, codes[1:], codes[2:], strict=False):
        framed = after[2] - after[1] >= _FLANK and (a1 == b1 == 0 or before[2] - before[1] >= _FLANK)
        if tag != "replace" or max(a2 - a1, b2 - b1) > _MAX_GAP or not framed:
            continue
        for kind in (_NAME, _FIGURE):
            mine = {x >> 2 for x in a[a1:a2] if x & 3 == kind}
            theirs = {x >> 2 for x in b[b1:b2] if x & 3 == kind}
            if mine - all_b and theirs - all_a:
                if kind == _NAME:
                    names[0].update(mine - all_b)
                    names[1].update(theirs - all_a)
                figures += kind == _FIGURE
    return Substitutions(frozenset(names[0]), frozenset(names[1]), figures)
