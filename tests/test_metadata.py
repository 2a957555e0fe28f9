import datetime as dt

import pytest

from transforms.article.authors import clean_authors
from transforms.article.body import parse_html
from transforms.article.metadata import read_metadata
from transforms.article.page_dates import date_of_url

REFERENCE = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
TITLE = "Harbour council raises the price of herring"


def read(head: str = "", body: str = "", url: str | None = None, zone: str | None = None):
    return read_metadata(
        parse_html(f"<html lang='en-GB'><head>{head}</head><body>{body}</body></html>"), url, zone, REFERENCE
    )


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = """{"@type": "NewsArticle", "headline": "Harbour council raises the price of herring",
 "datePublished": "2025-12-24T17:59:00+04:00", "dateModified": "2025-12-25T08:00:00Z", "articleSection": "Economy",
 "author": [{"@type": "Person", "name": "Ana Petrova"}, {"name": "Ben Okoro"}], "keywords": "herring, trade",
 "publisher": {"name": "Harbour Post"}, "isAccessibleForFree": "False"}"""


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite", "name": "Harbour Post"}}, {ARTICLE}]}}',
        f"[{ARTICLE}]",
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        ARTICLE.replace("herring, trade", "herring,\n trade").replace('"False"}', '"False",}'),
        ARTICLE.replace('"NewsArticle"', '["NewsArticle", "http://schema.org/ReportageNewsArticle"]'),
    ],
)
def test_jsonld_as_it_is_found(script):
    page = read(ld(script))
    assert (page.title, page.authors, page.section) == (TITLE, ("Ana Petrova", "Ben Okoro"), "Economy")
    assert page.published.at == dt.datetime(2025, 12, 24, 13, 59, tzinfo=dt.UTC)
    assert (page.published.utc_offset, page.published.source, page.published.quality) == (240, "jsonld", "exact")
    assert page.modified_at == dt.datetime(2025, 12, 25, 8, tzinfo=dt.UTC)
    assert (page.tags, page.site, page.paywalled, page.language) == (
        ("herring", "trade"),
        "Harbour Post",
        True,
        "en-GB",
    )


def test_broken_jsonld_still_tells_its_fields():
    page = read(ld('{"@type": "NewsArticle", "headline": "A \\"great\\" day", "datePublished": "2025-12-24T10:00:00Z", "author": {"name": "Ana Petrova"}, "x": oops'))  # fmt: skip
    assert (page.title, page.authors) == ('A "great" day', ("Ana Petrova",))
    assert page.published.at == dt.datetime(2025, 12, 24, 10, tzinfo=dt.UTC)


def test_authors_by_reference():
    graph = '{"@graph": [{"@type": "NewsArticle", "headline": "x y z", "author": {"@id": "#a"}}, {"@id": "#a", "@type": "Person", "name": "Ana Petrova"}]}'
    assert read(ld(graph)).authors == ("Ana Petrova",)


@pytest.mark.parametrize(
    "script", ["", "null", "7", "[[]]", "{}", "[" * 5000, '{"@type": {"a": 1}, "headline": [1, {}]}']
)
def test_jsonld_that_says_nothing(script):
    page = read(ld(script))
    assert (page.title, page.authors, page.published.at) == (None, (), None)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f"<title>{TITLE} - Economy | Harbour Post</title>", f"<h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE} | Harbour Post</title><meta property='og:site_name' content='Harbour Post'>", "", TITLE),
        (f"<title>{TITLE} | Economy | Harbour Post</title><meta property='og:site_name' content='Harbour Post'>", "", TITLE),
        (f"<title>Harbour Post | {TITLE}</title><meta property='og:site_name' content='The Harbour Post'>", "", TITLE),
        (f"<meta property='og:title' content='{TITLE}'>", "<h1>Harbour Post</h1>", TITLE),
        (f"<title>{TITLE} - Harbour Post</title>", f"<h1>Harbour Post</h1><h1>{TITLE}</h1>", TITLE),
        (f"<meta property='og:title' content='{TITLE}, again'>", "<h1>The price of herring goes up in the harbour</h1>",
         "The price of herring goes up in the harbour"),
        ("<title>Pro-trade voters - a long history</title>", "", "Pro-trade voters - a long history"),
        ("<title>R&amp;D: it&#39;s growing</title>", "", "R&D: it's growing"),
        ("", "<p>No title at all.</p>", None),
    ],
)  # fmt: skip
def test_titles_are_the_headline_without_the_site(head, body, title):
    assert read(head, body).title == title


