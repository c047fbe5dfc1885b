"""Candidates: a sample's target among items that were not it, for whoever ranks or retrieves."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.problems import BadCall, listed
from pmg.protocols.interactions import Interactions, Source, as_arrow, coded, interactions_of
from pmg.protocols.samples import Cut
from pmg.splits import Draws, draw_of, mixed

POPULARITY = "popularity"
CANDIDATES = "candidate_ids"
ITEM_COLUMNS = ("item_id", "image_sha256")
DRAWS_MORE = 32  # for each sample, beyond the negatives it needs: some draws hit what it may not
IDS_AT_ONCE = 10_000
NONE = -1
Numbers = npt.NDArray[np.int32]  # of items, which are fewer than that


class Pool(NamedTuple):
    """What negatives are drawn from: entries by group, an item as often as it counts."""

    entries: Ints  # (E,) items by number, those of a group together
    starts: Ints  # (G,) where each group's begin
    sizes: Ints  # (G,)
    item_ids: pa.Array  # by number, sorted
    groups: Ints  # by item: what it is drawn from when it is the truth


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


class Candidates(NamedTuple):
    """Each sample's candidates; a row ends with NONE where too few items are left."""

    items: Numbers  # (M, 1 + negatives) positions in `item_ids`
    item_ids: pa.Array

    def at(self, places: Ints) -> "Candidates":
        return self._replace(items=self.items[places])

    def ids(self) -> pa.ListArray:
        """The ids of each sample's candidates, (M,)."""
        there = self.items != NONE
        offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
        ids = self.item_ids.take(pa.array(self.items[there]))
        return pa.ListArray.from_arrays(pa.array(offsets), ids)


def with_candidates(
    samples: pa.Table,
    interactions: Source,
    negatives: int = 4,
    by: str = POPULARITY,
    items: Source | None = None,
    seed: int = 0,
) -> pa.Table:
    """Add `candidate_ids`: the target and `negatives` other items, in an order that is drawn too.

    None of the others did the user interact with. They are drawn as often as they were interacted
    with (`by="popularity"`), or from the items with the same value as the target in the column
    `by` of `items`, as `genres`; of a list it is the first. Where too few are left, others follow:
    any item of the catalogue, then those that the user knows; a list is shorter only where all
    items together are too few. By a hash of seed and `sample_id`: by a column they are the same
    whoever else interacts. How little metrics over so few candidates say of all items: W. Krichene
    and S. Rendle, "On Sampled Metrics for Item Recommendation", KDD 2020.

    Args:
        samples: as the protocols give them, or with the same columns.
        interactions: all of them, as the protocols take them.
        negatives: how many, at least 1.
        by: "popularity", or a column of `items`.
        items: with the columns `item_id`, `by`, and `image_sha256` where it is null without a
            picture; a Dataset, an Arrow table or a DataFrame.
        seed: another one, other negatives.

    Raises:
        BadCall: a column is missing, or an item or user of the samples is unknown.
    """
    events = interactions_of(interactions)
    pool = pool_of(events, by, items)
    targets = samples["target_id"].combine_chunks()
    require_known("samples", targets, pool.item_ids)
    users = pc.index_in(samples["user_id"], events.user_ids)
    if users.null_count:
        raise BadCall(
            f"Samples: expected users of the interactions, found {users.null_count:,} of "
            f"{len(users):,} samples with others."
        )
    asked = Asked(
        users.to_numpy().astype(np.int64),
        numbers_of(targets, pool),
        draws_of(samples["sample_id"], seed),
        known_pairs(events, pool),
        lambda sample: numbers_of(samples["history_ids"][sample].values, pool),
    )
    return samples.append_column(CANDIDATES, drawn(asked, pool, negatives).ids())


def candidates_of(
    cut: Cut, events: Interactions, negatives: int, by: str, items: Source, seed: int
) -> Candidates:
    """The candidates of samples that were cut of some of these events. Raises BadCall as above."""
    pool = pool_of(events, by, items)
    numbers = numbers_of(events.item_ids, pool)
    own, cuts = cut.events, cut.cuts
    parts = (cut.at(np.arange(*span)) for span in spans(len(cut.ranks)))
    asked = Asked(
        own.users[cuts.targets],
        numbers[own.items[cuts.targets]],
        np.concatenate([draws_of(part.sample_ids(), seed) for part in parts]),
        known_pairs(events, pool),
        lambda sample: numbers[own.items[cuts.starts[sample] : cuts.targets[sample]]],
    )
    return drawn(asked, pool, negatives)


def pool_of(events: Interactions, by: str, items: Source | None) -> Pool:
    """What may be drawn, by popularity or by the category of items."""
    if by == POPULARITY:
        shown = np.sort(events.items if events.shown is None else events.items[events.shown])
        groups = np.zeros(len(events.item_ids), np.int64)
        return Pool(shown, np.zeros(1, np.int64), np.array([len(shown)]), events.item_ids, groups)
    if items is None:
        raise BadCall(f"by: expected items with the column {by}, found no items.")
    table = as_arrow(items, (*ITEM_COLUMNS, by))
    if lacking := [name for name in ("item_id", by) if name not in table.column_names]:
        raise BadCall(f"Items: expected the columns item_id and {by}, found no {lacking[0]}.")
    numbers, item_ids = coded(table["item_id"])
    require_known("interactions", events.item_ids, item_ids)
    groups = np.empty(len(item_ids), np.int64)
    groups[numbers] = categories(table[by])
    shown = np.sort(numbers)
    if "image_sha256" in table.column_names:
        shown = np.sort(numbers[pc.is_valid(table["image_sha256"]).to_numpy()])
    entries = shown[np.argsort(groups[shown], kind="stable")]
    sizes = np.bincount(groups[shown], minlength=int(groups.max(initial=0)) + 1)
    return Pool(entries, np.cumsum(sizes) - sizes, sizes, item_ids, groups)


