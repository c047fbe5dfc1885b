"""Pools: what negatives are drawn from, by how often items were met, in groups or all together."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.problems import BadCall, listed
from pmg.protocols.interactions import Interactions, Source, as_arrow, coded

POPULARITY, UNIFORM = WEIGHTS = ("popularity", "uniform")
ITEM_COLUMNS = ("item_id", "image_sha256")
NOTHING = -1


class Groups(NamedTuple):
    """Items by number, those of a group together."""

    entries: Ints  # (E,) an item as often as it counts
    starts: Ints  # (G,) where each group's begin
    sizes: Ints  # (G,)

    def of(self, group: int) -> Ints:
        start = self.starts[group]
        return self.entries[start : start + self.sizes[group]]

    def as_one(self) -> "Groups":
        return Groups(self.entries, np.zeros(1, np.int64), np.array([len(self.entries)]))


class Pool(NamedTuple):
    """What negatives are drawn from, and what there is beside it."""

    drawn: Groups
    catalogue: Groups  # each item with a picture once, met or not
    item_ids: pa.Array  # by number, sorted
    groups: Ints  # by item: what it is drawn from when it is the truth

    def numbers(self, item_ids: pa.Array) -> Ints:
        """The numbers of items that are all known."""
        found: Ints = pc.index_in(item_ids, self.item_ids).to_numpy().astype(np.int64)
        return found


def pool_of(events: Interactions, by: str, items: Source | None, within: str | None) -> Pool:
    """What may be drawn.

    Args:
        events: those that samples were cut of, which tell how popular items are.
        by: one of `WEIGHTS`.
        items: all that there are; those of the events where it is None.
        within: the column of `items` that tells groups apart, if any.

    Raises:
        BadCall: a column is missing, or an item of the events is unknown.
    """
    if by not in WEIGHTS:
        raise BadCall(f"by: expected {' or '.join(WEIGHTS)}, found {by!r}.")
    if items is None:
        if within is not None:
            raise BadCall(f"within: expected items with the column {within}, found no items.")
        item_ids, groups = events.item_ids, np.zeros(len(events.item_ids), np.int64)
        has_picture = None
    else:
        item_ids, groups, has_picture = catalogue(items, within)
        require_known("interactions", events.item_ids, item_ids)
    own: Ints = pc.index_in(events.item_ids, item_ids).to_numpy().astype(np.int64)
    if has_picture is None:
        has_picture = np.ones(len(item_ids), np.bool_)
        if events.shown is not None:
            seen = own[events.items[events.shown]]
            has_picture = np.bincount(seen, minlength=len(item_ids)) > 0
    shown = np.flatnonzero(has_picture)
    met = np.sort(own[events.items])
    all_items = grouped(shown, groups)
    drawn = all_items if by == UNIFORM else grouped(met[has_picture[met]], groups)
    return Pool(drawn, all_items, item_ids, groups)


def grouped(entries: Ints, groups: Ints) -> Groups:
    """Sorted items, those of a group together; `groups` has every item's."""
    entries = entries[np.argsort(groups[entries], kind="stable")]
    sizes = np.bincount(groups[entries], minlength=int(groups.max(initial=0)) + 1)
    return Groups(entries, np.cumsum(sizes) - sizes, sizes)


def catalogue(
    items: Source, within: str | None
) -> tuple[pa.Array, Ints, npt.NDArray[np.bool_] | None]:
    """The ids of items, sorted, each one's group, and whether it has a picture, if that is told."""
    wanted = list(dict.fromkeys(["item_id", *([within] if within else [])]))
    table = as_arrow(items, list(dict.fromkeys([*ITEM_COLUMNS, *wanted])))
    if lacking := [name for name in wanted if name not in table.column_names]:
        raise BadCall(f"Items: expected the columns {' and '.join(wanted)}, found no {lacking[0]}.")
    numbers, item_ids = coded(table["item_id"])
    groups = np.zeros(len(item_ids), np.int64)
    if within:
        groups[numbers] = categories(table[within], within)
    if "image_sha256" not in table.column_names:
        return item_ids, groups, None
    has_picture = np.ones(len(item_ids), np.bool_)
    has_picture[numbers] = pc.is_valid(table["image_sha256"]).to_numpy()
    return item_ids, groups, has_picture


def categories(column: pa.ChunkedArray, name: str) -> Ints:
    """A number for each different value; of lists, of their first; none is one, too."""
    try:
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            filled = pc.greater(pc.list_value_length(column), 0)
            column = pc.list_element(pc.if_else(filled, column, pa.scalar(None, column.type)), 0)
        if pa.types.is_dictionary(column.type):
            column = pc.cast(column, column.type.value_type)
        values = pc.unique(column.drop_null())
        known = pc.index_in(column, values.take(pc.sort_indices(values)))
    except pa.ArrowException as error:
        raise BadCall(
            f"Items: expected {name} as text, numbers or lists of them, found {column.type}."
        ) from error
    numbers: Ints = pc.fill_null(known, NOTHING).to_numpy().astype(np.int64)
    return numbers + 1


def require_known(what: str, item_ids: pa.Array, known: pa.Array) -> None:
    """Raise BadCall for ids that the items do not have."""
    unknown = item_ids.filter(pc.invert(pc.is_in(item_ids, known))).unique().to_pylist()
    if unknown:
        raise BadCall(
            f"Items: expected all items of the {what}, found {len(unknown):,} of "
            f"{len(item_ids.unique()):,} that are not among them: {listed(unknown)}."
        )
