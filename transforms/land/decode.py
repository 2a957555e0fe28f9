"""HTTP content codings, undone piece by piece under a cap on what comes out."""

import zlib
from collections.abc import Iterable

ACCEPT_ENCODING = "gzip, deflate"
MAX_CODINGS = 3
_READ = ("gzip", "x-gzip", "deflate")
# Never asked for. Other names (`none`, `utf-8`, `binary`) are no codings: such a body is taken as it stands, as browsers do.
_UNREAD = ("aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd")
_GZIP_MAGIC = b"\x1f\x8b"
_STEP = 256 * 1024  # most bytes that one inflating step may give, so that a bomb never unfolds at once


class DecodeError(Exception):
    """A body that is not what its Content-Encoding says."""


class TooLargeError(Exception):
    """More bytes came out than the cap allows."""


class _Inflate:
    """One gzip or deflate coding; gzip bodies may hold several members."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding in ("gzip", "x-gzip")
        self._inflater = zlib.decompressobj(31 if self._gzip else 15)
        self._started = False
        self._trailing = False

    @property
    def complete(self) -> bool:
        return not self._started or self._trailing or self._inflater.eof

    def feed(self, data: bytes) -> Iterable[bytes]:
        while data and not self._trailing:
            if self._inflater.eof:
                if not (self._gzip and data.startswith(_GZIP_MAGIC)):
                    self._trailing = True  # padding after the last member, as gzip(1) tolerates it
                    return
                self._inflater = zlib.decompressobj(31)
            try:
                piece = self._inflater.decompress(data, _STEP)
            except zlib.error as error:
                if self._gzip or self._started:
                    raise DecodeError(f"damaged compression: {error}") from error
                self._inflater = zlib.decompressobj(-15)  # many servers send bare deflate where RFC 9110 wants zlib
                self._started = True
                continue
            self._started = True
            if piece:
                yield piece
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail


class CappedDecoder:
    """Undoes the codings of a Content-Encoding header, in order, never giving more than `cap` bytes in all.

    Args:
        content_encoding: header as sent; empty for none.
        cap: most bytes that may come out of the last coding.

    Raises:
        DecodeError: a coding that was not asked for, or too many of them.
    """

    def __init__(self, content_encoding: str, cap: int) -> None:
        named = (part.strip().lower() for part in content_encoding.split(","))
        codings = [coding for coding in named if coding in _READ + _UNREAD]
        if len(codings) > MAX_CODINGS:
            raise DecodeError(f"{len(codings)} codings one over the other")
        for coding in codings:
            if coding in _UNREAD:
                raise DecodeError(f"the server sent the coding {coding!r}, which was not asked for")
        self._stages = [_Inflate(coding) for coding in reversed(codings)]
        self._cap = cap
        self._size = 0

    @property
    def complete(self) -> bool:
        """Whether what came so far ends where its codings end."""
        return all(stage.complete for stage in self._stages)

    def feed(self, data: bytes) -> Iterable[bytes]:
        """Gives what `data` decodes to.

        Raises:
            DecodeError: the data is damaged.
            TooLargeError: the cap is passed.
        """
        for piece in self._through(data, 0):
            self._size += len(piece)
            if self._size > self._cap:
                raise TooLargeError(f"more than {self._cap} bytes")
            yield piece

    def _through(self, data: bytes, stage: int) -> Iterable[bytes]:
        if stage == len(self._stages):
            yield data
            return
        for piece in self._stages[stage].feed(data):
            yield from self._through(piece, stage + 1)
