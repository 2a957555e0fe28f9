"""The way to the network: names are resolved and judged here, and only a judged address is connected to."""

import asyncio
import concurrent.futures
import socket
import time
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from transforms.land.guard import NetPolicy, refuse_address

Resolve = Callable[[str, int], Awaitable[list[str]]]


class AddressRefusedError(Exception):
    """A host has an address that is not connected to."""


class Resolver:
    """The system's resolver, in threads of its own so that hanging look-ups hold up neither others nor the end."""

    def __init__(self, threads: int = 256) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="newsmill-dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Looks up all addresses of a host, in the system's order of preference, each once."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._pool, _look_up, host, port)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Gives up what is still being looked up."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects by TCP to addresses that `policy` lets pass, whatever name they were found under.

    A host is refused whole when one of its addresses is, and the connection is made to an address that was judged,
    never to the name again: an answer of the DNS that changes in between (rebinding) can't lead elsewhere.
    """

    def __init__(self, policy: NetPolicy, resolve: Resolve) -> None:
        self._policy = policy
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolves, judges, connects; tries the addresses in turn.

        Raises:
            AddressRefusedError: one of the host's addresses is refused.
            httpcore.ConnectError: no look-up or no connection came about.
            httpcore.ConnectTimeout: not within `timeout` seconds.
        """
        give_up = None if timeout is None else time.monotonic() + timeout
        addresses = await self._judged(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for position, address in enumerate(addresses):
            left = None if give_up is None else (give_up - time.monotonic()) / (len(addresses) - position)
            if left is not None and left <= 0:
                break
            try:
                return await self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _judged(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} could not be looked up: {error}") from error
        if host == "localhost" or host.endswith(".localhost"):
            # /etc/hosts gives it ::1 beside 127.0.0.1; one of the two is enough to have been allowed.
            addresses = [a for a in addresses if refuse_address(a, self._policy) is None] or addresses
        for address in addresses:
            refusal = refuse_address(address, self._policy)
            if refusal is not None:
                raise AddressRefusedError(refusal if address == host else f"{host}: {refusal}")
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuses: nothing that newsmill fetches lies behind a socket file.

        Raises:
            AddressRefusedError: always.
        """
        raise AddressRefusedError(f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)
