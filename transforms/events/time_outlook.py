"""Whether a clause looks ahead, so that `on Friday` is the next Friday."""

import datetime as dt
import functools
from typing import TYPE_CHECKING

from spacy.tokens import Token

from transforms.events.lexicon import read_lexicon

if TYPE_CHECKING:
    from transforms.events.time_expressions import TimeExpression


@functools.cache
def time_words(section: str) -> frozenset[str]:
    """A section of data/time_words.yaml."""
    return frozenset(read_lexicon("time_words")[section])


def is_nearer_ahead(expression: "TimeExpression", day: dt.date | None) -> bool:
    """Whether the next such day is nearer to the publication day than the last one was."""
    if expression.ahead is None or expression.first is None or day is None:
        return False
    return expression.ahead[0] - day < day - expression.first


def is_decision(word: str | None) -> bool:
    """What was decided may be done by now: `her decision to meet him in June` tells of the nearer June."""
    return word is not None and word.lower() in time_words("decisions")


def clause_verb(token: Token) -> Token:
    """The verb of the clause that a token stands in: itself, or the nearest verb above it; the root where there is none."""
    at = token
    while at.pos_ not in ("VERB", "AUX") or at.dep_ in ("aux", "auxpass", "amod"):
        if at.head == at:
            return at
        at = at.head
    return at


def is_told(verb: Token) -> bool:
    """Whether a verb is in the past: `met`, `has met`, `was held`."""
    return verb.tag_ == "VBD" or any(
        c.lower_ in ("was", "were", "had", "has", "have") for c in verb.children if c.dep_ in ("aux", "auxpass")
    )


def looks_ahead(token: Token) -> bool:
    """Whether the clause of a trigger speaks of the future: `will meet`, `plans to`, `the upcoming talks`."""
    if token.pos_ not in ("VERB", "AUX") and any(c.lower_ in time_words("ahead_modifiers") for c in token.children):
        return True
    verb = clause_verb(token)
    return verb_looks_ahead(verb)


def verb_looks_ahead(verb: Token) -> bool:
    """The same of a verb: by its auxiliaries, its mood, or the word that governs it."""
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    if any(h.lower_ in time_words("modals") for h in helpers):
        return not any(h.lower_ == "have" for h in helpers)
    if any(h.lower_ == "to" for h in helpers) and verb.tag_ == "VB":
        governor = verb.head
        if governor.lemma_.lower() in time_words("ahead") or governor.lower_ in time_words("ahead"):
            return True
        if governor.lemma_ == "be":
            return True
        while governor.pos_ in ("NOUN", "PROPN", "ADJ") and governor.dep_ in ("attr", "acomp", "oprd", "dobj"):
            governor = governor.head  # "will be the first leader to visit", "will get a chance to visit"
        return governor != verb and governor.pos_ in ("VERB", "AUX") and verb_looks_ahead(governor)
    if verb.tag_ == "VBG" and any(h.lemma_ == "be" and h.tag_ in ("VBZ", "VBP") for h in helpers):
        return True
    if (
        verb.dep_ == "advcl" and verb.tag_ in ("VBZ", "VBP") and verb.head != verb
    ):  # `will not come until they meet in October`
        return verb_looks_ahead(verb.head)
    if verb.dep_ in ("xcomp", "conj") and verb.head != verb and verb.tag_ in ("VB", "VBG"):
        return verb_looks_ahead(verb.head)
    return False
