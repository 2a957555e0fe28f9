"""Cues of speech in a sentence: reporting verbs, nouns for what was said, `according to`; and whose speech it is."""

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping

from spacy.tokens import Span, Token

from transforms.events.cue_speakers import find_speaker, names_party
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.name_lists import word_set

_CLAUSES = frozenset({"xcomp", "advcl", "conj", "pcomp", "ccomp", "acl", "relcl", "dep", "parataxis"})


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """Words that report speech.

    Attributes:
        head: the verb, noun or `according`. words: all tokens of the trigger, in order.
        frames: how it brings in what is said (reporting_verbs.yaml).
        kind: verb, noun or according.
        speaker: head of the phrase that names who speaks, None where nobody is named.
    """

    head: Token
    words: tuple[Token, ...]
    frames: frozenset[str]
    kind: str
    speaker: Token | None

    @property
    def lemma(self) -> str:
        """Its entry in the lexicon."""
        return " ".join([lemma_of(self.head), *(word.lower_ for word in self.words if word.i > self.head.i)])


@functools.cache
def verb_frames() -> Mapping[str, frozenset[str]]:
    """Lexicon entry -> its frames."""
    table: dict[str, set[str]] = {}
    for group in read_lexicon("reporting_verbs")["verbs"]:
        for word in group["words"]:
            table.setdefault(word, set()).update(group["frames"].split())
    return {word: frozenset(frames) for word, frames in table.items()}


@functools.cache
def word_list(name: str) -> frozenset[str]:
    """A plain list of reporting_verbs.yaml as a set."""
    return frozenset(read_lexicon("reporting_verbs")[name])


def find_cues(sentence: Span) -> Iterator[Cue]:
    """Finds the cues of a sentence, in text order."""
    for token in sentence:
        if token.lower_ == "according":
            cue = _according(token)
            if cue is not None:
                yield cue
        elif token.lower_ in ("citing", "quoting") and token.dep_ in ("advcl", "prep", "acl", "pcomp"):
            source = next((child for child in token.children if child.dep_ in ("dobj", "pobj")), None)
            if source is not None and (
                source.lemma_.lower() in word_set("people") or source.ent_type_ in ("PERSON", "ORG")
            ):
                yield Cue(token, (token,), frozenset(), "according", source)
        elif token.pos_ in ("VERB", "AUX") or token.tag_.startswith("VB"):
            cue = _verb(token)
            if cue is not None:
                yield cue
        elif token.tag_ == "NNS" and _is_misread(token):
            yield Cue(token, (token,), verb_frames()[token.lemma_.lower()] | {"broken"}, "verb", token.head)
        elif token.pos_ == "NOUN" and token.lemma_.lower() in word_list("nouns"):
            speaker = _noun_speaker(token)
            if speaker is not None:
                yield Cue(token, (token,), frozenset(), "noun", speaker)


def _is_misread(token: Token) -> bool:
    """`Ode, the director, disputes that …`, whose verb the parse takes for a noun in apposition."""
    if token.dep_ != "appos" or token.lemma_.lower() not in verb_frames() or token.i + 1 >= token.sent.end:
        return False
    beside = token.nbor(-1).text == "," and token.nbor(1).lower_ == "that"
    return beside and names_party(token.head) and "clause" in verb_frames()[token.lemma_.lower()]


def _according(token: Token) -> Cue | None:
    to = next((child for child in token.children if child.lower_ == "to"), None)
    if to is None and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "to":
        to = token.nbor(1)
    source = next((child for child in to.children if child.dep_ in ("pobj", "pcomp")), None) if to is not None else None
    if to is None or source is None or (source.dep_ == "pcomp" or source.lemma_.lower() in word_list("not_sources")):
        return None
    return Cue(token, (token, to), frozenset(), "according", source)


def _verb(token: Token) -> Cue | None:
    broken = _headless_subject(token)
    if token.dep_ in ("amod", "aux", "auxpass", "compound", "acomp") and broken is None:
        return None
    words = _entry(token)
    if words is None:
        return None
    key = " ".join([lemma_of(token), *(word.lower_ for word in words[1:])])
    frames = verb_frames()[key] | ({"broken"} if broken is not None else set())
    return Cue(token, words, frames, "verb", broken or find_speaker(token))


def _headless_subject(verb: Token) -> Token | None:
    """The party right before a verb that the parse took for a modifier: `Ode assailed the plan`, read as one phrase."""
    if verb.dep_ not in ("amod", "acl"):
        return None
    after = verb.doc[verb.i + 1 : verb.i + 5].text
    if verb.dep_ == "acl" and verb.tag_ == "VBN" and re.match(r"[^:\"']*: ?[\"'`]", after):
        return verb.head if names_party(verb.head) else None  # `The singer, a friend, tweeted: “We go”`
    if verb.tag_ not in ("VBD", "VBN") or verb.sent.root.pos_ not in ("NOUN", "PROPN"):
        return None
    if any(child.dep_ in ("agent", "auxpass") for child in verb.children) or verb.i == verb.sent.start:
        return None
    if verb.i + 1 >= verb.sent.end or verb.nbor(1).lower_ == "by":
        return None
    before = verb.nbor(-1)
    finite = any(
        token.tag_ in ("VBD", "VBZ", "VBP", "MD") and token.dep_ not in ("amod", "aux")
        for token in verb.sent
        if token.i < verb.i
    )
    return before if before.pos_ in ("NOUN", "PROPN") and names_party(before) and not finite else None


def _entry(verb: Token) -> tuple[Token, ...] | None:
    """The longest entry of the lexicon that stands at a verb: `lash out at`, `point out`, `say`."""
    table, lemma = verb_frames(), lemma_of(verb)
    doc = verb.doc
    first = [
        child
        for child in verb.rights
        if child.dep_ in ("prt", "prep", "advmod", "acomp", "oprd", "ccomp", "dobj")
        and (
            child.i == verb.i + 1
            or (child.i == verb.i + 2 and (child.dep_ != "prep" or verb.nbor(1).pos_ in ("ADV", "ADP")))
        )
    ]
    for particle in first:
        after = doc[particle.i + 1] if particle.i + 1 < len(doc) else None
        if after is not None and f"{lemma} {particle.lower_} {after.lower_}" in table:
            return (verb, particle, after)
    for particle in first:
        if f"{lemma} {particle.lower_}" in table:
            return (verb, particle)
    behind = doc[verb.i + 1] if verb.i + 1 < len(doc) else verb
    loose = behind.dep_ == "mark" or behind.lower_ == "clear"  # `made clear that …`, with `clear` read into the clause
    if loose and f"{lemma} {behind.lower_}" in table:
        return (verb, doc[verb.i + 1])  # `called for supporters to assemble`
    return (verb,) if lemma in table else None


def _noun_speaker(noun: Token) -> Token | None:
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.children:
        if child.dep_ in ("prep", "agent") and child.lower_ in ("by", "from"):
            source = next((inner for inner in child.children if inner.dep_ == "pobj"), None)
            if source is not None:
                return source
    # `issued a call`, `made no mention`: the subject of a light verb
    verb = noun.head
    if noun.dep_ == "dobj" and lemma_of(verb) in (
        "make",
        "issue",
        "give",
        "offer",
        "deliver",
        "repeat",
        "release",
        "renew",
        "level",
        "double",
    ):
        return find_speaker(verb)
    for child in noun.children:  # `the American demand`
        if child.dep_ in ("amod", "compound") and child.ent_type_ in ("NORP", "GPE", "ORG", "PERSON"):
            return child
    return None
