"""Lines of a page capture: which belong to the article, by their length, their punctuation, their neighbours and their repetition."""

import dataclasses
import functools
import importlib.resources
import itertools
import re
from collections import Counter
from typing import Any

import yaml

from transforms.article.dates import find_instant
from transforms.article.furniture import is_caption, is_label, is_notice
from transforms.article.words import count_words

# A paragraph has this many words and ends like a sentence; a line of this many words is text however it ends.
MIN_SENTENCE = 6
MIN_PARAGRAPH = 20
MAX_SUBHEAD = 12
MAX_BYLINE = 14
MAX_ENDING = 8
MAX_TEASER = 30
# Lines of a figure: its caption, who made it, a button.
MAX_FIGURE = 3
MIN_LOWER = 0.4
# Characters of a line that was wrapped at a width.
WRAPPED = (45, 100)
RAGGED = 25

_PROSE = ("text", "short")

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]*$|[.!?]['\"”’»)\]]* ?\(?(?:AP|AFP|Reuters|dpa|ANI|IANS|PTI)\)?$")
_BYLINE = re.compile(r"^(?:by|written by|authors?|reported by|story by)\b[ :]*\S", re.IGNORECASE)
_AGO = re.compile(
    r"\b\d+ ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|mo|months?|y|years?) ago\b|\byesterday\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[•·▪●◦*–—-]|\d{1,2}[.)])\s*\S")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank.

    Attributes:
        text: white space folded.
        words: number of words.
        kind: `text` (a sentence or more), `short` (a brief sentence), `headline` (several words without an end), `label`
            (furniture, single words), `notice`, `caption`, `cut` (a teaser that breaks off), `date`, `ago` (a time that
            counts back), `byline` or `ending` (the heading of what follows an article).
        block: ordinal of the run of lines between blank ones that it stands in.
    """

    text: str
    words: int
    kind: str
    block: int


def read_lines(text: str) -> list[Line]:
    """Classifies the lines of a capture that are not blank."""
    folded = [" ".join(line.split()) for line in text.splitlines()]
    folded = _unwrap([re.sub(r"^[\u200b-\u200f\ufeff]+$", "", line) for line in folded])
    counts = Counter(line for line in folded if line)
    kinds = {line: _kind(line, count) for line, count in counts.items()}
    lines: list[Line] = []
    block = 0
    for line in folded:
        if not line:
            block += 1
        else:
            lines.append(Line(line, count_words(line), kinds[line], block))
    return lines


def _unwrap(lines: list[str]) -> list[str]:
    """Joins the lines of paragraphs that were wrapped at a width, where any block shows it by going on in lower case."""
    blocks = [list(block) for _, block in itertools.groupby(lines, key=bool)]
    wrapped = [_has_width(block) for block in blocks]
    if not any(fits and _goes_on(block) for fits, block in zip(wrapped, blocks, strict=True)):
        return lines
    joined = [
        [" ".join(block)] if fits and block[0] and len(block[-1]) <= WRAPPED[1] else block
        for fits, block in zip(wrapped, blocks, strict=True)
    ]
    return [line for block in joined for line in block]


def _has_width(block: list[str]) -> bool:
    """Whether all lines but the last are about as long as each other."""
    lengths = [len(line) for line in block[:-1]] or [WRAPPED[0]]
    return min(lengths) >= WRAPPED[0] and max(lengths) <= WRAPPED[1] and max(lengths) - min(lengths) <= RAGGED


def _goes_on(block: list[str]) -> bool:
    lower = sum(line[:1].islower() for line in block[1:])
    return lower >= 2 and 2 * lower >= len(block) - 1


@functools.cache
def load_settings() -> dict[str, Any]:
    """Reads what `data/capture.yaml` says of lines: their costs, the endings as one pattern, the signs of a headline."""
    text = importlib.resources.files("transforms.read").joinpath("data/capture.yaml").read_text("utf-8")
    settings: dict[str, Any] = yaml.safe_load(text)
    settings["endings"] = re.compile("|".join(f"(?:{line})" for line in settings["endings"]), re.IGNORECASE)
    return settings


def _kind(line: str, count: int) -> str:
    words = count_words(line)
    ends = _SENTENCE_END.search(line) is not None
    if is_caption(line):
        return "caption"
    if words <= MAX_ENDING and not ends and load_settings()["endings"].match(line):
        return "ending"
    if is_notice(line):
        return "notice"
    if words <= MAX_BYLINE and not (ends and words > MAX_ENDING):
        if is_dated(line):
            return "date"
        if _BYLINE.match(line) and words > 1 and not ends:
            return "byline"
        if _AGO.search(line):
            return "ago"
    if is_label(line):
        return "label"
    if line.endswith(("…", "...")) and MIN_SENTENCE <= words <= MAX_TEASER:
        return "cut"
    if count > 1 and words > 1:
        # What is said twice is a teaser, a template or the headline.
        return "headline" if words >= 4 else "label"
    if (ends and words >= MIN_SENTENCE) or (words >= MIN_PARAGRAPH and _lower_share(line) >= MIN_LOWER):
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
    line = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z]|[A-Z]{3})", " ", line)
    line = re.sub(r"(?<=[A-Za-zà-ÿ])(?=\d{1,2}/\d{1,2}/\d{4})", " ", line)
    line = re.sub(r"(?<=\d{4})(?=[A-Za-zÀ-ÿ]{4})", " ", line)
    return re.sub(r"([A-Za-z]{3,9}\.? \d{1,2},? (?:19|20)\d\d)(?=\d)", r"\1 ", line)


def find_body(lines: list[Line]) -> tuple[int, int]:
    """The stretch of lines with the most text for its navigation: first line and the one behind the last; (0, 0) for none.

    Kadane's algorithm for the heaviest run: a line of text adds its words, any other takes away.
    """
    settings = load_settings()
    best, best_range = 0.0, (0, 0)
    total, start, share = 0.0, 0, 1.0
    for number, line in enumerate(lines):
        if line.kind == "ending" and total > settings["enough"]:
            share = settings["after_ending"]
        if line.kind == "text":
            total += share * (min(line.words, settings["most"]) - settings["each"])
        else:
            boxed = line.kind == "ending" and total < settings["begun"]
            total -= settings["costs"]["label" if boxed else line.kind]
        if total <= 0:
            total, start, share = 0.0, number + 1, 1.0
        elif total > best:
            best, best_range = total, (start, number + 1)
    return best_range


def keep_lines(lines: list[Line], first: int, last: int) -> list[str]:
    """The paragraphs of a stretch: its sentences, what leads to a list and its points, and the subheads between two sentences."""
    blocks: dict[int, Counter[str]] = {}
    for line in lines[first:last]:
        blocks.setdefault(line.block, Counter())[line.kind] += 1
    return [
        lines[number].text
        for number in range(first, last)
        if _is_kept(lines, number, blocks[lines[number].block], flat=len(blocks) <= 2)
        or (first < number < last - 1 and _is_listed(lines[number]))
    ]


def _is_kept(lines: list[Line], number: int, mates: Counter[str], *, flat: bool) -> bool:
    """Whether a line is a sentence or a subhead; `mates` counts the kinds of its block, a flat text hardly has any blocks."""
    line = lines[number]
    size, prose = mates.total(), sum(mates[kind] for kind in _PROSE)
    if line.kind == "text":
        if size <= MAX_FIGURE and _is_credited(lines, number):
            return False
        # A sentence in a block of buttons belongs to them.
        crowd = size - prose - mates["caption"] - mates["date"]
        return line.words >= MIN_PARAGRAPH or crowd == 0 or crowd < prose
    if line.kind == "short":
        # In a block of prose it follows on a sentence.
        return prose == size or (2 * prose > size and number > 0 and lines[number - 1].kind in _PROSE)
    return (
        line.kind in ("headline", "label")
        and 2 <= line.words <= MAX_SUBHEAD
        and not is_label(line.text)
        and all(0 <= near < len(lines) and lines[near].kind in _PROSE for near in (number - 1, number + 1))
        and (flat or size == 1 or mates["text"] == size - 1)
    )


def _is_credited(lines: list[Line], number: int) -> bool:
    """Whether a line stands over the name of who made a picture, so that it is the picture's caption."""
    if number + 1 == len(lines):
        return False
    line, behind = lines[number], lines[number + 1]
    return behind.block == line.block and behind.kind == "caption" and behind.words <= MAX_ENDING


def _is_listed(line: Line) -> bool:
    return line.kind == "headline" and (line.text.endswith((":", ";")) or _BULLET.match(line.text) is not None)
