"""Candidates: a sample's target among items that were not it, for whoever ranks or retrieves."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.problems import BadCall
from pmg.protocols.interactions import Interactions, Source, as_arrow, interactions_of
from pmg.protocols.pools import POPULARITY, Groups, Pool, pool_of, require_known
from pmg.protocols.sample_set import CANDIDATES, COLUMNS
from pmg.protocols.samples import Cut
from pmg.splits import Draws, draw_of, mixed

MOST_NEGATIVES = 1_000
OTHER_DRAWS = 10_000  # for places, beyond all that items were drawn by
NUMBERS_AT_ONCE = 1_000_000
DRAWS_MORE = 32  # for each sample, beyond the negatives it needs: some draws hit what it may not
IDS_AT_ONCE = 10_000
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
    samples: Source,
    interactions: Source,
    negatives: int = 4,
    by: str = POPULARITY,
    items: Source | None = None,
    within: str | None = None,
    seed: int = 0,
) -> pa.Table:
    """Add `candidate_ids`: the target and `negatives` other items, in an order that is drawn too.

    None of the others did the user interact with. They are drawn as often as everybody interacted
    with them (`by="popularity"`: that an item is popular tells nothing then), or all alike
    (`by="uniform"`), and with `within` among those with the same value as the target in that column
    of `items`, as `genres`; of a list its first. Where too few are left, others follow: those that
    nobody met, then of any value, then those that the user knows; a list is shorter only where all
    items together are too few. They go by a hash of seed and `sample_id`; `uniform`, of given
    `items`, they stay the same whoever else interacts. How little metrics over so few candidates
    say of all items: W. Krichene & S. Rendle, "On Sampled Metrics for Item Recommendation", KDD
    2020.

    Args:
        samples: as the protocols give them: `sample_id`, `user_id`, `history_ids`, `target_id`.
        interactions: that they were cut of, as the protocols take them.
        negatives: how many, at least 1.
        by: "popularity" or "uniform".
        items: with `item_id`, the column `within`, and `image_sha256` where it is null without a
            picture; a Dataset, an Arrow table or a DataFrame. None: those of the interactions.
        within: a column of `items`.
        seed: another one, other negatives.

    Raises:
        BadCall: a column is missing, or an item or user of the samples is unknown.
    """
    events, table = interactions_of(interactions), samples_as_arrow(samples)
    pool = pool_of(events, by, items, within)
    history = pc.list_flatten(table["history_ids"]).combine_chunks()
    targets = table["target_id"].combine_chunks()
    require_known("samples", pa.concat_arrays([history, targets]), pool.item_ids)
    users = pc.index_in(table["user_id"], events.user_ids)
    if users.null_count:
        raise BadCall(
            f"Samples: expected users of the interactions, found {users.null_count:,} of "
            f"{len(users):,} samples with others."
        )
    ends = np.cumsum(pc.list_value_length(table["history_ids"]).to_numpy())
    starts, numbers = np.concatenate([[0], ends]), pool.numbers(history)
    asked = Asked(
        users.to_numpy().astype(np.int64),
        pool.numbers(targets),
        draws_of(table["sample_id"], seed),
        known_pairs(events, pool),
        lambda sample: numbers[starts[sample] : starts[sample + 1]],
    )
    others = [name for name in table.column_names if name != CANDIDATES]
    return table.select(others).append_column(CANDIDATES, drawn(asked, pool, negatives).ids())


def samples_as_arrow(samples: Source) -> pa.Table:
    """Samples with ids as text. Raises BadCall where a column is missing."""
    table = as_arrow(samples, (*COLUMNS, "split", CANDIDATES))
    if lacking := [name for name in COLUMNS if name not in table.column_names]:
        raise BadCall(f"Samples: expected the column {lacking[0]}, found none.")
    kinds = [
        pa.list_(pa.string()) if name in ("history_ids", CANDIDATES) else pa.string()
        for name in table.column_names
    ]
    schema = pa.schema([*zip(table.column_names, kinds, strict=True)], table.schema.metadata)
    for name in ("sample_id", "history_ids", "target_id"):
        if missing := table[name].null_count:
            raise BadCall(f"Samples: expected {name} everywhere, found {missing:,} nulls.")
    try:
        return table.cast(schema)
    except pa.ArrowException as error:
        found = " ".join(str(error).split())[:80]
        raise BadCall(
            f"Samples: expected ids, and lists of them, found others: {found}."
        ) from error


def candidates_of(
    cut: Cut, events: Interactions, pool: Pool, negatives: int, seed: int
) -> Candidates:
    """The candidates of samples that were cut of some of these events. Raises BadCall as above."""
    own, (starts, targets, _) = cut.events, cut.spans
    numbers = pool.numbers(own.item_ids)
    parts = (cut.at(np.arange(*span)) for span in chunks(len(cut.ranks)))
    asked = Asked(
        own.users[targets],
        numbers[own.items[targets]],
        np.concatenate([draws_of(part.sample_ids(), seed) for part in parts]),
        known_pairs(events, pool),
        lambda sample: numbers[own.items[starts[sample] : targets[sample]]],
    )
    return drawn(asked, pool, negatives)


def draws_of(sample_ids: pa.ChunkedArray, seed: int) -> Draws:
    ids = sample_ids.to_pylist()
    return np.array([draw_of("negatives", str(seed), name) for name in ids], np.uint64)


def known_pairs(events: Interactions, pool: Pool) -> Ints:
    numbers = pool.numbers(events.item_ids)
    return np.unique(events.users * len(pool.item_ids) + numbers[events.items])


def chunks(count: int) -> list[tuple[int, int]]:
    return [(start, min(start + IDS_AT_ONCE, count)) for start in range(0, count, IDS_AT_ONCE)]


def drawn(asked: Asked, pool: Pool, negatives: int) -> Candidates:
    """Targets and negatives. Raises BadCall where none are asked for."""
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
    return Candidates(items, pool.item_ids)


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
