"""Which time expression of a sentence dates an event: the one that hangs on the event's own clause."""

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Span, Token

from transforms.events.lexicon import read_lexicon

if TYPE_CHECKING:
    from transforms.events.time_expressions import TimeExpression

_OCCASIONS = frozenset({"in", "at", "during", "on", "over"})
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "parataxis"})


_EFFECTIVE = re.compile(r"\beffective\s+(?:from\s+|on\s+|as\s+of\s+)?$")
_BESIDE_NUMBER = re.compile(
    r"\b(?:from|than|compared with|compared to|versus|against)\s+(?:\w+\s)?"
    r"(?:[$€£]\d[\w.,]*|\d[\d.,]*\s?(?:%|percent|per cent|pct|points?|million|billion|trillion))\s(?:\w+\s){0,2}$"
)


@functools.cache
def _words(section: str) -> frozenset[str]:
    return frozenset(read_lexicon("time_words")[section])


def choose(
    token: Token, expressions: "list[TimeExpression]", day: dt.date | None = None
) -> "tuple[TimeExpression, bool] | None":
    """Picks the expression that dates the event evoked by `token`, and says whether its clause looks ahead.

    Args:
        token: head of the trigger.
        expressions: those of its sentence, with offsets into the article.
        day: publication day.
    """
    if token.pos_ == "ADP" and token.dep_ == "prep":  # `told him by telephone`, `according to a report`
        token = token.head if token.head.pos_ in ("VERB", "NOUN") and token.lower_ != "according" else token
    ranked = []
    for expression in expressions:
        if expression.period() is None:
            continue
        rank = _rank(token, expression)
        if rank is not None:
            ranked.append((rank, abs(expression.start - token.idx), expression))
    if not ranked:
        return None
    rank, _, best = min(ranked, key=lambda r: r[:2])
    if rank == 0 and token.pos_ in ("NOUN", "PROPN"):  # `the July 25 call`: its own time, whatever the clause is about
        planned = any(c.lower_ in _words("ahead_modifiers") for c in token.children)
        return best, planned or (looks_ahead(token) and _is_nearer_ahead(best, day))
    return best, looks_ahead(token) and not (rank >= 3 and is_of_past_verb(token.doc, best, token.idx))


def is_of_past_verb(doc: Doc, expression: "TimeExpression", before: int) -> bool:
    """Whether a time hangs on a verb in the past that stands before an offset, as does the time itself."""
    span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
    if span is None or expression.end > before:
        return False
    verb = clause_verb(span.root)
    return verb.tag_ == "VBD" and verb.idx < expression.start and verb.lemma_ not in _words("ahead")


def _is_nearer_ahead(expression: "TimeExpression", day: dt.date | None) -> bool:
    if expression.ahead is None or expression.first is None or day is None:
        return False
    return expression.ahead[0] - day < day - expression.first


def _head_of(token: Token, expression: "TimeExpression") -> Token | None:
    span: Span | None = token.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    return span.root if span is not None else None


def clause_verb(token: Token) -> Token:
    """The verb of the clause that a token stands in: itself, or the nearest verb above it; the root where there is none."""
    at = token
    while at.pos_ not in ("VERB", "AUX") or at.dep_ in ("aux", "auxpass", "amod"):
        if at.head == at:
            return at
        at = at.head
    return at


