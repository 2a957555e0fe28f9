"""What a statement carries besides its words: when it was said, and whether it is quoted."""

import dataclasses
import re
from collections.abc import Sequence

from schemas.event import Actor, EventTime, Statement
from transforms.events.context import Context, Mention
from transforms.events.cues import Cue, word_list
from transforms.events.lexicon import lemma_of
from transforms.events.said_range import Said
from transforms.events.time_outlook import time_words

_NEAR = 25  # characters from a cue to a time that is its own: `said last month that …`
# A span of this precision inside what is forecast, described or promised is that of the thing.
_LONG = frozenset({"month", "quarter", "season", "year"})


@dataclasses.dataclass(slots=True)
class Found:
    """A cue with what it reports and who speaks."""

    cue: Cue
    said: Said | None
    speakers: tuple[Actor, ...]
    trigger: tuple[int, int]
    modality: str = "asserted"
    modality_cue: str | None = None


def find_time(one: Found, context: Context) -> EventTime | None:
    """When it was said; never a span that is still to come, for what was said was said (`by 2040, planners say, …`)."""
    time = _time_of_cue(one, context)
    if time is None or one.modality != "asserted" or context.day is None or time.precision == "day":
        return time
    return time if time.first <= context.day else None


def _time_of_cue(one: Found, context: Context) -> EventTime | None:
    """The cue's time, else that of the writing it stands in: `in a note published on Monday`."""
    head = one.cue.head
    if not context.times.of_sentence(context.times.sentence_of(head)):
        return None
    between = _between(one, context)
    if between is not None:
        return between
    time = context.times.for_trigger(head, future=one.modality == "planned")
    if time is not None and _is_title(time, one, context):
        time = None
    if time is not None and one.said is not None and _is_within(time, one.said, context):
        time = context.times.for_trigger(head, outside=(one.said.start, one.said.end))
    if time is not None:
        return time
    if one.cue.kind == "noun" and head.dep_ == "dobj" and lemma_of(head.head) not in time_words("responding"):
        time = context.times.for_trigger(head.head)
        if time is not None:
            return time
    for child in head.lefts:  # `Speaking in Lima on Tuesday, she said …`
        if child.dep_ == "advcl" and child.tag_ in ("VBG", "VBN") and lemma_of(child) in word_list("speaking"):
            last = child.doc[child.right_edge.i]
            found = context.times.in_span(child.idx, last.idx + len(last))
            shown = [one for one in found if context.quotes.at(one.start) is None]
            if len(shown) == 1:
                return shown[0].event_time()
    for token in head.subtree:
        if (
            token.dep_ == "acl"
            and lemma_of(token) in word_list("publishing")
            and (one.said is None or not one.said.start <= token.idx < one.said.end)
        ):
            time = context.times.for_trigger(token)
            if time is not None:
                return time
    return None


def _between(one: Found, context: Context) -> EventTime | None:
    """The day right behind the cue, or behind its addressee: `told them Tuesday prices fell`."""
    said, last = one.said, one.cue.words[-1]
    if said is None or said.before or one.cue.kind != "verb":
        return None
    found = context.times.in_span(last.idx + len(last), said.start)
    words = [token for token in context.doc[last.i + 1 : last.i + 8] if token.idx < said.start]
    plain = all(token.dep_ not in ("relcl", "acl", "advcl", "poss") for token in words)
    near = len(found) == 1 and (found[0].precision == "day" or found[0].start - last.idx < _NEAR)
    return found[0].event_time() if near and plain else None


def _is_title(time: EventTime, one: Found, context: Context) -> bool:
    """Whether the time is a name in quotation marks: `on “This Week,” she said`."""
    around, sent = context.quotes.at(one.cue.head.idx), one.cue.head.sent
    places = [
        context.quotes.at(found.start)
        for found in context.times.in_span(sent.start_char, sent.end_char)
        if " ".join(found.text.split()) == time.text
    ]
    return bool(places) and all(quote is not None and quote is not around for quote in places)


def _is_within(time: EventTime, said: Said, context: Context) -> bool:
    """Whether a time stands among the words said alone: it dates what they tell of, not their telling."""
    inside = {" ".join(one.text.split()) for one in context.times.in_span(said.start, said.end)}
    sentence = context.doc.char_span(said.start, said.end, alignment_mode="expand")
    if time.text not in inside or sentence is None:
        return False
    if said.before:
        return True
    if said.frame not in ("clause", "quote"):
        return time.precision in _LONG
    first, last = sentence.sent.start_char, sentence.sent.end_char
    outside = [*context.times.in_span(first, said.start), *context.times.in_span(said.end, last)]
    return time.text not in {" ".join(one.text.split()) for one in outside}


def quote_type(content: tuple[int, int], one: Found, context: Context) -> str:
    """Direct where quotation marks enclose what is said, mixed where they stand inside it, else indirect."""
    start, end = content
    around = context.quotes.at(one.cue.head.idx)
    near = context.quotes.nested_in(around) if around is not None else context.quotes.in_range(start, end)
    inside = [quote for quote in near if quote.start < end and quote.end > start]
    if not inside:
        return "indirect"
    first = inside[0]
    whole = first.inner_start <= start + 2 and (
        first.inner_end >= end - 2 or (inside[-1].inner_end >= end - 2 and len(inside) > 1)
    )
    speech = one.said is not None and one.said.frame in ("quote", "clause", "colon")
    clause = len(context.text[start:end].split()) > 3 or (speech and context.text[first.inner_end - 1] in ".!?,")
    return "direct" if whole and clause else "mixed"


def drop_said_again(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops statements that the article gives again word for word: a lead repeated in the body, a pulled quotation.

    Args:
        mentions: the statements of one article, in text order.
    """
    seen: set[tuple[str, str]] = set()
    kept = []
    for mention in mentions:
        content = mention.detail.content if isinstance(mention.detail, Statement) else None
        words = " ".join(re.findall(r"\w+", (content or "").casefold()))
        key = (mention.actors[0].name if mention.actors else "", words)
        if len(words.split()) >= 4 and key in seen:
            continue
        seen.add(key)
        kept.append(mention)
    return kept
