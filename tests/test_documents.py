import gzip
import hashlib

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import CollectingErrorHandler

from schemas.quarantine import Failure
from schemas.source import Document, RawArticle, Source, SourceSettings
from transforms.read.cage import Cage, CageError
from transforms.read.documents import parse_document
from transforms.read.files import file_path, file_uri, read_file
from transforms.read.parse import ParseDocuments, ReadFiles

RSS = b'<rss version="2.0"><channel><title>Pier</title><item><title>One</title></item></channel></rss>'
CAPTURE = (
    b"Harbour reopens\n\nThe harbour of Port Vell reopened on Monday after a week of storms, its master said, and the"
    b" first ships came in.\n\nTwelve of them carried wheat for the mills of the south, which had run short.\n"
)
PAGE = b"<html><body><p>The harbour reopened on Monday.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "body", "origin"),
    [
        ("a.xml", RSS, "entry"),
        ("a.xml.gz", gzip.compress(RSS), "entry"),
        ("a.html", PAGE, "page"),
        ("a.html.gz", gzip.compress(PAGE), "page"),
        ("a.txt", CAPTURE, "capture"),
        ("a.jsonl", b'{"text": "The harbour reopened."}\n', "record"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "The harbour reopened."}\n'), "record"),
        ("noextension", RSS, "entry"),
    ],
)
def test_every_kind(name, body, origin):
    (article,) = parse_document(Document(f"file:///in/{name}", body))
    assert isinstance(article, RawArticle)
    assert (article.origin, article.source_uri) == (origin, f"file:///in/{name}")


@pytest.mark.parametrize(
    ("name", "body", "stage", "reason"),
    [
        ("a.xml", b"", "parse", "empty"),
        ("a.xml", PAGE, "parse", "not-a-feed"),
        ("a.json", b'{"a": 1}', "parse", "not-a-feed"),
        ("a.xml.gz", gzip.compress(RSS)[:15], "parse", "bad-compression"),
        ("a.html", b" \n", "extract", "empty"),
        ("a.html.gz", gzip.compress(PAGE)[:30], "extract", "bad-compression"),
        ("a.txt", b"", "extract", "empty"),
        ("a.pdf", b"%PDF", "parse", "unknown-format"),
        ("a", b"", "parse", "empty"),
        ("a.jsonl", b"{\n", "parse", "bad-json"),
    ],
)
def test_every_bad_thing_is_one_failure(name, body, stage, reason):
    document = Document(f"file:///in/{name}", body, SourceSettings(outlet="Pier News"))
    (failure,) = parse_document(document)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.reason, failure.outlet) == (stage, reason, "pier-news")
    if name != "a.jsonl":
        assert failure.payload_sha256 == (hashlib.sha256(body).hexdigest() if body else None)


def test_what_is_left_off_is_one_failure():
    many = RSS.replace(b"<item><title>One</title></item>", b"<item><title>x</title></item>" * 2010)
    *articles, failure = parse_document(Document("file:///in/a.xml", many))
    assert len(articles) == 2000
    assert (failure.reason, "10 entries" in failure.detail) == ("too-many-entries", True)


JSON_FEED = b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "One"}, {"title": "Two"}]}'


@pytest.mark.parametrize(
    ("name", "body"), [("a.xml", RSS[:-10]), ("a.xml.gz", gzip.compress(RSS[:-16])), ("a.json", JSON_FEED[:-3])]
)
def test_a_feed_that_is_cut_between_entries_keeps_them_and_is_one_failure(name, body):
    article, failure = parse_document(Document(f"file:///in/{name}", body))
    assert article.title == "One"
    assert (failure.stage, failure.reason, failure.once) == ("parse", "truncated", True)


def test_a_feed_that_is_cut_inside_an_entry_leaves_it_to_the_entry():
    (article,) = parse_document(Document("file:///in/a.xml", RSS[: RSS.index(b"</item>")]))
    assert article.partial


