"""Polls of live feeds: what is sent, what an answer means, and what the next poll must know."""

import dataclasses
import datetime as dt
import hashlib

from schemas.feed_state import FeedState, Polled
from transforms.land.headers import fresh_for
from transforms.land.outcome import Fetched, FetchError, Validators
from transforms.land.warc import Landed

FULL_AFTER = dt.timedelta(days=7)
BACK_OFF = dt.timedelta(minutes=10)
LONGEST_BACK_OFF = dt.timedelta(days=1)
_SLACK = 0.9  # a schedule of the very interval that a feed names must not miss every other turn
# A server that fails at the address a feed has moved to gets asked at the old one again.
_FORGET_MOVE = frozenset(("http-error", "fetch-failed", "address-refused", "too-many-redirects"))


def may_poll(state: FeedState | None, now: dt.datetime) -> bool:
    """Whether Retry-After, back-off and lifetime of earlier answers let a feed be asked at `now`."""
    return state is None or state.not_before is None or state.not_before <= now


def validators_for(
    state: FeedState | None, now: dt.datetime, full_after: dt.timedelta = FULL_AFTER
) -> Validators | None:
    """The validators to send; None for a full fetch.

    Servers lie about what has changed, so a whole body is asked for once `full_after` has passed since the last one.
    """
    if state is None or state.full_at is None or now - state.full_at >= full_after:
        return None
    if state.etag is None and state.last_modified is None:
        return None
    return Validators(state.etag, state.last_modified)


def address_of(url: str, state: FeedState | None) -> str:
    """The address to ask: where the feed has moved for good, else its own."""
    return (state.permanent_url if state else None) or url


def forget_body(state: FeedState) -> FeedState:
    """The state that makes the next poll ask for a whole body and take it for a change."""
    return dataclasses.replace(state, etag=None, last_modified=None, body_sha256=None)


def reopen(state: FeedState, wait_s: float) -> FeedState:
    """The state of a feed whose pages are still missing: asked for whole again, once its site's wait is over."""
    until = state.polled_at + dt.timedelta(seconds=wait_s) if state.polled_at and wait_s else None
    not_before = max(filter(None, (state.not_before, until)), default=None)
    return dataclasses.replace(forget_body(state), not_before=not_before)


def may_yet_come(error: FetchError) -> bool:
    """Whether what failed is worth asking for again at the next poll: the failure was of the moment."""
    if error.reason in ("http-error", "robots-disallowed"):  # of robots.txt itself, where it could not be had
        return error.status is not None and (error.status >= 500 or error.status in (408, 425, 429))
    return error.reason in ("postponed", "fetch-timeout", "fetch-failed")


def judge_poll(url: str, previous: FeedState | None, landed: Landed, full_after: dt.timedelta = FULL_AFTER) -> Polled:
    """Decides what a poll gave.

    A body equal to the last one is `unchanged`, whatever its status, unless `full_after` has passed since a body went
    through: what newsmill itself has learnt since then must reach a feed that stands still.

    Args:
        url: of the feed as its list gives it.
        previous: state before the poll.
        landed: what came of it; its `at` is the clock.
        full_after: longest time that equal bodies count as unchanged.

    Raises:
        ValueError: nothing came of it.
    """
    before = previous or FeedState(url)
    at = landed.at
    if at is None or (landed.fetched is None and landed.error is None):
        raise ValueError(f"nothing came of {url}: neither an answer nor an error")
    if landed.fetched is not None:
        return _answered(url, before, landed.fetched, at, full_after)
    return _failed(url, before, landed.error or FetchError("fetch-failed", ""), at)


def _answered(url: str, before: FeedState, fetched: Fetched, at: dt.datetime, full_after: dt.timedelta) -> Polled:
    # Only what the server says of this answer; a feed's `ttl` is a template's constant, and news came out within it.
    fresh = dt.timedelta(seconds=fresh_for(fetched.headers, at) * _SLACK)
    state = dataclasses.replace(
        before,
        polled_at=at,
        not_before=at + fresh if fresh else None,
        failures=0,
        permanent_url=fetched.permanent_url or before.permanent_url,
    )
    if fetched.status == 304:
        state = dataclasses.replace(
            state, etag=fetched.etag or state.etag, last_modified=fetched.last_modified or state.last_modified
        )
        return Polled(url, "unchanged", state, 304)
    if fetched.truncated:
        # What had come is read, but it is no body that a later 304 may stand for.
        state = dataclasses.replace(forget_body(state), not_before=None)
        return Polled(url, "changed", state, fetched.status, "cut in transfer")
    digest = hashlib.sha256(fetched.body).hexdigest()
    stands_still = before.full_at is not None and at - before.full_at < full_after
    same = digest == before.body_sha256 and stands_still
    state = dataclasses.replace(
        state,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_sha256=digest,
        full_at=before.full_at if same else at,
    )
    return Polled(url, "unchanged" if same else "changed", state, fetched.status)


def _failed(url: str, before: FeedState, error: FetchError, at: dt.datetime) -> Polled:
    wait = dt.timedelta(seconds=error.retry_after or 0)
    if error.reason == "postponed":
        return Polled(url, "postponed", dataclasses.replace(before, not_before=at + wait), detail=error.detail)
    failures = before.failures + 1
    # Linear, from the second failure on; a feed is slowed and never given up, even one that says it is gone: many come back.
    slowed = LONGEST_BACK_OFF if error.status == 410 else min(BACK_OFF * (failures - 1), LONGEST_BACK_OFF)
    wait = max(wait, slowed)
    state = dataclasses.replace(
        before,
        polled_at=at,
        failures=failures,
        not_before=at + wait if wait else None,
        permanent_url=None if error.reason in _FORGET_MOVE else before.permanent_url,
    )
    return Polled(url, "failed", state, error.status, f"{error.reason}: {error.detail}"[:500])
