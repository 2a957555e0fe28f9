import dataclasses
import datetime as dt
import hashlib
import itertools

import pytest

from schemas.feed_state import FeedState, Polled
from transforms.land.outcome import Fetched, FetchError, Validators
from transforms.land.polling import address_of, judge_poll, may_poll, may_yet_come, reopen, validators_for
from transforms.land.warc import Landed

URL = "https://news.example/rss"
START = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def answer(body: bytes = b"<rss/>", status: int = 200, at: dt.datetime = START, **changes: object) -> Landed:
    fetched = Fetched(URL, status, body, at, etag='"1"', last_modified="Mon")
    return Landed(URL, URL, dataclasses.replace(fetched, **changes), at=at)  # type: ignore[arg-type]


def error(reason: str, at: dt.datetime = START, **facts: object) -> Landed:
    return Landed(URL, URL, error=FetchError(reason, "why", **facts), at=at)  # type: ignore[arg-type]


def poll(*landed: Landed) -> Polled:
    state = None
    for one in landed:
        polled = judge_poll(URL, state, one)
        state = polled.state
    return polled


def test_the_first_body_is_a_change_and_sets_everything() -> None:
    polled = poll(answer())
    digest = hashlib.sha256(b"<rss/>").hexdigest()
    assert polled == Polled(URL, "changed", FeedState(URL, '"1"', "Mon", digest, START, START), 200)


def test_an_equal_body_is_unchanged_and_its_validators_count() -> None:
    polled = poll(answer(), answer(at=START + HOUR, etag='"2"', last_modified=None))
    assert polled.outcome == "unchanged"
    assert (polled.state.etag, polled.state.last_modified) == ('"2"', None)
    assert (polled.state.full_at, polled.state.polled_at) == (START, START + HOUR)


def test_another_body_is_a_change() -> None:
    polled = poll(answer(), answer(b"<rss>new</rss>", at=START + HOUR))
    assert (polled.outcome, polled.state.full_at) == ("changed", START + HOUR)


def test_not_modified_is_unchanged_and_keeps_what_it_does_not_name() -> None:
    polled = poll(answer(), answer(b"", 304, START + HOUR, etag=None, last_modified="Tue"))
    assert (polled.outcome, polled.status) == ("unchanged", 304)
    assert (polled.state.etag, polled.state.last_modified, polled.state.full_at) == ('"1"', "Tue", START)
    assert polled.state.body_sha256 == hashlib.sha256(b"<rss/>").hexdigest()


def test_a_full_body_is_asked_for_after_a_week_of_304() -> None:
    state = poll(answer()).state
    sent = []
    for day in range(1, 10):
        now = START + day * DAY
        validators = validators_for(state, now)
        sent.append(validators is not None)
        reply = answer(b"", 304, now) if validators else answer(at=now)
        polled = judge_poll(URL, state, reply)
        assert polled.outcome == ("unchanged" if validators else "changed")
        state = polled.state
    assert sent == [True] * 6 + [False] + [True] * 2


def test_validators_are_sent_as_they_came() -> None:
    assert validators_for(None, START) is None
    assert validators_for(FeedState(URL, full_at=START), START) is None
    state = FeedState(URL, etag='W/"a  b"', full_at=START)
    assert validators_for(state, START) == Validators('W/"a  b"', None)


def test_a_body_that_was_cut_is_read_but_nothing_stands_for_it() -> None:
    polled = poll(answer(), answer(b"<rss>half", at=START + HOUR, truncated=True))
    assert polled.outcome == "changed"
    assert (polled.state.etag, polled.state.body_sha256) == (None, None)
    assert validators_for(polled.state, START + HOUR) is None


def test_failures_slow_a_feed_down_linearly_and_never_kill_it() -> None:
    waits = []
    state = None
    for n in range(300):
        at = START + n * DAY
        state = judge_poll(URL, state, error("http-error", at, status=500)).state
        waits.append(None if state.not_before is None else state.not_before - at)
    assert waits[:3] == [None, dt.timedelta(minutes=10), dt.timedelta(minutes=20)]
    assert waits[-1] == DAY
    assert state is not None
    assert state.failures == 300
    assert poll(error("fetch-failed"), error("fetch-failed"), answer()).state.failures == 0


