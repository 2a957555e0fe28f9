"""Sentence splitting and the recognition of hard wraps."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.annotate.lines import find_wraps, split_paragraphs
from transforms.annotate.sentences import is_heading, split_sentences

WIRE = """Ministers of the river states met at
the lakeside resort on Tuesday to settle the price of water,
which has doubled since the drought of last year, officials of
the basin authority said.
    "We have a text. It is not yet a deal," Mr. Ode told
reporters, adding that the U.S. Was ready to mediate in the
talks.
    The session goes on.
"""


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Ode met Gov. Lara Finch on Jan. 3 in St. Ives.", "They agreed."],
        ["He flew to the U.S. on Monday.", "She left the U.S.", "The talks failed."],
        ["The U.S. Treasury spoke to J. R. Ode at 5 p.m. Monday.", "Nobody else came."],
        ["“Is it over?” Ms. Finch asked.", "“No.”", "He left."],
        ["“It is over,” she said.", "“We go home.”", "Nobody clapped."],
        ['He said: "We stay."', "Ode says they should go."],
        ["“We will not... No, we will,” he said.", "Then he left..."],
        ["Shares of Tin Works Inc. rose.", "Tin Works Corp.", "Ode said no."],
        ["Exports rose 4.5 pct to 3 mln dlrs.", "Imports fell to No. 4."],
        ["(Ann Lee/Agency)", "The bridge is shut."],
        ["LIMA (Agency):", "The bridge is shut."],
        ["SANTA CRUZ:", "The bridge is shut."],
        ["Two boats in the harbour at night", "However, others stayed."],
        ["They “left.”", "“Why?”", "“Because.”"],
        ["We welcome it. — Ann Lee (@annlee) March 3, 2020", "Others do not."],
        ["The sum is 7/8.", "He said so."],
        ["‘Never again!’ the crowd shouted.", "It rained."],
    ],
)
def test_splits_into(parts):
    assert sentences(" ".join(parts)) == parts


def test_glued_sentences_are_split():
    assert sentences("The text is ready.The talks go on.") == ["The text is ready.", "The talks go on."]
    assert sentences("He works at Amazon.Com in the U.S.-led group.") == [
        "He works at Amazon.Com in the U.S.-led group."
    ]


def test_shouted_speakers_are_no_datelines():
    lines = ["ODE: You will stay.", "FINCH: We will not."]
    assert sentences("\n".join(lines)) == lines


def test_hard_wraps_do_not_end_sentences():
    found = [" ".join(one.split()) for one in sentences(WIRE)]
    assert found == [
        "Ministers of the river states met at the lakeside resort on Tuesday to settle the price of water, which has "
        "doubled since the drought of last year, officials of the basin authority said.",
        '"We have a text.',
        'It is not yet a deal," Mr. Ode told reporters, adding that the U.S. Was ready to mediate in the talks.',
        "The session goes on.",
    ]


def test_one_paragraph_a_line_has_no_wraps():
    text = "Ministers met\nThe ministers met on Tuesday.\nThey left.\nNothing was signed."
    assert find_wraps(text) == []
    assert len(split_paragraphs(text)) == 4


def test_headings_are_sentences():
    assert sentences("River deal near\nMinisters met on Tuesday.") == ["River deal near", "Ministers met on Tuesday."]


@given(st.text(alphabet="aB .!?…\n\"“”'’()é1,-\u2028", max_size=200))
def test_ranges_are_ordered_trimmed_and_hold_every_character(text):
    found = split_sentences(text)
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
    for (_, a), (b, _) in itertools.pairwise(found):
        assert a <= b
    held = "".join(text[start:end] for start, end in found)
    assert "".join(held.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("River Bridge Opens as Mayor Says Town Is Very Proud of Its New Road\nIt opened on Monday.", True),
        ("The bridge was closed.\nMayor says town is proud\nIt opened on Monday.", True),
        ("The mayor said:\nthe town is proud\nIt opened on Monday.", False),
        ("The mayor says the town is proud.\nIt opened on Monday.", False),
    ],
)
def test_is_heading(text, heading):
    lines = text.split("\n")
    line = lines[0] if len(lines) == 2 else lines[1]
    start = text.index(line)
    assert is_heading(text, start, start + len(line)) is heading


def test_he_may_be_a_given_name():
    text = "Vice Premier Liu He held talks in Lima. A mug by the lake He said it was his."
    assert [text[a:b] for a, b in split_sentences(text)] == [
        "Vice Premier Liu He held talks in Lima.",
        "A mug by the lake",
        "He said it was his.",
    ]


@pytest.mark.parametrize("run", ["'" * 100, "." * 60_000, "!" * 60_000])
def test_a_long_run_of_marks_is_read_once(run):
    text = f"The mayor agreed.{run}x was read. The talks went on."
    assert [text[a:b] for a, b in split_sentences(text)] == [text[:-19], "The talks went on."]
