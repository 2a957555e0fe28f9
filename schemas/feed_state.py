"""What the next poll of a feed must know of the last one."""

import dataclasses
import datetime as dt
from typing import Literal

PollOutcome = Literal["changed", "unchanged", "postponed", "failed"]


@dataclasses.dataclass(frozen=True, slots=True)
class FeedState:
    """One feed, by the URL that the feed list gives it.

    Attributes:
        etag, last_modified: validators of the last whole body, byte for byte (Latin-1 as text); None without.
        body_sha256: of that body.
        polled_at: when it was last asked for.
        full_at: when a whole body last came; validators are not sent once this is a week ago.
        not_before: earliest next poll, by Retry-After and linear back-off; None when it may be at once.
        failures: polls that failed in a row.
        permanent_url: where the feed has moved for good; asked for instead.
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


@dataclasses.dataclass(frozen=True, slots=True)
class Polled:
    """One poll of one live feed and what is to be remembered of it.

    Attributes:
        outcome: `changed` gave a document, `unchanged` and `postponed` gave nothing, `failed` gave a quarantine row.
        status: HTTP status, None when there was no answer.
        state: as it is after the poll.
    """

    url: str
    outcome: PollOutcome
    state: FeedState
    status: int | None = None
    detail: str = ""
