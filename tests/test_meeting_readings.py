"""What tells of a meeting and what doesn't: journeys, calls, deals, sittings, games, habits; formats and places."""

import pytest
from event_reading import find_all, names_of, trigger_of

from transforms.events import meeting


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("Parliament meets on Tuesday.", "The cabinet meets on Tuesday."),
        ("Acme Corp held its annual meeting on Monday.", "The union held its annual meeting on Monday."),
        ("Norland met Sudria in the cup on Monday.", "President Ann Lee met Bo Chen in a shouting match on Monday."),
        ("The bus was negotiating a bend.", "The union was negotiating a contract."),
        ("The state will call a witness on Monday.", "Ann Lee will call Bo Chen on Monday."),
        ("The firm consults with hotel owners.", "The firm consulted with hotel owners on Monday."),
        ("Ann Lee spoke to the Daily Post.", "Ann Lee spoke to Bo Chen."),
        ("No senator had called Ann Lee.", "A senator had called Ann Lee."),
        ("Ann Lee called on Bo Chen to resign.", "Ann Lee will call on President Bo Chen."),
        ("The band is touring Peru.", "Ann Lee is touring Peru."),
        ("Ann Lee travelled to work by bus.", "President Ann Lee travelled to Peru on Monday."),
        ("The army sent a rescue mission to Peru.", "The bank sent a mission to Peru."),
        ("Ann Lee called Bo Chen, her rival, an enemy.", "Ann Lee called Bo Chen, her rival, on Monday."),
        ("The country faces an armed encounter with Peru.", "Ann Lee had an encounter with Bo Chen."),
        ("Ann Lee welcomed 2,000 supporters in Lima.", "Ann Lee welcomed Bo Chen in Lima."),
    ],
)
def test_a_meeting_and_none(other, told):
    assert find_all(meeting, other) == []
    assert len(find_all(meeting, told)) == 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("OPEC held an emergency meeting in Geneva.", "conference"),
        ("Finance ministers met in Lima.", "conference"),
        ("The foreign ministers of France and Poland met in Lima.", "in_person"),
        ("The two countries' foreign ministers met in Lima.", "in_person"),
        ("The diplomats met in Lima.", "in_person"),
        ("Presidents and ministers from ten nations met in Lima.", "conference"),
        ("The central bank lowered its rates at a meeting on Monday.", "conference"),
    ],
)
def test_formats(text, form):
    (mention,) = find_all(meeting, text)
    assert mention.detail.format == form


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ann Lee flew to Lima on Monday to meet Bo Chen.", "Lima"),
        ("On a visit to Lima, Ann Lee met Bo Chen.", "Lima"),
        ("The minister is on a tour of European capitals.", "European capitals"),
        ("Ann Lee paid a visit to Rome's oldest synagogue.", "Rome's oldest synagogue"),
        ("Talks are due to begin in Lima on Monday.", "Lima"),
    ],
)
def test_places(text, place):
    (mention,) = find_all(meeting, text)
    assert mention.place is not None
    assert mention.place.name == place


def test_talks_to_discuss_are_one_meeting():
    text = "Ann Lee and Bo Chen held talks in Lima to discuss the pact."
    (mention,) = find_all(meeting, text)
    assert trigger_of(mention, text) == "talks"


def test_a_partner_of_other_talks_is_not_met():
    text = "The ministers are meeting in Lima ahead of talks with Peru on Friday."
    first, second = find_all(meeting, text)
    assert names_of(first, "participant") == ["ministers"]
    assert "Peru" in names_of(second, "participant")


def test_a_summit_beside_a_meeting_is_only_its_frame():
    (mention,) = find_all(meeting, "Ann Lee met Bo Chen on the sidelines of the OPEC summit in Lima.")
    assert names_of(mention, "participant") == ["Ann Lee", "Bo Chen"]
