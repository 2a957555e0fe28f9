"""Progress while a run works: every worker process counts what passes it into a small file of its own.

Beam's local run blocks and shows no metrics meanwhile. These counts are for a person who waits: a bundle that is run
again is counted again. What is true of a run stands in its manifest.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import apache_beam as beam
from apache_beam.pvalue import PCollection

T = TypeVar("T")
_SECONDS = 1.0
_DIGITS = 20


class CountPassingFn(beam.DoFn):
    """Passes elements on and counts them, at most once a second, into a file of its own in `folder`."""

    def __init__(self, label: str, folder: str) -> None:
        self._label, self._folder = label, folder

    def setup(self) -> None:
        """Makes the file; where the folder is not on this machine, nothing is counted."""
        self._count, self._written, self._file = 0, 0.0, -1
        with contextlib.suppress(OSError):
            self._file = tempfile.mkstemp(prefix=f"{self._label}.", dir=self._folder)[0]

    def process(self, element: T) -> Iterator[T]:
        """Passes an element on."""
        self._count += 1
        if time.monotonic() - self._written >= _SECONDS:
            self._write()
        yield element

    def finish_bundle(self) -> None:
        """Writes what is not written yet."""
        self._write()

    def teardown(self) -> None:
        """Closes the file."""
        if self._file >= 0:
            os.close(self._file)

    def _write(self) -> None:
        self._written = time.monotonic()
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, f"{self._count:0{_DIGITS}d}".encode(), 0)


def count_passing(elements: PCollection[T], label: str, folder: str | None) -> PCollection[T]:
    """The same elements, counted under a label on their way; untouched where nobody waits (`folder` is None)."""
    if folder is None:
        return elements
    passing = beam.ParDo(CountPassingFn(label, folder)).with_output_types(elements.element_type)
    return elements | f"Progress-{label}" >> passing


def read_counts(folder: str) -> dict[str, int]:
    """Sums by label of what all workers have counted so far."""
    counts: dict[str, int] = {}
    for path in Path(folder).iterdir():
        label, text = path.name.partition(".")[0], path.read_text()
        counts[label] = counts.get(label, 0) + int(text or 0)
    return counts
