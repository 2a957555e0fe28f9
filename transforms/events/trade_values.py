"""What a number of a trade flow comes to: level, earlier level, difference or change; its unit, scale and sign."""

import dataclasses
import functools
import re
from decimal import Decimal

from spacy.tokens import Span

from transforms.events.calendar_days import Period
from transforms.events.quantities import Quantity, find_quantities, units
from transforms.events.trade_flows import Flow, State, words
from transforms.events.trade_patterns import read_pattern
from transforms.events.trade_roles import is_thought, words_of

_FROM = re.compile(r"\bfrom\s+$")
_TO_UNIT = re.compile(
    r"\s+to\s+[\d.,]+\s+(?:\w+\s+)?(?:tonnes?|tons|barrels|bags|bales|bushels|kilos?|bpd|vehicles|cars|units|sets|head)\b"
)
_CHANGED = re.compile(
    r"\s+(?:higher|lower|up|down|more|less|above|below|increase|decrease|rise|drop|fall|decline|growth|jump|gain)\b",
    re.IGNORECASE,
)
_LED = re.compile(
    r"\b(?:to|at|of|totall?ed|total|totall?ing|were|was|reached|hit|against|from|included|or)\s+$", re.IGNORECASE
)
_NAMED_CHANGE = re.compile(
    r"\s*(?:(?:year-on-year|on-year|annual|yearly|monthly|quarterly|seasonally\s+adjusted|average|overall|further|sharp)\s+)*"
    r"(rise|increase|growth|gain|jump|surge|climb|upturn|fall|drop|decline|decrease|slump|plunge|cut|reduction|contraction|slide|dip)\b",
    re.IGNORECASE,
)
_SAME_IN_OTHER = re.compile(
    r"\s*(?:\(\s*(?:or|about|around|approximately|some|roughly|equivalent to)?|,?\s*(?:or|equivalent to|equal to))\s*"
)
_SHARE = re.compile(r"^\s+of\b|^\s+share\b")


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A number of a flow.

    Attributes:
        role: `level`, `prior` (what it is compared with), `difference` or `change` (per cent).
        value: in full units, None for a change. unit, family: carried from a neighbour where the number has none.
        change: signed per cent. period: what the number covers, None where nothing says it.
        leaning: whether the period is told by another (`a year earlier`).
    """

    quantity: Quantity
    flow: Flow
    role: str
    value: Decimal | None
    unit: str | None
    comparator: str
    change: Decimal | None = None
    period: Period | None = None
    period_text: str = ""
    leaning: bool = False
    family: str | None = None


def is_plausible(q: Quantity, flow: Flow, sentence: Span, before: list[Quantity], state: State) -> bool:
    """A number without a unit counts where its neighbours lend it one, or where it is in millions."""
    if q.kind == "percent":
        start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
        if _is_growth(flow, sentence):
            return True
        if re.search(
            r"\b(?:to|at|is|are|was|were)\s+(?:only\s+|just\s+)?$", words_of(sentence, start - 12, start)
        ) and not _CHANGED.match(words_of(sentence, q.end, q.end + 20)):
            return False
        return not _SHARE.match(words_of(sentence, q.end, q.end + 12))
    if q.kind == "bare" and not q.scaled and re.fullmatch(r"1[89]\d\d|20\d\d", words_of(sentence, q.start, q.end)):
        return False
    if (
        before
        and _SAME_IN_OTHER.fullmatch(
            words_of(sentence, before[-1].end, q.cue[0] if q.cue and q.cue[0] < q.start else q.start)
        )
        and before[-1].kind == q.kind
        and q.unit != before[-1].unit
    ):
        return False  # the same number in another currency
    if is_thought(q, sentence):
        return False
    if re.match(
        r"\s+(?:to\s+the\s+(?:dollar|pound|euro|mark)\b|of\s+(?:this|that)\s+(?:gain|rise|increase|fall|drop|decline|growth)\b)",
        words_of(sentence, q.end, q.end + 30),
    ):
        return False
    if q.kind in ("money", "unit"):
        per = re.match(
            r"\s*(?:per|an?|/)\s*(?:tonne|ton|barrel|bushel|pound|kilo|kg|lb|ounce|person|head|gallon|litre|share|mmbtu)\b",
            words_of(sentence, q.end, q.end + 16),
        )
        return per is None
    following = words_of(sentence, q.end, sentence.end_char)
    if q.value >= 1000 and _FROM.search(words_of(sentence, q.start - 8, q.start)) and _TO_UNIT.match(following):
        return True  # `fell from 73,164 to 35,910 tonnes`
    if re.match(
        r"\s+(?:people|persons|jobs|workers|companies|countries|times|days|months|years|weeks|states|percent|nations|of\s+the)\b|-(?:year|month|day|week|nation|member)",
        following,
    ):
        return False
    if q.scaled:
        return True
    if any(b.kind in ("money", "unit") or b.scaled for b in before):
        return (
            q.value == 0
            or "," in words_of(sentence, q.start, q.end)
            or "." in words_of(sentence, q.start, q.end)
            or q.value >= 1000
        )
    if _counted_noun(q, sentence) is not None:
        return True
    led = words_of(sentence, sentence.start_char, q.cue[0] if q.cue and q.cue[0] < q.start else q.start)
    known = state.unit is not None or _counted_goods(flow) is not None or _names_goods(flow)
    return (
        known
        and "," in words_of(sentence, q.start, q.end)
        and bool(_LED.search(led))
        and not re.match(r"\s*[A-Za-z]+s\b", following)
    )


@functools.cache
def _uncounted() -> frozenset[str]:
    return words("generic") | words("rivals") | words("uncounted")


def _counted_noun(q: Quantity, sentence: Span) -> str | None:
    """`12,000 lorries` -> lorry: what is counted where it is no listed unit."""
    if q.value < 100:
        return None
    span = sentence.doc.char_span(q.start, q.end, alignment_mode="expand")
    if span is None or span.end >= sentence.end:
        return None
    for noun in sentence.doc[span.end : min(span.end + 3, sentence.end)]:
        if noun.tag_ == "NNS":
            return None if noun.lower_ in _uncounted() else units().get(noun.lower_, noun.lemma_.lower())
        if noun.pos_ not in ("ADJ", "NOUN") or noun.is_punct:
            return None
    return None


def _names_goods(flow: Flow) -> bool:
    """`forklift exports`: what is counted stands before the flow."""
    before = flow.token.nbor(-1) if flow.form == "noun" and flow.token.i else None
    return before is not None and before.pos_ == "NOUN" and before.lower_ not in _uncounted()


def _counted_goods(flow: Flow) -> str | None:
    """`vehicle exports` are counted in vehicles."""
    if flow.form != "noun" or flow.token.i == 0:
        return None
    unit = units().get(flow.token.nbor(-1).lower_)
    return unit if unit not in ("head", "unit", "tonne", "barrel", "case") else None


def make_figure(q: Quantity, flow: Flow, role: str, quantities: list[Quantity], sentence: Span, state: State) -> Figure:
    """Makes the figure of a number, without its period."""
    if role == "change":
        return Figure(q, flow, role, None, None, "eq", change=_signed(q, flow, sentence))
    unit, family = q.unit, q.family
    if q.kind == "bare":
        unit = _counted_noun(q, sentence) if not q.scaled else None
        if unit is None:
            known = [o for o in quantities if o.kind in ("money", "unit")]
            if not known and q.scaled:  # `a target of 2.9 million tonnes, against imports of 3 million`
                others = [o for o in find_quantities(sentence.text) if o.kind in ("money", "unit") and o.value]
                known = [o for o in others if Decimal("0.2") < q.value / o.value < 5]
            near = sorted(known, key=lambda o: (o.start > q.start, abs(o.start - q.start)))
            unit, family = (near[0].unit, near[0].family) if near else (_counted_goods(flow) or state.unit, None)
    value = _lend_scale(q, quantities) if q.kind == "bare" and not q.scaled else q.value
    comparator = (
        "eq"
        if _is_up(q, sentence)
        or (
            role == "prior"
            and q.comparator != "approx"
            and q.cue
            and read_pattern("beside_the").search(words_of(sentence, *q.cue))
        )
        else q.comparator
    )
    return Figure(q, flow, role, value * flow.sign, unit, comparator, family=family)


def _is_up(q: Quantity, sentence: Span) -> bool:
    """`imports were up to 3 million`: they rose to it, and are no less."""
    if q.comparator != "lt" or q.cue is None or "up to" not in words_of(sentence, *q.cue).lower():
        return False
    return (
        re.search(r"\b(?:is|are|was|were|went|be|been|go|goes)\s+$", words_of(sentence, q.cue[0] - 8, q.cue[0]))
        is not None
    )


def _lend_scale(q: Quantity, quantities: list[Quantity]) -> Decimal:
    """`to 3,061.8 billion francs from 3,304.1`: digits of the same size are of the same scale."""
    for other in sorted((o for o in quantities if o.scaled), key=lambda o: abs(o.start - q.start)):
        digits = other.value.scaleb(-other.exponent)
        if q.value and digits and Decimal("0.05") < q.value / digits < 20 and q.value < 100_000:
            return q.value.scaleb(other.exponent)
    return q.value


def _is_growth(flow: Flow, sentence: Span) -> bool:
    """`growth in exports will slow to 2 per cent from 3`: each per cent is one of growth, whichever way that goes."""
    led = words_of(sentence, max(sentence.start_char, flow.start - 40), flow.start)
    own = words_of(sentence, flow.start, flow.end).lower().endswith("growth")
    return own or re.search(r"\bgrowth\s+(?:in|of)\s+(?:[\w-]+\s+){0,3}$", led, re.IGNORECASE) is not None


def _signed(q: Quantity, flow: Flow, sentence: Span) -> Decimal | None:
    """The per cent of a change with its sign; None where no direction stands near it."""
    if _is_growth(flow, sentence):
        return -q.value if re.search(r"(?:\bminus\s+|-)$", words_of(sentence, q.start - 7, q.start)) else q.value
    named = _NAMED_CHANGE.match(words_of(sentence, q.end, q.end + 40))
    near = words_of(sentence, q.end, q.end + 45)
    near = "" if near.lstrip().startswith(",") else near  # `grew 2 per cent, narrowing the gap`
    after = [named[1].lower()] if named else [w.lower() for w in re.findall(r"[A-Za-z]+", near)[:3]]
    led = words_of(sentence, max(sentence.start_char, q.start - 60), q.start)
    before = [w.lower() for w in re.findall(r"[A-Za-z]+", led)]
    if after[:1] == ["above"]:
        return q.value
    for word in [*after[:1], *reversed(before), *after[1:]]:
        if any(word.startswith(stem) for stem in words("down")):
            return -q.value
        if any(word.startswith(stem) for stem in words("up")):
            return q.value
    return None
