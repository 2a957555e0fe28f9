"""Who is described how: nationality, roles and titles of each named person, and what a description may refer to."""

import itertools
import re

from spacy.tokens import Doc, Token

from transforms.events.name_lists import class_members, find_country, find_demonym, titles, word_set
from transforms.events.nations import nation_of_person
from transforms.events.referents import NameSpan, Referent, fold_title

_STOP = frozenset(
    {"the", "a", "an", "'s", "'", ",", "and", "of", "for", "-", "former", "new", "his", "her", "their", "its"}
)
_INSIDE = frozenset({"of", "for", "and", "'s", "'", "the", "-", "&"})
_PARTIES = {"d": ("democrat", "democratic"), "r": ("republican",)}
_STATED = re.compile(r"[DRI](?:-|\., )[A-Z]")
_LONGEST = 12


def describe_names(doc: Doc, spans: list[NameSpan], owners: dict[int, Referent]) -> None:
    """Gives each person and body the words that stand before the name, in apposition or behind `is`."""
    for index, span in enumerate(spans):
        referent = owners.get(index)
        if referent is not None and referent.kind == "organisation":
            _describe_body(doc, span, referent)
        if referent is None or referent.kind != "person":
            continue
        _add(referent, _words_before(doc, span, spans, owners))
        head = doc[span.start : span.end].root
        for child in head.children:
            if (
                child.dep_ == "appos"
                and child.pos_ in ("NOUN", "PROPN")
                and child.i >= span.end
                and child.ent_type_ != "PERSON"
            ):
                _add(referent, _phrase_words(child), child)
            if (
                child.dep_ == "prep"
                and child.lower_ in ("of", "from")
                and child.i == span.end
                and referent.country is None
            ):
                country = next((find_country(inner.text) for inner in child.children if inner.dep_ == "pobj"), None)
                referent.country = country.code if country else None  # `Felipe Massa of Brazil`
        if head.dep_ == "appos" and head.head.pos_ in ("NOUN", "PROPN") and head.head.i < span.start:
            _add(referent, _phrase_words(head.head, before=span.start))
        if head.dep_ == "nsubj" and head.head.lemma_ in ("be", "become"):
            for child in head.head.children:
                if child.dep_ == "attr" and child.pos_ in ("NOUN", "PROPN"):
                    _add(referent, _phrase_words(child), child)
        # `Claire Webb (D-Mo.)`, `Webb, R-Texas`
        after = doc[span.end : span.end + 2]
        if (
            len(after) == 2
            and after[0].text in ("(", ",")
            and after[1].lower_.split("-")[0].rstrip(".") in _PARTIES
            and len(after[1]) < 9
        ):
            referent.words.update(_PARTIES[after[1].lower_.split("-")[0].rstrip(".")])
            if referent.country is None and _STATED.match(doc[span.end + 1 : span.end + 4].text):
                referent.country = "USA"


def _describe_body(doc: Doc, span: NameSpan, referent: Referent) -> None:
    """`the airline X`, `militant group X`, `X, a carmaker`."""
    before = doc[span.start - 1] if span.start else None
    if before is not None and before.pos_ == "NOUN" and before.lemma_.lower() in word_set("bodies"):
        referent.words.add(before.lemma_.lower())
    for child in doc[span.start : span.end].root.children:
        if child.dep_ == "appos" and child.i >= span.end and child.lemma_.lower() in word_set("bodies"):
            referent.words.update(token.lemma_.lower() for token in _phrase_words(child))


def _words_before(doc: Doc, span: NameSpan, spans: list[NameSpan], owners: dict[int, Referent]) -> list[Token]:
    """The unbroken run of nouns, adjectives and names that leads up to a name: `Armenian Prime Minister`."""
    words: list[Token] = []
    at = span.start - 1
    while at >= 0 and len(words) < _LONGEST:
        token = doc[at]
        known = (
            token.pos_ in ("PROPN", "NOUN", "ADJ", "NUM") or token.lower_ in _INSIDE or fold_title(token) in titles()
        )
        if not known or token.is_space or token.text in (",", "(", ")"):
            break
        if token.ent_type_ == "PERSON" and fold_title(token) not in titles():
            if doc[at + 1].text in ("'s", "'"):
                words.append(token)  # `Ode's lawyer Carla Finch`: whose lawyer she is
            break
        words.append(token)
        if token.is_sent_start:
            break
        at -= 1
    while words and words[-1].lower_ in _INSIDE:
        words.pop()
    words = [
        one for one in words if not (_is_role(one) and one.nbor(1).lower_ in ("'s", "'"))
    ]  # `the president's aide Ode`
    # `He met Ode and Finch`: without a role word the run describes nobody.
    return (
        words if any(_is_role(token) for token in words) or any(find_demonym(token.text) for token in words[:3]) else []
    )