SHOWN = "Dearer herring: harbour council raises the price"


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        (TITLE, TITLE),
        (f"{TITLE} | Harbour Post", TITLE),
        ("Dearer herring: harbour council...", SHOWN),
        (f"{SHOWN} - Ana Petrova - Harbour Post", SHOWN),
        ("A fish of the northern seas", SHOWN),
        ("Harbour", "Harbour"),
        ("", SHOWN),
    ],
)
def test_the_stated_headline_where_the_page_backs_it(stated, title):
    head = f"<title>{SHOWN}</title><meta property='og:site_name' content='Harbour Post'>"
    script = ld(f'{{"@type": "NewsArticle", "headline": "{stated}"}}')
    page = read(head + script, f"<h1>{SHOWN}</h1>")
    assert (page.title, page.heading) == (title, SHOWN)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # The site's own heading stands at an end of the title, which another title of the page leaves out.
        (f"<title>Tidal Notes: {TITLE}</title><meta property='og:title' content='{TITLE}'>", "<h1>Tidal Notes</h1>", TITLE),
        # Its words are those behind the last separator only.
        (f"<title>{TITLE} [Notes of the Tides]</title>", "<h1>Notes of the Tides, beta</h1>", f"{TITLE} [Notes of the Tides]"),
        # An h1 that shares small words with the title is less than a heading that says it.
        (f"<title>{TITLE}</title>", f"<h1>Fish and the price of it</h1><h2>{TITLE}</h2>", TITLE),
        # The part behind a dash is the headline where the site is called something else.
        ("<meta property='og:title' content='The Sea Band and Friends – Blue Fish'><meta property='og:site_name' content='Tune'>",
         "<h1>Blue Fish</h1>", "Blue Fish"),
        # What stands before the colon of all other titles is a kicker.
        ("<title>Herring: what the council pays for the winter catch</title><meta property='og:title' content='Herring: what the council pays for the winter catch'>",
         "<h1>Herring</h1>", "Herring: what the council pays for the winter catch"),
        ("<title>Herring prices rise again: Ana Petrova</title><meta property='og:title' content='Herring prices rise again: Ana Petrova'>",
         "<h1>Herring prices rise again</h1>", "Herring prices rise again"),
        # A link to the front page is a logo.
        (f"<title>{TITLE} Council of Herring</title>", "<h1><a href='https://wire.example'>Council of Herring</a></h1>",
         f"{TITLE} Council of Herring"),
        # A site that is called like the page is not called so.
        (f"<title>{TITLE} | Wire</title><meta property='og:site_name' content='{TITLE} | Wire'>", f"<h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE}</title>", f"<h1>{TITLE} ¶</h1>", TITLE),
        ("<title>Herring &amp;amp; chips &amp;#8230; again</title>", "", "Herring & chips … again"),
    ],
)  # fmt: skip
def test_headings_that_are_no_headline(head, body, title):
    assert read(head, body).title == title


def test_a_headline_that_was_cut_at_the_length_search_engines_show():
    whole = f"{SHOWN}, and the fishmongers of the old town who say that they will not pay it before the spring comes"
    script = ld(f'{{"@type": "NewsArticle", "headline": "{whole[:109].strip()}"}}')
    assert read(f"<title>{whole} | Wire</title>{script}", f"<h1>{whole}</h1>").title == whole


