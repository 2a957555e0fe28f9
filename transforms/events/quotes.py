"""Quoted spans: every style of quotation mark, odd numbers of them, apostrophes, quotations over several paragraphs."""

import bisect
import dataclasses
import re
from collections.abc import Iterator

from transforms.annotate.lines import split_paragraphs


@dataclasses.dataclass(frozen=True, slots=True)
class Quote:
    """One quotation.

    Attributes:
        start, end: range with the marks, in code points. inner_start, inner_end: without them.
        depth: 0 for an outermost quotation, 1 for one inside it.
        closed: whether its closing mark was found; an unclosed one ends with its paragraph.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    depth: int = 0
    closed: bool = True

    def holds(self, offset: int) -> bool:
        """Whether the offset lies within the quotation, its marks included."""
        return self.start <= offset < self.end


class Quotes:
    """The quotations of one text, in order of their start."""

    def __init__(self, text: str, found: list[Quote]) -> None:
        self.text = text
        self.all = sorted(found, key=lambda one: (one.start, -one.end))
        self.outer = [one for one in self.all if one.depth == 0]
        self._starts = [one.start for one in self.outer]

    def __iter__(self) -> Iterator[Quote]:
        return iter(self.outer)

    def __len__(self) -> int:
        return len(self.outer)

    def at(self, offset: int) -> Quote | None:
        """Finds the outermost quotation that holds the offset."""
        index = bisect.bisect_right(self._starts, offset) - 1
        return self.outer[index] if index >= 0 and self.outer[index].holds(offset) else None

    def in_range(self, start: int, end: int) -> list[Quote]:
        """Finds the outermost quotations that share at least one character with text[start:end]."""
        first = max(0, bisect.bisect_right(self._starts, start) - 1)
        last = bisect.bisect_left(self._starts, end)
        return [one for one in self.outer[first:last] if one.end > start]

    def nested_in(self, quote: Quote) -> list[Quote]:
        """Finds the quotations inside a quotation."""
        return [one for one in self.all if one.depth and quote.start < one.start and one.end <= quote.end]

    def inner(self, quote: Quote) -> str:
        """Gives the words between the marks."""
        return self.text[quote.inner_start : quote.inner_end]

    def is_scare(self, quote: Quote) -> bool:
        """Whether the marks set off a term or a title instead of speech: few words, and no clause punctuation inside."""
        return is_scare(self.inner(quote))


def is_scare(words: str) -> bool:
    """Whether quoted words are too few for a clause: at most four, not closed like a sentence."""
    words = words.strip()
    return len(words.split()) <= 4 and not re.search(r"[.!?…,;:—]$", words)


_MARK = re.compile(r"``|''|,,(?=\w)|[“”„‟\"«»＂″]")
_SINGLE = re.compile(r"(?<!')['‘’‚‛`](?!['`])")
_CUE_WITHIN = re.compile(
    r"[,.?!]\s+(?:(?:[A-Z][\w.’'-]*\s+){1,4}|he\s+|she\s+|they\s+)(?:said|says|told|added|asked|wrote|continued)\b[^.!?]*[.!?]?$"
)
_ELIDED = re.compile(r"(?:em|tis|twas|cause|cos|til|till|n|nuff|round|bout|ere|\d\ds?|\d{4}s?)\b", re.IGNORECASE)
_INCHES = re.compile(r"\d$")
_OPEN_BEFORE = frozenset("([{—–-/:;,\"“«„‘'")


@dataclasses.dataclass(slots=True)
class _Open:
    """An opening mark that waits for its closing one."""

    start: int
    inner: int
    family: str
    paragraph: int


def _family(mark: str) -> str:
    return "guillemet" if mark in "«»" else "double"


def _can_open(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return (not before or before.isspace() or before in _OPEN_BEFORE) and bool(after) and not after.isspace()


def _can_close(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(before) and not before.isspace() and not after.isalnum()


def _role(text: str, start: int, end: int, waiting: _Open | None) -> str | None:
    """Whether the mark at text[start:end] opens or closes; None for one that is no quotation mark."""
    mark = text[start:end]
    if mark in ("``", "„", ",,"):
        return "open"
    if mark == "”" and not waiting and _can_open(text, start, end) and not text[start - 1 : start].strip():
        return "open"  # Swedish and Finnish style, and slips of the typist: ”So”
    if mark == "''" and not waiting and _can_open(text, start, end):
        return "open"  # some wires write two apostrophes at both ends
    if mark in ("”", "''"):
        return "close"
    if mark in "«»":
        # »So« as well as «so».
        if waiting and waiting.family == "guillemet":
            return "close"
        return "open" if _can_open(text, start, end) else None
    if mark in "“‟":
        closes = waiting is not None and text[waiting.start : waiting.inner] in ("„", ",,", "“", "‟")
        return "close" if closes and _can_close(text, start, end) and not _can_open(text, start, end) else "open"
    if _INCHES.search(text[start - 1 : start]) and waiting is None:
        return None
    opens, closes = _can_open(text, start, end), _can_close(text, start, end)
    if opens == closes:
        return "close" if waiting else "open"
    if opens and waiting and text[start - 1 : start] in ("—", "-", ",", ":"):
        return "close"
    return "open" if opens else "close"


def _find_doubles(text: str, paragraphs: list[tuple[int, int]]) -> list[Quote]:
    found: list[Quote] = []
    waiting: _Open | None = None
    for index, (start, end) in enumerate(paragraphs):
        for mark in _MARK.finditer(text, start, end):
            role = _role(text, mark.start(), mark.end(), waiting)
            if role == "open":
                if waiting and mark.start() == start and waiting.paragraph == index - 1:
                    waiting.paragraph = index  # the opening mark repeated
                    continue
                if waiting and waiting.family != _family(mark.group()):
                    continue
                if waiting:
                    found.extend(_unclosed(text, waiting, mark.start(), paragraphs))
                waiting = _Open(mark.start(), mark.end(), _family(mark.group()), index)
            elif role == "close" and waiting and waiting.family == _family(mark.group()):
                found.append(Quote(waiting.start, mark.end(), waiting.inner, mark.start()))
                waiting = None
        if waiting:
            following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
            repeated = following and _MARK.match(text, *following) and text[following[0]] not in "”»'"
            if not repeated or waiting.paragraph != index:
                found.extend(_unclosed(text, waiting, end, paragraphs))
                waiting = None
    return found


def _unclosed(text: str, waiting: _Open, limit: int, paragraphs: list[tuple[int, int]]) -> list[Quote]:
    """Gives the quotation of a mark that was never closed: up to its paragraph's end, if it can be speech."""
    end = min([limit, *(stop for start, stop in paragraphs if start <= waiting.start < stop)])
    if limit > end:  # it ran over paragraphs: it ends with the last of them
        end = limit
    body = text[waiting.inner : end].rstrip()
    cue = _CUE_WITHIN.search(body)
    if cue:  # the closing mark was forgotten before the cue
        body = body[: cue.start() + 1]
    before = text[: waiting.start].rstrip()[-1:]
    starts_speech = not before or before in ".!?:,”\"'\n" or any(start == waiting.start for start, _ in paragraphs)
    if len(body.split()) < 3 or not starts_speech:
        return []
    return [Quote(waiting.start, waiting.inner + len(body), waiting.inner, waiting.inner + len(body), closed=False)]


