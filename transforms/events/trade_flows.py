"""Words of a sentence that evoke a trade flow, and those whose numbers are another measure's."""

import dataclasses
import functools
import re

from spacy.tokens import Span, Token

from schemas.event import Actor
from transforms.events.calendar_days import Period
from transforms.events.clauses import subject_of
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import find_country, find_demonym


@dataclasses.dataclass(frozen=True, slots=True)
class Flow:
    """A word that evokes a flow.

    Attributes:
        start, end: offsets of the trigger in the article.
        flow: export, import, turnover or balance. sign: -1 for a deficit.
        token: head of the trigger.
        form: `noun`, `verb`, `pronoun` (it goes on about the flow before) or `partner` (it names the other side of it).
    """

    start: int
    end: int
    flow: str
    sign: int
    token: Token
    form: str


@dataclasses.dataclass(slots=True)
class State:
    """What the figures before lend to the next: of the sentence last read with figures, and of the article.

    `only` is the one commodity of all exports and imports told so far, None once there are two or a figure without one.
    """

    sentence: int = -100
    flow: str | None = None
    sign: int = 1
    reporter: Actor | None = None
    partner: Actor | None = None
    commodity: str | None = None
    only: str | None = ""
    unit: str | None = None
    period: Period | None = None
    period_text: str = ""
    number: int = 0
    company: bool = False
    balance_seen: int = 0
    other_balance: int = 0


@functools.cache
def words(section: str) -> frozenset[str]:
    """A list of trade.yaml as a set."""
    return frozenset(str(w) for w in read_lexicon("trade")[section])


@functools.cache
def _flow_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = read_lexicon("trade")["flows"]
    return tuple(
        (flow, re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?![\w-])", re.IGNORECASE))
        for flow, patterns in table.items()
    )


@functools.cache
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile(read_lexicon("trade")[section], re.IGNORECASE)


_TRADES = {
    "export": re.compile(r"\b(?:shipped|sold|sells?|selling)\b"),
    "import": re.compile(r"\b(?:buy|buys|buying|bought|purchase[sd]?|purchasing)\b"),
}
_VERBS = frozenset(
    {
        "shipped",
        "sold",
        "sell",
        "sells",
        "selling",
        "buy",
        "buys",
        "buying",
        "bought",
        "purchase",
        "purchases",
        "purchased",
        "purchasing",
        "exported",
        "imported",
        "exporting",
        "importing",
        "export",
        "import",
    }
)
_SHIPPED = re.compile(r"\b[Ss]hipments(?= of (?:[\w-]+ ){1,4}to )")
HINT = re.compile(r"export|import|trade|deficit|surplus|turnover|shipment|deliveries", re.IGNORECASE)


def find_flows(sentence: Span, state: State) -> list[Flow]:
    """Finds the flow words of a sentence, in order; of overlapping ones the first and longest."""
    text = sentence.text
    found: list[tuple[int, int, str]] = []
    if HINT.search(text):
        for flow, pattern in _flow_patterns():
            found += [(m.start(), m.end(), flow) for m in pattern.finditer(text)]
        if speaks_of_other_balance(text):
            state.other_balance = state.number
        if any(flow == "balance" for _, _, flow in found):
            state.balance_seen = state.number
        told = state.flow is not None and state.other_balance == 0
        if (
            told
            or state.balance_seen > state.other_balance
            or (state.other_balance < state.number and re.search(r"\btrade\b|export|import", text, re.IGNORECASE))
        ):
            bare = re.compile(rf"\b{read_lexicon('trade')['balance_bare']}\b", re.IGNORECASE)
            found += [(m.start(), m.end(), "balance") for m in bare.finditer(text) if not _is_other_balance(text, m)]
    found += [(m.start(), m.end(), "those") for m in re.finditer(r"\bthose(?= (?:to|from|with) )", text)]
    lately = state.flow == "export" and state.number - state.sentence <= 2  # `Shipments to China grew …`
    if lately or any(flow == "export" for _, _, flow in found):
        found += [
            (m.start(), m.end(), "export")
            for m in re.finditer(r"\b[Ss]hipments(?= (?:to|rose|fell|grew|dropped))", text)
        ]
    if re.search(r"\b(?:in|of) (?:\w+ )?(?:trade|turnover)\b|\btrade (?:turnover|volume)", text):
        found += [(m.start(), m.end(), "partner") for m in re.finditer(r"\btrad(?:e|ing) partners?\b", text)]
    found += [(m.start(), m.end(), "export") for m in _SHIPPED.finditer(text)]
    found += [
        (m.start(), m.end(), "export") for m in re.finditer(r"\bshipments\b", text) if _is_nations(sentence, m.start())
    ]
    if any(flow == "balance" for _, _, flow in found):  # `a surplus of $3 billion in its trade with Norland`
        found = [f for f in found if f[2] != "turnover" or not re.search(r"\bin (?:its |their |the )?$", text[: f[0]])]
    found += [(m.start(), m.end(), flow) for flow, pattern in _TRADES.items() for m in pattern.finditer(text)]
    flows: list[Flow] = []
    last = -1
    for start, end, flow in sorted(found, key=lambda f: (f[0], -f[1])):
        if start < last or _is_modifier(text, end) or _is_taken(text, start):
            continue
        span = sentence.doc.char_span(sentence.start_char + start, sentence.start_char + end, alignment_mode="expand")
        if span is None:
            continue
        if flow == "partner":
            flows = [f for f in flows if f.flow != "turnover"]
            flows.append(Flow(span.start_char, span.end_char, "turnover", 1, span[-1], "partner"))
            continue
        if flow == "turnover" and flows and flows[-1].form == "partner":
            continue
        if flow == "those":
            before = flows[-1] if flows else None
            if before is not None:
                flows.append(Flow(span.start_char, span.end_char, before.flow, before.sign, span[0], "noun"))
            continue
        token = span[-1] if span[-1].is_alpha else span.root
        if any(pattern.fullmatch(token.lower_) for pattern in _TRADES.values()) and not _is_between_nations(token):
            continue
        form = "verb" if token.pos_ == "VERB" or token.lower_ in ("exported", "imported") else "noun"
        if token.lower_ in ("export", "import") and form != "verb":
            continue
        if span.start and sentence.doc[span.start - 1].lower_ in words("no_goods"):
            continue
        if form == "verb" and token.lower_ not in _VERBS:
            form = "noun"
        sign = -1 if flow == "balance" and any(w in words("deficits") for w in text[start:end].lower().split()) else 1
        flows.append(Flow(span.start_char, span.end_char, flow, sign, token, form))
        last = end
    return flows


