import datetime as dt
import gzip
import io
import uuid
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.land.outcome import Fetched, FetchError
from transforms.land.warc import Landed, SegmentWriter
from transforms.read.archive import RecordError, join_chunks, read_archive
from transforms.read.byte_stream import ByteStream
from transforms.read.documents import parse_document
from transforms.read.errors import ParseError
from transforms.read.files import file_uri, read_file

NOON = "2025-03-04T12:00:00Z"


def page(number=0):
    return f"<html><head><title>Pier {number}</title></head><body><p>Ship {number} came in.</p></body></html>".encode()


def chunked(body, size=7):
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class Archive:
    """An archive that is being written."""

    def __init__(self, packed=True):
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=packed)

    def add(self, url, body, kind="response", status="200 OK", record_type=None, fields=None, **headers):
        http = None
        if kind in ("response", "revisit"):
            named = {"Content-Type": "text/html; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
            http = StatusAndHeaders(status, [(k, v) for k, v in named.items() if v], protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=record_type or "",
            warc_headers_dict={"WARC-Date": NOON, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>"}
            | (fields or {}),
        )
        self.writer.write_record(record)
        return self

    @property
    def bytes(self):
        return self.file.getvalue()


def read(body):
    return list(read_archive(io.BytesIO(body), "file:///in/a.warc.gz"))


def make_pages(count, packed=True):
    archive = Archive(packed)
    for n in range(count):
        archive.add(f"https://pier.example/{n}", page(n))
    return archive.bytes


def test_a_first_record_of_unknown_length_costs_itself_alone():
    body = make_pages(2, packed=False).replace(b"Content-Length: ", b"Content-Length: -", 1)
    assert [one.url for one in read(body)] == ["https://pier.example/1", None]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_come_with_address_instant_and_status(packed):
    first, second = read(make_pages(2, packed))
    assert (first.url, first.body, first.http_status) == ("https://pier.example/0", page(0), 200)
    assert (first.source_uri, first.origin) == ("file:///in/a.warc.gz", "page")
    assert first.content_type == "text/html; charset=utf-8"
    assert first.fetched_at == dt.datetime(2025, 3, 4, 12, tzinfo=dt.UTC)
    assert second.url == "https://pier.example/1"


def test_an_archive_that_is_one_gzip_member_reads_the_same():
    assert read(gzip.compress(make_pages(3, packed=False))) == read(make_pages(3))


def test_only_successful_pages_are_read():
    archive = Archive()
    archive.writer.write_record(archive.writer.create_warcinfo_record("a.warc", {"software": "pier"}))
    archive.add("https://pier.example/moved", page(), status="301 Moved")
    archive.add("https://pier.example/gone", page(), status="404 Not Found")
    archive.add("https://pier.example/logo.png", b"\x89PNG", Content_Type="image/png")
    archive.add("https://pier.example/feed.xml", b"<rss/>", Content_Type="application/rss+xml")
    archive.add("https://pier.example/same", b"", kind="revisit")
    archive.add("dns:pier.example", b"20250304 pier.example 192.0.2.1", kind="resource", record_type="text/dns")
    archive.add("https://pier.example/saved", page(1), kind="resource", record_type="text/html")
    archive.add("https://pier.example/made", page(2), status="201 Created")
    archive.add("https://pier.example/untyped", page(3), Content_Type=None)
    archive.add("https://pier.example/untyped.bin", b"\x00\x01", Content_Type=None)
    found = [(p.url.rpartition("/")[2], p.http_status) for p in read(archive.bytes)]
    assert found == [("saved", None), ("made", 201), ("untyped", 200)]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(page()), {"Transfer_Encoding": "chunked"}),
        (gzip.compress(page()), {"Content_Encoding": "gzip"}),
        (zlib.compress(page()), {"Content_Encoding": "deflate"}),
        (chunked(gzip.compress(page())), {"Transfer_Encoding": "Chunked", "Content_Encoding": "gzip"}),
        (page(), {"Transfer_Encoding": "chunked"}),
        (page(), {"Content_Encoding": "gzip"}),
        (page(), {"Content_Encoding": "br"}),
    ],
    ids=["chunked", "gzip", "deflate", "both", "chunks undone", "gzip undone", "br undone"],
)
def test_codings_are_undone_where_the_archive_kept_them(body, headers):
    (found,) = read(Archive().add("https://pier.example/", body, **headers).bytes)
    assert found.body == page()


