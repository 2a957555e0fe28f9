"""The feeds that a page names (HTML's autodiscovery) or links to."""

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

FEED_TYPES = frozenset(
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    ]
)
_FEED_LINK = re.compile(
    r"(?:^|[/._?=&-])(?:rss|feed|feeds|atom|rdf)(?:$|[/._?=&#-]|\d)|\.(?:xml|rss|rdf|atom)$", re.IGNORECASE
)
# Feeds of comments (WordPress, Blogger, Drupal): what readers say is no news.
_COMMENTS = re.compile(r"[/_-]comments?(?:[/_.?-]|$)", re.IGNORECASE)


def find_feed_links(body: bytes, base: str) -> list[str]:
    """Addresses that a page names as its feeds, then those it links to that look like feeds; feeds of comments last.

    Each once, in order.
    """
    parser = etree.HTMLParser(recover=True, no_network=True, huge_tree=False)
    root = etree.fromstring(body, parser) if body.strip() else None
    if root is None:
        return []
    stated, linked = [], []
    for element in root.iter("base", "link", "a"):
        href = (element.get("href") or "").strip()
        if element.tag == "base":
            base = join_address(base, href) or base
        elif element.tag == "link":
            rel = (element.get("rel") or "").lower().split()
            kind = (element.get("type") or "").partition(";")[0].strip().lower()
            if "feed" in rel or ("alternate" in rel and kind in FEED_TYPES):
                stated.append(join_address(base, href))
        elif _FEED_LINK.search(href):
            linked.append(join_address(base, href))
    found = dict.fromkeys(url for url in (*stated, *linked) if url)
    return sorted(found, key=lambda url: bool(_COMMENTS.search(urlsplit(url).path)))


def join_address(base: str, href: str) -> str | None:
    """The http(s) address that a link means on the page at `base`; None when it means none."""
    try:
        href = re.sub(r"^feed:(?://)?(?=https?:)", "", href, flags=re.IGNORECASE)
        scheme = urlsplit(base).scheme
        url = urljoin(base, re.sub(r"^feed:(?=//)", f"{scheme}:", href, flags=re.IGNORECASE))
        parts = urlsplit(url)
        return url.partition("#")[0] if href and parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
