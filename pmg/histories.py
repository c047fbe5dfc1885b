"""Histories: from interactions to (history → target), vectorised and deterministic.

A rule works on parallel arrays, one value per interaction, in the order of the file, and answers
with positions in them; whoever asks gathers ids, ratings or times by these positions.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Histories(NamedTuple):
    """Samples as positions of interactions: sample i's history is `events[starts[i]:targets[i]]`.

    The target is the event that follows the history: `events[targets[i]]`.
    """

    events: Ints  # (E,) positions of interactions, grouped by user, most preferred first
    starts: Ints  # (N,) where each sample's history starts in `events`
    targets: Ints  # (N,) where its target stands in `events`

    def __len__(self) -> int:
        return len(self.starts)

    def history(self, sample: int) -> Ints:
        """Positions of the interactions in this sample's history, (L,)."""
        return self.events[self.starts[sample] : self.targets[sample]]

    def target(self, sample: int) -> int:
        """Position of the interaction to be predicted."""
        return int(self.events[self.targets[sample]])


def most_preferred(
    users: Ints,
    ratings: npt.NDArray[np.float32],
    timestamps: Ints,
    eligible: npt.NDArray[np.bool_],
    longest: int = 3,
    lowest_rating: float = 4.0,
) -> Histories:
    """Cut one sample per user, by the rule of PMG (Shen et al., WWW 2024).

    Of a user's eligible interactions those rated at least `lowest_rating` are sorted by rating,
    then time, both descending, ties in file order. With n of them (n ≥ 2, else the user is
    dropped), the first L = min(longest, n - 1) are the history and the next one is the target.
    Samples come by first appearance of the user.

    Args:
        users: (N,) ids, in file order.
        ratings: (N,) in stars.
        timestamps: (N,) in Unix seconds.
        eligible: (N,) False where the item cannot be shown, as it has no picture.
        longest: the most items in a history, at least 1.
        lowest_rating: in stars.
    """
    kept = np.flatnonzero(eligible & (ratings >= lowest_rating))
    groups = first_appearance(users)[kept]
    events = kept[np.lexsort((kept, -timestamps[kept], -ratings[kept], groups))]
    _, starts, counts = np.unique(np.sort(groups), return_index=True, return_counts=True)
    enough = counts >= 2  # noqa: PLR2004 - one to look back at and one to predict
    starts, counts = starts[enough], counts[enough]
    return Histories(events, starts, starts + np.minimum(longest, counts - 1))


def first_appearance(values: Ints) -> Ints:
    """The rank, from 0, of each value among the distinct values as they first appear, (N,)."""
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    rank = np.empty_like(first)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def windows(groups: Ints, length: int) -> Histories:
    """Cut a sample at every place where `length` items of a group are followed by one more.

    Args:
        groups: (N,) the group of each item, in the order that items have in their group.
        length: items in a history, at least 1.
    """
    ranks = first_appearance(groups)
    events = np.argsort(ranks, kind="stable")
    ordered = ranks[events]
    starts = np.flatnonzero(ordered[:-length] == ordered[length:])
    return Histories(events, starts, starts + length)


def last_clicks(
    lines: Ints, eligible: npt.NDArray[np.bool_], count: int, longest: int
) -> list[Ints]:
    """The last clicks of each line, as PMG takes them: cut first, then filter.

    Of a line's last `longest` clicks those are kept that are eligible, in their order.

    Args:
        lines: (N,) the line of each click, ascending, from 0 to below `count`.
        eligible: (N,) False where the item cannot be shown, as it has no picture.
        count: of lines; one may have no click.
        longest: the most items in a history, at least 1.

    Returns:
        By line, the positions of the clicks that are kept, (L,).
    """
    stops = np.searchsorted(lines, np.arange(count), side="right")
    from_end = stops[lines] - np.arange(len(lines))
    kept = np.flatnonzero((from_end <= longest) & eligible)
    return np.split(kept, np.searchsorted(lines[kept], np.arange(1, count)))[:count]
