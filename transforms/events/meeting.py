"""Finds meetings: verbs, event nouns with or without a light verb, and set phrases."""

import dataclasses
import re
from collections.abc import Sequence

from spacy.symbols import NOUN, PROPN, VERB
from spacy.tokens import Span, Token

from schemas.event import Actor, EventTime, Meeting, Place
from transforms.annotate.model import trim_span
from transforms.events.clauses import agent_of
from transforms.events.context import Context, Mention
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading, read_noun
from transforms.events.meeting_pairs import actors_of
from transforms.events.meeting_phrases import read_phrase
from transforms.events.meeting_repeats import OTHER_MEETING, drop_meeting_repeats
from transforms.events.meeting_travel import holds_office, read_travel
from transforms.events.meeting_uses import is_remark
from transforms.events.meeting_verbs import read_verb
from transforms.events.meeting_when import find_site, find_time, is_near
from transforms.events.modality import judge
from transforms.events.modality_cues import is_over
from transforms.events.parties import is_party, is_specific, joined_before, note_parties
from transforms.events.time_outlook import is_decision

ROLE = "participant"
TRAVEL = "meeting.travel"
PHRASES = frozenset({"pobj", "prep", "conj", "dobj", "compound"})
AIMS = PHRASES | {"advcl", "xcomp", "pcomp"}


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the meetings that a sentence reports, in the order of their triggers."""
    note_parties(context)
    readings: list[Reading] = []
    for token in sentence:
        reading = None
        if token.pos == VERB:
            reading = read_phrase(token) or read_verb(token)
            if reading is None and _is_nominal(token):
                reading = read_noun(token)
            reading = reading or read_travel(token, context)
        elif token.pos in (NOUN, PROPN):
            reading = read_noun(token)
        if reading is not None and not _is_game(reading, sentence, context):
            readings.append(reading)
    mentions = []
    for reading in readings:
        if any(_is_absorbed(reading, other) for other in readings if other != reading):
            continue
        frames = [one.place for one in readings if one.place and one.rule != TRAVEL and _is_absorbed(one, reading)]
        framed = dataclasses.replace(reading, frame=frames[0]) if frames else reading
        mention = _make_mention(framed, sentence, context)
        if mention is not None:
            mentions.append(mention)
    return mentions


def _is_game(reading: Reading, sentence: Span, context: Context) -> bool:
    """Whether the word is one that teams share with people, in a sentence about sport, and nobody in it holds an office."""
    lexicon = read_lexicon("meeting")
    if lemma_of(reading.trigger) not in lexicon["sport_words"]:
        return False
    if not any(token.lower_ in lexicon["sport"] and token.pos_ in ("NOUN", "PROPN") for token in sentence):
        return False
    return not any(holds_office(party, context) for party in reading.parties)


def _is_nominal(token: Token) -> bool:
    """`one in-person meeting`, tagged as a verb."""
    return token.tag_ == "VBG" and any(
        c.dep_ in ("det", "amod", "nummod", "poss", "nmod", "compound") for c in token.lefts
    )


def _is_absorbed(reading: Reading, other: Reading) -> bool:
    """`met X for talks`, `met during a summit`: the noun below the verb tells of the same meeting. A journey is only its frame."""
    aim = lemma_of(reading.trigger) == "discuss" and other.trigger not in reading.trigger.subtree
    if aim and other.rule != TRAVEL and set(reading.parties) <= set(other.parties):
        return True  # "held talks to discuss"
    if reading.rule == TRAVEL:
        return _is_below(other.trigger, reading.trigger, AIMS)
    if is_remark(reading.trigger) and other.trigger.pos_ == "VERB" and other.trigger in reading.trigger.ancestors:
        return True
    hosting = lemma_of(other.trigger) in ("host", "receive", "welcome", "greet")
    if hosting and reading.format == "visit" and reading.trigger in other.trigger.subtree:
        return True
    if reading.trigger.pos_ == "VERB" or reading.own or other.rule == TRAVEL:
        return False
    return _is_below(reading.trigger, other.trigger, PHRASES)


def _is_below(low: Token, high: Token, deps: frozenset[str]) -> bool:
    """Whether a word hangs on another by such links alone, without another verb between them."""
    node = low
    while node.dep_ in deps and node.head != node:
        node = node.head
        if node == high:
            return True
        if node.pos_ in ("VERB", "AUX") and deps is PHRASES:
            return False
    return False


def _make_mention(reading: Reading, sentence: Span, context: Context) -> Mention | None:
    if reading.parties and not any(is_specific(token) for token in reading.parties):
        return None
    if any(
        child.lower_ in ("no", "nobody") and party.tag_ == "NN" for party in reading.parties for child in party.lefts
    ):
        return None  # "no senator had called him": nobody in particular
    actors: list[Actor] = []
    for token in [one for party in reading.parties for one in _with_members(party)]:
        joined = joined_before(token)
        first = context.names.actor(joined, ROLE) if joined is not None else None
        for actor in [*([first] if first is not None else []), *actors_of(token, ROLE, context, reading.parties)]:
            itself = actor.name.lower().endswith(f" {reading.trigger.lower_}")  # "the ASEAN Meeting"
            if not itself and not any(actor.name == known.name for known in actors):
                actors.append(actor)
    if _is_of_shareholders(reading.trigger, sentence, actors) or _is_sitting(reading.trigger, actors):
        return None
    time = find_time(reading, context, future=False if is_over(reading.trigger) else None)
    place: Place | None = find_site(reading, sentence, context)
    if place is not None and any(actor.name == place.name for actor in actors):
        if reading.format == "visit":
            actors = [actor for actor in actors if actor.name != place.name]
        else:
            place = None
    near_time = time if not reading.passing or is_near(time.text if time is not None else None, reading) else None
    near_place = place if not reading.passing or is_near(place.name if place is not None else None, reading) else None
    if not _is_reported(reading, actors, near_time, near_place):
        return None
    judgement = judge(reading.trigger, context)
    if judgement.modality in ("planned", "possible") and not is_decision(judgement.cue):
        time = find_time(reading, context, future=True)
    start, last = reading.first or reading.trigger, reading.last or reading.trigger
    return Mention(
        kind="meeting",
        trigger=(start.idx, last.idx + len(last)),
        evidence=trim_span(sentence),
        detail=Meeting(format=reading.format),
        rule=OTHER_MEETING if _is_another(reading) else reading.rule,
        actors=tuple(actors),
        time=time,
        place=place,
        modality=judgement.modality,
        modality_cue=judgement.cue,
    )


def _is_reported(reading: Reading, actors: Sequence[Actor], time: EventTime | None, place: Place | None) -> bool:
    """Whether the sentence tells enough to report a meeting rather than to mention one in passing."""
    facts = bool(actors) + (time is not None) + (place is not None)
    if _is_habit(reading, time, place):
        return False
    if facts == 0 or (reading.passing and time is None and place is None):
        return False
    if reading.spoken and len(actors) < 2:
        return False
    if reading.rule == "meeting.verb" and len(actors) < min(2, len(reading.parties)) and place is None:
        return False
    if reading.rule == "meeting.noun" and facts < 2:
        if not actors and not (time is not None and _takes_its_course(reading)):
            return False
        if len(actors) == 1 and reading.format == "conference" and not _is_in_focus(reading):
            return False
    if reading.format == "visit":
        return bool(actors) and (facts > 1 or len(actors) > 1) and not _is_at_home(actors, place)
    return True


def _with_members(party: Token) -> list[Token]:
    """`other partners, including Japan and Canada`: those named; a group that is more than `others` stays too."""
    if party.dep_ == "nsubj" and any(child.dep_ == "cc" for child in party.children) and not party.conjuncts:
        # "Lee and Speaker Chen met", both taken for subjects
        return [party, *(one for one in party.head.lefts if one.dep_ == "nsubj" and one.i > party.i and is_party(one))]
    for child in party.children:  # "A and visiting President B", whose participle is taken for a verb
        if child.dep_ == "conj" and child.tag_ == "VBG":
            return [party, *(one for one in child.children if one.dep_ == "dobj" and is_party(one))]
    members = [
        noun
        for prep in party.children
        if prep.lower_ == "including"
        for noun in prep.children
        if noun.dep_ in ("pobj", "dobj")
    ]
    members = [noun for noun in members if is_party(noun)]
    vague = any(child.lower_ in ("other", "several", "many", "some") for child in party.lefts)
    groups = ("delegation", "team", "mission", "group", "party", "panel")
    for clause in party.children if party.lemma_.lower() in groups else ():  # "a delegation led by X"
        leader = agent_of(clause) if clause.dep_ == "acl" and lemma_of(clause) in ("lead", "head") else None
        if leader is not None and is_party(leader):
            return [leader]
    return members if members and vague else [party, *members]


def _is_another(reading: Reading) -> bool:
    """`their previous meeting`, `another round of talks`: one beside that which was told of."""
    words = read_lexicon("meeting")["another"]
    nouns = {reading.trigger, reading.host or reading.trigger}
    return reading.trigger.pos_ != "VERB" and any(child.lower_ in words for noun in nouns for child in noun.lefts)


def _takes_its_course(reading: Reading) -> bool:
    """`Talks late yesterday ended with agreement`: told for their own sake, with nothing but a day."""
    host = reading.host or reading.trigger
    lexicon = read_lexicon("meeting")
    courses = (*lexicon["phases"], *lexicon["held"])
    subject = host.dep_ in ("nsubj", "nsubjpass")
    return reading.format == "talks" and subject and lemma_of(host.head) in courses


def _is_in_focus(reading: Reading) -> bool:
    """`a meeting of the council was under way`, `at a committee meeting here`; not `until the next summit`, `no need for a meeting`."""
    trigger = reading.trigger
    if lemma_of(trigger) != "meeting" or any(child.dep_ == "det" and child.lower_ == "the" for child in trigger.lefts):
        return False
    return trigger.dep_ == "nsubj" or (trigger.dep_ == "pobj" and trigger.head.lower_ in ("at", "during"))


def _is_habit(reading: Reading, time: EventTime | None, place: Place | None) -> bool:
    """`the firm consults with hotel owners`, `they talk to buyers`: the plain present, nobody named, no time, no place."""
    trigger = reading.trigger
    verb = trigger if trigger.pos_ == "VERB" else trigger.head
    if verb.tag_ not in ("VBZ", "VBP") or time is not None or place is not None:
        return False
    if any(child.dep_ in ("aux", "auxpass") for child in verb.children):
        return False
    if len(reading.parties) < 2:
        return trigger.tag_ == "NNS" and reading.format in ("conference", "in_person", "visit", "call")
    others = reading.parties[1:]
    if reading.parties[0].ent_type_ == "PERSON" or reading.parties[0].lower_ in ("he", "she"):
        return False
    return all(one.tag_ == "NNS" and not one.ent_type_ and not any(one.lefts) for one in others) or all(
        one.tag_ == "NNS" and not any(word.ent_type_ or word.pos_ in ("DET", "PRON", "NUM") for word in one.subtree)
        for one in others
    )


def _is_of_shareholders(trigger: Token, sentence: Span, actors: Sequence[Actor]) -> bool:
    """The annual meeting of a company."""
    words = read_lexicon("meeting")
    if lemma_of(trigger) != "meeting" or not any(child.lower_ in words["yearly"] for child in trigger.lefts):
        return False
    if any(token.lemma_.lower() in ("shareholder", "stockholder", "dividend", "proxy") for token in sentence):
        return True
    return not actors or any(set(re.findall(r"\w+", actor.name.lower())) & set(words["firms"]) for actor in actors)


def _is_sitting(trigger: Token, actors: Sequence[Actor]) -> bool:
    """`their session`, of legislators named before."""
    bodies = read_lexicon("meeting")["sitting_bodies"]
    return lemma_of(trigger) == "session" and any(
        actor.name.lower().split()[-1].removesuffix("s") in bodies for actor in actors
    )


def _is_at_home(actors: Sequence[Actor], place: Place | None) -> bool:
    """Somebody who travels in his own country visits no counterpart."""
    return place is not None and place.country is not None and len(actors) == 1 and actors[0].country == place.country


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops meetings that only repeat an earlier mention; mentions of an article, in the order of the text."""
    return drop_meeting_repeats(mentions)