def _rank(token: Token, expression: "TimeExpression") -> int | None:
    """How closely an expression belongs to a trigger, 0 the closest; None where it belongs to another event."""
    head = _head_of(token, expression)
    if head is None:
        return None
    if _is_bound(head, expression):
        return None
    if _EFFECTIVE.search(token.doc.text[max(0, expression.start - 24) : expression.start]):
        return 1 if token.idx < expression.start and token.lemma_ not in _words("reporting") else None
    saying = _saying_before(head.doc, expression)
    if saying is not None:  # `said on Monday that …`
        return 0 if token == saying else 3 if token.head == saying and token.dep_ in ("advcl", "conj") else None
    sentence = token.sent
    opens = expression.start - sentence.start_char < 14
    if (
        opens
        and expression.end <= token.idx
        and not any(t.pos_ == "VERB" for t in sentence if expression.end <= t.idx < token.idx)
        and not _marks_a_noun(head)
    ):
        return 2
    head = _past_document(head)
    if head == token or (token.pos_ not in ("VERB", "AUX") and token in _ancestors_in_clause(head)):
        return 0
    verb, other = clause_verb(token), clause_verb(head)
    if token == verb:
        if not _is_adverbial(head) or _is_background(head):
            return None
        if other == verb:
            return 1
        if not opens and _is_decided(verb, other) and expression.end <= verb.idx:
            return None
        return _rank_verb(token, other, opens)
    if other == verb:
        return 2 if not _marks_a_noun(head) and _shares_time(token, verb) else None
    if (
        other != verb
        and verb.dep_ in ("xcomp", "conj", "advcl", "pcomp")
        and verb.head == other
        and other.lemma_ not in _words("reporting")
    ):
        return 4
    return None


def _is_adverbial(head: Token) -> bool:
    """Whether a time is more than the mark of a noun: `during his March 3 address`, `told reporters Monday`, not `a 2019 study`."""
    noun = head.head
    if head.dep_ not in ("compound", "nummod", "nmod", "amod", "poss") or noun.pos_ not in ("NOUN", "PROPN"):
        return True
    return noun.dep_ in ("npadvmod", "advmod") or (noun.dep_ == "pobj" and noun.head.lower_ in _OCCASIONS)


def _marks_a_noun(head: Token) -> bool:
    """`in the wake of Friday's election`, `of her late October announcement`: the time of the noun after it."""
    return head.head.i > head.i and head.head.pos_ == "NOUN" and not _is_adverbial(head)


def _is_background(head: Token) -> bool:
    """`her rival in the 2022 election described …`: the mark of a noun that describes another noun."""
    if head.dep_ not in ("compound", "nummod", "nmod", "amod", "poss") or head.head.dep_ != "pobj":
        return False
    described = head.head.head.head
    return described.pos_ in ("NOUN", "PROPN") and described.dep_ in ("appos", "nsubj", "nsubjpass", "conj")


def _saying_before(doc: Doc, expression: "TimeExpression") -> Token | None:
    """The reporting verb that a time follows at once."""
    span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
    i = span.start - 1 if span is not None else -1
    while i >= 0 and doc[i].lower_ in ("on", "late", "early", "earlier", "later", "in", "a", "the"):
        i -= 1
    if i < 0 or doc[i].pos_ != "VERB" or doc[i].dep_ in ("amod", "acl"):
        return None
    return doc[i] if doc[i].lemma_ in _words("reporting") else None


def _is_bound(head: Token, expression: "TimeExpression") -> bool:
    """`since 2002`, `before Monday`, `by April 2`: an edge, not the time of an event."""
    if _BESIDE_NUMBER.search(head.doc.text[max(0, expression.start - 40) : expression.start]):
        return True  # `down from 19 % a week earlier`: when it was that much
    led = head if head.pos_ in ("ADP", "SCONJ") else head.head
    if led.lower_ in _words("bounds") and led.i <= head.i:
        return True
    first = head.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    before = first[0].nbor(-1) if first is not None and first.start > first.sent.start else None
    return before is not None and before.lower_ in _words("bounds")


def _past_document(head: Token) -> Token:
    """`said in a note published Monday`: the time of publishing is that of saying."""
    verb = clause_verb(head)
    if verb != head and verb.dep_ == "acl" and verb.lemma_ in _words("publishing"):
        return verb.head
    return head


def _ancestors_in_clause(token: Token) -> list[Token]:
    """Ancestors of a time word up to the verb of its clause."""
    out, at = [], token
    while at.head != at:
        if at.dep_ in _CLAUSES and at != token:
            break
        at = at.head
        out.append(at)
        if at.pos_ == "VERB" and at.dep_ != "amod":
            break
    return out


