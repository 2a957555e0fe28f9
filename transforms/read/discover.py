"""Feeds of a site: those that its pages name, else those at the usual addresses, else its news sitemaps."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from schemas.source import Document, Source
from transforms.land.client import FetchOptions
from transforms.land.outcome import Fetched, FetchError
from transforms.read.advice import advise_error
from transforms.read.cage import Cage
from transforms.read.check import CheckedFeed, check_feed
from transforms.read.feedlinks import find_feed_links, join_address
from transforms.read.feedlist import address_key
from transforms.read.lookup import fetch_all, make_document
from transforms.read.sniff import content_kind

MAX_CANDIDATES = 30  # of one page that are fetched
MAX_PAGES = 3  # that a page links to as feeds and that list feeds themselves
MAX_SITEMAPS = 5

# Where common publishing software puts its feed, in the order of how common it is.
USUAL_PATHS = (
    "/feed/",
    "/feed",
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
_OWN_PATHS = ("feed/", "rss", "rss.xml", "feed.xml")
_SITEMAP = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"<loc>\s*(https?://[^<\s]*news[^<\s]*)\s*</loc>", re.IGNORECASE)


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
    return [_discover(url, answers[url], options, cage) for url in wanted]


def _discover(url: str, answer: Fetched | FetchError, options: FetchOptions, cage: Cage | None) -> Discovered:
    problem = "no feed found"
    if isinstance(answer, FetchError):
        problem = f"{answer.reason}: {advise_error(answer)}"
        if answer.status is None:
            return Discovered(url, problem=problem)
    elif content_kind(answer.body) == "feed" and (checked := check_feed(_document(url, answer), cage))["ok"]:
        return Discovered(url, (checked,))
    feeds = next((feeds for feeds in _look(url, answer, options, cage) if feeds), ())
    return Discovered(url, feeds, None if feeds else problem)


def _look(
    url: str, answer: Fetched | FetchError, options: FetchOptions, cage: Cage | None
) -> Iterator[tuple[CheckedFeed, ...]]:
    """Yields what each way to look finds, the way that says most of the page first."""
    base = url
    if isinstance(answer, Fetched):
        base = answer.url
        yield from _follow(find_feed_links(answer.body, base), options, cage)
    path = urlsplit(base).path
    if path.strip("/"):
        folder = base if path.endswith("/") else f"{base.partition('?')[0]}/"
        own = [urljoin(folder, name) for name in _OWN_PATHS]
        # Medium keeps the feed of /@name at /feed/@name.
        yield _read_candidates([urljoin(base, f"/feed{path}"), *own], options, cage)[0]
        home = urljoin(base, "/")
        root = fetch_all([home], options)[home]
        if isinstance(root, Fetched):
            yield from _follow(find_feed_links(root.body, root.url), options, cage)
    yield _read_candidates([urljoin(base, path) for path in USUAL_PATHS], options, cage)[0]
    yield _find_sitemaps(base, options, cage)


def _follow(links: Sequence[str], options: FetchOptions, cage: Cage | None) -> Iterator[tuple[CheckedFeed, ...]]:
    """Reads the feeds that a page names, then those named by pages among them: many sites list their feeds on one."""
    feeds, pages = _read_candidates(links[:MAX_CANDIDATES], options, cage)
    yield feeds
    listed = [link for page in pages[:MAX_PAGES] for link in find_feed_links(page.body, page.url)]
    new = [link for link in dict.fromkeys(listed) if link not in links]
    yield _read_candidates(new[:MAX_CANDIDATES], options, cage)[0]


def _find_sitemaps(base: str, options: FetchOptions, cage: Cage | None) -> tuple[CheckedFeed, ...]:
    """News sitemaps that robots.txt names, or that a sitemap index named there does."""
    robots = urljoin(base, "/robots.txt")
    answer = fetch_all([robots], options)[robots]
    if not isinstance(answer, Fetched):
        return ()
    stated = [join_address(base, url.decode("utf-8", "replace")) for url in _SITEMAP.findall(answer.body)]
    named = sorted(dict.fromkeys(url for url in stated if url), key=lambda url: "news" not in url.lower())[
        :MAX_SITEMAPS
    ]
    children = [
        url.decode("utf-8", "replace")
        for page in fetch_all(named, options).values()
        if isinstance(page, Fetched)
        for url in _LOCATION.findall(page.body)[:MAX_SITEMAPS]
    ]
    found, _ = _read_candidates(list(dict.fromkeys([*named, *children])), options, cage)
    # Any other sitemap lists what the site has had for years.
    return tuple(feed for feed in found if any(entry["title"] for entry in feed["entries"]))


def _read_candidates(
    urls: Sequence[str], options: FetchOptions, cage: Cage | None
) -> tuple[tuple[CheckedFeed, ...], list[Fetched]]:
    """The feeds among the answers of some addresses, and the answers that are none."""
    answers = fetch_all(urls, options)
    feeds: dict[str, CheckedFeed] = {}
    others = []
    for url in urls:
        answer = answers[url]
        if not isinstance(answer, Fetched):
            continue
        if (checked := check_feed(_document(url, answer), cage))["ok"]:
            # Two addresses that lead to one feed are one.
            feeds.setdefault(address_key(answer.url), checked)
        else:
            others.append(answer)
    return tuple(feeds.values()), others


def _document(url: str, answer: Fetched) -> Document:
    return make_document(Source(url, "live"), answer)
