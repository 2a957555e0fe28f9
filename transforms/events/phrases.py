"""Noun phrases: their head, their whole extent, their parts in a list, and the words that name an unnamed party."""

from collections.abc import Iterator
from typing import Protocol

from spacy.tokens import Span, Token

from transforms.events.name_lists import find_country, find_demonym, find_seat, titles
from transforms.events.referents import Referent

_QUANTITIES = frozenset(
    "number lot dozens scores hundreds thousands millions majority handful group series couple dozen hundred thousand "  # noqa: SIM905
    "many some several most all both few one two three four five none any each half third quarter percent % others "
    "plenty bulk variety range pair".split()
)
_PREMODIFIERS = frozenset({"amod", "compound", "nmod", "nummod", "quantmod", "npadvmod", "punct", "poss", "case"})
_DROPPED = frozenset(
    {"the", "a", "an", "some", "other", "many", "several", "such", "same", "own", "latter", "few", "more", "most"}
)


class Resolver(Protocol):
    """Tells the party that a word stands for."""

    def referent(self, token: Token) -> Referent | None:
        """Finds the party."""
        ...


def phrase_head(token: Token) -> Token:
    """The head that says who: `women` in `hundreds of women`, `victims` in `many of the victims`."""
    steps = 0
    while (token.lower_ in _QUANTITIES or token.lemma_.lower() in _QUANTITIES) and steps < 3:
        inner = next(
            (
                c
                for p in token.children
                if p.dep_ == "prep" and p.lower_ == "of"
                for c in p.children
                if c.dep_ == "pobj"
            ),
            None,
        )
        if inner is None:
            break
        token, steps = inner, steps + 1
    return token


