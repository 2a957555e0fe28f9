"""HTTP header fields: what is kept of them, and how long Retry-After asks to wait."""

import datetime as dt
import email.utils
import importlib.metadata
from collections.abc import Iterable

RETRY_AFTER_MIN_S = 5.0
RETRY_AFTER_MAX_S = 86_400.0
RETRY_AFTER_UNREADABLE_S = 300.0
FRESH_MAX_S = 3600.0  # news is asked for hourly, whatever a server says of its lifetime

# They told how the body was coded or belong to the connection; the body that is kept is decoded.
_DROPPED = frozenset(
    (
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "set-cookie",
        "set-cookie2",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


def decoded(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Reads header fields as Latin-1, which keeps every byte."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def first_of(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first value of each field, by its name in lower case; Content-Encoding fields are joined."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key == "content-encoding" and key in found:
            found[key] += ", " + value
        found.setdefault(key, value)
    return found


def describing(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The fields that still hold for the decoded body, cookies left out."""
    return tuple((name, value) for name, value in headers if name.lower() not in _DROPPED)


def retry_after(value: str | None, now: dt.datetime) -> float:
    """Seconds that a Retry-After field asks to wait, kept between 5 s and a day (RFC 9110, 10.2.3).

    Servers send 317,100 s, past dates and garbage; no feed is given up for that.
    """
    text = (value or "").strip()
    seconds = _number(text)
    if seconds is None:
        seconds = _seconds_until(text, now)
    if seconds is None:
        seconds = RETRY_AFTER_UNREADABLE_S
    return min(max(seconds, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S)


def fresh_for(headers: Iterable[tuple[str, str]], now: dt.datetime) -> float:
    """Seconds for which a server says that its answer does not change (RFC 9111, 4.2.1), at most an hour.

    `no-cache` and `no-store` ask for no pause; `max-age` (less `Age`) counts before `Expires`; without any of them it is 0.
    """
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    directives = dict(
        (name.strip().lower(), number.strip().strip('"'))
        for name, _, number in (part.partition("=") for part in first.get("cache-control", "").split(","))
    )
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if "max-age" in directives:
        fresh = (_number(directives["max-age"]) or 0.0) - (_number(first.get("age", "").strip()) or 0.0)
    else:
        fresh = _seconds_until(first.get("expires", ""), now) or 0.0
    return min(max(fresh, 0.0), FRESH_MAX_S)


def _number(text: str) -> float | None:
    return float(text[:12]) if text.isascii() and text.isdigit() else None


def _seconds_until(date: str, now: dt.datetime) -> float | None:
    try:
        at = email.utils.parsedate_to_datetime(date)
        return ((at if at.tzinfo else at.replace(tzinfo=dt.UTC)) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None


def user_agent(contact: str | None) -> str:
    """The name that newsmill goes by, with its version and whom to write to."""
    version = importlib.metadata.version("newsmill")
    return f"newsmill/{version} (news feed reader; contact: {' '.join((contact or 'not given').split())})"
