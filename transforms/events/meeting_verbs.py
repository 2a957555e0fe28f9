"""Reads verbs and set phrases as meetings: `met`, `sat down with`, `was received by`."""

import functools
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Token

from transforms.events.clauses import agent_of, is_passive, objects_of, pobj_of, prepositions_in
from transforms.events.gazetteer import country_code, geocode
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading
from transforms.events.meeting_phrases import PHONES, is_person_noun, with_parties
from transforms.events.meeting_subjects import doer_of, is_root_verb
from transforms.events.meeting_uses import (
    are_two,
    has_gap,
    is_measure,
    is_naming,
    is_outsider,
    is_remark,
    is_sitting,
    is_unknown_name,
    may_deal,
    named_complement,
    says_where,
)
from transforms.events.name_lists import find_seat
from transforms.events.parties import is_party, is_plural
from transforms.events.places import is_site, name_place


@functools.cache
def _first_words() -> frozenset[str]:
    """What a listed verb begins with; most verbs need no other look."""
    return frozenset(key.split()[0] for key in read_lexicon("meeting")["verbs"])


def read_verb(verb: Token) -> Reading | None:
    """Reads a verb by its entry: what it takes, who its parties are; None where nobody meets."""
    lexicon = read_lexicon("meeting")["verbs"]
    lemma = lemma_of(verb)
    if lemma not in _first_words():
        return None
    particle = next((child.lower_ for child in verb.children if child.dep_ == "prt"), None)
    spec = lexicon.get(f"{lemma} {particle}") if particle else lexicon.get(lemma)
    telling = (
        verb.tag_ == "VBG"
        and verb.i == verb.head.i + 1
        and lemma_of(verb.head) in ("tell", "inform", "warn", "remind", "ask")
    )
    if (
        (verb.dep_ == "amod" and not is_root_verb(verb))
        or telling
        or (verb.lower_ == "visiting" and verb.dep_ == "pcomp" and verb.head.lower_ in ("against", "with", "to"))
        or spec is None
        or (particle == "up" and lemma != "meet" and f"{lemma} up" not in lexicon)
    ):
        return None
    if lemma == "call" and is_naming(verb):
        return None
    subject = doer_of(verb)
    if is_passive(verb) and not is_root_verb(verb):
        return _read_passive(verb, spec, subject)
    if not spec.get("object") and has_gap(verb):
        return None
    if subject is not None and not (is_party(subject) or is_unknown_name(subject)):
        return None
    objects = [one for one in objects_of(verb) if not is_remark(one)] or named_complement(verb)
    target = objects[0] if objects else None
    others = with_parties(verb, spec.get("with", ()))
    if spec.get("needs") or spec.get("pair"):
        others = [p for p in others if p.head.head == verb or p.head.head in objects or p.head.head.lower_ in PHONES]
    if is_sitting(verb, subject, others):
        return None
    about = bool(spec.get("about")) and (target is not None or bool(spec.get("needs"))) and not others
    if spec.get("needs") and not others and not (about and are_two(subject)):
        return None
    if about and not spec.get("needs") and not may_deal(verb, subject, target):
        return None
    place: str | None = None
    parties = [subject] if subject is not None else []
    if target is not None and lemma == "host" and target.lemma_.lower() in read_lexicon("meeting")["nouns"]:
        return None  # "will host the meeting"
    if target is not None and not spec.get("about"):
        if target.lemma_.lower() in read_lexicon("meeting")["not_met"] or is_measure(verb, target):
            return None
        place = name_place(target) if spec.get("place") and _is_town(target) else None
        if place is None:
            if not spec.get("object") or not is_party(target):
                return None
            parties.append(target)
    elif not others and not about and not _suffices(verb, spec, subject):
        return None
    if spec.get("placed") and not says_where(verb, target):
        return None
    if (
        place is not None
        and verb.tag_ == "VBG"
        and verb.dep_ in ("advcl", "acl")
        and not others
        and country_code(place) is None
    ):
        return None  # "was back home visiting Leeds", "launched a tour, visiting Leeds": no counterpart
    parties += others
    callers = [target] if target is not None and place is None else []
    if any(is_outsider(party) for party in (*others, *callers)) or not _fits(verb, spec, subject, target, others):
        return None
    form = spec["format"]
    if form == "talks" and any(word.lower_ in PHONES for word in verb.subtree):
        form = "call"
    if form == "in_person" and not others and target is None and subject is not None and _is_gathering(subject):
        form = "conference"
    return Reading(verb, "meeting.verb", form, tuple(parties), place=place, spoken=bool(spec.get("people")))


