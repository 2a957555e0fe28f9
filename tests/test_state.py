import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.manifest import StagedFile
from transforms.store.state import (
    TIER,
    decode_segment,
    drop_expired,
    encode_segment,
    keep_newest,
    merge_segments,
    merged_level,
    read_clock,
    tail_to_merge,
)

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(-9, 9)), max_size=8)


def table(rows):
    return pa.table(
        {"key": pa.array([k for k, _ in rows], pa.int64()), "value": pa.array([v for _, v in rows], pa.int64())}
    )


@given(ROWS)
def test_the_newest_row_of_a_key_is_kept_in_order(rows):
    assert dict(zip(*keep_newest(table(rows), ["key"]).to_pydict().values(), strict=True)) == dict(rows)


@settings(max_examples=40)
@given(ROWS, ROWS, ROWS)
def test_merging_in_any_grouping_gives_the_same(one, two, three):
    a, b, c = (encode_segment(table(rows), "s", ["key"]) for rows in (one, two, three))
    left = merge_segments([merge_segments([a, b])[0], c])
    right = merge_segments([a, merge_segments([b, c])[0]])
    assert dict(zip(*decode_segment(left[0])[0].to_pydict().values(), strict=True)) == dict(one + two + three)
    assert decode_segment(left[0])[0].sort_by("key") == decode_segment(right[0])[0].sort_by("key")
    assert left[1] == len(dict(one + two + three))


def test_without_a_key_every_row_is_kept():
    rows = table([(1, 1), (1, 1)])
    assert keep_newest(rows, []).num_rows == 2


def test_scheme_and_key_travel_with_the_segment():
    assert decode_segment(encode_segment(table([(1, 2)]), "blake2b/3", ["key"]))[1:] == ("blake2b/3", ("key",))


@pytest.mark.parametrize("added", [1, 3])
def test_segments_stay_few_and_each_row_is_rewritten_seldom(added):
    levels, rewritten, most = [], 0, 0
    for _ in range(3000):
        levels += [0] * added
        tail = tail_to_merge(levels)
        if tail:
            rewritten += tail
            levels[-tail:] = [merged_level(levels[-tail:])]
        most = max(most, len(levels))
        assert levels == sorted(levels, reverse=True)
    assert most <= 5 * TIER
    assert rewritten < 3000 * added * 1.5


CLOCKED = pa.schema([pa.field("at", pa.int64(), nullable=False)])


def clocked(*values):
    return encode_segment(pa.table({"at": pa.array(values, pa.int64())}, schema=CLOCKED), "s", (), "at", 10)


def test_rows_expire_when_segments_are_merged():
    data, rows = merge_segments([clocked(1, 2, 15), clocked(16, 20, 21), clocked(22, 23, 24, 25, 26)])
    assert decode_segment(data)[0]["at"].to_pylist() == [15, 16, 20, 21, 22, 23, 24, 25, 26]
    assert rows == 9
    assert read_clock(data) == {"newest": 25, "last": 26, "life": 10}


def test_a_stray_date_makes_nothing_expire():
    data, _ = merge_segments([clocked(*range(20)), clocked(20, 9_999_999)])
    assert decode_segment(data)[0].num_rows > 10


def test_segments_with_expired_rows_only_are_dropped():
    segments = [
        StagedFile("_state/t", f"_state/t/{n}.parquet", 1, 1, "", **read_clock(clocked(at)))
        for n, at in enumerate((1, 14, 25))
    ]
    assert drop_expired(segments) == segments[2:]
    assert drop_expired([StagedFile("_state/t", "_state/t/x.parquet", 1, 1, ""), *segments[2:]])[0].last is None


def test_a_table_without_a_clock_keeps_all_rows():
    assert read_clock(encode_segment(table([(1, 2)]), "s", ["key"])) == {}
