"""Definite descriptions: whom `the minister`, `the company`, `the Russian side` refers to."""

import bisect
from collections.abc import Callable, Sequence

from spacy.tokens import Token

from transforms.events.descriptions import Description, noun_gender
from transforms.events.name_lists import country_name, find_demonym, find_seat, word_set
from transforms.events.quotes import Quotes
from transforms.events.referents import Referent
from transforms.events.salience import best_antecedent

_PARTIES = ("democrat", "republican")
_OFFICES = frozenset(
    {"minister", "president", "premier", "chancellor", "pm", "king", "queen", "pope", "governor", "mayor"}
)
_BELOW = frozenset({"vice", "deputy"})  # `the president` is not the vice president where both are named
# One person for each: not `his doctor`.
_SINGLE = frozenset({"predecessor", "successor", "counterpart", "wife", "husband", "mother", "father"})
# A body never described may be meant by these alone.
_GENERIC = frozenset(
    "company firm corporation group organization organisation agency giant business brand conglomerate startup".split()  # noqa: SIM905
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
    many = plural and head.lower_ != description.head and description.head != "maker"  # `the makers` are one firm
    if kind == "organisation" and not many:
        bodies = _bodies(description, before)
        told = None if bodies else _introduced(description, before, head)
        bodies = bodies or ([] if told is not None else _generic_bodies(description, before, head))
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
        if one.kind == "person"
        and (one.named or _is_head(one, description.head, head))
        and description.fits_person(one)
    ]
    if not fits and description.country:  # nationality and role found later in the article
        named = [one for one in referents if one.kind == "person" and one.named]
        fits = [one for one in named if description.fits_person(one)]
        fits = fits or _only([one for one in named if one.country is None and description.fits_office(one)])
    if len(fits) < 2:
        return fits[0] if fits else None
    fits = [one for one in fits if not one.words & _BELOW - description.modifiers] or fits
    if not description.country:
        others = _nations_beside(head)
        fits = [one for one in fits if one.country not in others] or fits
    return max(fits, key=lambda one: (_prominence(one, head), one.named))


def _nations_beside(head: Token) -> set[str | None]:
    """Countries of the other people whom the sentence describes: `The president met the Chinese leader` is not his."""
    described = [token for token in head.sent if token.i != head.i and token.lemma_.lower() in word_set("people")]
    found = {find_demonym(child.text) for token in described if token.tag_ != "NNS" for child in token.lefts}
    return {country.code for country in found if country is not None}


def _prominence(referent: Referent, head: Token) -> tuple[int, bool, int]:
    """How much a person is in mind: by the last sentence that has them, there a subject before an object."""
    at = last_before(referent, head.i)
    sentence = head.doc[at].sent
    own = [head.doc[i] for i in referent.mentions if sentence.start <= i <= at]
    return sentence.start, any(one.dep_ in ("nsubj", "nsubjpass") for one in own), at


def find_bare(head: Token, referents: Sequence[Referent]) -> Referent | None:
    """`Prime minister calls for calm`: the holder of an office without an article, named before, or the only one named.

    None where the noun has an article or other words before it, or is not the subject that opens its sentence.
    """
    lemma = head.lemma_.lower()
    first = head.left_edge
    whole = lemma in _OFFICES and head.dep_ in ("nsubj", "nsubjpass") and first.is_sent_start and head.tag_ != "NNS"
    if (
        not whole
        or head.i - first.i > 2
        or any(child.dep_ in ("det", "poss", "nummod", "prep") for child in head.children)
    ):
        return None
    description = Description(head)
    named = [one for one in referents if one.kind == "person" and one.named and description.fits_person(one)]
    before = [one for one in named if one.mentions and one.mentions[0] < head.i]
    return max(before, key=lambda one: _prominence(one, head)) if before else next(iter(_only(named)), None)


def _is_head(referent: Referent, lemma: str, head: Token) -> bool:
    """Whether a party without a name was brought in by that very noun."""
    return head.doc[referent.mentions[0]].lemma_.lower() == lemma


def _only(found: list[Referent]) -> list[Referent]:
    return found if len(found) == 1 else []


def find_relation(head: Token, referents: Sequence[Referent]) -> Referent | None:
    """`his lawyer`: somebody described as the lawyer of that very person, anywhere in the article."""
    owner = next((child for child in head.children if child.dep_ == "poss" and child.tag_ == "PRP$"), None)
    if owner is None or head.lemma_.lower() not in word_set("people"):
        return None
    possessor = next((one for one in referents if owner.i in one.mentions), None)
    if possessor is None:
        return None
    family = possessor.name.lower().split()[-1]
    people = [one for one in referents if one.kind == "person" and one is not possessor]
    fits = [one for one in people if one.named and head.lemma_.lower() in one.words]
    told = next((one for one in fits if family in one.words), None)
    return told or next((one for one in reversed(people) if _bore_relation(one, head, possessor)), None)


