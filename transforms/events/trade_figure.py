"""Finds trade figures: exports, imports, turnover and balance of a country, region, sector or commodity, in numbers."""

import dataclasses
import re
from collections.abc import Sequence
from decimal import Decimal

from spacy.tokens import Span, Token

from schemas.event import Actor, EventTime, TradeFigure
from transforms.annotate.model import trim_span
from transforms.events.context import Context, Mention
from transforms.events.lexicon import read_lexicon
from transforms.events.modality import judge
from transforms.events.names_table import find_country, find_demonym
from transforms.events.quantities import currency_nouns
from transforms.events.trade_flows import Flow, State, find_flows, find_rivals, words
from transforms.events.trade_numbers import read_figures
from transforms.events.trade_parties import find_party, goods_phrase, read_parties
from transforms.events.trade_values import Figure

_PARTNER_REACH = 3  # sentences; further from the last figure `the largest supplier` may supply anything


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
    if first is not None and state.number - state.sentence == 1:
        subject = first if first.dep_ != "det" else first.head
        if (
            first.lower_ in words("pronouns")
            and subject.dep_ in ("nsubj", "nsubjpass")
            and subject.lower_ in words("pronouns")
        ):
            return [Flow(first.idx, first.idx + len(first), state.flow, state.sign, first, "pronoun")]
    return []


def read_partners(flow: str) -> frozenset[str]:
    """Words for the other side of a flow."""
    return frozenset(read_lexicon("trade")["partners"].get(flow, ()))


def _make_mention(
    figure: Figure, figures: list[Figure], sentence: Span, context: Context, state: State
) -> Mention | None:
    flow = figure.flow
    if figure.value is None and figure.change is None:
        return None
    physical = figure.unit is not None and not re.fullmatch(r"[A-Z]{3}", figure.unit)
    reporter, partner, goods, company = (None, None, None, False)
    if flow.form in ("noun", "verb"):
        reporter, partner, goods, company = read_parties(flow, context)
    if reporter is not None and flow.form != "partner":
        state.company = False
    if company or (reporter is None and state.company):
        state.company = True
        return None
    goods = _goods_after(figure, sentence) or goods
    partner = _partner_of(figure, figures, sentence, context) or partner
    if reporter is None:
        reporter = _reporter_of(state, partner, context)
    if goods is None and (
        physical or flow.form in ("partner", "pronoun") or (figure.unit is None and figure.value is not None)
    ):
        goods = state.commodity
    if (partner is None and flow.form == "pronoun") or (
        partner is None and _is_definite(flow) and state.flow == flow.flow
    ):
        partner = state.partner
    if partner is not None and reporter is not None and partner.name == reporter.name:
        partner = None
    unit = _currency(figure, reporter)
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
    modality, cue = _modality(figure, context)
    if figure.role != "prior":
        alike = len({f.unit for f in figures if f.unit is not None}) < 2
        _remember(figure, unit, reporter, partner, goods, physical, state, alike)
        told = figure.period is not None and not figure.leaning and figure.role == "level"
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


def _modality(figure: Figure, context: Context) -> tuple[str, str | None]:
    if figure.role == "prior":
        return "asserted", None
    judged = judge(figure.flow.token, context)
    day, period = context.day, figure.period
    if judged.modality == "asserted" and period is not None and day is not None and period.first > day:
        return "possible", figure.period_text
    open_yet = period is None or day is None or period.last >= day
    if judged.modality in ("asserted", "planned") and open_yet and (cue := forecast_cue(figure)):
        return "possible", cue
    return judged.modality, judged.cue


def forecast_cue(figure: Figure) -> str | None:
    """The word between a flow and its number, or right before the flow, that makes the figure a forecast."""
    sentence = figure.flow.token.sent
    start = max(sentence.start_char, figure.flow.start - 40)
    led = sentence.text[start - sentence.start_char : figure.quantity.start - sentence.start_char]
    found = re.search(read_lexicon("trade")["forecasts"], led)
    return found[0] if found else None


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
    if state.unit is None or (figure.quantity.kind != "bare" and alike):
        state.unit = unit or state.unit


def _is_definite(flow: Flow) -> bool:
    return any(c.lower_ in ("the", "this", "that") for c in flow.token.children)


def _reporter_of(state: State, partner: Actor | None, context: Context) -> Actor | None:
    """The reporter of the figure before, else the country that the article is about."""
    if state.reporter is not None:
        return Actor(state.reporter.name, "reporter", None, state.reporter.type, state.reporter.country)
    return main_country(context, partner)