@pytest.mark.parametrize(
    ("head", "body", "at", "source", "quality"),
    [
        ("<meta property='article:published_time' content='2025-12-24T17:59:00Z'>", "", "2025-12-24T17:59", "meta", "exact"),
        ("<meta itemprop='datePublished' content='2025-12-24'>", "", "2025-12-24T00:00", "meta", "day"),
        ("", f"<h1>{TITLE}</h1><time datetime='2025-12-24T17:59+01:00'>Wednesday</time>", "2025-12-24T16:59", "meta", "exact"),
        ("", f"<h1>{TITLE}</h1><p>By Ana Petrova</p><p>24 December 2025, 17:59</p>", "2025-12-24T17:59", "text", "zoneless"),
        ("<meta name='date' content='2025-12-24'>", f"<h1>{TITLE}</h1><time datetime='2025-12-24T09:00Z'>x</time>",
         "2025-12-24T09:00", "meta", "exact"),
        (ld('{"@type":"NewsArticle","datePublished":"2025-12-24T09:00:00"}')
         + "<meta property='article:published_time' content='2025-12-24T09:00:00Z'>", "", "2025-12-24T09:00", "meta", "exact"),
    ],
)  # fmt: skip
def test_dates_by_trust_and_precision(head, body, at, source, quality):
    page = read(f"<title>{TITLE}</title>{head}", body)
    assert page.published.at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert (page.published.source, page.published.quality) == (source, quality)


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1>" + "<p>The council met for the first time since the storm and spoke at length.</p>" * 20 + "<p>On 5 May 1998 the old pier fell.</p>",
        "<p>On 5 May 1998 the old pier fell.</p>",
        f"<h1>{TITLE}</h1><p>2099-01-01</p>",
        f"<h1>{TITLE}</h1><p>© 2024 Harbour Post</p>",
    ],
)  # fmt: skip
def test_no_date_where_the_page_shows_none(body):
    assert read(f"<title>{TITLE}</title>", body).published.at is None


LATE = f"<h1>{TITLE}</h1><p>{'Herring swim. ' * 90}</p>"


@pytest.mark.parametrize(
    ("body", "day"),
    [
        (f"{LATE}<span class='post-date'>3 November 2025</span>", "2025-11-03"),
        (f"<h5 class='published'>Published on: 3 November 2025</h5>{LATE}<time datetime='2025-11-03'>Monday</time>", "2025-11-03"),
        (f"{LATE}<time datetime='2025-11-03'>3 Nov</time><time datetime='2025-11-09'>9 Nov</time>", None),
        (f"{LATE}<p>Last updated <time datetime='2025-11-03'>3 Nov</time></p>", None),
        (f"{LATE}<div class='event-date'>3 November 2025</div>", None),
        (f"{LATE}<p>3 November 2025</p>", None),
    ],
)  # fmt: skip
def test_the_only_date_shown_anywhere(body, day):
    at = read(body=body).published.at
    assert (at and at.date().isoformat()) == day


@pytest.mark.parametrize(
    ("body", "day"),
    [
        (f"<article><p>3 November 2025</p><h1>{TITLE}</h1></article>", "2025-11-03"),
        (f"<div><div>Posted</div><div>Nov 3, 2025</div><div>in <a>Fish</a></div></div><div><h1>{TITLE}</h1></div>", "2025-11-03"),
        (f"<div><span>3 Nov 2025</span><span>Updated: 9 Nov 2025</span></div><h1>{TITLE}</h1>", "2025-11-03"),
        (f"<time datetime='2025-11-03T09:00Z'>Monday</time><h1>{TITLE}</h1>", "2025-11-03"),
        (f"<div>{'<i></i>' * 60}<p>3 Nov 2025</p></div><h1>{TITLE}</h1>", "2025-11-03"),
        # What is above may be the day on which the page was made, or another story.
        (f"<div><nav><a>10 January 2026</a></nav></div><h1>{TITLE}</h1>", None),
        (f"<header><p>Saturday, 10 January 2026</p></header><h1>{TITLE}</h1>", None),
        (f"<div class='current-date'>10 January 2026</div><h1>{TITLE}</h1>", None),
        (f"<p>10 January 2026</p><ul><li>Fish</li><li>Boats</li></ul><h1>{TITLE}</h1>", None),
        (f"<p>10 January 2026</p><p>{'Herring swim. ' * 15}</p><h1>{TITLE}</h1>", None),
        (f"<p>3 November 2025</p><div><h1>Boats</h1></div><main><h1>{TITLE}</h1></main>", None),
    ],
)  # fmt: skip
def test_the_date_right_above_the_headline(body, day):
    at = read(f"<title>{TITLE}</title>", body).published.at
    assert (at and at.date().isoformat()) == day


