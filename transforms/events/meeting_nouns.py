"""Reads event nouns: which meeting a noun such as `talks` or `summit` tells of, and who takes part."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Token

from transforms.events.clauses import agent_of, is_party, is_passive, is_plural, pobj_of, prepositions_in, subject_of
from transforms.events.gazetteer import country_code, geocode
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.names_table import find_demonym
from transforms.events.places import name_place

DEFINITE = frozenset({"the", "this", "that", "these", "those", "such", "its"})
INCLUDING = frozenset({"including", "like", "especially"})
JOINING = frozenset({"attend", "join", "host", "chair", "participate", "boycott", "skip", "miss"})
NAMED = frozenset({"GPE", "NORP", "ORG", "PERSON"})


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A meeting as it was read in a sentence, before names, times and modality.

    Attributes:
        parties: heads of the noun phrases of those who meet, in the order of the text.
        own: whether a party belongs to the noun itself (`talks with X`, `X's visit`), not only to its verb.
        passing: whether it is only mentioned in passing, so that it needs a time or a place of its own.
        spoken: whether both sides have to be known, as with `talked to`.
        first, last: first and last word of the trigger where it has several.
    """

    trigger: Token
    rule: str
    format: str
    parties: tuple[Token, ...]
    place: str | None = None
    own: bool = False
    passing: bool = False
    spoken: bool = False
    first: Token | None = None
    last: Token | None = None


def read_noun(noun: Token) -> Reading | None:
    """Reads a noun as a meeting, None where it isn't one or has no party and is not new."""
    nouns = read_lexicon("meeting")["nouns"]
    key = noun.lemma_.lower() if noun.lemma_.lower() in nouns else noun.lower_
    spec = nouns.get(key)
    if spec is None or not _is_event_noun(noun, spec):
        return None
    form, first = _choose_format(noun, key, spec["format"])
    if key == "call" and form == "call" and first is None and not _calls_somebody(noun):
        return None
    host = host_of(noun, spec)
    own = [
        p for p in _own_parties(noun) if not (spec.get("with_only") and p.dep_ == "compound" and p.ent_type_ == "ORG")
    ]
    if host != noun:
        own += [party for party in _own_parties(host) if party not in own]
    verb, outer, rule = _carrier(host)
    if _is_elsewhere(key, own, outer):
        return None
    sought = _sought_parties(noun)
    if sought:
        return Reading(noun, "meeting.sought", form, tuple(sought), own=True, first=first)
    if verb is not None:
        own += [party for party in _with_of_verb(verb, noun) if party not in own]
    pair = len(own) > 1 or (outer is not None and (own or outer.conjuncts)) or _held_by_many(outer, rule)
    if spec.get("with_only") and not pair and not any(True for _ in prepositions_in(noun, ("with", "between"))):
        return None
    if (spec.get("event_only") and verb is None) or (spec.get("bare") and not own and not _held_by_many(outer, rule)):
        return None
    if noun.pos_ == "PROPN" and verb is None:
        return None  # a body or a document may bear the name
    if verb is not None and lemma_of(verb) in ("invite", "summon", "convene", "host", "receive", "welcome", "bring"):
        own += [child for child in verb.children if child.dep_ == "dobj" and is_party(child) and child != noun]
    if outer is None and (form == "visit" or own) and all(_is_partner(party, noun) for party in own):
        outer = _owner_above(noun)
    place = _visit_place(noun) if form == "visit" else None
    if spec.get("place") and place is None:
        return None
    if form == "in_person" and key == "meeting" and own and _is_assembly(own):
        form = "conference"
    definite = any(child.dep_ == "det" and child.lower_ in DEFINITE for child in noun.lefts)
    joins = rule == "meeting.light_verb" and outer is not None and verb is not None and lemma_of(verb) in JOINING
    passing = not own and place is None and not joins
    passing = passing and not (spec.get("with_only") and pair)
    passing = passing and (definite or outer is None or rule == "meeting.in_passing")
    if passing and definite:
        rule = "meeting.definite"
    parties = {party.i: party for party in [*own, *([outer] if outer is not None else [])]}
    in_order = tuple(parties[i] for i in sorted(parties))
    return Reading(noun, rule, form, in_order, place=place, own=bool(own), passing=passing, first=first)


