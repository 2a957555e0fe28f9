"""Ways to show how far a run has come: lines for logs, bars for a terminal."""

import sys
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pipeline.progress import ENDS, LABELS, Display, describe_counts, measure_pace

LINE_EVERY_S = 10.0
BARS_EVERY_S = 0.5


class Lines:
    """A line every ten seconds in which something moved, with the counts as keyword arguments."""

    def __init__(self, say: Callable[..., None], every: float = LINE_EVERY_S) -> None:
        self._say, self.every = say, every

    def show(self, counts: Mapping[str, int], before: Mapping[str, int]) -> None:
        """Says one line."""
        line = describe_counts(counts, before, self.every)
        if line is not None:
            pace = measure_pace(counts, before, self.every)
            left = {} if pace is None or pace.left is None else {"seconds_left": round(pace.left)}
            self._say(line, **counts, **left)

    def close(self) -> None:
        """Nothing is open."""


class RateColumn(ProgressColumn):
    """How many a second, over the last half minute as rich reckons it."""

    def render(self, task: Task) -> Text:
        """The text of one row."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


class Bars:
    """A row for each stage on a terminal: count, end, rate and time left; gone when the run has ended."""

    every = BARS_EVERY_S

    def __init__(self, console: Console | None = None) -> None:
        name = TextColumn("{task.description:>10}")
        columns = (name, BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console or Console(file=sys.stderr), transient=True)
        self._rows: dict[str, TaskID] = {}
        self._bars.start()

    def show(self, counts: Mapping[str, int], before: Mapping[str, int]) -> None:
        """Brings the rows up to date."""
        for label in LABELS:
            if label not in counts:
                continue
            if label not in self._rows:
                self._rows[label] = self._bars.add_task(label, total=None)
            end = counts.get(ENDS[label]) if label in ENDS else None
            self._bars.update(self._rows[label], completed=counts[label], total=end)

    def refresh(self) -> None:
        """Draws the rows now; by itself that happens ten times a second."""
        self._bars.refresh()

    def close(self) -> None:
        """Takes the rows away."""
        self._bars.stop()


def choose_display(say: Callable[..., None], *, quiet: bool, lines: bool) -> Display | None:
    """Bars on a terminal, lines elsewhere or where they are asked for, nothing for who wants it quiet."""
    if quiet:
        return None
    return Bars() if sys.stderr.isatty() and not lines else Lines(say)
