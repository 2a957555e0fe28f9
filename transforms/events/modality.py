"""Tells whether an event happened, is planned, is possible or did not happen, and by which words."""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Token

from transforms.events.announcing import announced_by, is_motion
from transforms.events.context import Context
from transforms.events.governors import climb
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.modality_cues import (
    OBJECT_DEPS,
    SUBJECT_DEPS,
    Cue,
    is_conditional,
    is_negation,
    is_over,
    modifier_cues,
    own_cues,
)

RANK = {"asserted": 0, "planned": 1, "possible": 2, "negated": 3}
WITHIN = frozenset({"at", "in", "during"})
MAX_STEPS = 12  # an event is never that deep below the word that decides about it; guards against odd parses


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """modality: asserted, planned, possible or negated; cue: the deciding words, verbatim, None for plain assertions."""

    modality: str = "asserted"
    cue: str | None = None


def judge(trigger: Token, context: Context | None = None, light: frozenset[str] = frozenset()) -> Judgement:
    """Judges the event that `trigger` (verb or noun) evokes.

    Args:
        trigger: head word of the trigger.
        context: where given, a future date makes a plain assertion `planned`.
        light: lemmas that add nothing to this trigger whatever the lexicon says (`announced his resignation`).
    """
    best: Cue | None = None
    for cue in _cues(trigger, light):
        if trigger in cue.words:
            continue  # "suggestions that they be withdrawn from Asia": it is no word about itself
        if best is not None and _is_halted(best, cue):
            best = Cue("planned", best.words)
            break
        if cue.final:
            best = cue
            break
        if best is None or RANK[cue.modality] > RANK[best.modality]:
            best = cue
    if best is None:
        return _judge_by_time(trigger, context) if context is not None else Judgement()
    modality = _settle(best, trigger, context)
    return Judgement(modality, _text(best.words)) if modality != "asserted" else Judgement()


def _settle(cue: Cue, trigger: Token, context: Context | None) -> str:
    """The modality that a cue has where it stands: beside a time, in a question."""
    spoken = {word.lower_ for word in cue.words}
    if (
        cue.modality == "possible"
        and spoken == {"would"}
        and context is not None
        and not is_conditional(cue.words[0].head)
    ):
        return "planned" if _is_to_come(trigger, context) else "possible"  # "and would hold talks next month"
    if cue.modality != "planned":
        return cue.modality
    if (trigger.dep_ == "pobj" and _is_this_morning(trigger)) or _is_done_journey(trigger, cue, context):
        return "asserted"
    within = trigger.dep_ == "pobj" and trigger.head.lower_ in WITHIN
    if context is not None and within and _is_over(trigger, context):
        return "asserted"  # "pledged to reach the target at talks in Oslo last May"
    asks = trigger.sent.text.rstrip(" \"”’'»\n").endswith("?") and bool(spoken & {"will", "'ll", "’ll"})
    return "possible" if asks else "planned"  # "will you resign?"


def _is_to_come(trigger: Token, context: Context) -> bool:
    """Whether the words themselves say that it lies in the future."""
    time = context.times.for_trigger(trigger, future=True)
    return time is not None and context.day is not None and time.first > context.day


def _is_halted(halting: Cue, above: Cue) -> bool:
    """`may cancel the meeting`, `refused to postpone it`: until then it stands."""
    return halting.modality == "negated" and above.modality in ("possible", "negated") and _halts(halting.words[0])


def _halts(word: Token) -> bool:
    """`cancel`, `postpone`, `skip` over an event, not `the cancelled meeting`."""
    governs = word.pos_ == "VERB" and word.dep_ not in ("amod", "acl", "relcl")
    return governs and lemma_of(word) in read_lexicon("modality")["halting"]


def _is_next(verb: Token) -> bool:
    """`will decide after they meet`, `a week before the minister visits Lima`: the present tense of a clause of time."""
    marks = ("after", "before", "once", "until", "till")
    return verb.dep_ == "advcl" and any(c.lower_ in marks for c in verb.children if c.dep_ in ("mark", "advmod"))


