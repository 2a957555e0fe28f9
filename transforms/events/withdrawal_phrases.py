"""How a withdrawal's object and source are written: the phrase around a head, and what `the country` stands for."""

from collections.abc import Collection

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.name_lists import find_country
from transforms.events.parties import is_party
from transforms.events.withdrawal_kinds import classify, whole_of

_CAUSES = frozenset({"reason", "purpose", "cause", "year", "month", "week", "lack", "fear", "now"})
_SETTINGS = frozenset({"eve", "day", "basis", "ground", "condition", "effect", "injury", "view", "regret"})
_LINKS = frozenset({"of", "for", "on", "to", "with", "against"})
_LONGEST = 9  # tokens of a complement behind its noun
VAGUE = frozenset({"country", "it", "bloc", "nation", "company", "organisation", "organization", "them", "him", "her"})


def land_before(token: Token, context: Context, others: Collection[str] = ()) -> str:
    """The country that `the country` stands for: the last one named before it, in its sentence or the one before.

    Args:
        token: head of the phrase.
        context: the article.
        others: names of places that it does not mean.
    """
    doc, floor = token.doc, token.sent.start
    floor = doc[floor - 1].sent.start if floor else floor
    for i in range(token.i - 1, floor - 1, -1):
        if doc[i].pos_ != "PROPN" or doc[i].dep_ in ("amod", "compound"):
            continue
        named = context.names.named_at(i)
        name = named.name if named is not None and named.kind == "country" else doc[i].text
        if name not in others and find_country(name):
            return name
    return token.text


def _complement_end(token: Token, end: int) -> int:
    """Where the phrase ends with its complement: `of …`, `on …`, `for …`, `to sell …`; its own end without one."""
    doc = token.doc
    prep = doc[end] if end < len(doc) else None
    if prep is not None and prep.lower_ in _LINKS and prep.pos_ == "ADP":
        own = prep.head == token
        taken = classify(token) in ("proposal", "support", "agreement", "talks", "market") and prep.head.pos_ == "VERB"
        noun = next((c for c in prep.children if c.dep_ == "pobj"), None)
        if noun is not None and (own or taken) and not _is_adjunct(prep, noun):
            return _phrase_end(noun)
    for child in token.rights:
        if child.dep_ == "acl" and any(c.tag_ == "TO" for c in child.children) and child.right_edge.i - token.i <= 14:
            return child.right_edge.i + 1  # "offers to sell …"
    return end


def _is_adjunct(prep: Token, noun: Token) -> bool:
    """`the bill on Monday`, `his support for now`: when and why, not what."""
    if noun.ent_type_ in ("DATE", "TIME") or (prep.lower_ == "for" and noun.lemma_.lower() in _CAUSES):
        return True
    return prep.lower_ in ("on", "with") and noun.lemma_.lower() in _SETTINGS


def _phrase_end(noun: Token) -> int:
    """The end of a complement with what is joined to it, without clauses and what stands behind a comma."""
    doc, last = noun.doc, noun.right_edge.i
    inner = [
        child
        for child in noun.subtree
        if child.i > noun.i
        and (
            child.dep_ in ("relcl", "advcl", "appos")
            or (child.dep_ == "prep" and child.lower_ == "from")
            or (child.dep_ == "acl" and not any(c.tag_ == "TO" for c in child.lefts))
        )
    ]
    last = min([last, *(child.left_edge.i - 1 for child in inner)])
    comma = next((i for i in range(noun.i, last + 1) if doc[i].text in (",", ";", "--", "(", ")")), last + 1)
    end = min(comma, last + 1)
    return end if end - noun.i <= _LONGEST else noun.i + 1


def describe(token: Token | None, context: Context) -> str | None:
    """A phrase as the text has it, from its first modifier to its head and an `of` phrase, without determiner.

    A pronoun or a bare `the country` is replaced by the name that it stands for.
    """
    if token is None:
        return None
    doc, whole = token.doc, whole_of(token)
    if whole != token and token.pos_ in ("PRON", "DET"):
        return describe(whole, context)  # `some of its troops`
    if token.pos_ == "PRON" or (
        token.lemma_.lower() in VAGUE
        and not any(c.dep_ in ("amod", "compound", "poss", "prep") for c in token.children)
    ):
        actor = context.names.actor(token, "source")
        if token.lower_ == "country" and (actor is None or actor.name.lower() == "country"):
            return land_before(token, context)
        return actor.name if actor is not None else None
    if token.ent_type_ == "PERSON" and is_party(token):
        actor = context.names.actor(token, "source")
        if actor is not None:
            return actor.name
    start, end = token.left_edge.i, token.i + 1
    while start < token.i and (
        doc[start].pos_ in ("DET", "PUNCT", "SPACE", "CCONJ")
        or (doc[start].dep_ == "poss" and doc[start].pos_ == "PRON")
    ):
        start += 1
    if token.tag_ == "VBG":
        start, end = token.i, token.right_edge.i + 1
    end = max(end, _complement_end(token, end))
    comma = next((i for i in range(token.i + 1, end) if doc[i].text in (",", ";", "--")), None)
    end = comma if comma is not None and token.tag_ != "VBG" else end
    # hard wraps of old wire copy are no part of a phrase
    return " ".join(context.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])].split())
