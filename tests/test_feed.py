import gzip
import html
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.quarantine import REASONS
from schemas.source import Document, SourceSettings
from transforms.read.cage import Cage, CageConfig
from transforms.read.errors import ParseError
from transforms.read.feed import MAX_ENTRIES, parse_feed


def document(body: str | bytes, url: str | None = None, **more) -> Document:
    data = body.encode() if isinstance(body, str) else body
    return Document("file:///in/feed.xml", data, url=url, **more)


def rss(items: str, head: str = "<title>Harbour News</title><link>https://harbour.example/</link>", **more) -> Document:
    return document(f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>', **more)


def item(n: int = 1, extra: str = "") -> str:
    return f"<item><title>Ship {n}</title><link>https://harbour.example/{n}</link>{extra}</item>"


def atom(entries: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Pier</title>{entries}</feed>'


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://a.example/"><title>Pier</title><link>https://a.example/</link></channel>'
    '<item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link></item></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (f'<rss version="0.91"><channel><title>Pier</title>{item()}</channel></rss>', "rss091u"),
        (f'<rss version="2.0"><channel><title>Pier</title>{item()}</channel></rss>', "rss20"),
        (RDF, "rss10"),
        (atom('<entry><title>One</title><link href="https://a.example/1"/></entry>'), "atom10"),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "title": "Pier", "items": [{"id": 1}]}), "json10"),
        (json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Pier", "items": [{"id": 1}]}), "json11"),
    ],
)
def test_reads_every_format(body, version):
    feed = parse_feed(document(body))
    assert (feed.version, feed.title, len(feed.entries)) == (version, "Pier", 1)


def test_entry_fields():
    feed = parse_feed(
        rss(
            "<item><title>Port &amp; pier</title><link>https://harbour.example/7</link><guid>g7</guid>"
            "<pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>"
            "<category>Trade</category><description>short</description>"
            "<content:encoded>&lt;p&gt;The whole long story.&lt;/p&gt;</content:encoded></item>",
            '<title>Harbour News</title><language>en-gb</language><dc:x xmlns:dc="http://purl.org/dc/elements/1.1/"/>',
            settings=SourceSettings(outlet="Harbour"),
        )
    )
    (entry,) = feed.entries
    assert entry.title == "Port & pier"
    assert entry.url == "https://harbour.example/7"
    assert entry.guid == "g7"
    assert entry.published == "Mon, 02 Mar 2026 09:00:00 +0100"
    assert entry.published_source == "feed"
    assert entry.authors == ("Ann Lee",)
    assert entry.tags == ("Trade",)
    assert entry.html == "<p>The whole long story.</p>"
    assert (entry.language, entry.outlet_name, entry.feed_title) == ("en-gb", "Harbour", "Harbour News")
    assert (entry.origin, entry.position, entry.partial) == ("entry", 0, False)


MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd"'


@pytest.mark.parametrize(
    ("texts", "body"),
    [
        (
            "<description>Ships came in.</description><media:description>A pier, long seen from afar.</media:description>",
            "Ships came in.",
        ),
        ("<media:description>A pier.</media:description><description>Ships came in.</description>", "Ships came in."),
        ("<media:group><media:description>Only the film.</media:description></media:group>", "Only the film."),
        (
            "<description>The whole long text.</description><itunes:summary>The text.</itunes:summary>",
            "The whole long text.",
        ),
        (
            "<description>&lt;img src='/a/very/long/address'&gt; Two.</description><content:encoded>One two three.</content:encoded>",
            "One two three.",
        ),
        ("<description> </description>", None),
    ],
)
def test_the_fullest_text_of_the_article_itself(texts, body):
    feed = parse_feed(document(f'<rss version="2.0" {MEDIA}><channel><item>{texts}</item></channel></rss>'))
    assert feed.entries[0].text == body


def test_plain_text_is_no_markup():
    (entry,) = parse_feed(rss(item(extra="<description>Ships came in.</description>"))).entries
    assert (entry.html, entry.text) == (None, "Ships came in.")


def test_atom_updated_stands_for_published_only_where_that_is_missing():
    both = "<published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>"
    feed = parse_feed(document(atom(f"<entry><id>1</id>{both}</entry><entry><id>2</id>{both[41:]}</entry>")))
    dates = [(e.published, e.modified) for e in feed.entries]
    assert dates == [("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"), ("2026-03-02T10:00:00Z", None)]


