"""What events quote stands in the text, whatever the reading copy made of it."""

import datetime as dt

import pytest
from event_reading import read

from schemas.event import Actor, EventTime, Meeting, Place
from transforms.events.context import Mention
from transforms.events.verbatim import quote_mention, quote_place, quote_time, quote_words

TEXT = "Talks were held last\nweek. The minister of West\nNorland met Ode at the city’s town hall in Port\nAnn."
START = TEXT.index("The minister")
DAY = dt.date(2024, 5, 1)


def make_mention(**fields):
    return Mention("meeting", (START, START + 3), (START, len(TEXT)), Meeting("talks"), "meeting.x", **fields)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("the minister", None),
        ("The minister", "The minister"),
        ("West Norland", "West\nNorland"),
        ("Sudland", None),
        ("", ""),
    ],
)
def test_words_between_two_offsets(written, wanted):
    assert quote_words(written, read(TEXT), START, len(TEXT)) == wanted


@pytest.mark.parametrize(
    ("name", "mention", "wanted"),
    [("X", "West Norland", "West\nNorland"), ("Ode", None, "Ode"), ("Od", None, None), ("X", "Sudland", None)],
)
def test_a_mention_is_the_words_of_the_evidence_or_none(name, mention, wanted):
    assert quote_mention(Actor(name, "participant", mention), make_mention(), read(TEXT)).mention == wanted


def test_places_and_times_in_the_texts_own_words():
    mention = make_mention(place=Place("city's town hall"), time=EventTime(DAY, DAY, "last week", "day"))
    assert quote_place(mention, read(TEXT)).name == "city’s town hall"
    assert quote_time(mention, read(TEXT)).text == "last\nweek"
    assert quote_place(make_mention(), read(TEXT)) is None
    assert quote_time(make_mention(), read(TEXT)) is None
