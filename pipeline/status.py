"""How complete a tree is: its live feeds from the state, its outlets from the manifests."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.feed_state import FeedState
from schemas.manifest import Manifest

WINDOW = dt.timedelta(days=1)
HISTORY = dt.timedelta(days=28)
MIN_HISTORY = dt.timedelta(days=2)
DATED = dt.timedelta(days=8)
# An outlet that is expected to bring this many stories in the window is silent when it brings none: by chance (Poisson)
# that happens once in twenty.
SILENT_FROM = 3.0
_LEAF = re.compile(r"articles/date=(?P<date>\d{4}-\d\d-\d\d)/outlet=(?P<outlet>[^/]+)/")


@dataclasses.dataclass(frozen=True, slots=True)
class FeedStatus:
    """One live feed as of its last poll.

    Attributes:
        status: `ok`; `failing`, its last poll failed; `empty`, its last body named nothing; `gap`, its last new entries did
            not join on to those before, so that some were missed in between.
        entries: how many its last whole body named.
        failures: polls that failed in a row. gaps: since the feed is known.
        fresh_at: poll that last named something new.
        next_at: earliest next poll, where it has to wait (Retry-After, a lifetime that its server names, or slowed after failures).
        body_at: when a whole body last came. moved_to: where the feed has moved for good; it is asked there.
    """

    url: str
    outlet: str | None
    status: str
    polled_at: dt.datetime | None
    fresh_at: dt.datetime | None
    entries: int | None
    failures: int
    gaps: int
    gap_at: dt.datetime | None
    next_at: dt.datetime | None
    body_at: dt.datetime | None
    moved_to: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class OutletStatus:
    """One outlet in the last day of the tree.

    Attributes:
        status: `ok`; `silent`, nothing new came where at least SILENT_FROM stories were expected; `failing`, `gap` or `empty`
            where a feed of it is.
        expected: stories (new and copies) in a day; None where nothing tells.
        basis: what tells: `runs`, those of the days before without the one that met the outlet first and took in what its
            feeds had kept; before there are MIN_HISTORY of them `dates`, the days on which its stories were published.
        seen: stories in the last day. quarantined: what gave nothing in it.
        last_new_at: start of the run that last brought one.
    """

    outlet: str
    status: str
    expected: float | None
    basis: str
    seen: int
    quarantined: int
    last_new_at: dt.datetime | None
    feeds: int


def feed_status(state: FeedState) -> FeedStatus:
    """Judges a feed by what its polls left."""
    status = "ok"
    if state.failures:
        status = "failing"
    elif state.entries == 0:
        status = "empty"
    elif state.gap_at is not None and state.gap_at == state.fresh_at:
        status = "gap"
    return FeedStatus(
        state.url,
        state.outlet,
        status,
        state.polled_at,
        state.fresh_at,
        state.entries,
        state.failures,
        state.gaps,
        state.gap_at,
        state.not_before,
        state.full_at,
        state.permanent_url,
    )


def outlet_statuses(manifests: Iterable[Manifest], feeds: Sequence[FeedStatus]) -> list[OutletStatus]:
    """Judges the outlets of a tree, as of its newest run, in alphabetical order.

    Args:
        manifests: all of the tree.
        feeds: its live feeds.
    """
    runs = sorted(
        ((dt.datetime.fromisoformat(m.started_at), m) for m in manifests if m.kind == "run"), key=lambda run: run[0]
    )
    if not runs:
        return []
    names = {name for _, manifest in runs for name in manifest.outlets}
    return [_outlet_status(name, runs, runs[-1][0], feeds) for name in sorted(names)]


def _outlet_status(
    name: str, runs: Sequence[tuple[dt.datetime, Manifest]], now: dt.datetime, feeds: Sequence[FeedStatus]
) -> OutletStatus:
    first = next(at for at, manifest in runs if name in manifest.outlets)
    seen = before = quarantined = 0
    last: dt.datetime | None = None
    for at, manifest in runs:
        counts = manifest.outlets.get(name)
        if counts is None:
            continue
        stories = counts.new + counts.copies
        last = at if stories else last
        if at > now - WINDOW:
            seen += stories
            quarantined += counts.quarantined
        elif at > max(first, now - WINDOW - HISTORY):
            before += stories
    history = min(now - WINDOW - first, HISTORY)
    if history >= MIN_HISTORY:
        expected: float | None = before / (history / dt.timedelta(days=1))
        basis = "runs"
    else:
        expected = _expect_by_dates(name, runs, now.date())
        basis = "" if expected is None else "dates"
    own = [feed.status for feed in feeds if feed.outlet == name]
    status = next((s for s in ("failing", "gap", "empty") if s in own), "ok")
    if expected is not None and expected >= SILENT_FROM and not seen:
        status = "silent"
    return OutletStatus(name, status, expected, basis, seen, quarantined, last, len(own))


def _expect_by_dates(name: str, runs: Sequence[tuple[dt.datetime, Manifest]], today: dt.date) -> float | None:
    """Articles a day that are filed under the whole days of the last week.

    Today is not over, and of the oldest day a feed may name a part only.
    """
    rows: dict[dt.date, int] = {}
    for file in (file for _, manifest in runs for file in manifest.files if file.dataset == "articles"):
        leaf = _LEAF.match(file.path)
        if leaf and leaf["outlet"] == name and today - DATED <= (day := dt.date.fromisoformat(leaf["date"])) < today:
            rows[day] = rows.get(day, 0) + file.rows
    if not rows or (days := (today - min(rows)).days - 1) < 1:
        return None
    return sum(count for day, count in rows.items() if day > min(rows)) / days


def status_json(status: FeedStatus | OutletStatus) -> Mapping[str, Any]:
    """The fields of a status for JSON, what it is about first."""
    about = "feed" if isinstance(status, FeedStatus) else "outlet"
    values = {k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in dataclasses.asdict(status).items()}
    return {"about": about, **values}
