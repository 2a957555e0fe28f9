import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.land import headers

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        ("120", 120),
        (" 60 ", 60),
        ("0", 5),
        ("317100", 86_400),
        ("9" * 400, 86_400),
        ("Mon, 02 Mar 2026 12:10:00 GMT", 600),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 5),
        ("Mon, 02 Mar 2026 12:10:00", 600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("-5", 300),
        ("soon", 300),
        ("١٢", 300),
        ("", 300),
        (None, 300),
    ],
)
def test_retry_after(value: str | None, seconds: float) -> None:
    assert headers.retry_after(value, NOW) == seconds


@given(st.text())
def test_retry_after_stays_within_its_bounds(value: str) -> None:
    assert 5 <= headers.retry_after(value, NOW) <= 86_400


def test_only_what_holds_for_the_decoded_body_is_kept() -> None:
    sent = headers.decoded(
        [(b"ETag", b'W/"\xe9"'), (b"Content-Encoding", b"gzip"), (b"Content-Length", b"9"), (b"Set-Cookie", b"a=b")]
    )
    assert headers.describing(sent) == (("ETag", 'W/"\xe9"'),)


def test_the_first_field_counts_but_codings_add_up() -> None:
    fields = [("A", "1"), ("a", "2"), ("Content-Encoding", "gzip"), ("content-encoding", "deflate")]
    assert headers.first_of(fields) == {"a": "1", "content-encoding": "gzip, deflate"}


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ([], 0.0),
        ([("Cache-Control", "public, Max-Age=600")], 600.0),
        ([("cache-control", 'max-age="600", must-revalidate'), ("Age", "100")], 500.0),
        ([("Cache-Control", "max-age=600"), ("Age", "700")], 0.0),
        ([("Cache-Control", "max-age=31536000")], 3600.0),
        ([("Cache-Control", "max-age=soon")], 0.0),
        ([("Cache-Control", "no-cache, max-age=600")], 0.0),
        ([("Cache-Control", "no-store")], 0.0),
        ([("Cache-Control", "max-age=60"), ("Expires", "Mon, 02 Mar 2026 14:00:00 GMT")], 60.0),
        ([("Expires", "Mon, 02 Mar 2026 12:10:00 GMT")], 600.0),
        ([("Expires", "Mon, 02 Mar 2026 11:00:00 GMT")], 0.0),
        ([("Expires", "0")], 0.0),
        ([("Expires", "-1")], 0.0),
    ],
)
def test_lifetime_of_an_answer(fields: list[tuple[str, str]], seconds: float) -> None:
    assert headers.fresh_for(fields, NOW) == seconds
