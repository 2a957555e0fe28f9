"""Reads nouns as withdrawals: `the withdrawal of the troops from`, `his resignation as`, `Norland's exit from`."""

from spacy.tokens import Token

from transforms.events.clauses import pobj_of, subject_of
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.parties import is_party
from transforms.events.withdrawal_kinds import classify
from transforms.events.withdrawal_readings import Reading, find_source, party_of


def read_noun(noun: Token) -> Reading | None:
    """Reads `withdrawal`, `exit`, `resignation` …: actor and object from possessor, `of`, `by` and what stands before."""
    lexicon = read_lexicon("withdrawal")
    spec = lexicon["nouns"].get(noun.lemma_.lower())
    if spec is None or (noun.dep_ == "compound" and noun.head.pos_ in ("NOUN", "PROPN")):
        return None
    owner = next((child for child in noun.children if child.dep_ == "poss"), None)
    by = next((pobj_of(c) for c in noun.children if c.dep_ == "prep" and c.lower_ == "by"), None)
    of = next((pobj_of(c) for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    source = find_source(noun, [word for word in spec.get("source", ()) if word != "of"])
    before = [c for c in noun.lefts if c.dep_ in ("compound", "amod", "nmod")]
    nation = next((c for c in before if c.ent_type_ in ("GPE", "NORP", "ORG")), None)
    led = next((c for c in before if c != nation and c.tag_ not in ("VBN", "VBG") and classify(c) is not None), None)
    if any(c.lemma_.lower() in lexicon["not_objects"] for c in before):
        return None  # "cash withdrawals"
    own = owner is not None and owner.pos_ == "PRON"
    actor = (_carrier_subject(noun) if own else None) or party_of(owner) or party_of(by)
    thing: Token | None = None
    if of is not None:
        if actor is None and is_party(of) and classify(of) not in ("military", "proposal", "support", "diplomat"):
            actor = of
        else:
            thing = of
    elif owner is not None and actor is None:
        thing = owner
    actor = actor or nation
    thing = thing or led
    if actor is None and thing is None:
        actor = _carrier_subject(noun)
    if actor is None and thing is None and source is None:
        return None
    if spec.get("owner") and source is None and actor is None:
        return None
    reading = Reading(noun, "withdrawal.noun", spec, actor, thing, source)
    return reading


def _carrier_subject(noun: Token) -> Token | None:
    """`tendered a resignation`, `announced the withdrawal`: the verb's subject leaves."""
    letter = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ == "of" else noun
    noun = letter if letter.lemma_.lower() == "letter" else noun  # `handed in a letter of resignation`
    verb = noun.head
    if (
        noun.dep_ == "dobj"
        and verb.pos_ == "VERB"
        and lemma_of(verb)
        in (
            "tender",
            "send",
            "submit",
            "announce",
            "hand",
            "offer",
            "complete",
            "begin",
            "start",
            "make",
            "threaten",
            "consider",
            "plan",
            "order",
        )
    ):
        return party_of(subject_of(verb))
    return None