def categories(column: pa.ChunkedArray) -> Ints:
    """A number for each different value; of lists, of their first; none is one, too."""
    if pa.types.is_list(column.type):
        filled = pc.greater(pc.list_value_length(column), 0)
        column = pc.list_element(pc.if_else(filled, column, pa.scalar(None, column.type)), 0)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    known = pc.index_in(column, pc.unique(column.drop_null()))
    numbers: Ints = pc.fill_null(known, NONE).to_numpy().astype(np.int64)
    return numbers + 1


def require_known(what: str, item_ids: pa.Array, known: pa.Array) -> None:
    """Raise BadCall for ids that the items do not have."""
    unknown = item_ids.filter(pc.invert(pc.is_in(item_ids, known))).unique().to_pylist()
    if unknown:
        raise BadCall(
            f"Items: expected all items of the {what}, found {len(unknown):,} of "
            f"{len(item_ids.unique()):,} that are not among them: {listed(unknown)}."
        )


def numbers_of(item_ids: pa.Array, pool: Pool) -> Ints:
    numbers: Ints = pc.index_in(item_ids, pool.item_ids).to_numpy().astype(np.int64)
    return numbers


def draws_of(sample_ids: pa.ChunkedArray, seed: int) -> Draws:
    ids = sample_ids.to_pylist()
    return np.array([draw_of("negatives", str(seed), name) for name in ids], np.uint64)


def known_pairs(events: Interactions, pool: Pool) -> Ints:
    numbers = numbers_of(events.item_ids, pool)
    return np.unique(events.users * len(pool.item_ids) + numbers[events.items])


def spans(count: int) -> list[tuple[int, int]]:
    return [(start, min(start + IDS_AT_ONCE, count)) for start in range(0, count, IDS_AT_ONCE)]


def drawn(asked: Asked, pool: Pool, negatives: int) -> Candidates:
    """Targets and negatives. Raises BadCall where none are asked for."""
    if negatives < 1:
        raise BadCall(f"negatives: expected at least 1, found {negatives}.")
    items = np.empty((len(asked.targets), 1 + negatives), np.int32)
    whole = pool._replace(starts=np.zeros(1, np.int64), sizes=np.array([len(pool.entries)]))
    for start, stop in spans(len(items)):
        part = asked.between(start, stop)
        chosen = np.full((stop - start, negatives), NONE, np.int32)
        draw(chosen, part, pool, pool.groups[part.targets])
        draw(chosen, part, whole, np.zeros(len(chosen), np.int64))
        for sample in np.flatnonzero((chosen == NONE).any(axis=1)):
            fill(chosen[sample], int(sample), part, pool)
        items[start:stop] = shuffled(chosen, part)
    return Candidates(items, pool.item_ids)


def draw(chosen: Numbers, asked: Asked, pool: Pool, groups: Ints) -> None:
    """Fill what is empty in `chosen`, (M, negatives), by draws from each sample's group.

    A draw that is no new negative is not taken. Some may stay empty, where a group is small.
    """
    waiting = np.flatnonzero((chosen == NONE).any(axis=1) & (pool.sizes[groups] > 0))
    for turn in range(chosen.shape[1] + DRAWS_MORE):
        if not len(waiting):
            return
        own = groups[waiting]
        draws = mixed(asked.draws[waiting], np.full(len(waiting), turn))
        places = pool.starts[own] + (draws % pool.sizes[own].astype(np.uint64)).astype(np.int64)
        found = pool.entries[places]
        fresh = ~is_known(asked, asked.users[waiting], found, pool)
        fresh &= ~(chosen[waiting] == found[:, None]).any(axis=1)
        rows = waiting[fresh]
        chosen[rows, (chosen[rows] == NONE).argmax(axis=1)] = found[fresh]
        waiting = waiting[(chosen[waiting] == NONE).any(axis=1)]


def is_known(asked: Asked, users: Ints, items: Ints, pool: Pool) -> npt.NDArray[np.bool_]:
    """Whether the users interacted with the items, (K,)."""
    pairs = users * len(pool.item_ids) + items
    places = np.minimum(np.searchsorted(asked.known, pairs), len(asked.known) - 1)
    answer: npt.NDArray[np.bool_] = asked.known[places] == pairs
    return answer


def fill(chosen: Numbers, sample: int, asked: Asked, pool: Pool) -> None:
    """Fill what draws left empty for one sample, of all items that are left; unknown ones first."""
    taken = np.concatenate([asked.history(sample), [asked.targets[sample]], chosen])
    items = np.setdiff1d(pool.entries, taken)
    users = np.full(len(items), asked.users[sample])
    draws = mixed(np.full(len(items), asked.draws[sample]), items)
    items = items[np.lexsort((draws, is_known(asked, users, items, pool)))]
    empty = np.flatnonzero(chosen == NONE)[: len(items)]
    chosen[empty] = items[: len(empty)]


def shuffled(chosen: Numbers, asked: Asked) -> Numbers:
    """The negatives with the target among them, at a place that is drawn; NONE comes last."""
    items = np.column_stack([asked.targets.astype(np.int32), chosen])
    columns = np.arange(1_000, 1_000 + items.shape[1])  # other draws than the items' own
    draws = mixed(asked.draws[:, None], columns)
    draws[items == NONE] = np.iinfo(np.uint64).max
    return np.take_along_axis(items, np.argsort(draws, axis=1), axis=1)
