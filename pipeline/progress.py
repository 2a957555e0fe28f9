"""Tells a person who waits how far a run has come."""

import contextlib
import dataclasses
import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import Protocol

from transforms.progress import read_counts

LABELS = ("documents", "articles", "identified", "annotated", "events")
# Labels whose end is known: an article is identified behind a shuffle, so all are counted before the first is annotated.
ENDS = {"annotated": "identified"}


class Display(Protocol):
    """Shows counts; `every` is the seconds from one `show` to the next."""

    every: float

    def show(self, counts: Mapping[str, int], before: Mapping[str, int]) -> None:
        """Shows what has been done by now and, `every` seconds ago, `before`."""

    def close(self) -> None:
        """The run has ended."""


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """How fast the last stage that moved goes.

    Attributes:
        rate: of `label`, a second.
        left: seconds until all of it is done, as far as can be known; None where it can't.
    """

    label: str
    rate: float
    left: float | None


def measure_pace(counts: Mapping[str, int], before: Mapping[str, int], seconds: float) -> Pace | None:
    """The pace of the last stage that moved within these seconds; None where nothing moved.

    >>> measure_pace({"identified": 50, "annotated": 30}, {"identified": 50, "annotated": 10}, 10.0)
    Pace(label='annotated', rate=2.0, left=10.0)
    """
    moved = [label for label in LABELS if counts.get(label, 0) > before.get(label, 0)]
    if not moved:
        return None
    last = moved[-1]
    rate = (counts[last] - before.get(last, 0)) / seconds
    # Events come of the article just annotated: the end of the one is the end of the other.
    timed = "annotated" if last == "events" and "annotated" in moved else last
    if timed not in ENDS:
        return Pace(last, rate, None)
    timed_rate = (counts[timed] - before.get(timed, 0)) / seconds
    return Pace(last, rate, max(0, counts.get(ENDS[timed], 0) - counts[timed]) / timed_rate)


def describe_counts(counts: Mapping[str, int], before: Mapping[str, int], seconds: float) -> str | None:
    """One line of what was done so far, how fast the last stage that moved is, and the time left; None where nothing moved.

    >>> describe_counts({"documents": 9, "articles": 120}, {"documents": 9, "articles": 20}, 10.0)
    '9 documents, 120 articles so far (10.0 articles a second)'
    """
    pace = measure_pace(counts, before, seconds)
    if pace is None:
        return None
    shown = ", ".join(f"{counts[label]} {label}" for label in LABELS if counts.get(label))
    left = "" if pace.left is None else f", about {pace.left:.0f} s left"
    return f"{shown} so far ({pace.rate:.1f} {pace.label} a second{left})"


@contextlib.contextmanager
def tell_progress(display: Display | None) -> Iterator[str | None]:
    """Gives the folder that the workers count into, and shows the counts every so often while the run works.

    Args:
        display: None: nobody waits, and there is no folder.
    """
    if display is None:
        yield None
        return
    with contextlib.closing(display), tempfile.TemporaryDirectory(prefix="newsmill-progress-") as folder:
        done = threading.Event()

        def watch() -> None:
            before: dict[str, int] = {}
            while not done.wait(display.every):
                counts = read_counts(folder)
                display.show(counts, before)
                before = counts

        watcher = threading.Thread(target=watch, name="newsmill-progress", daemon=True)
        watcher.start()
        try:
            yield folder
        finally:
            done.set()
            watcher.join()
