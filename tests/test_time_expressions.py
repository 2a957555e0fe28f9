"""Time expressions: what each comes to, on ordinary days and on the edges of months and years; what is none."""

import datetime as dt
import itertools

import pytest
from event_reading import read
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.holidays import easter, holiday
from transforms.events.time_expressions import find_times
from transforms.events.time_grammar import read_hints

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
DAY = dt.date(2025, 12, 23)  # a Tuesday

PAST = [
    # words, first, last, precision
    ("on Monday", "2025-12-22", "2025-12-22", "day"),
    ("on Tuesday", "2025-12-23", "2025-12-23", "day"),
    ("on Wednesday morning", "2025-12-17", "2025-12-17", "day"),
    ("last Friday", "2025-12-19", "2025-12-19", "day"),
    ("1Q 2025", "2025-01-01", "2025-03-31", "quarter"),
    ("the early 2000s", "2000-01-01", "2003-12-31", "interval"),
    ("mid-1990s", "1994-01-01", "1996-12-31", "interval"),
    ("the late 1980s", "1987-01-01", "1989-12-31", "interval"),
    ("the 1990s", "1990-01-01", "1999-12-31", "interval"),
    ("cocoa year 2024/25, ending September", "2024-10-01", "2025-09-30", "year"),
    ("2024/25 ending June 30", "2024-07-01", "2025-06-30", "year"),
    ("2024/25 (October-September)", "2024-10-01", "2025-09-30", "year"),
    ("1999/00 (July-March)", "1999-07-01", "2000-03-31", "interval"),
    ("today", "2025-12-23", "2025-12-23", "day"),
    ("yesterday evening", "2025-12-22", "2025-12-22", "day"),
    ("tomorrow", "2025-12-24", "2025-12-24", "day"),
    ("the day before yesterday", "2025-12-21", "2025-12-21", "day"),
    ("last week", "2025-12-15", "2025-12-21", "week"),
    ("this week", "2025-12-22", "2025-12-28", "week"),
    ("earlier this week", "2025-12-22", "2025-12-22", "interval"),
    ("next month", "2026-01-01", "2026-01-31", "month"),
    ("last month", "2025-11-01", "2025-11-30", "month"),
    ("late last month", "2025-11-21", "2025-11-30", "interval"),
    ("last quarter", "2025-07-01", "2025-09-30", "quarter"),
    ("last year", "2024-01-01", "2024-12-31", "year"),
    ("over the weekend", "2025-12-20", "2025-12-21", "interval"),
    ("this past week", "2025-12-16", "2025-12-23", "interval"),
    ("on Sunday and Monday", "2025-12-21", "2025-12-22", "interval"),
    ("from Thursday to Saturday", "2025-12-18", "2025-12-20", "interval"),
    ("between 3 May and 7 May", "2025-05-03", "2025-05-07", "interval"),
    ("in this Dec. 13, 2018 photo", "2018-12-13", "2018-12-13", "day"),
    ("in February", "2025-02-01", "2025-02-28", "month"),
    ("in December", "2025-12-01", "2025-12-31", "month"),
    ("in February 2024", "2024-02-01", "2024-02-29", "month"),
    ("in February last year", "2024-02-01", "2024-02-29", "month"),
    ("in mid-December", "2025-12-11", "2025-12-20", "interval"),
    ("in early March 2024", "2024-03-01", "2024-03-10", "interval"),
    ("at the end of June", "2025-06-21", "2025-06-30", "interval"),
    ("in the last week of March", "2025-03-25", "2025-03-31", "week"),
    ("by the end of June", "2025-06-01", "2025-06-30", "month"),
    ("on May 3", "2025-05-03", "2025-05-03", "day"),
    ("on 3 May 2024", "2024-05-03", "2024-05-03", "day"),
    ("on May 3-5, 2024", "2024-05-03", "2024-05-05", "interval"),
    ("from May 3 to June 5", "2025-05-03", "2025-06-05", "interval"),
    ("on Friday, Jan. 9, 2026", "2026-01-09", "2026-01-09", "day"),
    ("on the 4th of July", "2025-07-04", "2025-07-04", "day"),
    ("on 2025-12-24", "2025-12-24", "2025-12-24", "day"),
    ("on 24.12.2025", "2025-12-24", "2025-12-24", "day"),
    ("in the first nine months of this year", "2025-01-01", "2025-09-30", "interval"),
    ("in the first nine months", "2025-01-01", "2025-09-30", "interval"),
    ("from January to September", "2025-01-01", "2025-09-30", "interval"),
    ("in January-September 2024", "2024-01-01", "2024-09-30", "interval"),
    ("in the year to September 1987", "1986-10-01", "1987-09-30", "year"),
    ("in the nine months ended June 30, 2024", "2023-10-01", "2024-06-30", "interval"),
    ("in the third quarter of 2024", "2024-07-01", "2024-09-30", "quarter"),
    ("in Q3", "2025-07-01", "2025-09-30", "quarter"),
    ("in the first half of last year", "2024-01-01", "2024-06-30", "interval"),
    ("in the summer of 2019", "2019-06-01", "2019-08-31", "season"),
    ("last winter", "2024-12-01", "2025-02-28", "season"),
    ("in 1986", "1986-01-01", "1986-12-31", "year"),
    ("two days ago", "2025-12-21", "2025-12-21", "day"),
    ("18 months ago", "2024-06-01", "2024-06-30", "month"),
    ("two years ago", "2023-01-01", "2023-12-31", "year"),
    ("over the past three years", "2022-12-23", "2025-12-23", "interval"),
    ("on Christmas Day", "2024-12-25", "2024-12-25", "day"),
    ("on Oct/3", "2025-10-03", "2025-10-03", "day"),
    ("on 22/Jan/2019", "2019-01-22", "2019-01-22", "day"),
    ("on the second of August", "2025-08-02", "2025-08-02", "day"),
    ("on March eighteenth", "2025-03-18", "2025-03-18", "day"),
    ("on May twenty-nine nineteen eighty six", "1986-05-29", "1986-05-29", "day"),
    ("on 15 April '87", "1987-04-15", "1987-04-15", "day"),
    ("on Tuesday of last week", "2025-12-16", "2025-12-16", "day"),
    ("two days after tomorrow", "2025-12-26", "2025-12-26", "day"),
    ("two weeks before Christmas 2024", "2024-12-11", "2024-12-11", "day"),
    ("on Sunday 30", "2025-11-30", "2025-11-30", "day"),
    ("on the 15th of this month", "2025-12-15", "2025-12-15", "day"),
    ("last Thanksgiving", "2025-11-27", "2025-11-27", "day"),
    ("in the half-year to March 2024", "2023-10-01", "2024-03-31", "interval"),
    ("in the week ended November 30", "2025-11-24", "2025-11-30", "week"),
    ("in the 1990s", "1990-01-01", "1999-12-31", "interval"),
]


