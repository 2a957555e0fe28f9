"""What sort of withdrawal it is, and how its object and source are written."""

import functools
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.gazetteer import geocode
from transforms.events.lexicon import read_lexicon
from transforms.events.parties import is_party

FINAL = {
    "job": "post",
    "diplomat": "other",
    "talks": "other",
    "membership": "organisation",
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
VAGUE = frozenset({"country", "it", "bloc", "nation", "company", "organisation", "organization", "them", "him", "her"})


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
    if token.lemma_.lower() in PARTITIVE:
        whole = next(
            (c for prep in token.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj"), None
        )
        if whole is not None:
            return classify(whole)
    if token.lemma_.lower() in ("bid", "nomination") and _is_run(token):
        return "candidacy"
    for key in (token.lemma_.lower(), token.lower_):
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


def _is_company(token: Token, context: Context) -> bool:
    if token.pos_ == "PRON":
        actor = context.names.actor(token, "withdrawer")
        return actor is not None and actor.type == "organisation"
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
    if thing is None and actor is not None and is_military(actor, context):
        return "military"
    only = spec.get("only", ())
    for token in (thing, source):
        kind = classify(token) if token is not None else None
        if kind == "territory" and token == source:
            return _leaves_land(actor, thing, context)
        if kind == "organisation" and token == thing:
            continue
        if kind == "organisation" and token is not None and actor is not None and _is_employed(actor, token):
            return "post"
        if kind == "diplomat" and token is not None and token.lemma_.lower() in ENVOYS:
            return "post"
        if kind is not None and (not only or kind in only or token == source):
            return FINAL.get(kind, kind)
    company = actor is not None and _is_company(actor, context)
    if "default" not in spec and company and (thing is not None or source is not None):
        return "business"
    if source is None and actor is not None and (actor.ent_type_ == "PERSON" or actor.pos_ == "PRON"):
        return str(spec.get("person_default", spec.get("default", "other")))
    return str(spec.get("default", "other"))


def _is_employed(actor: Token, source: Token) -> bool:
    """A person leaves an administration or a firm as a post; a party, a union or an alliance as a member."""
    clubs = read_lexicon("withdrawal")["memberships"]
    return actor.ent_type_ == "PERSON" and source.lemma_.lower() not in clubs


def _leaves_land(actor: Token | None, thing: Token | None, context: Context) -> str:
    """Who leaves a country or town: a company its market, a state or an army the field, anybody else just goes."""
    if actor is not None and _is_company(actor, context):
        return "business"
    if thing is not None:
        return "other"
    state = actor is None or actor.ent_type_ in ("GPE", "NORP") or classify(actor) in ("military", "territory")
    return "military" if state else "other"


def describe(token: Token | None, context: Context) -> str | None:
    """A phrase as the text has it, from its first modifier to its head and an `of` phrase, without determiner.

    A pronoun or a bare `the country` is replaced by the name that it stands for.
    """
    if token is None:
        return None
    doc = token.doc
    if token.pos_ == "PRON" or (
        token.lemma_.lower() in VAGUE
        and not any(c.dep_ in ("amod", "compound", "poss", "prep") for c in token.children)
    ):
        actor = context.names.actor(token, "source")
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
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for", "on", "to") and child.i == end:
            noun = next((c for c in child.children if c.dep_ == "pobj"), None)
            if (
                child.lower_ == "on"
                and noun is not None
                and noun.lemma_.lower() in ("eve", "day", "basis", "ground", "condition")
            ):
                continue
            if noun is not None and noun.ent_type_ not in ("DATE", "TIME"):
                end = noun.i + 1
                break
        elif child.dep_ == "acl" and any(c.tag_ == "TO" for c in child.children) and child.right_edge.i - token.i <= 10:
            end = child.right_edge.i + 1  # "offers to sell …"
    comma = next((i for i in range(token.i + 1, end) if doc[i].text in (",", ";", "--")), None)
    end = comma if comma is not None and token.tag_ != "VBG" else end
    # hard wraps of old wire copy are no part of a phrase
    return " ".join(context.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])].split())


def is_role(noun: Token) -> bool:
    """True for what one can resign as: a post, or a noun for people."""
    return classify(noun) == "post" or noun.lemma_.lower() in read_lexicon("parties")["people"]


def own_role(token: Token, context: Context) -> str | None:
    """The post that the actor is named by: `the political director of the committee resigned`."""
    roles = read_lexicon("withdrawal")["roles"]
    if token.pos_ != "NOUN" or token.tag_ != "NN" or token.lemma_.lower() not in roles:
        return None
    return describe(token, context)


def role_before(token: Token) -> str | None:
    """The title in front of a person's name: `Prime Minister` of `Prime Minister Bettino Craxi`."""
    if token.ent_type_ != "PERSON" and token.pos_ != "PROPN":
        return None
    titles = [c for c in token.lefts if c.dep_ in ("compound", "nmod", "amod") and c.ent_type_ != "PERSON"]
    roles = read_lexicon("parties")["people"]
    candidates = ("nominee", "candidate", "contender", "rival", "hopeful")
    titles = [c for c in titles if c.lower_ not in candidates]
    last = next((c for c in reversed(titles) if c.lemma_.lower() in roles), None)
    if last is None:
        return None
    start = last
    while (
        start.i > 0
        and start.nbor(-1).dep_ in ("compound", "amod", "nmod")
        and start.nbor(-1).pos_ in ("NOUN", "PROPN", "ADJ")
        and start.nbor(-1).ent_type_ in ("", "ORG", "NORP")
    ):
        start = start.nbor(-1)
    return token.doc[start.i : last.i + 1].text
