"""Security tests of the ingestion that stand in no module's own tests; docs/security.md lists them all."""

import dataclasses
import json
import subprocess
import sys
import tracemalloc
import zlib

import pytest
from test_dates import WRITTEN
from whole_runs import STORY, newsmill, query, write_records

from schemas.partition import outlet_slug
from schemas.source import Document, RawArticle
from transforms.article.dates import parse_instant
from transforms.article.extract_stage import EXTRACT_CAGE, extract_or_fail, warm_up
from transforms.article.urls import registered_domain
from transforms.dedup.sketch import split_tokens
from transforms.land.decode import CappedDecoder, TooLargeError
from transforms.read.cage import Cage
from transforms.read.documents import parse_document
from transforms.read.feed import parse_feed

_AUDITED = """
import json, sys
from schemas.source import Document
from transforms.read.documents import parse_document
bodies = json.loads(sys.stdin.read())
list(parse_document(Document("file:///in/warm.xml", b"<rss version='2.0'><channel/></rss>")))
touched = []
def watch(event, args):
    if event.startswith(("socket.", "urllib.", "subprocess.", "os.system")) or (event == "open" and str(args[0]) in bodies):
        touched.append([event, str(args)])
sys.addaudithook(watch)
reasons = [part.reason for body in bodies for part in parse_document(Document("file:///in/a.xml", body.encode()))]
print(json.dumps([reasons, touched]))
"""


def test_a_body_that_names_a_file_or_an_address_opens_and_asks_nothing():
    bodies = ["/dev/zero", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "//127.0.0.1:9/x"]
    done = subprocess.run(
        [sys.executable, "-c", _AUDITED], input=json.dumps(bodies), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [["not-a-feed"] * len(bodies), []]


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_costs_little_memory(layers):
    body = bytes(60_000_000)
    for _ in range(layers):
        packer = zlib.compressobj(9, wbits=31)
        body = packer.compress(body) + packer.flush()
    tracemalloc.start()
    try:
        decoder = CappedDecoder(", ".join(["gzip"] * layers), 1_000_000)
        with pytest.raises(TooLargeError):
            for _ in decoder.feed(body):
                pass
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_an_entity_of_quadratic_size_is_not_multiplied():
    entity = f'<!DOCTYPE r [<!ENTITY x "{"ha " * 33_000}">]>'
    text = "&x;" * 5_000
    body = f"<?xml version='1.0'?>{entity}<rss version='2.0'><channel><title>t</title><item><title>a</title><description>{text}</description></item></channel></rss>"
    tracemalloc.start()
    try:
        feed = parse_feed(Document("https://a.example/rss", body.encode()))
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert sum(len(entry.html or entry.text or "") for entry in feed.entries) < 1_000_000


def test_dates_are_the_same_on_every_clock():
    clocks = [parse_instant("2026-02-28T00:00:00Z").at, parse_instant("2026-11-21T00:00:00Z").at]
    early = [text for text, at, *_ in WRITTEN if at < "2026-02-28"]
    assert len(early) > 20
    for text in early:
        assert parse_instant(text, None, clocks[0]) == parse_instant(text, None, clocks[1])


DEEP = "<div>" * 100_000 + "deep" + "</div>" * 100_000


@pytest.mark.parametrize("name", ["a.html", "a.jsonl"])
def test_a_hundred_thousand_levels_are_refused(name):
    body = json.dumps({"url": "https://a.example/x", "html": DEEP}) if name == "a.jsonl" else DEEP
    (found,) = parse_document(Document(f"file:///in/{name}", body.encode()))
    outcome = extract_or_fail(found, parse_instant("2026-03-01T00:00:00Z").at) if name == "a.jsonl" else found
    assert outcome.reason == "html-too-deep"


def test_pages_of_countless_elements_end_and_leave_the_next_page_alone():
    cells = "<table><tr><td colspan=9000000000000000 rowspan=9000000000000000>" + "<td>ab</td>" * 16_000
    bodies = [
        "<p>ab</p>" * 16_000,
        cells,
        "<a href=x>ab</a>" * 16_000,
        "<h1>ab</h1>" * 16_000,
        "<ul><li>x</ul>" * 8_000,
    ]
    reference = parse_instant("2026-03-01T00:00:00Z").at
    good = RawArticle("file:///in/good.html", "page", html=f"<h1>Herring</h1><article><p>{STORY}</p></article>")
    # The memory is that of a run; the deadline is not, for the machine may be busy: `benchmarks/fuzz.py` holds pages to it.
    cage = Cage(dataclasses.replace(EXTRACT_CAGE, deadline_s=60.0), warm_up)
    try:
        for body in bodies:
            page = RawArticle("file:///in/bad.html", "page", html=f"<html><body>{body}</body></html>")
            cage.run(extract_or_fail, page, reference)
        assert "Oslo" in cage.run(extract_or_fail, good, reference).text
    finally:
        cage.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Har\u200bbour coun\u00adcil", "Harbour council"),
        ("\u202bHarbour\u202c \u2066council\u2069\ufeff", "Harbour council"),
        ("Ｈａｒｂｏｕｒ council", "Harbour council"),
    ],
)
def test_what_nobody_sees_changes_no_words(one, other):
    assert split_tokens(one) == split_tokens(other)


