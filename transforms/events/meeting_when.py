"""When and where a meeting took place: said of its noun, of the verb that carries it, or of what becomes of it."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.event import EventTime, Place
from transforms.events.context import Context
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_nouns import Reading
from transforms.events.places import find_place, make_place


def find_time(reading: Reading, context: Context, future: bool | None = None) -> EventTime | None:
    """The time of the trigger, else of a clause that tells what becomes of the meeting (`talks, which begin on Monday`)."""
    for token in _tellers(reading):
        time = context.times.for_trigger(token, future=future)
        if time is not None:
            return time
    return None


def find_site(reading: Reading, sentence: Span, context: Context) -> Place | None:
    """The place that the reading has itself, else that of its clause, else that of the journey whose aim it is."""
    if reading.place:
        return make_place(reading.place)
    for token in _tellers(reading):
        # "the talks touched upon the base in Lima": not the place of the talks
        place = find_place(token, sentence, context, deep=token.dep_ != "nsubj" or token.pos_ == "VERB")
        if place is not None:
            return place
    verb = reading.trigger
    purpose = verb.dep_ in ("advcl", "xcomp") and verb.tag_ in ("VB", "VBG") and verb.head.pos_ == "VERB"
    if purpose and lemma_of(verb.head) in read_lexicon("meeting")["errands"]:
        place = find_place(verb.head, sentence, context)
        if place is not None:
            return place
    return make_place(reading.frame) if reading.frame else None


def is_near(words: str | None, reading: Reading) -> bool:
    """Whether a time or place is said of what is only mentioned in passing: inside its phrase, right behind it, or of its own verb."""
    if words is None:
        return False
    trigger = reading.host or reading.trigger
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


def _tellers(reading: Reading) -> Iterator[Token]:
    """The trigger and what else may carry its time and place, the nearest first."""
    trigger = reading.trigger
    yield trigger
    for child in trigger.children:
        if child.dep_ in ("relcl", "acl") and child.i > trigger.i and _tells_of(child):
            yield child
    host = reading.host or trigger
    if host != trigger:
        yield host
    if host.dep_ in ("nsubj", "nsubjpass") and host.head.pos_ in ("VERB", "AUX"):
        # "talks are due to begin in Lima on Monday"
        for word in host.head.subtree:
            if word.lower_ in ("coming", "starting", "beginning") and word.dep_ == "advcl":
                yield word  # "is to take place this coming Monday", taken for a clause
            if word.dep_ == "xcomp" and word.pos_ in ("VERB", "AUX") and lemma_of(word) in _courses():
                yield word


def _tells_of(clause: Token) -> bool:
    return clause.tag_ == "VBN" or any(w.tag_ == "WDT" and w.dep_ in ("nsubj", "nsubjpass") for w in clause.children)


def _courses() -> list[str]:
    return [*read_lexicon("meeting")["phases"], *read_lexicon("meeting")["held"]]
