"""The word lists of events/data read as they are meant: words, each once, in their classes."""

from collections import Counter

import pytest
from event_reading import read

from transforms.events.lexicon import keys_of, lemma_of, read_classes, read_lexicon

LISTS = ("meeting", "withdrawal", "modality", "parties", "places")


def lists_in(value, path=""):
    if isinstance(value, list):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from lists_in(inner, f"{path}.{key}")


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_a_word_and_stands_once(name):
    for path, entries in lists_in(read_lexicon(name)):
        plain = [entry for entry in entries if not isinstance(entry, dict)]
        # an unquoted `no` or `on` is a truth value to YAML
        assert all(isinstance(entry, str) for entry in plain), path
        assert [entry for entry, n in Counter(plain).items() if n > 1] == [], path


@pytest.mark.parametrize("section", ["clause", "event", "nouns", "modifiers", "adverbs", "auxiliaries"])
def test_no_cue_of_modality_is_in_two_classes(section):
    entries = [entry for words in read_lexicon("modality")[section].values() for entry in words]
    assert [entry for entry, n in Counter(entries).items() if n > 1] == []
    assert len(read_classes("modality", section)) == len(entries)


def test_an_unknown_list_is_an_error():
    with pytest.raises(FileNotFoundError):
        read_lexicon("no_such_list")


@pytest.mark.parametrize(
    ("text", "word", "lemma"),
    [
        ("She hopes to win.", "hopes", "hope"),
        ("They will go.", "will", "will"),
        ("They were slated to meet.", "slated", "slate"),
    ],
)
def test_lemmas(text, word, lemma):
    token = next(token for token in read(text).doc if token.text == word)
    assert lemma_of(token) == lemma


def test_keys_are_the_most_specific_first():
    doc = read("They called for talks and ruled out a visit.").doc
    called = next(token for token in doc if token.text == "called")
    ruled = next(token for token in doc if token.text == "ruled")
    assert keys_of(called)[0] == "call for"
    assert keys_of(ruled)[0] == "rule out"
    assert keys_of(called)[-1] == "call"
