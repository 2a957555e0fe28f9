"""Numbers of a sentence that belong to trade flows: level, earlier level, difference or change, each with its period."""

import dataclasses
import functools
import re
from decimal import Decimal

from spacy.tokens import Span, Token

from transforms.events.calendar_days import Period, shift_period
from transforms.events.clauses import subject_of
from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.quantities import Quantity, find_quantities, units
from transforms.events.time_expressions import TimeExpression
from transforms.events.trade_flows import Flow, State, words

_PRIOR = re.compile(
    r"\b(?:from|against|versus|vs\.?|compared\s+(?:with|to)|compares?\s+(?:with|to)|(?:in\s+)?comparison\s+(?:with|to)|than|as\s+against|down\s+on|up\s+on|after)"
    r"\s+(?:(?:the|a|an|its|only|just|some|record|revised|estimated|initial|original|previous|earlier|reported|[\w.]+['’]s)\s+)*$",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s+(?:(?:as\s+much\s+as|a\s+further|another|an?)\s+)*$", re.IGNORECASE)
_AND = re.compile(r"^[\s,]*(?:and|or|,)\s+(?:(?:the|a|an)\s+)*$", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:from|than|over|on|with|to|against|versus)\s+(?:a|the)?\s*\w*$", re.IGNORECASE)
_BESIDE = re.compile(r"(?:below|above|over|under)\s+the\s", re.IGNORECASE)
_BEFORE_FLOW = re.compile(r"^[\s-]*(?:worth\s+)?(?:(?:of|in)\s+)?(?:[\w.'-]+[\s-]+){0,3}$")
_NO_LINK = re.compile(r"\b(?:from|against|compared|versus|than|down|up|while|but|after|before|when|below|above)\b|[;:]")
_CHANGED = re.compile(
    r"\s+(?:higher|lower|up|down|more|less|above|below|increase|decrease|rise|drop|fall|decline|growth|jump|gain)\b",
    re.IGNORECASE,
)
_LED = re.compile(
    r"\b(?:to|at|of|totall?ed|total|totall?ing|were|was|reached|hit|against|from|included|or)\s+$", re.IGNORECASE
)
_BALANCES = frozenset({"surplus", "deficit", "account", "gap", "balance", "shortfall"})
_NAMED_CHANGE = re.compile(
    r"\s*(?:(?:year-on-year|on-year|annual|yearly|monthly|quarterly|seasonally\s+adjusted|average|overall|further|sharp)\s+)*"
    r"(rise|increase|growth|gain|jump|surge|climb|upturn|fall|drop|decline|decrease|slump|plunge|cut|reduction|contraction|slide|dip)\b",
    re.IGNORECASE,
)
_REVISED = re.compile(
    r"\b(?:raised|lowered|cut|revised|trimmed|increased|reduced|upped)\b[^,;]{0,25}\b(?:estimates?|forecasts?|projections?|predictions?|figures?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"^\s+of\b|^\s+share\b")


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A number of a flow.

    Attributes:
        role: `level`, `prior` (what it is compared with), `difference` or `change` (per cent).
        value: in full units, None for a change. unit: carried from a neighbour where the number has none.
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


def read_figures(
    sentence: Span, flows: list[Flow], rivals: list[Token], context: Context, state: State
) -> list[Figure]:
    """Reads the figures of a sentence in order."""
    at = sentence.start_char
    times = context.times.of_sentence(sentence)
    quantities = [
        dataclasses.replace(
            q, start=q.start + at, end=q.end + at, cue=(q.cue[0] + at, q.cue[1] + at) if q.cue else None
        )
        for q in find_quantities(sentence.text)
    ]
    quantities = [
        q for q in quantities if q.kind != "points" and not any(t.start < q.end and q.start < t.end for t in times)
    ]
    owned: list[tuple[Quantity, Flow, str]] = []
    for i, quantity in enumerate(quantities):
        flow = _flow_of(quantity, sentence, flows, rivals)
        if flow is None or not _is_plausible(quantity, sentence, [q for q, f, _ in owned], state):
            continue
        owned.append((quantity, flow, _role(quantity, quantities[i - 1] if i else None, owned, sentence)))
    figures = [_make(q, flow, role, [o[0] for o in owned], sentence, state) for q, flow, role in owned]
    figures = _date_figures(figures, sentence, times, context, state)
    return _join_changes(figures, sentence)


def _text(sentence: Span, start: int, end: int) -> str:
    return sentence.text[max(0, start - sentence.start_char) : max(0, end - sentence.start_char)]


def _flow_of(q: Quantity, sentence: Span, flows: list[Flow], rivals: list[Token]) -> Flow | None:
    """The flow that a number belongs to: one right after it (`$5 billion in exports`), else the last before it."""
    for flow in flows:
        if flow.start >= q.end and flow.form == "noun" and q.kind in ("money", "unit"):
            gap = _text(sentence, q.end, flow.start)
            if _is_levied(q, sentence):
                return None
            if _BEFORE_FLOW.match(gap) and not re.search(r"\b(?:and|to|from|on|by|for|with|as)\b", gap):
                return flow
            break
    before = [f for f in flows if f.end <= q.start]
    if not before:
        return None
    flow = before[-1]
    gap = _text(sentence, flow.end, q.start)
    aside = re.sub(r",[^,]*,", lambda m: " " * len(m[0]) if not re.search(r"\d", m[0]) else m[0], gap)
    between = [
        r for r in rivals if flow.end <= r.idx < q.start and aside[r.idx - flow.end : r.idx - flow.end + len(r)].strip()
    ]
    governor = _governor(q, sentence)
    if governor is not None:
        subject = subject_of(governor)
        if subject is not None and subject.i >= sentence.start:
            if any(r.i == subject.i and r.idx > flow.start for r in rivals):
                return None
            if subject.lower_ in _BALANCES and all(f.token.i != subject.i for f in flows):
                return None
            if subject.i == flow.token.i:
                between = []
    if between:
        return None
    after = re.match(
        r"(?:\s+(?:worth\s+of|of|in))?\s+((?:[\w-]+\s+){0,2}[\w-]+)", _text(sentence, q.end, sentence.end_char)
    )
    if after and any(w in words("rivals") for w in after[1].lower().split()[:2]):
        return None
    verbs = [t for t in sentence if flow.end <= t.idx < q.start and t.pos_ == "VERB" and t.dep_ not in ("amod", "acl")]
    if any(v.lemma_.lower() not in words("links") for v in verbs[-1:]):
        return None
    return flow


def _is_levied(q: Quantity, sentence: Span) -> bool:
    """`tariffs on up to $60 billion of imports`: the number is that of the tariffs, sanctions or bans."""
    led = _text(sentence, sentence.start_char, q.cue[0] if q.cue and q.cue[0] < q.start else q.start)
    return bool(re.search(read_lexicon("trade")["levied"], led, re.IGNORECASE))


def _governor(q: Quantity, sentence: Span) -> Token | None:
    span = sentence.doc.char_span(q.start, q.end, alignment_mode="expand")
    token = span.root if span is not None else None
    for _ in range(6):
        if token is None or token.head == token:
            return None
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None


def _is_plausible(q: Quantity, sentence: Span, before: list[Quantity], state: State) -> bool:
    """A number without a unit counts where its neighbours lend it one, or where it is in millions."""
    if q.kind == "percent":
        start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
        if re.search(
            r"\b(?:to|at|is|are|was|were)\s+(?:only\s+|just\s+)?$", _text(sentence, start - 12, start)
        ) and not _CHANGED.match(_text(sentence, q.end, q.end + 20)):
            return False
        return not _SHARE.match(_text(sentence, q.end, q.end + 12))
    if q.kind == "bare" and not q.scaled and re.fullmatch(r"1[89]\d\d|20\d\d", _text(sentence, q.start, q.end)):
        return False
    if (
        before
        and _text(sentence, before[-1].end, q.start).strip() in ("(", "(or", "(about")
        and q.unit != before[-1].unit
    ):
        return False  # the same number in another currency
    if q.kind in ("money", "unit"):
        per = re.match(
            r"\s*(?:per|an?|/)\s*(?:tonne|ton|barrel|bushel|pound|kilo|kg|lb|ounce|person|head|gallon|litre|share|mmbtu)\b",
            _text(sentence, q.end, q.end + 16),
        )
        return per is None
    following = _text(sentence, q.end, sentence.end_char)
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
            or "," in _text(sentence, q.start, q.end)
            or "." in _text(sentence, q.start, q.end)
            or q.value >= 1000
        )
    if _counted_noun(q, sentence) is not None:
        return True
    led = _text(sentence, sentence.start_char, q.cue[0] if q.cue and q.cue[0] < q.start else q.start)
    return (
        state.unit is not None
        and "," in _text(sentence, q.start, q.end)
        and bool(_LED.search(led))
        and not re.match(r"\s*[A-Za-z]+s\b", following)
    )


@functools.cache
def _uncounted() -> frozenset[str]:
    return (
        words("generic")
        | words("rivals")
        | {
            "people",
            "times",
            "percent",
            "points",
            "companies",
            "countries",
            "workers",
            "jobs",
            "items",
            "products",
            "categories",
        }
    )


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


def _role(q: Quantity, last: Quantity | None, owned: list[tuple[Quantity, Flow, str]], sentence: Span) -> str:
    if q.kind == "percent":
        return "change"
    start = q.cue[0] if q.cue and q.cue[0] < q.start else q.start
    led = _text(sentence, max(sentence.start_char, start - 60, last.end if last else 0), start)
    if _PRIOR.search(led):
        return "prior"
    if _BY.search(led) or re.search(r"\b(?:up|down)\s+$", led):
        return "difference"
    if (
        q.cue
        and q.comparator in ("lt", "gt")
        and _BESIDE.search(_text(sentence, *q.cue))
        and any(r == "level" for _, _, r in owned)
    ):
        return "prior"
    if last is not None and owned and owned[-1][0] is last and owned[-1][2] == "prior":
        between = re.sub(r"\b(?:in|of|for|during)\s+[^,]*?(?=,|\band\b|$)", "", led)
        if _AND.match(between) or _AND.match(led) or re.search(r"\band\s+(?:(?:the|a|an)\s+)?$", led):
            return "prior"
    return "level"


def _make(q: Quantity, flow: Flow, role: str, quantities: list[Quantity], sentence: Span, state: State) -> Figure:
    if role == "change":
        return Figure(q, flow, role, None, None, "eq", change=_signed(q, flow, sentence))
    unit, family = q.unit, q.family
    if q.kind == "bare":
        unit = _counted_noun(q, sentence) if not q.scaled else None
        if unit is None:
            known = [o for o in quantities if o.kind in ("money", "unit")]
            near = sorted(known, key=lambda o: (o.start > q.start, abs(o.start - q.start)))
            unit, family = (near[0].unit, near[0].family) if near else (state.unit, None)
    value = _lend_scale(q, quantities) if q.kind == "bare" and not q.scaled else q.value
    comparator = (
        "eq"
        if role == "prior" and q.comparator != "approx" and q.cue and _BESIDE.search(_text(sentence, *q.cue))
        else q.comparator
    )
    return Figure(q, flow, role, value * flow.sign, unit, comparator, family=family)


def _lend_scale(q: Quantity, quantities: list[Quantity]) -> Decimal:
    """`to 3,061.8 billion francs from 3,304.1`: digits of the same size are of the same scale."""
    for other in sorted((o for o in quantities if o.scaled), key=lambda o: abs(o.start - q.start)):
        digits = other.value.scaleb(-other.exponent)
        if q.value and digits and Decimal("0.05") < q.value / digits < 20 and q.value < 100_000:
            return q.value.scaleb(other.exponent)
    return q.value


def _signed(q: Quantity, flow: Flow, sentence: Span) -> Decimal | None:
    """The per cent of a change with its sign; None where no direction stands near it."""
    named = _NAMED_CHANGE.match(_text(sentence, q.end, q.end + 40))
    after = (
        [named[1].lower()]
        if named
        else [w.lower() for w in re.findall(r"[A-Za-z]+", _text(sentence, q.end, q.end + 45))[:3]]
    )
    led = _text(sentence, max(sentence.start_char, q.start - 60), q.start)
    before = [w.lower() for w in re.findall(r"[A-Za-z]+", led)]
    for word in [*after[:1], *reversed(before), *after[1:]]:
        if any(word.startswith(stem) for stem in words("down")):
            return -q.value
        if any(word.startswith(stem) for stem in words("up")):
            return q.value
    return None


def _date_figures(
    figures: list[Figure], sentence: Span, times: list[TimeExpression], context: Context, state: State
) -> list[Figure]:
    """Gives every figure its period: the time right after it, else before it, else the sentence's, else the last one read."""
    usable = [t for t in times if _is_period(t, sentence)]
    claimed: dict[int, TimeExpression] = {}
    for i, figure in enumerate(figures):
        end = figures[i + 1].quantity.start if i + 1 < len(figures) else sentence.end_char
        for t in usable:
            if figure.quantity.end <= t.start < end:
                gap = _text(sentence, figure.quantity.end, t.start)
                if (
                    t.shift
                    and figure.role != "prior"
                    and (figure.role == "change" or _COMPARED.search(_text(sentence, t.start - 16, t.start + 5)))
                ):
                    continue
                if len(gap.split()) <= 6 and not _NO_LINK.search(gap) and gap.count(",") <= 1:
                    claimed[i] = t
                break
    taken = {id(t) for t in claimed.values()}
    for i, figure in enumerate(figures):
        if i in claimed:
            continue
        floor = figures[i - 1].quantity.end if i else sentence.start_char
        free = [t for t in usable if floor <= t.start and t.end <= figure.quantity.start and id(t) not in taken]
        if figure.role != "prior":
            free = [t for t in free if t.shift is None or not _COMPARED.search(_text(sentence, t.start - 16, t.start))]
        if free:
            claimed[i] = free[-1]
            taken.add(id(free[-1]))
    out: list[Figure] = []
    main: Period | None = None
    main_text = ""
    beside: tuple[Period, str] | None = None
    opening = (
        next((claimed[i] for i in sorted(claimed) if claimed[i].end <= figures[0].quantity.start), None)
        if figures
        else None
    )
    for i, figure in enumerate(figures):
        period, text = None, ""
        dated = claimed.get(i)
        if dated is None and figure.role != "prior":
            dated = opening or _next_level_time(figures, claimed, i)
        if dated is not None:
            anchor = main or state.period
            if dated.shift and anchor:
                period = shift_period(anchor, dated.shift, context.day)
            else:
                period = dated.period(future=_is_forward(figure, dated))
            text = dated.text
        elif figure.role == "prior":
            period, text = beside or (None, "")
        elif main is not None:
            period, text = main, main_text
        elif state.period is not None and state.number - state.sentence <= 3 and not _is_rate(figure, sentence):
            period, text = state.period, state.period_text
        leaning = dated is not None and dated.shift is not None
        if figure.role == "prior" and period is not None:
            beside = period, text
        elif period is not None and not leaning:
            main, main_text = period, text
        text = " ".join(text.split())
        out.append(dataclasses.replace(figure, period=period, period_text=text, leaning=leaning))
    return out


def _next_level_time(figures: list[Figure], claimed: dict[int, TimeExpression], i: int) -> TimeExpression | None:
    """`535,460 tonnes of wheat and 336,750 tonnes of barley in January`: the time of the level that follows."""
    return next((claimed[j] for j in range(i + 1, len(figures)) if j in claimed and figures[j].role == "level"), None)


def _is_forward(figure: Figure, t: TimeExpression) -> bool:
    return (
        bool(
            re.search(
                r"\b(?:will|would|could|may|might|expected|forecast|target|projected|seen|to\s+reach)\b",
                figure.flow.token.sent.text,
            )
        )
        and t.ahead is not None
        and figure.role != "prior"
    )


def _is_rate(figure: Figure, sentence: Span) -> bool:
    """`imports 12 mln tonnes a year`: what goes on, not the period last spoken of."""
    after = _text(sentence, figure.quantity.end, sentence.end_char)
    return bool(
        re.match(r"\s+(?:of\s+[\w\s]{0,30}?)?(?:a|per|each|every)\s+(?:year|month|week|quarter)|\s+annually", after)
    )


def _is_period(t: TimeExpression, sentence: Span) -> bool:
    if t.precision == "day" and t.shift is None:
        return False
    if re.search(
        r"\bsince\s+(?:the\s+\w+\s+of\s+)?$", _text(sentence, t.start - 25, t.start), re.IGNORECASE
    ) or t.text.lower().startswith("since"):
        return False
    after = re.match(r"(?:['’]s)?\s+(\w+)", _text(sentence, t.end, sentence.end_char))
    return not (after and after[1].lower() in words("reports"))


def _join_changes(figures: list[Figure], sentence: Span) -> list[Figure]:
    """Puts a per cent to the level that it led to; a lone one stays a figure without a value."""
    out = [f for f in figures if f.role in ("level", "prior")]
    for figure in figures:
        if figure.role == "difference":
            if _REVISED.search(_text(sentence, sentence.start_char, figure.quantity.start)):
                continue
            if not any(f.flow is figure.flow and f.role == "level" for f in out) and not any(
                f.flow is figure.flow and f.role == "change" for f in figures
            ):
                out.append(figure)
            continue
        if figure.role != "change" or figure.change is None:
            continue
        levels = [
            f for f in out if f.role == "level" and f.flow is figure.flow and f.change is None and f.value is not None
        ]
        later = [
            f
            for f in levels
            if f.quantity.start > figure.quantity.end
            and re.search(
                r"\b(?:to|at|reaching|totall?ing|or)\s+\W*$",
                _text(sentence, figure.quantity.end, (f.quantity.cue or (f.quantity.start,))[0]).rstrip() + " ",
            )
        ]
        earlier = [f for f in levels if f.quantity.end <= figure.quantity.start]
        target = later[0] if later else earlier[-1] if earlier else next(iter(levels), None)
        if target is None:
            out.append(figure)
        else:
            out[out.index(target)] = dataclasses.replace(
                target,
                change=figure.change,
                period=target.period or figure.period,
                period_text=target.period_text or figure.period_text,
            )
    return sorted(out, key=lambda f: f.quantity.start)
