"""Histories: from interactions to (history → target), vectorised and deterministic.

A rule works on parallel arrays, one value per interaction, in the order of the file, and answers
with positions in them; whoever asks gathers ids, ratings or times by these positions. Clicks come
as lists of ids, and are kept so: most of them are not looked at.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LATEST_TIME = 4_102_444_800  # the year 2100 in Unix seconds; what is later is in other units
Ints = npt.NDArray[np.int64]


class Histories(NamedTuple):
    """Samples as positions of interactions: sample i's history is `events[starts[i]:targets[i]]`.

    The target is the event that follows the history: `events[targets[i]]`.
    """

    events: Ints  # (E,) positions of interactions, each group's together, in their order
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
    order = order_by(groups, -ratings[kept], -timestamps[kept])
    events, groups = kept[order], groups[order]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    counts = np.diff(starts, append=len(groups))
    enough = counts >= 2  # noqa: PLR2004 - one to look back at and one to predict
    lengths = np.where(enough, np.minimum(longest, counts - 1) + 1, 0)
    rank = np.arange(len(events)) - np.repeat(starts, counts)
    stops = np.cumsum(lengths)[enough]
    return Histories(events[rank < np.repeat(lengths, counts)], stops - lengths[enough], stops - 1)


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
    lines: Iterable[Sequence[str]], shown: AbstractSet[str], longest: int
) -> list[tuple[str, ...]]:
    """The last clicks of each line, as PMG takes them: cut first, then filter.

    Of a line's last `longest` clicks those are kept that are in `shown`, in their order.

    Args:
        lines: item ids, oldest first.
        shown: the items that have a picture.
        longest: the most items in a history, at least 1.
    """
    return [
        tuple(
            [item_id for item_id in line[-longest:] if item_id in shown]
        )  # faster than of no list
        for line in lines
    ]


def order_by(*keys: npt.NDArray[np.generic]) -> Ints:
    """Positions that sort by the keys, the first one first; ties in their order. Keys are (N,).

    As `np.lexsort`, whose time goes by the number of keys: here those that fit into 64 bits
    together are sorted as one.
    """
    places = np.arange(len(keys[0]), dtype=np.int64)
    packed: list[npt.NDArray[np.uint64]] = []
    room = -1
    for key in keys:
        ranks = key if key.dtype.kind == "i" else np.unique(key, return_inverse=True)[1]
        ranks = (ranks - ranks.min(initial=0)).astype(np.uint64)
        bits = int(ranks.max(initial=0)).bit_length()
        if bits <= room:
            packed[-1] = (packed[-1] << np.uint64(bits)) | ranks
            room -= bits
        else:
            packed.append(ranks)
            room = 64 - bits
    if len(packed) > 1:
        return np.lexsort(packed[::-1])
    bits = int(places.max(initial=0)).bit_length()
    if bits <= room:  # numbers sort several times as fast as places of numbers
        lowest = np.uint64((1 << bits) - 1)
        ordered = np.sort((packed[0] << np.uint64(bits)) | places.astype(np.uint64))
        return (ordered & lowest).astype(np.int64)
    order = np.argsort(packed[0])  # twice as fast as one that keeps ties, of which there are few
    ordered = packed[0][order]
    return np.lexsort(packed) if (ordered[1:] == ordered[:-1]).any() else order
