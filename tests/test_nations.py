"""Which nation names and descriptions tell."""

import pycountry
import pytest
from event_reading import read

from transforms.events.nations import _phrases, nation_of, nation_of_person


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russian Finance Ministry", "RUS"),
        ("Bank of Japan", "JPN"),
        ("Civil Aviation Authority of Nepal", "NPL"),
        ("Ukraine's Air Force", "UKR"),
        ("Niger's army", "NER"),
        ("Equatorial Guinea's government", "GNQ"),
        ("South Sudan's army", "SSD"),
        ("Knesset", "ISR"),
        ("the White House", "USA"),
        ("German Foreign Office", "DEU"),
        ("Foreign Office", "GBR"),
        ("Texas Rangers Association", "USA"),
        ("British Columbia government", "CAN"),
        ("Chicago police", "USA"),
        ("City of Lyon", "FRA"),
        ("Obama administration officials", None),
        ("Organization of American States", None),
        ("Latin American Bank", None),
        ("U.S.-South Korea council", None),
        ("Saudi-led coalition", None),
        ("pro-Iranian group", None),
        ("Congo's army", None),
        ("Georgia Bulldogs", None),
        ("members of parliament", None),
        ("Vigo County Office", None),
        ("United Nations", None),
        ("", None),
    ],
)
def test_the_nation_of_a_body(name, code):
    assert nation_of(name) == code


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("Norwegian trade minister", "NOR"),
        ("US ambassador to Russia", "USA"),
        ("special envoy for Syria", None),
        ("Afghan-born U.S. envoy", "USA"),
        ("leading China expert", None),
        ("White House spokeswoman", "USA"),
        ("Manchester mayor", "GBR"),
        ("Italian-American investor", "USA"),
        ("mayor", None),
    ],
)
def test_the_nation_that_somebody_acts_for(description, code):
    context = read(f"She met the {description}.")
    words = [token for token in context.doc if token.idx >= len("She met the ") and not token.is_punct]
    assert nation_of_person(words) == code


def test_the_table_holds_codes():
    assert all(code == "-" or pycountry.countries.get(alpha_3=code) for code in _phrases().values())
