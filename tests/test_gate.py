import datetime as dt

import pytest

from schemas.quarantine import REASONS
from schemas.source import RawArticle
from transforms.article.errors import ExtractError
from transforms.article.extract import extract_article

REFERENCE = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
PARAGRAPH = "The harbour council met on Monday to settle the price of herring for the coming year, its chair said after the vote."
ARTICLE = "".join(f"<p>{PARAGRAPH} Item {number} passed without a vote.</p>" for number in range(8))
NAV = "<nav><ul><li><a href='/politics'>Politics</a></li><li><a href='/sport'>Sport</a></li><li><a href='/login'>Sign in</a></li></ul></nav>"
FOOT = "<footer><a href='/about'>About us</a> <a href='/privacy'>Privacy policy</a><p>© 2025 Harbour Post.</p></footer>"


def refuse(head: str, body: str, url: str | None = None) -> ExtractError | None:
    html = f"<html><head>{head}</head><body>{NAV}{body}{FOOT}</body></html>"
    try:
        extract_article(RawArticle("file:///in/page.html", "page", url=url, html=html), REFERENCE)
    except ExtractError as error:
        return error
    return None


def reason_of(head: str, body: str, url: str | None = None) -> str | None:
    error = refuse(head, body, url)
    assert error is None or (error.reason in REASONS and error.detail)
    return error.reason if error else None


TEASERS = "".join(
    f"<div><h3><a href='/story-{n}'>Story number {n} of the day from the harbour</a></h3><p>A short teaser of it.</p></div>"
    for n in range(20)
)
COOKIES = (
    "<div><h2>We value your privacy</h2><p>We and our 842 partners store and/or access information on a device, such as cookies, and process"
    " personal data for personalised advertising and content, audience research and services development.</p><p>With your permission we may use"
    " precise geolocation. You may withdraw your consent at any time; some partners rely on legitimate interest. See our privacy policy.</p>"
    "<button>Accept all</button><button>Manage settings</button></div>"
)
STUB = f"<h1>Herring goes up</h1><p>{PARAGRAPH}</p><div>This article is for subscribers only. Subscribe to continue reading.</div>"
PAID = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Herring goes up","isAccessibleForFree":false%s}</script>'
TERMS = (
    "<h1>Terms of use</h1>"
    + "<p>By using our website you agree to these terms; we may change them at any time without telling you.</p>" * 6
)
LOGIN = "<h1>Log in</h1><form><input type='email'><input type='password'></form><p>Forgot your password? Write to us, and we will send you a new one.</p>"
BRIEF = "<article><h1>Herring goes up</h1><time datetime='2025-12-01T10:00Z'>1 December</time><p>The price of herring went up by two crowns on Monday, the harbour council said.</p></article>"


@pytest.mark.parametrize(
    ("head", "body", "url", "reason"),
    [
        ("<title>Herring goes up</title>", ARTICLE, "https://wire.example/herring-goes-up", None),
        ("<title>404 Not Found</title>", "<h1>Not Found</h1><p>The page you requested was not found on this server, sorry for that.</p>", None, "error-page"),
        ("<title>Page not found - Harbour Post</title>", "<h1>Oops!</h1><p>It looks like nothing was found at this location, maybe try a search?</p>", None, "error-page"),
        ("<title>Harbour Post</title>", f"<h1>Sorry, we can’t find that page</h1><h2>Most read</h2>{TEASERS}", "https://wire.example/news/herring-goes-up-again", "error-page"),
        ("<title>Just a moment...</title>", "<p>Checking your browser before accessing wire.example, it takes five seconds.</p>", None, "bot-check"),
        ("<title>wire.example</title>", "<h1>Are you a robot?</h1><p>Please complete the captcha so that we know you are a person.</p>", None, "bot-check"),
        ("<title>Access denied</title>", "<p>You don't have permission to access this resource on this server today.</p>", None, "error-page"),
        ("<title>Page not found: how the web forgets</title>", ARTICLE * 2, "https://wire.example/how-the-web-forgets", None),
        ("<title>Harbour Post</title>", COOKIES, "https://wire.example/a-story", "consent-wall"),
        ("<title>Harbour Post</title>", COOKIES, None, "consent-wall"),
        ("<title>Cookie law passes the council</title>", ARTICLE + "<p>The law on cookies asks for consent.</p>", "https://wire.example/cookie-law", None),
        ("<title>Herring goes up</title>", COOKIES + ARTICLE, "https://wire.example/herring-goes-up", None),
        ("<title>Herring goes up</title>", STUB, "https://wire.example/herring", "paywall"),
        (PAID % "", f"<h1>Herring goes up</h1><p>{PARAGRAPH}</p>", "https://wire.example/herring", "paywall"),
        (PAID % "", f"<h1>Herring goes up</h1><p>{PARAGRAPH} {PARAGRAPH}</p><p>{PARAGRAPH} {PARAGRAPH}</p>", "https://wire.example/herring", "paywall"),
        (PAID % ',"wordCount":1400', f"<h1>Herring goes up</h1>{ARTICLE}", "https://wire.example/herring", "paywall"),
        (PAID % "", f"<h1>Herring goes up</h1>{ARTICLE}", "https://wire.example/herring", None),
        ("<title>Herring goes up</title><meta property='article:content_tier' content='locked'>", f"<h1>Herring goes up</h1><p>{PARAGRAPH}</p>", None, "paywall"),
        ("<title>Harbour Post</title><meta property='og:type' content='website'>", TEASERS, "https://wire.example/", "not-an-article"),
        ("<title>Economy</title><meta property='og:type' content='website'>", TEASERS, "https://wire.example/category/economy", "not-an-article"),
        ("<title>Economy | Harbour Post</title>", f"<h1>Economy</h1>{TEASERS}", None, "not-an-article"),
        ("<title>Herring</title><link rel='canonical' href='https://wire.example/'>", TEASERS, None, "not-an-article"),
        ("<title>Terms of use - Harbour Post</title>", TERMS, None, "not-an-article"),
        ("<title>Log in - Harbour Post</title>", LOGIN, "https://wire.example/login", "not-an-article"),
        ("<title>Harbour Post</title>", "<p>You need to enable JavaScript to run this app.</p>", "https://wire.example/a-story", "no-text"),
        ("<title>Empty</title>", "<div><img src='x'></div>", None, "no-text"),
        # What is short is an article all the same, whatever stands below it.
        ("<title>Herring goes up - Harbour Post</title>", BRIEF, "https://wire.example/herring-goes-up", None),
        ("<title>Herring goes up</title><meta property='og:type' content='article'>", BRIEF + TEASERS, "https://wire.example/herring-goes-up", None),
        ("<title>404 homes lose power</title>", BRIEF.replace("Herring goes up", "404 homes lose power"), None, None),
        ("<title>Security check delays ferry</title>", BRIEF.replace("Herring goes up", "Security check delays ferry"), None, None),
    ],
)  # fmt: skip
def test_only_articles_pass(head, body, url, reason):
    assert reason_of(head, body, url) == reason


def test_a_refusal_says_what_was_seen():
    assert "Not Found" in refuse("<title>404 Not Found</title>", "<p>nginx</p>").detail
    assert "cookies" in refuse("<title>Harbour Post</title>", COOKIES).detail
    assert (
        "Subscribe"
        in refuse("<title>Herring</title>", f"<p>{PARAGRAPH}</p><p>Subscribe to continue reading</p>").detail
    )
    assert "front_page" in refuse("<title>Harbour Post</title>", TEASERS, "https://wire.example/").detail
