"""The one HTTP client: bounded, vetted GET for every URL, whatever it came from."""

import asyncio
import contextlib
import dataclasses
import datetime as dt
import functools
import os
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Self

import httpcore
import httpx

from transforms.land import headers as http_headers
from transforms.land.body import BodyReader
from transforms.land.decode import ACCEPT_ENCODING, DecodeError, TooLargeError
from transforms.land.gate import Gate, OpenGate
from transforms.land.guard import NetPolicy, refuse_url, web_address
from transforms.land.network import AddressRefusedError, GuardedBackend, Resolve, Resolver
from transforms.land.outcome import Fetched, FetchError, Validators

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_ASKS_TO_WAIT = (429, 503)


@dataclasses.dataclass(frozen=True, slots=True)
class FetchOptions:
    """Bounds of one fetch.

    Attributes:
        policy: networks that may be reached besides the public internet.
        contact: mail address or page of whoever runs this, for the User-Agent; by default what the environment
            variable NEWSMILL_CONTACT says.
        deadline_s: for the whole fetch, redirects and body included.
        connect_s: for one connection.
        max_bytes: of the body, decoded.
        large_bodies: that are read at a time, of more than 1 MB; bounds what all fetches together hold in memory.
        max_redirects: that are followed.
        max_headers: lines of one answer's header (their bytes are bounded by httpcore, at 100 KiB).
        allow_downgrade: whether a redirect may lead from https to http.
        accept: media types asked for.
        ca_file: certificates to trust instead of the usual ones.
    """

    policy: NetPolicy = dataclasses.field(default_factory=NetPolicy)
    contact: str | None = dataclasses.field(default_factory=functools.partial(os.environ.get, "NEWSMILL_CONTACT"))
    deadline_s: float = 30.0
    connect_s: float = 10.0
    max_bytes: int = 10_000_000
    large_bodies: int = 16
    max_redirects: int = 5
    max_headers: int = 1000
    allow_downgrade: bool = False
    accept: str = "*/*"
    ca_file: str | None = None

    def __post_init__(self) -> None:
        bounds = (self.deadline_s, self.connect_s, self.max_bytes, self.large_bodies, self.max_headers)
        if min(bounds) <= 0 or self.max_redirects < 0:
            raise ValueError(f"the bounds of a fetch must be positive: {self}")


class _StaleConnectionError(Exception):
    """A connection that was kept open broke before it answered: its server had closed it (RFC 9112, 9.3.1)."""


def utc_now() -> dt.datetime:
    """The present, UTC."""
    return dt.datetime.now(dt.UTC)


