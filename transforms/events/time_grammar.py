"""The rules of time expressions: patterns of data/time_patterns.yaml, compiled, each with the arithmetic that resolves it."""

import functools
import re
from collections.abc import Callable

from transforms.events import time_days, time_leaning, time_spans
from transforms.events.holidays import holiday_rules
from transforms.events.lexicon import read_lexicon
from transforms.events.time_reading import Clock, Reading

Resolver = Callable[[re.Match[str], Clock], Reading | None]

RESOLVERS: dict[str, Resolver] = {
    "ago": time_leaning.read_ago,
    "bare_day": time_days.read_bare_day,
    "crop_year": time_spans.read_crop_year,
    "date": time_days.read_date,
    "decade": time_spans.read_decade,
    "deictic_day": time_days.read_deictic_day,
    "deictic_period": time_leaning.read_deictic_period,
    "earlier": time_leaning.read_earlier,
    "first_months": time_spans.read_first_months,
    "fiscal": time_spans.read_fiscal,
    "fiscal_months": time_spans.read_fiscal_months,
    "half": time_spans.read_half,
    "holiday": time_days.read_holiday,
    "in_units": time_leaning.read_in_units,
    "iso": time_days.read_iso,
    "month": time_spans.read_month,
    "month_days": time_spans.read_month_days,
    "months": time_spans.read_months,
    "months_to": time_spans.read_months_to,
    "n_months": time_leaning.read_n_months,
    "numeric": time_days.read_numeric,
    "numeric_day": time_days.read_numeric_day,
    "offset": time_days.read_offset,
    "quarter": time_spans.read_quarter,
    "same_period": time_leaning.read_same_period,
    "season": time_spans.read_season,
    "spelled_date": time_days.read_spelled_date,
    "span_units": time_leaning.read_span_units,
    "that": time_leaning.read_that,
    "week_to": time_days.read_week_to,
    "weekday": time_days.read_weekday,
    "weekday_number": time_days.read_weekday_number,
    "weekday_of_week": time_days.read_weekday_of_week,
    "weekend": time_days.read_weekend,
    "year": time_spans.read_year,
    "years": time_spans.read_years,
}


@functools.cache
def read_hints() -> dict[str, re.Pattern[str]]:
    """What must stand in a text for the rules that name it to be tried."""
    return {
        name: re.compile(pattern, re.IGNORECASE) for name, pattern in read_lexicon("time_patterns")["hints"].items()
    }


def find_hints(text: str) -> frozenset[str]:
    """The hints that stand in a text; the empty one always does."""
    return frozenset(name for name, pattern in read_hints().items() if pattern.search(text)) | {""}


@functools.cache
def read_rules() -> tuple[tuple[str, str, re.Pattern[str], Resolver], ...]:
    """The rules of data/time_patterns.yaml: name, hint, compiled pattern, arithmetic."""
    table = read_lexicon("time_patterns")
    names = sorted(holiday_rules(), key=lambda name: (-len(name), name))
    holidays = "|".join(re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s+") for name in names)
    fragments: dict[str, str] = {**table["fragments"], "HOLIDAY": rf"\b(?:{holidays})\b"}

    def expand(pattern: str) -> str:
        while names := set(re.findall(r"(?<!\?P)<([A-Z_]+)>", pattern)):
            for name in names:
                pattern = pattern.replace(f"<{name}>", fragments[name])
        return pattern

    return tuple(
        (
            rule["name"],
            rule.get("hint", ""),
            re.compile(expand(rule["pattern"]), re.IGNORECASE),
            RESOLVERS[rule["resolve"]],
        )
        for rule in table["rules"]
    )
