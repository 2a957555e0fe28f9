"""One article in, events out: offsets, ids, days, attribution, fresh ranges, codes, confidence; the stage."""

import dataclasses
import datetime as dt

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from event_reading import nlp
from factories import make_article, make_published

from schemas.event import Actor, Meeting, Statement, TradeFigure, Withdrawal
from transforms.annotate.model import annotate_texts
from transforms.annotate.stage import AnnotatedArticle
from transforms.events.attribution import attribute_mentions
from transforms.events.confidence import CEILING, FLOOR, score_features
from transforms.events.context import Mention
from transforms.events.extract import event_id, extract_events, publication_day
from transforms.events.stage import ExtractEvents

TEXT = (
    "Nikol Pashinyan met Vladimir Putin in Kazan on Monday.\n"
    "Pashinyan said that Armenia's exports rose to $3 billion in 2024.\n"
    "Armenia withdrew its peacekeepers from Kosovo last week."
)


def parse(text: str):
    (doc,) = annotate_texts([text], nlp())
    return doc


@pytest.fixture(scope="module")
def events():
    return extract_events(make_article(TEXT), parse(TEXT))


def test_every_kind_is_found_in_the_order_of_the_text(events) -> None:
    assert [e.kind for e in events] == ["meeting", "statement", "trade_figure", "withdrawal"]
    assert [type(e.detail) for e in events] == [Meeting, Statement, TradeFigure, Withdrawal]


def test_evidence_is_the_text_between_its_offsets(events) -> None:
    assert all(TEXT[e.evidence_start : e.evidence_end] == e.evidence for e in events)
    assert all(e.trigger in e.evidence for e in events)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The troops of Norland haven’t withdrawn from Lima.", "n’t"),
        ("Westland called on Norland to withdraw its troops.", "called on"),
        ("Ann Lee will meet Bo Chen in Lima. The meeting with Bo Chen takes place at the town hall.", "will"),
    ],
)
def test_cues_stand_in_the_evidence(text: str, cue: str) -> None:
    article = make_article(text=text, published=make_published(dt.datetime(2025, 12, 24, tzinfo=dt.UTC)))
    found = [e for e in extract_events(article, parse(text)) if e.modality != "asserted"]
    assert found[0].modality_cue == cue
    assert all(event.modality_cue is None or event.modality_cue in event.evidence for event in found)


def test_what_is_said_is_attributed_to_its_speaker(events) -> None:
    assert [e.attributed_to for e in events] == [None, None, "Nikol Pashinyan", None]


def test_times_are_reckoned_from_the_publication_day(events) -> None:
    meeting, statement, figure, _ = events
    assert (meeting.time.first, statement.time) == (dt.date(2026, 3, 2), None)
    assert (figure.time.first, figure.time.last) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def test_ids_are_unique_and_the_same_in_every_run(events) -> None:
    again = extract_events(make_article(TEXT), parse(TEXT))
    assert [e.event_id for e in again] == [e.event_id for e in events]
    assert len({e.event_id for e in events}) == len(events)
    other = extract_events(make_article(TEXT, article_id="another"), parse(TEXT))
    assert not {e.event_id for e in other} & {e.event_id for e in events}


def test_an_event_names_its_rule_version_and_confidence(events) -> None:
    for event in events:
        name, version, rule = event.extractor.split()
        assert (name, rule.split(".")[0]) == ("newsmill", event.kind)
        assert version[0].isdigit()
        assert FLOOR <= event.confidence <= CEILING


def test_only_fresh_sentences_give_events_but_all_lend_context() -> None:
    start = TEXT.index("Armenia withdrew")
    article = dataclasses.replace(make_article(TEXT), fresh=((start, len(TEXT)),))
    (event,) = extract_events(article, parse(TEXT))
    assert event.kind == "withdrawal"
    said = TEXT.index("Pashinyan said")
    fresh = dataclasses.replace(make_article(TEXT), fresh=((said, start),))
    assert [e.attributed_to for e in extract_events(fresh, parse(TEXT))] == [None, "Nikol Pashinyan"]
    assert extract_events(dataclasses.replace(article, fresh=()), parse(TEXT)) == []


