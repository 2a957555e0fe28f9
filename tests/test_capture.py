import datetime as dt
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.source import Document
from transforms.article.errors import ExtractError
from transforms.article.extract import extract_article
from transforms.read.capture import read_capture
from transforms.read.capture_lines import find_body, load_settings, read_lines, unglue

REFERENCE = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
TITLE = "Harbour council raises the price of herring"
BODY = [
    "The harbour council raised the price of herring by a tenth on Monday, after fishermen had called the old one a joke for three seasons in a row.",
    "“We heard them, and we agree,” said the council’s chair, Ana Petrova, who had voted against the same motion a year ago when the catch was better.",
    "Nobody objected.",
    "What comes next",
    "The new price takes effect in January and will be looked at again in spring, when it is known how many boats went out and what they brought home.",
]
LONGER = [f"On day {day} of the talks {BODY[1][1:]}" for day in range(12)]
BEFORE = ["Menu", "News", "Sport", "Opinion", "Log in", "Search", "Share on Facebook", "A+", "A-", ""]
AFTER = [
    "", "harbourpost-test.com", "Views: 1,306", "", "share", "print", "Copy link", "Related stories", "Storm closes the northern pier for the second time this winter",
    "Council looks for a new clerk", "Sign up for our newsletter to get the day's news in your inbox.", "About us", "Privacy policy",
    "harbourpost-test.com © 2025. All rights reserved.", "loading",
]  # fmt: skip


def capture(*lines: str) -> Document:
    return Document("file:///in/capture.txt", "\n".join(lines).encode())


def spaced(paragraphs: list[str]) -> list[str]:
    return [line for paragraph in paragraphs for line in (paragraph, "")]


def whole(dateline: str = "24 December 2025 17:59") -> Document:
    return capture(*BEFORE, TITLE, "", "By Ana Petrova", dateline, "", *spaced(BODY), *AFTER)


def test_a_path_that_ends_with_the_headline_is_not_the_headline():
    path = f"Home News Harbour {TITLE}"
    raw = read_capture(capture(*BEFORE, path, TITLE, "by Ana Petrova 24 December 2025", "", *spaced(BODY), *AFTER))
    assert raw.title == TITLE


def test_a_capture_is_its_body_title_date_and_site():
    raw = read_capture(whole())
    assert raw.text.split("\n") == BODY
    assert (raw.title, raw.outlet_name, raw.authors) == (TITLE, "harbourpost-test.com", ("Ana Petrova",))
    article = extract_article(raw, REFERENCE)
    assert article.published.at == dt.datetime(2025, 12, 24, 17, 59, tzinfo=dt.UTC)
    assert (article.published.precision, article.published.quality, article.published.source) == (
        "minute",
        "zoneless",
        "text",
    )
    assert (article.outlet, article.url, article.language) == ("harbourpost-test.com", "file:///in/capture.txt", "en")


@pytest.mark.parametrize(
    ("dateline", "at"),
    [
        ("June 30, 2025 - 4.34pm", "2025-06-30T16:34"),
        ("Published 24 Dec 2025, 9:15 am | Updated 25 Dec 2025, 8:00 am", "2025-12-24T09:15"),
        ("Published: 11:08 BST, 9 June 2023 | Updated: 13:41 BST, 9 June 2023", "2023-06-09T10:08"),
        ("4 minute readMay 9, 20245:37 PM GMT+2Last Updated 3 hours ago", "2024-05-09T15:37"),
        ("Last updated 25 Dec 2025 Published 24 Dec 2025", "2025-12-24T00:00"),
        ("Harbour NewsDECEMBER 24, 2025Updated: JANUARY 02, 2026", "2025-12-24T00:00"),
        ("newsAna PetrovaDecember 24, 2025Comment", "2025-12-24T00:00"),
        ("24 December 2025\n17:59 (Baku time)", "2025-12-24T13:59"),
        ("24 December 2025\n17 boats", "2025-12-24T00:00"),
        ("24 December 2025\nUpdated 25 December 2025, 8:00 am", "2025-12-24T00:00"),
        ("Veröffentlicht am 24.12.2025 | Aktualisiert am 25.12.2025 um 08:00 Uhr", "2025-12-24T00:00"),
        (
            "Posted on 24 December 2025 by Ana Petrova in Harbour, Fish, Money, Council, Boats, Weather - 5 Comments on a headline that is long",
            "2025-12-24T00:00",
        ),
    ],
)
def test_datelines(dateline, at):
    article = extract_article(read_capture(whole(dateline)), REFERENCE)
    assert article.published.at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("behind", "shown"),
    [
        (["Published on: 24 December 2025", "About us", "3 May 2021", "4 May 2021"], True),
        (["24 December 2025", "About us"], True),
        (["Storm closes the pier", "24 December 2025", "A clerk is found", "23 December 2025"], False),
    ],
)
def test_a_date_behind_the_body_is_the_publication_where_it_says_so_or_is_the_only_one(behind, shown):
    raw = read_capture(capture(*BEFORE, TITLE, "", *spaced([*BODY, *LONGER]), *behind))
    assert (raw.published is not None) == shown


