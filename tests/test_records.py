import io
import json

import pytest

from schemas.quarantine import Failure
from schemas.source import RawArticle, SourceSettings
from transforms.read import records
from transforms.read.errors import ParseError
from transforms.read.records import parse_record, parse_records, read_lines

URI = "file:///in/a.jsonl"


def test_all_fields():
    article = parse_record(
        json.dumps(
            {
                "url": "https://a.example/1",
                "title": "Ships &amp; <b>cargo</b>",
                "text": "Ships came in.",
                "published": "2026-03-02",
                "outlet": "Alpha",
                "author": ["Ann Lee", "Bo Ek", None],
                "language": "en",
                "retrieved": "2026-03-03T10:00:00Z",
            }
        ),
        URI,
        SourceSettings(outlet="Default", language="fr"),
        3,
    )
    assert article == RawArticle(
        URI,
        "record",
        url="https://a.example/1",
        title="Ships & cargo",
        text="Ships came in.",
        published="2026-03-02",
        published_source="meta",
        retrieved="2026-03-03T10:00:00Z",
        authors=("Ann Lee", "Bo Ek"),
        language="en",
        outlet_name="Alpha",
        settings=SourceSettings(outlet="Default", language="fr"),
        encoding="utf-8",
        position=3,
    )


def test_settings_stand_in():
    article = parse_record('{"text": "x"}', URI, SourceSettings(outlet="Default", language="fr"))
    assert (article.outlet_name, article.language, article.url) == ("Default", "fr", None)


def test_halves_of_characters_and_numbers_of_any_length():
    line = '{"id": ' + "9" * 5_000 + ', "text": "Ship \\ud83d\\ude00 and \\ud800 came in", "title": 1.50}'
    record = parse_record(line, "file:///in/a.jsonl")
    assert (record.text, record.title) == ("Ship \U0001f600 and \ufffd came in", "1.50")
    assert record.guid == "9" * 5_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "bad-json"),
        ("[]", "bad-json"),
        ('"text"', "bad-json"),
        ("null", "bad-json"),
        ("[" * 100_000, "bad-json"),
        ("{}", "no-url-no-text"),
        ('{"title": "x"}', "no-url-no-text"),
        ('{"url": " ", "text": ""}', "no-url-no-text"),
        ('{"text": NaN}', "no-url-no-text"),
        ('{"url": "https://a.example/1"}', "no-content"),
        ('{"url": "https://a.example/1", "text": null, "html": []}', "no-content"),
    ],
)
def test_bad_records(line, reason):
    with pytest.raises(ParseError) as caught:
        parse_record(line, URI)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("title", 24, "24"),
        ("title", ["x"], None),
        ("title", True, None),
        ("published", 1772445600, "1772445600"),
        ("language", {"a": 1}, None),
    ],
)
def test_fields_of_other_types(field, value, read):
    assert getattr(parse_record(json.dumps({"text": "x", field: value}), URI), field) == read


@pytest.mark.parametrize(
    ("author", "names"),
    [("Ann", ("Ann",)), ([], ()), ({"name": "Ann"}, ("Ann",)), ([{"name": "Ann"}, "Ann"], ("Ann",))],
)
def test_authors(author, names):
    assert parse_record(json.dumps({"text": "x", "author": author}), URI).authors == names


def test_html_only_where_there_is_no_text():
    assert parse_record('{"html": "<p>x</p>"}', URI).html == "<p>x</p>"
    assert parse_record('{"html": "<p>x</p>", "text": "x"}', URI).html is None


def test_bad_lines_are_named_and_the_rest_goes_through():
    body = b'\xef\xbb\xbf{"text": "one"}\r\n\r\n{"text": \r\n{"text": "caf\xe9"}\r\n{"text": "two"}'
    rows = list(parse_records(read_lines(io.BytesIO(body)), URI))
    assert [(r.text, r.position) for r in rows if isinstance(r, RawArticle)] == [("one", 0), ("two", 3)]
    bad = [r for r in rows if isinstance(r, Failure)]
    assert [(r.reason, r.detail.partition(":")[0]) for r in bad] == [("bad-json", "line 3"), ("bad-encoding", "line 4")]
    assert all(r.stage == "parse" and r.payload_sha256 for r in bad)


@pytest.mark.parametrize("body", [b"", b"\n\n"])
def test_a_file_without_lines(body):
    (failure,) = parse_records(read_lines(io.BytesIO(body)), URI)
    assert failure.reason == "empty"


def test_a_line_too_long_costs_itself(monkeypatch):
    monkeypatch.setattr(records, "MAX_LINE_BYTES", 50)
    body = b'{"text": "one"}\n{"text": "' + b"x" * 500 + b'"}\n{"text": "two"}\n'
    one, long, two = parse_records(read_lines(io.BytesIO(body)), URI)
    assert (one.text, long.reason, two.text) == ("one", "too-large", "two")
    assert "line 2" in long.detail
