"""Time expressions of an article: found by grammar, resolved against its publication day, tied to the events they date."""

import bisect
import dataclasses
import datetime as dt
import functools
import importlib.resources
import re
from collections import Counter

from spacy.tokens import Doc, Span, Token

from schemas.event import EventTime
from transforms.events.calendar_days import Period, Shift, shift_period
from transforms.events.lexicon import text_of
from transforms.events.time_grammar import find_hints, read_rules
from transforms.events.time_links import choose
from transforms.events.time_ranges import join_days
from transforms.events.time_reading import Clock, Reading

_LONGEST_SENTENCE = 4000
_BARE_MAY = re.compile(
    r"(?:in|of|since|until|till|by|from|through|during|for|last|next|this|early|mid|late|and|to|until|before|after)[\s-]+$",
    re.I,
)
# `May exports`, `May sales rose`: a month before what is counted by it.
_AFTER_MAY = re.compile(r"\s+([a-z][\w-]+)")
_NO_MONTHS = frozenset(
    {"the", "it", "they", "he", "she", "you", "we", "be", "not", "have", "this", "that", "god", "said", "says", "told", "has", "had", "will", "was", "is",
     "also", "would", "who", "and", "or", "added", "could", "did", "does", "I", "as", "well", "never", "all", "his", "her", "their", "your", "there", "warned", "asked",
     "to", "at", "with", "from"}
)  # fmt: skip
_PERSON_MAY = re.compile(r"\b(?:Theresa|Mrs\.?|Minister)\s+May\b")
_FISCAL = re.compile(r"\d{4}\s?[/–-]\s?\d\d|\b(?:fiscal|financial)\b|\bFY", re.IGNORECASE)
_HINT = re.compile(
    r"\d|day\b|week|month|year|quarter|half|today|tonight|tomorrow|morning|afternoon|evening|night|spring|summer|autumn|fall|winter"
    r"|easter|christmas|thanksgiving|halloween|juneteenth|patrick|pentecost|epiphany|fourth"
    r"|same|corresponding|comparable|ago\b|earlier|later|decade|previous|fiscal|financial"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    re.I,
)


_UNKNOWN = Period(dt.date.min, dt.date.max, "interval")


@dataclasses.dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that name a time, and what they come to.

    Attributes:
        start, end: offsets of `text` in code points.
        first, last: its days in a clause of the past; None where it leans on an expression that isn't there.
        ahead: its first and last day in a clause that looks ahead, where these differ (`on Friday`, `in January`).
        shift: how it leans on another expression (`a year earlier`); the period given is moved from the one before it.
        rule: name of the grammar rule.
    """

    start: int
    end: int
    text: str
    first: dt.date | None
    last: dt.date | None
    precision: str
    ahead: tuple[dt.date, dt.date] | None = None
    shift: Shift | None = None
    rule: str = ""

    def period(self, *, future: bool = False) -> Period | None:
        """The period meant, in a clause of the past or of the future."""
        if future and self.ahead:
            return Period(*self.ahead, self.precision)
        return Period(self.first, self.last, self.precision) if self.first and self.last else None

    def event_time(self, *, future: bool = False) -> EventTime | None:
        """The same as the record that events carry."""
        period = self.period(future=future)
        if period is None:
            return None
        return EventTime(period.first, period.last, " ".join(self.text.split()), period.precision)


@functools.cache
def fiscal_years() -> dict[str, tuple[int, int]]:
    """Country -> (month, day) of the first day of its fiscal year, where that is not 1 January."""
    table = importlib.resources.files("transforms.events").joinpath("data/fiscal_years.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {country: (int(first[:2]), int(first[3:])) for country, first in rows}


def find_times(
    text: str, day: dt.date | None, *, fiscal: tuple[int, int] | None = None, anchor: Period | None = None
) -> list[TimeExpression]:
    """Finds the time expressions of a sentence, in order, without overlaps.

    Args:
        text: a sentence.
        day: publication day in the outlet's zone; None resolves only what bears its own year.
        fiscal: (month, day) of the first day of the fiscal year that `1986/87` means.
        anchor: the period that `a year earlier` leans on where the sentence names none before it.

    >>> [t.first.isoformat() for t in find_times("They met on Friday.", dt.date(2025, 12, 25))]
    ['2025-12-19']
    """
    if not _HINT.search(text):
        return []
    clock = Clock(day, fiscal)
    found: list[tuple[int, int, int, str, Reading]] = []
    hints = find_hints(text)
    for priority, (name, hint, pattern, resolve) in enumerate(read_rules()):
        if hint not in hints:
            continue
        for match in pattern.finditer(text[:_LONGEST_SENTENCE]):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            if name == "month" and _is_no_month(text, match):
                continue
            try:
                reading = resolve(match, clock)
            except (ValueError, OverflowError):  # 30 February, the year 0
                continue
            if reading is not None:
                found.append((start, -match.end(), priority, name, reading))
    out: list[TimeExpression] = []
    for start, minus_end, _, name, reading in sorted(found, key=lambda f: f[:3]):
        if out and start < out[-1].end:
            continue
        period = reading.period
        if reading.shift is not None:
            leaning = _anchor_of(out) or anchor
            period = (leaning and shift_period(leaning, reading.shift, day)) or period
        out.append(
            TimeExpression(
                start,
                -minus_end,
                text[start:-minus_end],
                period.first if period else None,
                period.last if period else None,
                (period or reading.ahead or _UNKNOWN).precision,
                (reading.ahead.first, reading.ahead.last) if reading.ahead else None,
                reading.shift,
                name,
            )
        )
    return join_days(out, text)


def _anchor_of(before: list[TimeExpression]) -> Period | None:
    for expression in reversed(before):
        if expression.shift is None and (period := expression.period()):
            return period
    return None


def _is_no_month(text: str, match: re.Match[str]) -> bool:
    """`May` as a name or a modal, and months that are somebody's first name."""
    at = match.start("month")
    if match["month"].lower() == "may":
        if match["year"]:
            return False
        if _PERSON_MAY.search(text):
            return True
        after = _AFTER_MAY.match(text, match.end())
        return _BARE_MAY.search(text, max(0, at - 12), at) is None and (after is None or after[1] in _NO_MONTHS)
    return bool(re.match(r"[a-z]", match["month"])) and not re.search(
        r"(?:in|of|since|until|by|last|next|this)\s+$", text[:at], re.I
    )


