import gzip
import tracemalloc
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.land.decode import CappedDecoder, DecodeError, TooLargeError

CAP = 1_000_000


def decode(coding: str, pieces: Iterable[bytes], cap: int = CAP) -> bytes:
    decoder = CappedDecoder(coding, cap)
    return b"".join(out for piece in pieces for out in decoder.feed(piece))


def bare_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


@given(data=st.binary(max_size=5000), cut=st.integers(1, 700), case=st.integers(0, 7))
def test_every_coding_gives_the_body_back_however_it_is_cut(data: bytes, cut: int, case: int) -> None:
    coding, body = [
        ("", data),
        ("identity", data),
        ("gzip", gzip.compress(data)),
        ("X-Gzip", gzip.compress(data[:100]) + gzip.compress(data[100:]) + b"\0\0padding"),
        ("deflate", zlib.compress(data)),
        ("deflate", bare_deflate(data)),
        ("deflate, gzip", gzip.compress(zlib.compress(data))),
        ("utf-8, none", data),  # names that are no codings
    ][case]
    if case == 5 and cut == 1:
        cut = 2  # one byte of a bare deflate stream may pass for the start of a zlib one
    assert decode(coding, [body[i : i + cut] for i in range(0, len(body), cut)]) == data


def bomb(megabytes: int) -> bytes:
    deflater = zlib.compressobj(9, wbits=31)
    return b"".join(deflater.compress(bytes(1_000_000)) for _ in range(megabytes)) + deflater.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", bytes(CAP + 1)),
        ("gzip", bomb(200)),
        ("gzip, gzip", gzip.compress(bomb(200))),
        ("gzip", gzip.compress(bytes(600_000)) * 2),
        ("deflate", zlib.compress(bytes(CAP + 1))),
    ],
)
def test_bombs_stop_at_the_cap(coding: str, body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            decode(coding, [body])
        assert tracemalloc.get_traced_memory()[1] < 8 * CAP
    finally:
        tracemalloc.stop()


def test_a_body_of_just_the_cap_passes() -> None:
    assert len(decode("gzip", [gzip.compress(bytes(CAP))])) == CAP


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_codings_that_were_not_asked_for_are_refused_unread(coding: str) -> None:
    with pytest.raises(DecodeError):
        CappedDecoder(coding, CAP)


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(bytes(5000))[:-8] + bytes(8)])
def test_damaged_bodies_are_errors(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode("gzip", [body])
