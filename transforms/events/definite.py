"""Definite descriptions: whom `the minister`, `the company`, `the Russian side` refers to."""

import bisect
from collections.abc import Callable, Sequence

from spacy.tokens import Token

from transforms.events.descriptions import Description
from transforms.events.names_table import find_seat, word_set
from transforms.events.quotes import Quotes
from transforms.events.referents import Referent
from transforms.events.salience import best_antecedent

_AGENCY_WORDS = frozenset(
    {"agency", "organization", "organisation", "newspaper", "paper", "magazine", "group", "outlet"}
)


def last_before(referent: Referent, index: int) -> int:
    """Token index of a party's last mention before `index`, -1 for none."""
    at = bisect.bisect_left(referent.mentions, index)
    return referent.mentions[at - 1] if at else -1


def find_described(
    head: Token,
    kind: str | None,
    plural: bool,
    referents: Sequence[Referent],
    quotes: Quotes,
    sentence: Callable[[int], int],
) -> Referent | None:
    """Finds whom a definite phrase refers to: somebody with that role, or who bore the same description before.

    Args:
        head: head noun of the phrase.
        kind: person, organisation, document or None, by the noun.
        plural: whether it is a plural.
        referents: all parties so far.
        quotes: the article's quotations.
        sentence: index of a token -> number of its sentence.
    """
    description = Description(head)
    before = [one for one in referents if one.mentions and one.mentions[0] < head.i]
    if kind == "person" and not plural:
        person = _person(description, before, referents, head)
        if person is not None:
            return person
    if description.head == "side" and description.country:
        return next((one for one in referents if one.kind == "country" and one.country == description.country), None)
    if kind == "organisation":
        bodies = _bodies(description, before)
        if bodies:
            return best_antecedent(head, "n", bodies, quotes, sentence) or max(
                bodies, key=lambda one: last_before(one, head.i)
            )
    return _same_phrase(description, before, kind, plural, head)


def _person(
    description: Description, before: list[Referent], referents: Sequence[Referent], head: Token
) -> Referent | None:
    fits = [
        one
        for one in before
        if one.kind == "person" and (one.named or description.head in one.words) and description.fits_person(one)
    ]
    if not fits and description.country:  # nationality and role found later in the article
        fits = [one for one in referents if one.kind == "person" and one.named and description.fits_person(one)]
    return max(fits, key=lambda one: (last_before(one, head.i), one.named)) if fits else None


def _bodies(description: Description, before: list[Referent]) -> list[Referent]:
    lemma = description.head
    named = [one for one in before if one.kind == "organisation" and one.named]
    fits = [
        one
        for one in named
        if lemma.replace("organiz", "organis") in one.name.lower().replace("organiz", "organis").split()
        and all(noun in one.name.lower() for noun in description.nouns)
    ]
    if not fits and (lemma in word_set("companies") or lemma in _AGENCY_WORDS) and not description.nouns:
        fits = [one for one in named if not find_seat(one.name)]
    return fits


def _same_phrase(
    description: Description, before: list[Referent], kind: str | None, plural: bool, head: Token
) -> Referent | None:
    same = [one for one in before if not one.named and description.head in one.words and one.plural == plural]
    exact = [one for one in same if description.modifiers <= one.words]
    if not exact and kind == "person" and not plural and not description.country:
        exact = [one for one in same if description.nouns <= one.words]
    return max(exact, key=lambda one: last_before(one, head.i)) if exact else None
