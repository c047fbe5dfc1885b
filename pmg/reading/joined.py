"""Joined: samples whose ids of items are the places of these items, looked up once for all."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.problems import Problem, Problems, Severity, TooManyProblems, listed
from pmg.protocols.sample_set import NOBODY, places
from pmg.reading.layout import SHOWN, features_of, layout_of
from pmg.reading.shards import another
from pmg.reading.shelves import Shelf, Shown

THEIR_ITEMS = "Take the items that these samples were cut from"
ATTACH = "Attach the pictures, or leave these samples out"
LEAVE_OUT = "Leave these samples out"


class Found(NamedTuple):
    """The items that a column of samples names."""

    column: pa.ChunkedArray  # of ids, or of lists of them
    ids: pa.ChunkedArray  # all of them
    places: Ints  # of each, NOBODY for an unknown one

    @classmethod
    def of(cls, column: pa.ChunkedArray, known: pa.Array) -> "Found":
        ids = all_in(column)
        return cls(column, ids, places(ids, known))

    def missing(self) -> int:
        """How many ids, or lists of them, are null."""
        return int(
            self.ids.null_count + (self.column.null_count if self.ids is not self.column else 0)
        )

    def named(self, which: Shown) -> list[str]:
        """The ids at a mask, each once."""
        return [str(each) for each in pc.unique(self.ids.filter(pa.array(which))).to_pylist()]

    def as_places(self) -> pa.ChunkedArray:
        """The column with the places of items in place of their ids."""
        numbers = pa.array(self.places, pa.int32())
        if not is_list(self.column.type):
            return pa.chunked_array([numbers])
        lengths = pc.list_value_length(self.column).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        return pa.chunked_array([pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), numbers)])


def all_in(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """All values of a column, or of its lists."""
    return pc.list_flatten(column) if is_list(column.type) else column


def is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def joined(
    parts: Iterator[pa.Table], shelf: Shelf, name: str, needed: Sequence[str]
) -> Iterator[pa.Table]:
    """The same samples, in place of ids the places of items on the shelf.

    Items in the columns of ids in `needed` must have a picture.

    Raises:
        TooManyProblems: an item is unknown, missing, or without a picture where it needs one.
    """
    problems, known = Problems(), shelf.ids.combine_chunks()
    shown = np.append(shelf.shown(), False)
    tables = []
    for table in parts:
        if not {*SHOWN} <= {*table.column_names}:
            raise another(name, "one without samples")
        layout = layout_of(features_of(table.schema), shelf.features)
        columns = {each: table[each] for each in layout.own}
        for each in layout.ids:
            found = Found.of(table[each], known)
            must = shown if each in needed else np.ones_like(shown)
            sound = True
            for problem in faults(found, must, shelf.name, name, each):
                problems.add(problem)
                sound = False
            if sound:
                columns[each] = found.as_places()
        made = pa.table(columns)
        tables.append(made.replace_schema_metadata(table.schema.metadata))
    if problems.count(Severity.ERROR):
        raise TooManyProblems(problems)
    yield from tables


def faults(found: Found, shown: Shown, items: str, samples: str, column: str) -> Iterator[Problem]:
    """What is wrong with the items that a column names."""
    place = f"column {column}"
    if missing := found.missing():
        expected, was = "an item everywhere", f"{missing:,} without"
        yield Problem(Severity.ERROR, samples, place, expected, was, LEAVE_OUT)
    unknown = (found.places == NOBODY) & pc.is_valid(found.ids).to_numpy()
    if unknown.any():
        names = found.named(unknown)
        was = f"{len(names):,} unknown: {listed(names)}"
        yield Problem(Severity.ERROR, samples, place, f"ids of {items}", was, THEIR_ITEMS)
    bare = (found.places != NOBODY) & ~shown[found.places]
    if bare.any():
        names = found.named(bare)
        was = f"{len(names):,} without: {listed(names)}"
        yield Problem(Severity.ERROR, samples, place, "items with a picture", was, ATTACH)
