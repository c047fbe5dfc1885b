"""Draws: negatives for many samples at once, by hashes."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pmg.histories import Ints
from pmg.problems import BadCall
from pmg.protocols.pools import Groups, Pool
from pmg.splits import Draws, mixed

MOST_NEGATIVES = 1_000
OTHER_DRAWS = 10_000  # for places, beyond all that items were drawn by
NUMBERS_AT_ONCE = 1_000_000
DRAWS_MORE = 32  # for each sample, beyond the negatives it needs: some draws hit what it may not
NONE = -1
Numbers = npt.NDArray[np.int32]  # of items, which are fewer than that


class Asked(NamedTuple):
    """Samples that negatives are drawn for, M of them, with all ids as numbers."""

    users: Ints  # (M,)
    targets: Ints  # (M,)
    draws: Draws  # (M,) a number for each that looks drawn
    known: Ints  # sorted: user · items + item, of all interactions
    history: Callable[[int], Ints]  # the items of a sample's history

    def between(self, start: int, stop: int) -> "Asked":
        return self._replace(
            users=self.users[start:stop],
            targets=self.targets[start:stop],
            draws=self.draws[start:stop],
            history=lambda sample: self.history(start + sample),
        )


def drawn(asked: Asked, pool: Pool, negatives: int) -> Numbers:
    """Each sample's target and negatives by number, in an order that is drawn, (M, 1 + negatives).

    A row ends with NONE where too few items are left.

    Raises:
        BadCall: no negatives are asked for, or too many.
    """
    if type(negatives) is not int or not 1 <= negatives <= MOST_NEGATIVES:
        raise BadCall(
            f"negatives: expected a whole number from 1 to {MOST_NEGATIVES:,}, found {negatives!r}."
        )
    items = np.empty((len(asked.targets), 1 + negatives), np.int32)
    at_once = max(1, NUMBERS_AT_ONCE // (2 * negatives + DRAWS_MORE))
    for start in range(0, len(items), at_once):
        part = asked.between(start, start + at_once)
        chosen = np.full((len(part.targets), negatives), NONE, np.int32)
        groups = pool.groups[part.targets]
        draw(chosen, part, pool, pool.drawn, groups)
        for sample in lacking(chosen):
            for items_left in (pool.drawn, pool.catalogue):
                own = items_left.of(groups[sample])
                fill(chosen[sample], int(sample), part, pool, own)
        draw(chosen, part, pool, pool.drawn.as_one(), np.zeros_like(groups))
        for sample in lacking(chosen):
            fill(chosen[sample], int(sample), part, pool, pool.catalogue.entries)
            fill_known(chosen[sample], int(sample), part, pool)
        items[start : start + at_once] = shuffled(chosen, part)
    return items


def lacking(chosen: Numbers) -> Ints:
    """The samples that have not all their negatives."""
    return np.flatnonzero((chosen == NONE).any(axis=1))


def draw(chosen: Numbers, asked: Asked, pool: Pool, source: Groups, groups: Ints) -> None:
    """Fill what is empty in `chosen`, (M, negatives), by draws from each sample's group, (M,).

    A draw that is no new negative is not taken. Some may stay empty, where a group is small.
    """
    waiting = lacking(chosen)
    waiting = waiting[source.sizes[groups[waiting]] > 0]
    if not len(waiting):
        return
    own, wanted = groups[waiting], chosen.shape[1]
    draws = mixed(asked.draws[waiting, None], np.arange(wanted + DRAWS_MORE))
    sizes = source.sizes[own].astype(np.uint64)
    found = source.entries[source.starts[own, None] + (draws % sizes[:, None]).astype(np.int64)]
    both = np.concatenate([chosen[waiting], found], axis=1)
    usable = (both != NONE) & is_new(both)
    usable[:, wanted:] &= ~is_known(asked, asked.users[waiting, None], found, pool)
    usable &= np.cumsum(usable, axis=1) <= wanted
    counts = usable.sum(axis=1)
    filled = np.full((len(waiting), wanted), NONE, np.int32)
    filled[np.arange(wanted) < counts[:, None]] = both[usable]
    chosen[waiting] = filled


def is_new(items: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each is the first of its kind in its row, (K, L)."""
    order = np.argsort(items, axis=1, kind="stable")
    ordered = np.take_along_axis(items, order, axis=1)
    first = np.ones(items.shape, np.bool_)
    first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    answer = np.empty_like(first)
    np.put_along_axis(answer, order, first, axis=1)
    return answer


def is_known(asked: Asked, users: Ints, items: Ints, pool: Pool) -> npt.NDArray[np.bool_]:
    """Whether the users interacted with the items, of one shape."""
    pairs = users * len(pool.item_ids) + items
    places = np.minimum(np.searchsorted(asked.known, pairs), len(asked.known) - 1)
    answer: npt.NDArray[np.bool_] = asked.known[places] == pairs
    return answer


def fill(chosen: Numbers, sample: int, asked: Asked, pool: Pool, items: Ints) -> None:
    """Fill what draws left empty for one sample, of those items that its user does not know."""
    left = np.setdiff1d(items, [asked.targets[sample], *chosen])
    users = np.full(len(left), asked.users[sample])
    take(chosen, left[~is_known(asked, users, left, pool)], asked.draws[sample])


def fill_known(chosen: Numbers, sample: int, asked: Asked, pool: Pool) -> None:
    """Fill what is still empty for one sample, of items that its user knows from elsewhere."""
    taken = np.concatenate([asked.history(sample), [asked.targets[sample]], chosen])
    take(chosen, np.setdiff1d(pool.catalogue.entries, taken), asked.draws[sample])


def take(chosen: Numbers, items: Ints, draw: np.uint64) -> None:
    """Fill what is empty with items, in an order that is drawn."""
    items = items[np.argsort(mixed(np.full(len(items), draw), items), kind="stable")]
    empty = np.flatnonzero(chosen == NONE)[: len(items)]
    chosen[empty] = items[: len(empty)]


def shuffled(chosen: Numbers, asked: Asked) -> Numbers:
    """The negatives with the target among them, at a place that is drawn; NONE comes last."""
    items = np.column_stack([asked.targets.astype(np.int32), chosen])
    columns = np.arange(OTHER_DRAWS, OTHER_DRAWS + items.shape[1])
    draws = mixed(asked.draws[:, None], columns)
    draws[items == NONE] = np.iinfo(np.uint64).max
    return np.take_along_axis(items, np.argsort(draws, axis=1), axis=1)