def _bore_relation(referent: Referent, head: Token, possessor: Referent) -> bool:
    """Whether somebody was called the same of the same person: `his counterpart Ann Ode … his counterpart`."""
    if head.lemma_.lower() not in _SINGLE or any(child.dep_ in ("amod", "compound") for child in head.lefts):
        return False
    nouns = (head.doc[at] for at in referent.mentions if at < head.i)
    same = (noun for noun in nouns if noun.lemma_ == head.lemma_)
    return any(child.dep_ == "poss" and child.i in possessor.mentions for noun in same for child in noun.lefts)


def _bodies(description: Description, before: list[Referent]) -> list[Referent]:
    lemma = description.head
    named = [one for one in before if one.kind == "organisation" and one.named]
    spelt = lemma.replace("organiz", "organis")
    fits = [
        one
        for one in named
        if (spelt in one.name.lower().replace("organiz", "organis").split() or lemma in one.words)
        and all(noun in one.name.lower() or noun in one.words for noun in description.nouns)
    ]
    return fits


def _generic_bodies(description: Description, before: list[Referent], head: Token) -> list[Referent]:
    """`the company`, of a body that was never described so."""
    lemma = description.head
    generic = lemma in _GENERIC or (lemma in word_set("companies") and not description.modifiers)
    if not generic or description.nouns:
        return []
    named = [one for one in before if one.kind == "organisation" and one.named]
    doc = head.doc
    told = [one for one in named if not all(doc[at].head.lower_ in ("on", "via") for at in one.mentions if at < head.i)]
    return [one for one in told if not find_seat(one.name) and not _is_public(one.name)]


def _introduced(description: Description, before: list[Referent], head: Token) -> Referent | None:
    """A body without a name that was a subject under the same noun: `An investor group bought … The group said`."""
    same = _same_phrase(description, before, "organisation", False, head)
    first = head.doc[same.mentions[0]] if same is not None else head
    new = any(child.lower_ in ("a", "an") for child in first.lefts)
    return same if new and first.dep_ in ("nsubj", "nsubjpass") else None


def find_own_country(head: Token, referents: Sequence[Referent]) -> Referent | None:
    """`his country`: the one of the person whom the article gives a nationality."""
    if head.lemma_.lower() not in ("country", "homeland", "nation"):
        return None
    owner = next((child for child in head.lefts if child.dep_ == "poss" and child.tag_ == "PRP$"), None)
    if owner is None:
        return None
    possessor = next((one for one in referents if owner.i in one.mentions), None)
    if possessor is None or possessor.country is None or possessor.kind not in ("person", "country"):
        return None
    known = next((one for one in referents if one.kind == "country" and one.country == possessor.country), None)
    name = country_name(possessor.country)
    return known or (Referent(name, "country", country=possessor.country) if name else None)


def find_unnamed(head: Token, referents: Sequence[Referent]) -> Referent | None:
    """The person without a name so far whom an earlier phrase of the same noun told of."""
    before = [one for one in referents if one.mentions and one.mentions[0] < head.i and one.kind == "person"]
    return _same_phrase(Description(head), before, "person", False, head)


def may_be(head: Token, referent: Referent) -> bool:
    """Whether nothing known of a person speaks against a description: nationality, party, gender."""
    description = Description(head)
    if description.country and referent.country and description.country != referent.country:
        return False
    words = description.modifiers | {description.head}
    if any(word not in referent.words and not word.startswith(_PARTIES) for word in description.names):
        return False
    for one, other in (_PARTIES, _PARTIES[::-1]):
        if any(word.startswith(one) for word in words) and any(word.startswith(other) for word in referent.words):
            return False
    gender = noun_gender(description.head)
    return gender is None or referent.gender in (None, gender)


def _is_public(name: str) -> bool:
    parts = set(name.split())
    return any(word in parts or (" " in word and word in name) for word in word_set("public_bodies"))


def _same_phrase(
    description: Description, before: list[Referent], kind: str | None, plural: bool, head: Token
) -> Referent | None:
    same = [one for one in before if not one.named and one.plural == plural and _is_head(one, description.head, head)]
    exact = [one for one in same if description.modifiers <= one.words]
    if not exact and kind == "person" and not plural and not description.country:
        parties = {word for word in description.modifiers if word.startswith(_PARTIES)}
        exact = [one for one in same if description.nouns | parties <= one.words]
    return max(exact, key=lambda one: last_before(one, head.i)) if exact else None
