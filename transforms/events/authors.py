"""Whose a writing is: the party that speaks through a report, a letter, a statement."""

from collections.abc import Callable, Mapping

from spacy.tokens import Token

from transforms.events.name_lists import word_set
from transforms.events.referents import Referent

# What the author of a document does with it.
_PUT_OUT = frozenset({"deliver", "issue", "post", "publish", "release", "send", "sign", "write"})
_AUTHORING = frozenset("by from in released issued compiled signed written sent posted".split())  # noqa: SIM905


def find_author(
    head: Token, at: Mapping[int, Referent], definite: Callable[[Token], Referent | None]
) -> Referent | None:
    """Finds whose document it is: its possessor, `by X`, or the subject of `said in a statement`.

    Args:
        head: head of the phrase that names the document.
        at: index of a token -> its party.
        definite: resolves a definite phrase for a body.
    """
    for child in head.children:
        if child.dep_ == "poss" and child.i in at:
            return at[child.i]
        if child.dep_ == "compound" and child.i in at and at[child.i].kind in ("organisation", "person"):
            return at[child.i]
        if child.dep_ == "compound" and child.lemma_.lower() in word_set("bodies"):
            body, lemma = definite(child), child.lemma_.lower()
            return body if body is not None and (lemma in body.words or lemma in body.name.lower()) else None
        if child.dep_ in ("prep", "acl") and child.lower_ in _AUTHORING:
            for inner in child.subtree:
                if inner.i in at and inner.dep_ == "pobj" and inner.head.lower_ in ("by", "from", "in"):
                    return at[inner.i]
        if child.dep_ == "relcl" and child.lemma_ in _PUT_OUT:
            subject = next((one for one in child.lefts if one.dep_ == "nsubj" and one.i in at), None)
            if subject is not None:
                return at[subject.i]
    above = head.head
    if head.dep_ == "dobj" and above.lemma_ in _PUT_OUT:
        subject = next((one for one in above.lefts if one.dep_ == "nsubj" and one.i in at), None)
        if subject is not None:
            return at[subject.i]
    if head.dep_ == "pobj" and above.lower_ in ("in", "through", "via") and above.head.pos_ == "VERB":
        for child in above.head.children:
            if child.dep_ == "nsubj" and child.i in at:
                return at[child.i]
    return None
