import datetime as dt
import pickle

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.source import RawArticle, SourceSettings
from transforms.article.errors import ExtractError
from transforms.article.extract import count_words_besides, extract_article, keep_text, plain_paragraphs
from transforms.article.extract_stage import ExtractArticles, extract_or_fail

REFERENCE = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
SENTENCE = "The harbour council met on Monday to settle the price of herring for the coming year, its chair said."
PAGE = f"""<html lang="en"><head><title>Herring goes up | Harbour Post</title><link rel="canonical" href="CANONICAL">
<meta property="og:site_name" content="Harbour Post">HEAD</head><body><h1>Herring goes up</h1>{f"<p>{SENTENCE}</p>" + "<p>Fishermen had asked for more after a poor season, and got it.</p>"}</body></html>"""


def page(url: str | None = None, canonical: str = "", head: str = "", **fields) -> RawArticle:
    html = PAGE.replace("CANONICAL", canonical).replace("HEAD", head)
    return RawArticle("file:///in/page.html", "page", url=url, html=html, encoding="utf-8", **fields)


def record(**fields) -> RawArticle:
    return RawArticle("file:///in/records.jsonl", "record", **{"text": SENTENCE, **fields})


def entry(**fields) -> RawArticle:
    return RawArticle(
        "https://wire.example/rss", "entry", **{"text": SENTENCE, "url": "https://wire.example/a", **fields}
    )


def test_a_page_file_takes_its_address_from_itself():
    article = extract_article(page(canonical="https://www.harbour.example/herring?utm_source=x"), REFERENCE)
    assert (article.url, article.outlet, article.title) == (
        "https://www.harbour.example/herring",
        "harbour.example",
        "Herring goes up",
    )
    assert article.text.split("\n")[0] == SENTENCE
    assert (article.language, article.encoding, article.published.at) == ("en", "utf-8", None)


def test_a_page_without_any_address_is_filed_as_unknown():
    article = extract_article(page(), REFERENCE)
    assert (article.url, article.outlet) == ("file:///in/page.html", "unknown")


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://wire.example/herring", "https://wire.example/herring"),
        ("https://victim.example/story", "https://wire.example/a"),
        ("javascript:alert(1)", "https://wire.example/a"),
    ],
)
def test_a_fetched_page_may_rename_itself_on_its_own_site_only(canonical, url):
    article = extract_article(page(url="https://wire.example/a", canonical=canonical), REFERENCE)
    assert (article.url, article.outlet) == (url, "wire.example")


def test_a_page_takes_from_its_entry_what_it_lacks():
    article = extract_article(
        page(url="https://wire.example/a", title="Herring", published="Wed, 24 Dec 2025 10:00:00 GMT", published_source="feed",
             authors=("Ana Petrova",), guid="g1", feed_title="Wire"), REFERENCE,
    )  # fmt: skip
    assert (article.title, article.authors, article.guid) == ("Herring goes up", ("Ana Petrova",), "g1")
    assert (article.published.source, article.published.quality) == ("feed", "exact")


def test_the_page_dates_itself_unless_the_feed_is_more_precise():
    exact = "<meta property='article:published_time' content='2025-12-24T10:00:00Z'>"
    both = extract_article(page(head=exact, published="2025-12-25T10:00:00Z", published_source="feed"), REFERENCE)
    assert (both.published.source, both.published.at.day) == ("meta", 24)
    day = extract_article(
        page(head="<meta name='date' content='2025-12-24'>", published="2025-12-24T10:00:00Z", published_source="feed"),
        REFERENCE,
    )
    assert (day.published.source, day.published.precision) == ("feed", "second")


def test_a_date_after_the_retrieval_is_no_date():
    assert extract_article(entry(published="2026-01-13T00:00:00Z"), REFERENCE).published.at is None
    assert extract_article(entry(published="2026-01-11T00:00:00Z"), REFERENCE).published.at is not None


