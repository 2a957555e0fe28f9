"""What holds of every event: the laws themselves, and that what the extractor makes of texts of every kind keeps them."""

import dataclasses
import datetime as dt
import functools

import pytest
from factories import make_article, make_event, make_published
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import Actor, EventTime, Place, Statement
from schemas.event_laws import broken_laws
from transforms.annotate.model import annotate_texts, load_model
from transforms.events.extract import extract_events
from transforms.store.rows import event_row

DAY = dt.date(2025, 3, 3)  # a Monday
TEXT = "Ann Roe met the minister of Norland in Port Ann on Monday."

# One text a kind of trouble: hard wraps, quotation marks of every style, ambiguous names, places by their town, carried dates, refusals.
TEXTS = (
    "PARIS, Texas (NWS) - The prime minister of Nor-\nland, Bo Chen, met U.S.\nenvoy Carla Finch in Paris, Texas, on the first\nTuesday of last\nmonth.\n"
    "“ We agree ,” Chen said. `` Trade rose 5\npct to 3.2 bln dlrs in the first nine\nmonths of 2024,'' Finch\nadded.",
    "Georgia said on Monday it had recalled its ambassador. Officials in Tbilisi declined to comment. The two sides held talks at the "
    "city’s old town hall in Batumi last week.\n\nMr. Roe, who quit the cabinet in mid-May, “ never ” spoke of it. According to the "
    "Kremlin, Moscow’s troops would leave South Ossetia by the end of the year.",
    'Ann Roe: "We never left." Finch told reporters: "Roe said: ‘I will resign,’ and then she resigned," he said.\n— Bo Chen (@bochen) May 3, 2024',
    "Exports of Norway grew 12 % to 4.5 billion euros in April, while imports fell to 2 billion. A year earlier exports were 4 billion. "
    "The deficit with China, Chen warned, might exceed $1bn this fiscal year. Brussels and Washington cancelled the summit in Geneva.",
    "It is said. He said so. They met. \n\n \n“Unclosed words of Bo Chen, said Finch, who left.\n\nThe Brit said on 29 February 2024 that Chad, "
    "Jordan and the Congo would quit the EU; the\u00a0U.N.\u00a0said\u2028no.",
)  # fmt: skip


@functools.cache
def nlp():
    return load_model()


def events_of(text):
    article = make_article(text)
    article = dataclasses.replace(
        article,
        body=dataclasses.replace(article.body, published=make_published(dt.datetime(2025, 3, 3, tzinfo=dt.UTC))),
    )
    return extract_events(article, next(iter(annotate_texts([text], nlp()))))


def faults(event, text=TEXT):
    return list(broken_laws(event_row(event, "r1"), text))


def make(**changes):
    sound = {
        "trigger": "met",
        "actors": (Actor("Ann Roe", "participant", "Ann Roe", "person", "USA"),),
        "time": EventTime(DAY, DAY, "Monday", "day"),
        "place": Place("Port Ann", "USA", 10.0, -20.0),
    }
    return make_event(make_article(TEXT), **(sound | changes))


def test_a_sound_event_breaks_no_law():
    assert faults(make()) == []
    assert list(broken_laws(event_row(make(), "r1"))) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"trigger": "meet"}, "trigger"),
        ({"trigger": " "}, "trigger"),
        ({"modality_cue": "may"}, "cue"),
        ({"evidence_start": 1}, "offsets"),
        ({"time": EventTime(DAY, DAY, "Tuesday", "day")}, "words of its time"),
        ({"time": EventTime(DAY, DAY, "Monday", "week")}, "precision"),
        ({"time": EventTime(DAY, DAY - dt.timedelta(1), "Monday", "interval")}, "precision"),
        ({"time": EventTime(DAY, DAY + dt.timedelta(30), "Monday", "month")}, "precision"),
        ({"time": EventTime(DAY, DAY, "Monday", "decade")}, "precision"),
        ({"place": Place("Port Bo")}, "place is not named"),
        ({"place": Place("Port Ann", "USA", 10.0)}, "point"),
        ({"place": Place("Port Ann", "USA", 100.0, 1.0)}, "point"),
        ({"place": Place("Port Ann", "US")}, "alpha-3"),
        ({"actors": (Actor("Ann Roe", "speaker"),)}, "role speaker"),
        ({"actors": (Actor("", "participant"),)}, "no name"),
        ({"actors": (Actor("Ann Roe", "participant", "Ann Rowe"),)}, "mention"),
        ({"actors": (Actor("Ann Roe", "participant", None, "document"),)}, "type document"),
        ({"actors": (Actor("Ann Roe", "participant", None, "person", "us"),)}, "alpha-3"),
        ({"plover_mode": "visit"}, "codes"),
        ({"modality": "hoped"}, "modality"),
    ],
)
def test_each_law_is_named_when_it_is_broken(changes, fault):
    found = faults(make(**changes))
    assert len(found) == 1
    assert fault in found[0]


def test_words_of_statements_are_verbatim():
    event = make_event(make_article(TEXT), "statement", actors=(), detail=Statement("direct", "met the minister "))
    assert faults(event) == ["its content is not verbatim"]
    row = event_row(make(), "r1")
    assert list(broken_laws(row | {"statement": {"content": None}}, TEXT)) == ["it has the details of another kind"]
    assert list(broken_laws(row | {"event_end": None}, TEXT)) == ["it has a part of a time"]
    assert list(broken_laws(row | {"place_name": None}, TEXT)) == ["its place has no name"]


def test_texts_of_every_kind_keep_the_laws():
    kinds = set()
    for text in TEXTS:
        for event in events_of(text):
            assert faults(event, text) == [], (event.kind, event.trigger)
            kinds.add(event.kind)
    assert kinds == {"meeting", "statement", "withdrawal", "trade_figure"}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(" ".join(TEXTS).split(" ")), min_size=20, max_size=60),
    st.sampled_from([" ", "\n", "  ", " \n\n"]),
)
def test_words_in_any_order_keep_the_laws(words, space):
    text = space.join(words)
    for event in events_of(text):
        assert faults(event, text) == []