@pytest.mark.parametrize(("words", "first", "last", "precision"), PAST)
def test_words_come_to_their_days(words: str, first: str, last: str, precision: str) -> None:
    (found,) = find_times(f"Something happened {words}, people remember.", DAY)
    period = found.period()
    assert period is not None
    assert (str(period.first), str(period.last), period.precision) == (first, last, precision)


@pytest.mark.parametrize(
    ("words", "first"),
    [("on Friday", "2025-12-26"), ("in January", "2026-01-01"), ("on May 3", "2026-05-03"), ("in Q1", "2026-01-01")],
)
def test_a_clause_that_looks_ahead_means_the_next(words: str, first: str) -> None:
    (found,) = find_times(f"They will meet {words}.", DAY)
    period = found.period(future=True)
    assert period is not None
    assert str(period.first) == first


@pytest.mark.parametrize(
    ("day", "words", "first"),
    [
        ("2025-01-01", "on Monday", "2024-12-30"),
        ("2025-01-01", "last month", "2024-12-01"),
        ("2025-01-01", "last quarter", "2024-10-01"),
        ("2025-01-01", "in December", "2024-12-01"),
        ("2025-01-01", "yesterday", "2024-12-31"),
        ("2025-01-15", "in the first nine months", "2024-01-01"),
        ("2024-02-29", "in February", "2024-02-01"),
        ("2024-02-29", "a year ago", "2023-01-01"),
        ("2024-03-01", "yesterday", "2024-02-29"),
        ("2025-02-28", "on Feb. 29", "2024-02-29"),
        ("2024-03-31", "last month", "2024-02-01"),
        ("2024-12-31", "next month", "2025-01-01"),
        ("2024-12-31", "tomorrow", "2025-01-01"),
        ("2025-12-30", "on January 3", "2026-01-03"),
    ],
)
def test_edges_of_months_and_years(day: str, words: str, first: str) -> None:
    (found,) = find_times(f"It came {words}.", dt.date.fromisoformat(day))
    assert str(found.first) == first


