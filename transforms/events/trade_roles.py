"""What a number of a trade flow is by the words before it: a level, what it is compared with, a difference, a change, an old guess."""

import re

from spacy.tokens import Span

from transforms.events.quantities import Quantity
from transforms.events.trade_flows import Flow

_PRIOR = re.compile(
    r"\b(?:from|against|versus|vs\.?|compared\s+(?:with|to)|compares?\s+(?:with|to)|compared|(?:in\s+)?comparison\s+(?:with|to)|than|as\s+against|down\s+on|up\s+on|after)"
    r"\s+(?:(?:the|a|an|its|last|this|only|just|some|record|revised|estimated|initial|original|previous|earlier|reported|actual|provisional|provisionally|expected|[\w.]+['’]s)\s+)*"
    r"(?:(?:year-ago|year-earlier|previous|corresponding|comparable)\s+(?:\w+\s+)?(?:total|figure|level|surplus|deficit)\s+of\s+)?$",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s+(?:(?:as\s+much\s+as|a\s+further|another|an?)\s+)*$", re.IGNORECASE)
# `fell 97 million to 233 million`: the first number is how much, the second how many.
_MOVED = re.compile(
    r"\b(?:rose|risen|rises?|fell|fallen|falls?|dropped|drops?|increased|increases?|declined|declines?|decreased|grew|grown|climbed|jumped|narrowed|widened|slid|plunged|surged"
    r"|shrank|shrunk|slumped|soared|gained|tumbled|dipped|slipped|advanced|expanded|contracted)\s+(?:(?:an?|the|about|some|nearly|almost|another|further|around)\s+)*$",
    re.IGNORECASE,
)
_RISE_OF = re.compile(
    r"\b(?:reduction|rise|increase|drop|decline|fall|gain|decrease|jump|surge|cut|slump)\s+of\s+(?:(?:about|around|some|nearly|almost|only)\s+)*$",
    re.IGNORECASE,
)
# What was thought before is no trade: `compared with 1.6 million forecast in March`, `above earlier estimates of 3 million`.
_THOUGHT = re.compile(
    r"\b(?:earlier|previous|prior|initial|original|preliminary)\s+(?:estimates?|forecasts?|projections?|predictions?|expectations?|targets?)\s+(?:of|for)\s+(?:(?:about|around|the|a)\s+)*$",
    re.IGNORECASE,
)
_THOUGHT_AT_FIRST = re.compile(
    r"\b(?:originally|previously|initially|earlier)\s+(?:estimated|forecast|projected|expected|planned|reported\s+(?:at|as))\s+$",
    re.IGNORECASE,
)
_WAS_THOUGHT = re.compile(
    r"\s+(?:forecast|estimated|projected|predicted|expected|reported|targeted)\b|\s+(?:figure|estimate)\s+(?:the\s+\w+\s+)?(?:reported|given|published)\b"
)
_ON_TO = re.compile(
    r"(?:\s+(?:in|during|over|last|from)\s+(?:\w+\s+){0,3}\w+)?,?\s+to\s+(?:(?:an?|the|about|some|nearly|almost|around|provisional|record)\s+)*[$€£¥\d]"
)
_AND = re.compile(r"^[\s,]*(?:and|or|,)\s+(?:(?:the|a|an)\s+)*$", re.IGNORECASE)
BESIDE_THE = re.compile(r"(?:below|above|over|under)\s+the\s", re.IGNORECASE)
_LESS_THAN = re.compile(
    r"\s+(?:(?:more|less|fewer|higher|lower|larger|smaller|greater)\s+than\b|(?:above|below)\s+(?:the|its|their|last)\b)"
)


def words_of(sentence: Span, start: int, end: int) -> str:
    """The words between two offsets of the article, both inside the sentence."""
    return sentence.text[max(0, start - sentence.start_char) : max(0, end - sentence.start_char)]


_AGAINST_FLOW = re.compile(
    r"\b(?:against|versus|compared\s+(?:with|to))\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+)?(?:exports?|imports?|deficits?|surplus(?:es)?|shortfall)\s+of\s+$",
    re.IGNORECASE,
)
_NAMED_RISE = re.compile(
    r"\s+(?:rise|increase|fall|drop|decline|decrease|gain|jump|surge|reduction|cut)\b", re.IGNORECASE
)
_REVISED = re.compile(r"\(?\b(?:revised|adjusted|corrected)\s+(?:\w+\s+)?from\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)


def is_thought(q: Quantity, sentence: Span) -> bool:
    """An older forecast or estimate that a figure is held against."""
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    near = words_of(sentence, start - 40, start)
    if _THOUGHT_AT_FIRST.search(near) or _REVISED.search(near):
        return True
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    led = words_of(sentence, max(sentence.start_char, start - 60), start)
    if not re.search(
        r"\b(?:than|above|below|from|against|versus|vs\.?|compared\s+(?:with|to)|compared)\b", led, re.IGNORECASE
    ):
        return False
    after = words_of(sentence, q.end, q.end + 40)
    return bool(_THOUGHT.search(led)) or (
        _PRIOR.search(led) is not None and _WAS_THOUGHT.match(after) is not None and "recorded" not in after
    )


def role_of(
    q: Quantity, flow: Flow, last: Quantity | None, owned: list[tuple[Quantity, Flow, str]], sentence: Span
) -> str:
    """`level`, `prior`, `difference` or `change`, by the words before a number."""
    if q.kind == "percent":
        return "change"
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    led = words_of(sentence, max(sentence.start_char, start - 60, last.end if last else 0), start)
    if _PRIOR.search(led):
        return "prior"
    if _AGAINST_FLOW.search(led) and any(f is not flow and f.flow == flow.flow for _, f, _ in owned):
        return "prior"  # `exports are put at 5 billion, against exports of 4 billion last year`
    if q.kind in ("money", "unit") and _NAMED_RISE.match(words_of(sentence, q.end, q.end + 16)):
        return "difference"  # `a 36 billion dollar rise in the surplus`
    if _LESS_THAN.match(words_of(sentence, q.end, q.end + 30)):
        return "difference"
    if _BY.search(led) or re.search(r"\b(?:up|down)\s+$", led):
        return "difference"
    if q.kind in ("money", "unit") and _RISE_OF.search(led):
        return "difference"  # `a reduction of 1.4 billion`
    if _MOVED.search(led) and _ON_TO.match(words_of(sentence, q.end, q.end + 60)):
        return "difference"
    if (
        q.cue
        and q.comparator in ("lt", "gt")
        and BESIDE_THE.search(words_of(sentence, *q.cue))
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
        if _AND.match(between) or _AND.match(led) or re.search(r"\band\s+(?:(?:the|a|an)\s+)?$", led):
            return "prior"
    return "level"
