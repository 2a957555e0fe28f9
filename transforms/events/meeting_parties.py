"""Who takes part in the meeting that a noun tells of: its own complements, what carries it, what is above it."""

import re

from spacy.tokens import Token

from transforms.events.clauses import agent_of, is_passive, pobj_of, prepositions_in
from transforms.events.gazetteer import country_code, geocode, is_town
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_subjects import doer_of
from transforms.events.name_lists import Country, find_country, find_demonym, find_seat
from transforms.events.parties import is_party
from transforms.events.places import is_site

NAMED = frozenset({"GPE", "NORP", "ORG", "PERSON"})


def own_parties(noun: Token) -> list[Token]:
    """Parties in the noun phrase itself: possessor, names before it, `with`, `between`, `of`, `attended by`."""
    found = [child for child in noun.children if child.dep_ == "poss" and is_party(child)]
    found += _named_before(noun)
    words = ["with", "between", "among", "amongst", "of", "by", "involving"]
    if noun.lemma_.lower() in read_lexicon("meeting")["meals"] and noun.dep_ == "dobj":
        words.append("for")  # "hosted a dinner for X"
        honoured = [
            pobj_of(of)
            for honour in noun.doc[noun.i + 1 : noun.right_edge.i + 1]
            if honour.lower_ == "honour" or honour.lower_ == "honor"
            for of in honour.children
            if of.lower_ == "of"
        ]
        found += [party for party in honoured if party is not None and is_party(party)]
    for prep in prepositions_in(noun, tuple(words)):
        party = pobj_of(prep)
        if party is None or not is_party(party):
            continue
        travels = noun.lemma_.lower() in ("visit", "trip", "tour")
        if prep.lower_ == "of" and travels and (party.ent_type_ in ("GPE", "LOC", "FAC") or is_site(party)):
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
        elif child.dep_ == "acl" and child.tag_ == "VBN" and lemma_of(child) in ("plan", "schedule", "arrange", "set"):
            partners = (pobj_of(prep) for prep in prepositions_in(child, ("with", "between")))
            found += [party for party in partners if party is not None and is_party(party)]
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
        and token.lower_ != "state"  # "a state visit"
        and not _is_broker(token)
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
    town = len(heads) == 1 and (heads[0].ent_type_ == "GPE" and country_code(heads[0].text) is None)
    town = town or town_before(noun) in heads
    if town and (geocode(heads[0].text)[1] is not None or noun.lemma_.lower() in ("meeting", "summit", "conference")):
        # "the Venice meeting"; "G7", "G20" are no towns
        return [heads[0]] if any(char.isdigit() for char in heads[0].text) else []
    heads = [head for head in heads if not is_site(head)]
    people = [child for child in noun.lefts if child.dep_ == "compound" and child.tag_ == "NNS" and is_party(child)]
    if people:  # "EU foreign ministers meeting here"
        return people
    heads += [token for token in noun.doc[start : noun.i] if token not in heads and split_pair(token)]
    if not heads:
        bodies = read_lexicon("parties")["meeting_bodies"]
        heads = [child for child in noun.lefts if child.dep_ == "compound" and child.lemma_.lower() in bodies]
    return heads


def town_before(noun: Token) -> Token | None:
    """`the Oslo meeting`, whose town the model takes for a body."""
    before = noun.nbor(-1) if noun.i > noun.sent.start else noun
    alone = before.dep_ == "compound" and before.head == noun and not any(before.lefts) and before.pos_ == "PROPN"
    alone = alone and before.ent_iob_ == "B"  # not the `Union` of `the African Union summit`
    return before if alone and before.ent_type_ == "ORG" and before.is_title and is_town(before.text) else None


def _is_broker(token: Token) -> bool:
    """`UN-brokered talks`: who stands behind them, not who talks."""
    after = token.doc[token.i + 1 : token.i + 3]
    return len(after) == 2 and after[0].text == "-" and after[1].lower_ in read_lexicon("meeting")["brokered"]


