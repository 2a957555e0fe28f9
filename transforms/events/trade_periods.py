"""When a trade figure was: the period of each number of a sentence, and the per cents put to their levels."""

import dataclasses
import datetime as dt
import re

from spacy.tokens import Span

from transforms.events.calendar_days import Period, shift_period
from transforms.events.context import Context
from transforms.events.time_expressions import TimeExpression
from transforms.events.trade_flows import State, words
from transforms.events.trade_roles import words_of
from transforms.events.trade_values import Figure

_COMPARED = re.compile(
    r"\b(?:from|than|over|on|with|to|against|versus)\s+(?:in\s+|for\s+|during\s+)?(?:a|the)?\s*\w*\s*$", re.IGNORECASE
)
# `rose 4 percent from a year earlier last month`: what is compared with stands between a number and its own time.
_COMPARED_NUMBER = re.compile(r"\b(?:from|against|versus|than)\s+[$€£]?\d[\d.,]*\s+(?:\w+\s+){0,2}(?:in\s+)?$")
_COMPARISON = re.compile(
    r"\b(?:from|than|on|over)\s+(?:a|the|one)?\s*(?:same\s+(?:period|month)\s+)?(?:(?:year|month)\s+(?:earlier|ago|before)|previous\s+(?:year|month)|last\s+year)\s+(?=(?:in\s+)?$)"
)
# The same number in another currency: `or $3 billion,`, `($3 billion)`.
_IN_OTHER_MONEY = re.compile(
    r"\s*\([^)]*\)|,?\s+or\s+[$€£¥]?[\d.,]+\s*(?:million|billion|trillion)?(?:\s+(?:dollars|euros|pounds))?,?"
)
# `a 12 per cent decline in the same period`: the change is the time's, not compared with it.
_NAMED = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}(?:rise|increase|growth|gain|jump|fall|drop|decline|decrease|contraction)\s+(?:in|during)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_SPLIT_YEAR = re.compile(r"\b((?:19|20)\d\d)[/–-]((?:19|20)?\d\d)\b")
_PLANS_TO = re.compile(r"\b(?:plans?|aims?|intends?|hopes?)\s+to\b")
_NO_LINK = re.compile(
    r"\bfrom\b(?!\s+[A-Z])|\b(?:against|compared|versus|vs|estimated|than|down|up|while|but|after|before|when|below|above)\b|[;:]"
)


def date_figures(
    figures: list[Figure], sentence: Span, times: list[TimeExpression], context: Context, state: State
) -> list[Figure]:
    """Gives every figure its period: the time right after it, else before it, else the sentence's, else the last one read."""
    usable = [t for t in times if _is_period(t, sentence)]
    usable = [t for i, t in enumerate(usable) if not (i and _is_whole(usable[i - 1], t, sentence))]
    claimed = _claim_times(figures, sentence, sorted([*usable, *_split_years(sentence, times)], key=lambda t: t.start))
    out: list[Figure] = []
    main: Period | None = None
    main_text = ""
    beside: tuple[Period, str] | None = None
    opening = (
        next((claimed[i] for i in sorted(claimed) if claimed[i].end <= figures[0].quantity.start), None)
        if figures
        else None
    )
    for i, figure in enumerate(figures):
        period, text = None, ""
        dated = claimed.get(i)
        if dated is None and figure.role != "prior":
            dated = opening or _next_level_time(figures, claimed, i)
        if dated is not None:
            anchor = main or state.period
            if dated.shift and anchor:
                period = shift_period(anchor, dated.shift, context.day)
            else:
                period = dated.period(future=_is_forward(figure, dated))
            text = dated.text
        elif figure.role == "prior":
            period, text = beside or (None, "")
        elif main is not None:
            period, text = main, main_text
        elif state.period is not None and state.number - state.sentence <= 3 and not _is_rate(figure, sentence):
            period, text = state.period, state.period_text
        leaning = dated is not None and dated.shift is not None and dated.shift.span is None
        if figure.role == "prior" and period is not None:
            beside = period, text
        elif period is not None and not leaning:
            main, main_text = period, text
        text = " ".join(text.split())
        out.append(dataclasses.replace(figure, period=period, period_text=text, leaning=leaning))
    return out


