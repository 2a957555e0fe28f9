"""Where the places of sentences lie, by their names and the words around them."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Place
from transforms.events.gazetteer import geocode
from transforms.events.locations import locate, locate_place


@pytest.mark.parametrize(
    ("sentence", "name", "country", "latitude"),
    [
        ("They met in Paris, Texas, on Monday.", "Paris", "USA", 33.7),
        ("They met in Paris on Monday.", "Paris", "FRA", 48.9),
        ("She spoke in Athens, Ga., last week.", "Athens", "USA", 34.0),
        ("She spoke in Batumi, Georgia.", "Batumi", "GEO", 41.6),
        ("The Lebanese city of Tripoli was host.", "Tripoli", "LBN", 34.4),
        ("He toured London, France and Germany.", "London", "GBR", 51.5),
        ("They met at the presidential palace in Nouakchott.", "presidential palace", "MRT", 18.1),
        ("They met at a hotel in the Qatari capital.", "hotel", "QAT", 25.3),
        ("They met at the Great Hall in Beijing.", "Great Hall in Beijing", "CHN", 39.9),
        ("The army left Syria's Idlib province.", "Syria's Idlib province", "SYR", 35.9),
        ("It left Pakistan's Punjab province.", "Pakistan's Punjab province", "PAK", None),
        ("The army left Helmand province.", "Helmand province", "AFG", None),
        ("They met at Kensal Hall in Vermont.", "Kensal Hall", "USA", None),
        ("They met at the Manchester Arena.", "Manchester Arena", "GBR", 53.5),
        ("Spanish ministers met in Valencia.", "Valencia", "ESP", 39.5),
        ("Ministers met in Valencia.", "Valencia", None, None),
        ("The Russian leader spoke in St. Petersburg.", "St. Petersburg", "RUS", 59.9),
        ("She spoke in St. Petersburg, Florida.", "St. Petersburg", "USA", 27.8),
        ("The Maine senator spoke in Portland.", "Portland", "USA", 43.7),
        ("They met in the White House residence.", "White House residence", "USA", 38.9),
        ("The Massachusetts senator spoke in Cambridge.", "Cambridge", "USA", 42.4),
        ("The Texas governor spoke in Paris.", "Paris", "FRA", 48.9),
        ("They met on the Iraqi-Jordan border.", "Iraqi-Jordan border", None, None),
        ("He left for South East Asia.", "South East Asia", None, None),
        ("He left for Asia.", "Asia", None, None),
        ("He left for Jordan.", "Jordan", "JOR", None),
        ("They met in a park in a park.", "park", None, None),
    ],
)
def test_a_place_lies_where_its_sentence_says(sentence, name, country, latitude):
    found, lat, lon = locate(name, sentence)
    assert found == country
    assert (lat is None) == (lon is None) == (latitude is None)
    if latitude is not None:
        assert lat == pytest.approx(latitude, abs=0.3)


def test_the_name_of_a_place_stays():
    place = locate_place(Place("Paris"), "They met in Paris, Texas.")
    assert (place.name, place.country) == ("Paris", "USA")


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Jerusalem", "ISR"),
        ("Frankfurt", "DEU"),
        ("South America", None),
        ("North America", None),
        ("South Africa", "ZAF"),
    ],
)
def test_country_codes_are_no_codes_of_states(name, country):
    assert geocode(name)[0] == country


@given(st.text(alphabet="ABab ,'’.-", max_size=12), st.text(alphabet="ABab ,'’.-", max_size=30))
def test_any_words_have_a_country_or_none(name, around):
    code, lat, lon = locate(name, around + name + around)
    assert code is None or pycountry.countries.get(alpha_3=code) is not None
    assert (lat is None) == (lon is None)