def _is_nations(sentence: Span, start: int) -> bool:
    """`Norlandic potash shipments`: of goods that a nation sends."""
    token = sentence.doc.char_span(
        sentence.start_char + start, sentence.start_char + start + 9, alignment_mode="expand"
    )
    if token is None:
        return False
    led = sentence.doc[max(sentence.start, token.start - 3) : token.start]
    nation = next((t for t in led if find_demonym(t.text) is not None), None)
    return nation is not None and all(t.pos_ in ("NOUN", "ADJ", "PROPN") for t in led if t.i > nation.i)


def _is_between_nations(token: Token) -> bool:
    """`Norland shipped 2 million tonnes`, `Norland bought 3 million tonnes of Lurian grain`: only countries trade so."""
    subject = subject_of(token)
    if token.pos_ != "VERB" or subject is None or not (find_country(subject.text) or subject.ent_type_ == "GPE"):
        return False
    after = token.doc[token.i + 1 : min(token.i + 14, token.sent.end)]
    if not any(t.like_num or t.text in "$€£¥" for t in after[:5]):
        return False
    return token.lower_ == "shipped" or any(
        (find_demonym(t.text) or find_country(t.text)) is not None for t in after if t.text[:1].isupper()
    )


def speaks_of_other_balance(text: str) -> bool:
    """Whether a sentence is about the current account, a budget or capital."""
    return _pattern("other_balances").search(text) is not None


def _is_other_balance(text: str, match: re.Match[str]) -> bool:
    """`budget deficit`, `current account surplus`, `surplus wheat`."""
    before = re.findall(r"[\w.]+", text[: match.start()].lower())[-3:]
    if re.match(
        r"\s+(?:in|on)\s+(?:the\s+|its\s+)?(?:\w+\s+){0,2}(?:services?|transfers?|income|invisibles|capital|current|payments|account)\b",
        text[match.end() :],
    ):
        return True
    after = re.match(r"\s+(?:of\s+)?(\w+)", text[match.end() :])
    return any(w in words("not_trade_balance") for w in before) or bool(
        after
        and after[1].lower()
        in ("wheat", "grain", "oil", "butter", "stocks", "stock", "production", "food", "country", "countries")
    )


def _is_modifier(text: str, end: int) -> bool:
    after = re.match(r"[\s-]+(\w+)", text[end:])
    return bool(after and after[1].lower() in words("modifies")) and not re.match(r"\s*[,;]", text[end:])


def _is_taken(text: str, start: int) -> bool:
    led = text[max(0, start - 80) : start]
    return bool(_pattern("takes").search(led) or _pattern("bounded").search(led))


def find_rivals(sentence: Span, flows: list[Flow]) -> list[Token]:
    """Nouns of other measures, outside the flow words themselves."""
    spans = [(f.start, f.end) for f in flows]
    return [
        t
        for t in sentence
        if t.lower_ in words("rivals")
        and t.pos_ in ("NOUN", "PROPN", "VERB")
        and not any(a <= t.idx < b for a, b in spans)
        and not (t.i + 1 < len(t.doc) and any(f.start <= t.nbor().idx < f.end for f in flows))
    ]
