import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.dates import UNDATED, find_instant, parse_instant

REFERENCE = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

WRITTEN = [
    # text, instant in UTC, offset, precision, quality
    ("2025-12-24T17:59:00+04:00", "2025-12-24T13:59:00", 240, "second", "exact"),
    ("2025-12-24T17:59:00.250-0800", "2025-12-25T01:59:00.250000", -480, "second", "exact"),
    ("2025-12-24T17:59Z", "2025-12-24T17:59:00", 0, "minute", "exact"),
    ("2025-12-24 17:59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("2025-12-24", "2025-12-24T00:00:00", None, "day", "day"),
    ("20251224T175900Z", "2025-12-24T17:59:00", 0, "second", "exact"),
    ("20251224", "2025-12-24T00:00:00", None, "day", "day"),
    ("2016/6/29 15:07:41", "2016-06-29T15:07:41", None, "second", "zoneless"),
    ("2019-11-20 12:00:00 +0000 UTC", "2019-11-20T12:00:00", 0, "second", "exact"),
    ("Mon, 25 Jun 2018 11:41:36 GMT", "2018-06-25T11:41:36", 0, "second", "exact"),
    ("Mon, 25 Jun 2018 11:41:36 CEST", "2018-06-25T09:41:36", 120, "second", "exact"),
    ("Mon, 25 Jun 18 11:41:36 EST", "2018-06-25T16:41:36", -300, "second", "exact"),
    ("25 Jun 2018 11:41 AEST", "2018-06-25T01:41:00", 600, "minute", "exact"),
    ("mon, 25 jun 2018 11:41:36 gmt", "2018-06-25T11:41:36", 0, "second", "exact"),
    ("Mon, 25 Jun 2018 11:41:36 Europe/Berlin", "2018-06-25T09:41:36", 120, "second", "exact"),
    ("2018-06-25T11:41:36+02:00[Europe/Berlin]", "2018-06-25T09:41:36", 120, "second", "exact"),
    ("2018-06-25t11:41:36z", "2018-06-25T11:41:36", 0, "second", "exact"),
    ("2018-06-25T24:00:00Z", "2018-06-26T00:00:00", 0, "second", "exact"),
    ("2018-W26-1", "2018-06-25T00:00:00", None, "day", "day"),
    ("2018-176T11:41Z", "2018-06-25T11:41:00", 0, "minute", "exact"),
    ("1529926896.5", "2018-06-25T11:41:36.500000", 0, "second", "exact"),
    ("lun., 25 juin 2018 11:41:36 +0200", "2018-06-25T09:41:36", 120, "second", "exact"),
    ("пн, 25 июня 2018 г. 11:41", "2018-06-25T11:41:00", None, "minute", "zoneless"),
    ("Mon, 25 Jun 2018 11:41:36", "2018-06-25T11:41:36", None, "second", "zoneless"),
    ("Wed, 02 Oct 2002 13:00:00 XYZT", "2002-10-02T13:00:00", None, "second", "zoneless"),
    ("Wed Dec 24 17:59:00 2025", "2025-12-24T17:59:00", None, "second", "zoneless"),
    ("Thu Aug 29 13:16:55 CEST 2019", "2019-08-29T11:16:55", 120, "second", "exact"),
    ("Wed Nov 20 2019 12:00:00 GMT+0100 (Central European Time)", "2019-11-20T11:00:00", 60, "second", "exact"),
    ("24 December 2025 17:59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("June 30, 2026 - 4.34pm", "2026-06-30T16:34:00", None, "minute", "zoneless"),
    ("Dec. 24, 2025, 5:59 p.m. ET", "2025-12-24T22:59:00", -300, "minute", "exact"),
    ("July 4, 2025, 5:59 p.m. ET", "2025-07-04T21:59:00", -240, "minute", "exact"),
    ("24th of December 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("10:30 AM EDT, Wed July 3, 2024", "2024-07-03T14:30:00", -240, "minute", "exact"),
    ("12:05 am, 3 July 2024", "2024-07-03T00:05:00", None, "minute", "zoneless"),
    ("24. Dezember 2025, 17:59 Uhr", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("24 December 2025 17:59 (Baku time)", "2025-12-24T13:59:00", 240, "minute", "exact"),
    ("July 4, 2025 at 5:59 p.m. Eastern Daylight Time", "2025-07-04T21:59:00", -240, "minute", "exact"),
    ("July 4, 2025 17:59 US Eastern time", "2025-07-04T21:59:00", -240, "minute", "exact"),
    ("24. Dezember 2025, 17:59 Uhr MEZ", "2025-12-24T16:59:00", 60, "minute", "exact"),
    ("24 декабря 2025, 17:59 (МСК)", "2025-12-24T14:59:00", 180, "minute", "exact"),
    ("24 December 2025 17:59 local time", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("24 décembre 2025 à 17h59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("24 de diciembre de 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("24 december 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("24. desember 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("24 ديسمبر 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("24 dicembre 2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("2025 Dec 24", "2025-12-24T00:00:00", None, "day", "day"),
    ("24 декабря 2025, 17:59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("2025年12月24日 17:59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("24.12.2025 17:59", "2025-12-24T17:59:00", None, "minute", "zoneless"),
    ("03.04.2026", "2026-04-03T00:00:00", None, "day", "day"),
    ("12/24/2025", "2025-12-24T00:00:00", None, "day", "day"),
    ("06/01/2026 - 13:55 GMT+1", "2026-01-06T12:55:00", 60, "minute", "guessed"),
    ("06/01/2026 1:55 PM EST", "2026-06-01T18:55:00", -300, "minute", "guessed"),
    ("1529919696", "2018-06-25T09:41:36", 0, "second", "exact"),
    ("1529919696123", "2018-06-25T09:41:36.123000", 0, "second", "exact"),
    ("1987-03-01T10:00:00Z", "1987-03-01T10:00:00", 0, "second", "exact"),
    ("2026-11-23T11:59:00Z", "2026-11-23T11:59:00", 0, "second", "exact"),
]


@pytest.mark.parametrize(("text", "at", "offset", "precision", "quality"), WRITTEN)
def test_dates_as_they_are_written(text, at, offset, precision, quality):
    found = parse_instant(text, None, REFERENCE, "meta")
    assert found.at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert (found.utc_offset, found.precision, found.quality, found.source) == (offset, precision, quality, "meta")


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2 hours ago", "2026-02-30", "2026-02-30T10:00:00Z", "30 Feb 2026", "2025-13-01", "2026-03", "March 2026", "1 March",
     "2025", "03/04/2026", "2025-12-24T25:00:00Z", "2025-12-24T10:61:00Z", "2199-01-01", "2026-11-24T00:00:00Z", "0001-01-01T00:00:00Z",
     "1970-01-01T00:00:00Z", "0", "15299196", "152991969600000", "1969-12-31", "Version 2025-12-24 of 7 parts", "x" * 500,
     "2018-366", "2018-W54-1", "2018-06-25T24:01:00Z", "9999-12-31T24:00:00Z", "Mon, 25 Jun 2018 11:41 Europe/../x"],
)  # fmt: skip
def test_what_is_no_date_gives_none(text):
    assert parse_instant(text, None, REFERENCE) == UNDATED


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-05:00", "Fri, 31 Dec 9999 23:59:59 EST"])
def test_the_last_day_of_the_calendar_is_no_date_without_a_bound_either(text):
    assert parse_instant(text) == find_instant(text) == UNDATED


def test_a_zoneless_date_is_taken_in_the_outlets_zone():
    found = parse_instant("2025-07-01 12:00:00", "Asia/Baku", REFERENCE)
    assert (found.at, found.utc_offset, found.quality) == (dt.datetime(2025, 7, 1, 8, tzinfo=dt.UTC), 240, "zoneless")


def test_a_zone_that_does_not_exist_changes_nothing():
    assert parse_instant("2025-07-01 12:00", "No/Where") == parse_instant("2025-07-01 12:00")


def test_an_abbreviation_is_read_as_the_outlets_own():
    assert parse_instant("1 Jul 2025 12:00 IST", "Europe/Dublin").utc_offset == 60
    assert parse_instant("1 Jan 2025 12:00 IST", "Asia/Jerusalem").utc_offset == 120
    assert parse_instant("1 Jan 2025 12:00 IST").utc_offset == 330


def test_a_day_keeps_its_date_in_every_zone():
    found = parse_instant("2025-07-01", "Pacific/Auckland", REFERENCE)
    assert (found.at, found.utc_offset) == (dt.datetime(2025, 7, 1, tzinfo=dt.UTC), None)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Published 24 December 2025 17:59", "2025-12-24T17:59"),
        ("By Ana Petrova | Dec 24, 2025 2:15 pm | 4 min read", "2025-12-24T14:15"),
        ("Published: 15:56 BST, 27 April 2024", "2024-04-27T14:56"),
        ("Posted May 24, 2026 10:05 am", "2026-05-24T10:05"),
    ],
)
def test_the_first_date_of_a_line(line, at):
    assert find_instant(line, None, REFERENCE).at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Published 24 December 2025, 17:59 Iran time, by Ana Petrova", "2025-12-24T14:29"),
        ("17:59 Tehran time, 24 December 2025", "2025-12-24T14:29"),
        ("24 December 2025, 17:59 Prime Time", "2025-12-24T17:59"),
        ("24 December 2025, 17:59, ten minutes behind Baku time", "2025-12-24T17:59"),
    ],
)
def test_zones_in_words(line, at):
    assert find_instant(line).at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)


def test_words_behind_a_time_are_no_zone():
    assert find_instant("May 5, 2025 10:05 am - 3 min read by AST staff").quality == "zoneless"


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2026, 1, 1)), st.integers(-12 * 60, 14 * 60))
def test_iso_instants_survive(local, offset):
    aware = local.replace(tzinfo=dt.timezone(dt.timedelta(minutes=offset)))
    found = parse_instant(aware.isoformat(), None, REFERENCE)
    assert (found.at, found.utc_offset, found.quality) == (aware, offset, "exact")


@given(st.text(alphabet="0123456789:-/., +TZapmJuneDecGMT年月日٣é\n()", max_size=40))
def test_any_text_gives_a_date_within_bounds_or_none(text):
    for found in (parse_instant(text, "Europe/Berlin", REFERENCE), find_instant(text, None, REFERENCE)):
        assert (found.at is None) == (found.precision == "none")
        assert found.at is None or dt.datetime(1969, 12, 31, tzinfo=dt.UTC) < found.at <= REFERENCE + dt.timedelta(
            hours=48
        )