def _suffices(verb: Token, spec: Mapping[str, Any], subject: Token | None) -> bool:
    """Whether the subject can meet by itself."""
    if subject is None:
        return False
    if spec.get("pair"):
        phoned = any(word.lower_ in PHONES for word in verb.subtree)
        formal = verb.tag_ == "VBG" and lemma_of(verb) in (
            "speak",
            "talk",
            "discuss",
        )  # "speaking at a rally, they said"
        return (are_two(subject) or (phoned and is_plural(subject))) and not formal
    if spec.get("alone") == "plural":
        return is_plural(subject)
    if spec.get("alone") == "candidates":
        rivals = ("candidate", "rival", "contender", "nominee", "hopeful", "opponent", "leader")
        return are_two(subject) or (is_plural(subject) and subject.lemma_.lower() in rivals)
    return bool(spec.get("alone")) and (is_plural(subject) or _is_body(subject))


def _is_town(token: Token) -> bool:
    """A town, region or country, also where the model saw another kind of name."""
    alone = token.pos_ == "PROPN" and not any(child.dep_ == "compound" for child in token.children)
    return (
        token.ent_type_ == "GPE"
        or is_site(token)
        or (alone and (find_seat(token.text) is not None or country_code(token.text) is not None))
        or (token.pos_ == "PROPN" and token.ent_type_ != "PERSON" and geocode(token.text)[0] is not None)
    )


def _fits(
    verb: Token, spec: Mapping[str, Any], subject: Token | None, target: Token | None, others: list[Token]
) -> bool:
    """Whether the parties are of the sort that the verb asks for."""
    if spec.get("subject") and subject is None:
        return False
    if spec.get("official") and subject is not None and not _is_on_business(subject):
        return False
    if spec.get("people") and (subject is None or (subject.pos_ == "PRON" and subject.lower_ in ("it", "you", "i"))):
        return bool(subject is not None and subject.lower_ == "i" and others)
    if spec.get("person") and target is not None and not is_person_noun(target):
        return False
    if spec.get("place_needed") and subject is not None and not _is_leader(subject):
        return False
    if spec.get("pair") and verb.tag_ == "VBG" and verb.dep_ == "advcl":
        return False  # "Speaking to X, he said": a cue of a statement
    told = read_lexicon("meeting")["not_told"]
    if any(
        other.head.lower_ == "to"
        and (other.ent_type_ == "ORG" or other.lemma_.lower() in told)
        and not any(child.lower_ in ("inside", "from", "at", "near") for child in other.rights)
        for other in others
    ):
        return False  # "told", "spoke to" an outlet
    return not (
        target is not None
        and lemma_of(verb) == "call"
        and (target.ent_type_ in ("GPE", "NORP") or target.lower_ == "it")
    )


def _is_on_business(subject: Token) -> bool:
    """Officials and people by name tour; bands and troupes do too, but meet nobody."""
    travellers = read_lexicon("meeting")["travellers"]
    return subject.ent_type_ == "PERSON" or subject.pos_ == "PRON" or subject.lemma_.lower() in travellers


def _is_leader(token: Token) -> bool:
    return token.lemma_.lower() in read_lexicon("meeting")["leaders"]


def _is_body(token: Token) -> bool:
    return token.ent_type_ == "ORG" or token.lemma_.lower() in read_lexicon("parties")["bodies"]


def _is_gathering(subject: Token) -> bool:
    """A body, or many unnamed people of one sort (`EU foreign ministers met`)."""
    if _is_body(subject) and subject.tag_ in ("NN", "NNP") and not subject.conjuncts:
        return True
    few = any(child.dep_ == "nummod" or child.lower_ in ("both", "pair") for child in subject.children)
    many = subject.lemma_.lower() in read_lexicon("meeting")["conferring"]
    plural = ("NNS", "NNPS")
    alone = all(one.tag_ in plural for one in subject.conjuncts)
    return subject.tag_ in plural and not few and not _of_two(subject) and alone and many


def _of_two(subject: Token) -> bool:
    """`the foreign ministers of France and Chad`, `the two countries' leaders`, `French and Chadian envoys`: one of each."""
    owners = [child for child in subject.children if child.dep_ in ("poss", "amod", "compound", "nmod")]
    owners += [noun for prep in prepositions_in(subject, ("of", "from")) if (noun := pobj_of(prep)) is not None]
    return any(
        len(owner.conjuncts) == 1
        or any(child.dep_ == "nummod" and child.lower_ in ("two", "2") for child in owner.children)
        or any(child.lower_ == "both" for child in owner.children)
        for owner in owners
    )


def _read_passive(verb: Token, spec: Mapping[str, Any], subject: Token | None) -> Reading | None:
    """`was received by`, `were hosted by`, `was visited by`."""
    agent = agent_of(verb)
    if lemma_of(verb) == "call" or (spec.get("person") and subject is not None and not is_person_noun(subject)):
        return None
    if not spec.get("object") or agent is None or not is_party(agent) or subject is None:
        return None
    place = name_place(subject) if spec.get("place") else None
    if place is None and not is_party(subject):
        return None
    parties = (agent,) if place is not None else (agent, subject)
    return Reading(verb, "meeting.passive", spec["format"], parties, place=place)
