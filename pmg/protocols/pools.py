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


class Pool(NamedTuple):
    """What negatives are drawn from: entries by group, an item as often as it counts."""

    entries: Ints  # (E,) items by number, those of a group together
    starts: Ints  # (G,) where each group's begin
    sizes: Ints  # (G,)
    item_ids: pa.Array  # by number, sorted
    groups: Ints  # by item: what it is drawn from when it is the truth
    catalogue: Ints  # all items with a picture, met or not

    def numbers(self, item_ids: pa.Array) -> Ints:
        """The numbers of items that are all known."""
        found: Ints = pc.index_in(item_ids, self.item_ids).to_numpy().astype(np.int64)
        return found

    def of(self, item: int) -> Ints:
        """The items that may be drawn where this one is the truth."""
        group = self.groups[item]
        return self.entries[self.starts[group] : self.starts[group] + self.sizes[group]]

    def whole(self) -> "Pool":
        """All groups as one."""
        one = np.zeros(1, np.int64)
        sizes = np.array([len(self.entries)])
        return self._replace(starts=one, sizes=sizes, groups=np.zeros_like(self.groups))


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
        has_picture = np.ones(len(item_ids), np.bool_)
        if events.shown is not None:
            has_picture = np.bincount(events.items[events.shown], minlength=len(item_ids)) > 0
    else:
        item_ids, groups, has_picture = catalogue(items, within)
        require_known("interactions", events.item_ids, item_ids)
    own: Ints = pc.index_in(events.item_ids, item_ids).to_numpy().astype(np.int64)
    shown = np.flatnonzero(has_picture)
    entries = shown if by == UNIFORM else np.sort(own[events.items])
    entries = entries[has_picture[entries]]
    entries = entries[np.argsort(groups[entries], kind="stable")]
    sizes = np.bincount(groups[entries], minlength=int(groups.max(initial=0)) + 1)
    return Pool(entries, np.cumsum(sizes) - sizes, sizes, item_ids, groups, shown)


def catalogue(items: Source, within: str | None) -> tuple[pa.Array, Ints, npt.NDArray[np.bool_]]:
    """The ids of items, sorted, each one's group, and whether it has a picture."""
    wanted = ["item_id", *([within] if within else [])]
    table = as_arrow(items, (*ITEM_COLUMNS, *wanted[1:]))
    if lacking := [name for name in wanted if name not in table.column_names]:
        raise BadCall(f"Items: expected the columns {' and '.join(wanted)}, found no {lacking[0]}.")
    numbers, item_ids = coded(table["item_id"])
    groups = np.zeros(len(item_ids), np.int64)
    has_picture = np.ones(len(item_ids), np.bool_)
    if within:
        groups[numbers] = categories(table[within])
    if "image_sha256" in table.column_names:
        has_picture[numbers] = pc.is_valid(table["image_sha256"]).to_numpy()
    return item_ids, groups, has_picture


def categories(column: pa.ChunkedArray) -> Ints:
    """A number for each different value; of lists, of their first; none is one, too."""
    if pa.types.is_list(column.type):
        filled = pc.greater(pc.list_value_length(column), 0)
        column = pc.list_element(pc.if_else(filled, column, pa.scalar(None, column.type)), 0)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    values = pc.unique(column.drop_null())
    known = pc.index_in(column, values.take(pc.sort_indices(values)))
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
