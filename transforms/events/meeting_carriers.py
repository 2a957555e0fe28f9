"""The verb that carries a meeting noun, and who takes part by it: subject, agent, whoever is told something there."""

import dataclasses

from spacy.tokens import Token

from transforms.events.clauses import agent_of, is_passive, pobj_of, prepositions_in
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_subjects import doer_of
from transforms.events.parties import is_party

AT = frozenset({"in", "at", "on", "during", "over", "via", "by"})
WITHIN = frozenset({"in", "into", "to", "for"})


@dataclasses.dataclass(frozen=True, slots=True)
class Carrier:
    """What a meeting noun hangs on.

    Attributes:
        verb: None where no verb carries it.
        parties: heads of the phrases of those who take part by the verb.
        rule: `meeting.light_verb`, `meeting.in_passing` or, without a verb that tells of it, `meeting.noun`.
        takes_part: whether the words are that somebody takes part in it.
    """

    verb: Token | None = None
    parties: tuple[Token, ...] = ()
    rule: str = "meeting.noun"
    takes_part: bool = False


def find_carrier(noun: Token) -> Carrier:
    """Finds the verb that carries the noun and its parties."""
    node = noun
    while node.dep_ == "conj" and node.head.pos_ in ("NOUN", "PROPN"):
        node = node.head
    head = node.head
    if node.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
        return _carried_as_argument(node, head)
    if node.dep_ == "pobj" and head.lower_ in read_lexicon("meeting")["carried_by"]:
        return _carried_by_preposition(head)
    return Carrier()


def _carried_as_argument(node: Token, verb: Token) -> Carrier:
    lexicon = read_lexicon("meeting")
    lemma = lemma_of(verb)
    if node.dep_ == "nsubjpass" or (node.dep_ == "dobj" and is_passive(verb)):
        return Carrier(verb, _only_parties([agent_of(verb)]), "meeting.light_verb")
    if node.dep_ == "nsubj":
        brought = [child for child in verb.children if child.dep_ == "dobj"] if lemma in lexicon["gathering"] else []
        return Carrier(verb, _only_parties(brought))
    subject = _only_parties([doer_of(verb)])
    if lemma in lexicon["told_to"]:
        return Carrier(verb, subject, "meeting.light_verb")
    if lemma not in lexicon["light"]:
        return Carrier()
    convenes = lemma == "call" and node.dep_ == "dobj"
    return Carrier(verb, subject if convenes or lemma not in lexicon["not_party_verbs"] else (), "meeting.light_verb")


def _carried_by_preposition(prep: Token) -> Carrier:
    lexicon = read_lexicon("meeting")
    verb = prep.head
    while verb.dep_ == "prep":
        verb = verb.head
    if verb.lower_ == "part" and verb.dep_ == "dobj" and lemma_of(verb.head) in ("take", "play"):
        return Carrier(verb.head, _only_parties([doer_of(verb.head)]), "meeting.light_verb", takes_part=True)
    if verb.pos_ not in ("VERB", "AUX"):
        return Carrier()
    lemma = lemma_of(verb)
    undergoing = lemma in lexicon["drawn"] and prep.lower_ in WITHIN
    there = prep.lower_ in AT  # "announced by her before the summit" tells of no part in it
    agent = agent_of(verb) if there else None
    subject = agent if is_passive(verb) and not undergoing else doer_of(verb)
    if (
        verb.dep_ == "ccomp"
        and lemma_of(verb.head) in lexicon["concluding"]
        and (subject is None or not is_party(subject))
    ):
        subject = doer_of(verb.head)  # "agreed that a truce should hold after talks in Lima"
    people = [subject] if subject is not None and subject.ent_type_ != "ORG" else []
    if prep.lower_ == "from" and lemma not in lexicon["leaving"]:
        people = []  # "await results from the meetings"
    if lemma in lexicon["raids"] and there:  # "police detained activists at a meeting"
        people = [child for child in verb.children if child.dep_ == "dobj"]
    if people and any(lemma in lexicon[name] for name in ("addressing", "bringing", "voicing")):
        people += _met_there(verb, prep, lemma)
    if is_passive(verb) and not undergoing and prep.lower_ in ("at", "in", "during"):
        patient = doer_of(verb)  # "was cheered by delegates at a convention"
        people += [patient] if people and patient is not None and patient.ent_type_ == "PERSON" else []
    light = lemma in lexicon["light"] and lemma not in lexicon["settled"]
    part = lemma in ("take", "play") and any(child.lower_ == "part" for child in verb.children)
    return Carrier(
        verb, _only_parties(people), "meeting.light_verb" if light else "meeting.in_passing", takes_part=part
    )


def _met_there(verb: Token, prep: Token, lemma: str) -> list[Token]:
    """Whom the subject meets there: `told the farmers at a meeting`, `congratulated him in a call`, `joined her for lunch`."""
    lexicon = read_lexicon("meeting")
    bringing = lemma in lexicon["bringing"]
    if is_passive(verb) or not (bringing or prep.lower_ in AT):
        return []
    found = [child for child in verb.children if child.dep_ in ("dobj", "dative")]
    if lemma in lexicon["voicing"]:  # "voiced support for him in a phone call"
        found = [
            noun for to in prepositions_in(verb, ("to", "for")) if to.i < prep.i and (noun := pobj_of(to)) is not None
        ]
        found = [noun for noun in found if noun.ent_type_ == "PERSON"]
    elif lemma not in lexicon["addressed"]:
        found += [
            noun for to in prepositions_in(verb, ("to",)) if to.head == verb and (noun := pobj_of(to)) is not None
        ]
    return [noun for noun in found if noun.lemma_.lower() not in lexicon["not_with"]]


def _only_parties(tokens: list[Token | None] | list[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token is not None and is_party(token) and token.lower_ != "you")
