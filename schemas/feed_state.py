"""What the next poll of a feed must know of the last one."""

import dataclasses
import datetime as dt
from typing import Literal

PollOutcome = Literal["changed", "unchanged", "postponed", "failed"]
Coverage = Literal["", "first", "overlap", "gap", "empty"]


@dataclasses.dataclass(frozen=True, slots=True)
class FeedState:
    """One feed, by the URL that the feed list gives it.

    Attributes:
        etag, last_modified: validators of the last whole body, byte for byte (Latin-1 as text); None without.
        body_sha256: of that body.
        polled_at: when it was last asked for.
        full_at: when a whole body last came; validators are not sent once this is a week ago.
        not_before: earliest next poll, by Retry-After, linear back-off or the lifetime that the answer names; None when it may
            be at once.
        failures: polls that failed in a row.
        permanent_url: where the feed has moved for good; asked for instead.
        outlet: slug that the feed's failures are counted under.
        entries: how many the last whole body named; None before one did.
        keys: of the entries on top of the last body that had any.
        fresh_at: poll that last named something new.
        gaps, gap_at: polls that named nothing of what the poll before had named, and the last of them.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    polled_at: dt.datetime | None = None
    full_at: dt.datetime | None = None
    not_before: dt.datetime | None = None
    failures: int = 0
    permanent_url: str | None = None
    outlet: str | None = None
    entries: int | None = None
    keys: tuple[int, ...] = ()
    fresh_at: dt.datetime | None = None
    gaps: int = 0
    gap_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Polled:
    """One poll of one live feed and what is to be remembered of it.

    Attributes:
        outcome: `changed` gave a document, `unchanged` and `postponed` gave nothing, `failed` gave a quarantine row.
        status: HTTP status, None when there was no answer.
        state: as it is after the poll.
        coverage: of a changed feed: it names what it named last time too (`overlap`), none of it (`gap`), nothing at all
            (`empty`), or it is read for the first time (`first`).
    """

    url: str
    outcome: PollOutcome
    state: FeedState
    status: int | None = None
    detail: str = ""
    coverage: Coverage = ""
