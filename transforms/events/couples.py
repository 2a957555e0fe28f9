"""Parties named together: `Ode and Finch`, whom `they` and `the two leaders` stand for afterwards."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from spacy.tokens import Token

from transforms.events.name_lists import word_set
from transforms.events.phrases import conjuncts
from transforms.events.referents import Referent

_NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4}
_TUPLES = {"pair": 2, "duo": 2, "couple": 2, "trio": 3}
_REACH = 5  # sentences


def find_couples(tokens: Iterable[Token], at: Mapping[int, Referent]) -> list[Referent]:
    """Finds the lists of named people, or of named countries and bodies; the same list given again is one party."""
    found: dict[frozenset[int], Referent] = {}
    for token in tokens:
        if token.i not in at or token.dep_ in ("conj", "compound", "nmod"):
            continue
        members = list({id(one): one for part in conjuncts(token) if (one := at.get(part.i)) is not None}.values())
        people = [one.kind == "person" for one in members]
        if (
            len(members) < 2
            or not all(one.named and one.kind != "group" for one in members)
            or any(people) != all(people)
        ):
            continue
        names = [one.name for one in members]
        couple = Referent(f"{', '.join(names[:-1])} and {names[-1]}", "group", plural=True, members=tuple(members))
        found.setdefault(frozenset(map(id, members)), couple).mentions.append(token.i)
    return list(found.values())


def find_counted(head: Token, referents: Sequence[Referent], sentence: Callable[[int], int]) -> Referent | None:
    """`the two leaders`, `both sides`, `the pair`: the last list of as many people or bodies, not far above."""
    lemma = head.lemma_.lower()
    count = _TUPLES.get(lemma) or next(
        (_NUMBERS[child.lower_] for child in head.lefts if child.lower_ in _NUMBERS), None
    )
    person = lemma in word_set("people") or lemma in _TUPLES
    if count is None or not (person or lemma in word_set("bodies")):
        return None
    fits = [
        one
        for one in referents
        if len(one.members) == count and (lemma == "side" or (one.members[0].kind == "person") == person)
    ]
    before = [
        (at, one) for one in fits for at in one.mentions if at < head.i and sentence(head.i) - sentence(at) <= _REACH
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else None
