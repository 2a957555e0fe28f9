"""Who takes part in a meeting: carriers, owners, partners, pairs, those told something there."""

import pytest
from event_reading import find_all, names_of, trigger_of

from transforms.events import meeting

CASES = [
    # text, trigger, participants
    ("In a meeting on Tuesday, Ann Lee told Bo Chen that aid would come.", "meeting", ["Ann Lee", "Bo Chen"]),
    ("Ann Lee congratulated Bo Chen in a phone call on Monday.", "phone call", ["Ann Lee", "Bo Chen"]),
    ("Ann Lee voiced support for Bo Chen in a phone call on Monday.", "phone call", ["Ann Lee", "Bo Chen"]),
    ("Ann Lee told Bo Chen by telephone that the talks would go on.", "by telephone", ["Ann Lee", "Bo Chen"]),
    ("Bo Chen praised Peru on the eve of a visit by Ann Lee to Lima.", "visit", ["Ann Lee"]),
    ("Ann Lee hosted a dinner in honour of Bo Chen in Lima.", "dinner", ["Ann Lee", "Bo Chen"]),
    ("After days of talks, French and Polish envoys failed to agree.", "talks", ["French envoys", "Polish envoys"]),
    ("Two days of talks between the management and the union ended.", "talks", ["management", "union"]),
    ("Qatar is mediating between Israel and Hamas.", "mediating", ["Qatar", "Israel", "Hamas"]),
    ("Ann Lee announced a meeting with Bo Chen.", "meeting", ["Ann Lee", "Bo Chen"]),
    ("After his meeting with Bo Chen, Carl Doe left.", "meeting", ["Bo Chen", "Carl Doe"]),
    ("Ann Lee attended the NATO summit in Lima.", "summit", ["Ann Lee"]),
    ("Ann Lee took part in the talks in Lima.", "talks", ["Ann Lee"]),
    ("The summit brought together ministers from Peru in Lima.", "summit", ["ministers from Peru"]),
    ("The workers are locked in talks with Ann Lee.", "talks", ["workers", "Ann Lee"]),
    ("Oslo: Ann Lee has met Bo Chen.", "met", ["Ann Lee", "Bo Chen"]),
    ("An aide filmed Ann Lee and Bo Chen during their meeting in Lima.", "meeting", ["Ann Lee", "Bo Chen"]),
    ("Hundreds of activists met with Ann Lee.", "met", ["activists", "Ann Lee"]),
    ("The police detained Ann Lee and Bo Chen at a meeting in Lima.", "meeting", ["Ann Lee", "Bo Chen"]),
    ("The traders await results from meetings in Lima on Monday.", "meetings", []),
    ("Iran-Peru trade talks began in Lima.", "talks", ["Iran", "Peru"]),
]


@pytest.mark.parametrize(("text", "trigger", "participants"), CASES, ids=[case[0] for case in CASES])
def test_participants(text, trigger, participants):
    mention = next(m for m in find_all(meeting, text) if trigger_of(m, text) == trigger)
    assert sorted(names_of(mention, "participant")) == sorted(participants)


def test_a_counterpart_is_named_by_his_country():
    text = "Turkish Foreign Minister Cem Ozan landed in Lima. Peru's Ann Lee held talks with her Turkish counterpart."
    mention = find_all(meeting, text)[-1]
    assert names_of(mention, "participant") == ["Ann Lee", "Cem Ozan"]


def test_the_two_sides_are_those_who_met():
    text = "Ann Lee met Bo Chen in Lima. The talks between the two sides resumed on Tuesday."
    mention = find_all(meeting, text)[-1]
    assert names_of(mention, "participant") == ["Ann Lee", "Bo Chen"]


def test_bare_talks_go_on_between_those_who_talked():
    text = "France and Poland held talks on Monday. Talks ended on Tuesday."
    mention = find_all(meeting, text)[-1]
    assert names_of(mention, "participant") == ["France", "Poland"]


def test_the_two_leaders_are_not_those_who_meet_them():
    text = "Ann Lee and Bo Chen quarrelled on Friday. Carl Doe and Eva Fox met with the two leaders in Lima."
    mention = find_all(meeting, text)[-1]
    assert sorted(names_of(mention, "participant")) == ["Ann Lee", "Bo Chen", "Carl Doe", "Eva Fox"]


def test_their_previous_meeting_is_another_one():
    text = "Ann Lee met Bo Chen in Lima. She recalled that much was settled during their previous meeting."
    found = find_all(meeting, text)
    assert [names_of(mention, "participant") for mention in found] == [["Ann Lee", "Bo Chen"]] * 2
