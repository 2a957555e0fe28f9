"""Which words stand for somebody: people, bodies, countries."""

from typing import TYPE_CHECKING

from spacy.tokens import Token

from transforms.events.gazetteer import UNKNOWN, geocode
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import word_set
from transforms.events.phrases import goes_on_list, phrase_head

if TYPE_CHECKING:
    from transforms.events.context import Context


PERSONAL = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "me",
        "him",
        "her",
        "us",
        "them",
        "it",
        "himself",
        "herself",
        "themselves",
        "my",
        "your",
        "his",
        "its",
        "our",
        "their",
    ]
)


PARTY_ENTITIES = frozenset({"PERSON", "ORG", "GPE", "NORP"})


NO_PARTIES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "FAC", "WORK_OF_ART", "LAW", "LOC"})


PARTIES = "newsmill.parties"


CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october "  # noqa: SIM905
    "november december".split()
)


def note_parties(context: "Context") -> None:
    """Notes on the parse which words the article's table of names takes for people, bodies or countries.

    The model that tags a sentence has not read the rest of the article; `is_party` believes the table first.
    """
    noted = context.doc.user_data
    if PARTIES in noted:
        return
    found = set()
    for token in context.doc:
        if token.pos_ in ("PROPN", "NOUN", "X", "ADJ") and token.text[:1].isupper():
            referent = context.names.referent(token)
            if referent is not None and referent.named and referent.kind in ("person", "organisation", "country"):
                found.add(token.i)
    noted[PARTIES] = frozenset(found)


def is_party(token: Token) -> bool:
    """True for a word that can be somebody: a name, a personal pronoun, a noun for people or bodies."""
    words = read_lexicon("parties")
    if token.i in token.doc.user_data.get(PARTIES, ()):
        return True
    inner = phrase_head(token)
    if inner != token and inner.head.i > token.i:
        return is_party(inner)  # "hundreds of activists"
    if token.pos_ == "PRON":
        return token.lower_ in PERSONAL or token.lower_ in ("who", "whom")
    if token.ent_type_ in PARTY_ENTITIES:
        return token.pos_ in ("PROPN", "NOUN", "ADJ", "NUM", "X")
    if token.ent_type_ in NO_PARTIES:
        # the small model takes many a surname for a place or a work of art
        unknown = token.ent_type_ in ("LOC", "WORK_OF_ART", "LAW") and token.pos_ == "PROPN" and len(token.text) > 3
        return unknown and geocode(token.text) == UNKNOWN and token.lower_ not in read_lexicon("places")["facilities"]
    lemma = token.lemma_.lower()
    if lemma in words["people"] or lemma in words["bodies"] or (token.pos_ == "NOUN" and lemma in word_set("people")):
        return True
    if token.pos_ == "NOUN" and token.text[:3].isupper() and len(token) > 2:
        return True  # `OPEC+`, `MEPs`
    if token.pos_ == "NOUN" and "-" in token.text and lemma.rpartition("-")[2] in words["people"]:
        return True
    return token.pos_ == "PROPN" and token.ent_type_ in ("", "EVENT", "PRODUCT") and token.lower_ not in CALENDAR


def is_specific(token: Token) -> bool:
    """False for `people`, `a parent`, `customers`: words for anybody, with nothing before them that singles somebody out."""
    if token.pos_ == "PRON":
        return token.lower_ not in ("you", "your", "one")
    if (
        token.ent_type_ in PARTY_ENTITIES
        or token.pos_ == "PROPN"
        or token.lemma_.lower() not in read_lexicon("parties")["generic"]
    ):
        return True
    definite = (
        "the",
        "this",
        "that",
        "these",
        "those",
        "its",
        "his",
        "her",
        "their",
        "both",
        "several",
        "many",
        "some",
    )
    return any(
        (child.dep_ in ("det", "poss") and child.lower_ in definite)
        or child.dep_ in ("nummod", "compound", "poss")
        or child.ent_type_
        for child in token.lefts
    )


def joined_before(token: Token) -> Token | None:
    """`President Ode and President Ibe met`, the first name taken for a modifier of the second."""
    if token.ent_type_ != "PERSON":
        return None
    before = [child for child in token.lefts if child.dep_ in ("nmod", "compound")]
    before += [word for child in before for word in child.lefts if word.dep_ == "nmod"]
    names = (word for word in before if word.ent_type_ == "PERSON" and any(one.dep_ == "cc" for one in word.children))
    return next(names, None)


def is_plural(token: Token) -> bool:
    """True for a plural or coordinated subject, which can meet by itself (`the two leaders`, `A and B`)."""
    return bool(
        token.tag_ in ("NNS", "NNPS")
        or token.conjuncts
        or (token.lower_ in ("they", "we", "both", "them", "us") and token.text != "US")
        or (token.pos_ == "NUM")
        or joined_before(token) is not None
        or any(child.dep_ == "appos" and goes_on_list(child) for child in token.rights)  # `Peru, Chile and Spain`
    )
