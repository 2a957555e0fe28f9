import datetime as dt

import duckdb
import hypothesis
import hypothesis.strategies as st
import pytest

from schemas.partition import SLUG, leaf, outlet_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Caliber.Az", "caliber.az"),
        ("360", "n-360"),
        ("1e5", "n-1e5"),
        ("1e5.", "n-1e5."),
        ("1_000", "n-1-000"),
        ("1d", "n-1d"),
        ("0x1F", "n-0x1f"),
        ("2024-01-01", "n-2024-01-01"),
        ("12:30", "n-12-30"),
        ("null", "n-null"),
        ("CON", "n-con"),
        ("-infinity", "n-infinity"),
        ("../etc/passwd", "etc-passwd"),
        ("outlet='x'", "outlet--x-"),
        ("24.kg", "24.kg"),
        ("9news.com.au", "9news.com.au"),
        ("新华社", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        ("1" * 62 + "x", "1" * 62 + "x"),
        ("9" * 100, "n-" + "9" * 61),
    ],
)
def test_slugs(name, slug):
    assert outlet_slug(name) == slug


@hypothesis.given(st.one_of(st.text(max_size=80), st.text("0123456789.-_eExdfbo :/T+", max_size=12)))
def test_no_reader_takes_a_slug_for_anything_but_a_word(name):
    slug = outlet_slug(name)
    assert SLUG.match(slug)
    assert outlet_slug(slug) == slug
    kinds = ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP")  # What DuckDB and its like make of Hive values.
    taken = ", ".join(f"TRY_CAST($1 AS {kind}) IS NULL" for kind in kinds)
    assert duckdb.execute(f"SELECT {taken}", [slug]).fetchall() == [(True,) * 4]


def test_leaves():
    day = dt.date(2025, 12, 24)
    assert leaf("events", day, "caliber.az") == "events/date=2025-12-24/outlet=caliber.az"
    assert leaf("quarantine", day, None) == "quarantine/date=2025-12-24"