def _held_by_many(outer: Token | None, rule: str) -> bool:
    """`the two sides held consultations`: the subject alone is enough."""
    if outer is None or rule != "meeting.light_verb":
        return False
    body = outer.ent_type_ == "ORG" or outer.lemma_.lower() in read_lexicon("parties")["bodies"]
    return is_plural(outer) or body


def _is_event_noun(noun: Token, spec: Mapping[str, Any]) -> bool:
    """Whether the noun stands for an event by its form and by what is before it (not `meeting room`, `press conference`)."""
    if spec.get("skip") or (spec.get("plural") and noun.tag_ not in ("NNS", "NNPS")):
        return False
    if (spec.get("lower") and noun.pos_ == "PROPN") or (
        noun.dep_ == "compound" and noun.head.pos_ in ("NOUN", "PROPN") and host_of(noun, spec) == noun
    ):
        return False
    return not _words_before(noun) & set(read_lexicon("meeting")["not_before"])


def host_of(noun: Token, spec: Mapping[str, Any]) -> Token:
    """The noun that stands in the sentence for the meeting noun: `effort` of `mediation effort`, `round` of `a round of talks`."""
    hosts = read_lexicon("meeting")["hosts"]
    head = noun.head
    if spec.get("host") and noun.dep_ == "compound" and head.lemma_.lower() in hosts:
        return head
    if noun.dep_ == "pobj" and head.lower_ == "of" and head.head.lemma_.lower() in hosts:
        return head.head
    return noun


def _words_before(noun: Token) -> set[str]:
    return {word.lower_ for child in noun.lefts for word in child.subtree if word.dep_ != "poss" and word.i < noun.i}


def _is_elsewhere(key: str, own: list[Token], outer: Token | None) -> bool:
    """Court hearings, sittings of parliaments, meetings of shareholders."""
    lexicon = read_lexicon("meeting")
    if any(party.lemma_.lower() in lexicon["not_with"] for party in own):
        return True
    parties = [*own, *([outer] if outer is not None else [])]
    return key in lexicon["sittings"] and any(party.lemma_.lower() in lexicon["sitting_bodies"] for party in parties)


def _choose_format(noun: Token, key: str, form: str) -> tuple[str, Token | None]:
    """The noun's format, changed by what stands before it (`phone call`, `cabinet meeting`), and the first word of the trigger."""
    modifiers = read_lexicon("meeting")["modifiers"]
    for child in noun.lefts:
        if child.lower_ in modifiers["call"] and child.dep_ in ("compound", "amod", "nmod"):
            return "call", child
    if form == "in_person" and key == "meeting" and _words_before(noun) & set(modifiers["conference"]):
        return "conference", None
    return form, None


def _calls_somebody(noun: Token) -> bool:
    """`July 25 call with the president`, not `a call for talks`."""
    if any(
        child.dep_ == "acl" or (child.dep_ == "prep" and child.lower_ in ("for", "to", "on", "from"))
        for child in noun.children
    ):
        return False
    if any(child.dep_ == "poss" and is_party(child) for child in noun.children):
        return any(child.ent_type_ == "DATE" for child in noun.children)
    return any(child.dep_ == "prep" and child.lower_ in ("with", "between") for child in noun.children)


