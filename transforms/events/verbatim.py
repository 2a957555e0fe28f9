"""What an event quotes, in the text's own words: the rules read a copy with its lines joined and its quotation marks folded."""

import dataclasses
import re

from schemas.event import Actor, EventTime, Place
from transforms.events.context import Context, Mention
from transforms.events.lexicon import text_of


def quote_words(words: str, context: Context, start: int, end: int) -> str | None:
    """The text's own words for what a rule read between two offsets, None where they don't stand there."""
    at = text_of(context.doc).find(words, start, end)
    if at >= 0:
        return context.text[at : at + len(words)]
    found = re.search(r"\s+".join(map(re.escape, words.split())), context.text[start:end]) if words.strip() else None
    return found.group() if found else None


def quote_cue(mention: Mention, context: Context) -> str | None:
    """The words of a modality; None where another sentence has them (`the summit` of a plan told before)."""
    return quote_words(mention.modality_cue, context, *mention.evidence) if mention.modality_cue is not None else None


def quote_time(mention: Mention, context: Context) -> EventTime | None:
    """The time with the words that were resolved, from a sentence before where the event's own has none."""
    time, (start, end) = mention.time, mention.evidence
    if time is None:
        return None
    words = quote_words(time.text, context, start, end)
    if words is None:
        at = text_of(context.doc).rfind(time.text, 0, start)
        words = context.text[at : at + len(time.text)] if at >= 0 else time.text
    return dataclasses.replace(time, text=words)


def quote_place(mention: Mention, context: Context) -> Place | None:
    """The place by the words that name it."""
    if mention.place is None:
        return None
    words = quote_words(mention.place.name, context, *mention.evidence)
    return dataclasses.replace(mention.place, name=words) if words is not None else mention.place


def quote_mention(actor: Actor, mention: Mention, context: Context) -> Actor:
    """The actor with the words of the evidence that name it, None where it doesn't."""
    start, end = mention.evidence
    words = quote_words(actor.mention, context, start, end) if actor.mention is not None else None
    if words is None:
        named = re.search(rf"(?<!\w){re.escape(actor.name)}(?!\w)", context.text[start:end])
        words = named.group() if named else None
    return dataclasses.replace(actor, mention=words)
