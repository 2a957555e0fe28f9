"""What sort of withdrawal it is, told by the words for who leaves, what is taken out and what is left."""

import functools
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.gazetteer import geocode
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import find_country

FINAL = {
    "job": "post",
    "diplomat": "other",
    "talks": "other",
    "membership": "organisation",
    "chamber": "other",
    "fixture": "other",
    "market": "business",
    "territory": "other",
}
ELECTIONS = frozenset(
    {
        "presidential",
        "election",
        "re-election",
        "reelection",
        "senate",
        "gubernatorial",
        "mayoral",
        "leadership",
        "congressional",
    }
)
ENVOYS = frozenset({"ambassador", "envoy", "diplomat", "consul", "attache", "attaché", "nuncio"})
PARTITIVE = frozenset(
    {
        "part",
        "rest",
        "bulk",
        "most",
        "some",
        "all",
        "number",
        "half",
        "remainder",
        "third",
        "thousand",
        "hundred",
        "majority",
        "last",
        "many",
        "few",
    }
)
_PERSONS = frozenset({"he", "she", "i", "who", "his", "her", "him"})


@functools.cache
def _heads() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for label, words in read_lexicon("withdrawal")["categories"].items():
        for word in words:
            table.setdefault(word, label)
    return table


def classify(token: Token) -> str | None:
    """The list of `categories` that a phrase's head belongs to; `territory` for places, None for anything else."""
    heads = _heads()
    whole = whole_of(token)
    if whole != token:
        return classify(whole)
    if token.lemma_.lower() in ("bid", "nomination") and _is_run(token):
        return "candidacy"
    if token.lower_ == "unit" and not any(_is_of_forces(c) for c in token.lefts):
        return None  # a firm's
    for key in (token.lemma_.lower(), token.lower_, token.lower_.replace(".", "")):
        if key in heads:
            return heads[key]
    if token.lemma_.lower() == "campaign" and _is_election(token):
        return "candidacy"
    if token.ent_type_ == "ORG":
        return "organisation"
    if token.ent_type_ in ("GPE", "LOC", "FAC"):
        return "territory"
    if token.pos_ == "PROPN" and geocode(token.text)[0] is not None:
        return "territory"
    return None


def _is_of_forces(word: Token) -> bool:
    return _heads().get(word.lemma_.lower()) == "military" or word.ent_type_ in ("NORP", "GPE")


