import datetime as dt

import pytest

from schemas.source import RawArticle
from transforms.article.errors import ExtractError
from transforms.article.extract import extract_article

REFERENCE = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
PARAGRAPH = "The harbour council met on Monday to settle the price of herring for the coming year, its chair said after the vote."
ARTICLE = "".join(f"<p>{PARAGRAPH} Item {number} passed without a vote.</p>" for number in range(8))


def reason_of(head: str, body: str, url: str | None = None) -> str | None:
    raw = RawArticle(
        "file:///in/page.html", "page", url=url, html=f"<html><head>{head}</head><body>{body}</body></html>"
    )
    try:
        extract_article(raw, REFERENCE)
    except ExtractError as error:
        return error.reason
    return None


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


@pytest.mark.parametrize(
    ("head", "body", "url", "reason"),
    [
        ("<title>Herring goes up</title>", ARTICLE, "https://wire.example/herring-goes-up", None),
        ("<title>404 Not Found</title>", "<h1>Not Found</h1><p>The page you requested was not found on this server, sorry for that.</p>", None, "error-page"),
        ("<title>Page not found - Harbour Post</title>", "<h1>Oops!</h1><p>It looks like nothing was found at this location, maybe try a search?</p>", None, "error-page"),
        ("<title>Just a moment...</title>", "<p>Checking your browser before accessing wire.example, it takes five seconds.</p>", None, "error-page"),
        ("<title>wire.example</title>", "<h1>Are you a robot?</h1><p>Please complete the captcha so that we know you are a person.</p>", None, "error-page"),
        ("<title>Access denied</title>", "<p>You don't have permission to access this resource on this server today.</p>", None, "error-page"),
        ("<title>Page not found: how the web forgets</title>", ARTICLE * 2, "https://wire.example/how-the-web-forgets", None),
        ("<title>Harbour Post</title>", COOKIES, "https://wire.example/a-story", "consent-wall"),
        ("<title>Cookie law passes the council</title>", ARTICLE + "<p>The law on cookies asks for consent.</p>", "https://wire.example/cookie-law", None),
        ("<title>Herring goes up</title>", STUB, "https://wire.example/herring", "paywall"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Herring goes up","isAccessibleForFree":false}</script>',
         f"<h1>Herring goes up</h1><p>{PARAGRAPH}</p>", "https://wire.example/herring", "paywall"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Herring goes up","isAccessibleForFree":false}</script>',
         f"<h1>Herring goes up</h1>{ARTICLE}", "https://wire.example/herring", None),
        ("<title>Harbour Post</title><meta property='og:type' content='website'>", TEASERS, "https://wire.example/", "not-an-article"),
        ("<title>Economy</title><meta property='og:type' content='website'>", TEASERS, "https://wire.example/category/economy", "not-an-article"),
        ("<title>Herring</title><link rel='canonical' href='https://wire.example/'>", TEASERS, None, "not-an-article"),
        ("<title>Empty</title>", "<div><img src='x'></div>", None, "no-text"),
    ],
)  # fmt: skip
def test_only_articles_pass(head, body, url, reason):
    assert reason_of(head, body, url) == reason
