"""What a person should do about a feed: said behind what `newsmill feeds check` found."""

import datetime as dt
from collections.abc import Sequence

from transforms.article.dates import AHEAD
from transforms.land.outcome import FetchError

STALE_AFTER = dt.timedelta(days=90)


def advise_error(error: FetchError) -> str:
    """What went wrong at a fetch, and the way out.

    >>> advise_error(FetchError("http-error", "HTTP status 410", status=410))
    'HTTP status 410; gone: look for its new address by `newsmill feeds discover`, or take it out of the list'
    """
    way_out = _way_out(error)
    return f"{error.detail}; {way_out}" if way_out else error.detail


def _way_out(error: FetchError) -> str | None:
    if error.status in (404, 410):
        return "gone: look for its new address by `newsmill feeds discover`, or take it out of the list"
    if error.status in (401, 403):
        return "the server lets newsmill not in: ask its owner, or take it out of the list"
    if error.retry_after:
        return f"busy: ask again in {max(1, round(error.retry_after / 60))} min"
    if error.status is not None and error.status >= 500:
        return "the server fails: ask again later"
    if error.reason == "fetch-timeout":
        return "too slow: ask again later"
    if error.reason == "address-refused":
        return "an address of your own network needs --allow-net"
    if "could not be looked up" in error.detail:
        return "mistyped, or its host is gone"
    return None


def advise_feed(days: Sequence[dt.datetime | None], read_at: dt.datetime | None) -> str | None:
    """What the dates of a feed's entries say of it.

    Args:
        days: publication of each entry, None where it bears none that can be taken.
        read_at: when it was read; None for a file, whose age says nothing.
    """
    if not days:
        return "names nothing now"
    dated = [day for day in days if day is not None]
    if not dated:
        return "no entry bears a date"
    if read_at is None:
        return None
    if min(dated) > read_at + AHEAD:
        return "every date lies in the future; they will not be taken"
    if max(dated) < read_at - STALE_AFTER:
        return f"nothing new since {max(dated):%Y-%m-%d}: given up, or moved?"
    return None
