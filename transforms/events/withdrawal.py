"""Finds withdrawals: who leaves or pulls what out of where it was engaged."""

import dataclasses
from collections.abc import Sequence
from typing import cast

from spacy.tokens import Span

from schemas.event import Actor, Withdrawal
from transforms.annotate.model import trim_span
from transforms.events.clauses import pobj_of, prepositions_in
from transforms.events.context import Context, Mention
from transforms.events.lexicon import read_lexicon
from transforms.events.modality import judge
from transforms.events.name_lists import find_demonym
from transforms.events.parties import is_party, note_parties
from transforms.events.places import find_place
from transforms.events.repeats import drop_withdrawal_repeats
from transforms.events.withdrawal_kinds import categorize, classify, whole_of
from transforms.events.withdrawal_nouns import read_noun
from transforms.events.withdrawal_phrases import describe, land_before
from transforms.events.withdrawal_posts import post_of
from transforms.events.withdrawal_readings import Reading, read_ending, read_phrase, read_verb
from transforms.events.withdrawal_sense import is_withdrawal

ROLE = "withdrawer"
NO_NOUNS = frozenset({"resign", "withdraw"})  # verbs whatever the tagger says ("demanded that the premier resign")


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
        if reading is not None:
            reading = _name_forces(reading, context)
        if reading is not None and (is_withdrawal(reading, context) or _is_told_of(reading, context)):
            mention = _make_mention(_settle(reading), sentence, context)
            if mention is not None:
                mentions.append(mention)
    return mentions


def _name_forces(reading: Reading, context: Context) -> Reading:
    """`the guards had precedents: in May they left the airport`: who left are the forces, where `they` is taken for no party."""
    they = reading.actor
    if they is None or they.lower_ != "they":
        return reading
    meant = context.names.actor(they, ROLE)
    if meant is not None and meant.type is not None:
        return reading
    before = they.doc[they.sent.start : they.i]
    forces = next((t for t in reversed(before) if t.tag_ == "NNS" and classify(t) == "military"), None)
    return dataclasses.replace(reading, actor=forces) if forces is not None else reading


def _settle(reading: Reading) -> Reading:
    """`the presence of the guards in Armenia will be phased out`, `the troops were pulled out`: guards and troops leave."""
    thing = reading.object
    if thing is None:
        return reading
    owner = next((c for c in thing.children if c.dep_ == "poss"), None)
    if reading.actor is None and owner is None and classify(thing) == "military":
        return dataclasses.replace(reading, actor=thing, object=None)
    if classify(thing) == "ties" and reading.source is not None:
        return dataclasses.replace(reading, object=None)  # "severed its ties with X": X is left
    if classify(thing) != "presence":
        return reading
    of = next((pobj_of(c) for c in thing.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    place = next((pobj_of(c) for c in prepositions_in(thing, ("in", "at", "on"))), None)
    return dataclasses.replace(reading, actor=of or owner or reading.actor, object=None, source=place or reading.source)


def _make_mention(reading: Reading, sentence: Span, context: Context) -> Mention | None:
    spec = reading.spec
    category = categorize(spec, reading.actor, reading.object, reading.source, context)
    withdrawers = _withdrawers(reading, context)
    source = describe(reading.source, context)
    if reading.source is not None and source in [actor.name for actor in withdrawers]:
        source = land_before(reading.source, context, [actor.name for actor in withdrawers])  # nobody leaves himself
    if source is None and reading.actor is not None:
        category, source = _told_before(category, withdrawers, reading, context)
        if source is None and category == "post":
            source = post_of(reading.actor, context)
    thing = describe(reading.object, context)
    if not withdrawers and thing is None and source is None:
        return None
    if withdrawers and source is not None:
        _memo(context)[withdrawers[0].name] = (category, source)
    light = (
        frozenset(read_lexicon("withdrawal")["performed"])
        if category != "military"
        else frozenset({"complete", "begin", "start", "continue", "speed", "accelerate", "order"})
    )
    judgement = judge(
        reading.trigger, context, light=light if reading.trigger.pos_ in ("NOUN", "PROPN") else frozenset()
    )
    actors = withdrawers
    if (
        reading.source is not None
        and is_party(reading.source)
        and category in ("organisation", "military", "support", "business", "other")
    ):
        party = context.names.actor(reading.source, "source")
        if party is not None and party.name not in [a.name for a in withdrawers]:
            actors = [*withdrawers, party]
    place = find_place(reading.trigger, sentence, context, deep=False)
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


def _withdrawers(reading: Reading, context: Context) -> list[Actor]:
    """Who withdraws; of what is withdrawn by nobody named, whose it is (`its troops were pulled out`)."""
    token = reading.actor
    if token is None and reading.object is not None:
        token = next((child for child in reading.object.children if child.dep_ == "poss"), None)
    if token is None:
        return []
    if token.dep_ in ("amod", "compound", "nmod") and (nation := find_demonym(token.text)) and nation.name:
        return [Actor(nation.name, ROLE, token.text, "country", nation.code)]
    found = [_without_source(actor, reading) for actor in context.names.actors(whole_of(token), ROLE)]
    named = [actor for actor in found if sum(word[:1].isupper() for word in actor.name.split()) > 1]
    return named if named and token.tag_ == "NN" else found  # `founder and chairman Bo Chen` is one


def _without_source(actor: Actor, reading: Reading) -> Actor:
    """`the withdrawal of forces from Peru`: the forces, whatever the parse makes of `from Peru`."""
    name, _, behind = actor.name.partition(" from ")
    cut = reading.source is not None and reading.source.text in behind and actor.type != "person"
    return dataclasses.replace(actor, name=name) if cut else actor


def _is_told_of(reading: Reading, context: Context) -> bool:
    """`his departure`, `her exit`: of somebody whose withdrawal the article has spoken of."""
    owned = reading.actor is not None and reading.actor.dep_ == "poss"
    if reading.rule != "withdrawal.noun" or reading.source is not None or reading.object is not None or not owned:
        return False
    return any(actor.name in _memo(context) for actor in _withdrawers(reading, context))


def _memo(context: Context) -> dict[str, tuple[str, str]]:
    """Who left what in the article so far: withdrawer -> (category, source)."""
    return cast("dict[str, tuple[str, str]]", context.memo.setdefault("withdrawal", {}))


def _told_before(category: str, withdrawers: list[Actor], reading: Reading, context: Context) -> tuple[str, str | None]:
    """What somebody leaves stays the same until another is named: the race of `refused to step down`, the seat of `resigned`."""
    told = _memo(context).get(withdrawers[0].name) if withdrawers else None
    if told is None or reading.object is not None:
        return category, None
    bare = category == "post" and reading.spec.get("category", reading.spec.get("default")) == "post"
    if told[0] == category and category in ("post", "candidacy"):
        return told
    if category == "other" and reading.rule == "withdrawal.noun":
        return told  # `his departure`
    steps = reading.rule == "withdrawal.verb" and reading.trigger.lemma_.lower() not in NO_NOUNS
    return told if told[0] == "candidacy" and bare and steps else (category, None)


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops withdrawals that only repeat an earlier mention; mentions of an article, in the order of the text."""
    return drop_withdrawal_repeats(mentions)