def test_atom_entries_inherit_the_author():
    entries = "<author><name>Desk</name></author><entry><id>1</id></entry><entry><id>2</id><author><name>Bo</name></author></entry>"
    assert [e.authors for e in parse_feed(document(atom(entries))).entries] == [("Desk",), ("Bo",)]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("desk@harbour.example", ()),
        ("desk@harbour.example (Ann Lee)", ("Ann Lee",)),
        ("Ann Lee", ("Ann Lee",)),
        ("Ann Lee and Bo Ek", ("Ann Lee and Bo Ek",)),
    ],
)
def test_a_mail_address_is_no_author(author, names):
    (entry,) = parse_feed(rss(item(extra=f"<author>{author}</author>"))).entries
    assert entry.authors == names


def test_several_authors():
    creators = "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>"
    body = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{item(extra=creators)}</channel></rss>'
    assert parse_feed(document(body)).entries[0].authors == ("Ann Lee", "Bo Ek")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("  https://a.example/x\n", "https://a.example/x"),
        ("/x", "https://harbour.example/x"),
        ("//a.example/x", "https://a.example/x"),
        ("www.a.example/x", "http://www.a.example/x"),
        ("https://a.example/x?a=1&amp;amp;b=2", "https://a.example/x?a=1&b=2"),
        ("feed:https://a.example/x", "https://a.example/x"),
        ("feed://a.example/x", "https://a.example/x"),
        (f"https://a.example/{'x' * 9_000}", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("data:text/html,x", None),
        ("https://[broken/x", None),
    ],
)
def test_links(link, url):
    (entry,) = parse_feed(rss(f"<item><title>One</title><link>{link}</link></item>")).entries
    assert entry.url == url


def test_a_feed_from_an_address_resolves_by_it():
    body = atom('<entry><link href="story.html"/></entry><entry xml:base="/b/"><link href="c.html"/></entry>')
    feed = parse_feed(document(body, url="https://a.example/news/feed"))
    assert [e.url for e in feed.entries] == ["https://a.example/news/story.html", "https://a.example/b/c.html"]


def test_a_relation_may_be_written_as_an_address():
    link = '<link rel="http://www.iana.org/assignments/relation/alternate" href="https://a.example/1"/>'
    (entry,) = parse_feed(document(atom(f"<entry><id>urn:1</id><title>One</title>{link}</entry>"))).entries
    assert entry.url == "https://a.example/1"


def test_entities_of_an_outer_document_type_are_resolved():
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">'
    body = f'<?xml version="1.0"?>{doctype}<rss version="0.91"><channel><title>Caf&eacute;</title></channel></rss>'
    assert parse_feed(document(body)).title == "Café"


def test_json_numbers_of_any_length():
    items = '[{"id": ' + "9" * 5_000 + ', "url": "https://a.example/1", "title": 1.50}]'
    feed = parse_feed(document('{"version": "https://jsonfeed.org/version/1.1", "items": ' + items + "}"))
    assert [(e.title, e.guid) for e in feed.entries] == [("1.50", "9" * 5_000)]
    assert not feed.cut


def test_an_enclosure_is_no_article():
    enclosure = '<enclosure url="https://a.example/talk.mp3" type="audio/mpeg" length="1"/>'
    posing = f"<item><link>https://a.example/talk.mp3</link>{enclosure}<guid>https://a.example/talk</guid></item>"
    alone = f"<item><title>Talk</title>{enclosure}</item>"
    assert [e.url for e in parse_feed(rss(posing + alone)).entries] == ["https://a.example/talk", None]


def test_a_redirect_is_filed_under_its_target_and_shown_as_written():
    head = '<title>x</title><f:x xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"/>'
    redirect = "http://feedproxy.google.com/~r/harbour/~3/abc/"
    origin = '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://harbour.example/1</f:origLink>'
    feed = parse_feed(
        rss(
            f"<item><link>{redirect}</link>{origin}</item>"
            f"<item><link>{redirect}2</link><guid>https://harbour.example/2</guid></item>",
            head,
        )
    )
    assert [e.url for e in feed.entries] == ["https://harbour.example/1", "https://harbour.example/2"]
    assert [w.link for w in feed.written] == [redirect, f"{redirect}2"]