def split_pair(token: Token) -> list[Country]:
    """The countries of `US-China` or `Russian-Armenian`, written as one word."""
    parts = re.split(r"[-–/]", token.text) if token.text[:1].isupper() else []
    led = len(parts) == 2 and parts[1] == "led"  # "US-led talks"
    found = [find_country(part) or find_demonym(part) or find_seat(part) for part in parts] if len(parts) == 2 else []
    known = [country for country in found if country is not None and country.name is not None]
    return known if len(known) > 1 or led else []


def _same_entity(token: Token, noun: Token) -> bool:
    """True for the first words of a name that the noun ends (`Republican National Convention`)."""
    return all(noun.doc[i].ent_iob_ == "I" for i in range(token.i + 1, noun.i + 1))


def is_assembly(parties: list[Token]) -> bool:
    """One body, or many unnamed parties (`the board's meeting`, `a meeting of six nations`)."""
    parties = [party for party in parties if not (party.dep_ == "poss" and party.pos_ == "PRON")]
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
    if party.ent_type_ == "ORG" or (
        party.lemma_.lower() in read_lexicon("parties")["bodies"] and party.tag_ in ("NN", "NNP")
    ):
        return True
    few = any(child.lower_ in ("two", "2", "both") for child in party.children)
    if party.dep_ == "nsubj" and party.lemma_.lower() in read_lexicon("meeting")["conferring"]:
        return party.tag_ == "NNS" and not few  # "finance ministers held a meeting"
    return (
        party.tag_ in ("NNS", "NNPS") and (party.head.lower_ == "of" or party.dep_ in ("compound", "poss")) and not few
    )


def sought_parties(noun: Token) -> list[Token]:
    """`a meeting X wanted with Y`, `the talks that X proposed to Y`: the clause after the noun says who."""
    for clause in noun.children:
        if clause.dep_ != "relcl" or lemma_of(clause) not in read_lexicon("meeting")["sought"]:
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


def is_partner(party: Token, noun: Token) -> bool:
    """True for a party that only stands after `with`."""
    return party.dep_ == "pobj" and party.head.lower_ == "with" and party.i > noun.i


def owner_above(noun: Token) -> Token | None:
    """Who meets, for `talks with X` deeper in a sentence: the owner or the subject above (`his departure from talks with X`)."""
    node = noun
    for _ in range(5):
        head = node.head
        if head == node:
            return None
        poss = next((c for c in head.children if c.dep_ == "poss" and c != node), None) if head.pos_ == "NOUN" else None
        if poss is not None and is_party(poss):
            return poss
        if head.lemma_.lower() in read_lexicon("meeting")["moves"]:  # "the arrival of X for talks"
            mover = next((pobj_of(c) for c in head.children if c.lower_ in ("of", "by") and c.i < noun.i), None)
            if mover is not None and is_party(mover):
                return mover
        if head.pos_ in ("VERB", "AUX"):
            speaks = lemma_of(head) in read_lexicon("meeting")["not_party_verbs"] and node.dep_ not in ("pcomp", "prep")
            if speaks and lemma_of(head) not in ("announce", "confirm", "propose", "discuss", "describe", "hail"):
                return None
            if is_passive(head):
                return None
            subject = doer_of(head)
            if speaks and (subject is None or subject.ent_type_ != "PERSON"):
                return None
            return subject if subject is not None and subject != noun and is_party(subject) else None
        node = head
    return None


def with_of_verb(verb: Token, noun: Token) -> list[Token]:
    """Parties that hang on the carrying verb: `held talks in Jordan with the king`."""
    if lemma_of(verb) not in read_lexicon("meeting")["light"] or (noun.dep_ == "pobj" and noun.i < verb.i):
        return []
    found = []
    words = ("with", "between", "by") if noun.lemma_.lower() == "mediation" else ("with", "between")
    for prep in prepositions_in(verb, words, after=noun.i):
        party = pobj_of(prep)
        if party is not None and is_party(party):
            found.append(party)
    return found


def is_general_assembly(noun: Token) -> bool:
    """The United Nations' Assembly is no parliament: those who come to it meet."""
    return noun.lower_ == "assembly" and noun.i > 0 and noun.nbor(-1).lower_ == "general"
