"""Finds withdrawals: who leaves or pulls what out of where it was engaged."""

import dataclasses
from collections.abc import Sequence

from spacy.tokens import Span, Token

from schemas.event import Actor, Withdrawal
from transforms.annotate.model import trim_span
from transforms.events.clauses import pobj_of, prepositions_in
from transforms.events.context import Context, Mention
from transforms.events.lexicon import read_lexicon
from transforms.events.modality import judge
from transforms.events.parties import is_party, is_specific, note_parties
from transforms.events.places import find_place
from transforms.events.repeats import drop_withdrawal_repeats
from transforms.events.withdrawal_kinds import (
    categorize,
    classify,
    describe,
    is_hardware,
    is_military,
    is_person,
    own_role,
    role_before,
)
from transforms.events.withdrawal_readings import Reading, read_ending, read_noun, read_phrase, read_verb

ROLE = "withdrawer"
NO_NOUNS = frozenset({"resign", "withdraw"})  # verbs whatever the tagger says ("demanded that the premier resign")
EMPLOYERS = frozenset({"company", "firm", "startup", "start-up", "corporation", "carmaker", "studio"})


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the withdrawals that a sentence reports, in the order of their triggers."""
    note_parties(context)
    mentions = []
    for token in sentence:
        reading = None
        if token.pos_ in ("VERB", "AUX") or token.tag_ in ("VBG", "VBN") or token.lower_ in NO_NOUNS:
            reading = read_phrase(token) or read_ending(token) or read_verb(token)
        elif token.pos_ in ("NOUN", "PROPN"):
            reading = read_noun(token)
        if reading is not None and _holds(reading, context):
            mention = _make_mention(_settle(reading), sentence, context)
            if mention is not None:
                mentions.append(mention)
    return mentions


def _settle(reading: Reading) -> Reading:
    """`the presence of the guards in Armenia will be phased out`: the guards leave Armenia."""
    thing = reading.object
    if thing is None or classify(thing) != "presence":
        return reading
    owner = next((c for c in thing.children if c.dep_ == "poss"), None)
    of = next((pobj_of(c) for c in thing.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    place = next((pobj_of(c) for c in prepositions_in(thing, ("in", "at", "on"))), None)
    return dataclasses.replace(reading, actor=of or owner or reading.actor, object=None, source=place or reading.source)


def _holds(reading: Reading, context: Context) -> bool:
    """Whether actor, object and source are of the sort that the entry asks for."""
    if reading.rule in ("withdrawal.phrase", "withdrawal.ending"):
        return reading.actor is None or is_specific(reading.actor)
    lexicon, spec = read_lexicon("withdrawal"), reading.spec
    actor, thing, source = reading.actor, reading.object, reading.source
    if actor is not None and not is_specific(actor):
        return False
    for token in (thing, source):
        if token is not None and (
            token.lemma_.lower() in lexicon["not_objects"]
            or (token == source and token.lemma_.lower() in lexicon["not_sources"])
            or token.ent_type_ == "MONEY"
            or token.lemma_.lower() in spec.get("without", ())
        ):
            return False
    if actor is not None and actor.lemma_.lower() in lexicon["not_actors"]:
        return False
    if thing is not None and spec.get("placed") and source is None and classify(thing) is None:
        return False
    nobody = actor is None or not (is_party(actor) or classify(actor) == "military")
    if reading.rule == "withdrawal.verb" and nobody and (thing is None or actor is not None):
        return False
    if spec.get("listed") and _is_plain_exit(actor, source):
        return False
    if spec.get("person") and actor is not None and not is_person(actor):
        return False
    only = spec.get("only")
    if only is None:
        if spec.get("person_alone"):
            gerund = source is not None and source.tag_ == "VBG"
            return not gerund and (
                source is not None
                or (
                    actor is not None
                    and actor.ent_type_ in ("PERSON", "")
                    and not any(c.dep_ == "xcomp" for c in reading.trigger.children)
                )
            )
        return True
    kinds = {classify(token) for token in (thing, source) if token is not None}
    if spec.get("from") and (actor is None or not is_military(actor, context)):
        kinds -= {"military"}  # "left his jet"
    if "military" in only and thing is None and actor is not None and is_military(actor, context):
        if spec.get("from") and source is not None and classify(source) is None:
            return not is_hardware(actor)  # "the aircraft was leaving a parking space"
        return source is None or classify(source) in (None, "military", "territory") or bool(kinds & set(only))
    if spec.get("employer") and source is not None and actor is not None and source.lemma_.lower() in EMPLOYERS:
        definite = any(c.dep_ in ("det", "poss") and c.lower_ != "a" for c in source.children)
        kinds |= {"organisation"} if definite and _is_somebody(actor, context) else set()
    if thing is not None and not spec.get("from"):
        return classify(thing) in only
    if source is not None and "market" in only and classify(source) == "territory":
        return actor is not None and actor.ent_type_ == "ORG"
    return bool(kinds & set(only))


def _is_plain_exit(actor: Token | None, source: Token | None) -> bool:
    """`his lap 48 exit`, `an emotional exit from the circuit`: somebody goes out, from nothing he was engaged in."""
    if source is not None and classify(source) is not None:
        return False
    person = actor is None or actor.ent_type_ == "PERSON"
    return person or (actor is not None and actor.lower_ in ("he", "she", "his", "her", "my", "your"))


def _is_somebody(token: Token, context: Context) -> bool:
    """A person by name, by pronoun, or by the post that he holds."""
    if token.pos_ == "PRON":
        found = context.names.actor(token, ROLE)
        return found is not None and found.type == "person"
    return token.ent_type_ == "PERSON" or token.lemma_.lower() in read_lexicon("withdrawal")["roles"]


def _make_mention(reading: Reading, sentence: Span, context: Context) -> Mention | None:
    spec = reading.spec
    category = categorize(spec, reading.actor, reading.object, reading.source, context)
    actor: Actor | None = None
    token = reading.actor
    if token is None and reading.object is not None:
        token = next((child for child in reading.object.children if child.dep_ == "poss"), None)
    if token is not None:
        found = context.names.actors(token, ROLE)
        actor = found[0] if found else None
    source = describe(reading.source, context)
    if source is None and category == "post" and reading.actor is not None:
        source = role_before(reading.actor) or own_role(reading.actor, context)
    thing = describe(reading.object, context)
    if actor is None and thing is None and source is None:
        return None
    light = (
        frozenset(read_lexicon("withdrawal")["performed"])
        if category != "military"
        else frozenset({"complete", "begin", "start", "continue", "speed", "accelerate", "order"})
    )
    judgement = judge(
        reading.trigger, context, light=light if reading.trigger.pos_ in ("NOUN", "PROPN") else frozenset()
    )
    actors = [actor] if actor is not None else []
    if (
        reading.source is not None
        and is_party(reading.source)
        and category in ("organisation", "military", "support", "business", "other")
    ):
        party = context.names.actor(reading.source, "source")
        if party is not None and (actor is None or party.name != actor.name):
            actors.append(party)
    place = find_place(reading.trigger, sentence, context)
    if place is not None and (source is not None and place.name in source):
        place = None
    last = reading.last or reading.trigger
    end = max(reading.trigger.idx + len(reading.trigger), last.idx + len(last))
    if last.i > reading.trigger.i + 1 and reading.rule != "withdrawal.phrase":
        end = reading.trigger.idx + len(reading.trigger)
    return Mention(
        kind="withdrawal",
        trigger=(reading.trigger.idx, end),
        evidence=trim_span(sentence),
        detail=Withdrawal(category=category, object=thing, source=source),
        rule=reading.rule,
        actors=tuple(actors),
        time=context.times.for_trigger(reading.trigger),
        place=place,
        modality=judgement.modality,
        modality_cue=judgement.cue,
    )


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops withdrawals that only repeat an earlier mention; mentions of an article, in the order of the text."""
    return drop_withdrawal_repeats(mentions)
