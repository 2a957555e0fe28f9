"""What all cues of one speaker in a sentence report together: from the first one's words on, as far as the later ones' reach."""

import re

from transforms.annotate.model import trim_span
from transforms.events.quotes import Quotes
from transforms.events.said_range import EDGES, cue_left, cue_right, trim_range
from transforms.events.statement_details import Found

_JOINED_CLAUSE = re.compile(r"[\"”’']+,?\s+(?:while|and|but|whereas)\s")


def said_by_all(group: list[Found], found: list[Found], quotes: Quotes) -> tuple[int, int] | None:
    """What all cues of one speaker report: from the first one's words on, as far as the later ones' reach."""
    reports, text = [one.said for one in group if one.said is not None], quotes.text
    if not reports:
        return None
    first = reports[0]
    start, end = first.start, first.end
    if not first.before:
        end = max([end, *(other.end for other in reports[1:] if other.start >= start and not other.before)])
    for one in found:  # `…, and others warned that it would` is somebody else's
        cut = _cut_before(one, start, end, text) if one not in group and first.quote is None else None
        end = cut if cut is not None else end
    for one in found:  # `…, according to an aide` and `…, the paper reports` behind it are not said
        behind = one.said is not None and one.said.before and one not in group and start < one.trigger[0] < end
        if behind and one.cue.kind == "according":
            end = one.trigger[0]
        elif behind and one.cue.kind == "verb" and first.quote is None:
            doc, left, last = one.cue.head.doc, cue_left(one.cue), cue_right(one.cue)
            tail = text[: doc[left].idx].rstrip(" \"”’'").endswith(",")
            if tail and not text[doc[last].idx + len(doc[last]) : end].strip(EDGES):
                end = doc[left].idx
    start, end = trim_range(text, start, end) if first.quote is None else (start, end)
    end = _to_bracket(start, end, group, found, text)
    end = _to_close(start, end, group, found, quotes)
    end = _with_contrast(start, end, group, found, quotes)
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _to_bracket(start: int, end: int, group: list[Found], found: list[Found], text: str) -> int:
    """`had no time (really?) and that he would try`: past a bracket that the words break off in, and on with `and that`."""
    last = trim_span(group[0].cue.head.sent)[1]
    close = text.find(")", end, last)
    if text.count("(", start, end) <= text.count(")", start, end) or close < 0:
        return end
    goes_on = re.match(r"\)\s+(?:and|or|but) that\s", text[close:last])
    alone = not any(one.trigger[0] > close for one in found if one not in group)
    return trim_range(text, start, last)[1] if goes_on and alone else close + 1


def _with_contrast(start: int, end: int, group: list[Found], found: list[Found], quotes: Quotes) -> int:
    """`was “calm”, while Ode was “angry”`: a clause joined to words quoted in part is said too if it quotes words as well."""
    sentence = group[0].cue.head.sent
    last = trim_span(sentence)[1]
    joint = _JOINED_CLAUSE.match(quotes.text, end, last)
    if joint is None or not any(one.start >= start for one in quotes.in_range(start, end)):
        return end
    inside = [one for one in quotes.in_range(joint.end(), last) if one.start >= joint.end()]
    cut = any(one.trigger[0] >= end for one in found) or quotes.at(group[0].trigger[0]) is not None
    return trim_range(quotes.text, start, last)[1] if inside and not cut else end


def _cut_before(one: Found, start: int, end: int, text: str) -> int | None:
    """Where the clause of another speaker begins that the parse took into the words said: at its comma and conjunction."""
    if (
        one.cue.kind != "verb"
        or one.cue.speaker is None
        or one.speakers[0].type is None
        or not start < one.trigger[0] < end
    ):
        return None
    cut = text.rfind(", ", start, one.trigger[0])
    joint = re.match(r",\s+(?:and|but|while|whereas)\s+", text[cut:]) if cut > start else None
    if joint is None:
        return None
    begins = cut + joint.end() >= one.cue.speaker.left_edge.idx
    return cut if one.cue.head.dep_ == "conj" or begins else None


def _to_close(start: int, end: int, group: list[Found], found: list[Found], quotes: Quotes) -> int:
    """A quotation that opens among the words said is said to its end, wherever the parse lets the clause end."""
    around = quotes.at(end - 1)
    if around is None or not start - 2 <= around.start or around.holds(group[0].trigger[0]):
        return end
    if not quotes.text[end : around.inner_end].strip(EDGES):
        return end
    cut = any(end <= one.trigger[0] < around.inner_end for one in found if one not in group)
    return end if cut else around.inner_end