def test_the_site_behind_an_aggregator():
    link = "<link>https://news.google.com/rss/articles/abc</link>"
    source = '<source url="https://harbour.example">Harbour</source>'
    feed = parse_feed(
        rss(f"<item>{link}{source}</item><item>{link}</item>", "<link>https://news.google.com/search?q=ships</link>")
    )
    assert [e.site_url for e in feed.entries] == ["https://harbour.example", None]
    assert parse_feed(rss(item(1))).entries[0].site_url == "https://harbour.example/"


def test_text_encoded_twice_is_repaired_and_shown_as_written():
    feed = parse_feed(rss("<item><title>CafÃ© in Zürich".replace("Zürich", "Genf") + "</title></item>"))
    assert (feed.entries[0].title, feed.written[0].title) == ("Café in Genf", "CafÃ© in Genf")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "iso-8859-2", "windows-1251"])
def test_encodings(codec):
    title = "Новости порта" if codec == "windows-1251" else "Žďár"
    body = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?><rss version="2.0"><channel><title>{title}</title></channel></rss>'
    assert parse_feed(document(body.encode(codec))).title == title


def test_utf8_that_is_declared_latin_is_read_as_utf8():
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>Łódź café</title></channel></rss>'
    assert parse_feed(document(body)).title == "Łódź café"


def test_latin_stays_latin():
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>café</title></channel></rss>'
    assert parse_feed(document(body.encode("latin-1"))).title == "café"


@pytest.mark.parametrize(
    "broken",
    [
        item(20, "<description>Fish &rdquo; chips</description>"),
        item(20, "<description>a & b < c</description>"),
        item(20, "<description>\x0bcontrol\x00</description>"),
        item(20, "<x:y>unbound prefix</x:y>"),
    ],
)
def test_one_bad_entry_costs_none(broken):
    feed = parse_feed(rss("".join(item(n) for n in range(19)) + broken))
    assert [e.title for e in feed.entries] == [*(f"Ship {n}" for n in range(19)), "Ship 20"]


@pytest.mark.parametrize("text", ["&#1114112;", "&#55296;", "<![CDATA[&#xD800; &#99999999999;]]>"])
def test_references_to_no_character(text):
    feed = parse_feed(rss(item(1) + item(2, f"<description>{text}</description>") + item(3)))
    assert len(feed.entries) == 3
    assert "\ufffd" in html.unescape(feed.entries[1].text or feed.entries[1].html or "")


def test_a_backslash_in_a_doctype():
    body = '<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY a "C:\\1 \\g<0>">\n]><rss version="2.0"><channel><title>x</title></channel></rss>'
    assert parse_feed(document(body)).title == "x"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"<!doctype html><html><body>403 Forbidden</body></html>", "not-a-feed"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "not-a-feed"),
        (b'{"error": "no such feed"}', "not-a-feed"),
        (b"[1, 2]", "not-a-feed"),
        (b"{", "not-a-feed"),
        (b"[" * 50_000, "not-a-feed"),
        (b"Access denied", "not-a-feed"),
        (b"/dev/zero", "not-a-feed"),
        (b"/etc/passwd", "not-a-feed"),
        (b"file:///etc/passwd", "not-a-feed"),
        (b"http://127.0.0.1:9/x", "not-a-feed"),
        (b'<opml version="2.0"><body/></opml>', "not-a-feed"),
        (gzip.compress(b"<rss>" * 50)[:20], "bad-compression"),
    ],
)
def test_what_is_no_feed(body, reason):
    with pytest.raises(ParseError) as caught:
        parse_feed(document(body))
    assert caught.value.reason == reason


def test_a_page_says_which_feeds_it_names():
    page = '<html><link rel="alternate" type="application/rss+xml" href="/rss"></html>'
    with pytest.raises(ParseError, match=r"https://a\.example/rss"):
        parse_feed(document(page, url="https://a.example/"))


def test_a_document_type_of_html_does_not_make_a_page():
    body = f"<!DOCTYPE html><rss version='2.0'><channel><title>x</title>{item()}</channel></rss>"
    assert len(parse_feed(document(body)).entries) == 1