@pytest.mark.parametrize(
    ("body", "headers", "fields", "reason"),
    [
        (chunked(page())[:-12], {"Transfer_Encoding": "chunked"}, {}, "truncated"),
        (gzip.compress(page())[:-9], {"Content_Encoding": "gzip"}, {}, "truncated"),
        (page()[:60], {}, {"WARC-Truncated": "length"}, "truncated"),
        (b"\x0b\x02\x80brotli", {"Content_Encoding": "br"}, {}, "bad-compression"),
        (gzip.compress(bytes(11_000_000)), {"Content_Encoding": "gzip"}, {}, "too-large"),
        (bytes(11_000_000), {}, {}, "too-large"),
    ],
)
def test_a_bad_record_is_one_error_and_the_next_is_read(body, headers, fields, reason):
    archive = Archive().add("https://pier.example/bad", body, fields=fields, **headers)
    error, good = read(archive.add("https://pier.example/good", page()).bytes)
    assert isinstance(error, RecordError)
    assert (error.reason, error.url, good.body) == (reason, "https://pier.example/bad", page())


@pytest.mark.parametrize("packed", [True, False])
def test_whole_records_of_a_cut_archive_are_kept_wherever_it_is_cut(packed):
    whole = make_pages(3, packed)
    ends = [len(make_pages(n, packed)) for n in (1, 2, 3)]
    for size in range(40, len(whole), 7):
        *pages, error = [*read(whole[:size]), None]
        if error is None and pages and isinstance(pages[-1], RecordError):
            error = pages.pop()
        assert [p.body for p in pages] == [page(n) for n in range(len(pages))]
        # Line ends and a gzip trailer follow a page; it is whole without them.
        assert len(pages) - sum(size >= end for end in ends) in (0, 1)
        assert error is not None or any(end - 12 <= size <= end for end in ends)
        assert error is None or error.reason == "truncated"


def test_damage_between_records_costs_only_what_it_hits():
    first, second, third = (Archive(packed=False).add(f"https://pier.example/{n}", page(n)).bytes for n in range(3))
    broken = second.replace(b"Content-Length", b"Content-Lengths", 1)
    *pages, error = read(first + broken + b"rubbish\n" * 3 + third)
    assert [p.url[-1] for p in pages] == ["0", "2"]
    assert (error.reason, error.url) == ("parse-error", None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (gzip.compress(b""), "empty"),
        (page(), "unknown-format"),
        (gzip.compress(page()), "unknown-format"),
        (b"x" * 500_000, "unknown-format"),
        (Archive().add("https://pier.example/", b"", status="404 Not Found").bytes, "no-pages"),
    ],
)
def test_what_is_no_archive_of_pages_is_refused(body, reason):
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.reason == reason