def _own_parties(noun: Token) -> list[Token]:
    found = [child for child in noun.children if child.dep_ == "poss" and is_party(child)]
    found += _named_before(noun)
    for prep in prepositions_in(noun, ("with", "between", "among", "amongst", "of", "by", "involving")):
        party = pobj_of(prep)
        if party is None or not is_party(party):
            continue
        if prep.lower_ == "of" and noun.lemma_.lower() in ("visit", "trip", "tour"):
            continue
        if prep.lower_ in ("of", "by") and prep.head != noun and not _after_place(prep, noun):
            continue
        if (
            prep.lower_ == "with"
            and prep.head.pos_ in ("NOUN", "PROPN")
            and prep.head != noun
            and _has_with(noun, prep)
        ):
            continue
        found.append(party)
    for child in noun.children:
        if (
            child.dep_ == "acl"
            and child.tag_ == "VBN"
            and lemma_of(child) in ("attend", "host", "chair", "hold", "convene", "lead")
        ):
            agent = agent_of(child)
            if agent is not None and is_party(agent):
                found.append(agent)
        elif child.dep_ == "acl" and child.tag_ == "VBG" and lemma_of(child) == "involve":
            found += [c for c in child.children if c.dep_ == "dobj" and is_party(c)]
    return found


def _after_place(prep: Token, noun: Token) -> bool:
    """`the convention in Kansas City of the association`."""
    inner = prep.head
    return (
        prep.lower_ == "of"
        and inner.dep_ == "pobj"
        and inner.head.head == noun
        and inner.ent_type_ in ("GPE", "LOC", "FAC")
    )


def _has_with(noun: Token, other: Token) -> bool:
    return any(
        child.dep_ == "prep" and child.lower_ in ("with", "between") and child != other for child in noun.children
    )


def _named_before(noun: Token) -> list[Token]:
    """`US-China trade talks`, `the OPEC meeting`, `Russian-Armenian talks`; a lone town in front is where it took place."""
    start = noun.left_edge.i
    poss = [range(child.left_edge.i, child.i + 1) for child in noun.lefts if child.dep_ == "poss"]
    tokens = [
        token
        for token in noun.doc[start : noun.i]
        if not any(token.i in span for span in poss)
        and not (noun.ent_iob_ == "I" and _same_entity(token, noun))
        and token.pos_ in ("PROPN", "ADJ", "NOUN")
        and token.ent_type_ in NAMED
    ]
    tokens = [t for t in tokens if t.pos_ != "ADJ" or t.ent_type_ != "NORP" or find_demonym(t.text) is not None]
    heads = [
        token
        for token in tokens
        if not (
            token.i + 1 < noun.i
            and noun.doc[token.i + 1].ent_iob_ == "I"
            and noun.doc[token.i + 1].text not in ("-", "–", "/")
        )
    ]
    town = len(heads) == 1 and heads[0].ent_type_ == "GPE" and country_code(heads[0].text) is None
    if town and (geocode(heads[0].text)[1] is not None or noun.lemma_.lower() in ("meeting", "summit", "conference")):
        # "the Venice meeting"; "G7", "G20" are no towns
        return [heads[0]] if any(char.isdigit() for char in heads[0].text) else []
    if not heads:
        bodies = read_lexicon("parties")["meeting_bodies"]
        heads = [child for child in noun.lefts if child.dep_ == "compound" and child.lemma_.lower() in bodies]
    return heads


def _same_entity(token: Token, noun: Token) -> bool:
    """True for the first words of a name that the noun ends (`Republican National Convention`)."""
    return all(noun.doc[i].ent_iob_ == "I" for i in range(token.i + 1, noun.i + 1))