def _find_singles(text: str, start: int, end: int) -> Iterator[Quote]:
    """Finds quotations in single marks within text[start:end], telling them from apostrophes."""
    at = start
    while mark := _SINGLE.search(text, at, end):
        at = mark.end()
        if mark.group() == "’" or not _can_open(text, mark.start(), at) or _ELIDED.match(text, at):
            continue
        close = _closing_single(text, at, end)
        if close is not None:
            yield Quote(mark.start(), close + 1, at, close)
            at = close + 1


def _closing_single(text: str, start: int, end: int) -> int | None:
    doubtful: int | None = None
    for mark in _SINGLE.finditer(text, start, end):
        at = mark.start()
        if mark.group() in "‘‚‛`" or not _can_close(text, at, at + 1):
            continue
        before, after = text[at - 1], text[at + 1 : at + 3]
        # `the workers’ union`: an s, and a word after it; believed to close only if nothing better follows.
        if before == "s" and after[:1] == " " and after[1:].islower() and text[start - 1] != "‘":
            doubtful = at if doubtful is None else doubtful
            continue
        return at
    return doubtful


def find_quotes(text: str) -> Quotes:
    """Finds all quotations; never raises, whatever the marks.

    A quotation whose opening mark is repeated at the head of each paragraph is one.
    """
    paragraphs = split_paragraphs(text)
    doubles = _find_doubles(text, paragraphs)
    singles = [one for start, end in paragraphs for one in _find_singles(text, start, end)]
    outer: list[Quote] = []
    nested: list[Quote] = []
    for one in sorted([*doubles, *singles], key=lambda quote: (quote.start, -quote.end)):
        if outer and one.start < outer[-1].end:
            if one.end <= outer[-1].end:
                nested.append(dataclasses.replace(one, depth=1))
            elif text[one.start] in "'‘`" and text[one.start : one.start + 2] != "``":
                continue  # crosses a double quotation: an apostrophe after all
            elif text[outer[-1].start] in "'‘":
                outer[-1] = one
            continue
        outer.append(one)
    return Quotes(text, [*outer, *nested])
