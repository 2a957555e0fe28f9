"""What kind of party an actor is and which country it is of, told by its name once an event is put together."""

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Mapping
from importlib import resources

from schemas.event import Actor
from transforms.events.context import Context
from transforms.events.gazetteer import (
    country_code,
    division_country,
    geocode,
    is_country_name,
    is_region,
    us_states,
)
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import find_capital, find_country, find_demonym, find_seat, is_given_name, word_set
from transforms.events.nations import nation_of

_KINDS = "actor_facts.kinds"
_HEAD_ENDS = re.compile(r"\s+(?:of|for|at|from|on|in|to|with|against|who|that)\s")
_OBJECT = re.compile(r"\s+(?:to|for|on|in|with|against|into|about|over)\s")
_ARMED = frozenset({"group", "movement", "militia", "faction", "network", "party", "organisation", "organization"})
_INITIALS = re.compile(r"(?:[A-Z]\.?){2,6}")


@functools.cache
def _shared_names() -> Mapping[str, list[tuple[str, re.Pattern[str]]]]:
    """Names that two countries share -> code and the words of an article that decide for it."""
    text = (resources.files("transforms.events") / "data" / "ambiguous_names.tsv").read_text(encoding="utf-8")
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, code, words = line.split("\t")
            table.setdefault(name, []).append((code, re.compile(rf"\b(?:{words})\b")))
    return table


def decide_name(name: str, text: str) -> str | None:
    """The country that an ambiguous name means in an article, None where the article doesn't tell.

    `Georgia` is GEO beside `Tbilisi` and USA beside `Atlanta`.
    """
    fits = [code for code, words in _shared_names().get(name, ()) if words.search(text)]
    return fits[0] if len(fits) == 1 else None


def note_kinds(context: Context) -> Mapping[str, str]:
    """What most mentions of the article take a name for, and `person` for each word of a person's name; kept for the article."""
    noted = context.memo.get(_KINDS)
    if isinstance(noted, dict):
        return noted
    votes: dict[str, Counter[str]] = {}
    for referent in context.names.referents:
        if referent.named and referent.kind in ("person", "organisation"):
            votes.setdefault(referent.name, Counter())[referent.kind] += len(referent.mentions)
    kinds = {
        name: counts.most_common(1)[0][0] for name, counts in votes.items() if len(set(counts.values())) == len(counts)
    }
    for name in [name for name, kind in kinds.items() if kind == "person" and " " in name]:
        if _is_named_body(name, context.text):
            kinds[name] = "organisation"
        else:
            kinds |= {word: "person" for word in name.split() if word not in votes}
    context.memo[_KINDS] = kinds
    return kinds


def _is_named_body(name: str, text: str) -> bool:
    """`the militant group al Norda`: a body by the noun right before its name, whatever the model takes the name for."""
    before = re.search(rf"\b([a-z]+) {re.escape(name)}(?!\w)", text)
    return (
        before is not None and before.group(1) in word_set("companies") | _ARMED and not is_given_name(name.split()[0])
    )


def settle_actor(actor: Actor, text: str, kinds: Mapping[str, str]) -> Actor:
    """Gives an actor the type and the country that its name tells.

    Args:
        actor: as its rule read it.
        text: the article.
        kinds: what other mentions of the article take a name for.
    """
    name, kind, country = actor.name, actor.type, actor.country
    known = find_country(name)
    code = country_code(name) or (known.code if known else None)
    if code is not None and kind != "person":
        return dataclasses.replace(actor, type="country" if _is_country(name) else "organisation", country=code)
    capital, seat = find_capital(name), find_seat(name)
    if seat is not None and kind != "person":
        return dataclasses.replace(actor, type="country" if capital else "organisation", country=seat.code)
    if kind == "country":
        kind, country = _settle_place(actor, text, kinds)
    elif find_demonym(name) is not None and kind == "group":
        kind = "person" if _is_one(actor) else "group"
    elif kind == "person" and _is_body(name):
        kind = "organisation"
    elif kind == "organisation" and name.lower() in word_set("people") - word_set("bodies"):
        kind = "person"  # `the King`
    elif kind in ("person", "organisation") and name in kinds:
        kind = kinds[name]
    kind = kind or _kind_of_words(name, kinds)
    if _deals_with_a_country(name):
        country = None
    elif country is None and (kind in ("organisation", "group") or _is_described(name, kind)):
        country = nation_of(_OBJECT.split(name)[0])
    return dataclasses.replace(actor, type=kind, country=country)


def _is_country(name: str) -> bool:
    """A country by its own name or a short one, or one of the United Kingdom's; not a part of a country (`Quebec`)."""
    known = find_country(name)
    other = name in word_set("short_names") | word_set("home_nations")
    return other or is_country_name(name) or (known is not None and known.name == name)


def _settle_place(actor: Actor, text: str, kinds: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Type and country of what the rules took for a country, as they do every place that acts."""
    name = actor.name
    if name in _shared_names():
        code = decide_name(name, text)
        return ("organisation" if code == "USA" else "country"), code
    if actor.country is not None or find_country(name) is not None:
        return "country", actor.country
    if is_region(name):
        return "group", None
    if name in read_lexicon("places")["common_seats"]:
        return "organisation", None
    if name in us_states():
        return "organisation", "USA"
    if name in kinds or name.lower() in word_set("people"):
        return kinds.get(name, "person"), None
    place, _, _ = geocode(name)
    if place is not None or division_country(name) is not None:
        return "organisation", place or division_country(name)
    return _kind_of_words(name, kinds), None


def _is_one(actor: Actor) -> bool:
    """`the Brit`, `an American`: one of a nation, not the nation."""
    first, _, last = (actor.mention or "").rpartition(" ")
    return first.lower() in ("the", "a", "an") and last == actor.name and not re.search(r"(?:s|sh|ch|ese)$", last)


def _is_body(name: str) -> bool:
    words = name.split()
    proper = len(words) > 1 and all(word[0].isupper() for word in words)
    return proper and words[-1].rstrip(".") in _endings() and not is_given_name(words[0])


def _is_described(name: str, kind: str | None) -> bool:
    """Somebody without a name: `White House official`."""
    return kind == "person" and (_head(name).islower() or _head(name).lower() in word_set("people"))


def _deals_with_a_country(name: str) -> bool:
    """`China expert`, `Syria envoys`: of what country they are isn't told."""
    words = _HEAD_ENDS.split(name, maxsplit=1)[0].split()
    observer = len(words) > 1 and words[-1].removesuffix("s") in read_lexicon("roles")["observers"]
    return observer and find_country(" ".join(words[:-1])) is not None and not words[-2].isupper()


def _head(name: str) -> str:
    words = _HEAD_ENDS.split(name, maxsplit=1)[0].split()
    return words[-1] if words else ""


def _kind_of_words(name: str, kinds: Mapping[str, str]) -> str | None:
    """person, organisation or group by the words of a name; None for writings and for names that tell nothing."""
    if name in kinds:
        return kinds[name]
    head = _head(name)
    word, one = head.lower(), _singular(head.lower())
    if {word, one} & word_set("documents"):
        return None
    if {word, one} & word_set("bodies") or head in _endings() or (_INITIALS.fullmatch(name) and len(name) > 1):
        return "organisation"
    if word in read_lexicon("roles")["crowds"] or word.endswith("%") or one in word_set("people") - {word}:
        return "group"
    return "person" if word in word_set("people") else None


def _singular(word: str) -> str:
    for ending, one in (("men", "man"), ("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + one
    return word


@functools.cache
def _endings() -> frozenset[str]:
    return frozenset(read_lexicon("roles")["body_endings"])
