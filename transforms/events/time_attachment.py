"""What a time expression hangs on in the parse: an action, a noun that it marks, a bound, a cause."""

import re
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from transforms.events.lexicon import text_of
from transforms.events.time_outlook import clause_verb, looks_ahead, time_words

if TYPE_CHECKING:
    from transforms.events.time_expressions import TimeExpression

_NAMED = frozenset({"holiday", "year", "month", "decade", "month_of_year", "season_year"})
_CAUSES = frozenset({"after", "following", "over", "despite", "about", "against"})
_MARKS = frozenset({"compound", "nummod", "nmod", "amod", "poss"})
_OCCASIONS = frozenset({"in", "at", "during", "on", "over"})
_BESIDE_NUMBER = re.compile(
    r"\b(?:from|than|compared with|compared to|versus|against)\s+(?:\w+\s)?"
    r"(?:[$€£]\d[\w.,]*|\d[\d.,]*\s?(?:%|percent|per cent|pct|points?|million|billion|trillion))\s(?:\w+\s){0,2}$"
)


def head_of(token: Token, expression: "TimeExpression") -> Token | None:
    """The word that holds a time expression together; None where the parse has other words."""
    span: Span | None = token.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    return span.root if span is not None else None


def dates_nothing(head: Token, expression: "TimeExpression") -> bool:
    """Whether a time is no more than an edge, a part of a name, or itself what the sentence speaks of."""
    return _is_bound(head, expression) or _is_of_a_name(head) or _is_a_thing(head, expression.rule)


def is_adverbial(head: Token) -> bool:
    """Whether a time is more than the mark of a noun: `during his March 3 address`, `told reporters Monday`, not `a 2019 study`."""
    noun = head.head
    if head.dep_ not in _MARKS or noun.pos_ not in ("NOUN", "PROPN"):
        return True
    if noun.dep_ == "pobj" and noun.head.lower_ == "during" and noun.head.head.dep_ == "pobj":
        return noun.head.head.pos_ != "NOUN"  # "asked about problems during Monday's debate"
    return noun.dep_ in ("npadvmod", "advmod") or (noun.dep_ == "pobj" and noun.head.lower_ in _OCCASIONS)


def _is_of_a_name(head: Token) -> bool:
    """`Sunday Morning Futures`: a day that is part of a title or of a body's name."""
    named = head.dep_ == "compound" and head.head.pos_ == "PROPN"
    return named and head.head.ent_type_ in ("WORK_OF_ART", "ORG") and head.head.i > head.i


def _is_a_thing(head: Token, rule: str) -> bool:
    """`called Christmas a sham`, `2024 was a good year`: a time that acts or is acted on dates nothing."""
    return rule in _NAMED and head.dep_ in ("dobj", "nsubj", "nsubjpass", "attr", "appos")


def marks_a_noun(head: Token) -> bool:
    """`in the wake of Friday's election`, `of her late October announcement`: the time of the noun after it."""
    return head.head.i > head.i and head.head.pos_ == "NOUN" and not is_adverbial(head)


def is_background(head: Token) -> bool:
    """`her rival in the 2022 election described …`: the mark of a noun that describes another noun."""
    if head.dep_ not in _MARKS or head.head.dep_ != "pobj":
        return False
    described = head.head.head.head
    return described.pos_ in ("NOUN", "PROPN") and described.dep_ in ("appos", "nsubj", "nsubjpass", "conj")


def is_of_cause(expression: "TimeExpression", head: Token) -> bool:
    """`advised against travel after the attack last week`: the time of the noun right before it."""
    span = head.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    if span is None or span.start == head.sent.start or not expression.text.lower().startswith("last "):
        return False
    noun = span[0].nbor(-1)
    return noun.pos_ == "NOUN" and noun.dep_ == "pobj" and noun.head.lower_ in _CAUSES


def dates_source(head: Token, verb: Token) -> bool:
    """`a 2014 study found`, `envoys at the 1987 meeting said`: the time of the source is that of what it says."""
    at = head
    while at.dep_ in _MARKS | {"prep", "pobj"} and at.head != at:
        at = at.head
        if at.pos_ == "NOUN" and at.lemma_.lower() in time_words("documents"):
            break
        if at.lemma_.lower() in time_words("occasions") and verb.lemma_ in time_words("reporting"):
            break
    else:
        return False
    while at.dep_ in _MARKS | {"prep", "pobj"} and at.head != at:
        at = at.head
    return at.dep_ == "nsubj" and at.head == verb


def _is_bound(head: Token, expression: "TimeExpression") -> bool:
    """`since 2002`, `before Monday`, `by April 2`: an edge, not the time of an event."""
    if _BESIDE_NUMBER.search(text_of(head.doc)[max(0, expression.start - 40) : expression.start]):
        return True  # `down from 19 % a week earlier`: when it was that much
    led = head if head.pos_ in ("ADP", "SCONJ") else head.head
    edge = led if led.lower_ in time_words("bounds") and led.i <= head.i else None
    first = head.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    before = first[0].nbor(-1) if first is not None and first.start > first.sent.start else None
    if edge is None and before is not None and before.lower_ in time_words("bounds"):
        edge = before
    if edge is None:
        return False
    if edge.lower_ == "by":  # "all will leave by June"
        return not looks_ahead(head)
    deferred = edge.lower_ in ("until", "till") and any(c.dep_ == "neg" for c in clause_verb(edge).children)
    return not deferred  # "will not take effect until January"


def past_participle(head: Token) -> Token:
    """`said in a note published Monday`, `a meeting planned for Friday`: the time of the noun that a participle tells of."""
    verb = clause_verb(head)
    while verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.pos_ == "VERB":
        verb = verb.head  # "an interview taped and released on Monday"
    if verb == head or verb.dep_ != "acl" or verb.tag_ not in ("VBN", "VBD"):
        return head
    direct = head.head == verb or (head.dep_ == "pobj" and head.head.head == verb)  # not "quotas set at talks in May"
    told = verb.lemma_ in time_words("publishing") or (direct and verb.lemma_ in time_words("arranging"))
    return verb.head if told else head
