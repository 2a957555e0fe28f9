"""Where events took place, and where that is on the map."""

import pytest
from event_reading import read

from transforms.events.gazetteer import country_code, fold_name, geocode
from transforms.events.places import find_place


def place_of(text: str) -> str | None:
    plain, at = text.replace("*", ""), text.index("*")
    context = read(plain)
    token = next(token for token in context.doc if token.idx == at)
    place = find_place(token, token.sent, context)
    return place and place.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The two leaders *met in Paris, France, on Monday.", "Paris"),
        ("The Geneva *talks ended without a deal.", "Geneva"),
        ("The *talks in Geneva ended without a deal.", "Geneva"),
        ("Ministers held *talks with the king in Rabat.", "Rabat"),
        ("He *met the king at the royal palace in Amman.", "royal palace"),
        ("They *met at the White House on Tuesday.", "White House"),
        ("The *meeting was held at the Kremlin.", "Kremlin"),
        ("The army *withdrew from a town in northern Syria.", "northern Syria"),
        ("The *talks, which begin on Tuesday in Geneva, will be led by the bank.", "Geneva"),
        ("Protesters in Lima *met the mayor.", None),
        ("Lee *met Chen in the Saudi city of Jeddah.", "Jeddah"),
        ("He was flown to the capital, Lusaka, where he *met the minister.", "Lusaka"),
        ("Lee ended a trip in Paris, where she had *lunch with Chen.", "Paris"),
        ("Lee held *talks with Chen during a surprise visit to Beirut on Wednesday.", "Beirut"),
        ("Lee will attend the Venice *summit of industrial nations in June.", "Venice"),
        ("Lee held *talks on water problems in Lima.", "Lima"),
        ("Lee *met Chen following a spate of clashes in Lima.", None),
        ("Lee *spoke by phone with Chen about the war in Sudan.", None),
        ("They *discussed trade in the first half.", None),
        ("She *met officials of the ministry, which has offices in Cairo.", None),
    ],
)
def test_the_most_specific_place_of_the_clause(text, name):
    assert place_of(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The envoy was stunned by his abrupt *departure from a meeting in Hanoi.", "Hanoi"),
        ("Ann Lee *resigned in Lima on Monday.", "Lima"),
        ("The minister threatened to *withdraw from a pact with rebels in Libya.", None),
        ("The president *resigned after being accused of crimes in Lima.", None),
    ],
)
def test_who_leaves_is_where_he_leaves(text, name):
    plain, at = text.replace("*", ""), text.index("*")
    context = read(plain)
    token = next(token for token in context.doc if token.idx == at)
    place = find_place(token, token.sent, context, deep=False)
    assert (place and place.name) == name


@pytest.mark.parametrize(
    ("name", "country", "point"),
    [
        ("Paris", "FRA", True),
        ("Kiev", "UKR", True),
        ("Kyiv", "UKR", True),
        ("the White House", "USA", True),
        ("Paris, Texas", "USA", True),
        ("Birmingham", "GBR", True),
        ("northern Syria", "SYR", False),
        ("Russian Federation", "RUS", False),
        ("Florida", "USA", False),
        ("Georgia", None, False),
        ("Springfield", None, False),
        ("San Jose", None, False),
        ("Valencia", None, False),
        ("Nowhereville", None, False),
        ("", None, False),
    ],
)
def test_geocode(name, country, point):
    code, lat, lon = geocode(name)
    assert code == country
    assert (lat is not None, lon is not None) == (point, point)


def test_points_are_degrees_of_the_right_place():
    _, lat, lon = geocode("Yerevan")
    assert lat == pytest.approx(40.18, abs=0.1)
    assert lon == pytest.approx(44.51, abs=0.1)


def test_countries_by_name_and_alias():
    assert [country_code(name) for name in ("Türkiye", "the UK", "Ivory Coast", "Congo", "Paris")] == [
        "TUR",
        "GBR",
        "CIV",
        None,
        None,
    ]


def test_names_are_folded():
    assert fold_name("The São-Tomé") == "sao tome"
