"""Lines of a page capture: which belong to the article, by their length, their punctuation, their neighbours and their repetition."""

import dataclasses
import re
from collections import Counter

from transforms.article.dates import find_instant
from transforms.article.furniture import is_caption, is_furniture

# A paragraph has this many words and ends like a sentence; a line of this many words is text however it ends.
MIN_SENTENCE = 6
MIN_PARAGRAPH = 20
# What a line adds to a stretch of text: its words up to a limit, or what navigation takes away.
MAX_GAIN = 60
SHORT_COST = 4
HEADLINE_COST = 8
MAX_SUBHEAD = 12
MIN_LOWER = 0.4

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]*$|[.!?]['\"”’»)\]]* ?\(?(?:AP|AFP|Reuters|dpa|ANI|IANS|PTI)\)?$")
_SENTENCE_INSIDE = re.compile(r"[.!?]['\"”’]? +['\"“‘]?[A-ZÀ-ÞА-Я]")
_BYLINE = re.compile(r"^(?:by|written by|authors?|reported by|story by)\b[ :]*\S", re.IGNORECASE)
MAX_BYLINE = 14


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank.

    Attributes:
        text: white space folded.
        words: number of words, split at white space.
        kind: `text` (a sentence or more), `short` (a brief sentence), `headline` (several words without an end), `label`
            (furniture, captions, single words), `date` or `byline`.
        block: ordinal of the run of lines between blank ones that it stands in.
    """

    text: str
    words: int
    kind: str
    block: int


def read_lines(text: str) -> list[Line]:
    """Classifies the lines of a capture that are not blank."""
    folded = [" ".join(line.split()) for line in text.splitlines()]
    folded = [re.sub(r"^[\u200b-\u200f\ufeff]+$", "", line) for line in folded]
    counts = Counter(line for line in folded if line)
    kinds = {line: _kind(line, count) for line, count in counts.items()}
    lines: list[Line] = []
    block = 0
    for line in folded:
        if not line:
            block += 1
        else:
            lines.append(Line(line, len(line.split()), kinds[line], block))
    return lines


def _kind(line: str, count: int) -> str:
    words = len(line.split())
    ends = _SENTENCE_END.search(line) is not None
    if is_furniture(line) or is_caption(line):
        return "label"
    if words <= MAX_BYLINE and not (ends and words > 8):
        if is_dated(line):
            return "date"
        if _BYLINE.match(line) and words > 1 and not ends:
            return "byline"
    if count > 1 and words > 1:
        # What is said twice is a teaser, a template or the headline.
        return "headline" if words >= 4 else "label"
    if (ends and words >= MIN_SENTENCE) or (
        _lower_share(line) >= MIN_LOWER
        and words >= MIN_PARAGRAPH
        and (line[-1] in ":;,—-" or _SENTENCE_INSIDE.search(line))
    ):
        return "text"
    if ends and words >= 2:
        return "short"
    return "headline" if words >= 4 else "label"


def _lower_share(line: str) -> float:
    """Share of a line's words that begin in lower case: low in a row of labels or headlines."""
    words = re.findall(r"[^\W\d_]+", line)
    return sum(word[0].islower() for word in words) / max(1, len(words))


def is_dated(line: str) -> bool:
    """Whether a short line shows a date."""
    return bool(re.search(r"\d{4}", line)) and find_instant(unglue(line)).at is not None


def unglue(line: str) -> str:
    """Parts what a copied page runs together: `readApril 25, 20232:26 PM`."""
    line = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z])", " ", line)
    line = re.sub(r"(?<=\d)(?=(?:Updated|Published|Last|Modified)\b)", " ", line)
    return re.sub(r"([A-Za-z]{3,9}\.? \d{1,2},? (?:19|20)\d\d)(?=\d)", r"\1 ", line)


def find_body(lines: list[Line]) -> tuple[int, int]:
    """The stretch of lines with the most text for its navigation: first line and the one behind the last; (0, 0) for none.

    Kadane's algorithm for the heaviest run: a line of text adds its words, any other takes away.
    """
    best, best_range = 0.0, (0, 0)
    total, start = 0.0, 0
    for number, line in enumerate(lines):
        total += _gain(line)
        if total <= 0:
            total, start = 0.0, number + 1
        elif total > best:
            best, best_range = total, (start, number + 1)
    return best_range


def _gain(line: Line) -> float:
    if line.kind == "text":
        return float(min(line.words, MAX_GAIN))
    if line.kind == "short":
        return 0.0
    return -float(HEADLINE_COST if line.kind == "headline" and line.words > MAX_SUBHEAD else SHORT_COST)


def keep_lines(lines: list[Line], first: int, last: int) -> list[str]:
    """The paragraphs of a stretch: its sentences, and the subheads that stand between two of them."""
    blocks: dict[int, list[Line]] = {}
    for line in lines[first:last]:
        blocks.setdefault(line.block, []).append(line)
    out: list[str] = []
    for number in range(first, last):
        line = lines[number]
        mates = blocks[line.block]
        if line.kind == "text":
            # A sentence in a block of buttons belongs to them.
            crowd = sum(mate.kind in ("label", "headline") for mate in mates)
            if (
                line.words >= MIN_PARAGRAPH
                or crowd == 0
                or crowd < sum(mate.kind in ("text", "short") for mate in mates)
            ):
                out.append(line.text)
        elif line.kind == "short":
            if all(mate.kind in ("text", "short") for mate in mates):
                out.append(line.text)
        elif (
            line.kind in ("headline", "label")
            and 2 <= line.words <= MAX_SUBHEAD
            and not is_furniture(line.text)
            and not is_caption(line.text)
            and first < number < last - 1
            and lines[number - 1].kind in ("text", "short")
            and lines[number + 1].kind in ("text", "short")
            and (len(mates) == 1 or len(blocks) <= 2 or all(mate is line or mate.kind == "text" for mate in mates))
        ):
            out.append(line.text)
    return out
