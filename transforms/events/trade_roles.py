"""What a number of a trade flow is by the words before it: a level, what it is compared with, a difference, a change, an old guess."""

import re

from spacy.tokens import Span

from transforms.events.quantities import Quantity
from transforms.events.trade_flows import Flow
from transforms.events.trade_patterns import read_pattern


def words_of(sentence: Span, start: int, end: int) -> str:
    """The words between two offsets of the article, both inside the sentence."""
    return sentence.text[max(0, start - sentence.start_char) : max(0, end - sentence.start_char)]


def is_thought(q: Quantity, sentence: Span) -> bool:
    """An older forecast or estimate that a figure is held against."""
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    near = words_of(sentence, start - 40, start)
    if read_pattern("thought_at_first").search(near) or read_pattern("revised").search(near):
        return True
    led = words_of(sentence, max(sentence.start_char, start - 60), start)
    if not read_pattern("held_against").search(led):
        return False
    after = words_of(sentence, q.end, q.end + 40)
    return bool(read_pattern("thought").search(led)) or (
        read_pattern("prior").search(led) is not None
        and read_pattern("was_thought").match(after) is not None
        and "recorded" not in after
    )


def role_of(
    q: Quantity, flow: Flow, last: Quantity | None, owned: list[tuple[Quantity, Flow, str]], sentence: Span
) -> str:
    """`level`, `prior`, `difference` or `change`, by the words before a number."""
    if q.kind == "percent":
        return "change"
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    led = words_of(sentence, max(sentence.start_char, start - 60, last.end if last else 0), start)
    if read_pattern("prior").search(led):
        return "prior"
    if read_pattern("against_flow").search(led) and any(f is not flow and f.flow == flow.flow for _, f, _ in owned):
        return "prior"  # `exports are put at 5 billion, against exports of 4 billion last year`
    if q.kind in ("money", "unit") and read_pattern("named_rise").match(words_of(sentence, q.end, q.end + 16)):
        return "difference"  # `a 36 billion dollar rise in the surplus`
    if read_pattern("less_than").match(words_of(sentence, q.end, q.end + 30)):
        return "difference"
    if read_pattern("by").search(led) or read_pattern("up_or_down").search(led):
        return "difference"
    if q.kind in ("money", "unit") and read_pattern("rise_of").search(led):
        return "difference"  # `a reduction of 1.4 billion`
    if read_pattern("moved").search(led) and read_pattern("to_level").match(words_of(sentence, q.end, q.end + 60)):
        return "difference"
    if (
        q.cue
        and q.comparator in ("lt", "gt")
        and read_pattern("beside_the").search(words_of(sentence, *q.cue))
        and any(r == "level" for _, _, r in owned)
    ):
        return "prior"
    if last is not None and owned and owned[-1][0] is last and owned[-1][2] == "prior":
        led = re.sub(
            r"\b(?:this|last|the\s+same|the\s+previous|an?)\s+(?:week|month|quarter|year)(?:\s+(?:earlier|ago|before))?",
            "",
            led,
        )
        between = re.sub(r"\b(?:in|of|for|during)\s+[^,]*?(?=,|\band\b|$)", "", led)
        if (
            read_pattern("joined").match(between)
            or read_pattern("joined").match(led)
            or read_pattern("joined_last").search(led)
        ):
            return "prior"
    return "level"
