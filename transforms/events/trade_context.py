"""Whose trade and with whom, where the flow's own words don't say: from the number's neighbours, the sentence, the article."""

import re

from spacy.tokens import Span, Token

from schemas.event import Actor
from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import Country, find_country, find_demonym
from transforms.events.quantities import currency_nouns
from transforms.events.trade_flows import HINT, State, words
from transforms.events.trade_goods import noun_after
from transforms.events.trade_names import find_party
from transforms.events.trade_values import Figure

_SIDES = {
    flow: re.compile(
        rf"\b{side}\s+(?:the\s+)?([A-Z][\w.]*(?:\s[A-Z][\w.]*)*)\s+"
        rf"(?:by\s+[\d.]+\s*(?:pct|%|per\s?cent|percent)\s+)?(?:(?:to|at|was|were|rose|fell|by|up|down)\s+){{0,3}}$"
    )
    for flow, side in (("import", "from"), ("export", "to"))
}
_TOP = 60  # tokens; the first sentence or two say whose trade an article tells


def partner_of(figure: Figure, figures: list[Figure], sentence: Span, context: Context) -> Actor | None:
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
            partner_of(figures[index - 1], figures, sentence, context)
            if index and figures[index - 1].flow.form == "partner"
            else None
        )
    beside = _SIDES.get(flow.flow)
    told = beside.search(sentence.text[: figure.quantity.start - sentence.start_char]) if beside is not None else None
    if told is not None and sentence.start_char + told.start() > flow.end:
        named = find_country(told[1])
        if named is not None:  # `from Norland to 3 million tonnes and from Lurania to 2 million`
            return Actor(named.name or told[1], "partner", told[1], "country", named.code)
    if figure.role == "change" and flow.flow in ("export", "import"):
        moved = _mover(figure, sentence)
        party = _named_party(moved, context) if moved is not None else None
        if party is not None:
            return party
    other = next(
        (t for t in sentence if t.idx < figure.quantity.start and t.lemma_.lower() in read_partners(flow.flow)), None
    )
    if (
        other is not None
        and other.pos_ == "NOUN"
        and other.i < flow.token.i
        and other.dep_ in ("attr", "nsubj", "oprd")
    ):  # `Egypt was the main destination for tea exports with`
        return _party_before(other.i, sentence.start_char, sentence, context)
    if (
        flow.flow == "import" and span is not None and span.end + 2 < sentence.end
    ):  # `$2 billion worth of Norlandic goods`
        prep = doc[span.end + (doc[span.end].lower_ == "worth")]
        noun = noun_after(prep, sentence) if prep.lower_ in ("of", "in") else None
        lefts = [t for t in (noun.lefts if noun is not None else ()) if t.text[:1].isupper()]
        nation = next((n for t in lefts if (n := find_demonym(t.text) or find_country(t.text)) and n.name), None)
        if nation is not None and nation.name:
            return Actor(nation.name, "partner", nation.name, "country", nation.code)
    if span is None or span.end + 1 >= sentence.end or flow.flow not in ("export", "import"):
        return None
    if doc[span.end].lower_ == ("to" if flow.flow == "export" else "from"):
        noun = noun_after(doc[span.end], sentence)
        if noun is not None:
            party = find_party(noun, "partner", context)
            if party is not None:
                return party
            if noun.lemma_.lower() in words("regions"):
                return context.names.actor(noun, "partner")
    return None


def _all_partners() -> frozenset[str]:
    return read_partners("export") | read_partners("import") | read_partners("turnover")


def _mover(figure: Figure, sentence: Span) -> Token | None:
    """The noun of `with Norland down 6 per cent and Lurania up 7 per cent`: the number has a party of its own."""
    led = sentence.text[: figure.quantity.start - sentence.start_char]
    match = re.search(
        r"(?:\bwith|\band|,)\s+(?:the\s+)?(?:[A-Z][\w.]*\s+){0,2}([A-Z][\w.]*)\s+(?:up|down)\s+(?:by\s+)?$", led
    )
    if match is None or sentence.start_char + match.start() < figure.flow.end:
        return None
    span = sentence.doc.char_span(sentence.start_char + match.start(1), sentence.start_char + match.end(1))
    return span.root if span is not None else None


def _party_before(end: int, floor: int, sentence: Span, context: Context) -> Actor | None:
    """The party nearest before token `end`, not before offset `floor`; not one that only marks another noun (`EC recipient`)."""
    for i in range(end - 1, sentence.start - 1, -1):
        token = sentence.doc[i]
        if token.idx < floor:
            return None
        if token.dep_ in ("compound", "amod", "nmod", "poss") and token.head.lemma_.lower() in _all_partners():
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