@pytest.mark.parametrize(
    "secret",
    ['<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY x "y">'],
)
def test_external_entities_stay_outside(secret):
    body = f'<?xml version="1.0"?><!DOCTYPE r [{secret}]><rss version="2.0"><channel><title>t</title><item><title>a&x;b</title></item></channel></rss>'
    assert "root:" not in str(parse_feed(document(body)))


def test_entities_are_not_multiplied():
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{bomb}]><rss version="2.0"><channel><title>&e11;</title></channel></rss>'
    assert len(parse_feed(document(body)).title or "") < 1000


def test_the_same_element_with_very_many_attributes_is_refused():
    attributes = " ".join(f'a{n}="1"' for n in range(20_000))
    with pytest.raises(ParseError) as caught:
        parse_feed(rss(f"<item {attributes}/>"))
    assert caught.value.reason == "parse-error"


@pytest.mark.parametrize("opener", ["<!--", "&lt;!--"])
def test_comments_that_never_close(opener):
    feed = parse_feed(rss(item(1) + item(2, f"<description>{opener * 20_000}</description>")))
    assert len(feed.entries) == 2


def test_nested_entries_are_left_out():
    nested = f"<item><title>Outer</title>{item(5)}</item>"
    assert [e.title for e in parse_feed(rss(nested + item(6))).entries] == ["Outer", "Ship 6"]


def test_entries_that_never_close_are_not_taken_for_nested():
    feed = parse_feed(rss("<item><title>A</title><item><title>B</title></item>"))
    assert [e.title for e in feed.entries] == ["A", "B"]


def test_a_cut_feed_keeps_its_whole_entries_and_flags_the_last():
    whole = rss("".join(item(n, f"<description>{'word ' * 50}</description>") for n in range(5))).body
    cut = parse_feed(document(whole[: whole.index(b"Ship 3") + 60]))
    assert cut.cut
    assert [e.partial for e in cut.entries] == [False, False, False, True]
    between = parse_feed(document(whole[: whole.rindex(b"<item>")]))
    assert between.cut
    assert [e.partial for e in between.entries] == [False] * 4


def test_a_cut_inside_cdata():
    body = rss(item(1) + item(2, "<description><![CDATA[half a sto")).body.partition(b"</item></channel>")[0]
    assert [e.partial for e in parse_feed(document(body)).entries] == [False, True]


def test_a_whole_feed_is_not_flagged():
    feed = parse_feed(rss(item(1) + item(2)))
    assert not feed.cut
    assert not any(e.partial for e in feed.entries)


def test_gzip_and_cut_gzip():
    whole = rss("".join(item(n, f"<description>{n * 7919}</description>") for n in range(200))).body
    packed = gzip.compress(whole)
    assert len(parse_feed(document(packed)).entries) == 200
    part = parse_feed(document(packed[: len(packed) // 2]))
    assert part.cut
    assert 10 < len(part.entries) < 200


def test_too_many_entries_are_counted():
    feed = parse_feed(rss("".join(f"<item><title>{n}</title></item>" for n in range(MAX_ENTRIES + 5))))
    assert (len(feed.entries), feed.left_off) == (MAX_ENTRIES, 5)
    assert feed.entries[-1].title == str(MAX_ENTRIES - 1)
    assert not feed.cut


def test_json_feed():
    feed = parse_feed(
        document(
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "Pier",
                    "home_page_url": "https://a.example/",
                    "authors": [{"name": "Desk"}],
                    "items": [
                        {"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>x</p>", "tags": ["a", "a"]},
                        {"id": "https://a.example/8", "content_text": "Eight words", "author": {"name": "Bo"}},
                        "no item",
                    ],
                }
            )
        )
    )
    seven, eight = feed.entries
    assert (seven.url, seven.guid, seven.html, seven.tags, seven.authors) == (
        "https://a.example/7",
        "7",
        "<p>x</p>",
        ("a",),
        ("Desk",),
    )
    assert (eight.url, eight.title, eight.text, eight.authors) == ("https://a.example/8", None, "Eight words", ("Bo",))
    assert feed.written[1].title == "Eight words"


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ({"title": "Ships", "summary": "x"}, "Ships"),
        ({"summary": "In short", "content_text": "x"}, "In short"),
        ({"content_html": "<p>At <b>length</b></p>"}, "At length"),
        ({"content_text": "word " * 40}, "word " * 19 + "word…"),
        ({"id": "1"}, None),
    ],
)
def test_what_stands_for_a_missing_title(item, shown):
    feed = parse_feed(document(json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]})))
    assert feed.written[0].title == shown
    assert feed.entries[0].title == item.get("title")


