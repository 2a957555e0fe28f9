"""Finds trade figures: exports, imports, turnover and balance of a country, region, sector or commodity, in numbers."""

import dataclasses
import re
from collections.abc import Sequence
from decimal import Decimal

from spacy.tokens import Span

from schemas.event import Actor, EventTime, TradeFigure
from transforms.annotate.model import trim_span
from transforms.events.context import Context, Mention
from transforms.events.name_lists import find_country, find_demonym
from transforms.events.quantities import currency_nouns
from transforms.events.trade_context import home_dollar, partner_of, read_partners, reporter_of
from transforms.events.trade_flows import Flow, State, find_flows, find_rivals, speaks_of_other_balance, words
from transforms.events.trade_goods import goods_after, goods_beside, goods_of_sentence, main_goods
from transforms.events.trade_modality import judge_figure
from transforms.events.trade_names import tells_of_firm
from transforms.events.trade_numbers import read_figures
from transforms.events.trade_parties import read_parties
from transforms.events.trade_values import Figure

_PARTNER_REACH = 3  # sentences; further from the last figure `the largest supplier` may supply anything


_REVISED = frozenset({"last month", "a month ago", "a month earlier", "the previous month"})
_WEIGHED = frozenset(
    {"tonne", "ton", "bag", "bale", "bushel", "kilogram", "pound", "barrel", "barrel/day", "carat", "ounce", "litre"}
)
_OVERALL = frozenset({"total", "overall", "merchandise", "foreign", "all", "other"})


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the trade figures of a sentence, in order; sentences have to be given in the order of the article."""
    state = context.memo.setdefault("trade_figure", State())
    if not isinstance(state, State):  # pragma: no cover
        raise TypeError("memo of trade_figure is not its own")
    state.number += 1
    if not re.search(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|nil|hundred|half)\b", sentence.text):
        return []
    flows = find_flows(sentence, state) or _continued(sentence, state)
    if not flows:
        _note_fiscal_year(sentence, context, state)
        return []
    figures = read_figures(sentence, flows, find_rivals(sentence, flows), context, state)
    mentions = []
    for figure in figures:
        mention = _make_mention(figure, figures, sentence, context, state)
        if mention is not None:
            mentions.append(mention)
    return mentions


def _note_fiscal_year(sentence: Span, context: Context, state: State) -> None:
    """A report on a fiscal year says so once; its first figures are that year's."""
    if state.sentence < 0:
        for time in context.times.of_sentence(sentence):
            if time.rule.startswith("fiscal") and (period := time.period()):
                state.period, state.period_text, state.sentence = period, time.text, state.number - 1


def _continued(sentence: Span, state: State) -> list[Flow]:
    """Words that go on about the flow of a sentence before: `They were …`, `Brazil supplied …`, `the largest buyer was …`."""
    if state.flow is None or state.number - state.sentence > _PARTNER_REACH:
        return []
    partners = read_partners(state.flow)
    found = [
        Flow(t.idx, t.idx + len(t), state.flow, state.sign, t, "partner")
        for t in sentence
        if t.lemma_.lower() in partners or t.lower_ in partners
    ]
    if found and state.flow in ("import", "export"):
        return found
    first = next((t for t in sentence if not t.is_space and not t.is_punct), None)
    if first is not None and state.number - state.sentence == 1 and not speaks_of_other_balance(sentence.text):
        subject = first if first.dep_ != "det" else first.head
        if (
            first.lower_ in words("pronouns")
            and subject.dep_ in ("nsubj", "nsubjpass")
            and subject.lower_ in words("pronouns")
        ):
            return [Flow(first.idx, first.idx + len(first), state.flow, state.sign, first, "pronoun")]
    return []


