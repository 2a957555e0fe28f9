"""Names of those who trade: countries, blocs, regions and sectors, told apart from companies, goods and times."""

import re

import pycountry
from spacy.tokens import Token

from schemas.event import Actor
from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import Country, find_country, find_demonym
from transforms.events.trade_flows import words

# A party that stands for one named elsewhere: the article's country is it.
_NAMELESS = frozenset(
    {"country", "nation", "kingdom", "republic", "state", "government", "region", "territory", "island", "economy"}
)


# Legal forms and tickers of firms.
_FIRM = re.compile(r"\b(?:Co|Corp|Inc|Ltd|Plc|PLC|AG|NV|SpA|GmbH|LLC)\b\.?(?!\w)|<[A-Z]{2,5}(?:\.[A-Z]{1,2})?>")


def tells_of_firm(text: str) -> bool:
    """Whether an article begins with a firm by its legal form or ticker: its exports are the firm's."""
    return _FIRM.search(text[:250]) is not None


def short_name(found: Country, text: str) -> str:
    """A country's short name; of `Georgian`, which no state shares in trade, the name that Georgia has in ISO 3166."""
    entry = pycountry.countries.get(alpha_3=found.code) if found.name is None and found.code else None
    return found.name or (str(entry.name) if entry is not None else text)


def demonym_of(token: Token, role: str) -> Actor | None:
    """The country of a demonym, or of a country's name before a noun."""
    found = find_demonym(token.text) or (
        find_country(token.text) if token.dep_ in ("compound", "amod", "nmod") else None
    )
    return Actor(short_name(found, token.text), role, token.text, "country", found.code) if found else None


def nation_of(noun: Token, role: str) -> Actor | None:
    """A noun that is a country's name by itself or with its compounds."""
    left = [c for c in noun.lefts if c.dep_ in ("compound", "amod") and c.i >= noun.i - 3]
    span = noun.doc[(left[0].i if left else noun.i) : noun.i + 1]
    found = find_country(span.text) or (find_country(noun.text) if noun.pos_ == "PROPN" else None)
    return Actor(found.name or span.text, role, span.text, "country", found.code) if found else None


def find_party(token: Token, role: str, context: Context) -> Actor | None:
    """A country, bloc, region or sector; None for companies, goods, times and what names nobody."""
    nation = nation_of(token, role) or demonym_of(token, role)
    if nation is not None:
        return nation
    if is_time(token, context):
        return None
    for child in token.lefts:
        found = demonym_of(child, role)
        if found and token.lower_ in (
            "destinations",
            "destination",
            "market",
            "markets",
            "ports",
            "buyers",
            "side",
            "government",
            "officials",
            "economy",
        ):
            return found
    actor = context.names.actor(token, role)
    if actor is None:
        return None
    if (
        actor.type == "country"
        or actor.name in words("blocs")
        or any(b in actor.name for b in words("blocs") if len(b) > 3)
    ):
        return actor
    if token.pos_ == "PRON" or actor.name.lower() in _NAMELESS:
        return None
    if token.lemma_.lower() in words("regions") or token.ent_type_ in ("GPE", "LOC", "NORP"):
        return actor
    return None


def is_company(token: Token, context: Context) -> bool:
    """Whether a noun names a company or another single seller, whose exports are its sales."""
    if token.lemma_.lower() in (
        "company",
        "firm",
        "group",
        "maker",
        "producer",
        "manufacturer",
        "refinery",
        "plant",
        "unit",
        "subsidiary",
    ):
        return True
    if token.pos_ == "PROPN" and _FIRM.search("".join(t.text_with_ws for t in token.subtree)):
        return True
    actor = context.names.actor(token, "reporter")
    if actor is None or actor.name.lower() in _NAMELESS:
        return False
    return actor.type == "organisation" and not is_authority(actor.name)


def is_authority(name: str) -> bool:
    """Whether a body counts or represents trade rather than selling: ministries, statistics offices, blocs."""
    return name in words("blocs") or bool(re.search(read_lexicon("trade")["authorities"], name, re.IGNORECASE))


def is_time(token: Token, context: Context) -> bool:
    """Whether a word is part of a time."""
    return bool(context.times.in_span(token.idx, token.idx + len(token))) or token.ent_type_ in ("DATE", "TIME")


def as_role(actor: Actor, role: str) -> Actor:
    """The same party in another role."""
    return Actor(actor.name, role, actor.mention, actor.type, actor.country, actor.actor_id)
