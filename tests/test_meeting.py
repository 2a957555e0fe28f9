"""Meetings: verbs, event nouns, light verbs; who takes part; what is no meeting."""

import pytest
from event_reading import find_all, names_of, read, trigger_of

from transforms.events import meeting
from transforms.events.meeting_repeats import drop_meeting_repeats
from transforms.events.repeats import same_words

ONE = [
    # text, trigger, participants, format
    ("Nikol Pashinyan met Vladimir Putin in Kazan.", "met", ["Nikol Pashinyan", "Vladimir Putin"], "in_person"),
    ("Nikol Pashinyan met with Vladimir Putin.", "met", ["Nikol Pashinyan", "Vladimir Putin"], "in_person"),
    ("France and Germany held talks in Berlin.", "talks", ["France", "Germany"], "talks"),
    (
        "Angela Merkel sat down with Emmanuel Macron.",
        "sat down with",
        ["Angela Merkel", "Emmanuel Macron"],
        "in_person",
    ),
    ("Joe Biden phoned Emmanuel Macron on Monday.", "phoned", ["Joe Biden", "Emmanuel Macron"], "call"),
    ("Joe Biden had a phone call with Emmanuel Macron.", "phone call", ["Joe Biden", "Emmanuel Macron"], "call"),
    ("Olaf Scholz hosted Rishi Sunak in Berlin.", "hosted", ["Olaf Scholz", "Rishi Sunak"], "in_person"),
    ("Olaf Scholz visited Kenya on Friday.", "visited", ["Olaf Scholz"], "visit"),
    ("Olaf Scholz paid a visit to Nairobi.", "visit", ["Olaf Scholz"], "visit"),
    ("Olaf Scholz attended a summit in Lima.", "summit", ["Olaf Scholz"], "conference"),
    ("Negotiations between Iran and Oman began.", "Negotiations", ["Iran", "Oman"], "talks"),
    ("Iran returned to the negotiating table.", "returned to the negotiating table", ["Iran"], "talks"),
]


@pytest.mark.parametrize(("text", "trigger", "participants", "form"), ONE, ids=[case[0] for case in ONE])
def test_one_meeting(text, trigger, participants, form):
    (mention,) = find_all(meeting, text)
    assert trigger_of(mention, text) == trigger
    assert sorted(names_of(mention, "participant")) == sorted(participants)
    assert mention.detail.format == form
    assert text[slice(*mention.evidence)] == text


@pytest.mark.parametrize(
    "text",
    [
        "Supply met demand in March.",
        "The firm met its targets.",
        "He called the senator a liar.",
        "The minister called for calm.",
        "The minister held a press conference on Monday.",
        "The court hearing will take place on Monday.",
        "Parliament opened its new session on Monday.",
        "Shareholders will vote at the annual general meeting in May.",
        "Talks are always better than war.",
        "Speaking to reporters on Monday, the mayor praised the plan.",
        "During the meeting he praised the plan.",
        "People should talk to their doctor.",
        "The meeting room was empty.",
    ],
)
def test_no_meeting(text):
    assert find_all(meeting, text) == []


@pytest.mark.parametrize(
    ("passing", "told"),
    [
        ("Ann Lee spoke at the party's convention this summer.", "Ann Lee attended a convention in Lima on Friday."),
        (
            "At the Republican convention in Lima his aides forced a change.",
            "At the miners' convention in Lima his aides forced a change.",
        ),
        ("Ann Lee lives by the conventions of her village.", "Ann Lee and Bo Chen addressed a convention in Lima."),
        (
            "Norland withdrew from the Lisbon Convention in May.",
            "The convention of the Miners Union in Lima was held in May.",
        ),
        ("Ann Lee did well in her first debate in May.", "In their debate in May, Ann Lee and Bo Chen spoke of trade."),
        ("A lively channel conducted two sessions.", "Ann Lee held a session with Bo Chen."),
        ("Bo Chen raised funds at meetings of the committee.", "Bo Chen raised the issue at a meeting with Ann Lee."),
        ("Bo Chen went on a bus tour of Peru last week.", "Bo Chen went on a tour of Peru last week."),
        ("It is the deal the cabinet finished negotiating last year.", "The cabinet negotiated with Peru last year."),
        ("Laura spoke of her talk with the director.", "Laura spoke with the director, Bo Chen, on Monday."),
        ("Lee did not meet the Commission on Media's polling threshold.", "Lee did not meet the Commission on Media."),
        (
            "Ann Lee vowed last month to take her campaign all the way to the convention.",
            "Ann Lee and Bo Chen held a convention in Lima.",
        ),
        (
            "Heading into the meeting, Lee struck notes in the wake of Tuesday's results.",
            "The meeting on Tuesday failed.",
        ),
        ("At a meeting the strikers accepted a formula.", "At a meeting on Friday the strikers accepted a formula."),
        ("Ann Lee described their meeting as warm.", "At their previous meeting, Ann Lee and Bo Chen spoke of trade."),
        ("Ann Lee praised the meeting after landing in Lima.", "The economist was headed to Cairo for a conference."),
        ("Bo Chen was back home visiting Leeds.", "Chancellor Bo Chen toured Africa, visiting Kenya and Ghana."),
    ],
)
def test_a_mention_in_passing_and_a_report(passing, told):
    assert find_all(meeting, passing) == []
    assert len(find_all(meeting, told)) == 1