@pytest.mark.parametrize(
    "text",
    [
        "He is 25 and lives at 1600 Pennsylvania Avenue.",
        "The number is 20251224, or 12345678.",
        "She taught at a Sunday school.",
        "Theresa May spoke; may they march on.",
        "Some 1986 tonnes and $2024 were found.",
        "The score was 3-2 at 2.15pm, and 7/8 of them left.",
        "It grew by 2,024 units at the same time.",
        "It rose by 24.5 pct, on 3.5 points, from 1/2 to 2/3.",
        "An august body will second the motion.",
    ],
)
def test_what_names_no_time(text: str) -> None:
    assert find_times(text, DAY) == []


def test_an_undated_article_has_only_what_bears_its_year() -> None:
    found = find_times("On Monday, last week and in March they spoke of May 2024 and 1986.", None)
    assert [str(t.first) for t in found if t.period()] == ["2024-05-01", "1986-01-01"]


def test_expressions_lean_on_the_one_before() -> None:
    found = find_times("Sales fell in February 2024 from the same month a year earlier and the previous month.", DAY)
    assert [str(t.first) for t in found] == ["2024-02-01", "2023-02-01", "2024-01-01"]


def test_a_rule_is_never_missed_for_its_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [find_times(f"It was {words}.", DAY) for words, *_ in PAST]
    monkeypatch.setattr("transforms.events.time_expressions.find_hints", lambda text: frozenset(read_hints()) | {""})
    assert [find_times(f"It was {words}.", DAY) for words, *_ in PAST] == quick


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("the same month", "2024-02-01"),
        ("the same month last year", "2023-02-01"),
        ("the corresponding month", "2023-02-01"),
        ("the same 2019 month", "2019-02-01"),
        ("the year-ago month", "2023-02-01"),
        ("the following month", "2024-03-01"),
        ("two months later", "2024-04-01"),
    ],
)
def test_what_leans_on_a_month(words: str, first: str) -> None:
    *_, found = find_times(f"It fell in February 2024 and {words}.", dt.date(2024, 12, 1))
    assert str(found.first) == first


def test_a_fiscal_year_needs_its_custom() -> None:
    text = "Exports rose in 1986/87."
    assert find_times(text, DAY) == []
    (found,) = find_times(text, DAY, fiscal=(7, 1))
    assert (str(found.first), str(found.last)) == ("1986-07-01", "1987-06-30")


def test_the_country_that_an_article_names_lends_its_fiscal_year() -> None:
    context = read("Pakistan counted its exports. In 1985/86 Pakistan sold more rice.", DAY)
    (found,) = context.times.in_span(0, len(context.text))
    assert str(found.first) == "1985-07-01"


@given(DAYS, st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))
def test_a_weekday_is_the_latest_on_or_before_publication(day: dt.date, name: str) -> None:
    (found,) = find_times(f"It rained on {name}.", day)
    assert found.first is not None
    assert 0 <= (day - found.first).days < 7
    assert found.first.strftime("%A") == name
    ahead = found.period(future=True)
    assert ahead is not None
    assert 0 <= (ahead.first - day).days < 7


@given(
    DAYS, st.sampled_from(["last week", "this month", "next quarter", "in March", "late January", "last summer", "Q2"])
)
def test_periods_are_never_upside_down(day: dt.date, words: str) -> None:
    for found in find_times(f"It was {words}.", day):
        period = found.period()
        assert period is not None
        assert period.first <= period.last


@given(st.text(max_size=200), DAYS)
def test_any_text_is_read_without_error_and_in_order(text: str, day: dt.date) -> None:
    found = find_times(text, day)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@pytest.mark.parametrize(("year", "day"), [(2000, "2000-04-23"), (2019, "2019-04-21"), (2024, "2024-03-31")])
