"""The English model's package holds what spaCy's model card of en_core_web_sm 3.8 says."""

from importlib import metadata

import pytest
import spacy

from transforms.annotate.model import DEFAULT_MODEL


@pytest.fixture(scope="module")
def meta():
    return spacy.load(DEFAULT_MODEL).meta


def test_package_is_pinned():
    assert metadata.version(DEFAULT_MODEL) == "3.8.0"


def test_components_vectors_and_licence_are_the_card_s(meta):
    assert sorted(meta["components"]) == [
        "attribute_ruler", "lemmatizer", "ner", "parser", "senter", "tagger", "tok2vec",
    ]  # fmt: skip
    assert (meta["vectors"]["vectors"], meta["license"], meta["version"]) == (0, "MIT", "3.8.0")
    assert [source["name"] for source in meta["sources"]] == [
        "OntoNotes 5", "ClearNLP Constituent-to-Dependency Conversion", "WordNet 3.0",
    ]  # fmt: skip


def test_labels_are_those_of_the_card(meta):
    # "113 labels for 3 components": tagger, parser, ner.
    assert sum(len(meta["labels"][name]) for name in ("tagger", "parser", "ner")) == 113
