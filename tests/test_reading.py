"""The reading copy keeps every offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.annotate.reading import reading_copy


@given(st.text(max_size=300))
def test_same_length(text):
    assert len(reading_copy(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("“It’s over,” he said", '"It\'s over," he said'),
        ("five\u00a0ships", "five ships"),
        ("MINSK (AP) _ Talks", "MINSK (AP) — Talks"),
        ("one\ntwo", "one\ntwo"),
        ("snake_case", "snake_case"),
    ],
)
def test_signs(text, copy):
    assert reading_copy(text) == copy


def test_hard_wraps_become_spaces():
    text = "The ministers of the two states met at the\nlake on Tuesday to settle the price of the\nwater. They will meet\nagain.\n\nThe end."
    copy = reading_copy(text)
    assert "at the lake" in copy
    assert "the water" in copy
    assert copy.endswith("\n\nThe end.")
