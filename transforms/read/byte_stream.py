"""A file read forwards, gzip taken off on the way, never more of it in memory than was asked for."""

import zlib
from typing import IO

from transforms.read.errors import ParseError
from transforms.read.sniff import GZIP_MAGIC

STEP = 64 * 1024
# Web archives shrink to a tenth, very repetitive ones to a fiftieth; a bomb to a thousandth.
MAX_RATIO = 250
RATIO_FROM = 64 * 2**20


class ByteStream:
    """Bytes of a file, decompressed where they are gzip: one member, or one after the other as web archives have them.

    Attributes:
        complete: False once compressed data turned out to be cut or damaged; the stream ends there.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.complete = True
        self._file = file
        self._buffer = bytearray()
        self._position = 0
        self._taken = self._given = 0
        head = file.read(STEP)
        self._raw = head
        self._inflater = zlib.decompressobj(31) if head.startswith(GZIP_MAGIC) else None

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""
        while self._left() < size and self._fill():
            pass
        return self._take(min(size, self._left()))

    def read_line(self, limit: int) -> bytes:
        """The next line with its end; at most `limit` bytes of it, none at the end."""
        searched = 0
        while True:
            found = self._buffer.find(b"\n", self._position + searched, self._position + limit)
            if found >= 0:
                return self._take(found + 1 - self._position)
            if self._left() >= limit:
                return self._take(limit)
            searched = self._left()
            if not self._fill():
                return self._take(self._left())

    def skip(self, size: int) -> int:
        """Passes over bytes and says how many there were."""
        skipped = 0
        while skipped < size:
            part = min(size - skipped, self._left())
            self._position += part
            skipped += part
            self._tidy()
            if skipped < size and not self._fill():
                break
        return skipped

    def _left(self) -> int:
        return len(self._buffer) - self._position

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[self._position : self._position + size])
        self._position += size
        self._tidy()
        return data

    def _tidy(self) -> None:
        if self._position == len(self._buffer) or self._position > STEP:
            del self._buffer[: self._position]
            self._position = 0

    def _fill(self) -> bool:
        """Adds a step to the buffer; False at the end."""
        if self._inflater is None:
            data = self._raw or self._file.read(STEP)
            self._raw = b""
            self._buffer += data
            return bool(data)
        return self._inflate(self._inflater)

    def _inflate(self, inflater: "zlib._Decompress") -> bool:
        while True:
            if inflater.eof:
                inflater = self._next_member(inflater)
                if self._inflater is None:
                    return False
            if not self._raw:
                self._raw = self._file.read(STEP)
                if not self._raw:
                    return self._end(complete=False)
            try:
                piece = inflater.decompress(self._raw, STEP)
            except zlib.error:
                return self._end(complete=False)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            self._taken += len(self._raw) - len(rest)
            self._raw = rest
            if piece:
                self._given += len(piece)
                if self._given > RATIO_FROM and self._given > MAX_RATIO * self._taken:
                    raise ParseError("too-large", f"{self._given:,} bytes out of {self._taken:,} compressed ones")
                self._buffer += piece
                return True

    def _next_member(self, inflater: "zlib._Decompress") -> "zlib._Decompress":
        self._raw = self._raw.lstrip(b"\0") or self._file.read(STEP).lstrip(b"\0")  # padding
        if len(self._raw) == 1:
            self._raw += self._file.read(STEP)
        if not self._raw:
            self._end(complete=True)
        elif not self._raw.startswith(GZIP_MAGIC):
            self._end(complete=False)
        else:
            inflater = self._inflater = zlib.decompressobj(31)
        return inflater

    def _end(self, *, complete: bool) -> bool:
        self.complete = complete
        self._inflater, self._raw = None, b""
        self._file = _Nothing()  # type: ignore[assignment]
        return False


class _Nothing:
    """A file that is at its end."""

    def read(self, size: int) -> bytes:
        return b""
