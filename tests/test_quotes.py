"""Quotation marks of every style, in odd numbers too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.quotes import find_quotes, is_scare


def inner(text: str) -> list[str]:
    quotes = find_quotes(text)
    return [quotes.inner(one) for one in quotes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay,” she said. “You go.”", ["We stay,", "You go."]),
        ('"We stay," she said. "You go."', ["We stay,", "You go."]),
        ("``We stay,'' she said.", ["We stay,"]),
        ("«We stay», she said; »you go«.", ["We stay", "you go"]),
        ("„We stay“, she said.", ["We stay"]),
        ("”We stay”, she said.", ["We stay"]),
        ("'We don't want the workers' money,' she said.", ["We don't want the workers' money,"]),
        ("‘We don’t stay,’ she said.", ["We don’t stay,"]),
        ("The workers' union and the mayor's men in the '90s.", []),
        ("“He told me ‘never’ and left,” she said.", ["He told me ‘never’ and left,"]),
        ("‘He told me “never” and left,’ she said.", ["He told me “never” and left,"]),
        ('A 12" pipe and a "pipe" dream.', ["pipe"]),
        ("“We stay,” she said.\n\n“You go. And one more thing.\n\n“Do not return.”\n\nShe left.", None),
        ("She said: “We stay and fight on\nThe next day.", ["We stay and fight on"]),
        ('He said it" twice.', []),
        ('She said the plan was "fine"--"even good."', ["fine", "even good."]),
    ],
)
def test_finds(text, expected):
    if expected is None:
        expected = ["We stay,", "You go. And one more thing.\n\n“Do not return."]
    assert inner(text) == expected


def test_nested_are_kept_apart():
    quotes = find_quotes("“He said ‘never again’ and left,” she said.")
    (outer,) = quotes
    assert [quotes.inner(one) for one in quotes.nested_in(outer)] == ["never again"]
    assert quotes.at(12) is outer
    assert quotes.at(len("“He said ‘never again’ and left,” s")) is None


def test_in_range():
    quotes = find_quotes("“One,” he said. “Two.” “Three.”")
    assert [quotes.inner(one) for one in quotes.in_range(5, 20)] == ["One,", "Two."]


@pytest.mark.parametrize(
    ("words", "scare"),
    [("collusion", True), ("deep state", True), ("We stay.", False), ("we will never leave it", False)],
)
def test_is_scare(words, scare):
    assert is_scare(words) is scare


@given(st.text(alphabet="ab “”\"'’‘«»`\n.,", max_size=80))
def test_never_raises_and_keeps_order(text):
    quotes = find_quotes(text)
    previous = 0
    for one in quotes:
        assert previous <= one.start < one.inner_start <= one.inner_end <= one.end <= len(text)
        previous = one.end