def test_a_bomb_is_stopped():
    with pytest.raises(ParseError) as caught:
        read(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\n" + bytes(99_999_999)))
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize(
    "head",
    [
        b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000,
        b"WARC/1.0\r\nX: " + b"y" * 500_000 + b"\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: 12345678901234567890\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
        b"WARC/1.0\r\n\r\n",
    ],
)
def test_bad_heads_do_not_hide_the_next_record(head):
    good = Archive(packed=False).add("https://pier.example/", page()).bytes
    found = read(head + b"\r\n\r\n" + good)
    assert [p.body for p in found if isinstance(p, Document)] == [page()]
    assert [e.reason for e in found if isinstance(e, RecordError)] == ["parse-error"]


class CountingFile(io.BytesIO):
    """Remembers how far it was read."""

    def read(self, size=-1):
        assert 0 <= size <= 65_536
        return super().read(size)


def test_an_archive_is_read_as_its_pages_are_taken():
    file = CountingFile(
        b"".join(
            Archive(packed=False).add(f"https://pier.example/{n}", page(n) + bytes(50_000)).bytes for n in range(40)
        )
    )
    found = read_archive(file, "file:///in/a.warc")
    next(found)
    assert file.tell() < 200_000
    assert sum(1 for _ in found) == 39


@given(st.binary(max_size=300), st.integers(0, 2000), st.sampled_from([True, False]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_pages_errors_or_a_parse_error(junk, at, packed):
    whole = make_pages(2, packed)
    try:
        found = read(whole[:at] + junk + whole[at + len(junk) // 2 :])
    except ParseError:
        return
    assert all(isinstance(one, Document | RecordError) for one in found)


@given(st.lists(st.integers(1, 3000), max_size=12), st.sampled_from(["read", "skip", "line"]), st.booleans())
@settings(deadline=None)
def test_a_stream_gives_all_bytes_in_order(sizes, last, packed):
    data = b"".join(b"line %d\n" % n for n in range(2000))
    stream = ByteStream(io.BytesIO(gzip.compress(data[:900]) + gzip.compress(data[900:]) if packed else data))
    position = 0
    for size in sizes:
        assert stream.read(size) == data[position : position + size]
        position += size
        if last == "skip":
            position += stream.skip(3)
        elif last == "line":
            line = stream.read_line(100)
            assert line == data[position : position + len(line)]
            assert line.endswith(b"\n") or position + len(line) >= len(data)
            position += len(line)
    assert stream.read(len(data)) == data[position:]
    assert stream.complete


def test_chunks_that_lie_about_their_size_are_truncated():
    with pytest.raises(ParseError):
        join_chunks(b"4\r\nabcd\r\nffff\r\nabc")


def test_an_archive_becomes_articles_in_their_order(tmp_path):
    archive = Archive().add("https://pier.example/a", page(1)).add("https://pier.example/b", b"  ")
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(archive.add("https://pier.example/c", page(2)).bytes[:-90])
    document = read_file(Source(file_uri(str(path)), "file", SourceSettings(language="en")))
    assert isinstance(document, Document)
    assert document.body == b""
    article, empty, cut = parse_document(document)
    assert isinstance(article, RawArticle)
    assert (article.origin, article.url, article.position) == ("page", "https://pier.example/a", 0)
    assert (article.settings.language, article.fetched_at.isoformat()) == ("en", "2025-03-04T12:00:00+00:00")
    assert isinstance(empty, Failure)
    assert (empty.stage, empty.reason, empty.url, empty.outlet) == (
        "extract",
        "empty",
        "https://pier.example/b",
        "pier.example",
    )
    assert (cut.stage, cut.reason, cut.url, cut.source_uri) == ("parse", "truncated", None, document.source_uri)


def test_what_newsmill_landed_reads_as_an_archive():
    at = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
    headers = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
    writer = SegmentWriter()
    for path, body, cut in (("a", page(1), False), ("b", page(2)[:50], True)):
        url = f"https://pier.example/{path}"
        fetched = Fetched(url, 200, body, at, headers, content_type="text/html", truncated=cut)
        writer.add(Landed(url, "https://pier.example/rss", fetched=fetched, at=at))
    writer.add(Landed("https://pier.example/c", "f", error=FetchError("http-error", "404", status=404), at=at))
    found, error = read(writer.finish())
    assert (found.url, found.body, found.fetched_at) == ("https://pier.example/a", page(1), at)
    assert (error.reason, error.url) == ("truncated", "https://pier.example/b")
