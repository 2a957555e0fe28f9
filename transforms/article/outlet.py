"""Which outlet an article is filed under (CONTRACT.md, Partitions)."""

from schemas.partition import UNKNOWN_OUTLET, outlet_slug
from schemas.source import RawArticle
from transforms.article.urls import is_redirector, registered_domain


def name_outlet(raw: RawArticle, url: str | None) -> tuple[str, str | None]:
    """Slug and given name of an article's outlet.

    The name that the record, the command line or the feed list gives comes first, then the registered domain of the
    article's own URL, then the site that a page capture names, then `unknown`. A link that only redirects is no address
    of the article; an entry behind one is filed under the site that it names as its source, else under its feed.

    Args:
        raw: the article as its source gave it; `outlet_name` holds a record's outlet or a capture's site.
        url: canonical URL of the article, None where it has none.
    """
    given = raw.outlet_name if raw.origin != "capture" else None
    named = _clean(given) or _clean(raw.settings.outlet)
    if named is not None:
        return outlet_slug(named), named
    addresses = [url, raw.site_url]
    if raw.origin == "entry" or raw.feed_title:
        addresses.append(raw.source_uri)
    own = (address for address in addresses if address and not is_redirector(address))
    domain = next((domain for address in own if (domain := registered_domain(address))), None)
    if domain is not None:
        return outlet_slug(domain), None
    site = _clean(raw.outlet_name)
    if site is not None:
        return outlet_slug(site), site
    return UNKNOWN_OUTLET, None


def _clean(name: str | None) -> str | None:
    name = " ".join((name or "").split())
    return name or None