def test_published_option_is_for_documents_that_bear_no_date():
    settings = SourceSettings(published="2025-12-23")
    undated = extract_article(record(settings=settings), REFERENCE).published
    assert (undated.at, undated.precision, undated.source) == (
        dt.datetime(2025, 12, 23, tzinfo=dt.UTC),
        "day",
        "option",
    )
    dated = extract_article(record(settings=settings, published="2025-12-24T10:00:00Z"), REFERENCE).published
    assert dated.source == "meta"


def test_the_address_dates_what_nothing_else_does():
    published = extract_article(entry(url="https://wire.example/2025/12/24/a"), REFERENCE).published
    assert (published.source, published.quality) == ("url", "day")


def test_a_record_keeps_its_lines():
    text = "  LONDON, March 3 - Talks on herring\r\nwent on, officials\rsaid.\x00\n\n   More to follow.  \n"
    assert keep_text(text) == "LONDON, March 3 - Talks on herring\nwent on, officials\nsaid.\n\n   More to follow."
    assert extract_article(record(text=text), REFERENCE).text == keep_text(text)


def test_a_record_goes_before_its_markup():
    raw = RawArticle("file:///in/r.jsonl", "record", url="https://wire.example/a", html=page().html, title="Given title", outlet_name="The Wire",
                     published="2025-12-24", published_source="meta", authors=("Ben Okoro",), language="en")  # fmt: skip
    article = extract_article(raw, REFERENCE)
    assert (article.title, article.outlet, article.outlet_name, article.authors) == (
        "Given title",
        "the-wire",
        "The Wire",
        ("Ben Okoro",),
    )


@pytest.mark.parametrize(
    ("raw", "outlet"),
    [
        (entry(), "wire.example"),
        (entry(settings=SourceSettings(outlet="Harbour Post")), "harbour-post"),
        (entry(url="https://news.google.com/rss/articles/x"), "wire.example"),
        (entry(url="https://news.google.com/rss/articles/x", site_url="https://www.harbour.example"), "harbour.example"),
        (RawArticle("https://news.google.com/rss?q=x", "entry", text=SENTENCE, url="https://news.google.com/rss/articles/x"), "unknown"),
        (RawArticle("file:///in/feed.xml", "entry", text=SENTENCE), "unknown"),
        (record(url="https://www.harbour.example/a"), "harbour.example"),
        (record(outlet_name="360"), "n-360"),
        (RawArticle("file:///in/c.txt", "capture", text=SENTENCE, outlet_name="Harbour.Example"), "harbour.example"),
        (RawArticle("file:///in/c.txt", "capture", text=SENTENCE, outlet_name="x.example", settings=SourceSettings(outlet="y.example")), "y.example"),
    ],
)  # fmt: skip
def test_outlets(raw, outlet):
    assert extract_article(raw, REFERENCE).outlet == outlet


def test_entries_become_plain_paragraphs():
    html = f"<p>{SENTENCE}</p><script>x()</script><p>More &amp; more.<br/>And more.</p><p>The post Herring appeared first on Harbour Post.</p>"
    assert extract_article(entry(html=html), REFERENCE).text == f"{SENTENCE}\nMore & more.\nAnd more."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain &lt;b&gt; text", "plain <b> text"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("one<br>two<!-- no -->three", "one\ntwothree"),
        ("<p>line\nbroken</p>", "line broken"),
        ("<style>p{}</style><p>x</p>", "x"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_plain_paragraphs(html, text):
    assert plain_paragraphs(html) == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (entry(text="Read on"), "too-short"),
        (entry(text=None), "no-text"),
        (entry(text="Herring goes up again", title="Herring goes up"), "too-short"),
        (record(text="\x00 \n"), "no-text"),
    ],
)
def test_too_little_text_is_refused(raw, reason):
    with pytest.raises(ExtractError) as caught:
        extract_article(raw, REFERENCE)
    assert caught.value.reason == reason


