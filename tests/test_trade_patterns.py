"""The turns of phrase around trade figures: all compile, and their lists of words stand for one of them."""

import pytest

from transforms.events.lexicon import read_lexicon
from transforms.events.trade_patterns import read_pattern


@pytest.mark.parametrize("name", read_lexicon("trade_patterns")["patterns"])
def test_every_pattern_compiles_and_names_known_lists(name):
    assert "<" not in read_pattern(name).pattern.replace("(?<", "")


def test_every_list_is_used():
    used = " ".join(read_lexicon("trade_patterns")["patterns"].values())
    assert [name for name in read_lexicon("trade_patterns")["words"] if f"<{name}>" not in used] == []


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("prior", "exports were 5 million, compared with a revised ", True),
        ("prior", "exports were 5 million and ", False),
        ("moved", "exports fell about ", True),
        ("rise_of", "there was a contraction of nearly ", True),
        ("thought", "above earlier forecasts of ", True),
        ("earns", "the country brought in ", True),
        ("earns", "the country lost ", False),
    ],
)
def test_what_stands_before_a_number(name, text, fits):
    assert (read_pattern(name).search(text) is not None) is fits