def _make_mention(
    figure: Figure, figures: list[Figure], sentence: Span, context: Context, state: State
) -> Mention | None:
    flow = figure.flow
    if figure.value is None and figure.change is None:
        return None
    physical = figure.unit is not None and not re.fullmatch(r"[A-Z]{3}", figure.unit)
    if flow.flow == "balance" and physical and "trade" not in context.text[flow.start : flow.end].lower():
        return None  # a surplus of tin is a supply
    if figure.role == "prior" and figure.period_text.lower() in _REVISED and _is_long(figures[0]):
        return None  # `3.0 million tonnes, against 2.9 million last month`: an estimate made then
    reporter, partner, goods, company = (None, None, None, False)
    if flow.form in ("noun", "verb"):
        reporter, partner, goods, company = read_parties(flow, context)
    if reporter is not None and flow.form != "partner":
        state.company = False
    if company or (reporter is None and state.company):
        state.company = True
        return None
    if goods is None and (named := re.search(r"\bgoods\b|\bservices\b", context.text[flow.start : flow.end])):
        goods = named[0]  # `the goods deficit`
    goods = goods_beside(figure, figures, sentence) or goods_after(figure, sentence) or goods
    partner = partner_of(figure, figures, sentence, context) or partner
    if reporter is None:
        reporter = reporter_of(state, partner, sentence, context)
    if reporter is None and tells_of_firm(context.text):
        return None
    if goods is None and physical and _is_bare(flow):
        goods = goods_of_sentence(flow, sentence)
    if goods is None and physical and figure.unit in ("barrel", "barrel/day") and state.commodity is None:
        goods = "crude oil" if re.search(r"\bcrude\b", context.text) else "oil"
    if goods is None and state.commodity is None and _is_bare(flow):
        goods = state.only or (main_goods(context.doc) if physical and figure.unit in _WEIGHED else None)
    if goods is None and (
        physical or flow.form in ("partner", "pronoun") or (figure.unit is None and figure.value is not None)
    ):
        goods = state.commodity
    beside = (
        state.sentence == state.number
        and state.flow not in (None, flow.flow)
        and "balance" not in (flow.flow, state.flow)
    )
    if partner is None and beside and _is_bare(flow):
        partner = state.partner  # `exports to Norland fell while imports rose`
    if (partner is None and flow.form == "pronoun") or (
        partner is None and _is_definite(flow) and state.flow == flow.flow
    ):
        partner = state.partner
    if partner is not None and reporter is not None and partner.name == reporter.name:
        partner = None
    unit = home_dollar(figure, reporter, context) or _currency(figure, reporter)
    detail = TradeFigure(
        flow=flow.flow,
        commodity=goods,
        value=figure.value,
        unit=unit if figure.value is not None else None,
        comparator=figure.comparator if figure.value is not None else "eq",
        change_pct=float(figure.change) if figure.change is not None else None,
    )
    time = None
    if figure.period is not None:
        time = EventTime(figure.period.first, figure.period.last, figure.period_text, figure.period.precision)
    modality, cue = judge_figure(figure, context)
    if figure.role != "prior":
        alike = len({f.unit for f in figures if f.unit is not None}) < 2
        _remember(figure, unit, reporter, partner, goods, physical, state, alike)
        told = figure.period is not None and not figure.leaning and figure.role in ("level", "change")
        later = (
            flow.form != "pronoun"
            or state.period is None
            or (figure.period is not None and figure.period.last >= state.period.last)
        )
        if told and later and figure is figures[0] and modality == "asserted" and figure.period is not None:
            state.period, state.period_text = figure.period, figure.period_text
    return Mention(
        kind="trade_figure",
        trigger=(flow.start, flow.end),
        evidence=trim_span(sentence),
        detail=detail,
        rule=f"trade_figure.{flow.form}.{figure.role}",
        actors=tuple(a for a in (reporter, partner) if a is not None),
        time=time,
        modality=modality,
        modality_cue=cue,
    )


def _remember(
    figure: Figure,
    unit: str | None,
    reporter: Actor | None,
    partner: Actor | None,
    goods: str | None,
    physical: bool,
    state: State,
    alike: bool,
) -> None:
    state.sentence = state.number
    state.flow, state.sign = figure.flow.flow, figure.flow.sign
    state.reporter = reporter or state.reporter
    if figure.flow.form != "partner":
        state.partner = partner
    state.commodity = goods or (state.commodity if physical else None)
    if figure.flow.flow in ("export", "import"):
        state.only = goods if state.only in ("", goods) else None
    if state.unit is None or (figure.quantity.kind != "bare" and alike):
        state.unit = unit or state.unit


def _is_long(figure: Figure) -> bool:
    """Whether a figure is of a year or a season."""
    return figure.period is not None and (figure.period.last - figure.period.first).days > 300


def _is_bare(flow: Flow) -> bool:
    """`exports fell 5 per cent`, in an article that has told of one commodity; not `total exports`."""
    return flow.flow in ("export", "import") and not any(
        c.dep_ in ("amod", "compound", "poss") and c.lower_ in _OVERALL for c in flow.token.lefts
    )


def _is_definite(flow: Flow) -> bool:
    return any(c.lower_ in ("the", "this", "that") for c in flow.token.children)


def _currency(figure: Figure, reporter: Actor | None) -> str | None:
    """A `peso` or `franc` is that of the reporter's country where the words name no other."""
    family = figure.family
    if family is None or reporter is None:
        return figure.unit
    others = currency_nouns()[family][1]
    if family in ("dollar", "dlr", "euro", "buck"):
        return figure.unit
    for nation, code in others.items():
        found = find_demonym(nation) or find_country(nation)
        if found is not None and found.name == reporter.name:
            return code
    return figure.unit


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops a figure that an earlier sentence gave and to which this one adds no field."""
    kept: list[Mention] = []
    for mention in mentions:
        if not any(_adds_nothing(mention, other) for other in kept):
            kept.append(mention)
    return kept


def _fields(mention: Mention) -> dict[str, object]:
    detail = mention.detail
    if not isinstance(detail, TradeFigure):
        return {}
    out: dict[str, object] = {k: v for k, v in dataclasses.asdict(detail).items() if v is not None}
    out |= {a.role: a.name for a in mention.actors}
    if mention.time is not None:
        out["date"] = (mention.time.first, mention.time.last)
    return out


def _adds_nothing(mention: Mention, other: Mention) -> bool:
    new, old = _fields(mention), _fields(other)
    if mention.modality != other.modality or new.get("flow") != old.get("flow"):
        return False
    if (new.get("value"), new.get("unit")) != (old.get("value"), old.get("unit")) or new.get("change_pct") != old.get(
        "change_pct"
    ):
        return False
    return all(old.get(key) == value for key, value in new.items() if isinstance(value, str | tuple | float | Decimal))
