"""Reads event nouns: which meeting a noun such as `talks` or `summit` tells of."""

import dataclasses
from collections.abc import Sequence

from spacy.tokens import Token

from transforms.events.clauses import prepositions_in
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_carriers import Carrier, find_carrier
from transforms.events.meeting_parties import (
    is_assembly,
    is_partner,
    own_parties,
    owner_above,
    sought_parties,
    town_before,
    with_of_verb,
)
from transforms.events.meeting_senses import (
    DEFINITE,
    calls_somebody,
    choose_format,
    host_of,
    is_backdrop,
    is_elsewhere,
    is_event_noun,
    is_followed_by_with,
    is_of_countries,
    is_of_party,
    is_set,
    is_show,
    is_subject_of_noun,
    is_treaty,
    is_verb_of_saying,
    visit_place,
)
from transforms.events.meeting_settling import are_several, is_official, settle_parties
from transforms.events.parties import is_party, is_plural

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
    if spec is None or not is_event_noun(noun, spec):
        return None
    form, first = choose_format(noun, key, spec["format"])
    if is_treaty(noun) or is_verb_of_saying(noun) or is_backdrop(noun):
        return None
    host = noun.head if is_subject_of_noun(noun) else host_of(noun, spec)
    own = [
        p for p in own_parties(noun) if not (spec.get("with_only") and p.dep_ == "compound" and p.ent_type_ == "ORG")
    ]
    if host != noun:
        own += [party for party in own_parties(host) if party not in own]
    carrier = find_carrier(host) if not is_subject_of_noun(noun) else Carrier()
    verb, rule = carrier.verb, carrier.rule
    if key == "call" and form == "call" and first is None and not (calls_somebody(noun) or len(carrier.parties) > 1):
        return None
    if is_elsewhere(key, own, carrier.parties):
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
    if (spec.get("with_needed") and not joint and not is_followed_by_with(noun, own)) or (
        spec.get("with_only") and not pair and not joint
    ):
        return None
    lone = is_set(host) or (
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
    place = visit_place(noun) if form == "visit" else town.text if town is not None else None
    if spec.get("place") and place is None and not (outers and is_of_countries(noun)):
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
    if is_show(noun, own, outers, rule, joins):
        passing = True
        if noun.pos_ == "PROPN" or key == "debate" or (key == "convention" and is_of_party(noun)):
            return None
    if definite and (passing or not (own or outers)):
        rule = "meeting.definite"
    parties = {party.i: party for party in [*own, *outers]}
    in_order = tuple(parties[i] for i in sorted(parties))
    return Reading(noun, rule, form, in_order, place=place, host=host, own=bool(own), passing=passing, first=first)


def _held_by_many(outers: Sequence[Token], rule: str) -> bool:
    """`the two sides held consultations`: the subject alone is enough."""
    if not outers or rule != "meeting.light_verb":
        return False
    outer = outers[0]
    body = outer.ent_type_ == "ORG" or outer.lemma_.lower() in read_lexicon("parties")["bodies"]
    return is_plural(outer) or body
