"""Whether a reading is a withdrawal at all: actor, object and source have to be of the sort that the word's entry asks for."""

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.parties import is_party, is_specific
from transforms.events.withdrawal_kinds import (
    classify,
    is_company,
    is_hardware,
    is_military,
    is_person,
    is_somebody,
    tells,
    whole_of,
)
from transforms.events.withdrawal_readings import Reading

_SHOWS = frozenset({"rally", "event", "tour", "speech", "stop", "appearance", "concert", "debate"})
_PERSONAL = frozenset({"me", "him", "her", "you", "us", "them", "myself", "himself", "herself"})
# From these one withdraws also where nobody is named who does: `the vote to leave the EU`.
_NAMED_BODIES = ("organisation", "agreement")


def is_withdrawal(reading: Reading, context: Context) -> bool:
    """Judges a reading by its entry in withdrawal.yaml."""
    if reading.rule in ("withdrawal.phrase", "withdrawal.ending"):
        return reading.actor is None or (is_specific(reading.actor) and reading.actor.lower_ != "there")
    return _has_its_parts(reading) and _has_its_kind(reading, context)


def _has_its_parts(reading: Reading) -> bool:
    """Rejects what nobody withdraws, who withdraws nothing, and parts that the entry rules out."""
    lexicon, spec = read_lexicon("withdrawal"), reading.spec
    actor, thing, source = reading.actor, reading.object, reading.source
    if actor is not None and not is_specific(whole_of(actor)) and not _is_of_somebody(actor):
        return False
    idle = {*lexicon["not_actors"], *(lexicon["not_objects"] if reading.rule == "withdrawal.noun" else ())}
    if actor is not None and actor.pos_ != "PROPN" and actor.lemma_.lower() in idle:
        return False
    if thing is not None and (
        thing.lemma_.lower() in lexicon["not_objects"]
        or thing.ent_type_ == "MONEY"
        or thing.lower_.endswith(("self", "selves"))
    ):
        return False
    if (
        reading.trigger.lemma_ == "leave"
        and source is not None
        and (source.pos_ in ("NUM", "ADJ") or _is_night_out(reading.trigger, source))
    ):
        return False
    moved = thing is not None and classify(thing) == "military"
    if source is not None and (
        (source.lemma_.lower() in lexicon["not_sources"] and not moved)
        or source.ent_type_ == "MONEY"
        or (
            spec.get("from")
            and (source.tag_ == "VBG" or source.text in _PERSONAL or _is_person_name(source) or _is_room(source))
        )
    ):
        return False
    if any(token.lemma_.lower() in spec.get("without", ()) for token in (thing, source) if token is not None):
        return False
    if thing is not None and spec.get("placed") and source is None and classify(thing) is None:
        return False
    if thing is not None and spec.get("place") and classify(thing) == "candidacy" and _is_rounded_off(reading.trigger):
        return False
    return not (spec.get("listed") and _is_plain_exit(actor, source))


def _is_night_out(verb: Token, source: Token) -> bool:
    """`before leaving the club`: members leave a club for good in a clause of its own."""
    return source.lemma_ == "club" and verb.dep_ == "pcomp"


def _is_rounded_off(verb: Token) -> bool:
    """`ended his campaign with a rally`: how its last day went."""
    return any(
        c.dep_ == "prep" and c.lower_ in ("with", "at", "in") and any(n.lemma_ in _SHOWS for n in c.subtree)
        for c in verb.subtree
    )


def is_person_noun(token: Token | None) -> bool:
    """True for one person by noun, not for troops and envoys."""
    return (
        token is not None
        and token.tag_ == "NN"
        and classify(token) is None
        and token.lemma_.lower() in read_lexicon("parties")["people"]
    )


def _is_person_name(token: Token) -> bool:
    return token.ent_type_ == "PERSON" and classify(token) != "territory"