def _rank_verb(verb: Token, other: Token, opens: bool) -> int | None:
    """A verb whose time stands at another verb: its governor in one action, or the first of coordinated ones."""
    if verb.head == other:
        if verb.dep_ == "xcomp":
            return 2
        if verb.dep_ in ("advcl", "pcomp", "dep") and (verb.tag_ in ("VBG", "VBN") or _is_purpose(verb)):
            return 3
        links = {c.lower_ for c in verb.children}
        if verb.dep_ == "advcl" and ("when" in links or (opens and links & {"after", "while"})):
            return 5  # `broke up on Friday when two ministers left`
        if verb.dep_ == "conj":  # `joined in 2015 but left after the vote`: what follows came later
            return 4 if opens or not any(c.lower_ == "but" for c in other.children if c.i < verb.i) else None
    if verb.dep_ == "pcomp" and verb.head.head == other:
        return 3
    if other.head == verb and other.dep_ == "xcomp":
        return 3
    if other.dep_ == "pcomp" and other.head.head == verb:  # not `accused him of leaving in May`
        return None if other.head.lower_ in ("for", "of") and verb.lemma_ in _words("reporting") else 4
    return None


def _is_decided(verb: Token, other: Token) -> bool:
    """`agreed on Friday to meet`: the time of deciding is not that of what was decided."""
    return verb.dep_ == "xcomp" and verb.head == other and other.tag_ == "VBD" and other.lemma_ in _words("ahead")


def _is_purpose(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _shares_time(noun: Token, verb: Token) -> bool:
    """Whether the time of a verb is that of a noun below it: `held talks on Monday`, not `said on Monday of the talks`."""
    at, inside = noun, False
    while at.head not in (verb, at):
        if at.dep_ == "prep":
            inside = at.lower_ in ("in", "at", "during", "on", "after", "before")
        at = at.head
    if at.dep_ == "prep":
        inside = at.lower_ in ("in", "at", "during", "for", "into", "on", "to", "from", "with")
    if verb.lemma_ in _words("reporting"):
        if noun.lemma_.lower() in _words("done_by_saying") and noun.dep_ == "dobj":
            return True  # `announced his resignation on Friday`
        return inside and at.lower_ in ("in", "at", "during")
    return inside or at.dep_ in ("dobj", "obj", "nsubj", "nsubjpass", "attr", "oprd", "dative", "npadvmod")


def looks_ahead(token: Token) -> bool:
    """Whether the clause of a trigger speaks of the future: `will meet`, `plans to`, `the upcoming talks`."""
    if token.pos_ not in ("VERB", "AUX") and any(c.lower_ in _words("ahead_modifiers") for c in token.children):
        return True
    verb = clause_verb(token)
    return _verb_looks_ahead(verb)


def _verb_looks_ahead(verb: Token) -> bool:
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    if any(h.lower_ in _words("modals") for h in helpers):
        return not any(h.lower_ == "have" for h in helpers)
    if any(h.lower_ == "to" for h in helpers) and verb.tag_ == "VB":
        governor = verb.head
        if governor.lemma_.lower() in _words("ahead") or governor.lower_ in _words("ahead"):
            return True
        return governor.lemma_ == "be" or (
            governor != verb and governor.pos_ in ("VERB", "AUX") and _verb_looks_ahead(governor)
        )
    if verb.tag_ == "VBG" and any(h.lemma_ == "be" and h.tag_ in ("VBZ", "VBP") for h in helpers):
        return True
    if (
        verb.dep_ == "advcl" and verb.tag_ in ("VBZ", "VBP") and verb.head != verb
    ):  # `will not come until they meet in October`
        return _verb_looks_ahead(verb.head)
    if verb.dep_ in ("xcomp", "conj") and verb.head != verb and verb.tag_ in ("VB", "VBG"):
        return _verb_looks_ahead(verb.head)
    return False