def test_retry_after_holds_across_runs() -> None:
    polled = poll(error("http-error", status=429, retry_after=3600.0))
    assert (polled.outcome, polled.state.not_before) == ("failed", START + HOUR)
    assert not may_poll(polled.state, START + HOUR - dt.timedelta(seconds=1))
    assert may_poll(polled.state, START + HOUR)
    assert may_poll(None, START)


def test_a_postponed_feed_has_not_failed() -> None:
    polled = poll(answer(), error("postponed", START + HOUR, retry_after=600.0))
    assert polled.outcome == "postponed"
    assert polled.state == dataclasses.replace(poll(answer()).state, not_before=START + HOUR + dt.timedelta(minutes=10))


def test_a_permanent_move_is_remembered_until_it_fails() -> None:
    moved = "https://news.example/new"
    first = answer(permanent_url=moved)
    assert address_of(URL, None) == URL
    assert address_of(URL, poll(first).state) == moved
    assert address_of(URL, poll(first, answer()).state) == moved
    assert address_of(URL, poll(first, error("fetch-timeout")).state) == moved
    assert address_of(URL, poll(first, error("http-error", status=404)).state) == URL


def test_nothing_is_no_poll() -> None:
    with pytest.raises(ValueError, match="nothing came of"):
        judge_poll(URL, None, Landed(URL, URL))


@pytest.mark.parametrize(
    ("reason", "status", "yet"),
    [
        ("http-error", 404, False),
        ("http-error", 503, True),
        ("http-error", 429, True),
        ("fetch-timeout", None, True),
        ("postponed", None, True),
        ("address-refused", None, False),
        ("robots-disallowed", None, False),
        ("robots-disallowed", 403, False),
        ("robots-disallowed", 503, True),
    ],
)
def test_what_may_yet_come(reason: str, status: int | None, yet: bool) -> None:
    assert may_yet_come(FetchError(reason, "", status=status)) is yet


@pytest.mark.parametrize(
    ("wait_s", "not_before", "until"),
    [
        (0.0, None, None),
        (3600.0, None, START + HOUR),
        (3600.0, START + DAY, START + DAY),
        (0.0, START + DAY, START + DAY),
    ],
)
def test_a_feed_waits_as_its_pages_were_asked_to(
    wait_s: float, not_before: dt.datetime | None, until: dt.datetime | None
) -> None:
    state = dataclasses.replace(poll(answer()).state, not_before=not_before)
    opened = reopen(state, wait_s)
    assert (opened.etag, opened.body_sha256, opened.not_before) == (None, None, until)


@pytest.mark.parametrize(
    ("landed", "minutes"),
    [
        (answer(headers=(("Cache-Control", "max-age=1200"),)), 18),
        (answer(headers=(("Cache-Control", "max-age=86400"),)), 54),
        (answer(b"", 304, headers=(("Cache-Control", "max-age=1200"),)), 18),
        (answer(b"<rss><channel><ttl>60</ttl></channel></rss>"), 0),
    ],
)
def test_a_feed_is_not_asked_again_while_it_says_that_nothing_changes(landed: Landed, minutes: int) -> None:
    state, lifetime = poll(answer(b"first"), landed).state, dt.timedelta(minutes=minutes)
    assert may_poll(state, START + lifetime)
    assert may_poll(state, START + lifetime - dt.timedelta(seconds=1)) is (minutes == 0)


def test_a_feed_that_is_gone_is_asked_daily() -> None:
    state = poll(answer(), error("http-error", status=410)).state
    assert state.not_before == START + DAY
    assert not may_poll(state, START + DAY - HOUR)
    assert poll(answer(), error("http-error", status=404)).state.not_before is None


def test_a_dead_feed_is_slowed_to_a_day_and_never_given_up() -> None:
    state, asked = None, []
    for hour in range(24 * 90):
        now = START + hour * HOUR
        if may_poll(state, now):
            state = judge_poll(URL, state, error("fetch-failed", at=now)).state
            asked.append(hour)
    gaps = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (1, 24)
    assert judge_poll(URL, state, answer(at=START + 91 * DAY)).state.not_before is None
