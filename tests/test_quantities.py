"""Quantities: exact values, currencies, units, percentages, comparators, ranges; what is no quantity of the kind."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.numbers import parse_number
from transforms.events.quantities import (
    CODES_THAT_ARE_WORDS,
    currency_codes,
    currency_nouns,
    currency_symbols,
    find_quantities,
    units,
)

ONE = [
    # text, value, unit, comparator
    ("turnover exceeded $11 billion", "11000000000", "USD", "gt"),
    ("it was 4.5 billion dlrs", "4500000000", "USD", "eq"),
    ("it was 524 mln stg", "524000000", "GBP", "eq"),
    ("about 1.0 mln bpd", "1000000", "barrel/day", "approx"),
    ("some 2.5 million barrels per day", "2500000", "barrel/day", "approx"),
    ("816 000 t of it", "816000", "tonne", "eq"),
    ("469,100 tonnes", "469100", "tonne", "eq"),
    ("less than 60,000 metric tons", "60000", "tonne", "lt"),
    ("USD34.6 million", "34600000", "USD", "eq"),
    ("12 MUSD", "12000000", "USD", "eq"),
    ("an eight-billion-dlr surplus", "8000000000", "USD", "eq"),
    ("two and a half billion euros", "2500000000", "EUR", "eq"),
    ("half a million tons", "500000", "ton", "eq"),
    ("three quarters billion yen", "750000000", "JPY", "eq"),
    ("1,70,000 crore rupees", "1700000000000", "INR", "eq"),
    ("Rs 2.5 lakh crore", "2500000000000", "INR", "eq"),
    ("20 billion Canadian dollars", "20000000000", "CAD", "eq"),
    ("50 million Hong Kong dollars", "50000000", "HKD", "eq"),
    ("7 million Swiss francs", "7000000", "CHF", "eq"),
    ("a $48.2 million contract", "48200000", "USD", "eq"),
    ("A$5 billion or more", "5000000000", "AUD", "gt"),
    ("C $300 million", "300000000", "CAD", "eq"),
    ("£3bn", "3000000000", "GBP", "eq"),
    ("€1.2m", "1200000", "EUR", "eq"),
    ("100 €", "100", "EUR", "eq"),
    ("64 cents", "0.64", "USD", "eq"),
    ("197 pence", "1.97", "GBP", "eq"),
    ("thirteen dollars and forty-five cents", "13.45", "USD", "eq"),
    ("6 bcm of gas", "6000000000", "cubic metre", "eq"),
    ("75 USD million", "75000000", "USD", "eq"),
    ("up to $50 billion", "50000000000", "USD", "lt"),
    ("at least 12 million bags", "12000000", "bag", "gt"),
    ("12.5 trillion won", "12500000000000", "KRW", "eq"),
]


@pytest.mark.parametrize(("text", "value", "unit", "comparator"), ONE)
def test_a_quantity_in_full_units(text: str, value: str, unit: str, comparator: str) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.unit, found.comparator) == (Decimal(value), unit, comparator)


def test_values_are_exact() -> None:
    (found,) = find_quantities("exports of 1.1 billion dollars")
    assert found.value == Decimal("1100000000")
    assert isinstance(found.value, Decimal)


@pytest.mark.parametrize(("text", "low", "high"), [
    ("0.1-0.2 mln", "100000", "200000"),
    ("5 to 6 million tonnes", "5000000", "6000000"),
    ("between two and three billion dlrs", "2000000000", "3000000000"),
    ("$75,000-$80,000", "75000", "80000"),
])  # fmt: skip
def test_a_range_has_two_edges_and_is_approximate(text: str, low: str, high: str) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.high, found.comparator) == (Decimal(low), Decimal(high), "approx")


@pytest.mark.parametrize("text", ["from 5 to 6 million", "fell 3 million to 5 million", "5 million and 6 million"])
def test_a_change_is_no_range(text: str) -> None:
    assert [q.high for q in find_quantities(text)] == [None, None]


@pytest.mark.parametrize(("text", "kind"), [
    ("18 pct", "percent"), ("3.5 %", "percent"), ("three per cent", "percent"), ("two percentage points", "points"), ("45 people", "bare"),
])  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    (found,) = find_quantities(text)
    assert found.kind == kind


def test_years_are_not_taken_for_money() -> None:
    assert [q.unit for q in find_quantities("valued at $1943 million in 2012-13")] == ["USD", None]


def test_a_currency_that_only_its_country_tells_keeps_its_family() -> None:
    (found,) = find_quantities("5 million pesos")
    assert (found.unit, found.family) == (None, "peso")


@given(st.integers(0, 10**9))
def test_digits_with_separators_are_the_same_number(number: int) -> None:
    assert parse_number(f"{number:,}") == parse_number(str(number)) == number


@given(st.decimals(min_value=0, max_value=10**6, places=3))
def test_a_scale_word_moves_the_point_exactly(number: Decimal) -> None:
    (found,) = find_quantities(f"it was {number} million tonnes")
    assert found.value == number * 1_000_000


@given(st.text(alphabet=" $€£0123456789.,-/abmnt%USDdlrs", max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    found = find_quantities(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)


def test_the_tables_hold_codes_and_singular_nouns() -> None:
    codes = currency_codes()
    told = set(currency_symbols().values()) | {
        c for c, others in currency_nouns().values() for c in [c, *others.values()] if c
    }
    assert told - codes <= CODES_THAT_ARE_WORDS
    assert all(len(code) == 3 and code.isupper() for code in told)
    assert all(not unit.endswith("s") or unit in ("sheep",) for unit in units().values())
