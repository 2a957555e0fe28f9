"""Ranges of words said, trimmed of marks and of what does not belong to them."""

import dataclasses
import re

from spacy.tokens import Doc, Span, Token

from transforms.events.cue_speakers import SUBJECTS
from transforms.events.cues import Cue
from transforms.events.quotes import Quote

EDGES = " \t\r\n,.;:—–-_\"'“”‘’«»„`"
OPENING = re.compile(
    r"(?:(?:But|And|However|Still|Meanwhile|Yet|So|Nonetheless|Nevertheless|Instead|Also|Moreover|Thus|Then),?\s+)+(?=\S)"
)
# Prepositions behind an object that still say what it is; others say when and where it was uttered.
_OF_OBJECT = frozenset(
    {
        "of",
        "for",
        "with",
        "to",
        "against",
        "from",
        "between",
        "by",
        "toward",
        "towards",
        "including",
        "because",
        "into",
        "on",
        "over",
        "about",
    }
)
_TIME = frozenset({"DATE", "TIME"})


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """A range of words said.

    Attributes:
        quote: the quotation that they are, None for other reports. before: whether they precede the cue.
        frame: how the cue brings them in.
    """

    start: int
    end: int
    quote: Quote | None = None
    before: bool = False
    frame: str = "clause"


def trim_range(text: str, start: int, end: int) -> tuple[int, int]:
    """Drops white space, quotation marks and stops at both ends."""
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return start, end


def token_range(doc: Doc, first: int, last: int, sentence: Span, frame: str = "clause") -> Said | None:
    """The words from one token to another within a sentence; None when nothing is left of them."""
    last = _whole_word(doc, min(last, sentence.end - 1), sentence.end)
    if last < first:
        return None
    if frame == "clause" and doc[last].dep_ == "cc" and last + 1 < sentence.end:
        last = sentence.end - 1  # `…, and` cannot be the end of what is said
    tokens = doc[first : last + 1]
    words = tokens.text
    start, end = trim_range(words, 0, len(words))
    at = tokens.start_char
    return Said(at + start, at + end, None, False, frame) if end > start else None


def _whole_word(doc: Doc, last: int, end: int) -> int:
    """`the re` of `the re-election of Ode`, which the parse takes for a phrase: to the end of the word and of what hangs on it."""
    while last + 2 < end and not doc[last].whitespace_ and doc[last + 1].text == "-" and not doc[last + 1].whitespace_:
        last = min(doc[last + 2].right_edge.i, end - 1)
    return last


def cue_left(cue: Cue) -> int:
    """Index of the first token of a cue's own clause: subject, auxiliaries, adverbs and the verb."""
    verb, left = cue.head, cue.head.i
    for child in reversed(list(verb.lefts)):
        if child.dep_ in SUBJECTS or child.dep_ in ("aux", "auxpass", "neg"):
            left = min(left, child.left_edge.i)
        elif child.dep_ in ("advmod", "npadvmod", "prep") and child.right_edge.i == left - 1:
            left = child.left_edge.i
    while left < verb.i and (verb.doc[left].is_punct or verb.doc[left].is_space):
        left += 1
    if cue.speaker is not None and cue.speaker.i < left and cue.speaker.i >= left - 3:
        left = min(left, cue.speaker.left_edge.i)
    return left


def cue_right(cue: Cue) -> int:
    """Index of the last token of a cue with its addressee and adjuncts: `told reporters on Monday`."""
    right = max(word.i for word in cue.words)
    doc = cue.head.doc
    adjuncts = (*SUBJECTS, "dative", "npadvmod", "advmod", "prep", "prt", "agent", "dobj")
    for child in cue.head.rights:
        if child.left_edge.i > right + 1:
            continue
        if child.dep_ not in adjuncts or child.i <= cue.head.i:
            break
        clausal = any(one.dep_ in ("ccomp", "relcl", "nsubj") and one != child for one in child.subtree)
        if clausal and child.dep_ not in SUBJECTS:
            break
        right = max(right, child.right_edge.i)
    while right > cue.head.i and doc[right].is_punct:
        right -= 1
    return right


def extend_object(verb: Token, last: int) -> int:
    """Where the phrase that ends at `last` really ends: phrases that the parse hangs on the verb right behind it belong to it."""
    for child in verb.rights:
        if child.left_edge.i != last + 1 or child.right_edge.i <= last:
            continue
        if child.dep_ == "prep" and (
            child.lower_ in _OF_OBJECT
            or (
                child.lower_ == "in" and _first_noun(child) in ("response", "protest", "retaliation", "favor", "favour")
            )
        ):
            if any(one.ent_type_ in _TIME for one in child.subtree if one.dep_ == "pobj" and one.head == child):
                break
            last = child.right_edge.i
        elif child.dep_ == "advcl" and any(
            one.dep_ == "mark" and one.lower_ in ("that", "because") for one in child.lefts
        ):
            last = child.right_edge.i
        else:
            break
    return last


def _first_noun(prep: Token) -> str:
    return next((one.lower_ for one in prep.children if one.dep_ == "pobj"), "")


def object_last(doc: Doc, first: int, last: int) -> int:
    """Cuts a phrase before `, which …` and `, posting …`: asides about it that are not said."""
    for i in range(first + 1, last):
        if doc[i].text == "," and (
            doc[i + 1].lower_ in ("which", "who", "whose")
            or (doc[i + 1].tag_ == "VBG" and doc[i + 1].dep_ in ("acl", "advcl") and doc[i + 1].lower_ != "including")
        ):
            return i - 1
    return last


def has_finite(doc: Doc, start: int, end: int) -> bool:
    """Whether a tensed verb stands among the tokens from start to end."""
    return any(
        token.tag_ in ("VBD", "VBZ", "VBP", "MD", "VB")
        or token.pos_ == "AUX"
        or (token.tag_ == "VBN" and any(child.dep_ == "nsubj" for child in token.lefts))
        for token in doc[start:end]
    )


def prep_object(prep: Token) -> Token | None:
    """What a preposition governs."""
    return next((one for one in prep.children if one.dep_ in ("pobj", "pcomp")), None)
