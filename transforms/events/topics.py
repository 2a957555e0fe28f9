"""Whom the article is about at a point: `the star`, `the Brazilian`, of somebody named just before."""

from collections.abc import Callable, Sequence

from spacy.tokens import Token

from transforms.events.definite import may_be
from transforms.events.name_lists import find_demonym, word_set
from transforms.events.quotes import Quotes
from transforms.events.referents import Referent
from transforms.events.salience import best_antecedent

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})


def find_epithet(
    head: Token, referents: Sequence[Referent], quotes: Quotes, sentence: Callable[[int], int]
) -> Referent | None:
    """`the star`: the only person named in this sentence so far and the two before it, or the only subject among them."""
    described = any(child.dep_ in ("prep", "poss", "relcl") and not _counts(child) for child in head.children)
    if described or head.lemma_.lower() not in word_set("epithets"):
        return None
    return _topic(head, [one for one in _near(head, referents, sentence) if may_be(head, one)], quotes, sentence)


def find_native(
    token: Token, referents: Sequence[Referent], quotes: Quotes, sentence: Callable[[int], int]
) -> Referent | None:
    """`the Brazilian said`: the person of that country most in mind, else whom the article is about."""
    country = find_demonym(token.text)
    known = [one for one in referents if country is not None and one.country == country.code]
    near = [one for one in _near(token, referents, sentence) if one.country is None]
    return best_antecedent(token, "h", known, quotes, sentence) or _topic(token, near, quotes, sentence)


def _counts(prep: Token) -> bool:
    """`of three` in `the mother of three`."""
    return prep.lower_ == "of" and all(inner.like_num for inner in prep.children)


def _near(head: Token, referents: Sequence[Referent], sentence: Callable[[int], int]) -> list[Referent]:
    """The people named in this sentence so far and the two before it; beside an object not the subject of its sentence."""
    number, acts = sentence(head.i), head.dep_ in _SUBJECTS
    near = []
    for one in referents:
        if one.kind != "person" or not one.named:
            continue
        before = [at for at in one.mentions if at < head.i]
        own = any(head.doc[at].dep_ in _SUBJECTS for at in before if sentence(at) == number)
        if before and number - sentence(before[-1]) <= 2 and (acts or not own):
            near.append(one)
    return near


def _topic(head: Token, near: list[Referent], quotes: Quotes, sentence: Callable[[int], int]) -> Referent | None:
    """Of several people the one that alone is a subject in this sentence so far or in the one before, beside no other."""
    if len(near) < 2:
        return near[0] if near else None
    number, doc = sentence(head.i), head.doc
    around = quotes.at(head.idx)  # whoever is named within a quotation beside it is not told of here
    before = [[at for at in one.mentions if at < head.i and quotes.at(doc[at].idx) in (None, around)] for one in near]
    places = [{sentence(at) for at in mentions} for mentions in before]
    acts = [
        {sentence(at) for at in mentions if doc[at].dep_ in _SUBJECTS} & {number, number - 1} for mentions in before
    ]
    if sum(map(bool, acts)) != 1:
        return None
    at = next(i for i, found in enumerate(acts) if found)
    alone = not any(acts[at] & found for i, found in enumerate(places) if i != at)
    return near[at] if alone else None
