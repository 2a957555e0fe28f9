"""In which sense a meeting noun stands: an event or a body, a treaty, a sitting, a show; its format and the place of a visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.tokens import Token

from transforms.events.clauses import pobj_of, prepositions_in
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_parties import (
    is_general_assembly,
)
from transforms.events.parties import is_party, is_plural
from transforms.events.places import name_place

DEFINITE = frozenset({"the", "this", "that", "these", "those", "such", "its"})


def is_followed_by_with(noun: Token, own: list[Token]) -> bool:
    """`the pope's audience earlier that year with the president`, the partner hung on the verb above."""
    return bool(own) and any(
        token.lower_ == "with" and token.dep_ == "prep" and (party := pobj_of(token)) is not None and is_party(party)
        for token in noun.doc[noun.i + 1 : min(noun.i + 8, noun.sent.end)]
    )


def is_of_countries(noun: Token) -> bool:
    """`a four-nation tour`, `a diplomatic trip`: on business abroad, wherever."""
    before = _words_before(noun)
    return bool(before & {"nation", "country", "diplomatic", "official", "state"}) or any(
        word.endswith(("-nation", "-country")) for word in before
    )


def is_set(host: Token) -> bool:
    """`this round of consultations is scheduled for Monday`: told of itself."""
    courses = (*read_lexicon("meeting")["phases"], "schedule", "plan", "set", "slate", "expect")
    subject = host.dep_ in ("nsubj", "nsubjpass") and lemma_of(host.head) in courses
    return subject and any(child.lower_ in DEFINITE for child in host.lefts)


def is_backdrop(noun: Token) -> bool:
    """`on the sidelines of the summit`: where others met; `under the mediation of X`: by whose help."""
    if (
        noun.lemma_.lower() == "mediation"
        and noun.dep_ == "pobj"
        and noun.head.lower_ in ("with", "under", "through", "via")
    ):
        return True
    return noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_.lower() in ("sideline", "margin")


def is_treaty(noun: Token) -> bool:
    """`withdrew from the Lisbon Convention`, `under the 1951 Convention`, `lives by its conventions`."""
    if noun.lemma_.lower() not in ("convention", "congress"):
        return False
    via = noun.head if noun.dep_ == "pobj" else None
    if via is not None and via.lower_ in ("under", "by", "against"):
        return noun.lower_ != "convention" or noun.pos_ == "PROPN" or via.lower_ != "by" or noun.tag_ == "NNS"
    verb = via.head if via is not None else noun.head
    return noun.pos_ == "PROPN" and lemma_of(verb) in read_lexicon("meeting")["treaty_verbs"]


def is_verb_of_saying(noun: Token) -> bool:
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


def is_of_party(convention: Token) -> bool:
    """`the Republican convention`, `a contested convention`: delegates nominate there, nobody meets a counterpart."""
    words = {word.lemma_.lower() for child in convention.children for word in child.subtree if word.i < convention.i}
    return bool(words & set(read_lexicon("meeting")["party_conventions"]))


def is_show(noun: Token, own: list[Token], outers: Sequence[Token], rule: str, joins: bool) -> bool:
    """`spoke at the party's convention`, `conducted two lively sessions`: an event for an audience, no meeting of parties."""
    if noun.lemma_.lower() not in read_lexicon("meeting")["shows"] or joins:
        return False
    if noun.lemma_.lower() == "debate":
        many = any(is_plural(outer) for outer in outers)  # "in their first debate, Lee and Chen …"
        return not many and len(own) < 2 and not any(True for _ in prepositions_in(noun, ("with", "between")))
    if noun.lemma_.lower() == "convention" and is_of_party(noun):
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


def is_event_noun(noun: Token, spec: Mapping[str, Any]) -> bool:
    """Whether the noun stands for an event by its form and by what is before it (not `meeting room`, `press conference`)."""
    many = noun.tag_ in ("NNS", "NNPS")
    if spec.get("skip") or (spec.get("plural") and not many) or (spec.get("single") and many):
        return False
    if (spec.get("lower") and noun.pos_ == "PROPN" and not is_general_assembly(noun)) or (
        noun.dep_ == "compound"
        and noun.head.pos_ in ("NOUN", "PROPN")
        and host_of(noun, spec) == noun
        and not is_subject_of_noun(noun)
    ):
        return False
    return not _words_before(noun) & set(read_lexicon("meeting")["not_before"])


def is_subject_of_noun(noun: Token) -> bool:
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


def is_elsewhere(key: str, own: list[Token], outers: Sequence[Token]) -> bool:
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


def choose_format(noun: Token, key: str, form: str) -> tuple[str, Token | None]:
    """The noun's format, changed by what stands before it (`phone call`, `cabinet meeting`), and the first word of the trigger."""
    modifiers = read_lexicon("meeting")["modifiers"]
    for child in noun.lefts:
        if child.lower_ in modifiers["call"] and child.dep_ in ("compound", "amod", "nmod"):
            return "call", child
    if form == "in_person" and key == "meeting" and _words_before(noun) & set(modifiers["conference"]):
        return "conference", None
    return form, None


def calls_somebody(noun: Token) -> bool:
    """`July 25 call with the president`, not `a call for talks`."""
    if any(
        child.dep_ == "acl" or (child.dep_ == "prep" and child.lower_ in ("for", "to", "on", "from"))
        for child in noun.children
    ):
        return False
    if any(child.dep_ == "poss" and is_party(child) for child in noun.children):
        return any(child.ent_type_ == "DATE" for child in noun.children)
    return any(child.dep_ == "prep" and child.lower_ in ("with", "between") for child in noun.children)


def visit_place(noun: Token) -> str | None:
    """Where a visit goes, by its own phrase: a town, a site by its town (`Rome's main synagogue`), `European capitals`."""
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
