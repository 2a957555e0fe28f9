"""URLs: one written form for a page, a key that says which page it is, and the registered domain of its host."""

import functools
import importlib.resources
import ipaddress
import re
from urllib.parse import unquote, urlsplit, urlunsplit

import idna
import tldextract
import yaml

from transforms.article.tables import read_table

# Redirectors inside redirectors; a chain that goes on keeps its rest.
MAX_HOPS = 8
MAX_URL_CHARS = 8_192  # longer ones are no addresses: servers refuse them (RFC 9110, section 4.1, asks for 8,000)
MAX_HOST_CHARS = 253  # RFC 1035, section 2.3.4, as text

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset("!$&'()*+,;=:@/")
_QUERY_SAFE = _PATH_SAFE | frozenset("?[]{}|^`")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_AMP_TAIL = re.compile(r"(?<=.)/amp/?$", re.IGNORECASE)
_AMP_IN_PATH = re.compile(r"^/amp(?=/.)|\.amp(?=\.html?$|$)", re.IGNORECASE)
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:[sx]?html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^(?:[a-z0-9-]+\.)?cdn\.ampproject\.org$|^(?:www\.)?google\.[a-z.]+$")
_AMP_CACHE_PATH = re.compile(r"^/(?:amp|[cvi])/(s/)?([^/]+\.[^/]+)(/.*)?$")
_MOBILE_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=.+\.)")


@functools.cache
def _rules() -> dict[str, object]:
    text = importlib.resources.files("transforms.article").joinpath("data/query_parameters.yaml").read_text("utf-8")
    rules = yaml.safe_load(text)
    return {
        "names": frozenset(rules["names"]) | frozenset(rules["sessions"]),
        "prefixes": tuple(rules["prefixes"]) + tuple(rules["session_prefixes"]),
        "channels": frozenset(rules["channel_names"]),
        "values": re.compile(rules["channel_values"], re.IGNORECASE),
        "amp": rules["amp"],
    }


@functools.cache
def _redirectors() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows = [line.split("\t") for line in read_table("redirectors.tsv")]
    return tuple((host, path, () if names == "-" else tuple(names.split(","))) for host, path, names in rows)


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    # The snapshot that comes with the library: nothing is fetched, nothing is written to a cache.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def canonical_url(url: str | None) -> str | None:
    """Writes an http(s) URL in one form that still can be clicked; None for anything else.

    Scheme and `www.` stay as they are (some sites answer only to one); `page_key` folds them. Dropped: fragment (but `#!`),
    user name, default port, dot segments, session ids, tracking parameters, the AMP form. Host in lower case as A-labels,
    percent-encoding in its shortest form, parameters in their order. A link of a known redirector that carries its
    target becomes the target. Idempotent.

    >>> canonical_url("HTTPS://News.Example:443/a/../b?id=1&utm_source=x#top")
    'https://news.example/b?id=1'
    >>> canonical_url("javascript:alert(1)") is None
    True
    """
    written = _write(url) if url else None
    for _ in range(MAX_HOPS):
        target = _target(written) if written else None
        if target is None:
            break
        written = _write(target)
    return written


def page_key(url: str | None) -> str | None:
    """Key of the page that a URL names: canonical, without scheme, `www.`, `m.` or `amp.`, and trailing slash.

    The AMP form in the path, the name of a folder's index file and the order of parameters make no other page.

    >>> page_key("http://www.news.example/a/?b=1&c=") == page_key("https://m.news.example/amp/a/index.html?c&b=1")
    True
    """
    written = canonical_url(url)
    if written is None:
        return None
    parts = urlsplit(written)
    host = _MOBILE_HOST.sub("", parts.netloc)
    path = _INDEX_FILE.sub("/", _AMP_IN_PATH.sub("", _AMP_TAIL.sub("", parts.path))).rstrip("/")
    query = "&".join(sorted(piece.removesuffix("=") for piece in parts.query.split("&")))
    return urlunsplit(("", host, path, query, parts.fragment)).removeprefix("//")


def is_home_page(url: str) -> bool:
    """Whether a canonical URL names a site and no page of it.

    >>> is_home_page("https://news.example/"), is_home_page("https://news.example/?p=1")
    (True, False)
    """
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.path in ("", "/") and not (parts.query or parts.fragment)


def registered_domain(url: str | None) -> str | None:
    """Registered domain (A-label) of an http(s) URL's host; the host itself for an address or a bare name.

    >>> registered_domain("https://www.news.co.uk/a"), registered_domain("http://127.0.0.1:8080/")
    ('news.co.uk', '127.0.0.1')
    """
    written = canonical_url(url)
    if written is None:
        return None
    return domain_of_host(urlsplit(written).hostname or "")


def domain_of_host(host: str) -> str | None:
    """Registered domain of a host name in A-labels; None for an empty one."""
    host = host.strip(".").lower()
    if not host:
        return None
    if _is_address(host):
        return host
    found = _suffixes()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    # No suffix of the list, or nothing but one: the list's own default rule takes the last label for the suffix.
    return ".".join(host.split(".")[-2:])


