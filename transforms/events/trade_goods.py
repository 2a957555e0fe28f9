"""What is traded: the goods that a flow word or a number names."""

import re
from collections import Counter

from spacy.tokens import Doc, Span, Token

from transforms.events.lexicon import text_of
from transforms.events.name_lists import find_country, find_demonym
from transforms.events.numbers import SCALES
from transforms.events.quantities import currency_nouns, units
from transforms.events.trade_flows import Flow, words
from transforms.events.trade_values import Figure

_ACCOUNTING = re.compile(r"\bwith\s+([a-z]+(?:\s[a-z]+)?)\s+(?:accounting\s+for|making\s+up|contributing)\s+$")


def is_nation(token: Token) -> bool:
    """Whether a word before a noun names a country: `Argentine`, `U.S.`."""
    return find_demonym(token.text) is not None or (
        token.dep_ in ("compound", "amod", "nmod") and find_country(token.text) is not None
    )


def is_money(token: Token) -> bool:
    """Currencies and scale words are no goods."""
    return token.lower_ in SCALES or any(
        w in currency_nouns() for w in (token.lemma_.lower(), token.lower_, token.lower_.rstrip("s"))
    )


def is_goods(token: Token, flow: Flow) -> bool:
    """Nouns name goods, adjectives before them too; before a balance only nouns do, and never a currency."""
    if is_money(token):
        return False
    return token.pos_ in ("NOUN", "PROPN") or (
        flow.flow != "balance" and token.pos_ in ("ADJ", "X", "VERB", "ADV", "INTJ", "SYM")
    )


def goods_phrase(noun: Token) -> str | None:
    """The goods that a noun names, with its modifiers: `edible groundnuts`; None for a number's unit."""
    if noun.lemma_.lower() in words("generic") or noun.like_num or noun.pos_ == "PRON" or is_money(noun):
        return None
    if (noun.lower_ in units() and units()[noun.lower_] not in _COUNTED) or noun.text in words("blocs"):
        return None
    if (
        noun.text[:1].isupper()
        and noun.ent_type_ in ("PERSON", "ORG", "DATE")
        and not (noun.text.isupper() and len(noun) < 5)
    ):
        return None  # but `LNG` is taken for a body
    kept = [
        c
        for c in noun.lefts
        if c.dep_ in ("compound", "amod", "nmod")
        and find_demonym(c.text) is None
        and not c.like_num
        and c.lower_ not in words("generic")
    ]
    start = kept[0].i if kept and kept[-1].i == noun.i - 1 else noun.i
    if start > 1 and noun.doc[start - 1].text == "-" and not noun.doc[start - 1].whitespace_:
        start -= 2  # `high-grade beef`
    while start > 1 and noun.doc[start - 1].text == "/" and noun.doc[start - 2].pos_ in ("NOUN", "PROPN", "ADJ"):
        start -= 2  # `beef/veal`
    while start < noun.i and (is_nation(noun.doc[start]) or noun.doc[start].lower_ in words("generic")):
        start += 1
    return noun.doc[start : noun.i + 1].text


_COUNTED = frozenset({"vehicle", "car", "truck", "motorcycle", "aircraft", "sheep", "handset"})
_BESIDE = re.compile(
    r"(?:,|\band)\s+(?:and\s+)?(?!and\b)([a-z][\w-]*(?:\s(?!(?:to|at|around|about|by|of|some|nearly)\b)[a-z][\w-]*)?)\s+(?:(?:to|at|around|about|by|of|some|nearly)\s+)*$"
)


def goods_beside(figure: Figure, figures: list[Figure], sentence: Span) -> str | None:
    """`wheat exports rose to 3 million tonnes and barley to 2 million`: the second number has goods of its own."""
    index = next((i for i, f in enumerate(figures) if f is figure), 0)
    priors, levels = ([f for f in figures if f.role == role] for role in ("prior", "level"))
    if figure.role == "prior" and len(priors) == len(levels) and "respectively" in sentence.text:
        return goods_beside(levels[next(i for i, f in enumerate(priors) if f is figure)], figures, sentence)
    if index == 0 or figure.role not in ("level", "change") or figures[index - 1].flow is not figure.flow:
        return None
    floor = figures[index - 1].quantity.end - sentence.start_char
    led = sentence.text[floor : (figure.quantity.cue or (figure.quantity.start,))[0] - sentence.start_char]
    found = _BESIDE.search(led.rstrip() + " ")
    if found is None:
        return None
    span = sentence.doc.char_span(
        sentence.start_char + floor + found.start(1), sentence.start_char + floor + found.end(1)
    )
    return (
        goods_phrase(span.root) if span is not None and all(t.pos_ in ("NOUN", "ADJ", "PROPN") for t in span) else None
    )


def goods_after(figure: Figure, sentence: Span) -> str | None:
    """`535,460 tonnes of wheat`, `$20 billion in farm products`."""
    doc = sentence.doc
    led = sentence.text[: figure.quantity.start - sentence.start_char]
    apart = _ACCOUNTING.search(led)
    if apart and apart[1] not in words("generic") and find_country(apart[1]) is None:
        return apart[1]  # `with corn accounting for $2 billion`
    span = doc.char_span(figure.quantity.start, figure.quantity.end, alignment_mode="expand")
    if span is None or figure.value is None or span.end + 1 >= sentence.end:
        return None
    rate = re.search(r"\bof\s+(crude oil|crude|oil|gas)\b", text_of(doc)[span.start_char : span.end_char])
    if rate:  # `1.8 million barrels of oil a day`
        return rate[1]
    if figure.unit in _COUNTED and doc[span.end].lower_ != "of" and doc[span.end - 1].lower_ in units():
        return doc[span.end - 1].text  # `imported 1.5 million vehicles`
    if figure.quantity.kind == "bare" and doc[span.end].tag_ == "NNS" and figure.unit == doc[span.end].lemma_.lower():
        return doc[span.end].text  # `imported 68,000 cars`
    worth = doc[span.end].lower_ == "worth" and span.end + 2 < sentence.end
    prep = doc[span.end + worth]
    if prep.lower_ not in ("of", "in") or figure.flow.start == doc[span.end + 1].idx:
        return None
    noun = noun_after(prep, sentence)
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


def goods_of_sentence(flow: Flow, sentence: Span) -> str | None:
    """`palm oil production will rise, with exports reaching 2 million tonnes`: the goods told before the flow."""
    for i in range(flow.token.i - 1, sentence.start - 1, -1):
        token = sentence.doc[i]
        if token.pos_ == "NOUN" and token.dep_ == "compound" and token.head.lemma_.lower() in words("goods_heads"):
            return goods_phrase(token)
    return None


def main_goods(doc: Doc) -> str | None:
    """What an article on one commodity is about: the goods before `exports`, `output`, `prices`; None where none leads."""
    counts: Counter[str] = Counter()
    for token in doc:
        if token.pos_ == "NOUN" and token.dep_ == "compound" and token.head.lemma_.lower() in words("goods_heads"):
            goods = goods_phrase(token)
            if goods is not None:
                counts[goods.lower()] += 1
    best = counts.most_common(2)
    if not best or best[0][1] < 2 or (len(best) > 1 and best[1][1] * 2 > best[0][1]):
        return None
    return best[0][0]


def noun_after(prep: Token, sentence: Span) -> Token | None:
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