def test_look_alikes_stay_apart():
    assert split_tokens("H\u0430rbour") != split_tokens("Harbour")
    assert registered_domain("https://\u0430pple.example.com/") == registered_domain("https://example.com/")
    assert registered_domain("https://\u0430pple.com/x") == "xn--pple-43d.com"
    names = ["\u0430pple.com", "apple.com", "\u202eapple.com"]
    assert outlet_slug(names[0]) != outlet_slug(names[1])
    assert "\u202e" not in outlet_slug(names[2])


def test_good_files_give_the_same_rows_with_hostile_ones_among_them(tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    item = (
        f"<item><title>Salmon</title><link>https://pier.example/salmon</link><description>{STORY}</description></item>"
    )
    (good / "a.xml").write_text(f"<rss version='2.0'><channel><title>Pier</title>{item}</channel></rss>")
    (good / "b.html").write_text(
        f"<html><title>Herring goes up</title><article><h1>Herring goes up</h1><p>{STORY}</p><p>{STORY[:90]}</p></article></html>"
    )
    write_records(
        good / "c.jsonl",
        {"url": "https://fjord.example/x", "text": "In the north. " + STORY, "published": "2025-03-04"},
    )
    (bad / "a.html").write_text(DEEP)
    (bad / "b.xml").write_bytes(b"<rss><channel><item><description>" + b"<!--" * 40_000)
    (bad / "c.html").write_bytes(b"<p " + b" ".join(b"a%d=''" % n for n in range(20_000)) + b">")
    (bad / "d.xml").write_bytes(b"/dev/zero")
    (bad / "e.txt").write_bytes(bytes(range(256)) * 40)
    (bad / "f.jsonl").write_bytes(b'{"url": "x", "html": "' + b"[" * 9000 + b"\n")
    rows = []
    for name, inputs in (("alone", [f"{good}/*"]), ("among", [f"{good}/*", f"{bad}/*"])):
        code, said = newsmill(
            "run", "--output", tmp_path / name, "--run-id", "r", "--max-quarantine", "1", "--input", *inputs
        )
        assert code == 0, said
        columns = "COLUMNS(lambda c: c NOT IN ('run_id', 'first_seen_at', 'fetched_at'))"
        rows.append(
            [
                query(tmp_path / name, f"SELECT {columns} FROM {table} ORDER BY ALL")
                for table in ("articles", "events_all")
            ]
        )
    assert rows[0] == rows[1]
    assert len(rows[0][0]) == 3
    assert query(tmp_path / "among", "SELECT count(DISTINCT source_uri) FROM quarantine") == [(6,)]
