"""The rules of stickers and fashion, against second opinions written as loops."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pmg.histories import last_clicks, windows

GROUPS = st.lists(st.integers(-3, 4), max_size=40)
# Lines of clicks; a click is True where its item has a picture.
LINES = st.lists(st.lists(st.booleans(), max_size=9), max_size=8)


def cut(groups: list[int], length: int) -> list[tuple[list[int], int]]:
    found = windows(np.array(groups, np.int64), length)
    return [(found.history(each).tolist(), found.target(each)) for each in range(len(found))]


def clicks(lines: list[list[bool]], longest: int) -> list[list[int]]:
    owners = [line for line, shown in enumerate(lines) for _ in shown]
    eligible = [each for line in lines for each in line]
    found = last_clicks(
        np.array(owners, np.int64), np.array(eligible, np.bool_), len(lines), longest
    )
    return [each.tolist() for each in found]


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
