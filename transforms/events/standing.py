"""Whether the words that a cue reports were uttered: asserted, planned, possible, negated, or only imagined."""

from spacy.tokens import Token

from transforms.events.cue_speakers import SUBJECTS, is_passive
from transforms.events.cues import Cue, verb_frames
from transforms.events.lexicon import lemma_of, read_lexicon

# `was quick to point out`, `made sure to note`
_DISPOSED = frozenset(
    {"sure", "quick", "careful", "keen", "proud", "happy", "glad", "sorry", "right", "first", "last", "fond"}
)


def standing(cue: Cue) -> tuple[str | None, tuple[Token, ...]]:
    """Judges whether the cue's words were spoken.

    Returns:
        asserted, planned, possible or negated with the words that say so; None for speech that is only imagined.
    """
    if cue.kind == "according":
        return "asserted", ()
    if cue.kind == "noun":
        return _noun_standing(cue.head)
    return _verb_standing(cue.head, 0)


def _noun_standing(noun: Token) -> tuple[str | None, tuple[Token, ...]]:
    for child in noun.lefts:
        if child.lower_ == "no":
            return "negated", (child,)
        if child.lower_ in ("any", "possible", "expected", "likely", "future"):
            return None, (child,)
    return "asserted", ()


def _verb_standing(verb: Token, depth: int) -> tuple[str | None, tuple[Token, ...]]:
    attempts = read_lexicon("reporting_verbs")["attempts"]
    negation = next((child for child in verb.children if child.dep_ == "neg"), None)
    if (
        negation is not None
        and negation.i + 1 < len(verb.doc)
        and negation.nbor(1).lower_ not in ("only", "just", "merely")
    ):
        return "negated", (negation,)
    if any(
        child.dep_ == "advmod" and child.lower_ in ("never", "nowhere", "hardly", "barely", "scarcely")
        for child in verb.lefts
    ):
        return "negated", tuple(
            child for child in verb.lefts if child.lower_ in ("never", "nowhere", "hardly", "barely", "scarcely")
        )
    modal = next((child for child in verb.lefts if child.tag_ == "MD"), None)
    if modal is not None:
        return ("planned", (modal,)) if modal.lower_ in ("will", "shall", "'ll") and depth < 2 else (None, (modal,))
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether") for child in verb.lefts):
        return None, ()
    head = verb.head
    if lemma_of(head) == "let" and verb.dep_ in ("ccomp", "xcomp"):
        return None, (head,)
    to = any(child.tag_ == "TO" for child in verb.lefts)
    if (
        verb.dep_ == "conj"
        and head.pos_ in ("VERB", "AUX")
        and depth < 4
        and not any(child.dep_ in SUBJECTS for child in verb.children)
    ):
        if to or verb.tag_ in ("VB", "VBG"):
            return _verb_standing(head, depth + 1)
        return "asserted", ()
    if verb.dep_ in ("xcomp", "ccomp", "pcomp", "advcl") and depth < 4 and (to or verb.tag_ in ("VB", "VBG")):
        governor = head.head if verb.dep_ == "pcomp" else head
        lemma = lemma_of(governor)
        if (
            governor.pos_ == "ADJ"
            and governor.lower_ not in _DISPOSED
            and lemma_of(governor) not in attempts["expected"] + attempts["planned"]
        ):
            return None, (governor,)  # `it is worth noting`, `fair to say`
        if (lemma_of(governor.head), governor.lower_) in (("stop", "short"), ("steer", "clear"), ("fall", "short")):
            return "negated", (governor.head, governor)
        if lemma in attempts["negated"] and verb.dep_ in ("xcomp", "pcomp"):
            return "negated", (governor,)
        if to and verb.dep_ in ("xcomp", "ccomp") and _is_told_to(verb, governor):
            if lemma in attempts["caused"]:
                return _verb_standing(governor, depth + 1)  # `prompted analysts to suggest`
            return None, (governor,)  # `urged employees to report it`
        if verb.dep_ == "xcomp" and to:
            if lemma in attempts["expected"]:
                return "possible", (governor,)
            if lemma in attempts["planned"] or lemma == "be":
                return "planned", (governor,)
            if lemma in attempts["real"] or (lemma in verb_frames() and not is_passive(governor)):
                return _verb_standing(governor, depth + 1)
            return ("asserted", ()) if governor.lower_ in _DISPOSED else (None, (governor,))
    if verb.dep_ in ("acl", "relcl", "ccomp") and to:
        return None, ()
    return "asserted", ()


def _is_told_to(verb: Token, governor: Token) -> bool:
    """Whether the infinitive is what somebody else is to do."""
    if any(child.dep_ in SUBJECTS for child in verb.lefts):
        return True
    return any(child.dep_ in ("dobj", "dative") and child.i < verb.i for child in governor.rights)