class Client:
    """Fetches within one event loop; an async context manager.

    Cookies and referrers are never sent, proxies of the environment never used. Certificates are verified.
    """

    def __init__(
        self,
        options: FetchOptions = FetchOptions(),
        *,
        gate: Gate | None = None,
        resolve: Resolve | None = None,
        now: Callable[[], dt.datetime] = utc_now,
        connections: int = 256,
    ) -> None:
        self._options = options
        self._gate: Gate = gate or OpenGate()
        self._own_resolver = None if resolve else Resolver()
        self._now = now
        self._bodies = BodyReader(options.max_bytes, options.large_bodies)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls_context(options.ca_file),
            max_connections=connections,
            max_keepalive_connections=32,
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(options.policy, resolve or self._own_resolver),  # type: ignore[arg-type]
        )
        self._agent = http_headers.user_agent(options.contact)

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._pool.aclose()
        if self._own_resolver:
            self._own_resolver.close()

    async def fetch(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        check: Callable[[str], Awaitable[None]] | None = None,
        first_bytes: int | None = None,
    ) -> Fetched:
        """Fetches `url`, following redirects.

        Args:
            url: http, https or feed: URL.
            validators: of the last body; with them the answer may be a 304.
            check: lets each address on the way pass, or raises a FetchError.
            first_bytes: keep this much of the body and leave the rest, instead of refusing what is too large.

        Raises:
            FetchError: it gave no document, whatever the cause.
        """
        options = self._options
        url, seconds = web_address(url), options.deadline_s
        permanent, moved = True, None
        for hop in range(options.max_redirects + 1):
            refusal = refuse_url(url, options.policy)
            if refusal is not None:
                raise FetchError("address-refused", f"{url}: {refusal}" if hop else refusal, url=url)
            if check is not None:
                await check(url)
            answer, seconds = await self._take_turn(url, validators, seconds, first_bytes)
            if isinstance(answer, Fetched):
                return dataclasses.replace(answer, permanent_url=moved)
            status, location = answer
            url = self._follow(url, location)
            permanent = permanent and status in _PERMANENT
            moved = url if permanent else moved
        raise FetchError(
            "too-many-redirects", f"more than {options.max_redirects} redirects, the last to {url}", url=url
        )

    async def _take_turn(
        self, url: str, validators: Validators | None, seconds: float, first_bytes: int | None
    ) -> tuple[Fetched | tuple[int, str], float]:
        """An answer, and what is left of the seconds; a connection that had been closed meanwhile gets a second turn."""
        for _ in range(2):
            async with self._gate.turn(url):
                began = time.monotonic()
                try:
                    answer = await self._request(url, validators, seconds, first_bytes)
                except _StaleConnectionError as error:
                    stale = error
                    continue
                finally:
                    seconds -= time.monotonic() - began
                return answer, seconds
        raise FetchError("fetch-failed", f"the connection was closed, twice: {stale}"[:500], url=url) from stale

    def _follow(self, url: str, location: str) -> str:
        with contextlib.suppress(UnicodeDecodeError):
            location = location.encode("latin-1").decode("utf-8")  # what most servers mean by bytes that are not ASCII
        try:
            target = httpx.URL(url).join(location.strip())
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise FetchError(
                "fetch-failed", f"redirected to {location[:200]!r}, which is no URL: {error}", url=url
            ) from error
        if url.lower().startswith("https:") and target.scheme == "http" and not self._options.allow_downgrade:
            raise FetchError("address-refused", f"redirected from https to {str(target)[:200]}", url=url)
        return str(target.copy_with(fragment=None))

    async def _request(
        self, url: str, validators: Validators | None, seconds: float, first_bytes: int | None
    ) -> Fetched | tuple[int, str]:
        """One request, `seconds` in all; a redirect gives its status and Location."""
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return await self._exchange(url, validators, first_bytes)
        except (TimeoutError, httpcore.TimeoutException) as error:
            detail = str(error) or f"no whole answer within {self._options.deadline_s:g} s"
            raise FetchError("fetch-timeout", detail, url=url) from error
        except AddressRefusedError as error:
            raise FetchError("address-refused", str(error), url=url) from error
        except TooLargeError as error:
            raise FetchError("too-large", str(error), url=url) from error
        except DecodeError as error:
            raise FetchError("bad-compression", str(error), url=url) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
            raise FetchError("fetch-failed", f"{type(error).__name__}: {error}"[:500], url=url) from error

    async def _exchange(
        self, url: str, validators: Validators | None, first_bytes: int | None
    ) -> Fetched | tuple[int, str]:
        reused = True

        async def trace(event: str, _: object) -> None:
            nonlocal reused
            reused = reused and not event.startswith("connection.connect_tcp")

        extensions = {"timeout": {"connect": self._options.connect_s}, "trace": trace}
        asked = self._pool.stream("GET", _core_url(url), headers=self._headers(url, validators), extensions=extensions)
        async with contextlib.AsyncExitStack() as opened:
            try:
                response = await opened.enter_async_context(asked)
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError) as error:
                if reused:
                    raise _StaleConnectionError(str(error)) from error
                raise
            headers = http_headers.decoded(response.headers)
            if len(headers) > self._options.max_headers:
                raise FetchError("fetch-failed", f"the answer has {len(headers)} header lines", url=url)
            first = http_headers.first_of(headers)
            status = response.status
            after = first.get("retry-after")
            # Too many requests is a word to the client, whatever else it says; a 503 that names no time is one broken page.
            asks = status == 429 or (status in _ASKS_TO_WAIT and after is not None)
            wait = http_headers.retry_after(after, self._now()) if asks else None
            if status in _REDIRECTS and "location" in first:
                return status, first["location"]
            if not (200 <= status < 300 or (status == 304 and validators)):
                raise FetchError("http-error", f"HTTP status {status}", status=status, retry_after=wait, url=url)
            body, truncated = b"", False
            if status not in (204, 304):
                body, truncated = await self._bodies.read(response, first, first_bytes)
        return Fetched(
            url=url,
            status=status,
            body=body,
            fetched_at=self._now(),
            headers=http_headers.describing(headers),
            etag=first.get("etag"),
            last_modified=first.get("last-modified"),
            content_type=first.get("content-type"),
            truncated=truncated,
        )

    def _headers(self, url: str, validators: Validators | None) -> list[tuple[bytes, bytes]]:
        sent = [
            (b"Host", httpx.URL(url).netloc),
            (b"User-Agent", self._agent.encode("utf-8")),
            (b"Accept", self._options.accept.encode("ascii")),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode("ascii")),
        ]
        if validators and validators.etag is not None:
            sent.append((b"If-None-Match", validators.etag.encode("latin-1")))
        if validators and validators.last_modified is not None:
            sent.append((b"If-Modified-Since", validators.last_modified.encode("latin-1")))
        return sent


@functools.lru_cache(maxsize=4)
def _tls_context(ca_file: str | None) -> ssl.SSLContext:
    # Reading the certificates takes longer than most answers; the context is never changed.
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    return (
        httpx.create_ssl_context()
    )  # SSL_CERT_FILE and SSL_CERT_DIR are heeded, for networks with their own authority


def _core_url(url: str) -> httpcore.URL:
    parsed = httpx.URL(url)
    # A root dot is no part of the name in a certificate.
    host = parsed.raw_host.rstrip(b".")
    return httpcore.URL(scheme=parsed.raw_scheme, host=host, port=parsed.port, target=parsed.raw_path)


def fetch(
    url: str,
    options: FetchOptions = FetchOptions(),
    validators: Validators | None = None,
    *,
    resolve: Resolve | None = None,
    now: Callable[[], dt.datetime] = utc_now,
) -> Fetched:
    """Fetches one URL, in an event loop of its own.

    Raises:
        FetchError: it gave no document, whatever the cause.
    """

    async def once() -> Fetched:
        async with Client(options, resolve=resolve, now=now) as client:
            return await client.fetch(url, validators)

    return asyncio.run(once())
