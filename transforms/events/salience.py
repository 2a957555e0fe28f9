"""Pronouns: the compatible party that is most in mind, by recency, grammatical role and speech."""

import bisect
from collections.abc import Callable, Sequence

from spacy.tokens import Doc, Token

from transforms.events.name_lists import find_seat
from transforms.events.phrases import phrase_head
from transforms.events.quotes import Quote, Quotes
from transforms.events.referents import Referent

WINDOW = 6
"""How many sentences back a pronoun may refer."""

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def _compatible(kind: str, referent: Referent) -> bool:
    if kind in ("m", "f"):
        return referent.kind == "person" and not referent.plural and referent.gender in (None, kind)
    if kind == "h":
        return referent.kind == "person" and not referent.plural and referent.named
    if kind == "p":
        return referent.plural or referent.kind in ("organisation", "group")
    return referent.kind in ("organisation", "country", "document") and not referent.plural


def best_antecedent(
    pronoun: Token,
    kind: str,
    referents: Sequence[Referent],
    quotes: Quotes,
    sentence: Callable[[int], int],
) -> Referent | None:
    """Chooses whom a pronoun refers to.

    Each mention before the pronoun, not more than WINDOW sentences back, scores: a sentence back costs 1; a subject gains
    0.8, a speaker 0.6 more and, where the pronoun speaks too, 1.2, whose clause the pronoun opens 1; a mention inside a quotation that the pronoun is outside of costs 1.5,
    2 more where the pronoun speaks it; a known gender gains 0.5.
    The weights follow Lappin and Leass (1994) in order, not in size.

    Args:
        pronoun: the word.
        kind: m, f, n, p (plural) or h (a named person).
        referents: all parties so far.
        quotes: the article's quotations.
        sentence: index of a token -> number of its sentence.
    """
    doc = pronoun.doc
    best: tuple[float, int] | None = None
    chosen: Referent | None = None
    here = sentence(pronoun.i)
    outside = quotes.at(pronoun.idx)
    speaking = pronoun.dep_ == "nsubj" and _is_cue(pronoun.head)
    reporter = _reporter_index(pronoun)
    own = _speaker_index(doc, outside) if outside is not None else None
    for referent in referents:
        if not _compatible(kind, referent):
            continue
        if own is not None and own in referent.mentions:
            continue  # `“He is late,” Ode said`: not Ode
        if kind == "p" and ((speaking and referent.kind is None) or find_seat(referent.name)):
            continue  # things do not speak; the White House is no `they`
        index = bisect.bisect_left(referent.mentions, pronoun.i) - 1
        recent = referent.mentions[max(0, index - 5) : index + 1]
        if not recent or here - sentence(recent[-1]) > WINDOW:
            continue
        if any(_same_clause(doc[i], pronoun) for i in referent.mentions[max(0, index - 5) : index + 2]):
            continue  # `Ode said she was for her`, `He accused Ode`: somebody else
        for i in recent:
            token = doc[i]
            back = here - sentence(i)
            if back > WINDOW:
                continue
            score = -1.0 * back
            head = _top(token)
            if kind in ("m", "f") and not referent.named and head.dep_ not in _SUBJECTS and referent.gender is None:
                continue
            if head.dep_ in _SUBJECTS:
                score += 0.8
                if _is_cue(head.head):
                    score += 1.2 if speaking else 0.6
            elif head.dep_ in ("pobj", "poss"):
                score -= 0.3
            if kind == "p" and token.dep_ == "amod":
                continue  # `the Indian doctor`: no Indians
            if token.dep_ == "compound":
                score -= 1.0
            if reporter in (head.i, i):
                score += 1.0
            if back == 0 and pronoun.dep_ == "poss":
                joined = pronoun.head.dep_ == "conj" and pronoun.head.head == token
                score += 2.0 if joined else 0.4  # `Ode and her aides`
            quote = quotes.at(token.idx)
            if quote is not None and quote is not outside:
                score -= 1.5
                if speaking and -1 <= pronoun.idx - quote.end <= 3:
                    score -= 2.0  # `“Ode is late,” he said`: whoever speaks, not Ode
            if kind in ("m", "f"):
                score += 0.5 if referent.gender == kind else 0.0
                score += 0.2 if referent.named else 0.0
                if not referent.named and referent.gender is None and _has_owner(token):
                    score -= 0.8  # `a member of his staff … He`: the one whose staff it is
            if kind == "p" and not referent.plural:
                score -= 0.7
            if kind == "n" and referent.kind == "country":
                score -= 0.3
            if best is None or (score, i) > best:
                best, chosen = (score, i), referent
    return chosen


