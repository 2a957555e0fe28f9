"""The quotation that stands beside a cue, or the line below it."""

import re

from spacy.tokens import Span

from transforms.annotate.model import trim_span
from transforms.events.cues import Cue
from transforms.events.quotes import Quote, Quotes
from transforms.events.said_range import EDGES, Said, cue_left, cue_right, trim_range

_GAP_AFTER_QUOTE = re.compile(r"[\s,—–\-.]*$")
_BETWEEN = re.compile(r"[\s,:—–\-]*(?:that\s*|quote,?\s*|simply:?\s*)?$")
_INTRODUCED = re.compile(r"[^.!?“”\"]{0,160}(?::|,)\s*$")
_TOLD_TO = re.compile(r"[^.,;:!?]{0,60}\bto\s+$")  # `tweeted to Ode to “cancel it”`
_JOINED = re.compile(r"[\s,]*(?:and|or|,)?\s*$")
_NEXT_PARAGRAPH = 4
_LINE_BELOW = re.compile(r"\s*\n\s*(?:[•*·–-]\s*)?(?P<line>[A-Z][^\n]{20,600})")


def said_in_quotes(cue: Cue, sentence: Span, quotes: Quotes) -> Said | None:
    """Finds the quotation right before or right behind a cue, whole, also where it runs over sentences."""
    doc, text = cue.head.doc, quotes.text
    start, end = trim_span(sentence)
    around = quotes.at(cue.head.idx)
    near = quotes.nested_in(around) if around is not None else quotes.in_range(start, end + _NEXT_PARAGRAPH)
    if not near:
        return _asked(cue, quotes, start) if around is None else None
    left = doc[cue_left(cue)].idx
    holder = quotes.at(left)
    if holder is not None and around is None and holder.end <= cue.head.idx:
        left = _after(cue, holder)  # the parse took a word of the quotation for the cue's subject
    verb_end = cue.words[-1].idx + len(cue.words[-1])
    ended = [one for one in near if one.end <= cue.head.idx and around is None and not quotes.is_scare(one)]
    if ended and cue.speaker is not None and ended[-1].end <= cue.speaker.idx < cue.head.idx:
        first = _after(cue, ended[-1])
        main = any(
            token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("relcl", "acl", "aux", "auxpass")
            for token in doc[cue.head.sent.start : cue.head.i]
            if token.idx >= first
        )
        if not main:
            left = min(left, first)  # `“…,” Ann Ode, head of Odeworks, a maker of hats, said`
    before = [one for one in near if one.end <= left and _GAP_AFTER_QUOTE.match(text[one.end : left])]
    if before and not _reports_clause(cue) and _is_speech_before(cue, before[-1], quotes, start):
        return _before(cue, before[-1], near, text, start, end)
    return _behind(cue, near, quotes, verb_end, end) or (_asked(cue, quotes, start) if around is None else None)


def _asked(cue: Cue, quotes: Quotes, start: int) -> Said | None:
    """`“Is it late?” Ode went on.`: a quotation that was taken for a sentence of its own, with nothing said behind the cue."""
    doc, text, right = cue.head.doc, quotes.text, cue_right(cue) + 1
    closed = right >= cue.head.sent.end or doc[right].is_punct
    if not closed or doc[cue_left(cue)].idx > start or start == 0:
        return None
    last = quotes.at(len(text[:start].rstrip()) - 1)
    if last is None or text[last.inner_end - 1] not in "?!," or "\n" in text[last.end : start] or last.end > start:
        return None
    return Said(last.inner_start, last.inner_end, last, True, "quote")


def _reports_clause(cue: Cue) -> bool:
    """`“It is,” he said, adding that it “could wait”`: the participle's own clause is what it reports."""
    head = cue.head
    return head.tag_ == "VBG" and any(
        child.dep_ == "ccomp" and any(one.lower_ == "that" and one.dep_ == "mark" for one in child.lefts)
        for child in head.rights
    )


def _after(cue: Cue, quote: Quote) -> int:
    """Offset of the first word behind a quotation."""
    return next(
        token.idx
        for token in cue.head.doc[cue.head.sent.start : cue.head.i + 1]
        if token.idx >= quote.end and not token.is_punct
    )


