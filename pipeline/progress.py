"""Tells a person who waits how far a run has come."""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping

from transforms.progress import read_counts

LABELS = ("documents", "articles", "annotated", "events")
EVERY_S = 10.0


def describe_counts(counts: Mapping[str, int], before: Mapping[str, int], seconds: float) -> str | None:
    """One line of what was done so far and, for the last stage that moved, how fast; None where nothing moved.

    >>> describe_counts({"documents": 9, "articles": 120}, {"documents": 9, "articles": 20}, 10.0)
    '9 documents, 120 articles so far (10.0 articles a second)'
    """
    moved = [label for label in LABELS if counts.get(label, 0) > before.get(label, 0)]
    if not moved:
        return None
    shown = ", ".join(f"{counts[label]} {label}" for label in LABELS if counts.get(label))
    rate = (counts[moved[-1]] - before.get(moved[-1], 0)) / seconds
    return f"{shown} so far ({rate:.1f} {moved[-1]} a second)"


@contextlib.contextmanager
def tell_progress(tell: Callable[..., None] | None, every: float = EVERY_S) -> Iterator[str | None]:
    """Gives the folder that the workers count into, and tells of it every so often while the run works.

    Args:
        tell: gets a line, and the counts as keyword arguments; None: nobody waits, and there is no folder.
        every: seconds.
    """
    if tell is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="newsmill-progress-") as folder:
        done = threading.Event()

        def watch() -> None:
            before: dict[str, int] = {}
            while not done.wait(every):
                counts = read_counts(folder)
                line = describe_counts(counts, before, every)
                if line is not None:
                    tell(line, **counts)
                before = counts

        watcher = threading.Thread(target=watch, name="newsmill-progress", daemon=True)
        watcher.start()
        try:
            yield folder
        finally:
            done.set()
            watcher.join()
