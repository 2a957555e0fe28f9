"""Mutates inputs and puts them through reading and extraction: nothing may be raised, nothing may pass the deadline.

    benchmarks/fuzz.py COUNT FILE… [--dates] [--seed N] [--deadline S] [--most BYTES]

Each of COUNT inputs is one of the files with up to eight random mutations, read by its extension (feeds, pages,
captures, records, web archives), and each of its articles extracted: in this process and without a cage, so that what
the cage would hide shows. With --dates the lines of the files are dates, one a line. Exit code 1 for any fault.
"""

import argparse
import collections
import datetime as dt
import gzip
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from schemas.quarantine import Failure
from schemas.source import Document, RawArticle
from transforms.article.dates import find_instant, parse_instant
from transforms.article.extract_stage import extract_or_fail, warm_up
from transforms.read.documents import parse_document

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_TOKENS = (
    b"<", b">", b"</p>", b"<p>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#55296;", b"&#1114112;", b"&amp;", b"&", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r\n\r\n", b"\t", b"\\", b'"', b"'", b"{", b"}", b"[", b"]", b"\xe2\x80\xae",
    b"<script>", b"</script>", b"<item>", b"</item>", b"<div>" * 40, b"%", b"-1", b"99999999999999999999", b"0000-00-00", b"NaN",
    b"T25:61:61", b"+99:99", b"30 February", b"\xf0\x9f\x98\x80", b"javascript:", b"http://[::1", b"//", b"@", b"xmlns:a=",
    b'<link rel="canonical" href="https://[site]/a">', b'<meta property="og:url" content="//[">', b'<base href="http://[">',
)  # fmt: skip


class TooSlowError(Exception):
    """The deadline has passed."""


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The data with one to eight mutations; with one or two where there is little of it."""
    body = bytearray(data)
    for _ in range(rng.randint(1, 8 if len(data) > 200 else 2)):
        size = len(body)
        at = rng.randrange(size + 1)
        width = min(size - at, rng.choice((1, 2, 8, 40, 400)))
        kind = rng.randrange(8)
        if kind == 0 and width:
            body[at] = rng.randrange(256)
        elif kind == 1:
            del body[at : at + width]
        elif kind == 2:
            body[at:at] = rng.choice(_TOKENS)
        elif kind == 3:
            other = rng.randrange(size + 1)
            body[at:at] = body[other : other + width]
        elif kind == 4:
            body[at:at] = bytes(body[at : at + min(width, 40)]) * rng.choice((2, 20, 200))
        elif kind == 5 and rng.random() < 0.3:
            del body[at:]
        elif kind == 6:
            body[at : at + width] = bytes(rng.randrange(256) for _ in range(width))
        else:
            body[at : at + width] = rng.choice(_TOKENS)
    return bytes(body)


def read_all(name: str, data: bytes) -> Iterator[str]:
    """Reads and extracts, as a file and as what an address gave; says what became of each article."""
    for url in (None, f"https://fuzz.example/news/{name}"):
        for one in parse_document(Document(url or f"file:///fuzz/{name}", data, url=url)):
            outcome = extract_or_fail(one, NOW) if isinstance(one, RawArticle) else one
            yield outcome.reason if isinstance(outcome, Failure) else "article"


def read_date(_: str, data: bytes) -> Iterator[str]:
    """Reads a date by both functions; a date must be in UTC and not far in the future."""
    text = data.decode("utf-8", "replace")
    for found in (parse_instant(text, "Asia/Baku", NOW), find_instant(text, "Asia/Baku", NOW)):
        if found.at is not None and (found.at.tzinfo is not dt.UTC or found.at > NOW + dt.timedelta(days=3)):
            raise ValueError(f"{text!r} is read as {found}")
        yield found.precision


def fuzz(
    inputs: list[tuple[str, bytes]], read: Callable[[str, bytes], Iterator[str]], args: argparse.Namespace
) -> tuple[collections.Counter[str], list[str], float]:
    """Outcomes, faults and the longest CPU seconds of one input; Ctrl-C ends it with what was done."""
    outcomes: collections.Counter[str] = collections.Counter()
    faults: list[str] = []
    longest = 0.0
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    for number in range(args.count):
        if stopped:
            args.count = number
            break
        rng = random.Random(f"{args.seed}/{number}")
        name, data = rng.choice(inputs)
        data = mutate(data, rng)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, args.deadline)
        try:
            outcomes.update(read(name, data))
        except TooSlowError:
            faults.append(f"{number} ({name}): not done within {args.deadline} s")
        except Exception:
            faults.append(f"{number} ({name}): {traceback.format_exc(limit=-3)}")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        longest = max(longest, time.process_time() - began)
    return outcomes, faults, longest


def _stop(*_: object) -> None:
    raise TooSlowError


def main() -> int:
    """Parses the command line and fuzzes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--dates", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadline", type=float, default=10.0, help="CPU seconds for one input (default %(default)s)")
    parser.add_argument("--most", type=int, default=2_000_000, help="leave out files above (default %(default)s bytes)")
    args = parser.parse_args()
    inputs = []
    for file in sorted(args.files):
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" and ".warc" not in file.suffixes else data
        lines = data.splitlines() if args.dates or file.name.endswith(".jsonl") else [data]
        inputs += [(file.name.removesuffix(".gz"), line) for line in lines if 0 < len(line) <= args.most]
    signal.signal(signal.SIGPROF, _stop)
    warm_up()
    began = time.process_time()
    outcomes, faults, longest = fuzz(inputs, read_date if args.dates else read_all, args)
    spent = time.process_time() - began
    for fault in faults:
        print(fault)
    print(
        f"{args.count:,} mutations of {len(inputs):,} inputs: {len(faults)} faults, longest {longest:.2f} s, "
        f"{spent:.0f} s CPU; {dict(outcomes.most_common())}"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
