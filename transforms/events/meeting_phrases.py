"""Set phrases that tell of a meeting: `sat down with`, `told her by telephone`, `will call on the president`."""

from collections.abc import Sequence

from spacy.tokens import Token

from transforms.events.clauses import is_passive, pobj_of, prepositions_in, subject_of
from transforms.events.gazetteer import geocode
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading
from transforms.events.meeting_subjects import doer_of
from transforms.events.meeting_uses import (
    is_of_another,
    is_outsider,
)
from transforms.events.parties import is_party

PHONES = frozenset({"phone", "telephone", "video", "videoconference", "video-link"})


def read_phrase(verb: Token) -> Reading | None:
    """`sat down with`, `come to the negotiating table`: listed word for word, as lemmas."""
    lemma = lemma_of(verb)
    if lemma in read_lexicon("meeting")["addressing"]:
        return _read_line(verb)
    if lemma == "call":
        return _read_courtesy(verb)
    for entry in read_lexicon("meeting")["phrases"]:
        words = entry["words"]
        if words[0] != lemma or verb.i + len(words) > len(verb.doc):
            continue
        following = verb.doc[verb.i : verb.i + len(words)]
        if all(word in (token.lower_, token.lemma_.lower()) for word, token in zip(words, following, strict=True)):
            subject = subject_of(verb)
            parties = [subject] if subject is not None and is_party(subject) else []
            parties += with_parties(verb, ("with",))
            if parties:
                return Reading(verb, "meeting.phrase", entry["format"], tuple(parties), last=following[-1])
    return None


def _read_line(verb: Token) -> Reading | None:
    """`told the president by telephone`: both ends of the line."""
    line = next(
        (noun for prep in verb.children if prep.dep_ == "prep" for noun in prep.children if _is_line(noun)), None
    )
    caller = doer_of(verb)
    if line is None or caller is None or is_passive(verb) or not is_party(caller):
        return None
    called = [child for child in verb.children if child.dep_ in ("dobj", "dative")] or with_parties(verb, ("to",))
    called = [noun for noun in called if is_party(noun) and not is_outsider(noun)]
    if not called or lemma_of(verb) in ("speak", "talk"):
        return None
    return Reading(verb, "meeting.phrase", "call", (caller, called[0]), spoken=True, first=line.head, last=line)


def _read_courtesy(verb: Token) -> Reading | None:
    """`will call on the president`, with nothing that he is asked to do."""
    caller = doer_of(verb)
    on = next(
        (prep for prep in verb.children if prep.dep_ == "prep" and prep.lower_ == "on" and prep.i == verb.i + 1), None
    )
    host = pobj_of(on) if on is not None else None
    purposes = read_lexicon("meeting")["call_purposes"]
    asked = any(word.tag_ == "TO" and lemma_of(word.head) not in purposes for word in verb.subtree if word.i > verb.i)
    if on is None or caller is None or host is None or asked or not is_party(caller) or not is_person_noun(host):
        return None
    return Reading(verb, "meeting.phrase", "in_person", (caller, host), spoken=True, last=on)


def _is_line(noun: Token) -> bool:
    return noun.dep_ == "pobj" and noun.lower_ in PHONES and noun.head.lower_ in ("by", "over", "on", "via")


def with_parties(verb: Token, words: Sequence[str]) -> list[Token]:
    """Parties behind one of these prepositions of the verb, not those of other talks nor those who only come along."""
    found = []
    for prep in prepositions_in(verb, tuple(words), after=verb.i):
        noun = next((child for child in prep.children if child.dep_ == "pobj"), None)
        along = prep.i > 0 and prep.nbor(-1).lower_ in ("along", "together") and prep.head != verb
        if noun is not None and is_party(noun) and not along and not is_of_another(prep, verb):
            found.append(noun)
    return found


def is_person_noun(token: Token) -> bool:
    """Somebody who can be received: a person by name or by a noun, no crowd and no body."""
    people = read_lexicon("parties")["people"]
    if token.lemma_.lower() in ("people", "person", "refugee", "migrant", "immigrant", "viewer", "listener"):
        return False
    if token.lemma_.lower() in people or token.lower_ in (
        "him",
        "her",
        "them",
        "he",
        "she",
        "they",
        "who",
        "delegation",
    ):
        return True
    named = (
        token.pos_ == "PROPN"
        and token.ent_type_ not in ("ORG", "EVENT", "FAC", "PRODUCT", "WORK_OF_ART")
        and geocode(token.text)[0] is None
    )
    return token.ent_type_ == "PERSON" or (named and is_party(token))