@pytest.mark.parametrize(
    ("at", "changes", "wanted"),
    [
        (dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC), {"utc_offset": 240}, dt.date(2026, 1, 2)),
        (dt.datetime(2026, 1, 1, 1, 0, tzinfo=dt.UTC), {"utc_offset": -300}, dt.date(2025, 12, 31)),
        (dt.datetime(2026, 1, 1, 0, 0, tzinfo=dt.UTC), {"utc_offset": -300, "precision": "day"}, dt.date(2026, 1, 1)),
        (dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC), {"utc_offset": None}, dt.date(2026, 1, 1)),
        (dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC), {"quality": "guessed"}, None),
        (None, {}, None),
    ],
)
def test_the_day_is_the_outlets_own(at: dt.datetime | None, changes: dict, wanted: dt.date | None) -> None:
    assert publication_day(make_article(published=make_published(at, **changes))) == wanted


def test_a_zone_of_the_feed_list_gives_the_day_where_the_source_has_no_offset() -> None:
    late = make_published(dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC), utc_offset=None)
    assert publication_day(make_article(published=late, timezone="Asia/Baku")) == dt.date(2026, 1, 2)


def test_an_undated_article_is_filed_under_the_day_it_was_seen_and_dates_nothing_relative() -> None:
    article = make_article(TEXT, published=make_published(None))
    found = extract_events(article, parse(TEXT))
    assert {e.partition_day for e in found} == {article.first_seen_at.date()}
    assert [e.kind for e in found if e.time] == ["trade_figure"]


def mention(kind: str, detail, **changes) -> Mention:
    return Mention(kind=kind, trigger=(5, 8), evidence=(0, 20), detail=detail, rule=f"{kind}.x", **changes)  # type: ignore[arg-type]


def test_the_innermost_speaker_is_the_source() -> None:
    outer = mention("statement", Statement("indirect", "x"), actors=(Actor("Ann", "speaker"),), content=(0, 100))
    inner = mention("statement", Statement("indirect", "y"), actors=(Actor("Bo", "speaker"),), content=(2, 50))
    event = mention("meeting", Meeting("talks"))
    *_, attributed = attribute_mentions([outer, inner, event])
    assert attributed.attributed_to == "Bo"


def test_nobody_is_the_source_of_their_own_words() -> None:
    outer = mention("statement", Statement("indirect", "x"), actors=(Actor("Ann", "speaker"),), content=(0, 100))
    inner = mention("statement", Statement("indirect", "y"), actors=(Actor("Ann", "speaker"),), content=(9, 50))
    inner = dataclasses.replace(inner, trigger=(6, 8))
    assert [one.attributed_to for one in attribute_mentions([outer, inner])] == [None, None]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "Exports rose 5% in May, the customs service said, while imports fell 2%.",
            ["customs service", "customs service"],
        ),
        ("Exports rose 5% in May, according to the ministry.", ["ministry"]),
        ("Bo Chen said Ann Lee resigned on Monday.", ["Bo Chen"]),
        ("Ann Lee resigned on Monday and said the party would recover.", [None]),
    ],
)
def test_who_says_that_it_happened(text: str, speakers: list[str | None]) -> None:
    found = extract_events(make_article(text), parse(text))
    assert [e.attributed_to for e in found if e.kind != "statement"] == speakers


def test_an_id_does_not_depend_on_the_rule_that_fired() -> None:
    article, one = make_article(), mention("meeting", Meeting("talks"))
    assert event_id(article, one, 0) == event_id(article, dataclasses.replace(one, rule="meeting.y"), 0)
    assert event_id(article, one, 0) != event_id(article, one, 1)


def test_confidence_sums_what_it_knows() -> None:
    table = {"bias": 0.0, "a": 1.0, "b": -2.0}
    assert score_features(("bias",), table) == 0.5
    assert score_features(("bias", "a", "unknown"), table) > 0.7 > score_features(("bias", "b"), table)


def test_the_stage_gives_the_events_of_parsed_articles() -> None:
    article = make_article(TEXT)
    parsed = [AnnotatedArticle(article, parse(TEXT)), AnnotatedArticle(make_article(article_id="b"), None)]
    with _TestPipeline() as pipeline:
        found = pipeline | beam.Create(parsed) | ExtractEvents() | beam.Map(lambda e: e.kind)
        assert_that(found, equal_to(["meeting", "statement", "trade_figure", "withdrawal"]))
