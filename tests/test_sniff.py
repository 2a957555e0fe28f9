import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.source import Document
from transforms.read.errors import ParseError
from transforms.read.sniff import content_kind, document_kind, extension, inflate, root_element

RSS = b'<?xml version="1.0"?><rss version="2.0"/>'
HTML = b"<!doctype html><html><p>x</html>"


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("file:///data/Feed.XML", ".xml"),
        ("file:///data/feed.xml.gz", ".xml"),
        ("file:///data/a%2Ejsonl", ".jsonl"),
        ("gs://bucket/x.warc.gz", ".warc"),
        ("https://a.example/x.rss?page=a.html", ".rss"),
        ("https://a.example/feed", ""),
        ("https://a.example", ""),
    ],
)
def test_extension(uri, found):
    assert extension(uri) == found


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.xml", RSS, "feed"),
        ("a.xml", HTML, "feed"),
        ("a.json.gz", b"{}", "feed"),
        ("a.html", RSS, "page"),
        ("a.htm.gz", HTML, "page"),
        ("a.txt", RSS, "capture"),
        ("a.jsonl.gz", b"", "records"),
        ("a.warc.gz", b"", "archive"),
        ("a.dat", RSS, "feed"),
        ("a", HTML, "page"),
        ("a.pdf", b"%PDF-1.7", "unknown"),
        ("a", b"", "unknown"),
    ],
)
def test_files(name, body, kind):
    assert document_kind(Document(f"file:///in/{name}", body)) == kind


@pytest.mark.parametrize(
    ("url", "body", "origin", "kind"),
    [
        ("https://a.example/feed", RSS, None, "feed"),
        ("https://a.example/feed", HTML, None, "feed"),
        ("https://a.example/story.html", HTML, None, "page"),
        ("https://a.example/feed.html", RSS, None, "feed"),
        ("https://a.example/story", HTML, "page", "page"),
    ],
)
def test_fetched(url, body, origin, kind):
    assert document_kind(Document("https://a.example/feed", body, url=url, origin=origin)) == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xef\xbb\xbf <!-- a > b --><?x y?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "feed"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', "feed"),
        ("<?xml version='1.0'?><rss>".encode("utf-16"), "feed"),
        ("<rss>".encode("utf-16-le"), "feed"),
        (b"<rdf:RDF>", "feed"),
        (b' {"version"', "feed"),
        (b"<html><rss>", "page"),
        (b"<HTML>", "page"),
        (b"<!DOCTYPE html>\ntext", "page"),
        (b"<!DOCTYPE html><rss>", "feed"),
        (b"rss", "unknown"),
        (b"<svg>", "unknown"),
    ],
)
def test_content(body, kind):
    assert content_kind(body) == kind


@given(st.text(alphabet="<!-?>[] xrs\n", max_size=300))
def test_any_text_has_a_root_or_none(text):
    root = root_element(text)
    assert root is None or f"<{root}" in text.lower() or f":{root}" in text.lower() or root == "html"


def test_inflates_member_after_member():
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 16
    assert inflate(packed).body == b"one two"
    assert inflate(b"plain").body == b"plain"


@given(st.integers(0, 400))
def test_a_cut_gives_what_is_whole(at):
    packed = gzip.compress(bytes(range(256)) * 4)
    found = inflate(packed[:at])
    if found.complete and at >= 2:
        assert at >= len(packed)
    else:
        assert (bytes(range(256)) * 4).startswith(found.body) or at < 2


def test_damage_is_seen():
    packed = bytearray(gzip.compress(b"harbour " * 1000))
    packed[-6] ^= 0xFF
    assert not inflate(bytes(packed)).complete


def test_a_bomb_is_refused_before_it_unfolds():
    packed = gzip.compress(b"\0" * 30_000_000)
    with pytest.raises(ParseError) as caught:
        inflate(packed, limit=1_000_000)
    assert caught.value.reason == "too-large"
    with pytest.raises(ParseError):
        inflate(b"x" * 11, limit=10)
