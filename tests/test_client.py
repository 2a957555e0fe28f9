import asyncio
import dataclasses
import datetime as dt
import gzip
import socket
import ssl
import threading
import zlib
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import Request, reply, serve
from test_guard import BAD_SCHEMES, LITERAL_TARGETS

from transforms.land.client import Client, FetchOptions, Validators, fetch
from transforms.land.guard import NetPolicy
from transforms.land.outcome import FetchError

HOME = "127.0.0.77"  # the one address that the tests may reach; 127.0.0.1 stays refused
OPTIONS = FetchOptions(policy=NetPolicy((f"{HOME}/32",)), deadline_s=5.0, max_bytes=1_000_000)
NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that a connection was attempted to."""
    tried: list[str] = []

    async def connect_tcp(self: object, host: str, *args: object, **kwargs: object) -> httpcore.AsyncNetworkStream:
        tried.append(host)
        raise httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    return tried


def reason_of(url: str, options: FetchOptions = OPTIONS, **kwargs: object) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, options, **kwargs)  # type: ignore[arg-type]
    return caught.value.reason


async def nowhere(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("url", LITERAL_TARGETS + BAD_SCHEMES)
def test_literal_targets_get_no_connection_and_no_look_up(url: str, connects: list[str]) -> None:
    assert reason_of(url, FetchOptions(), resolve=nowhere) == "address-refused"
    assert connects == []


@pytest.mark.parametrize(
    "addresses", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1", "::1"], ["64:ff9b::a00:1"]]
)
def test_a_host_with_one_private_address_is_refused_whole(addresses: list[str], connects: list[str]) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    assert reason_of("http://news.example/", resolve=resolve) == "address-refused"
    assert connects == []


def test_rebinding_never_reaches_the_second_address(connects: list[str]) -> None:
    asked = 0

    async def resolve(host: str, port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return ["8.8.8.8"] if asked % 2 else ["127.0.0.1"]

    async def poll() -> list[str]:
        reasons = []
        async with Client(OPTIONS, resolve=resolve) as client:
            for _ in range(1000):
                try:
                    await client.fetch("http://rebound.example/")
                except FetchError as error:
                    reasons.append(error.reason)
        return reasons

    reasons = asyncio.run(poll())
    assert set(connects) == {"8.8.8.8"}
    assert reasons.count("address-refused") == reasons.count("fetch-failed") == 500


@pytest.mark.parametrize("target", LITERAL_TARGETS + [url for url in BAD_SCHEMES if ":" in url])
def test_redirects_to_literal_targets_are_refused(target: str) -> None:
    with serve(lambda request, _: reply(status=302, headers={"Location": target.encode()}), HOME) as home:
        assert reason_of(home.url()) in ("address-refused", "fetch-failed")
        assert home.connections == 1


def test_redirect_to_a_refused_server_of_ours_reaches_it_not() -> None:
    with serve(lambda *_: reply(b"secret"), "127.0.0.1") as inner:
        to_inner = reply(status=302, headers={"Location": inner.url()})
        with serve(lambda *_: to_inner, HOME) as home:
            assert reason_of(home.url()) == "address-refused"
        assert inner.connections == 0


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        left = int(request.path[1:])
        return reply(status=301, headers={"Location": f"/{left - 1}"}) if left else reply(b"there")

    with serve(answer, HOME) as home:
        assert fetch(home.url("/5"), OPTIONS).body == b"there"
        assert fetch(home.url("/5"), OPTIONS).permanent_url == home.url("/0")
        assert reason_of(home.url("/6")) == "too-many-redirects"
        before = home.connections
        assert reason_of(home.url("/9")) == "too-many-redirects"
        assert home.connections - before == 6


def test_a_way_is_remembered_as_far_as_it_is_permanent() -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        way = {"/a": (308, "/b"), "/b": (302, "/c"), "/d": (301, "/c")}
        if request.path not in way:
            return reply(b"there")
        status, to = way[request.path]
        return reply(status=status, headers={"Location": to})

    with serve(answer, HOME) as home:
        assert fetch(home.url("/a"), OPTIONS).permanent_url == home.url("/b")
        assert fetch(home.url("/b"), OPTIONS).permanent_url is None
        assert fetch(home.url("/c"), OPTIONS).permanent_url is None
        fetched = fetch(home.url("/d"), OPTIONS)
        assert (fetched.permanent_url, fetched.url) == (home.url("/c"), home.url("/c"))


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/caf\u00e9".encode(), "/caf%C3%A9"),
        (b"/caf\xe9", "/caf%C3%A9"),
        (b"/a b", "/a%20b"),
        (b" /a?b=1#c ", "/a?b=1"),
        (b"?page=2", "/start?page=2"),
    ],
)
def test_locations_as_servers_write_them(location: bytes, path: str) -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        return reply(status=302, headers={"Location": location}) if request.path == "/start" else reply(b"there")

    with serve(answer, HOME) as home:
        assert fetch(home.url("/start"), OPTIONS).body == b"there"
        assert home.paths == ["/start", path]


@pytest.mark.parametrize("location", ["http://[", "http://\xff\xfe/", "https://news.example:x/"])
def test_a_location_that_is_no_url_is_an_error(location: str) -> None:
    with serve(lambda *_: reply(status=302, headers={"Location": location}), HOME) as home:
        assert reason_of(home.url()) in ("address-refused", "fetch-failed")


def test_the_request_says_who_asks_and_carries_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    options = FetchOptions(policy=OPTIONS.policy, contact="desk@news.example")
    with serve(lambda *_: reply(b"x", headers={"Set-Cookie": "id=1"}), HOME) as home:
        for _ in range(2):
            fetch(home.url(), options)
    assert set(home.requests[1].headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert home.requests[0].headers["user-agent"].startswith(b"newsmill/")
    assert b"desk@news.example" in home.requests[0].headers["user-agent"]
    assert home.requests[0].headers["accept-encoding"] == b"gzip, deflate"


def test_the_environment_names_whom_to_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_CONTACT", "mailto:desk@news.example\r\nX-Evil: 1")
    with serve(lambda *_: reply(b"x"), HOME) as home:
        fetch(home.url(), FetchOptions(policy=OPTIONS.policy))
    assert home.requests[0].headers["user-agent"].endswith(b"contact: mailto:desk@news.example X-Evil: 1)")


def gzip_bomb(megabytes: int) -> bytes:
    deflater = zlib.compressobj(9, wbits=31)
    return b"".join(deflater.compress(bytes(1_000_000)) for _ in range(megabytes)) + deflater.flush()


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("", bytes(1_100_000), "too-large"),
        ("gzip", gzip_bomb(50), "too-large"),
        ("gzip, gzip", gzip.compress(gzip_bomb(50)), "too-large"),
        ("gzip", gzip.compress(bytes(600_000)) * 2, "too-large"),
        ("br", b"\x1b", "bad-compression"),
        ("zstd", b"\x28\xb5\x2f\xfd", "bad-compression"),
        ("gzip", b"plain", "bad-compression"),
    ],
)
def test_bodies_are_bounded_once_decoded(coding: str, body: bytes, reason: str) -> None:
    with serve(lambda *_: reply(body, headers={"Content-Encoding": coding} if coding else {}), HOME) as home:
        assert reason_of(home.url()) == reason


def test_too_large_is_seen_without_reading_what_is_announced() -> None:
    with serve(lambda *_: reply(b"x", headers={"Content-Length": "999999999"}), HOME) as home:
        assert reason_of(home.url()) == "too-large"


def chunks_without_end(request: Request, connection: socket.socket) -> None:
    connection.sendall(reply(headers={"Transfer-Encoding": "chunked"}))
    while True:
        connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def test_large_bodies_take_turns_and_small_ones_pass_them() -> None:
    first_is_large = threading.Event()

    def answer(request: Request, connection: socket.socket) -> bytes | None:
        if request.path == "/first":
            connection.sendall(reply(bytes(1_500_000), headers={"Content-Length": "1600000"}))
            first_is_large.set()
            connection.recv(1)  # holds its turn until the client gives up
            return None
        return reply(bytes(1_200_000) if request.path == "/second" else b"small")

    options = FetchOptions(policy=OPTIONS.policy, deadline_s=2.5, max_bytes=2_000_000, large_bodies=1)
    ended: list[str] = []

    async def run(home: str) -> None:
        async with Client(options) as client:

            async def one(path: str) -> None:
                try:
                    await client.fetch(home + path)
                    ended.append(path)
                except FetchError as error:
                    ended.append(f"{path} {error.reason}")

            first = asyncio.create_task(one("/first"))
            await asyncio.to_thread(first_is_large.wait)
            await asyncio.sleep(1.2)
            await asyncio.gather(first, one("/second"), one("/small"))

    with serve(answer, HOME) as home:
        asyncio.run(run(home.url("")))
    assert ended == ["/small", "/first fetch-timeout", "/second"]


def test_chunks_without_end_stop_at_the_cap() -> None:
    with serve(chunks_without_end, HOME) as home:
        assert reason_of(home.url()) == "too-large"


def continue_for_ever(request: Request, connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


@pytest.mark.parametrize(
    "before",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", reply(headers={"Content-Length": "900000"})],
    ids=["status line", "header", "body"],
)
def test_a_trickle_ends_at_the_deadline(before: bytes) -> None:
    stop = threading.Event()

    def answer(request: Request, connection: socket.socket) -> None:
        connection.sendall(before)
        while not stop.wait(0.05):
            connection.sendall(b"x")

    options = FetchOptions(policy=OPTIONS.policy, deadline_s=0.4)
    with serve(answer, HOME) as home:
        assert reason_of(home.url(), options) == "fetch-timeout"
        stop.set()


def test_the_deadline_covers_all_redirects_together() -> None:
    def answer(request: Request, connection: socket.socket) -> bytes:
        threading.Event().wait(0.15)
        return reply(status=302, headers={"Location": "/again"})

    options = FetchOptions(policy=OPTIONS.policy, deadline_s=0.4, max_redirects=50)
    with serve(answer, HOME) as home:
        assert reason_of(home.url(), options) == "fetch-timeout"


def test_interim_answers_without_end_stop_at_the_deadline() -> None:
    options = FetchOptions(policy=OPTIONS.policy, deadline_s=0.4)
    with serve(continue_for_ever, HOME) as home:
        assert reason_of(home.url(), options) == "fetch-timeout"


@pytest.mark.parametrize(
    "answer",
    [
        reply(headers={f"X-{n}": "1" for n in range(5000)}),
        reply(headers={f"X-{n}": "1" for n in range(1200)}),
        reply(headers={"X-Long": "x" * 1_000_000}),
        reply(headers={"X-Long": "x" * 1_000_000})[:500_000],
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
def test_answers_that_break_the_protocol_are_errors(answer: bytes) -> None:
    with serve(lambda *_: answer, HOME) as home:
        assert reason_of(home.url()) == "fetch-failed"


def test_a_length_that_promises_more_than_comes_leaves_what_came() -> None:
    with serve(lambda *_: reply(b"half", headers={"Content-Length": "999"}), HOME) as home:
        fetched = fetch(home.url(), OPTIONS)
    assert (fetched.body, fetched.truncated) == (b"half", True)


def test_a_length_that_promises_less_cuts_the_body() -> None:
    with serve(lambda *_: reply(b"whole body", headers={"Content-Length": "5"}), HOME) as home:
        assert fetch(home.url(), OPTIONS).body == b"whole"


def test_a_whole_answer_is_described() -> None:
    headers: dict[str, str | bytes] = {"Content-Encoding": "gzip", "Content-Type": "text/xml", "ETag": '"1"'}
    with serve(lambda *_: reply(gzip.compress(b"<rss/>"), headers=headers), HOME) as home:
        fetched = fetch(home.url("/rss"), OPTIONS, now=lambda: NOW)
    assert (fetched.url, fetched.status, fetched.body) == (home.url("/rss"), 200, b"<rss/>")
    assert (fetched.content_type, fetched.etag, fetched.fetched_at) == ("text/xml", '"1"', NOW)
    assert not fetched.truncated
    assert "Content-Encoding" not in dict(fetched.headers)


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        (b'"plain"', b"Mon, 02 Mar 2026 12:00:00 GMT"),
        (b'W/"weak  two spaces"', b"Thu, 01 Jan 2041 00:00:00 GMT"),
        (b"unquoted", b"no date at all"),
        ('"ünïcödé"'.encode(), b"\xff\xfe"),
        (b'""', b"0"),
    ],
)
def test_validators_come_back_byte_for_byte(etag: bytes, modified: bytes) -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        same = (request.headers.get("if-none-match"), request.headers.get("if-modified-since")) == (etag, modified)
        return reply(status=304) if same else reply(b"body", headers={"ETag": etag, "Last-Modified": modified})

    with serve(answer, HOME) as home:
        first = fetch(home.url(), OPTIONS)
        again = fetch(home.url(), OPTIONS, Validators(first.etag, first.last_modified))
    assert (first.status, first.body) == (200, b"body")
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(("status", "wait"), [(429, 300.0), (503, None)])
def test_only_too_many_requests_asks_to_wait_without_naming_a_time(status: int, wait: float | None) -> None:
    with (
        serve(lambda *_: reply(b"<html>sorry</html>", status=status), HOME) as home,
        pytest.raises(FetchError) as caught,
    ):
        fetch(home.url(), OPTIONS)
    assert caught.value.retry_after == wait


@pytest.mark.parametrize("status", [304, 400, 403, 404, 410, 418, 429, 500, 503, 302, 199])
def test_statuses_that_bring_nothing_are_errors(status: int) -> None:
    with serve(lambda *_: reply(b"<html>sorry</html>", status=status, headers={"Retry-After": "7"}), HOME) as home:
        options = dataclasses.replace(OPTIONS, deadline_s=0.5) if status == 199 else OPTIONS  # 1xx is but interim
        with pytest.raises(FetchError) as caught:
            fetch(home.url(), options)
    error = caught.value
    if status == 199:
        assert error.reason in ("fetch-failed", "fetch-timeout")
        return
    assert (error.reason, error.status) == ("http-error", status)
    assert error.retry_after == (7 if status in (429, 503) else None)


def test_localhost_needs_but_one_of_its_addresses_allowed() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["::1", HOME]

    with serve(lambda *_: reply(b"x"), HOME) as home:
        assert fetch(home.url(host="localhost"), OPTIONS, resolve=resolve).body == b"x"
        assert reason_of(home.url(host="news.example"), resolve=resolve) == "address-refused"


def test_a_host_without_address_is_an_error() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    assert reason_of("http://news.example/", resolve=resolve) == "fetch-failed"


def test_a_refused_connection_is_an_error() -> None:
    with socket.create_server((HOME, 0)) as taken:
        port = taken.getsockname()[1]
    assert reason_of(f"http://{HOME}:{port}/") == "fetch-failed"


def test_bounds_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        FetchOptions(deadline_s=0)


def make_certificates(folder: Path, host: str) -> tuple[ssl.SSLContext, str]:
    """A server's TLS context for `host`, and the file of the authority that vouches for it."""
    now = dt.datetime.now(dt.UTC)

    def certificate(
        name: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
    ) -> x509.Certificate:
        authority = name == issuer
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(signer, hashes.SHA256())
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root, leaf = certificate("root", "root", root_key, root_key), certificate(host, "root", key, root_key)
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(private + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, str(folder / "root.pem")


def test_tls_is_verified_for_the_name_and_never_left_by_a_redirect(tmp_path: Path) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return [HOME]

    def answer(request: Request, _: socket.socket) -> bytes:
        down = {"Location": "http://news.example/"}
        return reply(status=302, headers=down) if request.path == "/down" else reply(b"safe")

    context, root = make_certificates(tmp_path, "news.example")
    names: list[str] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    trusting = FetchOptions(policy=OPTIONS.policy, ca_file=root)
    with serve(answer, HOME, tls=context) as home:
        good = home.url("/", "news.example", "https")
        assert fetch(good, trusting, resolve=resolve).body == b"safe"
        assert names == ["news.example"]
        assert reason_of(good, resolve=resolve) == "fetch-failed"  # nobody vouches for it
        assert reason_of(home.url("/", "other.example", "https"), trusting, resolve=resolve) == "fetch-failed"
        assert reason_of(home.url("/down", "news.example", "https"), trusting, resolve=resolve) == "address-refused"


def test_a_kept_connection_that_its_server_had_closed_is_opened_anew() -> None:
    def once(request: Request, connection: socket.socket) -> None:
        connection.sendall(reply(b"there", headers={"Connection": "keep-alive"}))
        connection.recv(65536)  # the next request, which gets no answer

    async def fetch_thrice(url: str) -> list[bytes]:
        async with Client(OPTIONS) as client:
            return [(await client.fetch(url)).body for _ in range(3)]

    with serve(once, HOME) as home:
        assert asyncio.run(fetch_thrice(home.url())) == [b"there"] * 3
        assert home.connections == 3


def test_a_server_that_closes_new_connections_is_asked_once() -> None:
    with serve(lambda request, connection: None, HOME) as home:
        with pytest.raises(FetchError, match="fetch-failed"):
            fetch(home.url(), OPTIONS)
        assert home.connections == 1