def reporter_of(state: State, partner: Actor | None, sentence: Span, context: Context) -> Actor | None:
    """The reporter of the figure before, else the country that the article is about."""
    owner = _owner_of_partner(sentence, context)
    if owner is not None:
        return owner
    if state.reporter is not None:
        return Actor(state.reporter.name, "reporter", None, state.reporter.type, state.reporter.country)
    cited = _cited_country(sentence, partner)
    return cited or main_country(context, partner or state.partner)


def _owner_of_partner(sentence: Span, context: Context) -> Actor | None:
    """`Norland's largest trading partner`: whose trade it is."""
    for token in sentence:
        if token.lemma_.lower() == "partner":
            owner = next((c for c in token.lefts if c.dep_ == "poss" and c.pos_ == "PROPN"), None)
            if owner is not None:
                return find_party(owner, "reporter", context)
    return None


def _cited_country(sentence: Span, partner: Actor | None) -> Actor | None:
    """`U.S. data showed`, `the Chilean customs office said`: a nation's figures are about its own trade."""
    found: dict[str, Actor] = {}
    for token in sentence:
        nation = find_demonym(token.text) or (find_country(token.text) if token.pos_ == "PROPN" else None)
        if nation is None or not nation.name or (partner is not None and nation.name == partner.name):
            continue
        after = [t.lower_ for t in sentence.doc[token.i + 1 : min(token.i + 5, sentence.end)]]
        body = next((i for i, w in enumerate(after) if w in words("citing")), None)
        if body is not None and not any(w in (",", "and", "of", "in") for w in after[:body]):
            found[nation.name] = Actor(nation.name, "reporter", token.text, "country", nation.code)
    return next(iter(found.values())) if len(found) == 1 else None


def main_country(context: Context, partner: Actor | None) -> Actor | None:
    """The country that an article names most, its demonyms counted; None where another is named as often."""
    counts: dict[str, float] = {}
    taken = -1
    for token in context.doc:
        if not token.text[:1].isupper() or token.i < taken:
            continue
        found, length = _nation_at(token)
        if found is None or not found.name or (partner is not None and found.name == partner.name):
            continue
        taken = token.i + length
        if found.code == "USA" and _is_money_next(token):
            continue  # `U.S. dollars` are anybody's
        weight = 3.0 if token.i < _TOP else 1.0
        # `U.S. soybeans`: where goods come from says little of whose trade is told
        counts[found.name] = counts.get(found.name, 0.0) + (weight / 3 if _marks_goods(token) else weight)
    if "West Germany" in counts and "Germany" in counts:
        counts["West Germany"] += counts.pop("Germany")
    best = sorted(counts.items(), key=lambda pair: -pair[1])[:2]
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    country = find_country(best[0][0])
    return Actor(best[0][0], "reporter", None, "country", country.code if country else None)


def _nation_at(token: Token) -> tuple[Country | None, int]:
    """The country whose name or demonym begins here, and how many words that has."""
    for length in (3, 2, 1):
        words_here = token.doc[token.i : token.i + length].text
        found = find_demonym(words_here) or find_country(words_here)
        if found is not None:
            return found, length
    return None, 1


def _marks_goods(token: Token) -> bool:
    """A demonym before a noun that is neither a body, a person nor a flow: `Argentine corn`."""
    noun = token.head
    if token.dep_ not in ("amod", "compound", "nmod") or noun.pos_ != "NOUN":
        return False
    parties = read_lexicon("parties")
    lemma = noun.lemma_.lower()
    return not (
        lemma in parties["people"] or lemma in parties["bodies"] or HINT.search(noun.text) or lemma in words("citing")
    )


def _is_money_next(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor().lemma_.lower() in currency_nouns()


def home_dollar(figure: Figure, reporter: Actor | None, context: Context) -> str | None:
    """The code of a bare `$` where the text names the reporter's own dollar, and none of the United States."""
    q = figure.quantity
    if figure.unit != "USD" or reporter is None or reporter.name == "United States":
        return None
    signed = re.search(r"(?<![\w.$])\$$", context.text[max(0, q.start - 1) : q.start + 1][:2].rstrip("0123456789"))
    if not signed and figure.family not in ("dollar", "dlr"):
        return None
    if re.search(r"\b(?:US|U\.S\.?)\s?(?:\$|[Dd]lrs?\b|[Dd]ollars?\b)|\bUSD\b", context.text):
        return None
    for nation, code in currency_nouns()["dollar"][1].items():
        found = find_demonym(nation) or find_country(nation)
        if found is None or found.name != reporter.name:
            continue
        short = "".join(f"{word[0]}\\.\\s?" for word in found.name.split())
        named = rf"(?:\b{re.escape(nation)}|\b{short})\s*(?i:dollars?|dlrs?)\b|(?<![A-Za-z]){code[:1]}\$|\b{code[:2]}\$|\b{code}\b"
        return code if re.search(named, context.text) else None
    return None


def read_partners(flow: str) -> frozenset[str]:
    """Words for the other side of a flow."""
    return frozenset(read_lexicon("trade")["partners"].get(flow, ()))