def has_public_suffix(host: str) -> bool:
    """Whether a host name ends in a suffix of the public suffix list and has a label before it."""
    found = _suffixes()(host.lower())
    return bool(found.suffix and found.domain)


def is_redirector(url: str | None) -> bool:
    """Whether a link belongs to a service that only leads elsewhere (aggregators, shorteners, feed proxies)."""
    return url is not None and (written := _write(url)) is not None and _redirector(written) is not None


def is_same_site(one: str | None, other: str | None) -> bool:
    """Whether two URLs have one registered domain."""
    domain = registered_domain(one)
    return domain is not None and domain == registered_domain(other)


def without_feed_scheme(url: str) -> str:
    """A URL of the pseudo-schemes `feed:http://…` and `feed://…` as the one that it means.

    >>> without_feed_scheme("feed:http://a.example/f"), without_feed_scheme("feed://a.example/f")
    ('http://a.example/f', 'https://a.example/f')
    """
    if url[:5].lower() != "feed:":
        return url
    rest = url[5:]
    if re.match(r"https?://", rest, re.IGNORECASE):
        return rest
    return f"https://{rest.removeprefix('//')}"


def _write(url: str) -> str | None:
    url = url.strip()
    if len(url) > MAX_URL_CHARS:
        return None
    url = without_feed_scheme(re.sub(r"[\t\r\n]", "", re.sub(r"&(?:amp;)+", "&", url)))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _write_host(parts.hostname or "")
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or host is None:
        return None
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    path = _remove_dots(_encode(_SESSION_IN_PATH.sub("", parts.path), _PATH_SAFE)) or "/"
    path = _AMP_TAIL.sub("", path)
    fragment = _encode(parts.fragment, _QUERY_SAFE) if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, host, path, _write_query(parts.query), fragment))


def _write_host(host: str) -> str | None:
    host = _INVISIBLE.sub("", unquote(host)).strip(".").lower()
    if not host or len(host) > MAX_HOST_CHARS or re.search(r"[\s/\\?#@<>\[\]\"'%|^`{}]", host):
        return None
    if _is_address(host):
        return f"[{ipaddress.ip_address(host)}]" if ":" in host else host
    if ":" in host:
        return None
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _encode(text: str, safe: frozenset[str]) -> str:
    """Percent-encodes what must be, decodes what need not be, and leaves reserved escapes as they are."""
    out = []
    position = 0
    for match in _ESCAPE.finditer(text):
        out.append(_encode_plain(text[position : match.start()], safe))
        char = chr(int(match.group()[1:], 16))
        out.append(char if char in _UNRESERVED else match.group().upper())
        position = match.end()
    out.append(_encode_plain(text[position:], safe))
    return "".join(out)


def _encode_plain(text: str, safe: frozenset[str]) -> str:
    if all(char in safe for char in text):
        return text
    encoded = (char if char in safe else "".join(f"%{b:02X}" for b in char.encode("utf-8", "replace")) for char in text)
    return "".join(encoded)


def _remove_dots(path: str) -> str:
    out: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == ".":
            if last:
                out.append("")
        elif segment == "..":
            if len(out) > 1:
                out.pop()
            if last:
                out.append("")
        else:
            out.append(segment)
    return "/".join(out)


def _write_query(query: str) -> str:
    kept = [piece for piece in query.split("&") if piece and not _is_tracking(piece)]
    return "&".join(_encode(piece, _QUERY_SAFE) for piece in kept)


def _is_tracking(piece: str) -> bool:
    rules = _rules()
    name, _, value = piece.partition("=")
    name, value = unquote(name).lower().removeprefix("amp;"), unquote(value)
    if name in rules["names"] or name.startswith(rules["prefixes"]):  # type: ignore[operator, arg-type]
        return True
    if name in rules["amp"]:  # type: ignore[operator]
        values = rules["amp"][name]  # type: ignore[index]
        return values is None or value.lower() in values
    return name in rules["channels"] and rules["values"].match(value) is not None  # type: ignore[operator, attr-defined]


def _redirector(written: str) -> tuple[str, str, tuple[str, ...]] | None:
    parts = urlsplit(written)
    host = parts.hostname or ""
    for row in _redirectors():
        if (host == row[0] or host.endswith("." + row[0])) and parts.path.startswith(row[1]):
            return row
    return None


def _target(written: str) -> str | None:
    """The address that a redirector's or AMP cache's link carries in itself."""
    parts = urlsplit(written)
    if _AMP_CACHE.match(parts.netloc) and (match := _AMP_CACHE_PATH.match(parts.path)):
        scheme = "https" if match.group(1) else "http"
        return urlunsplit((scheme, match.group(2), match.group(3) or "/", parts.query, ""))
    row = _redirector(written)
    if row is not None:
        values = dict(piece.partition("=")[::2] for piece in parts.query.split("&"))
        for name in row[2]:
            target = unquote(values.get(name, ""))
            if re.match(r"https?://[^/]", target, re.IGNORECASE):
                return target
    return None
