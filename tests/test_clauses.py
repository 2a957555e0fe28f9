"""Who does what: subjects through control, relatives, coordination and nominal owners."""

import pytest
from event_reading import read

from transforms.events.clauses import agent_of, is_passive, objects_of, subject_of
from transforms.events.parties import is_party, is_specific, note_parties


def word(text: str, which: str):
    return next(token for token in read(text).doc if token.text == which)


@pytest.mark.parametrize(
    ("text", "verb", "subject"),
    [
        ("Ann Lee resigned.", "resigned", "Lee"),
        ("The mayor who resigned left town.", "resigned", "mayor"),
        ("Ann Lee wants to resign.", "resign", "Lee"),
        ("Critics urged Ann Lee to resign.", "resign", "Lee"),
        ("Critics called on the party to resign.", "resign", "party"),
        ("Critics issued a call for Ann Lee to resign.", "resign", "Lee"),
        ("Ann Lee met Bo Chen and resigned.", "resigned", "Lee"),
        ("Britain's decision to leave surprised Ann Lee.", "leave", "Britain"),
        ("Ann Lee left after meeting Bo Chen.", "meeting", "Lee"),
        ("The troops were withdrawn.", "withdrawn", "troops"),
    ],
)
def test_subjects(text, verb, subject):
    found = subject_of(word(text, verb))
    assert found is not None
    assert found.text == subject


def test_passives_have_agents_and_their_subject_as_object():
    text = "The troops were withdrawn by France."
    verb = word(text, "withdrawn")
    assert is_passive(verb)
    assert [token.text for token in objects_of(verb)] == ["troops"]
    agent = agent_of(verb)
    assert agent is not None
    assert agent.text == "France"
    assert not is_passive(word("France withdrew the troops.", "withdrew"))


@pytest.mark.parametrize(
    ("text", "which", "party"),
    [
        ("The minister spoke.", "minister", True),
        ("She spoke.", "She", True),
        ("Demand rose on Monday.", "Demand", False),
        ("Demand rose on Monday.", "Monday", False),
        ("The negotiators spoke.", "negotiators", True),
    ],
)
def test_parties(text, which, party):
    assert is_party(word(text, which)) is party


def test_the_articles_table_of_names_makes_a_party():
    text = "Peter Lula spoke. Lula left."
    context = read(text)
    note_parties(context)
    assert all(is_party(token) for token in context.doc if token.text == "Lula")


@pytest.mark.parametrize(
    ("text", "which", "specific"),
    [
        ("People quit smoking.", "People", False),
        ("The people of Lima met.", "people", True),
        ("Two customers met.", "customers", True),
        ("Ann Lee met him.", "him", True),
        ("You should quit.", "You", False),
    ],
)
def test_specific_parties(text, which, specific):
    assert is_specific(word(text, which)) is specific