def test_a_site_is_a_place_and_no_party():
    (visit,) = find_all(meeting, "Aung Marchuk visited the White House on Wednesday.")
    assert names_of(visit, "participant") == ["Aung Marchuk"]
    assert visit.place.name == "White House"
    (talks,) = find_all(meeting, "Aung Marchuk praised Friday's Oval Office talks with Ann Lee.")
    assert "Oval Office" not in names_of(talks, "participant")
    assert talks.place.name == "Oval Office"


def test_both_subjects_take_part():
    text = "Donald Brun and House Speaker Paul Lee pledged to work together after a meeting Thursday aimed at unity."
    (mention,) = find_all(meeting, text)
    assert names_of(mention, "participant") == ["Donald Brun", "Paul Lee"]
    assert (mention.modality, mention.time.first.isoformat()) == ("asserted", "2024-05-02")


def test_a_state_visit_is_paid_by_no_state():
    (mention,) = find_all(meeting, "King Olaf paid a state visit to Chile in April.")
    assert names_of(mention, "participant") == ["Olaf"]


def test_a_plan_names_its_partner():
    (mention,) = find_all(meeting, "The spokesman said there was no meeting planned with Bo Chen.")
    assert (mention.modality, names_of(mention, "participant")) == ("negated", ["Bo Chen"])


def test_date_place_and_modality():
    (mention,) = find_all(meeting, "Olaf Scholz will meet Rishi Sunak in Dublin on Friday.")
    assert mention.place is not None
    assert mention.place.name == "Dublin"
    assert mention.time is not None
    assert mention.time.first.isoformat() == "2024-05-10"
    assert (mention.modality, mention.modality_cue) == ("planned", "will")


def test_a_passing_repeat_is_dropped_and_an_addition_kept():
    text = (
        "Olaf Scholz met Rishi Sunak in Dublin. Mr Scholz met Mr Sunak for an hour. "
        "Olaf Scholz and Rishi Sunak met on Monday."
    )
    assert [m.time is not None for m in find_all(meeting, text)] == [False, True]


def test_several_meetings_of_one_sentence():
    text = "Olaf Scholz is due to meet Rishi Sunak before holding talks with Emmanuel Macron."
    found = find_all(meeting, text)
    assert [trigger_of(m, text) for m in found] == ["meet", "talks"]
    assert [m.modality for m in found] == ["planned", "planned"]


def test_every_party_is_named_in_the_text():
    text = "Russia and Armenia held consultations in Yerevan."
    (mention,) = find_all(meeting, text)
    assert names_of(mention, "participant") == ["Russia", "Armenia"]
    assert [actor.mention for actor in mention.actors] == ["Russia", "Armenia"]


def test_an_undated_article_gives_no_date():
    (mention,) = find_all(meeting, "Olaf Scholz met Rishi Sunak on Friday.", None)
    assert mention.time is None


def test_drop_repeats_is_idempotent():
    text = " ".join(case[0] for case in ONE)
    context = read(text)
    found = [m for s in context.doc.sents for m in meeting.find(s, context)]
    once = drop_meeting_repeats(found)
    assert drop_meeting_repeats(once) == once


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Putin", "Vladimir Putin", True),
        ("President Putin", "Vladimir Putin", True),
        ("Putin", "Medvedev", False),
        ("", "Putin", False),
    ],
)
def test_same_words(one, other, same):
    assert same_words(one, other) is same
    assert same_words(other, one) is same
