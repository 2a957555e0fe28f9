"""Which addresses may be fetched at all: judged by URL before DNS, and by IP address after it."""

import dataclasses
import functools
import ipaddress
import re
import unicodedata

import httpx

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL_LENGTH = 2048

# IANA special-purpose registries (RFC 6890 and its updates), by name. Python's `is_global` is not asked: in 3.11 it
# takes 192.0.0.192, 192.88.99.1 and all of 64:ff9b::/96 and 2002::/16 for public.
_REFUSED_V4 = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "host of an Azure machine"),  # public in the registry, and answered by one's own host
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "IETF protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
)
_REFUSED_V6 = (
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("2001::/23", "IETF protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "unique local"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # the only block that IANA has ever given out as global unicast

# Names that never lead to a site of the public web (RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's .internal).
_PRIVATE_SUFFIXES = ("localdomain", "local", "internal", "intranet", "lan", "corp", "home", "home.arpa", "alt", "onion")
_METADATA_NAMES = (
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
)

# What inet_aton takes for an address and nothing else does: 127.1, 2130706433, 0x7f.1, 017700000001.
_ODD_V4 = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


@dataclasses.dataclass(frozen=True, slots=True)
class NetPolicy:
    """Which networks besides the public internet may be reached.

    Attributes:
        allow: networks in CIDR notation, from `--allow-net`; nothing else opens a refused range.

    Raises:
        ValueError: one of them is no network.
    """

    allow: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _networks(self.allow)

    def allows(self, address: IPAddress) -> bool:
        """Whether `address` lies in a network that was allowed by name."""
        return any(address.version == network.version and address in network for network in _networks(self.allow))

    @property
    def allows_loopback(self) -> bool:
        """Whether any loopback address was allowed, so that the name `localhost` means something."""
        return any(network.is_loopback for network in _networks(self.allow))

    @property
    def allows_own_names(self) -> bool:
        """Whether a network other than loopback was allowed, so that its names may be looked up."""
        return any(not network.is_loopback for network in _networks(self.allow))


@functools.lru_cache(maxsize=64)
def _networks(allow: tuple[str, ...]) -> tuple[IPNetwork, ...]:
    networks = []
    for text in allow:
        try:
            networks.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError as error:
            raise ValueError(f"{text!r} is no network: write it like 10.0.0.0/8 or ::1/128") from error
    return tuple(networks)


@functools.lru_cache(maxsize=1)
def _refused() -> tuple[tuple[IPNetwork, str], ...]:
    return tuple((ipaddress.ip_network(cidr), name) for cidr, name in (*_REFUSED_V4, *_REFUSED_V6))


def refuse_address(ip: str | IPAddress, policy: NetPolicy = NetPolicy()) -> str | None:
    """Says why an IP address is not connected to, or None where it may be.

    An IPv4-mapped address is judged as the IPv4 address it reaches. Other carriers of IPv4 addresses (NAT64, 6to4) are
    refused; where `policy` allows NAT64, the embedded address must pass as well.
    """
    try:
        address = ipaddress.ip_address(ip) if isinstance(ip, str) else ip
    except ValueError:
        return f"{ip} is no IP address"
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return f"{ip} names a network interface"
        if address.ipv4_mapped is not None:
            return refuse_address(address.ipv4_mapped, policy)
        if policy.allows(address):
            nat64 = address in ipaddress.IPv6Network("64:ff9b::/96")
            return refuse_address(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), policy) if nat64 else None
    elif policy.allows(address):
        return None
    for network, name in _refused():
        if address.version == network.version and address in network:
            return f"{address} is refused: {name} ({network})"
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return f"{address} is not a global unicast address"
    return None


def web_address(url: str) -> str:
    """Rewrites `feed:` (`feed://host/x`, `feed:https://host/x`) to the web address that it stands for."""
    url = url.strip()
    if url[:5].lower() != "feed:":
        return url
    rest = url[5:]
    if re.match(r"https?://", rest, re.IGNORECASE):
        return rest
    return "https://" + rest.lstrip("/")


def refuse_url(url: str, policy: NetPolicy = NetPolicy()) -> str | None:
    """Says why a URL is not fetched, or None where its host may be looked up.

    A host name that passes here is judged again by its addresses (`refuse_address`) when it is connected to.
    """
    url = web_address(url)
    if len(url) > MAX_URL_LENGTH:
        return f"the URL has {len(url)} characters, more than {MAX_URL_LENGTH}"
    if _UNSAFE.search(url):
        return "the URL holds white space, a control character or a backslash"
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        return f"the URL can't be read: {error}"
    if parsed.scheme not in ("http", "https"):
        return f"the scheme {parsed.scheme or '(none)'!r} is not fetched, only http and https"
    if parsed.userinfo:
        return "the URL holds a user name or password"
    if parsed.port is not None and not 0 < parsed.port < 65536:
        return f"{parsed.port} is no port"
    return _refuse_host(unicodedata.normalize("NFKC", host).lower(), policy)


def _refuse_host(host: str, policy: NetPolicy) -> str | None:
    if not host or host == ".":
        return "the URL names no host"
    if ".." in host:
        return f"the host {host!r} is no name"
    if ":" in host or host.startswith("["):
        return refuse_address(host.strip("[]"), policy)
    if "%" in host:
        return f"the host {host!r} is percent-encoded"
    name = host[:-1] if host.endswith(".") else host
    try:
        return refuse_address(ipaddress.IPv4Address(name), policy)
    except ValueError:
        pass
    if _ODD_V4.fullmatch(name) or re.fullmatch(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", name):
        return f"{host} is an IP address in an odd notation"
    if name in _METADATA_NAMES:
        return f"{host} is the metadata service of a cloud"
    if name == "localhost" or name.endswith(".localhost"):
        return None if policy.allows_loopback else f"{host} is this machine"
    private = "." not in name or any(name == suffix or name.endswith("." + suffix) for suffix in _PRIVATE_SUFFIXES)
    if private and not policy.allows_own_names:
        return f"{host} is a name of a private network"
    return None
