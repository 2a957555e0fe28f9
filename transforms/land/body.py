"""Bodies of answers, read piece by piece under a cap for each and a bound for all together."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping

import httpcore

from transforms.land.decode import CappedDecoder, TooLargeError

LARGE = 1_000_000


class BodyReader:
    """Reads bodies of at most `cap` decoded bytes; of those beyond LARGE, `large_bodies` at a time."""

    def __init__(self, cap: int, large_bodies: int) -> None:
        self._cap = cap
        self._large = asyncio.Semaphore(large_bodies)

    async def read(
        self, response: httpcore.Response, headers: Mapping[str, str], first_bytes: int | None
    ) -> tuple[bytes, bool]:
        """The decoded body, and whether the connection broke inside it.

        Args:
            response: its header was read.
            headers: fields by name in lower case.
            first_bytes: where to stop without an error; None for the whole body.

        Raises:
            TooLargeError: it has more than the cap.
            DecodeError: it is not what its Content-Encoding says.
            httpcore.NetworkError, httpcore.ProtocolError: nothing of it came.
        """
        declared, coded = headers.get("content-length", ""), headers.get("content-encoding", "")
        if first_bytes is None and not coded and declared.isdigit() and int(declared[:20]) > self._cap:
            raise TooLargeError(f"{declared} bytes announced, more than {self._cap}")
        pieces: list[bytes] = []
        size = 0
        async with contextlib.AsyncExitStack() as held:
            try:
                decoded = await held.enter_async_context(contextlib.aclosing(self._decoded(response, coded)))
                async for piece in decoded:
                    if size <= LARGE < size + len(piece):
                        await held.enter_async_context(self._large)
                    pieces.append(piece)
                    size += len(piece)
                    if first_bytes is not None and size >= first_bytes:
                        break
            except (httpcore.RemoteProtocolError, httpcore.ReadError):
                if not pieces:
                    raise
                return b"".join(pieces), True
            return b"".join(pieces)[:first_bytes], False

    async def _decoded(self, response: httpcore.Response, coded: str) -> AsyncGenerator[bytes, None]:
        decoder = CappedDecoder(coded, self._cap)
        async for chunk in response.aiter_stream():
            for piece in decoder.feed(chunk):
                yield piece
