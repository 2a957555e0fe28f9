"""What `according to` and `citing` bring in."""

from spacy.tokens import Doc, Span

from transforms.annotate.model import trim_span
from transforms.events.cues import Cue
from transforms.events.said_range import EDGES, OPENING, Said, has_finite, token_range, trim_range


def by_source(cue: Cue, sentence: Span, text: str) -> Said | None:
    """What `according to` and `citing` bring in: the sentence before it, behind it, or around it."""
    doc = cue.head.doc
    start, end = trim_span(sentence)
    source = cue.speaker
    if source is None:
        return None
    last = min(source.right_edge.i, sentence.end - 1)
    begin = cue.head.idx
    if cue.head.lower_ in ("citing", "quoting"):
        return _said_of_citer(cue, sentence, text)
    opening = OPENING.match(text, start)
    first = opening.end() if opening and opening.end() < begin else start
    if text[start:begin].rstrip()[-1:] in (":", ";"):  # `It has been noticed: according to polls, …`
        first = begin
    fronted = not text[first:begin].strip(EDGES)
    if not fronted and not has_finite(doc, sentence.start, cue.head.i) and has_finite(doc, last + 1, sentence.end):
        return Said(*trim_range(text, first, end))  # `The firm, according to Ode, left`
    if fronted:
        stop = _phrase_end(doc, cue.head.i, last, sentence)
        after = trim_range(text, doc[stop].idx + len(doc[stop]), end)
        return Said(*after) if after[1] > after[0] else None
    if not fronted and _is_split(cue):
        stop = _phrase_end(doc, cue.head.i, last, sentence)
        after = trim_range(text, doc[stop].idx + len(doc[stop]), end)
        return Said(*after) if after[1] > after[0] else None
    first, stop = trim_range(text, first, begin)
    return Said(first, stop, None, True) if stop > first else None


def _is_split(cue: Cue) -> bool:
    """`He had, according to Ode, left`: the source stands between an auxiliary and its verb, or behind `which`."""
    before = cue.head.nbor(-2) if cue.head.i >= cue.head.sent.start + 2 and cue.head.nbor(-1).text == "," else cue.head
    return before.tag_ in ("MD", "WDT") or (before.lemma_ in ("have", "be") and before.i > cue.head.sent.start)


def _said_of_citer(cue: Cue, sentence: Span, text: str) -> Said | None:
    """What is reported on somebody's word: the clause that the one who cites reports."""
    verb = cue.head.head
    clause = next((child for child in verb.rights if child.dep_ == "ccomp"), None)
    if clause is not None:
        begin = clause.left_edge.i + (clause.left_edge.lower_ == "that")
        return token_range(verb.doc, begin, min(clause.right_edge.i, sentence.end - 1), sentence)
    first, stop = trim_range(text, trim_span(sentence)[0], cue.head.idx)
    return Said(first, stop, None, True) if stop - first > 20 else None


def _phrase_end(doc: Doc, first: int, last: int, sentence: Span) -> int:
    """Where a fronted `according to X` ends: at the comma before the main clause."""
    source = next((token for token in doc[first : last + 1] if token.dep_ in ("pobj", "pcomp")), doc[first])
    commas = [token.i for token in doc[first : sentence.end] if token.text == ","]
    asides = {
        one.left_edge.i: one.right_edge.i
        for one in source.subtree
        if one.dep_ in ("appos", "relcl", "acl") and doc[one.left_edge.i - 1].text == ","
    }
    at = source.i
    for comma in commas:
        if comma < at:
            continue
        if comma + 1 in asides and asides[comma + 1] < sentence.end - 4:
            at = asides[comma + 1]
            continue
        return comma
    return last
