"""Feeds of a site: those that its page names, else those at the usual addresses."""

import dataclasses
from collections.abc import Iterable
from urllib.parse import urljoin

from schemas.source import Document, Source
from transforms.land.client import FetchOptions
from transforms.land.outcome import Fetched, FetchError
from transforms.read.cage import Cage
from transforms.read.check import CheckedFeed, check_feed
from transforms.read.feedlinks import find_feed_links
from transforms.read.feedlist import address_key
from transforms.read.lookup import fetch_all, make_document
from transforms.read.sniff import content_kind

MAX_CANDIDATES = 30  # of one page that are fetched

# Where common publishing software puts its feed, in the order of how common it is.
USUAL_PATHS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds/posts/default",
    "/feed.json",
    "/index.rdf",
    "/news-sitemap.xml",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Discovered:
    """What was found at one address: feeds, or why there are none."""

    url: str
    feeds: tuple[CheckedFeed, ...] = ()
    problem: str | None = None


def discover_feeds(urls: Iterable[str], options: FetchOptions, cage: Cage | None = None) -> list[Discovered]:
    """Looks for the feeds of sites; what is returned as a feed was read as one.

    Args:
        urls: pages or feeds.
        options: bounds of each fetch.
        cage: the process that feeds are parsed in.
    """
    wanted = list(dict.fromkeys(urls))
    answers = fetch_all(wanted, options)
    found = []
    for url in wanted:
        answer = answers[url]
        if isinstance(answer, FetchError):
            found.append(Discovered(url, problem=f"{answer.reason}: {answer.detail}"))
        elif content_kind(answer.body) == "feed" and (checked := check_feed(_document(url, answer), cage))["ok"]:
            found.append(Discovered(url, (checked,)))
        else:
            named = find_feed_links(answer.body, answer.url)[:MAX_CANDIDATES]
            feeds = _read_candidates(named, options, cage)
            if not feeds:
                feeds = _read_candidates([urljoin(answer.url, path) for path in USUAL_PATHS], options, cage)
            found.append(Discovered(url, feeds, None if feeds else "no feed found"))
    return found


def _read_candidates(urls: list[str], options: FetchOptions, cage: Cage | None) -> tuple[CheckedFeed, ...]:
    answers = fetch_all(urls, options)
    feeds: dict[str, CheckedFeed] = {}
    for url in urls:
        answer = answers[url]
        if isinstance(answer, Fetched) and (checked := check_feed(_document(url, answer), cage))["ok"]:
            # Two addresses that lead to one feed are one.
            feeds.setdefault(address_key(answer.url), checked)
    return tuple(feeds.values())


def _document(url: str, answer: Fetched) -> Document:
    return make_document(Source(url, "live"), answer)
