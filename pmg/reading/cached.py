"""Cached: tables that are made once, kept on disk, and mapped into memory by whoever reads."""

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from blake3 import blake3

from pmg.disk import size_told
from pmg.progress import say
from pmg.whole_files import whole_file

READING = 1  # another one where the tables change


def cache_folder() -> Path:
    """Where what readers make is kept: beside the cache of `datasets`."""
    folder = Path(datasets.config.HF_DATASETS_CACHE) / f"pmg-bench.reading-{READING}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Mapped:
    """A table on disk, mapped: to hand it to another process is to tell it the path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with pa.memory_map(str(path)) as file:
            self.table: pa.Table = pa.ipc.open_file(file).read_all()
        self._columns = {name: [*map(cells_of, self.table[name].chunks)]
                         for name in self.table.column_names}  # fmt: skip
        self._starts = [0]
        for batch in self.table.to_batches():
            self._starts.append(self._starts[-1] + len(batch))

    def __len__(self) -> int:
        return self._starts[-1]

    def __reduce__(self) -> tuple[type["Mapped"], tuple[Path]]:
        return Mapped, (self.path,)

    def value(self, column: str, row: int) -> Any:  # noqa: ANN401 - as the column has them
        """One value, of a row from 0."""
        chunk = bisect_right(self._starts, row) - 1
        cell = self._columns[column][chunk][row - self._starts[chunk]]
        return cell.item() if isinstance(cell, np.generic) else cell.as_py()


def cells_of(chunk: pa.Array) -> pa.Array | npt.NDArray[Any]:
    """The same values; numbers as numpy has them, which gives one several times as fast."""
    numbers = pa.types.is_integer(chunk.type) or pa.types.is_floating(chunk.type)
    return chunk.to_numpy() if numbers and not chunk.null_count else chunk


def digest_of_table(table: pa.Table) -> str:
    """Of all that a table holds, in hexadecimal."""
    digest = blake3(table.schema.serialize().to_pybytes())
    for batch in table.to_batches():
        digest.update(memoryview(batch.serialize()))
    return digest.hexdigest()


class Recipe(NamedTuple):
    """A table to be made."""

    name: str  # of the file
    what: str  # for people
    tables: Callable[[], Iterator[pa.Table]]  # its parts, all of one schema


def cached(recipe: Recipe) -> Mapped:
    """The table, made if it is not there; what that took is told."""
    path = cache_folder() / f"{recipe.name}.arrow"
    try:
        return Mapped(path)
    except (FileNotFoundError, pa.ArrowInvalid):
        start = time.monotonic()
        write(recipe.tables(), path)
    mapped, seconds = Mapped(path), time.monotonic() - start
    say(f"{recipe.what}, kept for the next time: {len(mapped):,} rows, "
        f"{size_told(path.stat().st_size)} in {seconds:.1f} s, at {path}.")  # fmt: skip
    return mapped


def write(tables: Iterator[pa.Table], path: Path) -> None:
    first = next(tables).combine_chunks()
    with (
        whole_file(path) as part,
        pa.OSFile(str(part), "wb") as file,
        pa.ipc.new_file(file, first.schema) as writer,
    ):
        writer.write_table(first)
        for table in tables:
            writer.write_table(table.combine_chunks())
