import pytest
from loopback import reply, serve

from transforms.land.client import FetchOptions
from transforms.land.guard import NetPolicy
from transforms.read.discover import discover_feeds
from transforms.read.feedlinks import find_feed_links

LOCAL = FetchOptions(NetPolicy(("127.0.0.0/8",)), deadline_s=20.0)
RSS = b'<rss version="2.0"><channel><title>Pier</title></channel></rss>'
BASE = "https://a.example/news/"


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', ["https://a.example/rss"]),
        ('<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="atom">', [f"{BASE}atom"]),
        ('<base href="https://b.example/"><link rel=alternate type=text/xml href=x>', ["https://b.example/x"]),
        ('<link rel="alternate" hreflang="de" href="/de">', []),
        ('<link rel="stylesheet" type="text/xml" href="/x">', []),
        ('<a href="/feed/">Feed</a><a href="/feedback">x</a><a href="/about">y</a>', ["https://a.example/feed/"]),
        ('<a href="feed:https://b.example/rss">', ["https://b.example/rss"]),
        ('<a href="javascript:rss()">', []),
        ('<a href="/rss#top"><a href="/rss">', ["https://a.example/rss"]),
        (
            '<link rel="feed" href="/x"><link rel="alternate feed" type="" href="/y">',
            [f"https://a.example/{c}" for c in "xy"],
        ),
        ('<a href="feed://b.example/rss">', ["https://b.example/rss"]),
        ('<a href="/news/index.xml">Subscribe</a>', ["https://a.example/news/index.xml"]),
        (
            '<a href="/comments/feed/">x</a><a href="/feed/">y</a><a href="/commentary/feed/">z</a>',
            [f"https://a.example/{path}" for path in ("feed/", "commentary/feed/", "comments/feed/")],
        ),
        ("", []),
        ("\x00<", []),
    ],
)
def test_links_of_a_page(html, links):
    assert find_feed_links(html.encode(), BASE) == links


def site(pages: dict[str, bytes]):
    return lambda request, _: reply(pages[request.path]) if request.path in pages else reply(status=404)


def test_a_page_that_names_its_feeds():
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/r"><a href="/rss/none">x</a><a href="/feed">y</a></html>'
    with serve(site({"/": page, "/r": RSS, "/feed": b"<html>no feed</html>"})) as server:
        (found,) = discover_feeds([server.url("/")], LOCAL)
        assert [(feed["uri"], feed["title"]) for feed in found.feeds] == [(server.url("/r"), "Pier")]


def test_the_usual_addresses():
    with serve(site({"/": b"<html>silent</html>", "/rss.xml": RSS})) as server:
        (found,) = discover_feeds([server.url("/")], LOCAL)
        assert [feed["uri"] for feed in found.feeds] == [server.url("/rss.xml")]


SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc>
 <news:news><news:title>Pier reopens</news:title></news:news></url></urlset>"""


@pytest.mark.parametrize(
    ("asked", "pages", "found"),
    [
        (
            "/",
            {"/": b'<a href="/our-feeds/">RSS</a>', "/our-feeds/": b'<a href="/w.xml">World</a>', "/w.xml": RSS},
            "/w.xml",
        ),
        ("/news/world", {"/news/world": b"<p>x</p>", "/news/world/feed/": RSS, "/feed/": RSS}, "/news/world/feed/"),
        ("/@ann", {"/@ann": b"<p>x</p>", "/feed/@ann": RSS}, "/feed/@ann"),
        ("/2026/a.html", {"/2026/a.html": b"<p>x</p>", "/": b'<link rel=feed href="/f">', "/f": RSS}, "/f"),
        ("/", {"/feed/": RSS}, "/feed/"),
        (
            "/",
            {
                "/": b"<p>x</p>",
                "/robots.txt": b"Sitemap: http://[x\nSitemap: /maps/all.xml\nsitemap: /maps/n.xml",
                "/maps/n.xml": SITEMAP,
            },
            "/maps/n.xml",
        ),
    ],
    ids=["page-of-feeds", "own-folder", "medium", "named-at-home", "page-refused", "news-sitemap"],
)
def test_where_else_feeds_are(asked, pages, found):
    with serve(site(pages)) as server:
        (discovered,) = discover_feeds([server.url(asked)], LOCAL)
        assert [feed["uri"] for feed in discovered.feeds] == [server.url(found)]


def test_a_feed_is_its_own_discovery():
    with serve(site({"/r": RSS})) as server:
        (found,) = discover_feeds([server.url("/r")], LOCAL)
        assert ([feed["uri"] for feed in found.feeds], server.paths) == ([server.url("/r")], ["/r"])


def test_no_feed_and_no_answer():
    with serve(site({"/": b"<html>silent</html>"})) as server:
        silent, missing = discover_feeds([server.url("/"), server.url("/gone")], LOCAL)
    assert silent.problem == "no feed found"
    assert missing.problem is not None
    assert missing.problem.startswith("http-error")
