"""Which time expression of a sentence dates an event: the one that hangs on the event's own clause."""

import datetime as dt
import re
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Token

from transforms.events.lexicon import lemma_of, read_lexicon, text_of
from transforms.events.modality_cues import called_for
from transforms.events.time_attachment import (
    dates_nothing,
    dates_source,
    head_of,
    is_adverbial,
    is_background,
    is_of_cause,
    marks_a_noun,
    past_participle,
)
from transforms.events.time_clauses import is_decided_then, marked_before, rank_verb, tells_inside
from transforms.events.time_outlook import clause_verb, is_decision, is_nearer_ahead, is_told, looks_ahead, time_words

if TYPE_CHECKING:
    from transforms.events.time_expressions import TimeExpression

_TO_COME = re.compile(r"\b(?:next|tomorrow|coming)\b", re.IGNORECASE)
_SOON = 100  # days
_SHORT = frozenset({"day", "interval"})
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "parataxis"})


_EFFECTIVE = re.compile(r"\beffective\s+(?:from\s+|on\s+|as\s+of\s+)?$")


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
    ahead = looks_ahead(token)
    for expression in expressions:
        if expression.period(future=ahead) is None:
            continue
        rank = _rank(token, expression)
        if rank is not None:
            ranked.append((rank, abs(expression.start - token.idx), expression))
    if not ranked:
        return None
    rank, _, best = min(ranked, key=lambda r: r[:2])
    if rank == 0 and token.pos_ in ("NOUN", "PROPN"):  # `the July 25 call`: its own time, whatever the clause is about
        planned = any(c.lower_ in time_words("ahead_modifiers") for c in token.children) or _is_arranged(best, token)
        return best, planned or (ahead and is_nearer_ahead(best, day)) or _is_soon(best, token, day)
    if rank == 0 and _is_done_by_saying(token, token.head):
        return best, False
    if ahead and is_decision(clause_verb(token).head.lemma_):
        return best, is_nearer_ahead(best, day)
    return best, ahead and not (rank >= 3 and is_of_past_verb(token.doc, best, token.idx))


def _is_soon(expression: "TimeExpression", noun: Token, day: dt.date | None) -> bool:
    """`the ministers' meeting in May`, told in April of nothing past: this year's."""
    if expression.ahead is None or expression.first is None or day is None or is_told(clause_verb(noun)):
        return False
    return (expression.ahead[0] - day).days <= _SOON and (day - expression.first).days >= 2 * _SOON


def is_of_past_verb(doc: Doc, expression: "TimeExpression", before: int) -> bool:
    """Whether a time hangs on a verb in the past that stands before an offset, as does the time itself."""
    span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
    if span is None or expression.end > before:
        return False
    verb = clause_verb(span.root)
    return verb.tag_ == "VBD" and verb.idx < expression.start and verb.lemma_ not in time_words("ahead")


def _is_arranged(expression: "TimeExpression", token: Token) -> bool:
    """`a meeting planned for Friday`, not `a meeting held on Friday`."""
    head = head_of(token, expression)
    verb = clause_verb(head) if head is not None else token
    return verb.dep_ == "acl" and verb.lemma_ in time_words("arranging")


def _rank(token: Token, expression: "TimeExpression") -> int | None:
    """How closely an expression belongs to a trigger, 0 the closest; None where it belongs to another event."""
    head = head_of(token, expression)
    if head is None:
        return None
    if dates_nothing(head, expression) or (_is_asked(token) and not _is_deadline(expression, token.doc)):
        return None
    if _is_inside(token, head):
        return 3
    if _EFFECTIVE.search(text_of(token.doc)[max(0, expression.start - 24) : expression.start]):
        return 1 if token.idx < expression.start and token.lemma_ not in time_words("reporting") else None
    saying = _saying_before(head.doc, expression)
    if saying is not None:  # `said on Monday that …`
        if token == saying or _is_done_by_saying(token, saying):
            return 0
        return 3 if token.head == saying and token.dep_ in ("advcl", "conj") else None
    sentence = token.sent
    opens = expression.start - sentence.start_char < 14
    if (
        opens
        and expression.end <= token.idx
        and not any(t.pos_ == "VERB" for t in sentence if expression.end <= t.idx < token.idx)
        and not marks_a_noun(head)
    ):
        return 2
    if not clause_verb(head).is_ancestor(token):
        head = past_participle(head)
    if head == token or (token.pos_ not in ("VERB", "AUX") and token in _ancestors_in_clause(head)):
        return 0
    verb, other = clause_verb(token), clause_verb(head)
    if other != verb and expression.precision in _SHORT and _is_asked_by(other, token):
        return 5  # "called for her to resign on Monday"
    if token == verb:
        if tells_inside(verb) and marked_before(verb, head):
            return 4  # "a Monday interview in which he said", "the July 25 call when he asked"
        if not is_adverbial(head) or is_background(head) or is_of_cause(expression, head):
            return 1 if dates_source(head, verb) else None
        if other == verb:
            return 1
        if is_decided_then(verb, other) and expression.end <= verb.idx:
            return None
        return rank_verb(token, other, opens)
    if other.dep_ == "relcl" and other.head == token and other.lemma_ in ("have", "hold", "attend", "conduct", "make"):
        return 1  # "a meeting she had with Chen on Monday"
    if token.dep_ == "pobj" and _follows(token, expression):
        return 1  # "set at talks in May", whatever the parser makes of May
    if _is_related(token, verb):
        return None  # "on the eve of the visit"
    if other == verb:
        called_off = verb.lemma_ in time_words("calling_off") and expression.end <= token.idx
        return 2 if not marks_a_noun(head) and not called_off and _shares_time(token, verb) else None
    if (
        other != verb
        and verb.dep_ in ("xcomp", "conj", "advcl", "pcomp")
        and verb.head == other
        and other.lemma_ not in time_words("reporting")
    ):
        return 4
    return None


