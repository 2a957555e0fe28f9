"""Visits told by a journey (`travelled to Cairo`, `arrives in Ankara`) or by sending somebody (`will send a delegation to`)."""

from spacy.tokens import Token

from transforms.events.clauses import is_passive, objects_of, pobj_of, prepositions_in
from transforms.events.context import Context
from transforms.events.gazetteer import country_code, geocode
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading
from transforms.events.meeting_subjects import doer_of
from transforms.events.name_lists import find_seat
from transforms.events.parties import is_party
from transforms.events.places import name_place


def read_travel(verb: Token, context: Context) -> Reading | None:
    """Reads a journey as a visit: somebody with an office goes abroad, or a mission is sent there."""
    lexicon = read_lexicon("meeting")
    lemma = lemma_of(verb)
    if lemma in lexicon["sending"]:
        return _read_sending(verb, context)
    prepositions = lexicon["journeys"].get(lemma)
    if prepositions is None or is_passive(verb):
        return None
    traveller = doer_of(verb)
    if traveller is None or not is_party(traveller) or not holds_office(traveller, context):
        return None
    place = _place_abroad(verb, prepositions, traveller, context)
    return Reading(verb, "meeting.travel", "visit", (traveller,), place=place) if place is not None else None


def _read_sending(verb: Token, context: Context) -> Reading | None:
    lexicon = read_lexicon("meeting")
    sender, sent = doer_of(verb), next(iter(objects_of(verb)), None)
    if sender is None or sent is None or is_passive(verb) or not is_party(sender):
        return None
    if sent.lemma_.lower() not in lexicon["sent"] or any(child.lower_ in lexicon["not_sent"] for child in sent.lefts):
        return None
    place = _place_abroad(verb, ["to"], sender, context)
    return Reading(verb, "meeting.travel", "visit", (sender,), place=place) if place is not None else None


def holds_office(traveller: Token, context: Context) -> bool:
    """An official by the noun itself (`the minister`, `a delegation`) or by what the article calls the person."""
    officials = read_lexicon("meeting")["travellers"]
    if traveller.lemma_.lower() in officials:
        return True
    referent = context.names.referent(traveller)
    return referent is not None and referent.kind == "person" and any(word in officials for word in referent.words)


def _place_abroad(verb: Token, prepositions: list[str], traveller: Token, context: Context) -> str | None:
    """A foreign country or a town in one; where the traveller's country is not told, only a country or a capital will do."""
    home = context.names.referent(traveller)
    nouns = [
        pobj_of(prep)
        for prep in prepositions_in(verb, tuple(prepositions), after=verb.i)
        if prep.head.pos_ in ("VERB", "ADV", "ADP")
    ]
    if not prepositions:
        nouns = [*objects_of(verb)]
    for noun in nouns:
        name = name_place(noun) if noun is not None else None
        if noun is None or name is None or noun.ent_type_ == "FAC":
            continue
        country, latitude, _ = geocode(name)
        known = country_code(name) or (country if latitude is not None else None)
        if known is None or (home is not None and home.country == known):
            continue
        capital = find_seat(name) is not None and name != "Washington"
        if (home is not None and home.country) or country_code(name) or capital:
            return name
    return None