def main_country(context: Context, partner: Actor | None) -> Actor | None:
    """The country that an article names most, its demonyms counted; None where another is named as often."""
    counts: dict[str, int] = {}
    for token in context.doc:
        if token.text[:1].isupper():
            found = find_demonym(token.text) or find_country(token.text)
            if found and found.code == "USA" and _is_money_next(token):
                continue  # `U.S. dollars` are anybody's
            if found is not None and found.name and (partner is None or found.name != partner.name):
                counts[found.name] = counts.get(found.name, 0) + (3 if token.i < 60 else 1)
    if "West Germany" in counts and "Germany" in counts:
        counts["West Germany"] += counts.pop("Germany")
    best = sorted(counts.items(), key=lambda pair: -pair[1])[:2]
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    country = find_country(best[0][0])
    return Actor(best[0][0], "reporter", None, "country", country.code if country else None)


def _is_money_next(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor().lemma_.lower() in currency_nouns()


def _goods_after(figure: Figure, sentence: Span) -> str | None:
    """`535,460 tonnes of wheat`, `$20 billion in farm products`."""
    doc = sentence.doc
    span = doc.char_span(figure.quantity.start, figure.quantity.end, alignment_mode="expand")
    if span is None or figure.value is None or span.end + 1 >= sentence.end:
        return None
    prep = doc[span.end]
    if prep.lower_ not in ("of", "in") or figure.flow.start == doc[span.end + 1].idx:
        return None
    noun = _noun_after(prep, sentence)
    if (
        noun is None
        or noun.pos_ == "NUM"
        or noun.ent_type_ in ("DATE", "GPE", "TIME")
        or figure.flow.start <= noun.idx < figure.flow.end
    ):
        return None
    if prep.lower_ == "in" and noun.pos_ == "PROPN":
        return None
    if prep.lower_ == "in" and re.fullmatch(r"[A-Z]{3}", figure.unit or "") is None:
        return None
    return goods_phrase(noun)


def _noun_after(prep: Token, sentence: Span) -> Token | None:
    """The head of the phrase right after a preposition, read linearly: parses of numbers are poor."""
    doc, i = prep.doc, prep.i + 1
    last = None
    while i < sentence.end and i < prep.i + 6:
        token = doc[i]
        if token.pos_ in ("NOUN", "PROPN"):
            last = token
        elif last is not None or token.pos_ not in ("ADJ", "DET", "ADV", "VERB", "PUNCT") or token.text == ",":
            break
        i += 1
    return last


def _partner_of(figure: Figure, figures: list[Figure], sentence: Span, context: Context) -> Actor | None:
    """The other side that one number names: `251,000 tonnes to third countries`, `Poland with 54,500`."""
    doc, flow = sentence.doc, figure.flow
    span = doc.char_span(figure.quantity.start, figure.quantity.end, alignment_mode="expand")
    if flow.form == "partner":
        index = next((i for i, f in enumerate(figures) if f is figure), 0)
        floor = figures[index - 1].quantity.end if index else sentence.start_char
        party = _party_before(span.start if span is not None else flow.token.i, floor, sentence, context)
        if party is not None:
            return party
        return (
            _partner_of(figures[index - 1], figures, sentence, context)
            if index and figures[index - 1].flow.form == "partner"
            else None
        )
    other = next(
        (t for t in sentence if t.idx < figure.quantity.start and t.lemma_.lower() in read_partners(flow.flow)), None
    )
    if (
        other is not None and other.pos_ == "NOUN" and other.i < flow.token.i
    ):  # `Egypt was the main destination for tea exports with`
        return _party_before(other.i, sentence.start_char, sentence, context)
    if span is None or span.end + 1 >= sentence.end or flow.flow not in ("export", "import"):
        return None
    if doc[span.end].lower_ == ("to" if flow.flow == "export" else "from"):
        noun = _noun_after(doc[span.end], sentence)
        if noun is not None:
            party = find_party(noun, "partner", context)
            if party is not None:
                return party
            if noun.lemma_.lower() in words("regions"):
                return context.names.actor(noun, "partner")
    return None


def _party_before(end: int, floor: int, sentence: Span, context: Context) -> Actor | None:
    """The party nearest before token `end`, not before offset `floor`; not one that only marks another noun (`EC recipient`)."""
    for i in range(end - 1, sentence.start - 1, -1):
        token = sentence.doc[i]
        if token.idx < floor:
            return None
        if token.dep_ in ("compound", "amod", "nmod", "poss") and token.head.lemma_.lower() in read_partners(
            "export"
        ) | read_partners("import"):
            continue
        party = _named_party(token, context)
        if party is not None:
            return party
    return None


def _named_party(token: Token, context: Context) -> Actor | None:
    if token.pos_ not in ("PROPN", "NOUN", "ADJ") or token.ent_type_ in ("DATE", "TIME", "CARDINAL", "QUANTITY"):
        return None
    if token.text[:1].isupper() or token.lemma_.lower() in words("regions"):
        return find_party(token, "partner", context)
    return None


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