def is_aged(token: Token) -> bool:
    """Whether the word ends a phrase such as `the 56-year-old` that stands for a person: no noun follows it."""
    if token.lower_ not in ("old", "year-old") or token.i < 2:
        return False
    start, doc = token.i, token.doc
    while start and (doc[start - 1].text == "-" or doc[start - 1].lower_ == "year" or doc[start - 1].like_num):
        start -= 1
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    year = any(one.lower_.endswith("year") or one.lower_.endswith("year-old") for one in doc[start : token.i + 1])
    return (
        year
        and start > 0
        and doc[start - 1].lower_ == "the"
        and (after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ"))
    )


def is_native(token: Token) -> bool:
    """Whether `the Brazilian` stands for one person: a singular demonym as subject, nothing behind it that it describes."""
    return (
        token.dep_ in ("nsubj", "nsubjpass")
        and token.tag_ in ("NN", "NNP", "JJ")
        and token.text[-1] == "n"  # `the French`, `the Chinese`, `the British` are peoples
        and find_demonym(token.text) is not None
        and any(child.lower_ == "the" for child in token.lefts)
        and token.head.tag_ != "VBP"
        and (token.i + 1 == len(token.doc) or token.nbor(1).pos_ not in ("NOUN", "PROPN"))
    )


def noun_phrase(token: Token) -> Span:
    """The whole phrase around its head: left edge to right edge, without white space and punctuation at its ends."""
    doc, start, end = token.doc, token.left_edge.i, token.right_edge.i
    while start < token.i and (doc[start].is_space or doc[start].is_punct):
        start += 1
    while end > token.i and (doc[end].is_space or doc[end].is_punct):
        end -= 1
    return doc[start : end + 1]


def trim_phrase(token: Token) -> Span:
    """The phrase without clauses, appositions and further members of a list: what is quoted as its mention."""
    doc, end = token.doc, token.i
    for child in token.rights:
        if (
            child.dep_ in ("prep", "nummod", "compound")
            and child.i <= end + 1
            and child.lower_ in ("of", "for", "at", "from")
        ):
            end = max(end, child.right_edge.i)
        elif child.i == end + 1 and (child.dep_ == "flat" or (child.pos_ == "PROPN" and child.dep_ == "compound")):
            end = child.i
        else:
            break
    start = token.left_edge.i
    while start < token.i and (
        doc[start].is_space or doc[start].is_punct or doc[start].dep_ in ("cc", "preconj", "mark")
    ):
        start += 1
    while end > token.i and (doc[end].is_space or doc[end].is_punct):
        end -= 1
    return doc[start : end + 1]


def conjuncts(token: Token) -> Iterator[Token]:
    """The head and the heads coordinated with it: `Putin and Prime Minister Modi` has two."""
    yield token
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
            yield from conjuncts(child)


def goes_on_list(second: Token) -> bool:
    """Whether an apposition is the next of a list: `the mayor, the governor and bankers`, not `the mayor, a banker and poet,`."""
    more = any(one.dep_ == "conj" and one.pos_ in ("NOUN", "PROPN") for one in second.rights)
    closed = second.doc[second.right_edge.i + 1 : second.right_edge.i + 2].text == ","
    return more and not closed and not any(one.lower_ in ("a", "an") for one in second.lefts)


def phrase_name(head: Token, names: Resolver) -> str:
    """Names an unnamed party by the text's own head words: determiners and quantities dropped, possessors resolved."""
    start = head.i
    doc = head.doc
    prefix = ""
    for child in sorted(head.lefts, key=lambda one: -one.i):
        if child.dep_ not in _PREMODIFIERS or child.lower_ in _DROPPED or child.i < start - 6:
            break
        if child.dep_ == "punct" and child.text not in ("-", "/"):
            break
        joined = next((one for one in child.rights if one.dep_ == "conj"), None)
        capital = joined is not None and joined.text[0].isupper() and head.tag_ == "NNS"
        if joined is not None and capital and child.dep_ == "nmod" and _is_name(child) and not _is_name(joined):
            start = joined.left_edge.i  # `Ode and European leaders`, read as one phrase
            break
        if child.dep_ == "poss":
            owner = names.referent(child)
            if owner is not None and owner.named and child.pos_ == "PRON":
                prefix = f"{owner.name}'s "
            elif child.pos_ != "PRON":
                start = child.left_edge.i
            break
        start = child.left_edge.i
    while start < head.i and (doc[start].lower_ in _DROPPED or doc[start].is_space or doc[start].is_punct):
        start += 1
    while (
        start < head.i
        and doc[start].lower_.rstrip(".") in titles()
        and doc[start].lower_.rstrip(".") in ("mr", "mrs", "ms")
    ):
        start += 1
    commas = [i for i in range(start, head.i) if doc[i].text == ","]
    if commas and any(doc[i].dep_ == "cc" for i in range(commas[-1], head.i)):
        start = commas[-1] + 1  # `…, government and industry sources`, hung on a name before the comma
    end = head.i
    for child in head.rights:  # `spokesperson for flydubai`, `chief of staff`
        if (
            child.dep_ == "prep"
            and child.lower_ in ("for", "of", "on", "from", "at")
            and child.i == end + 1
            and not _has_clause(child)
            and not any(inner.dep_ == "pcomp" or inner.tag_ == "VBG" for inner in child.children)
        ):
            end = child.right_edge.i
            break
    if end - head.i > 6:
        end = head.i
    return prefix + " ".join(doc[start : end + 1].text.split()).rstrip(",;:")


def _is_name(token: Token) -> bool:
    return (
        token.pos_ in ("PROPN", "NOUN")
        and token.text[0].isupper()
        and not (find_country(token.text) or find_demonym(token.text) or find_seat(token.text))
    )


def _has_clause(token: Token) -> bool:
    return any(inner.dep_ in ("relcl", "acl", "advcl", "ccomp", "appos") for inner in token.subtree)


def phrase_country(head: Token) -> str | None:
    """ISO 3166-1 alpha-3 of the one country that the phrase's modifiers name."""
    codes = set()
    for child in head.lefts:
        if child.dep_ in ("amod", "compound", "nmod", "poss"):
            text = child.doc[child.left_edge.i : child.i + 1].text
            country = find_demonym(text) or find_country(text) or find_demonym(child.text) or find_country(child.text)
            if country and country.code:
                codes.add(country.code)
    return codes.pop() if len(codes) == 1 else None
