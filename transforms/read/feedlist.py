"""Feed lists: addresses, what a list may say of a feed, and the plainest of lists, one address a line."""

import dataclasses
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit, urlunsplit

from schemas.source import SourceSettings
from transforms.article.errors import ExtractError
from transforms.read.charset import decode_html
from transforms.read.errors import ParseError

NO_SETTINGS = SourceSettings()

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_URL_LIKE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//\S|^(?:feeds?|javascript|data|file):\S", re.IGNORECASE)
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*$")


@dataclasses.dataclass(frozen=True, slots=True)
class ListedFeed:
    """One feed of a list: its address and what the list says of it.

    Attributes:
        notices: what of it was not understood, a phrase each; the feed is read without.
    """

    url: str
    settings: SourceSettings
    line: int
    notices: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """One line of a list that gives no feed: `not-an-address`, `address-refused` for a scheme never fetched, `not-a-feed`."""

    line: int
    reason: str
    detail: str


Row = ListedFeed | Refused


def feed_address(text: str) -> str:
    """The http(s) URL that a list means: `feed:` and protocol-relative addresses become https.

    >>> feed_address("feed:https://a.example/rss"), feed_address("//a.example/rss")
    ('https://a.example/rss', 'https://a.example/rss')

    Raises:
        ParseError: `not-an-address` for what is no URL, `address-refused` for a scheme that is never fetched.
    """
    url = re.sub(r"[\t\r\n]", "", text).strip()
    if not url:
        raise ParseError("not-an-address", "it is empty")
    url = re.sub(r"^feeds?:(?=https?:)", "", url, flags=re.IGNORECASE)
    url = re.sub(r"^feeds?:(?://)?", "https://", url, flags=re.IGNORECASE)
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _SCHEME.match(url)
    if scheme is None or (scheme[1].lower() not in ("http", "https") and "." in scheme[1]):
        raise ParseError("not-an-address", f"{shorten(text)!r} has no scheme such as https://")
    if scheme[1].lower() not in ("http", "https"):
        raise ParseError("address-refused", f"{shorten(text)!r}: only http and https are fetched")
    if re.search(r"\s", url):
        raise ParseError("not-an-address", f"{shorten(text)!r} holds white space")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ParseError("not-an-address", f"{shorten(text)!r}: {error}") from error
    if not host:
        raise ParseError("not-an-address", f"{shorten(text)!r} names no host")
    return url


def address_key(url: str) -> str:
    """Form of a feed's address by which two mentions of it are one.

    >>> address_key("HTTPS://A.example:443/rss#top"), address_key("https://a.example")
    ('https://a.example/rss', 'https://a.example/')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    netloc = host if parts.port in (None, default) else f"{host}:{parts.port}"
    user = f"{parts.username}:{parts.password}@" if parts.username else ""
    return urlunsplit((parts.scheme.lower(), user + netloc, parts.path or "/", parts.query, ""))


def decode_list(body: bytes) -> str:
    """Text of a list that is no markup, in whatever encoding an editor saved it.

    Raises:
        ParseError: `bad-encoding` when none fits.
    """
    try:
        return decode_html(body)[0]
    except ExtractError as error:
        raise ParseError("bad-encoding", error.detail) from error


def is_text_list(text: str) -> bool:
    """Whether a plain text is a list of addresses: most of its lines, blank and `#` ones apart, are URLs.

    A list with a bad line stays a list, so that the line is named; a page copied as text never has more URLs than
    other lines.
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return bool(lines) and sum(bool(_URL_LIKE.match(line)) for line in lines) * 2 > len(lines)


def read_text_list(text: str, defaults: SourceSettings = NO_SETTINGS) -> Iterator[Row]:
    """Reads one address a line; blank lines and those that begin with `#` are skipped."""
    for number, line in enumerate(text.splitlines(), start=1):
        address = re.split(r"\s+#", line.strip(), maxsplit=1)[0]
        if re.search(r"\s", address) and not address.startswith("#"):
            yield Refused(number, "not-an-address", f"{shorten(address)!r} holds white space")
        elif address and not address.startswith("#"):
            yield list_feed(number, address, defaults)


def list_feed(line: int, address: str, settings: SourceSettings, notices: tuple[str, ...] = ()) -> Row:
    """The row for one address of a list."""
    try:
        return ListedFeed(feed_address(address), settings, line, notices)
    except ParseError as error:
        return Refused(line, error.reason, error.detail)


def read_settings(given: Mapping[str, str], above: SourceSettings) -> tuple[SourceSettings, tuple[str, ...]]:
    """What a list says of a feed, and what of it was not understood.

    Args:
        given: settings by their names in lower case, as written.
        above: of the folder or list that the feed stands in; they hold where the feed has none of its own.
    """
    notices = []
    if (zone := given.get("timezone")) and not known_timezone(zone):
        notices.append(f"{shorten(zone)!r} is no IANA time zone such as Europe/Berlin")
        zone = None
    if (language := given.get("language")) and not _LANGUAGE.match(language):
        if language.lower() != "unknown":  # what the OPML specification's own examples say
            notices.append(f"{shorten(language)!r} is no language tag such as en or pt-BR")
        language = None
    pause = _seconds(given.get("pause"))
    if given.get("pause") and pause is None:
        notices.append(f"{shorten(given['pause'])!r} is no pause: a number of seconds above 0, at most 86,400")
    settings = dataclasses.replace(
        above,
        outlet=given.get("outlet") or above.outlet,
        language=language or above.language,
        timezone=zone or above.timezone,
        category=given.get("category") or above.category,
        pause=pause or above.pause,
        title=given.get("title") or None,
    )
    return settings, tuple(notices)


def known_timezone(name: str) -> bool:
    """Whether a name is one of the IANA time zone database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 < seconds <= 86_400 else None


def shorten(text: str) -> str:
    """The text as a message quotes it: its first 100 characters."""
    return text if len(text) <= 100 else f"{text[:100]}…"
