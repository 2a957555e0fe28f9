"""Where on the map a place of a sentence lies: by its name, and by what the words around it say of its country or town."""

import dataclasses
import re
from collections.abc import Iterator

from schemas.event import Place
from transforms.events.gazetteer import (
    UNKNOWN,
    Coded,
    capital_of,
    country_code,
    division_country,
    geocode,
    is_region,
    region_codes,
    town_in,
    towns_of,
    us_states,
)
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import find_demonym
from transforms.events.nations import nation_of

_NAME = r"[A-Z][\w.’-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.’-]*){0,3}"
_BEHIND = re.compile(rf"(?:['’]s)?\s*(?:,|\(|\b(?:in|of|near|outside)\b)\s*(?:the\s+)?({_NAME}(?:\s+capital)?)")
_OWNER = re.compile(rf"({_NAME})['’]s\s+(?:[\w-]+\s+){{0,2}}(?:of\s+)?$")
_INSIDE = re.compile(r"\s(?:in|near|of)\s+(?:the\s+)?")


def locate_place(place: Place, sentence: str) -> Place:
    """Gives a place of a sentence its country and coordinates; what stays ambiguous there stays unknown.

    A town takes the country or state told behind it (`Paris, Texas`) or before it (`the Lebanese city of Tripoli`), a building or a
    stretch of land those of the town or country that it is said to be in (`the palace in Amman`).
    """
    country, lat, lon = locate(place.name, sentence)
    return dataclasses.replace(place, country=country, lat=lat, lon=lon)


def locate(name: str, sentence: str) -> Coded:
    """ISO 3166-1 alpha-3 and coordinates (WGS 84 degrees) of a place named in a sentence, each None where unknown."""
    if country_code(name) is not None:
        return geocode(name)
    if is_region(name) or {"border", "frontier"} & set(name.split()):
        return UNKNOWN  # of two countries or more
    plain = _strip_lands(name)
    told = [code for phrase in _told(name, sentence) for code in _codes(phrase)]
    for code in told:
        if town_in(plain, code) != UNKNOWN:
            return town_in(plain, code)
    alone = geocode(name) if geocode(name) != UNKNOWN else geocode(plain)
    if alone[1] is not None and alone[0] == "USA":
        return _in_named_state(plain, sentence) or alone
    if alone != UNKNOWN:
        return alone
    return _among(plain, sentence) or _in_named_state(plain, sentence) or _around(name, sentence, told) or UNKNOWN


def _strip_lands(name: str) -> str:
    """`Idlib province` -> Idlib, `Syria's Idlib` -> Idlib, `city of Lyon` -> Lyon."""
    lands = read_lexicon("places")["lands"]
    words = re.split(r"['’]s\s+", name)[-1].split()
    while len(words) > 1 and words[-1].lower() in lands:
        words.pop()
    while len(words) > 2 and words[0].lower() in (*lands, "of", "the"):
        words.pop(0)
    return " ".join(words)


def _told(name: str, sentence: str) -> Iterator[str]:
    """The names right behind and before a place that may say where it lies, the nearest first; a name inside it before these."""
    if re.search(r"['’]s\s", name):
        yield re.split(r"['’]s\s", name)[0]
    inner = _INSIDE.split(name)
    if len(inner) > 1:
        yield inner[-1]
    at = sentence.find(name)
    if at < 0:
        return
    behind, before = sentence[at + len(name) :], sentence[:at]
    for _ in range(2):  # `the palace in Paris, Texas`
        found = _BEHIND.match(behind)
        if found is None:
            break
        yield found.group(1)
        behind = behind[found.end() :]
    owner = _OWNER.search(before)
    if owner is not None:
        yield owner.group(1)
    words = before.split()[-5:]
    lands = read_lexicon("places")["lands"] + read_lexicon("places")["settlements"]
    if words and words[-1].lower() == "of":
        words.pop()
    if words and words[-1].lower() in lands:
        yield from (word for word in words[:-1] if word[0].isupper())


def _codes(phrase: str) -> list[str]:
    """Countries and states that the beginning of a phrase names."""
    words = phrase.split()
    for length in range(len(words), 0, -1):
        first = " ".join(words[:length]).removesuffix("'s").removesuffix("’s").rstrip(",")
        full = read_lexicon("places")["states"].get(first, first.rstrip("."))
        demonym = find_demonym(full)
        codes = region_codes(full) or ([demonym.code] if demonym and demonym.code else [])
        if codes:
            return codes
    return []


def _among(name: str, sentence: str) -> Coded | None:
    """A town that several countries have, where the sentence names one of these."""
    fits = [code for code in towns_of(name) if code in _nations(sentence)]
    return town_in(name, fits[0]) if len(fits) == 1 else None


def _in_named_state(name: str, sentence: str) -> Coded | None:
    """`the Maine senator spoke in Portland`: a town of the one state of the United States that the sentence names."""
    named = [state for state in us_states() if re.search(rf"\b{state}\b", sentence) and state not in name]
    found = [town_in(name, code) for state in named for code in region_codes(state)]
    towns = [town for town in found if town != UNKNOWN]
    return towns[0] if len(towns) == 1 else None


def _nations(sentence: str) -> set[str]:
    found = (nation_of(phrase) for phrase in re.findall(r"[A-Z][\w.’-]*(?:\s+[A-Z][\w.’-]*)*", sentence))
    return {code for code in found if code is not None}


def _around(name: str, sentence: str, told: list[str]) -> Coded | None:
    """What has no entry of its own: a building by its town, a province by its country."""
    for phrase in (name, *_told(name, sentence)):
        words = phrase.split()
        for length in range(len(words), 0, -1):
            found = _point(" ".join(words[:length]), told) if phrase != name or length == len(words) else UNKNOWN
            if found[1] is not None:
                return found
    if told:
        return ("USA" if told[0].startswith("US-") else told[0]), None, None
    plain = _strip_lands(name)
    division = division_country(plain)
    if division is not None and {division} >= set(towns_of(plain)):
        return division, None, None
    town, nation = _by_its_town(name), nation_of(name)
    return town or ((nation, None, None) if nation is not None else None)


def _point(phrase: str, told: list[str]) -> Coded:
    """A town by its name, in one of the countries that the sentence tells for it, or a country's capital."""
    nation = nation_of(phrase) if phrase.split()[-1:] == ["capital"] else None
    if nation is not None:
        return capital_of(nation)
    within = (town_in(phrase, code) for code in told)
    return next((town for town in within if town != UNKNOWN), geocode(phrase))


def _by_its_town(name: str) -> Coded | None:
    """`Manchester Arena`, `Orlando night club`: a building named after its town."""
    words = name.split()
    if len(words) < 2 or words[-1].lower() not in read_lexicon("places")["facilities"]:
        return None
    towns = (geocode(" ".join(words[:length])) for length in range(len(words) - 1, 0, -1))
    return next((town for town in towns if town[1] is not None), None)
