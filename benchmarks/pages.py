"""Pages a second on one core: the whole reading of a page against plain trafilatura, on the same pages in the same run.

    benchmarks/pages.py FILE_OR_GLOB… [--rounds N]

Ours is all that a run does to the bytes of a page but for Beam, the cage and spaCy: decompression, encoding, bounds, tree, metadata,
body, the question whether it is an article, language. Theirs is `bare_extraction(with_metadata=True)` of the decoded page. Time is
that of the process; the two take turns page by page, so that other work on the machine strikes both. Rates depend on the
pages' sizes, which are printed with them.
"""

import argparse
import datetime as dt
import glob
import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from schemas.source import Document
from transforms.article.errors import ExtractError
from transforms.article.extract import extract_article
from transforms.article.extract_stage import warm_up
from transforms.read.charset import decode_html, decompress
from transforms.read.page import read_page

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def read_whole(document: Document) -> bool:
    """Bytes to a clean article; False where the page gives none."""
    try:
        extract_article(read_page(document), NOW)
    except ExtractError:
        return False
    return True


def read_plainly(html: str) -> bool:
    """Body and metadata by trafilatura's defaults."""
    return trafilatura.bare_extraction(html, with_metadata=True) is not None


def timed(work: Callable[[], bool]) -> tuple[float, bool]:
    """Seconds of processor time that a piece of work took, and what it gave."""
    start = time.process_time()
    given = work()
    return time.process_time() - start, given


def measure(paths: list[str], rounds: int) -> None:
    """Prints sizes, rates and their ratio."""
    documents = [Document(Path(path).resolve().as_uri(), Path(path).read_bytes(), origin="page") for path in paths]
    pages = [(document, decode_html(decompress(document.body), None)[0]) for document in documents]
    sizes = sorted(len(html) / 1000 for _, html in pages)
    logging.disable()
    warm_up()
    read_plainly("<html><body><p>Herring.</p></body></html>")
    ours: list[float] = []
    theirs: list[float] = []
    articles = 0
    for _ in range(rounds):
        for document, html in pages:
            seconds, given = timed(lambda document=document: read_whole(document))  # type: ignore[misc]
            ours.append(seconds)
            articles += given
            theirs.append(timed(lambda html=html: read_plainly(html))[0])  # type: ignore[misc]
    print(
        f"{len(pages)} pages of {sum(sizes) / 1000:.1f} MB: median {statistics.median(sizes):.0f} KB, largest {sizes[-1]:.0f} KB"
    )
    print(f"newsmill     {len(ours) / sum(ours):6.1f} pages/s/core, {_spread(ours)}; {articles // rounds} articles")
    print(f"trafilatura  {len(theirs) / sum(theirs):6.1f} pages/s/core, {_spread(theirs)}")
    print(f"ratio {sum(theirs) / sum(ours):.2f}")


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"p95 {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f} ms, longest {1000 * ordered[-1]:.0f} ms"


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    measure(sorted(path for pattern in args.files for path in glob.glob(pattern)), args.rounds)


if __name__ == "__main__":
    main()