def _is_whole(part: TimeExpression, whole: TimeExpression, sentence: Span) -> bool:
    """`the first quarter of this year`, read as two times: the year is no period of its own."""
    if words_of(sentence, part.end, whole.start).strip() != "of" or not (
        part.first and whole.first and part.last and whole.last
    ):
        return False
    return whole.first <= part.first and part.last <= whole.last


def _split_years(sentence: Span, times: list[TimeExpression]) -> list[TimeExpression]:
    """`1986/87` where neither article nor country says when such a year begins: the two years."""
    found = []
    for match in _SPLIT_YEAR.finditer(sentence.text):
        start, end = (sentence.start_char + at for at in match.span())
        first = int(match[1])
        last = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
        if last == first + 1 and not any(t.start < end + 25 and start < t.end + 5 for t in times):
            found.append(
                TimeExpression(
                    start, end, match[0], dt.date(first, 1, 1), dt.date(last, 12, 31), "interval", rule="split_year"
                )
            )
    return found


def _claim_times(figures: list[Figure], sentence: Span, usable: list[TimeExpression]) -> dict[int, TimeExpression]:
    """Gives a time to the number right before it, else to the next one after it."""
    claimed: dict[int, TimeExpression] = {}
    for i, figure in enumerate(figures):
        end = figures[i + 1].quantity.start if i + 1 < len(figures) else sentence.end_char
        for t in usable:
            if figure.quantity.end <= t.start < end:
                gap = words_of(sentence, max(figure.quantity.end, min(figure.flow.end, t.start)), t.start)
                named = _NAMED.fullmatch(words_of(sentence, figure.quantity.end, t.start)) is not None
                if (
                    figure.role != "prior"
                    and t.shift
                    and not named
                    and (figure.role == "change" or _is_compared(t, sentence))
                ):
                    continue
                gap = _IN_OTHER_MONEY.sub("", _COMPARISON.sub("", gap))
                reach = 6 if t.shift or any(u.end <= figure.quantity.start for u in usable) else 10
                if len(gap.split()) <= reach and not _NO_LINK.search(gap) and gap.count(",") <= 1:
                    claimed[i] = t
                break
    taken = {id(t) for t in claimed.values()}
    for i, figure in enumerate(figures):
        if i in claimed or _is_start(figure, figures[i + 1 : i + 2], sentence):
            continue
        floor = figures[i - 1].quantity.end if i else sentence.start_char
        if i and _is_start(figures[i - 1], [figure], sentence):
            floor = figures[i - 2].quantity.end if i > 1 else sentence.start_char
        free = [t for t in usable if floor <= t.start and t.end <= figure.quantity.start and id(t) not in taken]
        if figure.role != "prior":
            free = [t for t in free if t.shift is None or not _follows_number(t, sentence)]
            own = [t for t in free if not _is_compared(t, sentence)]
            free = own or [t for t in free if t.shift is None and (i == 0 or not _is_left_behind(t, sentence))]
        if free:
            claimed[i] = next((t for t in free if _names_flow(t, figure, sentence)), free[-1])
            taken.add(id(claimed[i]))
    return claimed


def _names_flow(t: TimeExpression, figure: Figure, sentence: Span) -> bool:
    """`the September trade surplus was the best this year, 3 billion`: the month before the flow is its own."""
    return t.end <= figure.flow.start and len(words_of(sentence, t.end, figure.flow.start).split()) <= 1


def _is_start(figure: Figure, following: list[Figure], sentence: Span) -> bool:
    """`November exports rose from 3 to 5 million`: the month is the second number's."""
    return (
        figure.role == "prior"
        and bool(following)
        and following[0].role == "level"
        and words_of(sentence, figure.quantity.end, following[0].quantity.start).split() == ["to"]
    )


def _follows_number(t: TimeExpression, sentence: Span) -> bool:
    """`from 9 million a year ago, while imports averaged 3 million`: the time is the first number's."""
    return re.search(r"\d[\d.,]*\s+(?:[a-z]+\s+){0,2}$", words_of(sentence, t.start - 30, t.start)) is not None


def _is_compared(t: TimeExpression, sentence: Span) -> bool:
    """`fell 5 pct from a year earlier to 3 billion`: the time of what is compared with."""
    if _COMPARED_NUMBER.search(words_of(sentence, t.start - 40, t.start)):
        return True
    return t.text.lower().startswith("from ") or bool(_COMPARED.search(words_of(sentence, t.start - 16, t.start)))


