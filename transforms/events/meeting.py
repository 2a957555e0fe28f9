"""Finds meetings: verbs, event nouns with or without a light verb, and set phrases."""

from collections.abc import Sequence

from spacy.tokens import Span, Token

from schemas.event import Actor, EventTime, Meeting, Place
from transforms.annotate.model import trim_span
from transforms.events.clauses import agent_of
from transforms.events.context import Context, Mention
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading, read_noun
from transforms.events.meeting_verbs import read_phrase, read_verb
from transforms.events.modality import judge
from transforms.events.modality_cues import is_over
from transforms.events.parties import is_party, is_specific, note_parties
from transforms.events.places import find_place, make_place
from transforms.events.repeats import drop_meeting_repeats
from transforms.events.time_outlook import is_decision

ROLE = "participant"


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the meetings that a sentence reports, in the order of their triggers."""
    note_parties(context)
    readings: list[Reading] = []
    sporting = any(token.lower_ in read_lexicon("meeting")["sport"] for token in sentence)
    for token in sentence:
        reading = None
        if token.pos_ == "VERB":
            reading = read_phrase(token) or read_verb(token)
        if token.pos_ in ("NOUN", "PROPN") or (reading is None and _is_nominal(token)):
            reading = read_noun(token)
        if reading is not None and not (_is_game(reading.trigger) and sporting):
            readings.append(reading)
    mentions = []
    for reading in readings:
        if any(_is_absorbed(reading, other) for other in readings if other != reading):
            continue
        mention = _make_mention(reading, sentence, context)
        if mention is not None:
            mentions.append(mention)
    return mentions


def _is_game(trigger: Token) -> bool:
    """Whether the word is one that teams share with people."""
    return lemma_of(trigger) in read_lexicon("meeting")["sport_words"]


def _is_nominal(token: Token) -> bool:
    """`one in-person meeting`, tagged as a verb."""
    return token.tag_ == "VBG" and any(
        c.dep_ in ("det", "amod", "nummod", "poss", "nmod", "compound") for c in token.lefts
    )


def _is_absorbed(reading: Reading, other: Reading) -> bool:
    """`met X for talks`, `met during a summit`: the noun below the verb tells of the same meeting."""
    if reading.trigger.pos_ == "VERB" or reading.own:
        return False
    node = reading.trigger
    while node.dep_ in ("pobj", "prep", "conj", "dobj", "compound") and node.head != node:
        node = node.head
        if node == other.trigger:
            return True
    return False


def _make_mention(reading: Reading, sentence: Span, context: Context) -> Mention | None:
    if not any(is_specific(token) for token in reading.parties) and reading.parties:
        return None
    actors: list[Actor] = []
    for token in [one for party in reading.parties for one in _with_members(party)]:
        for actor in context.names.actors(token, ROLE):
            if not any(actor.name == known.name for known in actors):
                actors.append(actor)
    time = _find_time(reading.trigger, context, future=False if is_over(reading.trigger) else None)
    place: Place | None = make_place(reading.place) if reading.place else find_place(reading.trigger, sentence, context)
    if place is not None and any(actor.name == place.name for actor in actors):
        if reading.format == "visit":
            actors = [actor for actor in actors if actor.name != place.name]
        else:
            place = None
    near_time = (
        time if not reading.passing or _is_near(time.text if time is not None else None, reading.trigger) else None
    )
    near_place = (
        place if not reading.passing or _is_near(place.name if place is not None else None, reading.trigger) else None
    )
    if not _is_reported(reading, actors, near_time, near_place):
        return None
    judgement = judge(reading.trigger, context)
    if judgement.modality in ("planned", "possible") and not is_decision(judgement.cue):
        time = _find_time(reading.trigger, context, future=True)
    start, last = reading.first or reading.trigger, reading.last or reading.trigger
    return Mention(
        kind="meeting",
        trigger=(start.idx, last.idx + len(last)),
        evidence=trim_span(sentence),
        detail=Meeting(format=reading.format),
        rule=reading.rule,
        actors=tuple(actors),
        time=time,
        place=place,
        modality=judgement.modality,
        modality_cue=judgement.cue,
    )


def _is_near(words: str | None, trigger: Token) -> bool:
    """Whether a time or place is said of what is only mentioned in passing: inside its phrase, right behind it, or of its own verb."""
    if words is None:
        return False
    if (
        trigger.dep_ in ("nsubj", "nsubjpass")
        or (trigger.dep_ == "pobj" and trigger.head.lower_ == "for")
        or (trigger.dep_ == "dobj" and lemma_of(trigger.head) in read_lexicon("meeting")["light"])
    ):
        return True
    doc = trigger.doc
    end = max(trigger.right_edge.i, trigger.i)
    while end + 1 < min(trigger.right_edge.i + 5, trigger.sent.end) and doc[end + 1].pos_ not in (
        "VERB",
        "AUX",
        "PUNCT",
    ):
        end += 1
    return words in doc[trigger.left_edge.i : end + 1].text


def _is_reported(reading: Reading, actors: Sequence[Actor], time: EventTime | None, place: Place | None) -> bool:
    """Whether the sentence tells enough to report a meeting rather than to mention one in passing."""
    facts = bool(actors) + (time is not None) + (place is not None)
    if facts == 0 or (reading.passing and time is None and place is None):
        return False
    if reading.spoken and len(actors) < 2:
        return False
    if reading.rule == "meeting.verb" and len(actors) < min(2, len(reading.parties)) and place is None:
        return False
    if reading.rule == "meeting.noun" and facts < 2 and (not actors or reading.format == "conference"):
        return False
    if reading.format == "visit":
        return bool(actors) and (facts > 1 or len(actors) > 1) and not _is_at_home(actors, place)
    return True


def _with_members(party: Token) -> list[Token]:
    """`other partners, including Japan and Canada`: those named; a group that is more than `others` stays too."""
    if party.dep_ == "nsubj" and any(child.dep_ == "cc" for child in party.children) and not party.conjuncts:
        # "Lee and Speaker Chen met", both taken for subjects
        return [party, *(one for one in party.head.lefts if one.dep_ == "nsubj" and one.i > party.i and is_party(one))]
    members = [
        noun
        for prep in party.children
        if prep.lower_ == "including"
        for noun in prep.children
        if noun.dep_ in ("pobj", "dobj")
    ]
    members = [noun for noun in members if is_party(noun)]
    vague = any(child.lower_ in ("other", "several", "many", "some") for child in party.lefts)
    for clause in party.children:  # "a delegation led by X"
        leader = agent_of(clause) if clause.dep_ == "acl" and lemma_of(clause) in ("lead", "head") else None
        if leader is not None and is_party(leader):
            return [leader]
    return members if members and vague else [party, *members]


def _find_time(trigger: Token, context: Context, future: bool | None = None) -> EventTime | None:
    """The time of the trigger, else of a clause after it that tells what becomes of the meeting (`talks, which begin on Monday`)."""
    clauses = [child for child in trigger.children if child.dep_ in ("relcl", "acl") and child.i > trigger.i]
    telling = [
        c
        for c in clauses
        if c.tag_ == "VBN" or any(w.tag_ == "WDT" and w.dep_ in ("nsubj", "nsubjpass") for w in c.children)
    ]
    for token in (trigger, *telling):
        time = context.times.for_trigger(token, future=future)
        if time is not None:
            return time
    return None


def _is_at_home(actors: Sequence[Actor], place: Place | None) -> bool:
    """Somebody who travels in his own country visits no counterpart."""
    return place is not None and place.country is not None and len(actors) == 1 and actors[0].country == place.country


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops meetings that only repeat an earlier mention; mentions of an article, in the order of the text."""
    return drop_meeting_repeats(mentions)
