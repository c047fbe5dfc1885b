"""The paper's rule, against a second opinion written with pandas and against its promises."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pmg.histories import Histories, most_preferred

Event = tuple[int, int, int, bool]  # user, half stars, time, has a picture

EVENTS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 10), st.integers(0, 3), st.booleans()), max_size=60
)


def cut(events: list[Event], longest: int = 3) -> Histories:
    users, half_stars, times, shown = np.array(events, np.int64).reshape(-1, 4).T
    stars = (half_stars / 2).astype(np.float32)
    return most_preferred(users, stars, times, shown.astype(np.bool_), longest)


def as_lists(histories: Histories) -> list[tuple[list[int], int]]:
    return [
        (histories.history(number).tolist(), histories.target(number))
        for number in range(len(histories))
    ]


def second_opinion(events: list[Event], longest: int) -> list[tuple[list[int], int]]:
    """The rule as people write it: groupby, sort, cut."""
    frame = pd.DataFrame(events, columns=["user", "half_stars", "time", "shown"])
    order = frame["user"].drop_duplicates().tolist()
    frame = frame[frame["shown"].astype(bool) & (frame["half_stars"] >= 8)]
    samples = []
    for user in order:
        liked = frame[frame["user"] == user].sort_values(
            ["half_stars", "time"], ascending=False, kind="stable"
        )
        if len(liked) >= 2:
            length = min(longest, len(liked) - 1)
            samples.append((liked.index[:length].tolist(), int(liked.index[length])))
    return samples


@given(EVENTS, st.integers(1, 5))
def test_agrees_with_pandas(events: list[Event], longest: int) -> None:
    assert as_lists(cut(events, longest)) == second_opinion(events, longest)


@given(EVENTS, EVENTS)
def test_another_user_changes_nobody_else(events: list[Event], others: list[Event]) -> None:
    newcomers = [(user + 100, *rest) for user, *rest in others]
    before = as_lists(cut(events))
    together = as_lists(cut([*events, *newcomers]))  # type: ignore[list-item] # star in a tuple
    assert [sample for sample in together if sample[1] < len(events)] == before


def test_takes_the_best_then_the_latest_then_the_first_in_the_file() -> None:
    events = [
        (7, 8, 5, True),  # 0: four stars, late
        (7, 10, 1, True),  # 1: five stars, early
        (7, 10, 2, True),  # 2: five stars, later
        (7, 8, 5, True),  # 3: ties with 0, further down
        (7, 10, 9, False),  # 4: the best of all, but has no picture
        (7, 7, 9, True),  # 5: three and a half stars do not count
    ]
    assert as_lists(cut(events)) == [([2, 1, 0], 3)]


def test_a_user_with_one_liked_item_is_dropped() -> None:
    assert as_lists(cut([(1, 10, 0, True), (2, 10, 0, True), (2, 9, 0, True)])) == [([1], 2)]


def test_nothing_gives_nothing() -> None:
    assert as_lists(cut([])) == []