def _is_over(trigger: Token, context: Context) -> bool:
    """Whether the words themselves say that it lies in the past (`last May`, `two years ago`)."""
    time = context.times.for_trigger(trigger)
    if time is None or (context.day is not None and time.last >= context.day):
        return False
    return bool({"last", "ago", "yesterday", "previous"} & set(time.text.lower().split()))


def _is_done_journey(trigger: Token, cue: Cue, context: Context | None) -> bool:
    """`went to Flint last week to meet the mayor`: who went there before today has met him."""
    verb = trigger.head
    gone = cue.words[0].tag_ == "TO" and cue.words[0].head == trigger and verb.tag_ == "VBD" and is_motion(verb)
    if not gone or context is None or context.day is None:
        return False
    time = context.times.for_trigger(verb)
    return time is not None and time.last < context.day


def _is_this_morning(trigger: Token) -> bool:
    """`will act following talks this morning`: what something follows this morning has been."""
    clause = trigger.doc[trigger.i : min(trigger.i + 12, trigger.sent.end)].text.lower()
    return trigger.head.lower_ in ("after", "following") and any(
        words in clause for words in ("this morning", "earlier today", "earlier this")
    )


def _judge_by_time(trigger: Token, context: Context) -> Judgement:
    """Plain assertions about a day to come: `meet on 2 June`; news tells in the present tense what is about to happen."""
    if is_over(trigger):
        return Judgement()
    time = context.times.for_trigger(trigger)
    have = any(
        c.dep_ in ("aux", "auxpass") and c.lower_ in ("has", "have", "had", "was", "were") for c in trigger.children
    )
    past = trigger.tag_ == "VBD" or (trigger.tag_ == "VBN" and have)
    if time is not None and context.day is not None and time.first > context.day and not past:
        return Judgement("planned", time.text)
    verb = announced_by(trigger)
    if (
        verb is None
        or context.day is None
        or (time is None and not _is_next(verb) and (verb == trigger or not is_motion(verb)))
    ):
        return Judgement()
    ahead = context.times.for_trigger(trigger, future=True)
    if ahead is not None and ahead.last < context.day:
        return Judgement()
    return Judgement("planned", ahead.text if ahead is not None else verb.text)


def _text(words: tuple[Token, ...]) -> str:
    """The words as they stand in the text; of words that others part, the longest run, the first of those as long."""
    runs: list[list[Token]] = []
    for word in sorted(set(words), key=lambda word: word.i):
        if runs and word.i == runs[-1][-1].i + 1:
            runs[-1].append(word)
        else:
            runs.append([word])
    longest = max(runs, key=len)
    return longest[0].doc[longest[0].i : longest[-1].i + 1].text


def _cues(trigger: Token, light: frozenset[str]) -> Iterator[Cue]:
    """Walks from the trigger to the words that govern it and yields what each says."""
    node, steps = trigger, 0
    if trigger.pos_ in ("NOUN", "PROPN") or trigger.dep_ in OBJECT_DEPS | SUBJECT_DEPS | {"pobj"}:
        yield from modifier_cues(trigger)
    else:
        yield from own_cues(trigger)
    while steps < MAX_STEPS:
        steps += 1
        step = climb(node, light)
        if step is None:
            return
        cue, governor, goes_on = step
        if governor is not None:
            own = list(own_cues(governor)) if governor.pos_ in ("VERB", "AUX", "ADJ") else list(modifier_cues(governor))
            if (
                cue is not None
                and cue.modality == "negated"
                and any(is_negation(word) for c in own for word in c.words)
            ):
                # "did not rule out talks", "no reason to refuse": what is left is a possibility
                words = (*cue.words, *(word for c in own for word in c.words))
                yield Cue("planned" if _halts(governor) else "possible", words)
                return
            if cue is not None:
                yield cue
            if goes_on or cue is not None:
                yield from own
        elif cue is not None:
            yield cue
        if not goes_on or governor is None:
            return
        node = governor
