"""Types and countries of actors."""

import pytest
from event_reading import read

from schemas.event import Actor
from transforms.events.actor_facts import _is_named_body, decide_name, note_kinds, settle_actor


def settle(name, kind, country=None, text="", mention=None, kinds=None):
    found = settle_actor(Actor(name, "speaker", mention or name, kind, country), text, kinds or {})
    return found.type, found.country


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [
        ("Kenya", "organisation", ("country", "KEN")),
        ("Jordan", "person", ("person", None)),
        ("U.S.", "country", ("country", "USA")),
        ("Scotland", "country", ("country", "GBR")),
        ("Quebec", "country", ("organisation", "CAN")),
        ("Moscow", "organisation", ("country", "RUS")),
        ("Kremlin", "country", ("organisation", "RUS")),
        ("Washington", "person", ("person", None)),
        ("Brussels", "country", ("organisation", None)),
        ("European Union", "organisation", ("organisation", None)),
        ("Indiana", "country", ("organisation", "USA")),
        ("Lagos", "country", ("organisation", "NGA")),
        ("Europe", "country", ("group", None)),
        ("Zorblax", "country", (None, None)),
        ("Soviet Union", "country", ("country", None)),
        ("Egyptian Foreign Ministry", "organisation", ("organisation", "EGY")),
        ("Norvik International", "person", ("organisation", None)),
        ("King", "organisation", ("person", None)),
        ("NGO", None, ("organisation", None)),
        ("state media", None, ("organisation", None)),
        ("troops", None, ("group", None)),
        ("63 percent", None, ("group", None)),
        ("Chilean miners", "group", ("group", "CHL")),
        ("waiters", None, ("group", None)),
        ("study", None, (None, None)),
        ("new poll", None, (None, None)),
        ("White House official", "person", ("person", "USA")),
        ("China expert", "person", ("person", None)),
        ("US envoy", "person", ("person", "USA")),
        ("Ann China", "person", ("person", None)),
    ],
)
def test_a_name_tells_type_and_country(name, kind, wanted):
    assert settle(name, kind) == wanted


def test_what_deals_with_a_country_is_not_of_it():
    assert settle("Syria analysts", "group", "SYR") == ("group", None)


@pytest.mark.parametrize(
    ("mention", "kind"), [("the Dane", "person"), ("an American", "person"), ("Americans", "group")]
)
def test_one_of_a_nation(mention, kind):
    name = mention.split()[-1]
    assert settle(name, "group", mention=mention)[0] == kind


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("Georgia", "Georgia said so. Tbilisi agreed.", "GEO"),
        ("Georgia", "Georgia said so. Officials in Atlanta agreed.", "USA"),
        ("Georgia", "Georgia said so.", None),
        ("Georgia", "A Georgian minister came to Atlanta.", None),
        ("Congo", "Congo sent troops to Goma.", "COD"),
        ("Korea", "South Korea is Korea's larger half; Pyongyang objects.", None),
        ("Peru", "Peru said so.", None),
    ],
)
def test_an_ambiguous_name_is_decided_by_the_article(name, text, code):
    assert decide_name(name, text) == code


def test_a_state_of_that_name_is_a_body():
    assert settle("Georgia", "country", text="Georgia sued. Atlanta agreed.") == ("organisation", "USA")
    assert settle("Georgia", "country", text="Georgia sued.") == ("country", None)


def test_other_mentions_tell_what_a_name_is():
    kinds = note_kinds(
        read("Ann Moreau, a minister, met officials of the Norbank Group. Moreau said that the Norbank Group agreed.")
    )
    assert kinds["Moreau"] == kinds["Ann Moreau"] == "person"
    assert settle("Moreau", "country", kinds=kinds) == ("person", None)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("al Norda", "The militant group al Norda left.", True),
        ("Norda Air", "They flew with the airline Norda Air.", True),
        ("Ann Roe", "The company Ann Roe founded left.", False),
        ("al Norda", "The leader al Norda left.", False),
    ],
)
def test_the_noun_before_a_name_tells_a_body(name, text, wanted):
    assert _is_named_body(name, text) == wanted
    assert settle(name, "person", kinds={name: "organisation"})[0] == "organisation"
