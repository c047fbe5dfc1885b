"""Interactions of users with items, whoever holds them: in one order, that of time."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import LATEST_TIME, Ints, order_by
from pmg.problems import BadCall

IDS = ("user_id", "item_id")
PLACES = ("event", "position")  # of a click or choice in its user's lines, where there is no time
Source: TypeAlias = Any  # a datasets.Dataset, an Arrow table, a DataFrame, or Interactions


class Interactions(NamedTuple):
    """Interactions sorted by user, and each user's by time; N of them."""

    users: Ints  # (N,) positions in `user_ids`
    items: Ints  # (N,) positions in `item_ids`
    ratings: npt.NDArray[np.float64] | None  # (N,) in stars
    times: Ints | None  # (N,) in Unix seconds
    shown: npt.NDArray[np.bool_] | None  # (N,) whether the item has a picture
    rows: Ints  # (N,) where each stands in what was given
    user_ids: pa.Array  # of strings, sorted
    item_ids: pa.Array  # of strings, sorted

    def at(self, places: npt.NDArray[np.bool_] | Ints) -> "Interactions":
        """Those at these places, or of a mask, (N,), in that order."""
        return self._replace(
            users=self.users[places],
            items=self.items[places],
            ratings=None if self.ratings is None else self.ratings[places],
            times=None if self.times is None else self.times[places],
            shown=None if self.shown is None else self.shown[places],
            rows=self.rows[places],
        )

    def starts(self) -> Ints:
        """Where each user's interactions begin."""
        return np.flatnonzero(np.diff(self.users, prepend=-1))

    def ranks(self) -> Ints:
        """How many interactions of the same user come before each, (N,)."""
        starts = self.starts()
        lengths = np.diff(starts, append=len(self.users))
        return np.arange(len(self.users)) - np.repeat(starts, lengths)

    def counts(self) -> tuple[int, int, int]:
        """How many interactions, users and items there are."""
        items = int(np.count_nonzero(np.bincount(self.items, minlength=1)))
        return len(self.users), len(self.starts()), items


def interactions_of(source: Source) -> Interactions:
    """Take the interactions of a domain, as its table of them has the columns.

    Sorted by user, then time (or, where there is none, the place in the user's lines, or of the
    row), then item, so that the order of rows says nothing. Rows without an item, as choices of
    outfits, are left out.

    Raises:
        BadCall: a column is missing, or a user, item or time is; a time lies in the future; a
            user has an item twice at one time.
    """
    if isinstance(source, Interactions):
        return source
    table = as_arrow(source, (*IDS, *PLACES, "rating", "timestamp", "has_image"))
    if lacking := [name for name in IDS if name not in table.column_names]:
        raise BadCall(
            f"Interactions: expected the columns {' and '.join(IDS)}, found no {lacking[0]}."
        )
    require_kinds(table)
    rows = np.arange(len(table))
    if table["item_id"].null_count:
        rows = np.flatnonzero(pc.is_valid(table["item_id"]).to_numpy())
        table = table.take(pa.array(rows))
    require_none_missing(table)
    users, user_ids = coded(table["user_id"])
    items, item_ids = coded(table["item_id"])
    times = numbers(table, "timestamp")
    places = [times] if times is not None else [numbers(table, name) for name in PLACES]
    keys = [key for key in places if key is not None] or [rows]
    order = order_by(users, *keys, items)
    require_no_duplicates(users[order], items[order], [key[order] for key in keys])
    ratings = column(table, "rating", np.float64)
    shown = column(table, "has_image", np.bool_)
    return Interactions(
        users[order],
        items[order],
        None if ratings is None else ratings[order],
        None if times is None else times[order],
        None if shown is None else shown[order],
        rows[order],
        user_ids,
        item_ids,
    )


def as_arrow(source: Source, columns: Sequence[str]) -> pa.Table:
    """Those of the columns that a Dataset, an Arrow table or a DataFrame has, as an Arrow table."""
    if hasattr(source, "with_format"):
        there = [name for name in columns if name in source.features]
        return source.select_columns(there).with_format("arrow")[:]
    if not isinstance(source, pa.Table):
        there = [name for name in columns if name in source.columns]
        return pa.Table.from_pandas(source[there], preserve_index=False)
    return source.select([name for name in columns if name in source.column_names])


def coded(ids: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Each id's position among the distinct ones, which are sorted strings."""
    if not pa.types.is_dictionary(ids.type):
        ids = pc.cast(ids, pa.string()).dictionary_encode()
    ids = ids.unify_dictionaries().combine_chunks()
    names = pc.cast(ids.dictionary, pa.string())
    order = pc.sort_indices(names)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return rank[ids.indices.to_numpy()], names.take(order)


def column(table: pa.Table, name: str, kind: type[np.generic]) -> npt.NDArray[Any] | None:
    return table[name].to_numpy().astype(kind) if name in table.column_names else None


def numbers(table: pa.Table, name: str) -> Any:  # noqa: ANN401 - Ints, or None without the column
    return column(table, name, np.int64)


def require_kinds(table: pa.Table) -> None:
    """Raise BadCall for ids that are neither texts nor whole numbers, and for other numbers."""
    for name in table.column_names:
        kind = table.schema.field(name).type
        of_texts = pa.types.is_dictionary(kind) or pa.types.is_string(kind)
        is_id = of_texts or pa.types.is_large_string(kind) or pa.types.is_integer(kind)
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        if name in IDS and not (is_id or pa.types.is_null(kind)):
            raise BadCall(f"Interactions: expected {name} as text or whole numbers, found {kind}.")
        if name in (*PLACES, "rating", "timestamp") and not (is_number or pa.types.is_null(kind)):
            seconds = "Unix seconds" if name == "timestamp" else "numbers"
            raise BadCall(f"Interactions: expected {name} in {seconds}, found {kind}.")


def require_none_missing(table: pa.Table) -> None:
    for name in ("user_id", "timestamp", *PLACES):
        if name in table.column_names and (missing := table[name].null_count):
            raise BadCall(
                f"Interactions: expected `{name}` in each of {len(table):,} rows, "
                f"found {missing:,} without. Leave them out."
            )
    if "timestamp" in table.column_names and len(table):
        late = pc.sum(pc.greater(table["timestamp"], LATEST_TIME)).as_py()
        if late:
            raise BadCall(
                f"Interactions: expected timestamps in Unix seconds, found {late:,} of "
                f"{len(table):,} after the year 2100. Divide milliseconds by 1,000."
            )


def require_no_duplicates(users: Ints, items: Ints, keys: list[Ints]) -> None:
    same = np.ones(max(len(users) - 1, 0), np.bool_)
    for key in (users, items, *keys):
        same &= key[1:] == key[:-1]
    if count := int(same.sum()):
        raise BadCall(
            f"Interactions: expected each of {len(users):,} once, found {count:,} twice: the same "
            "user, item and time. Leave all but one out."
        )