def _follows(noun: Token, expression: "TimeExpression") -> bool:
    """Whether a time stands right behind a noun."""
    span = noun.doc.char_span(expression.start, expression.end, alignment_mode="expand")
    if span is None:
        return False
    between = noun.doc[noun.i + 1 : span.start]
    return span.start > noun.i and all(
        word.lower_ in ("in", "on", "last", "earlier", "late", "early") for word in between
    )


def _is_related(noun: Token, verb: Token) -> bool:
    """Whether a noun stands in a clause only as that on whose eve, or in whose wake, something was done."""
    at = noun.head
    while at not in (verb, at.head):
        if at.lemma_.lower() in time_words("relational"):
            return True
        at = at.head
    return False


def _is_deadline(expression: "TimeExpression", doc: Doc) -> bool:
    """`called on them to withdraw by Friday`, `next week`, `in June`: no day of asking."""
    before = text_of(doc)[max(0, expression.start - 4) : expression.start]
    return expression.precision not in _SHORT or before.strip() == "by" or bool(_TO_COME.search(expression.text))


def _is_asked(token: Token) -> bool:
    """`called for the minister to resign on Monday`, `demanded his resignation on Monday`: the day of asking."""
    asking = time_words("asking")
    if token.pos_ in ("NOUN", "PROPN"):
        up = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "for" else token.head
        return token.dep_ in ("dobj", "pobj") and up.lemma_ in asking and up.tag_ in ("VBD", "VBN", "VBG")
    if not any(c.tag_ == "TO" for c in token.children):
        return False
    asked = called_for(token, token.head)
    verb = asked.words[0] if asked is not None else token.head
    return verb.lemma_ in asking and verb.tag_ != "VB"


def _is_asked_by(asked: Token, token: Token) -> bool:
    """Whether a verb is what `token` asks for: `called for her to resign`, `a call for her to resign`."""
    if token.lemma_.lower() not in time_words("asking") or not any(c.tag_ == "TO" for c in asked.children):
        return False
    cue = called_for(asked, asked.head)
    return token in (asked.head, *(cue.words if cue is not None else ()))


def _is_inside(token: Token, head: Token) -> bool:
    """`In 1991, when the minister opposed the talks, …`: the clause that tells of the time."""
    node = token
    while node.head != node and node.dep_ != "relcl":
        node = node.head
    return node.dep_ == "relcl" and node.head == head and any(c.lower_ == "when" for c in node.children)


def _is_done_by_saying(token: Token, saying: Token) -> bool:
    """`She is stepping down, she announced on Monday`: who says so of oneself does so."""
    own = any(c.dep_ == "nsubj" and c.lower_ in ("he", "she", "they", "it") for c in saying.children)
    return own and saying.lemma_ == "announce" and token.head == saying and token.lemma_ in time_words("done_by_saying")


def _saying_before(doc: Doc, expression: "TimeExpression") -> Token | None:
    """The reporting verb that a time follows at once, or behind whom was told: `told reporters on Monday …`."""
    span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
    i = span.start - 1 if span is not None else -1
    while i >= 0 and doc[i].lower_ in ("on", "late", "early", "earlier", "later", "in", "a", "the"):
        i -= 1
    if i < 0:
        return None
    verb = doc[i]
    if verb.dep_ in ("dobj", "dative") and verb.head.lemma_ in time_words("telling") and verb.head.i < verb.i:
        verb = verb.head
    if verb.pos_ != "VERB" or verb.dep_ in ("amod", "acl"):
        return None
    return verb if verb.lemma_ in time_words("reporting") else None


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


def _shares_time(noun: Token, verb: Token) -> bool:
    """Whether the time of a verb is that of a noun below it: `held talks on Monday`, not `said on Monday of the talks`."""
    at, inside = noun, False
    while at.head not in (verb, at):
        if at.dep_ == "prep":
            inside = at.lower_ in ("in", "at", "during", "on", "after", "before")
        at = at.head
    if at.dep_ == "prep":
        inside = at.lower_ in ("in", "at", "during", "into", "on", "to", "from", "with")
        if at.lower_ == "for":  # "arrived on Monday for talks", not "was elected last year for his pledge"
            inside = lemma_of(verb) in read_lexicon("modality")["motion"] or lemma_of(verb) in time_words("calling_in")
    if at.dep_ == "dobj" and verb.lemma_ in time_words("responding"):
        return False  # "rejected on Monday a request by …"
    if verb.lemma_ in time_words("reporting"):
        if noun.lemma_.lower() in time_words("done_by_saying") and noun.dep_ == "dobj":
            return True  # `announced his resignation on Friday`
        return inside and at.lower_ in ("in", "at", "during")
    return inside or at.dep_ in ("dobj", "obj", "nsubj", "nsubjpass", "attr", "oprd", "dative", "npadvmod")