def _reporter_index(pronoun: Token) -> int | None:
    """Index of the subject of the cue that governs the pronoun's clause: `Ode said she would stay`."""
    head = pronoun.head if pronoun.dep_ == "poss" else pronoun  # `Ode said its plan was good`
    clause = head.head
    if head.dep_ not in _SUBJECTS or clause.dep_ != "ccomp" or not _is_cue(clause.head):
        return None
    return next((phrase_head(child).i for child in clause.head.lefts if child.dep_ == "nsubj"), None)


def _speaker_index(doc: Doc, quote: Quote) -> int | None:
    """Index of the head of the phrase that names who speaks a quotation, right behind it or right before it."""
    span = doc.char_span(quote.start, quote.end, alignment_mode="expand")
    if span is None:
        return None
    behind = [token for token in doc[span.end : span.end + 8] if token.sent == doc[span.end - 1].sent]
    for token in (*behind, *doc[max(0, span.start - 8) : span.start]):
        if _is_cue(token):
            subject = next((child.i for child in token.children if child.dep_ == "nsubj"), None)
            if subject is not None and not quote.holds(doc[subject].idx):
                return subject
    return None


def _has_owner(head: Token) -> bool:
    """Whether somebody else is in the phrase by a pronoun: `his aide`, `a member of her staff`."""
    return any(one.tag_ == "PRP$" and one.i < head.i + 4 for one in head.subtree)


def _top(token: Token) -> Token:
    while (
        token.dep_ in ("compound", "conj", "appos", "flat")
        and token.head.i != token.i
        and token.head.pos_ in ("NOUN", "PROPN")
    ):
        token = token.head
    return token


def _is_cue(verb: Token) -> bool:
    return verb.lemma_ in (
        "say",
        "tell",
        "add",
        "announce",
        "note",
        "argue",
        "state",
        "warn",
        "claim",
        "report",
        "declare",
        "explain",
    )


def _same_clause(mention: Token, pronoun: Token) -> bool:
    """Whether the two are arguments of one verb: `Ode thanked him` is not about Ode."""
    if pronoun.dep_ == "poss" or pronoun.lower_.endswith(("self", "selves")):
        return False
    if pronoun.dep_ == "pobj" and pronoun.head.lower_ in ("behind", "around", "beside", "near"):
        return False  # `they put it behind them`
    if pronoun.dep_ in _SUBJECTS and pronoun.head.dep_ == "relcl" and pronoun.head.head == mention:
        return True  # `the man he met`
    head = _top(mention)
    verb = (
        head.head if head.dep_ in _SUBJECTS | {"dobj", "dative"} else (head.head.head if head.dep_ == "pobj" else None)
    )
    own = (
        pronoun.head
        if pronoun.dep_ in _SUBJECTS | {"dobj", "dative"}
        else (pronoun.head.head if pronoun.dep_ == "pobj" else None)
    )
    if (
        own is not None
        and pronoun.dep_ in _SUBJECTS
        and pronoun.lower_ in ("him", "them")
        and own.dep_ in ("ccomp", "xcomp")
        and head.dep_ in _SUBJECTS
    ):
        own = own.head  # `he wanted him to go`
    return verb is not None and own is not None and verb.i == own.i
