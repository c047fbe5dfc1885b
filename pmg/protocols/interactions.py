"""Interactions of users with items, whoever holds them: in one order, that of time."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import datasets
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import LATEST_TIME, Ints, order_by
from pmg.problems import BadCall

IDS = ("user_id", "item_id")
PLACES = ("event", "position")  # of a click or choice in its user's lines, where there is no time
_TEXT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer)
_NUMBER = (pa.types.is_integer, pa.types.is_floating)
KINDS = {  # of columns: in words, and as Arrow tells them
    **dict.fromkeys(IDS, ("as text or whole numbers", _TEXT)),
    **dict.fromkeys((*PLACES, "rating"), ("in numbers", _NUMBER)),
    "timestamp": ("in Unix seconds", _NUMBER),
    "has_image": ("as true or false", (pa.types.is_boolean,)),
}
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
        BadCall: a column is missing or of a wrong kind, or a user, item or time is; a time lies in
            the future; a user has an item twice at one time.
    """
    if isinstance(source, Interactions):
        return source
    table = as_arrow(source, (*IDS, *PLACES, "rating", "timestamp", "has_image"))
    require_kinds(table)
    rows = np.arange(len(table))
    if table["item_id"].null_count:
        rows = np.flatnonzero(pc.is_valid(table["item_id"]).to_numpy())
        table = table.take(pa.array(rows))
    require_none_missing(table)
    return in_order(table, rows)


def in_order(table: pa.Table, rows: Ints) -> Interactions:
    """Interactions by user and time. Raises BadCall where one is there twice."""
    users, user_ids = coded(table["user_id"])
    items, item_ids = coded(table["item_id"])
    times = whole_numbers(table, "timestamp")
    places = [times] if times is not None else [whole_numbers(table, name) for name in PLACES]
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
    """Those of the columns that a Dataset, an Arrow table or a DataFrame has, as an Arrow table.

    Raises:
        BadCall: it is something else, or a column holds different kinds of values.
    """
    try:
        if isinstance(source, pa.Table):
            return source.select([name for name in columns if name in source.column_names])
        if isinstance(source, datasets.Dataset):
            there = [name for name in columns if name in source.features]
            return source.select_columns(there).with_format("arrow")[:]
        if hasattr(source, "iloc"):
            there = [name for name in columns if name in source.columns]
            return pa.Table.from_pandas(source[there], preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError, LookupError) as error:
        found = " ".join(str(error).split())[:80]
        raise BadCall(f"Expected columns of one kind each, found others: {found}.") from error
    raise BadCall(
        "Expected a Dataset (of one split, not streamed), an Arrow table or a DataFrame, found "
        f"{type(source).__name__}."
    )


def coded(ids: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Each id's position among the distinct ones, which are sorted strings.

    Raises:
        BadCall: an id is missing.
    """
    if missing := ids.null_count:
        raise BadCall(f"Expected an id in each of {len(ids):,} rows, found {missing:,} without.")
    if not pa.types.is_dictionary(ids.type):
        ids = ids.dictionary_encode()
    ids = ids.unify_dictionaries().combine_chunks()
    names = pc.cast(ids.dictionary, pa.string())
    if names.null_count or len(names.unique()) < len(names):  # whoever wrote it was careless
        texts = names.take(ids.indices)
        return coded(pa.chunked_array([texts]))
    order = pc.sort_indices(names)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return rank[ids.indices.to_numpy()], names.take(order)


def column(table: pa.Table, name: str, kind: type[np.generic]) -> npt.NDArray[Any] | None:
    return table[name].to_numpy().astype(kind) if name in table.column_names else None


def whole_numbers(table: pa.Table, name: str) -> Ints | None:
    """A column of whole numbers, whatever type they have; None without it."""
    if name not in table.column_names:
        return None
    values = table[name].to_numpy()
    if values.dtype.kind == "f" and (odd := int((values != np.floor(values)).sum())):
        raise BadCall(
            f"Interactions: expected {name} in whole numbers, found {odd:,} of {len(values):,} "
            "with fractions. Round them."
        )
    numbers: Ints = values.astype(np.int64)
    return numbers


def require_kinds(table: pa.Table) -> None:
    """Raise BadCall where a column is missing, or of another kind than its values must be."""
    if lacking := [name for name in IDS if name not in table.column_names]:
        raise BadCall(
            f"Interactions: expected the columns {' and '.join(IDS)}, found no {lacking[0]}."
        )
    for field in table.schema:
        expected, fits = KINDS[field.name]
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if not (pa.types.is_null(kind) or any(test(kind) for test in fits)):
            raise BadCall(f"Interactions: expected {field.name} {expected}, found {kind}.")


def require_none_missing(table: pa.Table) -> None:
    for name in ("user_id", "timestamp", *PLACES):
        if name not in table.column_names:
            continue
        column = table[name]
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_finite(column), column, None)
        if missing := column.null_count:
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