@pytest.mark.parametrize(
    ("lines", "published", "modified", "quality"),
    [
        ("<p>Updated 9 Nov 2025 | Published 3 Nov 2025</p>", "2025-11-03", None, "day"),
        ("<p>Published 3 Nov 2025, last updated 9 Nov 2025</p>", "2025-11-03", None, "day"),
        ("<p>Last updated</p><time datetime='2025-11-09'>9 Nov</time><p>First published</p><time datetime='2025-11-03'>3 Nov</time>", "2025-11-03", "2025-11-09", "day"),
        ("<time class='updated' datetime='2025-11-09'>9 Nov</time><time class='published' datetime='2025-11-03'>3 Nov</time>", "2025-11-03", None, "day"),
        ("<time class='updated' datetime='2025-11-09'>9 Nov</time>", "2025-11-09", None, "day"),
        ("<p>Updated: 9 Nov 2025</p>", "2025-11-09", "2025-11-09", "guessed"),
        ("<p>The council said that boats must be back in the harbour by 9 November 2025, the first day of the storms.</p>", None, None, None),
        ("<p>Nov. 3, 2025 -- The council raised the price of herring again, the third time since the summer began.</p>", "2025-11-03", None, "day"),
    ],
)  # fmt: skip
def test_publication_and_change_are_told_apart(lines, published, modified, quality):
    page = read(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>{lines}")
    days = [at and at.date().isoformat() for at in (page.published.at, page.modified_at)]
    assert (*days, page.published.quality) == (published, modified, quality)


@pytest.mark.parametrize(
    ("name", "day"),
    [("w-published-date", "2025-12-24"), ("wire:pub_date", "2025-12-24"), ("unpublished-date", None), ("republish-on", None), ("event-date", None)],
)  # fmt: skip
def test_names_of_their_own_for_the_publication(name, day):
    at = read(f"<meta name='{name}' content='2025-12-24T10:00:00Z'>").published.at
    assert (at and at.date().isoformat()) == day


def test_a_zoneless_date_is_taken_in_the_outlets_zone():
    page = read("<meta property='article:published_time' content='2025-12-24 17:59'>", zone="Asia/Baku")
    assert (page.published.at, page.published.utc_offset) == (dt.datetime(2025, 12, 24, 13, 59, tzinfo=dt.UTC), 240)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://wire.example/2025/12/24/herring", "2025-12-24"),
        ("https://wire.example/news/2025-12-24/herring", "2025-12-24"),
        ("https://wire.example/news/20251224-herring", "2025-12-24"),
        ("https://wire.example/2025/dec/24/herring", "2025-12-24"),
        ("https://wire.example/2025/december/24/herring", "2025-12-24"),
        ("https://wire.example/2025/sports/24/herring", None),
        ("https://wire.example/2025/13/24/herring", None),
        ("https://wire.example/2025/02/30/herring", None),
        ("https://wire.example/article/20251299", None),
        ("https://wire.example/2027/12/24/herring", None),
        (None, None),
    ],
)
def test_the_day_that_an_address_names(url, day):
    found = date_of_url(url, REFERENCE)
    assert (found.at and found.at.date().isoformat()) == day
    assert (found.source, found.quality) == (("url", "day") if day else ("none", None))


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        (["By Ana Petrova and Ben Okoro"], ("Ana Petrova", "Ben Okoro")),
        (["Ana Petrova, Ben Okoro", "ana petrova"], ("Ana Petrova", "Ben Okoro")),
        (["https://wire.example/staff/ana-petrova", "ana@wire.example", "admin"], ()),
        (["Harbour Post", "Ana Petrova"], ("Ana Petrova",)),
        (["John Smith, Jr."], ("John Smith, Jr.",)),
        (["Ana Petrova, MD, Ben Okoro, Ph.D."], ("Ana Petrova", "Ben Okoro")),
        (["Ana &amp; Ben"], ("Ana", "Ben")),
        (["  "], ()),
    ],
)
def test_authors_are_names(names, authors):
    assert clean_authors(names, "Harbour Post") == authors


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("<meta name='dc.creator' content='Petrova, Ana'><meta name='dc.creator' content='Okoro, Ben'>", "", ("Ana Petrova", "Ben Okoro")),
        ("", "<p>By <span itemprop='author' itemscope><b itemprop='name'>Ana Petrova</b></span></p>", ("Ana Petrova",)),
        ("", "<div itemscope itemtype='https://schema.org/Comment'><b itemprop='author'>Ana Petrova</b></div>", ()),
        ("<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ana Petrova'>", "", ("Ana Petrova",)),
        ("<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ana Petrova'>",
         f"<h1>{TITLE}</h1><p class='byline'>By Ben Okoro</p>", ("Ben Okoro",)),
        ("<meta name='twitter:label1' content='Reading time'><meta name='twitter:data1' content='Nine Minutes'>", "", ()),
        ("", f"<h1>{TITLE}</h1><p>{'Herring swim. ' * 90}</p><p class='byline'>By Ana Petrova April 3</p>", ("Ana Petrova",)),
        ("", f"<div><p>by Ana Petrova</p><h1>{TITLE}</h1></div>", ("Ana Petrova",)),
        ("", f"<div><p>by Ana Petrova</p><h1>{TITLE}</h1><p>By Ben Okoro</p></div>", ("Ben Okoro",)),
        ("", f"<h1>{TITLE}</h1><p><b>Contributors:</b> Ana Petrova</p>", ("Ana Petrova",)),
        ("", f"<h1>{TITLE}</h1><span class='author'>Written By</span><span class='jobs-hero__author'>Ana Petrova</span>", ("Ana Petrova",)),
        ("", f"<h1>{TITLE}</h1><p class='author-description'>Licensed Fish Grader</p>", ()),
    ],
)  # fmt: skip
def test_authors_by_trust(head, body, authors):
    assert read(head, body).authors == authors


def test_the_byline_stands_in_for_metadata():
    body = f"<h1>{TITLE}</h1><div class='meta'><span>By <a href='/authors/ana'>Ana Petrova</a></span><time>24 December 2025</time></div>"
    assert read(f"<title>{TITLE}</title>", body).authors == ("Ana Petrova",)


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel='canonical' href='https://wire.example/a?utm_source=x'>", "https://wire.example/a"),
        ("<link rel=canonical href='/b'>", "https://wire.example/b"),
        ("<meta property='og:url' content='https://wire.example/c'>", "https://wire.example/c"),
        ("<link rel='canonical' href='javascript:alert(1)'>", None),
        ("<link rel=canonical href='https://[site]/a'><link rel=canonical href='/b'>", "https://wire.example/b"),
    ],
)
def test_the_address_that_a_page_gives_itself(head, canonical):
    assert read(head, url="https://wire.example/x").canonical == canonical


def test_broken_jsonld_and_nested_authors_do_not_run_away():
    script = ld('"author":[{' * 50_000 + '"headline": "Dear herring"')
    nested = ("<div itemprop='author'>" * 200 + "Ana Petrova" + "</div>" * 200) * 200
    assert read(f"<title>{TITLE}</title>" + script, nested).title == TITLE
