"""The rules of stickers and fashion, against second opinions written as loops."""

from itertools import chain, count, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pmg.histories import last_clicks, order_by, windows

GROUPS = st.lists(st.integers(-3, 4), max_size=40)
# Lines of clicks; a click is True where its item has a picture.
LINES = st.lists(st.lists(st.booleans(), max_size=9), max_size=8)


def cut(groups: list[int], length: int) -> list[tuple[list[int], int]]:
    found = windows(np.array(groups, np.int64), length)
    return [(found.history(each).tolist(), found.target(each)) for each in range(len(found))]


def clicks(lines: list[list[bool]], longest: int) -> list[list[int]]:
    """Places of the clicks that are kept, counted over all lines."""
    places = count()
    named = [[str(next(places)) for _ in line] for line in lines]
    pairs = zip(chain(*named), chain(*lines), strict=True)
    found = last_clicks(named, {item_id for item_id, has_picture in pairs if has_picture}, longest)
    return [[int(item_id) for item_id in line] for line in found]


@given(GROUPS, st.integers(1, 4))
def test_windows_are_every_run_of_a_group(groups: list[int], length: int) -> None:
    expected: list[tuple[list[int], int]] = []
    for group in dict.fromkeys(groups):
        places = [place for place, each in enumerate(groups) if each == group]
        stops = range(length, len(places))
        expected += [(places[stop - length : stop], places[stop]) for stop in stops]
    assert cut(groups, length) == expected


@given(GROUPS, GROUPS)
def test_windows_of_a_group_depend_on_no_other(groups: list[int], others: list[int]) -> None:
    together = cut([*groups, *(each + 100 for each in others)], 2)
    assert [window for window in together if window[1] < len(groups)] == cut(groups, 2)


@given(LINES, st.integers(1, 6))
def test_clicks_are_cut_first_and_then_filtered(lines: list[list[bool]], longest: int) -> None:
    expected, start = [], 0
    for line in lines:
        places = list(range(start, start + len(line)))[-longest:]
        expected.append([place for place in places if line[place - start]])
        start += len(line)
    assert clicks(lines, longest) == expected


@given(LINES, st.integers(1, 6))
def test_longer_histories_end_as_shorter_ones(lines: list[list[bool]], longest: int) -> None:
    shorter, longer = clicks(lines, longest), clicks(lines, longest + 1)
    for few, many in zip(shorter, longer, strict=True):
        assert many[len(many) - len(few) :] == few
        assert all(first < second for first, second in pairwise(many))


WHOLE = st.integers(-(2**62), 2**62 - 1)
ROWS = st.lists(
    st.tuples(st.integers(-3, 3), st.sampled_from([0.5, 4.0, 4.5, 5.0]), WHOLE | st.integers(0, 2)),
    max_size=30,
)


@given(ROWS)
def test_rows_are_ordered_by_keys_and_then_as_they_came(rows: list[tuple[int, float, int]]) -> None:
    groups, ratings, times = (np.array(column) for column in zip(*rows, strict=True)) if rows else (
        np.array([], np.int64), np.array([], np.float64), np.array([], np.int64)
    )  # fmt: skip
    expected = sorted(range(len(rows)), key=rows.__getitem__)
    assert order_by(groups, ratings, times).tolist() == expected