def _carrier(noun: Token) -> tuple[Token | None, Token | None, str]:
    """The verb that carries the noun, its party, and the rule's name."""
    lexicon = read_lexicon("meeting")
    node = noun
    while node.dep_ == "conj" and node.head.pos_ in ("NOUN", "PROPN"):
        node = node.head
    head = node.head
    if node.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
        if node.dep_ == "nsubjpass" or (node.dep_ == "dobj" and is_passive(head)):
            agent = agent_of(head)
            return head, agent if agent is not None and is_party(agent) else None, "meeting.light_verb"
        if node.dep_ == "nsubj":
            return head, None, "meeting.noun"
        if lemma_of(head) in lexicon["light"]:
            subject = subject_of(head)
            party = (
                subject
                if subject is not None and is_party(subject) and lemma_of(head) not in lexicon["not_party_verbs"]
                else None
            )
            return head, party, "meeting.light_verb"
        return None, None, "meeting.noun"
    if node.dep_ == "pobj" and head.lower_ in lexicon["carried_by"]:
        governor = head.head
        while governor.dep_ == "prep":
            governor = governor.head
        if governor.pos_ in ("VERB", "AUX"):
            subject = agent_of(governor) if is_passive(governor) else subject_of(governor)
            people = subject is not None and is_party(subject) and subject.ent_type_ != "ORG"
            light = lemma_of(governor) in lexicon["light"]
            return governor, subject if people else None, "meeting.light_verb" if light else "meeting.in_passing"
    return None, None, "meeting.noun"


def _is_assembly(parties: list[Token]) -> bool:
    """One body, or many unnamed parties (`the board's meeting`, `a meeting of six nations`)."""
    if (
        len(parties) != 1
        or parties[0].head.lower_ == "with"
        or parties[0].ent_type_ == "PERSON"
        or parties[0].pos_ == "PRON"
    ):
        return False
    party = parties[0]
    if party.lemma_.lower() in ("cabinet", "side", "pair", "duo") or party.conjuncts:
        return False
    if party.ent_type_ == "ORG" or (party.lemma_.lower() in read_lexicon("parties")["bodies"] and party.tag_ == "NN"):
        return True
    few = any(child.dep_ == "nummod" and child.lower_ in ("two", "2") for child in party.children)
    return party.tag_ == "NNS" and party.head.lower_ == "of" and not few


def _sought_parties(noun: Token) -> list[Token]:
    """`a meeting X wanted with Y`, `the talks that X proposed to Y`: the clause after the noun says who."""
    for clause in noun.children:
        if clause.dep_ != "relcl" or lemma_of(clause) not in read_lexicon("meeting")["light"]:
            continue
        subject = next((c for c in clause.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")), None)
        if (
            subject is None
            or not is_party(subject)
            or any(c.dep_ == "dobj" and c.tag_ != "WDT" for c in clause.children)
        ):
            continue
        partners = (pobj_of(prep) for prep in prepositions_in(clause, ("with", "to")))
        return [subject, *(party for party in partners if party is not None and is_party(party))]
    return []


def _is_partner(party: Token, noun: Token) -> bool:
    """True for a party that only stands after `with`."""
    return party.dep_ == "pobj" and party.head.lower_ == "with" and party.i > noun.i


def _owner_above(noun: Token) -> Token | None:
    """Who meets, for `talks with X` deeper in a sentence: the owner or the subject above (`his departure from talks with X`)."""
    node = noun
    for _ in range(5):
        head = node.head
        if head == node:
            return None
        poss = next((c for c in head.children if c.dep_ == "poss" and c != node), None) if head.pos_ == "NOUN" else None
        if poss is not None and is_party(poss):
            return poss
        if head.pos_ in ("VERB", "AUX"):
            if lemma_of(head) in read_lexicon("meeting")["not_party_verbs"] and node.dep_ not in ("pcomp", "prep"):
                return None
            subject = agent_of(head) if is_passive(head) else subject_of(head)
            return subject if subject is not None and subject != noun and is_party(subject) else None
        node = head
    return None


def _with_of_verb(verb: Token, noun: Token) -> list[Token]:
    """Parties that hang on the carrying verb: `held talks in Jordan with the king`."""
    if lemma_of(verb) not in read_lexicon("meeting")["light"]:
        return []
    found = []
    for prep in prepositions_in(verb, ("with", "between"), after=noun.i):
        party = pobj_of(prep)
        if party is not None and is_party(party):
            found.append(party)
    return found


def _visit_place(noun: Token) -> str | None:
    for prep in prepositions_in(noun, ("to", "of", "in", "through")):
        target = pobj_of(prep)
        if target is not None:
            name = name_place(target)
            if name is not None:
                return name
    return None
