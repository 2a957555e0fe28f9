"""A verb whose time stands at another verb of its sentence: one action, one time, or two."""

from spacy.tokens import Token

from transforms.events.time_outlook import clause_verb, time_words


def rank_verb(verb: Token, other: Token, opens: bool) -> int | None:
    """How closely a time that stands at another verb belongs to this one, 0 the closest; None where it doesn't.

    Args:
        verb: the trigger's verb.
        other: the verb beside the time.
        opens: whether the time opens the sentence.
    """
    if verb.head == other:
        rank = _rank_below(verb, other, opens)
        if rank is not None or verb.dep_ == "conj":
            return rank
    if verb.dep_ == "pcomp" and verb.head.head == other:
        return 3
    if verb.dep_ == "relcl" and tells_inside(verb):
        return 5 if clause_verb(verb.head) == other else None  # "gave an interview on Monday in which he said"
    if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ == "dobj" and verb.head.head == other:
        return 4  # "passed a resolution on Monday criticizing him"
    return _rank_above(verb, other)


def _rank_below(verb: Token, other: Token, opens: bool) -> int | None:
    """The time stands at the verb above."""
    if verb.dep_ == "xcomp":
        return 2
    if verb.dep_ in ("advcl", "pcomp", "dep") and (verb.tag_ in ("VBG", "VBN") or _is_purpose(verb)):
        return 3
    links = {c.lower_ for c in verb.children}
    if verb.dep_ == "advcl" and (links & {"when", "as"} or (opens and links & {"after", "while"})):
        return 5  # `broke up on Friday when two ministers left`
    if verb.dep_ == "conj":  # `joined in 2015 but left after the vote`: what follows came later
        return 4 if opens or not any(c.lower_ == "but" for c in other.children if c.i < verb.i) else None
    return None


def _rank_above(verb: Token, other: Token) -> int | None:
    """The time stands at a verb below, or at one of the subject's."""
    if other.tag_ == "VBG" and other.i < verb.i:
        if other.dep_ == "advcl" and other.head == verb:
            return 4  # "Visiting Lima on Monday, she said"
        if other.dep_ == "acl" and other.head.dep_ == "nsubj" and other.head.head == verb:
            return 4  # "Lee, visiting Lima on Monday, said"
    if other.head == verb and other.dep_ == "xcomp":
        return 3
    if other.dep_ == "advcl" and other.head == verb and _is_at_once(other):
        return 5  # "left shortly after the market crashed in 1983"
    if other.dep_ == "pcomp" and other.head.head == verb:  # not `accused him of leaving in May`
        apart = other.head.lower_ in ("for", "of") and verb.lemma_ in time_words("reporting")
        return None if apart or other.head.lower_ in ("before", "without", "instead") else 4
    return None


def _is_at_once(clause: Token) -> bool:
    """Whether a clause of time names the time of the clause above it: `when he was in Lima in May`, `soon after it crashed`."""
    for link in clause.children:
        if link.dep_ in ("mark", "advmod") and link.i < clause.i:
            before = link.nbor(-1).lower_ if link.i > 0 else ""
            if link.lower_ in ("when", "as", "while") or (
                link.lower_ == "after" and before in ("shortly", "soon", "immediately", "just", "right")
            ):
                return True
    return False


def tells_inside(clause: Token) -> bool:
    """`an interview in which he said`, `a speech where he said`, `the call when he asked`."""
    if clause.dep_ not in ("relcl", "advcl", "acl"):
        return False
    links = (c for c in clause.children if c.i < clause.i)
    return any(
        c.lower_ in ("where", "when")
        or (c.lower_ in ("in", "at", "during") and any(w.lower_ == "which" for w in c.children))
        for c in links
    )


def marked_before(clause: Token, mark: Token) -> bool:
    """Whether a time marks the noun that a clause tells of: the one above it, or the last noun of an occasion before it."""
    noun = mark.head
    if noun == clause.head:
        return True
    occasion = noun.pos_ in ("NOUN", "PROPN") and noun.lemma_.lower() in time_words("occasions") and mark.i < noun.i
    between = clause.doc[noun.i + 1 : clause.left_edge.i] if noun.i < clause.left_edge.i else ()
    return occasion and noun.i < clause.left_edge.i and not any(t.pos_ == "VERB" for t in between)


def is_decided_then(verb: Token, other: Token) -> bool:
    """`agreed on Friday to meet`: the time of deciding is not that of what was decided."""
    below = verb.dep_ in ("xcomp", "advcl") and verb.head == other
    return below and other.tag_ == "VBD" and other.lemma_ in time_words("ahead")


def _is_purpose(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