def test_easter(year: int, day: str) -> None:
    assert str(easter(year)) == day
    assert str(holiday("Good Friday", year)) == str(easter(year) - dt.timedelta(2))


LINKS = [
    # text, trigger, first day or None
    ("Ann Lee met Bo Chen on Monday.", "met", "2025-12-22"),
    ("Ann Lee said on Monday that she had met Bo Chen.", "met", None),
    ("Ann Lee said on Monday that she had met Bo Chen.", "said", "2025-12-22"),
    ("The ministers held talks in Oslo on Friday.", "talks", "2025-12-19"),
    ("The ministers will meet on Friday.", "meet", "2025-12-26"),
    ("Ann Lee praised the July 25 call.", "call", "2025-07-25"),
    ("Ann Lee praised a 2019 study.", "praised", None),
    ("Ann Lee said in a note published Monday that prices fell.", "said", "2025-12-22"),
    ("Ann Lee said on Monday it would withdraw the plan.", "withdraw", None),
    ("Ann Lee warned against making haste during her March 3 speech.", "warned", "2025-03-03"),
    ("The text will not be final until the board approves it at its meeting in March.", "meeting", "2026-03-01"),
    ("Ann Lee has warned of it since 2002.", "warned", None),
    ("Ann Lee spoke.", "spoke", None),
    # what marks a noun of the background, or a number, or another's act, dates nothing else
    ("Ann Lee, his rival in the 2022 presidential election, described the plan as poor.", "described", None),
    ("Ann Lee described the plan as poor in 2022.", "described", "2022-01-01"),
    ("Support is at 13%, Ann Lee reported, down from 19% a week earlier.", "reported", None),
    ("The gates are open from 9 am on Monday, Ann Lee wrote.", "open", "2025-12-22"),
    ("Ann Lee joined the pact last summer but left it after the vote.", "left", None),
    ("Ann Lee joined the pact last summer and left it after the vote.", "left", "2025-06-01"),
    ("The coalition broke up on Friday when two ministers left.", "left", "2025-12-19"),
    ("The coalition broke up on Friday because two ministers left.", "left", None),
    ("Norland gave notice of its exit from the pact, effective July 6, 2026.", "exit", "2026-07-06"),
    ("Norland gave notice of its exit from the pact signed July 6, 2021.", "exit", None),
    ("The general fell on Friday. Ann Lee met Bo Chen two days later.", "met", "2025-12-21"),
    ("The general fell in May. Ann Lee met Bo Chen two days later.", "met", None),
    ("The general fell on Friday. Ann Lee met Bo Chen later that day.", "met", "2025-12-19"),
    ("The general fell on May 3, 2024. Ann Lee met Bo Chen that month.", "met", "2024-05-01"),
    ("The general fell in May. Ann Lee met Bo Chen that same day.", "met", None),
    ("The general fell on Friday and Ann Lee met Bo Chen the same day.", "met", "2025-12-19"),
    ("Ann Lee met Bo Chen on the same day as the general fell.", "met", None),
    ("Ann Lee said in her weekend speech that prices fell.", "said", "2025-12-20"),
    ("They met in the wake of Friday's election.", "met", None),
    ("They met during Friday's election.", "met", "2025-12-19"),
    ("On Friday the bank raised rates and said officials would watch the data.", "said", "2025-12-19"),
    ("The ministers agreed on Friday to meet in Oslo.", "meet", None),
    ("The ministers agreed to meet in Oslo on Friday.", "meet", "2025-12-26"),
    ("Ann Lee signed an order on Monday to leave the pact.", "leave", "2025-12-22"),
    ("Ann Lee will sign an order on Monday to leave the pact.", "leave", "2025-12-29"),
    ("Ann Lee announced her resignation on Friday.", "resignation", "2025-12-19"),
    ("Ann Lee announced talks on Friday.", "talks", None),
]


@pytest.mark.parametrize(("text", "trigger", "first"), LINKS)
def test_a_time_dates_the_event_of_its_own_clause(text: str, trigger: str, first: str | None) -> None:
    context = read(text, DAY)
    token = next(t for t in context.doc if t.text == trigger)
    time = context.times.for_trigger(token)
    assert (time and str(time.first)) == first