def whole_of(token: Token) -> Token:
    """The noun behind a share of it: `rivals` of `some of his rivals`; the word itself where it is no share."""
    if token.lemma_.lower() not in PARTITIVE and token.pos_ != "NUM":
        return token
    return next((c for prep in token.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj"), token)


def is_military(token: Token, context: Context) -> bool:
    """True for troops, guards and their like, also where a pronoun stands for them."""
    if token.pos_ != "PRON":
        return classify(token) == "military"
    if token.lower_ not in ("they", "them", "their"):
        return False
    actor = context.names.actor(token, "withdrawer")
    words = actor.name.lower().split() if actor is not None else []
    return bool(words) and any(_heads().get(form) == "military" for form in (words[-1], words[-1].removesuffix("s")))


def is_hardware(token: Token) -> bool:
    """True for aircraft, ships and tanks, which leave many a place without being withdrawn."""
    return token.lemma_.lower() in read_lexicon("withdrawal")["hardware"]


def is_person(token: Token) -> bool:
    """False for states, bodies and sides, which do not hold a post."""
    return (
        token.ent_type_ not in ("GPE", "LOC", "FAC", "NORP")
        and token.lemma_.lower() not in read_lexicon("parties")["bodies"]
    )


def is_company(token: Token, context: Context) -> bool:
    """True for a firm by name, noun or pronoun; states, parties and unions are none."""
    if token.pos_ == "PRON":
        actor = context.names.actor(token, "withdrawer")
        return actor is not None and actor.type == "organisation"
    known = context.names.referent(token)
    if find_country(token.text) is not None or (
        known is not None and known.kind == "person" and token.ent_type_ != "ORG"
    ):
        return False
    return token.ent_type_ == "ORG" or token.lemma_.lower() in read_lexicon("withdrawal")["companies"]


def _is_run(noun: Token) -> bool:
    """`his presidential bid`, `withdrew from the nomination`; a company's bid is a proposal."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "from":
        return True
    office = (
        "house",
        "presidency",
        "office",
        "seat",
        "senate",
        "congress",
        "governor",
        "president",
        "mayor",
        "leadership",
        "re-election",
        "reelection",
    )
    return (
        bool({word.lower_ for word in noun.lefts} & ELECTIONS)
        or any(word.lower_ in office for word in noun.subtree if word.i > noun.i)
        or any(word.dep_ == "poss" and word.lower_ in ("his", "her") for word in noun.lefts)
    )


def _is_election(campaign: Token) -> bool:
    """`his campaign`, `the presidential campaign`, not a military one."""
    words = {word.lower_ for word in campaign.lefts}
    return bool(words & ELECTIONS) or any(word.dep_ == "poss" and word.pos_ == "PRON" for word in campaign.lefts)


def categorize(
    spec: Mapping[str, Any], actor: Token | None, thing: Token | None, source: Token | None, context: Context
) -> str:
    """One of the guidelines' categories, from the verb's own, else from what is withdrawn, from where and by whom."""
    if spec.get("category"):
        return str(spec["category"])
    if spec.get("only") == ["military"]:
        return "military"
    if thing is None and actor is not None and is_military(actor, context) and spec.get("default") != "post":
        return "military"
    if source is not None and "ties" in spec.get("only", ()):
        return "business" if actor is not None and is_company(actor, context) else "other"
    if thing is None and source is None and actor is not None and classify(actor) == "post":
        return "post"  # "the exit of two ministers"
    found = _category_of(thing, actor, context, thing=True) if thing is not None else None
    if source is not None and found in (None, "organisation", "other"):
        if classify(source) == "territory":
            return _leaves_land(actor, thing, context)
        found = _category_of(source, actor, context, thing=False) or found
    if found is not None:
        return found
    if actor is not None and actor.ent_type_ == "GPE" and source is not None and _is_body(source):
        return "organisation"  # "Peru withdrew from the World Bank"
    company = actor is not None and is_company(actor, context)
    if "default" not in spec and company:
        return "business"
    people = read_lexicon("parties")["people"]
    if (
        source is None
        and thing is None
        and actor is not None
        and (is_somebody(actor, context) or whole_of(actor).lemma_.lower() in people)
    ):
        chosen = str(spec.get("person_default", spec.get("default", "other")))
        sport = tells(context, "sports") and not tells(context, "elections")
        return "other" if chosen == "candidacy" and sport else chosen
    return str(spec.get("default", "other"))


def _category_of(token: Token, actor: Token | None, context: Context, *, thing: bool) -> str | None:
    """The category that a thing or a source tells, None where it tells none."""
    kind = classify(token)
    employed = token.dep_ != "poss" and not thing and token.lemma_.lower() in read_lexicon("withdrawal")["employers"]
    if kind in (None, "military") and employed and actor is not None and is_somebody(actor, context):
        return "post"
    if kind == "organisation" and actor is not None and _is_employed(actor, token, context):
        return "post"
    if (
        kind == "organisation"
        and token.lemma_.lower() not in _heads()
        and actor is not None
        and is_company(actor, context)
    ):
        return "business"  # one firm leaves another
    if kind == "diplomat" and token.lemma_.lower() in ENVOYS:
        return "post"
    if kind == "candidacy" and tells(context, "sports") and not tells(context, "elections"):
        return "other"  # a race on a track
    if kind == "ties":
        return None
    return FINAL.get(kind, kind) if kind is not None else None


def _is_body(noun: Token) -> bool:
    return noun.lemma_.lower() in read_lexicon("parties")["bodies"]


def tells(context: Context, field: str) -> bool:
    """Whether the article speaks of elections, or of sports, so that a race or a bare withdrawal is one of theirs."""
    words = read_lexicon("withdrawal")[field]
    return any(token.lemma_.lower() in words for token in context.doc)


def is_somebody(token: Token, context: Context) -> bool:
    """A person by name, by pronoun, or by the post that he holds."""
    found = context.names.referent(token)
    if found is not None and found.kind is not None and (found.named or token.pos_ == "PRON"):
        return found.kind == "person"
    if token.pos_ == "PRON":
        return token.lower_ in _PERSONS
    return (
        token.ent_type_ == "PERSON"
        or token.lemma_.lower() in read_lexicon("withdrawal")["roles"]
        or any(child.dep_ == "appos" and child.ent_type_ == "PERSON" for child in token.children)
    )


def _is_employed(actor: Token, source: Token, context: Context) -> bool:
    """A person leaves an administration or a firm as a post; a party, a union or an alliance as a member."""
    clubs = read_lexicon("withdrawal")["memberships"]
    return source.lemma_.lower().replace(".", "") not in clubs and is_somebody(actor, context)


def _leaves_land(actor: Token | None, thing: Token | None, context: Context) -> str:
    """Who leaves a country or town: a company its market, a state or an army the field, anybody else just goes."""
    if actor is not None and is_company(actor, context):
        return "business"
    if thing is not None:
        return "other"
    state = (
        actor is None
        or actor.ent_type_ in ("GPE", "NORP")
        or classify(actor) in ("military", "territory")
        or actor.lemma_.lower() in ("government", "administration")
    )
    return "military" if state else "other"
