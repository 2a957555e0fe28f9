"""Reads the word lists of events/data."""

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml
from spacy.tokens import Doc, Token

# Forms that the model's lemmatiser takes for those of another word.
LEMMAS = {
    stem + ending: f"{stem}e"
    for stem in ("hop", "din", "slat", "stag", "grip", "lambast", "rag")
    for ending in ("es", "ed", "ing")
}
PARTICLE_DEPS = frozenset({"prt", "prep", "advmod", "dative", "agent"})


@functools.cache
def read_lexicon(name: str) -> Mapping[str, Any]:
    """Loads `data/<name>.yaml`, once a process.

    Raises:
        FileNotFoundError: if there is no such list.
    """
    text = (resources.files("transforms.events") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@functools.cache
def read_classes(name: str, section: str) -> Mapping[str, str]:
    """Inverts a section `{class: [entry, …]}` of a list to `{entry: class}`; the first class that names an entry keeps it."""
    table: dict[str, str] = {}
    for label, entries in read_lexicon(name)[section].items():
        for entry in entries:
            table.setdefault(entry, label)
    return table


def text_of(doc: Doc) -> str:
    """`doc.text`, which spaCy joins anew from all tokens each time it is asked."""
    found: str | None = doc.user_data.get("newsmill.text")
    if found is None:
        found = doc.user_data["newsmill.text"] = doc.text
    return found


def lemma_of(token: Token) -> str:
    """Lower-case lemma; `wo`, `ca` and `'ll` stay as they are written."""
    if token.tag_ == "MD":
        return token.lower_
    return LEMMAS.get(token.lower_, token.lemma_.lower())


def keys_of(token: Token, via: Token | None = None) -> list[str]:
    """The keys under which a word may be listed, the most specific first.

    `via` is the preposition by which it governs (`called for talks`: called, via for -> ["call for", "call"]).
    """
    lemma = lemma_of(token)
    form = [token.lower_] if token.tag_ == "VBN" and token.lower_ != lemma else []
    particles = [child.lower_ for child in token.children if child.dep_ == "prt"]
    keys = [f"{lemma} {particle}" for particle in particles]
    if via is not None:
        between = [f"{lemma} {via.head.lower_} {via.lower_}"] if via.head != token and via.head.head == token else []
        keys = between + [f"{key} {via.lower_}" for key in keys] + [f"{lemma} {via.lower_}", *keys]
    else:
        nexts = [
            child
            for child in token.children
            if child.dep_ in PARTICLE_DEPS
            and child.i > token.i
            and not any(noun.ent_type_ in ("DATE", "TIME") for noun in child.children)  # "called for Monday"
        ]
        keys += [f"{lemma} {child.lower_}" for child in nexts if child.i == token.i + 1]
    return [*keys, *form, lemma]
