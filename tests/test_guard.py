import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.land.guard import NetPolicy, refuse_address, refuse_url, web_address

# One address of every range that is refused, by the name that the refusal must give.
RANGES = [
    ("0.0.0.0", "this network"),
    ("0.1.2.3", "this network"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("100.64.0.1", "carrier-grade NAT"),
    ("100.127.255.255", "carrier-grade NAT"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "host of an Azure machine"),
    ("169.254.169.254", "link-local"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.1", "IETF protocol assignments"),
    ("192.0.0.192", "IETF protocol assignments"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "6to4 relay"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarking"),
    ("198.19.255.255", "benchmarking"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.7", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::7f00:1", "IPv4-compatible"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:a9fe:a9fe", "link-local"),
    ("::ffff:192.0.0.192", "IETF protocol assignments"),
    ("64:ff9b::a9fe:a9fe", "NAT64"),
    ("64:ff9b:1::1", "local NAT64"),
    ("100::1", "discard"),
    ("2001::1", "IETF protocol assignments"),
    ("2001:1ff:ffff::1", "IETF protocol assignments"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::", "6to4"),
    ("3fff::1", "documentation"),
    ("5f00::1", "not a global unicast"),
    ("fc00::1", "unique local"),
    ("fd00::1", "unique local"),
    ("fe80::1", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("fe80::1%eth0", "names a network interface"),
    ("not an address", "no IP address"),
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "9.255.255.255",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.88.98.255",
    "198.17.255.255",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize(("address", "name"), RANGES)
def test_every_special_range_is_refused_by_its_name(address: str, name: str) -> None:
    assert name in (refuse_address(address) or "")


@pytest.mark.parametrize("address", PUBLIC)
def test_neighbours_of_the_ranges_are_public(address: str) -> None:
    assert refuse_address(address) is None


@given(st.ip_addresses())
def test_whatever_python_takes_for_private_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global:
        assert refuse_address(address) is not None


def test_an_allowed_network_opens_itself_and_nothing_else() -> None:
    policy = NetPolicy(("127.0.0.0/8", "fd00::/16"))
    assert refuse_address("127.0.0.1", policy) is None
    assert refuse_address("::ffff:127.0.0.1", policy) is None
    assert refuse_address("fd00::1", policy) is None
    assert refuse_address("10.0.0.1", policy) is not None
    assert refuse_address("::1", policy) is not None
    assert refuse_address("2002:7f00:1::", policy) is not None


def test_allowed_nat64_still_judges_the_address_inside() -> None:
    policy = NetPolicy(("64:ff9b::/96",))
    assert refuse_address("64:ff9b::808:808", policy) is None
    assert refuse_address("64:ff9b::a9fe:a9fe", policy) is not None


@pytest.mark.parametrize("cidr", ["", "ten", "10.0.0.0/33", "localhost"])
def test_a_network_that_is_none_is_named(cidr: str) -> None:
    with pytest.raises(ValueError, match=f"'{cidr}' is no network"):
        NetPolicy((cidr,))


LITERAL_TARGETS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://x.localhost/",
    "http://metadata.google.internal/",
    "http://metadata/",
    "http://user:pw@127.0.0.1/",
    "http://news.example@127.0.0.1/",
    "http://[2002:7f00:1::]/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://0x7f000001/",
    "http://1.2.3.4.5/",
    "http://0x/",
]
BAD_SCHEMES = [
    "file:///etc/passwd",
    "ftp://news.example/",
    "gopher://news.example/",
    "data:text/html,x",
    "javascript:alert(1)",
    "//news.example/x",
    "/dev/zero",
    "news.example/x",
    "feed:file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", LITERAL_TARGETS + BAD_SCHEMES)
def test_literal_targets_and_foreign_schemes_are_refused(url: str) -> None:
    assert refuse_url(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://user:pw@news.example/",
        "http://news.example:0/",
        "http://news.example:99999/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example/a b",
        "http://news.example/\r\nHost: x",
        "http://a..b/",
        "http:///x",
        "http://%6eews.example/",
        "http://intranet/",
        "http://printer.local/",
        "http://news.example/" + "x" * 3000,
    ],
)
def test_urls_that_two_parsers_could_read_in_two_ways_are_refused(url: str) -> None:
    assert refuse_url(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?b=1#c",
        "HTTP://News.Example:8080/",
        "https://münchen.example/",
        "https://news.example./",
        "feed:https://news.example/rss",
        "feed://news.example/rss",
        "https://8.8.8.8/",
        "https://24.hu/",
    ],
)
def test_public_urls_pass(url: str) -> None:
    assert refuse_url(url) is None


@given(st.integers(0x7F000000, 0x7FFFFFFF))
def test_no_notation_of_a_loopback_address_passes(number: int) -> None:
    a, b, c, d = number.to_bytes(4, "big")
    notations = [f"{a}.{b}.{c}.{d}", f"{a}.{b}.{c << 8 | d}", f"{a}.{b << 16 | c << 8 | d}", str(number), hex(number)]
    notations += [f"0{number:o}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"]
    for notation in notations:
        assert socket.inet_aton(notation) == number.to_bytes(4, "big")
        assert refuse_url(f"http://{notation}/") is not None


def test_own_networks_open_their_names() -> None:
    loopback, own = NetPolicy(("127.0.0.0/8",)), NetPolicy(("10.0.0.0/8",))
    assert refuse_url("http://localhost:8080/", loopback) is None
    assert refuse_url("http://localhost:8080/", own) is not None
    assert refuse_url("http://intranet/", own) is None
    assert refuse_url("http://intranet/", loopback) is not None
    assert refuse_url("http://metadata.google.internal/", own) is not None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("feed://news.example/rss", "https://news.example/rss"),
        ("feed:http://news.example/rss", "http://news.example/rss"),
        (" https://news.example/ ", "https://news.example/"),
    ],
)
def test_feed_scheme_stands_for_https(url: str, address: str) -> None:
    assert web_address(url) == address