def _is_speech_before(cue: Cue, quote: Quote, quotes: Quotes, start: int) -> bool:
    if cue.speaker is not None and quote.holds(cue.speaker.idx) and not quote.holds(cue.head.idx):
        return False
    closed = quotes.text[quote.inner_end - 1 : quote.inner_end] in (",", ".", "!", "?")
    followed = quotes.text[quote.end : quote.end + 1] == "," and quote.start <= start + 1
    return (
        not quotes.is_scare(quote) or closed or followed
    )  # not a heading run into the text: `‘Big fire’ Ode said that`


def _before(cue: Cue, quote: Quote, near: list[Quote], text: str, start: int, end: int) -> Said | None:
    """“It is,” he said, “a good plan.” goes on; “It is.” alone and what leads up to it decide otherwise."""
    lead = text[start : quote.start].strip() if quote.start > start else ""
    if lead and lead[-1] not in ":—–-.?!" and len(lead.split()) > 1:
        return None  # `The data is “strong,” he said`: words outside the marks are said too
    behind = next((two for two in near if cue.head.idx < two.start < end), None)
    last = cue.head.doc[cue_right(cue)]
    if (
        behind is not None
        and _BETWEEN.match(text[last.idx + len(last) : behind.start])  # not `he said, adding that it “could wait”`
        and text[behind.inner_start : behind.inner_start + 1].islower()
        and len(text[behind.inner_start : behind.inner_end].split()) > 4
    ):
        return Said(quote.inner_start, behind.inner_end, quote, True, "quote")
    return Said(quote.inner_start, quote.inner_end, quote, True, "quote")


def _behind(cue: Cue, near: list[Quote], quotes: Quotes, verb_end: int, end: int) -> Said | None:
    text, doc = quotes.text, cue.head.doc
    last = doc[cue_right(cue)]
    right = last.idx + len(last)
    for index, one in enumerate(near):
        if one.start < verb_end:
            continue
        between = text[verb_end : one.start]
        marked = bool(re.search(r"[,:]\s*(?:that\s*)?$", between))
        beside = _BETWEEN.match(between) or (one.start >= right and _BETWEEN.match(text[right : one.start]))
        introduced = _INTRODUCED.match(between) and between.rstrip().endswith(":")
        introduced = introduced or (cue.head.tag_ == "VBD" and _TOLD_TO.match(between) and not quotes.is_scare(one))
        if not (beside or introduced) or (one.start >= end and not between.rstrip().endswith(":")):
            return None
        if quotes.is_scare(one) and not marked:
            return None
        stop = one.inner_end
        for following in near[index + 1 :]:  # “Fund our schools,” and “Put kids first”
            if following.start > end or not _JOINED.match(text[stop + 1 : following.start]):
                break
            stop = following.inner_end
        rest = text[one.end : end].strip() if one.end < end else ""
        whole = not rest.strip(EDGES) or text[one.inner_end - 1] in ",.!?" or rest[0] in ",;—–-" or stop > one.inner_end
        # a quotation that is only part of a clause: the clause decides
        if whole:
            return Said(one.inner_start, stop, one, False, "quote")
        # a quotation that runs on into words outside it: `said “I will not make it easy for” speculation`
        runs_on = len(text[one.inner_start : one.inner_end].split()) > 4 and not re.search(r"[,;]", rest)
        return (
            Said(one.inner_start, trim_range(text, one.inner_start, end)[1], one, False, "quote") if runs_on else None
        )
    return None


def said_below(cue: Cue, sentence: Span, text: str) -> Said | None:
    """`Ode also said:` at the end of a line: the line below it."""
    doc, end = cue.head.doc, trim_span(sentence)[1]
    last = doc[cue_right(cue)]
    if "quote" not in cue.frames or text[last.idx + len(last) : end].strip() != ":":
        return None
    line = _LINE_BELOW.match(text, end)
    return Said(*trim_range(text, *line.span("line")), None, False, "colon") if line is not None else None