def test_a_date_of_the_story_is_not_the_publication():
    body = [
        BODY[0],
        "The first council met on 3 May 1950 in what is now the fish market, and its minutes are lost.",
        *BODY[1:],
    ]
    raw = read_capture(capture(*BEFORE, TITLE, "", *spaced(body)))
    assert raw.published is None


def test_a_bare_fragment_has_title_and_body_only():
    paragraphs = [line for line in BODY if len(line.split()) > 10]
    raw = read_capture(capture(f"loading{TITLE}", *paragraphs))
    assert (raw.title, raw.text.split("\n")) == (TITLE, paragraphs)
    assert (raw.outlet_name, raw.published) == (None, None)


def test_blocks_of_calls_to_action_inside_the_body_are_dropped():
    promo = ["Get daily harbour news", "Read what moves the town.", "Sign up for the newsletter", "GET STARTED", ""]
    teaser = ["Read more", "Storm closes the northern pier for the second time this winter", ""]
    raw = read_capture(capture(*BEFORE, TITLE, "", BODY[0], "", *promo, BODY[1], "", *teaser, BODY[4], "", *AFTER))
    assert raw.text.split("\n") == [BODY[0], BODY[1], BODY[4]]


def test_captions_are_dropped():
    caption = "Boats wait in the harbour on Monday, when the price was settled at last. Photo: A. Maker"
    raw = read_capture(capture(TITLE, "", BODY[0], "", caption, "", BODY[1], "", BODY[4]))
    assert caption not in raw.text


def test_the_headline_is_above_its_standfirst():
    standfirst = "The price of herring had stood still for three seasons in the harbour"
    raw = read_capture(capture(*BEFORE, TITLE, "", standfirst, "", "By Ana Petrova", "", *spaced(BODY), *AFTER))
    assert raw.title == TITLE


COMMENTS = [
    line
    for name in ("Boris", "Clara", "Dmitri", "Elena")
    for line in (
        name,
        "3 hours ago",
        "I remember the old price well and I say that the council should have asked us first.",
        "",
    )
]


def test_comments_are_no_part_of_the_article():
    raw = read_capture(capture(*BEFORE, TITLE, "", *spaced(BODY), "4 Comments", "", *COMMENTS))
    assert raw.text.split("\n") == BODY


def test_after_a_whole_article_what_an_ending_heads_counts_little():
    others = [f"In harbour {number} {BODY[4].lower()}" for number in range(5)]
    raw = read_capture(capture(*BEFORE, TITLE, "", *spaced(LONGER), "More stories", "Log in", "Menu", "", *others))
    assert raw.text.split("\n") == LONGER


@pytest.mark.parametrize(
    "extra",
    [
        ["Two boats from the southern quay have been found adrift, the harbour master told a …"],
        ["Boats wait in the harbour while the council is counting votes.", "Anna Maker/AFP"],
        ["FILE - Boats wait in the harbour while the council is counting its votes on the price of herring."],
    ],
    ids=["teaser", "credited", "file"],
)
def test_teasers_and_captions_inside_the_body_are_dropped(extra):
    raw = read_capture(capture(*BEFORE, TITLE, "", BODY[0], "", *extra, "", *spaced(BODY[1:]), *AFTER))
    assert raw.text.split("\n") == BODY


def test_what_leads_to_a_list_and_its_points_are_kept():
    points = ["The council decided on:", "• a higher price for herring", "• two more clerks"]
    raw = read_capture(capture(TITLE, "", BODY[0], "", *points, "", BODY[1], "", BODY[4]))
    assert raw.text.split("\n") == [BODY[0], *points, BODY[1], BODY[4]]


