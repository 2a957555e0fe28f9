"""Reads event nouns: which meeting a noun such as `talks` or `summit` tells of."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from spacy.tokens import Token

from transforms.events.clauses import pobj_of, prepositions_in
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_carriers import Carrier, find_carrier
from transforms.events.meeting_parties import (
    are_several,
    is_assembly,
    is_general_assembly,
    is_official,
    is_partner,
    own_parties,
    owner_above,
    settle_parties,
    sought_parties,
    town_before,
    with_of_verb,
)
from transforms.events.parties import is_party, is_plural
from transforms.events.places import name_place

DEFINITE = frozenset({"the", "this", "that", "these", "those", "such", "its"})


JOINING = frozenset(
    {
        "attend",
        "join",
        "host",
        "chair",
        "participate",
        "boycott",
        "skip",
        "miss",
        "address",
        "call",
        "convene",
        "co-chair",
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A meeting as it was read in a sentence, before names, times and modality.

    Attributes:
        parties: heads of the noun phrases of those who meet, in the order of the text.
        place: where it took place, by its own words. frame: the place of the visit that it was part of. host: the noun that stands for the trigger (`round` of `a round of talks`).
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
    frame: str | None = None
    host: Token | None = None
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
    if _is_treaty(noun) or _is_verb_of_saying(noun) or _is_backdrop(noun):
        return None
    host = noun.head if _is_subject_of_noun(noun) else host_of(noun, spec)
    own = [
        p for p in own_parties(noun) if not (spec.get("with_only") and p.dep_ == "compound" and p.ent_type_ == "ORG")
    ]
    if host != noun:
        own += [party for party in own_parties(host) if party not in own]
    carrier = find_carrier(host) if not _is_subject_of_noun(noun) else Carrier()
    verb, rule = carrier.verb, carrier.rule
    if key == "call" and form == "call" and first is None and not (_calls_somebody(noun) or len(carrier.parties) > 1):
        return None
    if _is_elsewhere(key, own, carrier.parties):
        return None
    sought = sought_parties(noun)
    if sought:
        return Reading(noun, "meeting.sought", form, tuple(sought), own=True, first=first)
    if verb is not None:
        own += [party for party in with_of_verb(verb, noun) if party not in own]
    claims = list(own)
    own, outers = settle_parties(noun, own, carrier)
    pair = len(own) > 1 or len(outers) > 1 or (bool(outers) and (bool(own) or bool(outers[0].conjuncts)))
    pair = pair or any(party.head.lower_ == "between" and party.conjuncts for party in own)
    pair = pair or _held_by_many(outers, rule)
    joint = any(True for _ in prepositions_in(noun, ("with", "between")))
    if (spec.get("with_needed") and not joint and not _is_followed_by_with(noun, own)) or (
        spec.get("with_only") and not pair and not joint
    ):
        return None
    lone = _is_set(host) or (
        bool(outers) and (first is not None or spec.get("host"))
    )  # "said in a phone call", "launched a mediation effort"
    if (spec.get("event_only") and verb is None) or (spec.get("bare") and not claims and not pair and not lone):
        return None
    if noun.pos_ == "PROPN" and (verb is None or (spec.get("with_only") and not joint and noun.is_title)):
        return None  # a body or a document may bear the name
    if verb is not None and lemma_of(verb) in read_lexicon("meeting")["bringing"]:
        own += [c for c in verb.children if c.dep_ == "dobj" and is_party(c) and c not in (noun, *own, *outers)]
    if (
        not outers
        and (form == "visit" or own)
        and not is_official(noun)
        and all(is_partner(party, noun) for party in own)
    ):
        above = owner_above(noun)
        outers = (above,) if above is not None and above not in own else ()
    town = town_before(noun)
    place = _visit_place(noun) if form == "visit" else town.text if town is not None else None
    if spec.get("place") and place is None and not (outers and _is_of_countries(noun)):
        return None
    if (
        form == "in_person"
        and key == "meeting"
        and (is_assembly(claims) or (not joint and is_assembly([*own, *outers])))
    ):
        form = "conference"
    definite = any(child.dep_ == "det" and child.lower_ in DEFINITE for word in {noun, host} for child in word.lefts)
    joins = rule == "meeting.light_verb" and bool(outers) and verb is not None
    joins = joins and (carrier.takes_part or (verb is not None and lemma_of(verb) in JOINING))
    described = any(child.dep_ in ("amod", "nummod") for child in noun.lefts)
    # "their meeting" names nobody, "their previous meeting" tells of one
    named = [party for party in claims if described or party.dep_ != "poss" or party.pos_ != "PRON"]
    passing = not named and place is None and not joins and not (spec.get("with_only") and pair)
    passing = passing and (definite or not outers or (rule == "meeting.in_passing" and not are_several(outers)))
    passing = passing or (
        noun.tag_ == "NNS" and rule == "meeting.in_passing" and key in ("meeting", "session") and not joint
    )
    if _is_show(noun, own, outers, rule, joins):
        passing = True
        if noun.pos_ == "PROPN" or key == "debate" or (key == "convention" and _is_of_party(noun)):
            return None
    if definite and (passing or not (own or outers)):
        rule = "meeting.definite"
    parties = {party.i: party for party in [*own, *outers]}
    in_order = tuple(parties[i] for i in sorted(parties))
    return Reading(noun, rule, form, in_order, place=place, host=host, own=bool(own), passing=passing, first=first)


def _is_followed_by_with(noun: Token, own: list[Token]) -> bool:
    """`the pope's audience earlier that year with the president`, the partner hung on the verb above."""
    return bool(own) and any(
        token.lower_ == "with" and token.dep_ == "prep" and (party := pobj_of(token)) is not None and is_party(party)
        for token in noun.doc[noun.i + 1 : min(noun.i + 8, noun.sent.end)]
    )


def _is_of_countries(noun: Token) -> bool:
    """`a four-nation tour`, `a diplomatic trip`: on business abroad, wherever."""
    before = _words_before(noun)
    return bool(before & {"nation", "country", "diplomatic", "official", "state"}) or any(
        word.endswith(("-nation", "-country")) for word in before
    )


def _is_set(host: Token) -> bool:
    """`this round of consultations is scheduled for Monday`: told of itself."""
    courses = (*read_lexicon("meeting")["phases"], "schedule", "plan", "set", "slate", "expect")
    subject = host.dep_ in ("nsubj", "nsubjpass") and lemma_of(host.head) in courses
    return subject and any(child.lower_ in DEFINITE for child in host.lefts)


def _is_backdrop(noun: Token) -> bool:
    """`on the sidelines of the summit`: where others met; `under the mediation of X`: by whose help."""
    if (
        noun.lemma_.lower() == "mediation"
        and noun.dep_ == "pobj"
        and noun.head.lower_ in ("with", "under", "through", "via")
    ):
        return True
    return noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_.lower() in ("sideline", "margin")


def _is_treaty(noun: Token) -> bool:
    """`withdrew from the Lisbon Convention`, `under the 1951 Convention`, `lives by its conventions`."""
    if noun.lemma_.lower() not in ("convention", "congress"):
        return False
    via = noun.head if noun.dep_ == "pobj" else None
    if via is not None and via.lower_ in ("under", "by", "against"):
        return noun.lower_ != "convention" or noun.pos_ == "PROPN" or via.lower_ != "by" or noun.tag_ == "NNS"
    verb = via.head if via is not None else noun.head
    return noun.pos_ == "PROPN" and lemma_of(verb) in read_lexicon("meeting")["treaty_verbs"]


def _is_verb_of_saying(noun: Token) -> bool:
    """`Lee talks about unity`, its verb taken for a noun."""
    before = noun.nbor(-1) if noun.i > 0 else noun
    after = noun.nbor(1).lower_ if noun.i + 1 < len(noun.doc) else ""
    return (
        noun.lower_ in ("talks", "visits", "calls")
        and after in ("about", "of")
        and before.pos_ == "PROPN"
        and before.ent_type_ == "PERSON"
        and noun.dep_ == "ROOT"
    )


def _is_of_party(convention: Token) -> bool:
    """`the Republican convention`, `a contested convention`: delegates nominate there, nobody meets a counterpart."""
    words = {word.lemma_.lower() for child in convention.children for word in child.subtree if word.i < convention.i}
    return bool(words & set(read_lexicon("meeting")["party_conventions"]))


def _is_show(noun: Token, own: list[Token], outers: Sequence[Token], rule: str, joins: bool) -> bool:
    """`spoke at the party's convention`, `conducted two lively sessions`: an event for an audience, no meeting of parties."""
    if noun.lemma_.lower() not in read_lexicon("meeting")["shows"] or joins:
        return False
    if noun.lemma_.lower() == "debate":
        many = any(is_plural(outer) for outer in outers)  # "in their first debate, Lee and Chen …"
        return not many and len(own) < 2 and not any(True for _ in prepositions_in(noun, ("with", "between")))
    if noun.lemma_.lower() == "convention" and _is_of_party(noun):
        return True
    if rule in ("meeting.in_passing", "meeting.noun"):
        return len(own) < 2 and not any(True for _ in prepositions_in(noun, ("with", "between")))
    if (
        not own
        and noun.dep_ == "pobj"
        and noun.head.lower_ == "to"
        and lemma_of(noun.head.head) in ("take", "bring", "carry")
    ):
        return True  # "take the campaign all the way to the convention"
    return not own and bool(outers) and not any(map(is_plural, outers)) and noun.tag_ == "NNS"


def _held_by_many(outers: Sequence[Token], rule: str) -> bool:
    """`the two sides held consultations`: the subject alone is enough."""
    if not outers or rule != "meeting.light_verb":
        return False
    outer = outers[0]
    body = outer.ent_type_ == "ORG" or outer.lemma_.lower() in read_lexicon("parties")["bodies"]
    return is_plural(outer) or body


def _is_event_noun(noun: Token, spec: Mapping[str, Any]) -> bool:
    """Whether the noun stands for an event by its form and by what is before it (not `meeting room`, `press conference`)."""
    many = noun.tag_ in ("NNS", "NNPS")
    if spec.get("skip") or (spec.get("plural") and not many) or (spec.get("single") and many):
        return False
    if (spec.get("lower") and noun.pos_ == "PROPN" and not is_general_assembly(noun)) or (
        noun.dep_ == "compound"
        and noun.head.pos_ in ("NOUN", "PROPN")
        and host_of(noun, spec) == noun
        and not _is_subject_of_noun(noun)
    ):
        return False
    return not _words_before(noun) & set(read_lexicon("meeting")["not_before"])


def _is_subject_of_noun(noun: Token) -> bool:
    """`trade talks resume in Lima`, the verb taken for a noun."""
    return noun.tag_ == "NNS" and noun.head.i == noun.i + 1 and noun.head.lower_ in read_lexicon("meeting")["phases"]


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


def _is_elsewhere(key: str, own: list[Token], outers: Sequence[Token]) -> bool:
    """Court hearings, sittings of parliaments, meetings of shareholders."""
    lexicon = read_lexicon("meeting")
    if any(party.lemma_.lower() in lexicon["not_with"] for party in own):
        return True
    parties = [
        party
        for party in (*own, *outers)
        if party.text not in _names_of_houses(party) and not is_general_assembly(party)
    ]
    if any(party.dep_ == "pobj" and party.head.lower_ in ("with", "between") for party in own):
        return False  # "a meeting with lawmakers"
    return key in lexicon["sittings"] and any(party.lemma_.lower() in lexicon["sitting_bodies"] for party in parties)


def _names_of_houses(party: Token) -> tuple[str, ...]:
    """The White House sits in no session."""
    return ("House",) if party.i > 0 and party.nbor(-1).text in ("White", "Blue", "Opera") else ()


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


def _visit_place(noun: Token) -> str | None:
    for prep in prepositions_in(noun, ("to", "of", "in", "through")):
        target = pobj_of(prep)
        if target is None:
            continue
        name = name_place(target, bare=True)
        town = next((c for c in target.lefts if c.dep_ == "poss" and c.ent_type_ == "GPE"), None)
        if target.tag_ == "NN" and town is not None:  # "Rome's main synagogue"
            return target.doc[town.left_edge.i : target.i + 1].text
        if name is not None and not name.islower():
            return name
        if target.tag_ == "NNS" and target.lower_ in ("capitals", "countries", "nations", "states", "cities"):
            described = [c for c in target.lefts if c.dep_ in ("amod", "compound", "poss")]
            return target.doc[described[0].left_edge.i : target.i + 1].text if described else None
    return None