def _is_left_behind(t: TimeExpression, sentence: Span) -> bool:
    """`rose 12 pct from 1985, while imports rose 18 pct`: what one number is compared with dates no other."""
    if re.match(r",?\s+when\b", words_of(sentence, t.end, t.end + 8)):
        return False  # `less than in 1986, when imports rose 8 pct`
    return re.search(r"\b(?:from|than)\s+(?:in\s+)?(?:the\s+)?$", words_of(sentence, t.start - 12, t.start)) is not None


def _next_level_time(figures: list[Figure], claimed: dict[int, TimeExpression], i: int) -> TimeExpression | None:
    """`40,000 tonnes of rye and 25,000 tonnes of oats in March`: the time of the level that follows."""
    return next((claimed[j] for j in range(i + 1, len(figures)) if j in claimed and figures[j].role == "level"), None)


def _is_forward(figure: Figure, t: TimeExpression) -> bool:
    return (
        bool(
            _PLANS_TO.search(words_of(figure.flow.token.sent, 0, figure.quantity.start))
            or re.search(
                r"\b(?:will|would|could|may|might|expected|forecast|target|projected|seen|to\s+reach)\b",
                _words_about(figure),
            )
        )
        and t.ahead is not None
        and figure.role != "prior"
    )


def _words_about(figure: Figure) -> str:
    """The words of a sentence from a little before a flow on; a flow that `was` or `fell` is past whatever stands around."""
    sentence = figure.flow.token.sent
    between = words_of(sentence, figure.flow.end, figure.quantity.start)
    if re.match(
        r"\s*(?:(?:to|with|from)\s+(?:the\s+)?[A-Z][\w.]*\s+)?(?:was|were|rose|fell|grew|stood|had|hit|sank|slid|shrank|[a-z]+(?<!ne)ed)\b",
        between,
    ) and not re.search(r"\b(?:expected|forecast|seen|projected|planned|estimated|predicted)\b", between):
        return ""
    return sentence.text


def _is_rate(figure: Figure, sentence: Span) -> bool:
    """`imports 12 mln tonnes a year`: what goes on, not the period last spoken of."""
    after = words_of(sentence, figure.quantity.end, sentence.end_char)
    return bool(
        re.match(r"\s+(?:of\s+[\w\s]{0,30}?)?(?:a|per|each|every)\s+(?:year|month|week|quarter)|\s+annually", after)
    )


def _is_period(t: TimeExpression, sentence: Span) -> bool:
    if re.fullmatch(r"in\s+\w+\s+(?:years|months)", t.text.lower()):
        return False  # `the best performance in three years`
    if t.precision == "day" and t.shift is None:
        return False
    if re.search(
        r"\bsince\s+(?:the\s+\w+\s+of\s+)?$", words_of(sentence, t.start - 25, t.start), re.IGNORECASE
    ) or t.text.lower().startswith("since"):
        return False
    after = re.match(r"(?:['’]s)?\s+(\w+)", words_of(sentence, t.end, sentence.end_char))
    return not (after and after[1].lower() in words("reports"))


def join_changes(figures: list[Figure], sentence: Span) -> list[Figure]:
    """Puts a per cent to the level that it led to; a lone one stays a figure without a value."""
    out = [f for f in figures if f.role in ("level", "prior")]
    for figure in figures:
        if figure.role == "difference":  # `rose by 3 million`: how much more, not how much
            continue
        if figure.role != "change" or figure.change is None:
            continue
        levels = [
            f for f in out if f.role == "level" and f.flow is figure.flow and f.change is None and f.value is not None
        ]
        later = [
            f
            for f in levels
            if f.quantity.start > figure.quantity.end
            and re.search(
                r"\b(?:to|at|reaching|totall?ing|or)\s+\W*$",
                words_of(sentence, figure.quantity.end, (f.quantity.cue or (f.quantity.start,))[0]).rstrip() + " ",
            )
        ]
        earlier = [f for f in levels if f.quantity.end <= figure.quantity.start]
        target = later[0] if later else earlier[-1] if earlier else next(iter(levels), None)
        if target is None:
            out.append(figure)
        else:
            out[out.index(target)] = dataclasses.replace(
                target,
                change=figure.change,
                period=target.period or figure.period,
                period_text=target.period_text or figure.period_text,
            )
    return sorted(out, key=lambda f: f.quantity.start)