def test_words_besides_the_title():
    assert count_words_besides("Herring goes  up. The council agreed.", "Herring Goes Up") == 3 + 1
    assert count_words_besides("The council agreed.", None) == 3


def test_failures_say_where_and_what():
    failure = extract_or_fail(entry(text="Too short"), REFERENCE)
    assert (failure.stage, failure.reason, failure.url, failure.outlet, failure.once) == ("extract", "too-short", "https://wire.example/a", "wire.example", True)  # fmt: skip
    assert len(failure.payload_sha256) == 64


@pytest.mark.parametrize(
    ("title", "text", "reason", "key"),
    [
        (
            "Just a moment...",
            "Checking your browser before accessing wire.example, it takes five seconds.",
            "bot-check",
            0,
        ),
        ("Herring goes up", "Herring goes up", "no-text", 7),
    ],
)
def test_what_a_site_shows_for_a_moment_is_asked_for_again(title, text, reason, key):
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    raw = RawArticle("https://wire.example/rss", "page", url="https://wire.example/a", html=html, entry_key=7)
    failure = extract_or_fail(raw, REFERENCE)
    assert (failure.reason, failure.entry_key) == (reason, key)


def test_results_travel_between_processes():
    article = extract_or_fail(page(), REFERENCE)
    assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301
    assert pickle.loads(pickle.dumps(ExtractError("no-text", "x"))).reason == "no-text"  # noqa: S301


def test_extraction_is_the_same_on_any_clock():
    later = REFERENCE + dt.timedelta(days=9000)
    raw = page(head="<meta name='date' content='2025-12-24'>")
    assert extract_article(raw, REFERENCE) == extract_article(raw, later)


class _Collect(beam.PTransform):
    def expand(self, failures):
        return failures | beam.Map(lambda failure: failure.reason)


def test_the_stage_parts_articles_from_failures():
    with _TestPipeline() as pipeline:
        raw = pipeline | beam.Create([record(title="One"), record(text="Two words"), entry(title="Three")])
        with ErrorHandler(_Collect()) as errors:
            articles = raw | ExtractArticles(REFERENCE, errors)
        assert_that(articles | beam.Map(lambda article: article.title), equal_to(["One", "Three"]), "Articles")
        assert_that(errors.output(), equal_to(["too-short"]), "Failures")


@pytest.mark.parametrize(
    "junk",
    [
        "\x01",
        "\x0b",
        "\x0c",
        "\x1f",
        "\ufffe",
        "\uffff",
        "\ud800",
        "&#1;",
        "&#0011",
        "&#1abc",
        "&#99999999999;",
        "&#11;",
        "&#xFFFE;",
        "&#xD800;",
    ],
)
def test_characters_that_no_xml_may_hold_do_not_stop_a_page(junk):
    listing = "".join(f"<li><a href='/{n}'>Harbour {n}{junk}</a></li>{junk}" for n in range(9))
    words = "The harbour master met the ministers on Monday and spoke for an hour about the price of herring. " * 9
    html = f"<html><body>{junk}<!-- a -->{junk}<nav>{junk}</nav>{junk}<ul>{listing}</ul>{junk}<article><p>{words}{junk}"
    html += (
        f"<!-- b -->{junk}</p>{junk}<aside>{junk}</aside>{junk}</article><figure>{junk}</figure>{junk}</body></html>"
    )
    article = extract_article(
        RawArticle("file:///p.html", "page", url="https://pier.example/herring-price", html=html), REFERENCE
    )
    assert "price of herring" in article.text


def test_the_markup_of_a_record_is_bounded_as_that_of_a_page():
    deep = RawArticle("file:///in/a.jsonl", "record", html="<div>" * 300 + f"<p>{SENTENCE}</p>")
    with pytest.raises(ExtractError) as caught:
        extract_article(deep, REFERENCE)
    assert caught.value.reason == "html-too-deep"
