import pytest

from transforms.article.language import identify_language

TEXTS = {
    "en": "The ministers met in the harbour town on Monday and spoke about the price of herring and grain.",
    "de": "Die Minister trafen sich am Montag in der Hafenstadt und sprachen über den Preis von Hering und Getreide.",
    "fr": "Les ministres se sont réunis lundi dans la ville portuaire et ont parlé du prix du hareng et des céréales.",
    "ru": "Министры встретились в понедельник в портовом городе и обсудили цены на сельдь и зерно.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_languages_are_told_apart(code, text):
    assert identify_language(text) == code


def test_the_text_goes_before_what_its_source_says():
    assert identify_language(TEXTS["de"], hint="en-US") == "de"


@pytest.mark.parametrize(
    ("hint", "wanted"), [("en-GB", "en"), ("PT_br", "pt"), ("english", None), ("", None), (None, None)]
)
def test_a_short_text_is_in_the_language_of_its_source(hint, wanted):
    assert identify_language("OK", hint) == wanted
