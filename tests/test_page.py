import gzip

import lxml.html
import pytest

from schemas.source import Document, RawArticle, SourceSettings
from transforms.article.errors import ExtractError
from transforms.read.page import MAX_DEPTH, check_markup, count_attributes, measure_depth, read_page

HTML = b"<html><head><title>Herring</title></head><body><p>The harbour council met.</p></body></html>"


def test_a_file_becomes_a_page_without_address():
    raw = read_page(Document("file:///in/page.html.gz", gzip.compress(HTML), SourceSettings(outlet="Harbour Post")))
    assert (raw.origin, raw.url, raw.encoding, raw.settings.outlet) == ("page", None, "utf-8", "Harbour Post")
    assert "harbour council" in (raw.html or "")


def test_a_page_takes_over_what_its_entry_says():
    entry = RawArticle(
        "https://wire.example/rss", "entry", url="https://wire.example/a", guid="g1", title="Herring", published="2025-12-24",
        authors=("Ana Petrova",), tags=("fish",), feed_title="Wire", entry_key=7, site_url="https://wire.example/",
    )  # fmt: skip
    raw = read_page(
        Document("https://wire.example/rss", HTML, url="https://wire.example/a", entry=entry, http_status=200)
    )
    assert (raw.origin, raw.url, raw.guid, raw.title, raw.published) == (
        "page",
        entry.url,
        "g1",
        "Herring",
        "2025-12-24",
    )
    assert (raw.published_source, raw.authors, raw.tags, raw.entry_key) == ("feed", entry.authors, ("fish",), 7)
    assert (raw.feed_title, raw.site_url, raw.http_status) == ("Wire", entry.site_url, 200)


def nested(depth: int) -> str:
    return "<div>" * depth + "x" + "</div>" * depth


@pytest.mark.parametrize(
    ("html", "depth"),
    [
        (nested(250), 250),
        (nested(260), 260),
        ("<div>" * 100_000, 2 * MAX_DEPTH),
        ("<p>one<p>two<p>three", 0),
        ("<br><img src=x>" * 900, 0),
        ("<ul>" + "<li>one" * 900 + "</ul>", 1),
        (f"<script>document.write('{'<div>' * 400}')</script><b>x</b>", 1),
        (f"<!-- {'<div>' * 400} --><b>x</b>", 1),
        ("<div></p></span></div><div></div>", 1),
        ("<div><b><i>x</div><div>y</div>", 3),
        ("<div a='" * 2000, 0),
        ("<!--" * 50_000, 0),
        ("<script>" * 50_000, 0),
    ],
)
def test_depth(html, depth):
    assert measure_depth(html) == depth


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" \n\t ", "empty"),
        (b"\x00\x00 \n", "empty"),
        (nested(MAX_DEPTH + 10).encode(), "html-too-deep"),
        (gzip.compress(b"x" * (11 * 1024 * 1024)), "too-large"),
    ],
)
def test_bad_pages_are_refused_by_reason(body, reason):
    with pytest.raises(ExtractError) as caught:
        read_page(Document("file:///in/page.html", body))
    assert caught.value.reason == reason


def test_the_deepest_page_that_is_read_loses_nothing():
    levels = "<div>" * (MAX_DEPTH - 1)
    page = f"<html><body>{levels}<p>deep <b>down</b></p></body></html>"
    assert lxml.html.document_fromstring(page).text_content() == "deep down"
    check_markup(page)
    assert read_page(Document("file:///in/page.html", nested(MAX_DEPTH).encode())).html == nested(MAX_DEPTH)


@pytest.mark.parametrize(
    "html",
    ["<p " + " ".join(f"a{n}='x'" for n in range(6000)) + ">x</p>", "<p " + "\n".join(f"a{n}=x" for n in range(6000))],
)
def test_a_tag_of_thousands_of_attributes_is_refused(html):
    with pytest.raises(ExtractError) as caught:
        read_page(Document("file:///in/page.html", html.encode()))
    assert caught.value.reason == "too-large"


def test_long_values_and_scripts_are_no_attributes():
    script = "<script>" + "a = b; " * 20_000 + "</script>"
    assert count_attributes(f"{script}<p class='x'>{'a = b ' * 20_000}</p>") == 0
    assert count_attributes(f"<p title='{'x' * 50_000}' class='y'>x</p>") == 2
