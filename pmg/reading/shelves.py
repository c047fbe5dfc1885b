"""Shelves: the items of a domain, each by its row, wherever they are kept."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset, Features, Image

from pmg.columns import Row, picture_columns
from pmg.offsets import NONE, PICTURE
from pmg.problems import BadCall
from pmg.reading.cached import Mapped
from pmg.reading.fetching import Lacking
from pmg.reading.shards import LocalShard, Shard, Span

ITEM_ID = "item_id"
ROWS_AT_ONCE = 100  # of pictures
FILE, START, LENGTH = "picture.file", "picture.start", "picture.length"  # columns of our own
Shown: TypeAlias = npt.NDArray[np.bool_]


class Shelf(Protocol):
    """The items of a domain, N of them."""

    name: str
    identity: str  # another one for other items
    features: Features

    @property
    def ids(self) -> pa.ChunkedArray:
        """The ids of the items, (N,) strings."""

    def shown(self) -> Shown:
        """Which items have a picture, (N,)."""

    def row(self, place: int, columns: Sequence[str]) -> Row:
        """Columns of an item, none of them its picture."""

    def picture(self, place: int) -> bytes | None:
        """The item's picture as it is in a file, None where it has none."""

    def lacking(self, places: Iterable[int]) -> list[Lacking]:
        """What of the pictures of these items is not on this disk."""


class BuiltShelf:
    """Items of a built set: columns from a mapped table, pictures from where their shards say."""

    def __init__(self, name: str, features: Features, rows: Mapped, shards: list[Shard]) -> None:
        self.name, self.identity, self.features = name, rows.path.stem, features
        self._rows, self._shards = rows, shards
        self._is_here = all(isinstance(each, LocalShard) for each in shards)

    @property
    def ids(self) -> pa.ChunkedArray:
        return self._rows.table[ITEM_ID]

    def shown(self) -> Shown:
        return np.asarray(self._rows.table[START].to_numpy() != NONE)

    def row(self, place: int, columns: Sequence[str]) -> Row:
        return {name: self._rows.value(name, place) for name in columns}

    def picture(self, place: int) -> bytes | None:
        span = self._span(place)
        return span and self._shards[self._rows.value(FILE, place)].picture(span)

    def lacking(self, places: Iterable[int]) -> list[Lacking]:
        wanted: dict[int, list[Span]] = {}
        for place in () if self._is_here else places:
            if (span := self._span(place)) is not None:
                wanted.setdefault(self._rows.value(FILE, place), []).append(span)
        return [
            Lacking(self._shards[number], block)
            for number, spans in wanted.items()
            for block in self._shards[number].lacking(spans)
        ]

    def _span(self, place: int) -> Span | None:
        start = self._rows.value(START, place)
        return None if start == NONE else Span(start, self._rows.value(LENGTH, place))


class DatasetShelf:
    """Items of a `datasets.Dataset`."""

    def __init__(self, items: Dataset) -> None:
        """Raises BadCall where it has no `item_id` or no `image`."""
        name = items.info.config_name
        self.name = "items" if name in (None, "default") else name
        self.identity = items._fingerprint  # noqa: SLF001 - what `datasets` knows a Dataset by
        self.features = items.features
        require_items(items.features)
        others = [each for each in items.features if each not in picture_columns(items.features)]
        self._rows = items.select_columns(others).with_format(None)
        images = items.select_columns([PICTURE]).with_format(None)
        self._images = images.cast_column(PICTURE, Image(decode=False))
        ids = self._rows.select_columns([ITEM_ID]).with_format("arrow")[:][ITEM_ID]
        self._ids = pc.cast(ids, pa.string())

    @property
    def ids(self) -> pa.ChunkedArray:
        return self._ids

    def shown(self) -> Shown:
        images = self._images.with_format("arrow")
        parts = [
            pc.is_valid(pc.struct_field(chunk, "bytes")).to_numpy(zero_copy_only=False)
            for batch in images.iter(ROWS_AT_ONCE)
            for chunk in batch[PICTURE].chunks
        ]
        return np.concatenate([np.empty(0, np.bool_), *parts])

    def row(self, place: int, columns: Sequence[str]) -> Row:
        row: Row = self._rows[place]
        return {name: row[name] for name in columns}

    def picture(self, place: int) -> bytes | None:
        image = self._images[place][PICTURE]
        data: bytes | None = image and image["bytes"]
        return data

    def lacking(self, _places: Iterable[int]) -> list[Lacking]:
        return []


def require_items(columns: Collection[str]) -> None:
    """Raise BadCall where a table has not the columns that items have."""
    if lacking := [name for name in (ITEM_ID, PICTURE) if name not in columns]:
        raise BadCall(
            f"Items: expected the columns {ITEM_ID} and {PICTURE}, found no {lacking[0]}. "
            "Take a table of items."
        )
