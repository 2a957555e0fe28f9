"""Finds withdrawals: who leaves or pulls what out of where it was engaged."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from spacy.tokens import Span, Token

from schemas.event import Actor, Withdrawal
from transforms.annotate.model import trim_span
from transforms.events.clauses import (
    agent_of,
    is_party,
    is_passive,
    is_specific,
    note_parties,
    objects_of,
    pobj_of,
    prepositions_in,
    subject_of,
)
from transforms.events.context import Context, Mention
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.modality import judge
from transforms.events.places import find_place
from transforms.events.repeats import drop_withdrawal_repeats
from transforms.events.withdrawal_kinds import (
    categorize,
    classify,
    describe,
    is_military,
    is_person,
    own_role,
    role_before,
)

ROLE = "withdrawer"


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A withdrawal as it was read in a sentence: heads of the phrases for who, what and from where."""

    trigger: Token
    rule: str
    spec: Mapping[str, Any]
    actor: Token | None = None
    object: Token | None = None
    source: Token | None = None
    last: Token | None = None


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the withdrawals that a sentence reports, in the order of their triggers."""
    note_parties(context)
    mentions = []
    for token in sentence:
        reading = None
        if token.pos_ in ("VERB", "AUX") or token.tag_ in ("VBG", "VBN"):
            reading = _read_phrase(token) or _read_ending(token) or _read_verb(token)
        elif token.pos_ in ("NOUN", "PROPN"):
            reading = _read_noun(token)
        if reading is not None and _holds(reading, context):
            mention = _make_mention(_settle(reading), sentence, context)
            if mention is not None:
                mentions.append(mention)
    return mentions


def _read_phrase(verb: Token) -> Reading | None:
    for entry in read_lexicon("withdrawal")["phrases"]:
        words = entry["words"]
        if verb.dep_ == "pcomp":
            continue  # "days before leaving office": in passing
        following = verb.doc[verb.i : verb.i + len(words)]
        if len(following) == len(words) and all(
            word in (token.lower_, token.lemma_.lower()) for word, token in zip(words, following, strict=True)
        ):
            source = following[-1] if entry.get("source") else None
            return Reading(
                verb, "withdrawal.phrase", entry, _party(subject_of(verb)), source=source, last=following[-1]
            )
    return None


def _read_ending(verb: Token) -> Reading | None:
    """`stopped supporting the rebels`."""
    lexicon = read_lexicon("withdrawal")
    if lemma_of(verb) not in lexicon["ending"]:
        return None
    ended = next(
        (c for c in verb.children if c.dep_ == "xcomp" and c.tag_ == "VBG" and lemma_of(c) in lexicon["ended"]), None
    )
    if ended is None:
        return None
    return Reading(
        verb,
        "withdrawal.ending",
        {"category": "support"},
        _party(subject_of(verb)),
        source=next(iter(objects_of(ended)), None),
        last=ended,
    )


def _read_verb(verb: Token) -> Reading | None:
    lexicon = read_lexicon("withdrawal")
    lemma = lemma_of(verb)
    particle, spec = _particle_spec(verb, lemma)
    if spec is None:
        return None
    rule = "withdrawal.verb"
    source = _source(verb, spec.get("source", ()), particle)
    subject = subject_of(verb)
    if is_passive(verb):
        if not spec.get("removes") or subject is None:
            return None
        agent = agent_of(verb)
        reading = Reading(verb, "withdrawal.passive", spec, _party(agent), subject, source, particle)
    else:
        objects = objects_of(verb)
        target = objects[0] if objects else None
        if lemma == "leave" and _is_left_with(verb):
            return None
        if (
            target is not None
            and spec.get("from")
            and not (spec.get("removes") and target.lemma_.lower() in lexicon["categories"]["proposal"])
        ):
            reading = Reading(verb, rule, spec, subject, None, target, particle)
        elif target is not None and spec.get("removes"):
            reading = Reading(verb, rule, spec, subject, target, source, particle)
        elif target is None and spec.get("leaves"):
            reading = Reading(verb, rule, spec, subject, None, source, particle)
        else:
            return None
    return reading


def _is_left_with(verb: Token) -> bool:
    """`left the party with no money`, `left the rate unchanged`: it is made so, nobody goes."""
    return any(
        c.dep_ in ("oprd", "acomp", "xcomp")
        or (c.dep_ == "prep" and c.lower_ in ("with", "without"))
        or (c.dep_ == "dobj" and any(after.dep_ in ("amod", "acomp", "advcl") and after.i > c.i for after in c.rights))
        for c in verb.children
    )


def _particle_spec(verb: Token, lemma: str) -> tuple[Token | None, Mapping[str, Any] | None]:
    """The entry of a verb with its particle (`pull out`, also `pull … out`), else of the bare verb."""
    verbs = read_lexicon("withdrawal")["verbs"]
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prt", "advmod", "prep") and f"{lemma} {child.lower_}" in verbs:
            return child, verbs[f"{lemma} {child.lower_}"]
    following = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else None
    if following is not None and f"{lemma} {following.lower_}" in verbs:
        return following, verbs[f"{lemma} {following.lower_}"]
    return None, verbs.get(lemma)


def _source(head: Token, words: list[str] | tuple[str, ...], particle: Token | None = None) -> Token | None:
    """What is left: the noun of `from`, `out of`, `as` … after the trigger."""
    if not words:
        return None
    start = particle.i if particle is not None else head.i
    for prep in [
        *prepositions_in(head, tuple(words), after=head.i),
        *(prepositions_in(particle, tuple(words)) if particle is not None else ()),
    ]:
        if prep.i < start or (prep.lower_ == "of" and not (prep.i == start + 1 or prep.nbor(-1).lower_ == "out")):
            continue
        noun = pobj_of(prep)
        if noun is not None and noun.ent_type_ not in ("DATE", "TIME", "PERCENT", "CARDINAL"):
            return noun
        gerund = next((c for c in prep.children if c.dep_ == "pcomp"), None)
        if gerund is not None and prep.lower_ == "from":
            return gerund
    if particle is not None and particle.dep_ == "prep":
        return pobj_of(particle)
    return None


def _party(token: Token | None) -> Token | None:
    return token if token is not None and is_party(token) else None


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
        return source is None or classify(source) in (None, "military", "territory") or bool(kinds & set(only))
    if thing is not None and not spec.get("from"):
        return classify(thing) in only
    if source is not None and "market" in only and classify(source) == "territory":
        return actor is not None and actor.ent_type_ == "ORG"
    return bool(kinds & set(only))


def _read_noun(noun: Token) -> Reading | None:
    lexicon = read_lexicon("withdrawal")
    spec = lexicon["nouns"].get(noun.lemma_.lower())
    if spec is None or (noun.dep_ == "compound" and noun.head.pos_ in ("NOUN", "PROPN")):
        return None
    owner = next((child for child in noun.children if child.dep_ == "poss"), None)
    by = next((pobj_of(c) for c in noun.children if c.dep_ == "prep" and c.lower_ == "by"), None)
    of = next((pobj_of(c) for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    source = _source(noun, [word for word in spec.get("source", ()) if word != "of"])
    before = next(
        (
            c
            for c in noun.lefts
            if c.dep_ in ("compound", "amod", "nmod")
            and (c.ent_type_ in ("GPE", "NORP", "ORG") or classify(c) is not None)
        ),
        None,
    )
    actor = _party(owner) or _party(by)
    thing: Token | None = None
    if of is not None:
        if actor is None and is_party(of) and classify(of) not in ("military", "proposal", "support", "diplomat"):
            actor = of
        else:
            thing = of
    elif owner is not None and actor is None:
        thing = owner
    if before is not None:
        if before.ent_type_ in ("GPE", "NORP", "ORG"):
            actor = actor or before
        elif thing is None:
            thing = before
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
    verb = noun.head
    if (
        noun.dep_ == "dobj"
        and verb.pos_ == "VERB"
        and lemma_of(verb)
        in (
            "tender",
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
        return _party(subject_of(verb))
    return None


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
