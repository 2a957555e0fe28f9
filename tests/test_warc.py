import datetime as dt
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from transforms.land.outcome import Fetched, FetchError
from transforms.land.warc import Landed, SegmentWriter, read_segment

AT = dt.datetime(2026, 3, 2, 12, 0, 1, 234567, tzinfo=dt.UTC)
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("ETag", 'W/"1"'), ("X-Odd", "caf\xe9"))
PAGE = Fetched("https://news.example/a", 200, b"<html>\xff\x00</html>", AT, HEADERS, 'W/"1"', content_type="text/html")


def through(*landed: Landed) -> list[Landed]:
    writer = SegmentWriter()
    for one in landed:
        writer.add(one)
    return list(read_segment(writer.finish()))


latin = st.text(st.characters(max_codepoint=255)) | st.none()
answers = st.builds(
    Fetched,
    url=st.text(st.characters(exclude_categories=["C"])).map("HTTP://Münster.example/".__add__),
    status=st.sampled_from([200, 203, 206, 304]),
    body=st.binary(max_size=300),
    fetched_at=st.datetimes(dt.datetime(1990, 1, 1), timezones=st.just(dt.UTC)),
    headers=st.just(()),
    etag=latin,
    last_modified=latin,
    content_type=latin,
    permanent_url=st.none() | st.text(),
    truncated=st.booleans(),
)


@given(st.lists(st.tuples(st.text(), st.text(), answers), max_size=3))
def test_answers_come_back_as_they_were(rows: list[tuple[str, str, Fetched]]) -> None:
    landed = [Landed(url, source, fetched, at=fetched.fetched_at) for url, source, fetched in rows]
    assert through(*landed) == landed


@given(st.text(), st.text(), st.none() | st.integers(100, 599), st.none() | st.floats(5, 86_400), st.none() | st.text())
def test_errors_come_back_as_they_were(
    url: str, detail: str, status: int | None, wait: float | None, where: str | None
) -> None:
    error = FetchError("http-error", detail, status=status, retry_after=wait, url=where)
    (back,) = through(Landed(url, "feed", error=error, at=AT))
    assert (back.url, back.source_uri, back.at, back.fetched) == (url, "feed", AT, None)
    assert back.error is not None
    assert vars(back.error) == vars(error)


def test_headers_are_kept_for_other_readers() -> None:
    (back,) = through(Landed("https://news.example/a", "feed", PAGE, at=AT))
    assert back.fetched is not None
    assert dict(back.fetched.headers)["ETag"] == 'W/"1"'


def test_others_read_it_as_a_plain_warc() -> None:
    writer = SegmentWriter()
    writer.add(Landed("https://news.example/a", "feed", PAGE, at=AT))
    writer.add(Landed("https://news.example/b", "feed", error=FetchError("fetch-timeout", "no"), at=AT))
    records = []
    for record in ArchiveIterator(io.BytesIO(writer.finish()), check_digests="raise"):
        body = record.content_stream().read()
        target = record.rec_headers.get_header("WARC-Target-URI")
        records.append((record.rec_type, target, record.rec_headers.get_header("WARC-Date"), body))
    date = "2026-03-02T12:00:01.234567Z"
    assert records[0] == ("response", "https://news.example/a", date, PAGE.body)
    assert records[1][:3] == ("metadata", "https://news.example/b", date)


def test_the_same_answers_give_the_same_bytes() -> None:
    def make() -> bytes:
        writer = SegmentWriter()
        writer.add(Landed("https://news.example/a", "feed", PAGE, at=AT))
        return writer.finish()

    assert make() == make()


def test_records_of_others_are_passed_over() -> None:
    foreign = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n"
    assert list(read_segment(gzip.compress(foreign))) == []


@pytest.mark.parametrize("data", [b"no warc", gzip.compress(b"no warc either\r\n\r\n")])
def test_a_damaged_segment_is_named(data: bytes) -> None:
    with pytest.raises(ValueError, match="damaged landing segment"):
        list(read_segment(data))


def test_nothing_is_no_record() -> None:
    with pytest.raises(ValueError, match="nothing came of"):
        SegmentWriter().add(Landed("https://news.example/", "feed"))