def _is_role(token: Token) -> bool:
    return token.lemma_.lower() in word_set("people") or fold_title(token) in titles()


def _phrase_words(head: Token, before: int | None = None) -> list[Token]:
    """The words of a noun phrase without its clauses."""
    skip: set[int] = set()
    for child in head.children:
        if child.dep_ in ("relcl", "acl", "appos", "conj"):
            skip.update(token.i for token in child.subtree)
        elif child.dep_ in ("prep", "poss"):  # an adviser to the president is none
            skip.update(token.i for token in child.subtree if _is_role(token))
    return [
        token
        for token in head.subtree
        if token.i not in skip and (before is None or token.i < before) and token.pos_ in ("NOUN", "PROPN", "ADJ")
    ][:_LONGEST]


def noun_gender(lemma: str) -> str | None:
    """`m` or `f` by a noun for somebody: `spokeswoman`, `mother`."""
    for gender, lists in (("m", ("male_titles", "male_nouns")), ("f", ("female_titles", "female_nouns"))):
        if any(lemma in word_set(name) for name in lists):
            return gender
    return None


def _add(referent: Referent, words: list[Token], head: Token | None = None) -> None:
    if referent.country is None:
        referent.country = nation_of_person(sorted(words, key=lambda token: token.i))
    for token in words:
        word = fold_title(token)
        if word in _STOP or _is_awaited(token):
            continue
        referent.words.update((word, token.lemma_.lower(), *titles().get(word, ())))
    if referent.gender is None and head is not None and head.tag_ == "NN":
        referent.gender = noun_gender(head.lemma_.lower())
    if referent.gender is None:
        if referent.words & word_set("male_titles"):
            referent.gender = "m"
        elif referent.words & word_set("female_titles"):
            referent.gender = "f"


def _is_awaited(token: Token) -> bool:
    """The `president` of `president-elect`, who is none yet."""
    behind = [one.lower_ for one in token.doc[token.i + 1 : token.i + 3]]
    return behind[:1] == ["elect"] or behind in (["-", "elect"], ["-", "designate"])


class Description:
    """A definite noun phrase that may refer to somebody named elsewhere: its head noun, modifiers and nationality."""

    def __init__(self, head: Token) -> None:
        self.head = head.lemma_.lower()
        modifiers = [
            token
            for token in head.lefts
            if token.dep_ in ("amod", "compound", "nmod", "poss") and token.pos_ in ("NOUN", "PROPN", "ADJ")
        ]
        words = [word for token in modifiers for word in token.subtree if not _is_awaited(word)]
        flat = sorted(words, key=lambda token: token.i)
        self.country: str | None = None
        self.modifiers: set[str] = set()
        text = [token.text for token in flat]
        for first, second in itertools.pairwise([*text, ""]):
            country = find_demonym(f"{first} {second}") or find_demonym(first) or find_country(first)
            if country and self.country is None:
                self.country = country.code
            elif not country:
                self.modifiers.add(first.lower())
        for child in head.children:  # `the president of France`
            if child.dep_ == "prep" and child.lower_ == "of" and self.country is None:
                for obj in child.children:
                    country = find_country(obj.text)
                    self.country = country.code if country else None
        self.modifiers -= _STOP
        self.names = {
            token.lower_
            for token in flat
            if token.pos_ == "PROPN" and not find_demonym(token.text) and fold_title(token) not in titles()
        } - _STOP
        self.nouns = {
            token.lower_ for token in flat if token.pos_ in ("NOUN", "PROPN") and not find_demonym(token.text)
        } - _STOP

    def fits_office(self, referent: Referent) -> bool:
        """Whether a person holds the very office, in a country that is not told: `Interior Minister Ann Ode`."""
        office = self.modifiers - {"former", "then"}
        return self.head in referent.words and bool(office) and office <= referent.words

    def fits_person(self, referent: Referent) -> bool:
        """Whether a person's known roles and nationality allow the description."""
        if self.country and referent.country and referent.country != self.country:
            return False
        if self.country and not referent.country:
            return False
        if not class_members(self.head) & referent.words:
            return False
        known = referent.words | {word for role in referent.words for word in titles().get(role, ())}
        return all(noun in known for noun in self.nouns)
