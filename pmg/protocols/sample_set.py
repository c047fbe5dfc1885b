"""A set of samples as numbers, to be looked at in one go."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pmg.built_files import whole
from pmg.histories import Ints
from pmg.problems import BadCall
from pmg.splits import SHARES

COLUMNS = ("sample_id", "user_id", "history_ids", "target_id")
CANDIDATES = "candidate_ids"
TRAINED = next(iter(SHARES))
NOBODY = -1


class Part(NamedTuple):
    """The samples of a split, M of them, with H items in all histories."""

    sample_ids: pa.ChunkedArray  # (M,)
    users: Ints  # (M,) positions in `SampleSet.users`, NOBODY where there is none
    targets: Ints  # (M,) positions in `SampleSet.items`
    histories: Ints  # (H,) the same, one history after the other
    owners: Ints  # (H,) whose history it is, positions in the split
    candidates: Ints  # (C,) as histories, of all lists of candidates; none where there are none
    asked: Ints  # (C,) whose candidates they are

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
    def held_out(self) -> dict[str, Part]:
        """What is not trained on, by split: validation and test."""
        return {split: part for split, part in self.parts.items() if split != TRAINED}

    def pairs(self, users: Ints, items: Ints) -> Ints:
        """A number for each user with each item."""
        return users * len(self.items) + items


def columns_of_samples(path: Path) -> list[str]:
    """The columns of a built file that a set of samples is read from."""
    with whole(path):
        return [*COLUMNS, *({CANDIDATES} & {*pq.read_schema(path).names})]


def sample_set(splits: Mapping[str, pa.Table]) -> SampleSet:
    """The samples of tables with `COLUMNS`, by split; training comes first.

    Raises:
        BadCall: a target, or an item of a history, is null.
    """
    tables = {name: splits[name] for name in (*SHARES, *splits) if name in splits}
    lists = [
        pc.list_flatten(table[name])
        for table in tables.values()
        for name in ("history_ids", CANDIDATES)
        if name in table.column_names
    ]
    missing = sum(each.null_count for each in lists)
    for name in ("target_id", "history_ids"):
        missing += sum(table[name].null_count for table in tables.values())
    if missing:
        raise BadCall(f"Samples: expected an item everywhere, found {missing:,} nulls.")
    users = distinct([table["user_id"] for table in tables.values()])
    items = distinct([*(table["target_id"] for table in tables.values()), *lists])
    parts = {split: part_of(table, users, items) for split, table in tables.items()}
    return SampleSet(parts, users, items)


def distinct(columns: list[pa.ChunkedArray]) -> pa.Array:
    """All ids of some columns, each once."""
    chunks = [texts_of(chunk) for column in columns for chunk in column.chunks]
    return pc.unique(pa.chunked_array(chunks, pa.string())).drop_null()


def texts_of(chunk: pa.Array) -> pa.Array:
    """The texts of an array, or those that its numbers stand for."""
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.dictionary
    return pc.cast(chunk, pa.string())


def part_of(table: pa.Table, users: pa.Array, items: pa.Array) -> Part:
    return Part(
        table["sample_id"],
        places(table["user_id"], users),
        places(table["target_id"], items),
        *spread(table, "history_ids", items),
        *spread(table, CANDIDATES, items),
    )


def spread(table: pa.Table, name: str, items: pa.Array) -> tuple[Ints, Ints]:
    """The items of all lists of a column, and whose each is."""
    if name not in table.column_names:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    lengths = pc.fill_null(pc.list_value_length(table[name]), 0).to_numpy()
    return places(pc.list_flatten(table[name]), items), np.repeat(np.arange(len(table)), lengths)


def places(column: pa.ChunkedArray, known: pa.Array) -> Ints:
    """Where each id stands among the known ones, NOBODY where it does not."""
    parts = [np.empty(0, np.int64)]
    for chunk in column.chunks:
        found = pc.fill_null(pc.index_in(texts_of(chunk), known), NOBODY).to_numpy()
        if pa.types.is_dictionary(chunk.type):
            numbers = pc.fill_null(chunk.indices, len(found)).to_numpy()
            found = np.append(found, NOBODY)[numbers]
        parts.append(found.astype(np.int64))
    return np.concatenate(parts)
