import datetime as dt

import pytest

from schemas.source import Document
from transforms.land.outcome import FetchError
from transforms.read.advice import advise_error, advise_feed
from transforms.read.check import check_feed

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FetchError("http-error", "", status=404), "gone"),
        (FetchError("http-error", "", status=403), "lets newsmill not in"),
        (FetchError("http-error", "", status=503, retry_after=600.0), "in 10 min"),
        (FetchError("http-error", "", status=502), "later"),
        (FetchError("fetch-timeout", ""), "too slow"),
        (FetchError("address-refused", ""), "--allow-net"),
        (FetchError("fetch-failed", "a.example could not be looked up"), "mistyped"),
    ],
)
def test_what_to_do_about_an_error(error, words):
    assert words in advise_error(error)


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ([], "names nothing"),
        ([None, None], "no entry bears a date"),
        ([91, 400], "nothing new since 2026-03-02"),
        ([-3, -30], "future"),
        ([89, 400], None),
        ([-1, -30], None),
        ([None, 1], None),
    ],
)
def test_what_the_dates_say(ages, words):
    advice = advise_feed([None if age is None else NOW - dt.timedelta(days=age) for age in ages], NOW)
    assert advice is None if words is None else words in (advice or "")


def test_the_age_of_a_file_says_nothing():
    assert advise_feed([dt.datetime(1999, 1, 1, tzinfo=dt.UTC)], None) is None


def test_a_feed_that_moved():
    rss = b"<rss version='2.0'><channel><item><title>Pier reopens</title></item></channel></rss>"
    checked = check_feed(Document("https://a.example/rss", rss, moved_to="https://b.example/rss", fetched_at=NOW))
    assert checked["detail"] == "moved for good to https://b.example/rss: put that into the list; no entry bears a date"
