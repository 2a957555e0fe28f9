"""Which line ends are paragraph ends, and which are only the hard wraps of old wire copy."""

import itertools
import re
from collections.abc import Iterator

MAX_WRAPPED = 100
"""Longest line, in characters, that can still be hard-wrapped text."""

_BREAK = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029\x85]")
_TERMINAL = re.compile(r"[.!?:…][\"'”’»“)\]]*$")
_LIST_ITEM = re.compile(r"(?:[-*•–—·▪]|\d{1,2}[.)])\s")


def _split_lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yields (start, end, start of the next line) for every line."""
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start(), found.end()
        start = found.end()
    yield start, len(text), len(text)


def find_wraps(text: str) -> list[tuple[int, int]]:
    """Finds the line ends that stand inside a paragraph.

    A text counts as hard-wrapped when most of its line ends that could be wraps break a sentence: short line before, no
    blank line, no indentation, no list mark after, and no sentence end. In such a text a line that ends a sentence well
    before the margin still ends its paragraph.

    Returns:
        Ranges of the line-break characters to read as a space, in order.
    """
    lines = list(_split_lines(text))
    wraps, broken, candidates = [], 0, 0
    width = max((end - start for start, end, _ in lines if end - start <= MAX_WRAPPED), default=0)
    for (start, end, after), (next_start, next_end, _) in itertools.pairwise(lines):
        line, following = text[start:end].rstrip(), text[next_start:next_end]
        if not line.strip() or not following.strip() or following[0].isspace():
            continue
        candidates += 1
        if len(line) > MAX_WRAPPED or len(following) > MAX_WRAPPED or _LIST_ITEM.match(following):
            continue
        closed = bool(_TERMINAL.search(line))
        broken += not closed
        first_word = len(following.split(maxsplit=1)[0])
        if not (closed and len(line) + 1 + first_word < width - 2):
            wraps.append((end, after))
    return wraps if len(wraps) >= 2 and broken * 2 > candidates and _reads_on(text, wraps) else []


def _reads_on(text: str, wraps: list[tuple[int, int]]) -> bool:
    """Whether the lines after the wraps begin like the middle of a sentence: at least a third in lower case."""
    lower = sum(text[after : after + 1].islower() for _, after in wraps)
    return lower * 3 >= len(wraps)


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Splits into paragraphs: ranges without the white space around them, in order; hard-wrapped lines stay together."""
    wraps = {end for end, _ in find_wraps(text)}
    paragraphs: list[tuple[int, int]] = []
    begin: int | None = None
    for start, end, after in _split_lines(text):
        begin = start if begin is None else begin
        if end not in wraps or after == end:
            body = text[begin:end]
            if body.strip():
                lead = len(body) - len(body.lstrip())
                paragraphs.append((begin + lead, begin + len(body.rstrip())))
            begin = None
    return paragraphs
