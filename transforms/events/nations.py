"""Which nation the words of a name or a description tell: `Russian Finance Ministry`, `Bank of Japan`, `Texas governor`."""

import functools
import re
from collections.abc import Mapping, Sequence
from importlib import resources

from spacy.tokens import Token

from transforms.events.gazetteer import large_town_country, us_states
from transforms.events.lexicon import read_lexicon
from transforms.events.name_lists import find_country, find_demonym

_WORDS = re.compile(r"[^\W_](?:[\w.&’'-]*[\w.])?")
_LONGEST = 6
_APART = re.compile(r"-[a-z]")
_OTHERS = frozenset({"to", "on", "in", "into", "at", "against", "with", "about", "over"})


@functools.cache
def _phrases() -> Mapping[str, str]:
    text = (resources.files("transforms.events") / "data" / "nation_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {phrase: code for phrase, code in rows}


@functools.lru_cache(maxsize=4096)
def nation_of(text: str) -> str | None:
    """ISO 3166-1 alpha-3 of the one nation that a name tells; None where it tells none or several.

    Nations by their own names and adjectives come before bodies that only one nation has (`Knesset`), these before states of the
    United States and cities that a public body is of (`Chicago police`).
    """
    named, told = _tell(_words(text))
    for codes in (named, told):
        if codes:
            return codes[0] if len(set(codes)) == 1 else None
    return _nation_of_town(text)


def nation_of_person(words: Sequence[Token]) -> str | None:
    """The nation that somebody is of or acts for, by the words of a description in text order: the first that they tell.

    What the person deals with does not count: `the US ambassador to Russia`, `a China expert`.
    """
    kept = [word.text for word in words if not _is_other(word)]
    named, told = _tell(kept)
    return next(iter((*named, *told)), None) or _nation_of_town(" ".join(kept))


def _words(text: str) -> list[str]:
    words = _WORDS.findall(text)
    out: list[str] = []
    for word in words:
        word = re.sub(r"['’]s?$", "", word)
        known = find_demonym(word) or find_country(word) or word in _phrases()
        if "-" not in word or known:
            out.append(word)
            continue
        whole = _APART.search(word) is None and word[0].isupper()
        out.extend(word.split("-") if whole else [])  # `U.S.-South` is of both, `Saudi-led` and `pro-Iranian` of nobody
    return out


def _tell(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Codes of the nations that are named outright, and of those that other words tell; the longest words that fit count."""
    named: list[str] = []
    told: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            known = _phrases().get(phrase)
            nation = (find_demonym(phrase) or find_country(phrase)) if known is None else None
            state = known is None and phrase in us_states()
            if known is None and (nation is None or nation.code is None) and not state:
                continue
            if nation is not None and nation.code:
                named.append(nation.code)
            elif known != "-":
                told.append(known or "USA")
            at += length - 1
            break
        at += 1
    return named, told


def _nation_of_town(text: str) -> str | None:
    """`Chicago police`, `City of Lyon`: a public body named after a large town."""
    words = text.split()
    civic = read_lexicon("roles")["civic"]
    at = next((i for i, word in enumerate(words) if word.lower() in civic), None)
    if at is None:
        return None
    before = words[:at] if at and words[at - 1][0].isupper() else []
    behind = words[at + 2 :] if words[at + 1 : at + 2] == ["of"] else []
    return next((code for part in (before, behind) if (code := large_town_country(" ".join(part)))), None)


def _is_other(word: Token) -> bool:
    """A word for what somebody deals with or comes from, not whom they act for."""
    after = word.doc[word.i + 1] if word.i + 1 < len(word.doc) else None
    observers = read_lexicon("roles")["observers"]
    if word.dep_ == "pobj" and (word.head.lower_ in _OTHERS or _is_for(word, observers)):
        return True
    if after is None:
        return False
    if after.text == "-" and word.i + 2 < len(word.doc):  # `Afghan-born`, `Italian-American`
        return word.nbor(2).text.islower() or find_demonym(word.nbor(2).text) is not None
    if word.text.isupper():  # `US envoy` is an adjective
        return False
    return find_country(word.text) is not None and after.lemma_.lower() in observers


def _is_for(word: Token, observers: Sequence[str]) -> bool:
    """`envoy for Syria`, whereas a `minister of trade for Kenya` is Kenya's."""
    return word.head.lower_ == "for" and word.head.head.lemma_.lower() in observers
