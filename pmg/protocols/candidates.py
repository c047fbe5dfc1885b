"""Candidates: a sample's target among items that were not it, for whoever ranks or retrieves."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.problems import BadCall
from pmg.protocols.draws import NONE, Asked, Numbers, drawn
from pmg.protocols.interactions import Interactions, Source, as_arrow, interactions_of
from pmg.protocols.pools import POPULARITY, Pool, pool_of, require_known
from pmg.protocols.sample_set import CANDIDATES, COLUMNS
from pmg.protocols.samples import Cut
from pmg.splits import Draws, draw_of

IDS_AT_ONCE = 10_000


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
    candidates = Candidates(drawn(asked, pool, negatives), pool.item_ids)
    return table.select(others).append_column(CANDIDATES, candidates.ids())


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
    return Candidates(drawn(asked, pool, negatives), pool.item_ids)


def draws_of(sample_ids: pa.ChunkedArray, seed: int) -> Draws:
    ids = sample_ids.to_pylist()
    return np.array([draw_of("negatives", str(seed), name) for name in ids], np.uint64)


def known_pairs(events: Interactions, pool: Pool) -> Ints:
    numbers = pool.numbers(events.item_ids)
    return np.unique(events.users * len(pool.item_ids) + numbers[events.items])


def chunks(count: int) -> list[tuple[int, int]]:
    return [(start, min(start + IDS_AT_ONCE, count)) for start in range(0, count, IDS_AT_ONCE)]
