"""A set of samples as numbers, to be looked at in one go."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.splits import SHARES

COLUMNS = ("sample_id", "user_id", "history_ids", "target_id")
TRAINED = next(iter(SHARES))
NOBODY = -1


class Part(NamedTuple):
    """The samples of a split, M of them, with H items in all histories."""

    sample_ids: pa.ChunkedArray  # (M,)
    users: Ints  # (M,) positions in `SampleSet.users`, NOBODY where there is none
    targets: Ints  # (M,) positions in `SampleSet.items`
    histories: Ints  # (H,) the same, one history after the other
    owners: Ints  # (H,) whose history it is, positions in the split

    def met(self) -> tuple[Ints, Ints]:
        """Users and items of all histories and targets, those of nobody left out."""
        users = np.concatenate([self.users[self.owners], self.users])
        items = np.concatenate([self.histories, self.targets])
        known = users != NOBODY
        return users[known], items[known]

    def items(self) -> Ints:
        """Each item in it once, sorted."""
        return np.unique(np.concatenate([self.histories, self.targets]))


class SampleSet(NamedTuple):
    """Samples by split, and the ids that they name."""

    parts: Mapping[str, Part]
    users: pa.Array  # each once
    items: pa.Array  # each once

    @property
    def trained(self) -> list[Part]:
        return [part for split, part in self.parts.items() if split == TRAINED]

    @property
    def held_out(self) -> list[Part]:
        """What is not trained on: validation and test."""
        return [part for split, part in self.parts.items() if split != TRAINED]

    def pairs(self, users: Ints, items: Ints) -> Ints:
        """A number for each user with each item."""
        return users * len(self.items) + items


def sample_set(splits: Mapping[str, pa.Table]) -> SampleSet:
    """The samples of tables with `COLUMNS`, by split."""
    tables = list(splits.values())
    users = distinct([table["user_id"] for table in tables])
    items = distinct([table["target_id"] for table in tables]
                     + [pc.list_flatten(table["history_ids"]) for table in tables])  # fmt: skip
    return SampleSet(
        {split: part_of(table, users, items) for split, table in splits.items()}, users, items
    )


def distinct(columns: list[pa.ChunkedArray]) -> pa.Array:
    chunks = [pc.cast(chunk, pa.string()) for column in columns for chunk in column.chunks]
    return pc.unique(pa.chunked_array(chunks, pa.string())).drop_null()


def part_of(table: pa.Table, users: pa.Array, items: pa.Array) -> Part:
    lengths = pc.list_value_length(table["history_ids"]).to_numpy()
    return Part(
        table["sample_id"],
        places(table["user_id"], users),
        places(table["target_id"], items),
        places(pc.list_flatten(table["history_ids"]), items),
        np.repeat(np.arange(len(table)), lengths),
    )


def places(column: pa.ChunkedArray, known: pa.Array) -> Ints:
    """Where each id stands among the known ones, NOBODY where it does not."""
    found = pc.fill_null(pc.index_in(pc.cast(column, pa.string()), known), NOBODY)
    numbers: npt.NDArray[np.int64] = found.to_numpy().astype(np.int64)
    return numbers