@pytest.mark.parametrize(
    ("items", "guids"),
    [
        ((("g", "/1"), ("g", "/2"), ("h", "/3")), [None, None, "h"]),
        ((("g", "/1"), ("g", "/1?utm_source=rss")), ["g", "g"]),
        ((("g", ""), ("g", "")), ["g", "g"]),
    ],
)
def test_a_guid_of_several_addresses_names_none_of_them(items, guids):
    entries = "".join(
        f"<item><title>A</title><guid isPermaLink='false'>{guid}</guid><link>{link and 'https://a.example' + link}</link></item>"
        for guid, link in items
    )
    rss = f"<rss version='2.0'><channel><title>Pier</title>{entries}</channel></rss>"
    assert [e.guid for e in parse_document(Document("file:///f.xml", rss.encode()))] == guids


def test_records_are_read_from_their_file(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    lines = b"".join(b'{"text": "line %d"}\n' % n for n in range(3000))
    path.write_bytes(gzip.compress(lines))
    document = read_file(Source(file_uri(str(path)), "file"))
    assert isinstance(document, Document)
    assert document.body == b""
    assert [a.text for a in parse_document(document)][-1] == "line 2999"
    path.write_bytes(gzip.compress(lines)[:-2000])
    *articles, failure = parse_document(document)
    assert len(articles) > 100
    assert failure.reason in ("bad-compression", "bad-json")
    path.unlink()
    (gone,) = parse_document(document)
    assert gone.reason == "unreadable"


def test_uris_and_paths(tmp_path):
    for name in ("a b.xml", "100%.xml", "è#?.xml"):
        uri = file_uri(str(tmp_path / name))
        assert uri.startswith("file:///")
        assert " " not in uri
        assert file_path(uri) == str(tmp_path / name)
    assert file_uri(f"/{tmp_path}/x.xml") == file_uri(f"{tmp_path}/y/../x.xml") == f"{tmp_path.as_uri()}/x.xml"
    assert file_uri("gs://b/a b") == file_path("gs://b/a b") == "gs://b/a b"


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_cannot_be_read(tmp_path, make):
    make(tmp_path / "a.xml")
    failure = read_file(Source(file_uri(str(tmp_path / "a.xml")), "file"))
    assert isinstance(failure, Failure)
    assert failure.reason == "unreadable"


def test_the_stage(tmp_path):
    for name, body in {"a.xml": RSS, "b.xml": PAGE, "c.jsonl": b'{"text": "x"}\n{\n'}.items():
        (tmp_path / name).write_bytes(body)
    sources = [Source(file_uri(str(tmp_path / name)), "file") for name in ("a.xml", "b.xml", "c.jsonl", "d.xml")]
    with _TestPipeline() as root:
        errors = CollectingErrorHandler()
        read = root | beam.Create(sources).with_output_types(Source) | "ReadFiles" >> ReadFiles(errors)
        articles = read | "ParseDocuments" >> ParseDocuments(errors)
        errors.close()
        assert_that(articles | beam.Map(lambda a: a.title or a.text), equal_to(["One", "x"]))
        assert_that(
            errors.output() | beam.Map(lambda f: (f.reason, f.source_uri[-5:])),
            equal_to([("not-a-feed", "b.xml"), ("bad-json", "jsonl"), ("unreadable", "d.xml")]),
            label="failures",
        )


class DeadCage(Cage):
    """A cage whose process dies of everything."""

    def run(self, function, *args, **kwargs):
        raise CageError("parse-timeout", f"{function.__name__} took too long")


@pytest.mark.parametrize(
    ("name", "body", "stage"),
    [
        ("a.xml", RSS, "parse"),
        ("a.html", PAGE, "extract"),
        ("a.txt", CAPTURE, "extract"),
    ],
)
def test_what_kills_its_process_is_one_failure(name, body, stage):
    (failure,) = parse_document(Document(f"file:///in/{name}", body), DeadCage())
    assert (failure.stage, failure.reason) == (stage, "parse-timeout")