class Times:
    """The time expressions of one parsed article.

    Args:
        doc: the article's parse. day: publication day in the outlet's zone, None for an undated article.
        fiscal: (month, day) of the fiscal year's first day; by default that of the country which the text names most.
    """

    def __init__(self, doc: Doc, day: dt.date | None, fiscal: tuple[int, int] | None = None) -> None:
        self.doc, self.day = doc, day
        self._fiscal = fiscal
        self._by_sentence: dict[int, list[TimeExpression]] = {}
        self._sentences = list(doc.sents)
        self._starts = [s.start for s in self._sentences]
        self._offsets = [s.start_char for s in self._sentences]

    @functools.cached_property
    def fiscal(self) -> tuple[int, int] | None:
        """First day of the fiscal year that the article means."""
        return self._fiscal or _fiscal_custom(text_of(self.doc))

    def of_sentence(self, sentence: Span) -> list[TimeExpression]:
        """The expressions of one sentence, with offsets into the article."""
        if sentence.start not in self._by_sentence:
            text = sentence.text
            found = find_times(text, self.day, fiscal=self.fiscal if _FISCAL.search(text) else None)
            found = self._lean_back(found, sentence)
            at = sentence.start_char
            self._by_sentence[sentence.start] = [
                dataclasses.replace(t, start=t.start + at, end=t.end + at) for t in found
            ]
        return self._by_sentence[sentence.start]

    def _lean_back(self, found: list[TimeExpression], sentence: Span) -> list[TimeExpression]:
        """`Two days later`, `that day` in a story's next sentence lean on the time that the sentence before names."""
        if not any(_leans(t) for t in found):
            return found
        at = bisect.bisect_left(self._starts, sentence.start)
        before = [t.period() for t in self.of_sentence(self._sentences[at - 1]) if t.first] if at else []
        out = []
        for t in found:
            named = [p for p in before if p and (p.first == p.last or not (t.shift and t.shift.days))]
            moved = shift_period(named[-1], t.shift, self.day) if named and t.shift is not None and _leans(t) else None
            out.append(
                dataclasses.replace(t, first=moved.first, last=moved.last, precision=moved.precision) if moved else t
            )
        return out

    def in_span(self, start: int, end: int) -> list[TimeExpression]:
        """The expressions between two offsets of the article."""
        first = max(0, bisect.bisect_right(self._offsets, start) - 1)
        last = bisect.bisect_left(self._offsets, end)
        return [
            t
            for sentence in self._sentences[first:last]
            for t in self.of_sentence(sentence)
            if start <= t.start and t.end <= end
        ]

    def sentence_of(self, token: Token) -> Span:
        """The sentence around a token."""
        return self._sentences[bisect.bisect_right(self._starts, token.i) - 1]

    def for_trigger(
        self, token: Token, *, future: bool | None = None, outside: tuple[int, int] | None = None
    ) -> EventTime | None:
        """When the event that a token evokes took place; None where its clause bears no time.

        Args:
            token: head of the trigger.
            future: whether its clause looks ahead; read from the verb by default.
            outside: offsets between which no time counts: those of what is said.
        """
        start, end = outside or (0, 0)
        times = [t for t in self.of_sentence(self.sentence_of(token)) if not start <= t.start < end]
        chosen = choose(token, times, self.day)
        if chosen is None:
            return None
        expression, looks_ahead = chosen
        return expression.event_time(future=looks_ahead if future is None else future)


def _leans(expression: TimeExpression) -> bool:
    """Whether an expression looks for the time it leans on in the sentence before."""
    shift = expression.shift
    return shift is not None and expression.first is None and bool(shift.days or shift.whole)


def _fiscal_custom(text: str) -> tuple[int, int] | None:
    """The custom of the country that the text names most, where it names fiscal years at all."""
    counts = Counter({country: text.count(country) for country in fiscal_years()})
    country, n = counts.most_common(1)[0]
    return fiscal_years()[country] if n else None
