"""Entries as feedparser has them -> raw articles."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from schemas.source import RawArticle
from transforms.article.urls import MAX_URL_CHARS, is_redirector, without_feed_scheme
from transforms.read.markup import has_markup, plain_text, repair_text

# feedparser folds pubDate, dc:date, issued and their like into the first of each.
_PUBLISHED = ("published", "dcterms_issued", "prism_publicationdate", "created", "dcterms_created")
_MODIFIED = ("updated", "dcterms_modified", "dc_date", "prism_modificationdate")
_MAIL = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]+")
_MAIL_AND_NAME = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]+\s*\(([^()]+)\)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_STORED_SCHEMES = ("http", "https")
_SHOWN_SCHEMES = (*_STORED_SCHEMES, "tag", "urn")


def make_entry(item: Mapping[str, Any], about: Mapping[str, Any], base: str | None, *, atom: bool) -> RawArticle:
    """Makes the raw article of an entry; what its document says of it is for the caller to add.

    Args:
        item: the entry as feedparser has it.
        about: the feed, likewise.
        base: address that relative links are resolved against.
        atom: entries of Atom inherit the feed's author (RFC 4287, section 4.2.1).
    """
    published, modified = _first(item, _PUBLISHED), _first(item, _MODIFIED)
    html, text = _body(item)
    return RawArticle(
        source_uri="",
        origin="entry",
        url=_address(item, base),
        guid=_resolve_ampersands(item.get("id") or "").strip() or None,
        title=plain_text(repair_text(item.get("title"))),
        html=html,
        text=text,
        published=published or modified,
        modified=modified if published else None,
        published_source="feed" if published or modified else None,
        authors=_authors(item) or (_authors(about) if atom else ()),
        tags=_tags(item),
        language=_language(item),
        site_url=_site(item) or _site({"source": about}),
    )


def written_link(item: Mapping[str, Any], base: str | None) -> str | None:
    """The entry's link as it stands, a redirect too, resolved where it is relative and there is a base."""
    links = [
        link["href"]
        for link in item.get("links") or []
        if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    for link in (item.get("link"), *links):
        if found := web_address(_resolve_ampersands(link or ""), base, _SHOWN_SCHEMES):
            return found
    return _address(item, base)


def web_address(link: str | None, base: str | None, schemes: tuple[str, ...] = _STORED_SCHEMES) -> str | None:
    """An absolute URL made of a link; None for a scheme that is not among `schemes`.

    A relative link that there is no base for stays as it is.
    """
    link = re.sub(r"[\t\r\n]", "", link or "").strip().replace(" ", "%20")
    if not link or len(link) > MAX_URL_CHARS:
        return None
    link = without_feed_scheme(link)
    if link.startswith("//"):
        link = f"https:{link}"
    elif re.match(r"www\.[\w-]+\.", link):
        link = f"http://{link}"
    try:
        joined = urljoin(base, link) if base else link
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if not scheme:
        return joined if not parts.netloc else None
    return joined if scheme in schemes and (host or scheme not in _STORED_SCHEMES) else None


def absolute(link: str | None) -> str | None:
    """The link when it is an absolute http(s) URL."""
    found = web_address(link, None)
    return found if found and "://" in found else None


def _first(item: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        # By index, feedparser answers `published` to who asks for a missing `updated`.
        value = dict.get(item, key) if isinstance(item, dict) else item.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _body(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The fullest text of an entry, as (html, text); the caption of its picture or film only where it has no other."""
    texts = [(c.get("value") or "", c.get("type")) for c in item.get("content") or []]
    texts.append((item.get("summary") or "", (item.get("summary_detail") or {}).get("type")))
    # Raw length would take a teaser with a long image address for the article.
    value, kind = max(texts, key=lambda text: len(_ANY_TAG.sub("", text[0]).strip()))
    value = repair_text(value if value.strip() else item.get("media_description")) or ""
    if not value.strip():
        return None, None
    if has_markup(value) or kind == "application/xhtml+xml":
        return value, None
    return None, value


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    names = [a.get("name") or "" for a in item.get("authors") or []]
    whole = (item.get("author") or "").strip()
    if named := _MAIL_AND_NAME.fullmatch(whole):
        names[-1:] = [named[1]]
    elif _MAIL.fullmatch(whole):
        # A bare mail address is nobody's name, and feedparser takes the end of a long domain for one.
        names[-1:] = []
    elif not any(names):
        names = [(item.get("author_detail") or {}).get("name") or whole]
    plain = (plain_text(repair_text(name)) for name in names)
    return tuple(dict.fromkeys(name for name in plain if name and not _MAIL.fullmatch(name)))


def _tags(item: Mapping[str, Any]) -> tuple[str, ...]:
    plain = (plain_text(repair_text(tag.get("label") or tag.get("term"))) for tag in item.get("tags") or [])
    return tuple(dict.fromkeys(tag for tag in plain if tag))


def _language(item: Mapping[str, Any]) -> str | None:
    for key in ("title_detail", "summary_detail"):
        if language := (item.get(key) or {}).get("language"):
            return str(language)
    return item.get("language") or None


def _site(item: Mapping[str, Any]) -> str | None:
    """The home page that a source element names, unless it is an aggregator's."""
    source = item.get("source") or {}
    links = (source.get("href"), source.get("link"))
    return next((a for link in links if (a := absolute(link)) and not is_redirector(a)), None)


def _address(item: Mapping[str, Any], base: str | None) -> str | None:
    """The address of an entry's article: what its link redirects to where the entry tells, never an enclosure."""
    links = [link for link in item.get("links") or [] if link.get("href")]
    enclosures = {link["href"] for link in links if link.get("rel") == "enclosure"}
    candidates = [
        item.get("feedburner_origlink"),
        item.get("pheedo_origlink"),
        item.get("link"),
        *(link["href"] for link in links if link.get("rel", "alternate") == "alternate"),
        absolute(_resolve_ampersands(item.get("id") or "")),
    ]
    found = (web_address(_resolve_ampersands(c or ""), base) for c in candidates)
    addresses = [a for a in found if a and a not in enclosures]
    return next((a for a in addresses if "://" in a and not is_redirector(a)), addresses[0] if addresses else None)


def _resolve_ampersands(text: str) -> str:
    """Takes one more layer of escaping off the ampersands of an address; feedparser's loose parser leaves it."""
    return text.replace("&amp;", "&").replace("&#38;", "&")