def test_a_cut_json_feed_keeps_its_whole_items():
    items = [{"id": str(n), "content_text": "word " * 9} for n in range(4)]
    text = json.dumps({"version": "https://jsonfeed.org/version/1", "title": "Pier", "items": items})
    feed = parse_feed(document(text[:-70]))
    assert (feed.title, feed.cut, [e.guid for e in feed.entries]) == ("Pier", True, ["0", "1", "2"])


NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/1</loc><lastmod>2026-03-03</lastmod><image:image><image:title>No</image:title></image:image>
<news:news><news:publication><news:name>Pier</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-02T10:00:00Z</news:publication_date><news:title>Ships &amp; cargo</news:title>
<news:keywords>port, trade</news:keywords></news:news></url>
<url><loc>https://a.example/2</loc><lastmod>2026-03-01</lastmod></url></urlset>"""


def test_news_sitemap():
    one, two = parse_feed(document(NEWS_SITEMAP)).entries
    assert (one.url, one.title, one.published, one.modified) == (
        "https://a.example/1",
        "Ships & cargo",
        "2026-03-02T10:00:00Z",
        "2026-03-03",
    )
    assert (one.language, one.tags) == ("en", ("port", "trade"))
    assert (two.url, two.published, two.modified) == ("https://a.example/2", None, "2026-03-01")


def test_sitemap_index():
    body = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://a.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://a.example/new.xml</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>"
    )
    feed = parse_feed(document(body))
    assert (feed.version, feed.entries) == ("sitemapindex", ())
    assert feed.children == ("https://a.example/new.xml", "https://a.example/old.xml")


def test_a_cut_sitemap_drops_the_half_read_address():
    cut = parse_feed(document(NEWS_SITEMAP[: NEWS_SITEMAP.index("example/2") + 8]))
    assert [e.url for e in cut.entries] == ["https://a.example/1"]
    assert cut.cut


def test_runs_in_a_cage_and_its_error_comes_out():
    cage = Cage(CageConfig(deadline_s=60.0))
    try:
        assert cage.run(parse_feed, rss(item(1))).entries[0].title == "Ship 1"
        with pytest.raises(ParseError) as caught:
            cage.run(parse_feed, document("nothing"))
    finally:
        cage.close()
    assert caught.value.reason == "not-a-feed"


PIECES = st.sampled_from(
    [
        *[
            "<item>",
            "</item>",
            "<entry>",
            "<channel>",
            "<title>",
            "</title>",
            "<link>",
            "<guid>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "&amp;",
            "&",
            "<",
            ">",
            '"',
            "'",
            "?>",
            "{",
        ],
        *[
            "<?xml",
            "<!DOCTYPE",
            "<!ENTITY",
            "&#xD800;",
            "&#0;",
            "javascript:x",
            "http://[",
            "//x",
            "/x",
            "a@b.c(",
            "xml:base=",
            "2026-13-45",
            "\\1",
            "\x00",
        ],
        '<?xml version="1.0" encoding="idna"?>',
        '<rss version="2.0">',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        '<link href="',
        '<content type="application/octet-stream">',
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": 1, "author": []}',
        "<urlset>",
        "<url><loc>",
    ]
)


@given(st.lists(PIECES, max_size=30), st.integers(0, 400), st.binary(max_size=3))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_it_is_a_feed_or_a_reason(pieces, at, noise):
    whole = rss(item(1) + item(2)).body
    for body in ("".join(pieces).encode(), whole[:at] + "".join(pieces).encode() + noise + whole[at:]):
        try:
            feed = parse_feed(document(body))
        except ParseError as error:
            reason = error.reason
        else:
            reason = "empty"
            assert not any((e.url or "").lower().startswith(("javascript:", "file:", "data:")) for e in feed.entries)
        assert reason in REASONS
