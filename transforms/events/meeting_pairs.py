"""Whom `their`, `the two leaders` and `both` mean in a meeting: those named together shortly before."""

import dataclasses
import re
from collections.abc import Sequence

from spacy.tokens import Token

from schemas.event import Actor
from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.meeting_parties import split_pair
from transforms.events.meeting_repeats import UNTOLD
from transforms.events.phrases import conjuncts, phrase_country

OF_MEETINGS = re.compile(
    r"^(?:emergency|annual|regular|routine|special|extraordinary|informal|latest|next|recent|upcoming) "
)
NEAR = 80  # tokens: about three sentences
PLURAL = frozenset({"they", "them", "their", "both"})


def actors_of(token: Token, role: str, context: Context, others: Sequence[Token] = ()) -> list[Actor]:
    """The parties that a word stands for; words for two that say no name are those named together before them.

    Args:
        token: head of the phrase.
        role: role of the actors.
        context: the article.
        others: heads of the other parties, whom the word does not mean.
    """
    countries = split_pair(token)
    if countries:
        return [Actor(c.name, role, token.text, "country", c.code) for c in countries if c.name]
    apposed = _apposed(token, role, context)
    if apposed:
        return apposed
    if token.lemma_.lower() == "counterpart":
        other = _counterpart(token, role, context)
        if other is not None:
            return [other]
    if _means_several(token):
        pair = _coordinated_before(token, role, context, others)
        if pair:
            return pair
        if token.lower_ in PLURAL:
            known = [actor for actor in context.names.actors(token, role) if actor.type is not None]
            return known or [Actor(UNTOLD, role, None, "group")]
    found = [_without_topic(actor) for actor in context.names.actors(token, role)]
    # `the candidates or the feud between them`: what is joined to somebody may be no party
    return [one for at, one in enumerate(found) if at == 0 or one.type is not None or one.name[:1].isupper()]


def _apposed(token: Token, role: str, context: Context) -> list[Actor]:
    """`the two ministers, Ann Ode and Bo Ibe,`: those named behind the plural."""
    if token.tag_ != "NNS":
        return []
    for child in token.children:
        if child.dep_ != "appos":
            continue
        members = list(conjuncts(child))
        named = [context.names.referent(one) for one in members]
        fits = [one for one, known in zip(members, named, strict=True) if known is not None and known.named]
        if len(fits) > 1 and all(known is None or known.kind != "country" for known in named):
            return [actor for one in fits if (actor := context.names.actor(one, role)) is not None]
    return []


def _counterpart(token: Token, role: str, context: Context) -> Actor | None:
    """`his Turkish counterpart`: the one person of that country whom the article gives an office."""
    code = phrase_country(token)
    known = context.names.referent(token)
    if code is None or token.tag_ != "NN" or (known is not None and known.named):
        return None
    officials = {*read_lexicon("meeting")["travellers"], "counterpart"}
    fits = [
        one
        for one in context.names.referents
        if one.named and one.kind == "person" and one.country == code and officials & one.words
    ]
    return Actor(fits[0].name, role, token.text, "person", code) if len(fits) == 1 else None


def _means_several(token: Token) -> bool:
    if token.lower_ in PLURAL or (token.lower_ in ("sides", "parties") and not list(token.rights)):
        return True
    counted = any(child.lower_ in ("two", "both") for child in token.lefts)
    named = any(child.dep_ in ("amod", "compound", "poss") and child.ent_type_ for child in token.lefts)
    of = any(child.dep_ == "prep" and child.lower_ in ("of", "from") for child in token.rights)
    return token.tag_ == "NNS" and counted and not named and not of


def _coordinated_before(token: Token, role: str, context: Context, others: Sequence[Token]) -> list[Actor]:
    """The nearest coordination of named parties before a word: in its sentence, else of two people shortly before it."""
    start = token.sent.start
    earliest = max(0, token.i - NEAR)
    for head in reversed(list(token.doc[earliest : token.i])):
        if head.dep_ == "conj" or head in others or not any(child.dep_ == "conj" for child in head.children):
            continue
        members = [_owner(one, context) for one in conjuncts(head) if one.i < token.i]
        named = [context.names.referent(one) for one in members]
        people = all(one is not None and (one.named or one.kind == "person") for one in named)
        two = len(members) == 2 and all(one is not None and one.kind == "person" for one in named)
        if len(members) > 1 and people and (two or head.i >= start):
            return [actor for one in members if (actor := context.names.actor(one, role)) is not None]
    return []


def _owner(member: Token, context: Context) -> Token:
    """`Ann Ode and Bo Ibe's gestures`, where only the owner is somebody."""
    referent = context.names.referent(member)
    owner = next((child for child in member.lefts if child.dep_ == "poss"), None)
    return owner if owner is not None and (referent is None or not referent.named) else member


def _without_topic(actor: Actor) -> Actor:
    """`companies on the purchase`, where only the talks are on something; `an emergency ministers' meeting`."""
    name = OF_MEETINGS.sub("", re.sub(r"^than (?:a |an )?(?:dozens? |hundreds? |half-dozen )?", "", actor.name))
    head, _, rest = name.partition(" on ")
    name = head if rest and head[:1].islower() else name
    return dataclasses.replace(actor, name=name) if name and name != actor.name else actor
