"""Two days that bound one time: `on Thursday and Friday`, `from Monday to Thursday`, `between 3 May and 7 May`."""

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transforms.events.time_expressions import TimeExpression

_LINK = re.compile(r"\s*,?\s*(and|to|until|till|through|[-–])\s*(?:on\s+)?")
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:postpon|reschedul|delay|defer|mov|push|shift|brought|bring|put|chang)\w*\b[^.]{0,40}\bfrom\s+$",
    re.IGNORECASE,
)
_LONGEST = 60  # days; what is farther apart is two times


def join_days(found: "list[TimeExpression]", text: str) -> "list[TimeExpression]":
    """Joins neighbouring days that bound a time.

    Args:
        found: the expressions of a sentence, in order, with offsets into `text`.
        text: the sentence.
    """
    out: list[TimeExpression] = []
    for one in found:
        joined = _join(out[-1], one, text) if out else None
        if joined is not None:
            out[-1] = joined
        else:
            out.append(one)
    return out


def _join(one: "TimeExpression", other: "TimeExpression", text: str) -> "TimeExpression | None":
    if one.precision != "day" or other.precision != "day":
        return None
    link, before = _LINK.fullmatch(text[one.end : other.start]), text[: one.start]
    if link is None or _MOVED.search(before):  # "put off from Monday to Friday"
        return None
    far = link[1] != "and" or _BETWEEN.search(before) is not None
    weekdays = one.rule == "weekday" == other.rule
    past = _span(one.first, other.first, far=far, weekdays=weekdays, ahead=False)
    next_one, next_other = (t.ahead[0] if t.ahead else t.first for t in (one, other))
    ahead = _span(next_one, next_other, far=far, weekdays=weekdays, ahead=True)
    if past is None and ahead is None:
        return None
    first, last = past or (None, None)
    return dataclasses.replace(
        one,
        end=other.end,
        text=text[one.start : other.end],
        first=first,
        last=last,
        precision="interval",
        ahead=ahead if ahead != past else None,
        rule="days",
    )


def _span(
    first: dt.date | None, last: dt.date | None, *, far: bool, weekdays: bool, ahead: bool
) -> tuple[dt.date, dt.date] | None:
    """From one day to the other; days that nothing but `and` links bound a time only where they are neighbours."""
    if first is None or last is None:
        return None
    if weekdays and dt.timedelta(0) < first - last < dt.timedelta(7):
        week = dt.timedelta(7)
        first, last = (first, last + week) if ahead else (first - week, last)
    apart = (last - first).days
    return (first, last) if apart == 1 or (far and 1 < apart < _LONGEST) else None