def _is_of_somebody(actor: Token) -> bool:
    """`members of his party`: whose they are singles them out."""
    owners = (c for prep in actor.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj")
    return any(owner.pos_ == "PROPN" or any(c.dep_ in ("poss", "det") for c in owner.lefts) for owner in owners)


def _is_room(source: Token) -> bool:
    """`left the office at six`; one leaves office, or the office of governor, as a post."""
    return source.lemma_.lower() == "office" and [c.lower_ for c in source.children] == ["the"]


def _has_its_kind(reading: Reading, context: Context) -> bool:
    spec, actor, thing, source = reading.spec, reading.actor, reading.object, reading.source
    if reading.rule == "withdrawal.verb" and not _is_somebodys(reading):
        return False
    if reading.rule == "withdrawal.passive" and source is None and is_person_noun(thing):
        return False  # a player is withdrawn from a match
    if spec.get("person") and actor is not None and not is_person(actor):
        return False
    if source is None and thing is None and spec.get("person_default") == "candidacy" and actor is not None:
        person = is_somebody(actor, context) or is_person_noun(actor)
        if person and not tells(context, "elections") and not tells(context, "sports"):
            return False  # who withdraws from company withdraws from nothing
    if source is None and thing is None and _leaves_after_years(reading):
        return actor is not None and is_somebody(actor, context)
    only = spec.get("only")
    if only is None:
        return not spec.get("person_alone") or _leaves_alone(reading)
    kinds = {classify(token) for token in (thing, source) if token is not None}
    if "chamber" in kinds and (actor is None or actor.tag_ != "NNS"):
        kinds -= {"chamber"}  # members walk out; one of them leaves parliament at its end
    if spec.get("from") and (actor is None or not is_military(actor, context)):
        kinds -= {"military"}  # "left his jet"
    if "military" in only and thing is None and actor is not None and is_military(actor, context):
        if spec.get("from") and source is not None and classify(source) is None:
            return not is_hardware(actor)  # "the aircraft was leaving a parking space"
        return source is None or classify(source) in (None, "military", "territory") or bool(kinds & set(only))
    if spec.get("roles") and source is None and thing is None and actor is not None and classify(actor) == "post":
        return not any(c.lower_ in ("for", "to") for c in reading.trigger.children)
    if _is_states_retreat(reading):
        return True
    if spec.get("employer") and source is not None and actor is not None and _leaves_employer(actor, source, context):
        return True
    if thing is not None and not spec.get("from"):
        kind = classify(thing)
        return kind in only and not (
            kind == "market" and spec.get("place") and classify(source or thing) != "territory"
        )
    if source is not None and "territory" in spec.get("from_kinds", ()) and classify(source) == "territory":
        return actor is not None and is_military(actor, context)  # "the force abandoned the oasis"
    if source is not None and "market" in only and classify(source) == "territory":
        return actor is not None and is_company(actor, context)
    return bool(kinds & set(only))


def _is_states_retreat(reading: Reading) -> bool:
    """`Norland's retreat from Lima`: a state's army does, where only armies do."""
    actor, source = reading.actor, reading.source
    alone = reading.spec.get("only") == ["military"] and reading.object is None and not reading.spec.get("removes")
    return alone and actor is not None and actor.ent_type_ == "GPE" and source is not None and source.pos_ == "PROPN"


def _is_somebodys(reading: Reading) -> bool:
    """Whether the subject is somebody; the thing withdrawn may tell it (`the paper retracted its claim`), or a body's name."""
    actor, thing, source = reading.actor, reading.object, reading.source
    if (
        actor is not None
        and actor.pos_ == "NOUN"
        and actor.head == reading.trigger
        and reading.trigger.lemma_ == "resign"
    ):
        return True  # only people do
    if actor is not None and (is_party(whole_of(actor)) or classify(actor) == "military" or _names_a_person(actor)):
        return True
    if actor is None:
        named = source is not None and source.pos_ == "PROPN" and classify(source) in _NAMED_BODIES
        return thing is not None or (named and reading.trigger.dep_ in ("acl", "relcl", "dobj", "xcomp"))
    return thing is not None and actor.pos_ == "NOUN" and classify(thing) in ("proposal", "support", "agreement")


def _names_a_person(token: Token) -> bool:
    """`the bank's top rainmaker, Paul Taubman,`."""
    return any(child.dep_ == "appos" and child.ent_type_ == "PERSON" for child in token.children)


def _leaves_after_years(reading: Reading) -> bool:
    """`the product chief is departing after 13 years`: years are spent in a post."""
    after = (c for c in reading.trigger.children if c.dep_ == "prep" and c.lower_ == "after")
    return any(noun.lemma_ in ("year", "decade") for prep in after for noun in prep.children)


def _leaves_alone(reading: Reading) -> bool:
    """`the minister quit`: a person does, without an object; nothing else is left but what is named as left."""
    if reading.source is not None:
        return reading.source.tag_ != "VBG"
    actor = reading.actor
    return (
        actor is not None
        and actor.ent_type_ in ("PERSON", "")
        and not any(c.dep_ == "xcomp" for c in reading.trigger.children)
    )


def _leaves_employer(actor: Token, source: Token, context: Context) -> bool:
    """`she left the network`, `Jo Berg is leaving Facebook`: a definite person leaves a definite employer."""
    if not is_somebody(actor, context):
        return False
    if source.lemma_.lower() in read_lexicon("withdrawal")["employers"]:
        return any(c.dep_ in ("det", "poss") and c.lower_ not in ("a", "an") for c in source.children)
    if source.pos_ != "PROPN" or classify(source) is not None:
        return False
    employer = context.names.referent(source)
    return employer is not None and employer.kind == "organisation"


def _is_plain_exit(actor: Token | None, source: Token | None) -> bool:
    """`his lap 48 exit`, `an emotional exit from the circuit`: somebody goes out, from nothing he was engaged in."""
    if source is not None and classify(source) is not None:
        return False
    person = actor is None or actor.ent_type_ == "PERSON"
    return person or (actor is not None and actor.lower_ in ("he", "she", "his", "her", "my", "your"))
