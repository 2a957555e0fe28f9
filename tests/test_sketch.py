"""Sketches: pinned vectors, and what is and isn't part of a text."""

import datetime as dt

import numpy as np
import pytest
import xxhash
from factories import make_published
from hypothesis import given
from hypothesis import strategies as st
from stories import FERRY, RUN, make_story

from transforms.dedup.furniture import split_rubric
from transforms.dedup.sketch import (
    SCHEME,
    SELF_TEST,
    article_key,
    as_hashes,
    effective_seconds,
    hash_tokens,
    node_key,
    sample_size,
    sentence_hashes,
    shingle_hashes,
    sketch_article,
    sketch_text,
    split_tokens,
    unique_sorted,
)

# A change of any of these is another scheme: old state would be worthless without anyone noticing.
VECTORS = [
    (
        "The quick brown fox jumps over the lazy dog.",
        "the quick brown fox jumps over the lazy dog",
        "5618fb210636b692 a0af09d76e3ff61f 73e28e2e53f0be92",
    ),
    (
        "Exports rose 5.1 % in 2024–2025, it’s said: 1,234.5 mln dlrs vs 450mln.",
        "exports rose 5.1 in 2024 2025 it's said 1,234.5 mln dlrs vs 450 mln",
        "3d54378f5cbf7029 d985e99a80b59225 9943f6095f58836a",
    ),
    (
        "Café — ŁÓDŹ  ﬁnance ＡＢＣ １２",
        "café łódź finance abc 12",
        "cf7d04027d7d4210 4d42eb8f3099fd93 8f619d16c8d73287",
    ),
]


@pytest.mark.parametrize(("text", "tokens", "shingles"), VECTORS)
def test_pinned_vectors(text, tokens, shingles):
    assert split_tokens(text) == tokens.split()
    found = shingle_hashes(hash_tokens(split_tokens(text)))
    assert [f"{h:016x}" for h in found[:3].tolist()] == shingles.split()


def test_scheme_names_its_self_test():
    assert SCHEME == "sh3-mix"
    assert VECTORS[0][2].split()[0] == SELF_TEST
    assert xxhash.xxh3_64_intdigest(b"") == 0x2D06800538D394C2


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40))
def test_unique_sorted_is_a_sorted_set(values):
    assert unique_sorted(np.array(values, np.uint64)).tolist() == sorted(set(values))


@given(st.lists(st.integers(0, 2**64 - 1), unique=True, max_size=60).map(sorted), st.integers(1, 20))
def test_sample_holds_the_floor_and_all_below_the_limit(values, floor):
    hashes = np.array(values, np.uint64)
    size = sample_size(hashes, 1 << 61, floor)
    assert size >= min(floor, len(values))
    assert all(v <= 1 << 61 for v in values[floor:size])
    assert size == len(values) or values[size] > 1 << 61


def test_typesetting_does_not_show():
    plain = sketch_text("It's 5.1 percent.", "A title that is long")
    assert sketch_text("It’s   5.1\npercent", "A TITLE that is — long") == plain


def test_nodes_order_like_versions_of_an_article():
    first, second = node_key("a1", 1), node_key("a1", 2)
    assert first < second < 1 << 63
    assert article_key(first) == article_key(second) != article_key(node_key("a2", 1))


def test_furniture_is_no_part_of_the_story():
    plain = sketch_text(FERRY)
    wrapped = sketch_text(
        f"Sign up to our weekly newsletter.\n{FERRY}\nAlready a subscriber? Log in to continue.\n"
        "By registering you accept our privacy policy."
    )
    assert wrapped["shingles"] == plain["shingles"]
    assert wrapped["digest"] == plain["digest"]


def test_news_about_subscriptions_is_no_furniture():
    text = "The paper lost a tenth of its newsletter subscribers. Regulators read the privacy policy of the firm."
    assert sketch_text(text)["tokens"] == len(split_tokens(text))


def test_a_page_of_furniture_keeps_a_digest_of_its_own():
    one, two = (sketch_text(t) for t in ("Log in to continue.", "All rights reserved."))
    assert one["tokens"] == two["tokens"] == 0
    assert one["digest"] != two["digest"]


@pytest.mark.parametrize("dateline", ["PORT VELL, March 2 (Agency) — ", "HARROW BAY (Wire) - ", "(Agency) -- "])
def test_sentences_are_equal_whatever_dateline_stands_before_them(dateline):
    plain = "Two ministers met in the harbour. They spoke of herring and salt."
    hashes = sentence_hashes(dateline + plain).tolist()
    assert [h for h in hashes if h] == sentence_hashes(plain).tolist()


def test_short_sentences_and_furniture_are_never_news():
    assert sentence_hashes("He left. Sign up to our free newsletter today.").tolist() == [0, 0]


@pytest.mark.parametrize(
    ("title", "topic", "rubric"),
    [
        ("morning briefing: harbour reopens", ": harbour reopens", True),
        ("live updates on the storm", "on the storm", True),
        ("the latest: ferry refloated", "ferry refloated", True),
        ("minister briefs parliament on ferry", "minister briefs parliament on ferry", False),
        ("bulletin says tin is dear", "bulletin says tin is dear", False),
        ("ferry lives up to its name", "ferry lives up to its name", False),
    ],
)
def test_rubrics(title, topic, rubric):
    assert split_rubric(title) == (topic, rubric)


def test_a_date_that_cannot_be_trusted_gives_way_to_the_first_sight():
    seen = int(RUN.timestamp())
    assert effective_seconds(make_story(hours=1)) == int(make_story(hours=1).body.published.at.timestamp())
    for published in (make_published(None), make_published(quality="guessed"), make_published(RUN + dt.timedelta(9))):
        article = make_story()
        article = type(article)(
            **{**{f: getattr(article, f) for f in article.__slots__}, "body": _dated(article, published)}
        )
        assert effective_seconds(article) == seen


def _dated(article, published):
    return type(article.body)(
        **{**{f: getattr(article.body, f) for f in article.body.__slots__}, "published": published}
    )


def test_a_sketch_holds_little_endian_hashes():
    sketch = sketch_article(make_story())
    assert as_hashes(sketch.shingles).tolist() == sorted(set(as_hashes(sketch.shingles).tolist()))
    assert len(as_hashes(sketch.sentences)) == 6
