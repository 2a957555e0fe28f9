import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.urls import canonical_url, is_redirector, is_same_site, page_key, registered_domain

CANONICAL = [
    ("https://wire.example/harbour/12", "https://wire.example/harbour/12"),
    ("  https://wire.example/a \n", "https://wire.example/a"),
    ("HTTPS://Wire.Example/A", "https://wire.example/A"),
    ("https://wire.example", "https://wire.example/"),
    ("https://wire.example.:443/a", "https://wire.example/a"),
    ("http://wire.example:80/a", "http://wire.example/a"),
    ("http://wire.example:8080/a", "http://wire.example:8080/a"),
    ("http://user:secret@wire.example/a", "http://wire.example/a"),
    ("https://wire.example/a/../b/./c", "https://wire.example/b/c"),
    ("https://wire.example/../../b", "https://wire.example/b"),
    ("https://wire.example/a/..", "https://wire.example/"),
    ("https://wire.example/%7Eana/%2e%2e/b", "https://wire.example/b"),
    ("https://wire.example/%7eana", "https://wire.example/~ana"),
    ("https://wire.example/caf%c3%a9", "https://wire.example/caf%C3%A9"),
    ("https://wire.example/café", "https://wire.example/caf%C3%A9"),
    ("https://wire.example/a b", "https://wire.example/a%20b"),
    ("https://wire.example/a%2Fb", "https://wire.example/a%2Fb"),
    ("https://wire.example//en///a", "https://wire.example//en///a"),
    ("https://wire.example/a#comments", "https://wire.example/a"),
    ("https://wire.example/a#:~:text=herring", "https://wire.example/a"),
    ("https://wire.example/#!/story/7", "https://wire.example/#!/story/7"),
    ("https://wire.example/a?", "https://wire.example/a"),
    ("https://wire.example/a?id=1", "https://wire.example/a?id=1"),
    ("https://wire.example/a?b=2&a=1", "https://wire.example/a?b=2&a=1"),
    ("https://wire.example/a?id=1&utm_source=x&UTM_Medium=y", "https://wire.example/a?id=1"),
    ("https://wire.example/a?fbclid=q&gclid=r&mc_cid=s", "https://wire.example/a"),
    ("https://wire.example/a?id=1&amp;utm_source=x&amp;p=2", "https://wire.example/a?id=1&p=2"),
    ("https://wire.example/a?PHPSESSID=9&id=3", "https://wire.example/a?id=3"),
    ("https://wire.example/a;jsessionid=0F?id=3", "https://wire.example/a?id=3"),
    ("https://wire.example/a?ref=rss", "https://wire.example/a"),
    ("https://wire.example/a?ref=chapter-2", "https://wire.example/a?ref=chapter-2"),
    ("https://wire.example/a?amp=1", "https://wire.example/a"),
    ("https://wire.example/a?outputType=amp", "https://wire.example/a"),
    ("https://wire.example/a/amp/", "https://wire.example/a"),
    ("https://wire.example/amp", "https://wire.example/amp"),
    ("https://wire-example.cdn.ampproject.org/c/s/wire.example/a", "https://wire.example/a"),
    ("https://www.google.com/amp/s/wire.example/a", "https://wire.example/a"),
    ("https://www.google.com/url?q=https%3A%2F%2Fwire.example%2Fa%3Fid%3D1&sa=U", "https://wire.example/a?id=1"),
    ("https://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fwire.example%2fa", "https://wire.example/a"),
    ("feed://wire.example/rss", "https://wire.example/rss"),
    ("feed:http://wire.example/rss", "http://wire.example/rss"),
    ("http://пример.example/a", "http://xn--e1afmkfd.example/a"),
    ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
]


@pytest.mark.parametrize(("url", "wanted"), CANONICAL)
def test_canonical_form(url, wanted):
    assert canonical_url(url) == wanted
    assert canonical_url(wanted) == wanted


@pytest.mark.parametrize(
    "url",
    [None, "", "wire.example/a", "//wire.example/a", "ftp://wire.example/a", "file:///etc/passwd", "javascript:alert(1)",
     "data:text/html,x", "https://", "http://[::1/a", "https://wire.example:99999/a", "https://a b.example/", "urn:uuid:1"],
)  # fmt: skip
def test_no_http_url_has_no_canonical_form(url):
    assert canonical_url(url) is None
    assert page_key(url) is None
    assert registered_domain(url) is None


def test_page_key_joins_the_renderings_of_a_page():
    forms = [
        "https://wire.example/a",
        "http://wire.example/a/",
        "https://www.wire.example/a",
        "https://m.wire.example/a?utm_source=x",
        "https://amp.wire.example/a",
        "https://wire.example/a/amp",
        "https://wire.example/amp/a",
        "https://wire.example/a.amp",
        "https://wire.example/a/index.html",
        "https://wire.example/a/index.amp.html?itm_source=y",
    ]
    assert len({page_key(url) for url in forms}) == 1


def test_page_key_keeps_what_may_be_another_page():
    pages = [
        "https://wire.example/a?id=1",
        "https://wire.example/a?id=2",
        "https://wire.example/A",
        "https://m.example/a",
    ]
    assert len({page_key(url) for url in pages}) == len(pages)


_pieces = st.lists(
    st.sampled_from(
        ["/", "..", ".", "a", "é", "%7e", "%2F", "%", "?", "&", "=", "id=1", "utm_source=x", "amp", "#", "#!", ";jsessionid=1",
         "&amp;", " ", "[", "]", "|", "\\", ":", "@", "//", "https://wire.example/b", "%5B"]
    ),
    max_size=8,
)  # fmt: skip
_hosts = st.sampled_from(
    ["wire.example", "WWW.Wire.example:443", "x@wire.example", "пример.example", "[::1]", "127.0.0.1", "www.google.com/url?q=",
     "cdn.ampproject.org/c/s/wire.example"]
)  # fmt: skip


@given(st.sampled_from(["http://", "https://", "HTTP://"]), _hosts, _pieces)
def test_canonical_form_is_idempotent(scheme, host, pieces):
    once = canonical_url(scheme + host + "/" + "".join(pieces))
    assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://www.news.co.uk/a", "news.co.uk"),
        ("https://blog.ana.blogspot.com/a", "ana.blogspot.com"),
        ("https://wire.example/a", "wire.example"),
        ("https://a.b.wire.example/a", "wire.example"),
        ("http://localhost:8000/", "localhost"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://новости.рф/", "xn--b1amnebsh.xn--p1ai"),
        ("https://co.uk/", "co.uk"),
    ],
)
def test_registered_domain(url, wanted):
    assert registered_domain(url) == wanted


def test_redirectors_are_told_from_sites():
    assert is_redirector("https://news.google.com/rss/articles/CBMiX")
    assert is_redirector("https://t.co/abc")
    assert not is_redirector("https://about.google.com/stories")
    assert not is_redirector("https://wire.example/t.co")


def test_same_site_is_by_registered_domain():
    assert is_same_site("https://a.wire.example/", "http://b.wire.example/")
    assert not is_same_site("https://wire.co.uk/", "https://other.co.uk/")
    assert not is_same_site(None, None)