def test_a_teaser_above_is_not_the_headline():
    teasers = ["Storm closes the northern pier for the second time", "A new clerk for the council is found at last"]
    raw = read_capture(capture(*teasers, *BEFORE, TITLE, "24 December 2025", "", *spaced(BODY), *AFTER))
    assert raw.title == TITLE


def test_hard_wrapped_text_has_its_paragraphs_again():
    paragraphs = [line for line in BODY if len(line.split()) > 10]
    wrapped = [line for paragraph in paragraphs for line in (*textwrap.wrap(paragraph, 62), "")]
    raw = read_capture(capture(*BEFORE, TITLE, "", *wrapped))
    assert (raw.title, raw.text.split("\n")) == (TITLE, paragraphs)


@pytest.mark.parametrize(
    ("encoding", "end"),
    [("utf-8", "\r\n"), ("utf-8", "\r"), ("utf-8-sig", "\n"), ("utf-16", "\n"), ("utf-16", "\r\n")],
)
def test_a_plain_article_is_kept_whole_in_any_encoding(encoding, end):
    raw = read_capture(Document("file:///in/a.txt", end.join([TITLE, *BODY]).encode(encoding)))
    assert (raw.title, raw.text.split("\n")) == (TITLE, BODY)


def test_scripts_without_spaces():
    title = "港の評議会、ニシンの価格を一割引き上げ"
    body = [
        "港の評議会は月曜日、ニシンの価格を一割引き上げた。漁師たちは三季連続で以前の価格を冗談だと呼んでいた。",
        "新しい価格は一月に発効し、何隻の船が出たか分かる春に再検討される予定だと議長は述べた。",
    ]
    raw = read_capture(capture("メニュー", title, "2025年12月24日 17:59", *body, "関連記事", "嵐で北埠頭が閉鎖"))
    assert (raw.title, raw.text.split("\n")) == (title, body)
    assert extract_article(raw, REFERENCE).published.at == dt.datetime(2025, 12, 24, 17, 59, tzinfo=dt.UTC)


def test_every_kind_of_line_has_its_cost():
    lines = [
        *BEFORE,
        *BODY,
        *AFTER,
        *COMMENTS,
        "Boats (Reuters)",
        "By Ana Petrova",
        "3 May 2021",
        "Comments",
        "Two boats were found adrift …",
    ]
    kinds = {line.kind for line in read_lines("\n".join(lines))}
    assert kinds == {"text", *load_settings()["costs"]}


def test_platforms_are_not_the_site():
    lines = [
        *BEFORE,
        TITLE,
        "",
        *spaced(BODY),
        "facebook.com",
        "facebook.com",
        "Powered by wordpress.com",
        "write to ana@mail.example",
    ]
    assert read_capture(capture(*lines)).outlet_name is None


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["", "  "], "empty"),
        (["Menu", "Search", "Log in", "© 2025"], "no-text"),
        (["\x00"], "empty"),
        (["Menu"] * 10_002, "too-large"),
    ],
)
def test_captures_without_text_are_refused(lines, reason):
    with pytest.raises(ExtractError) as caught:
        read_capture(capture(*lines))
    assert caught.value.reason == reason


def test_unglue():
    assert unglue("4 minute readMay 9, 20245:37 PM") == "4 minute read May 9, 2024 5:37 PM"
    assert unglue("by Harbour PostNovember 21, 202501747") == "by Harbour Post November 21, 2025 01747"


def test_the_body_is_the_heaviest_stretch():
    lines = read_lines("\n".join([*BEFORE, *spaced(BODY), *AFTER]))
    first, last = find_body(lines)
    assert lines[first].text == BODY[0]
    assert lines[last - 1].text == BODY[-1]


@given(
    st.lists(
        st.sampled_from([*BEFORE, *BODY, *AFTER, TITLE, "24 December 2025", "\x00", "é" * 300, "1" * 50]), max_size=40
    )
)
def test_any_lines_give_lines_of_theirs_or_a_reason(lines):
    try:
        raw = read_capture(capture(*lines))
    except ExtractError:
        return
    assert set(raw.text.split("\n")) <= {" ".join(line.replace("\x00", "").split()) for line in lines}
