"""What names and words tell on their own: countries, demonyms, seats of government, titles, roles, given names."""

import dataclasses
import functools
import unicodedata
from collections.abc import Mapping
from importlib import resources

from transforms.events.gazetteer import country_code
from transforms.events.lexicon import read_lexicon


@dataclasses.dataclass(frozen=True, slots=True)
class Country:
    """code: ISO 3166-1 alpha-3, None for a state that is no more; name: the short name, None where it is ambiguous."""

    code: str | None
    name: str | None


@functools.cache
def _rows() -> list[tuple[Country, list[str], list[str], list[str]]]:
    """Country, its demonyms, capitals and seats of power."""
    text = (resources.files("transforms.events") / "data" / "countries.tsv").read_text(encoding="utf-8")
    found = []
    for line in [line for line in text.splitlines() if line and not line.startswith("#")][1:]:
        code, name, *cells = line.split("\t")
        country = Country(None if code == "-" else code, None if name == "-" else name)
        demonyms, capitals, seats = ([word for word in cell.split(",") if word] for cell in cells)
        found.append((country, demonyms, capitals, seats))
    return found


@functools.cache
def _by_code() -> Mapping[str, Country]:
    return {country.code: country for country, *_ in _rows() if country.code}


@functools.cache
def _by_name() -> Mapping[str, Country]:
    return {country.name: country for country, *_ in _rows() if country.name}


def country_name(code: str) -> str | None:
    """The short name of a country by its ISO 3166-1 alpha-3 code."""
    known = _by_code().get(code)
    return known.name if known else None


@functools.cache
def _demonyms() -> Mapping[str, Country]:
    return {word: country for country, words, _, _ in _rows() for word in words}


@functools.cache
def _capitals() -> Mapping[str, Country]:
    return {capital: country for country, _, capitals, _ in _rows() for capital in capitals}


@functools.cache
def _seats() -> Mapping[str, Country]:
    return {seat: country for country, _, _, seats in _rows() for seat in seats}


@functools.lru_cache(maxsize=4096)
def find_country(name: str) -> Country | None:
    """Finds the country that a name names: `Russian Federation` -> Russia; None for other names and ambiguous ones."""
    name = name.removeprefix("the ").removeprefix("The ")
    known = _by_name().get(name)
    if known:
        return known
    code = country_code(name) if name[:1].isupper() else None
    return _by_code().get(code) if code else None


def find_demonym(word: str) -> Country | None:
    """Finds the country of a demonym or a country's adjective: `Armenian`, `Armenians` -> Armenia."""
    return _demonyms().get(word)


def find_seat(name: str) -> Country | None:
    """Finds the country whose government a capital or a seat of power stands for: `Kremlin` -> Russia."""
    name = name.removeprefix("the ").removeprefix("The ")
    return _seats().get(name) or _capitals().get(name)


def find_capital(name: str) -> Country | None:
    """Finds the country whose government a capital stands for: `Moscow` -> Russia; None for a seat of power (`Kremlin`)."""
    return _capitals().get(name)


@functools.cache
def word_set(name: str) -> frozenset[str]:
    """A list of roles.yaml as a set: people, bodies, companies, documents, male_titles, female_titles."""
    return frozenset(read_lexicon("roles")[name])


@functools.cache
def titles() -> Mapping[str, list[str]]:
    """Titles and forms of address, without their full stop -> the role words that they stand for."""
    return read_lexicon("roles")["titles"]


@functools.cache
def class_members(role: str) -> frozenset[str]:
    """The roles that a description by `role` may stand for, itself among them."""
    return frozenset(read_lexicon("roles")["person_classes"].get(role, ())) | {role}


@functools.cache
def _given_names() -> Mapping[str, str]:
    lists = read_lexicon("given_names")
    return {name: gender[0] for gender in ("female", "male") for name in lists[gender]}


@functools.cache
def _more_names() -> Mapping[str, tuple[str, bool]]:
    """The long list: name -> gender, and whether it is hardly ever anything but a given name."""
    text = (resources.files("transforms.events") / "data" / "given_names.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {name: (gender, sure == "yes") for name, gender, sure in rows}


def name_gender(name: str) -> str | None:
    """`m` or `f` by the given name; None for a single or unknown name."""
    parts = name.split()
    if len(parts) < 2:
        return None
    given = parts[0].split("-")[0]
    return _given_names().get(given) or _more_names().get(_plain(given), (None, False))[0]


def is_given_name(word: str) -> bool:
    """Whether the word is a given name of the lists, and of the long list one that is hardly ever anything else."""
    return word in _given_names() or _more_names().get(_plain(word), ("", False))[1]


def _plain(word: str) -> str:
    """A word without accents: the long list has none."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
