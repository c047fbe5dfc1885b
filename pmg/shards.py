"""Shards: Parquet files as the Hub's viewer and streaming readers want them.

Row groups are small, so that a reader and a writer hold little at a time, and shards are of a
size that downloads resume well. What a shard holds is planned from finished sizes, so it depends
on the data alone and never on who writes it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

from pmg.digests import sha256_of
from pmg.domain import Row, Source
from pmg.heaps import opened_heaps
from pmg.images import Pictures

GROUP_BYTES = 16 << 20  # the viewer scans 300 MB per 100 rows; a writer holds a group in memory
GROUP_ROWS = 50_000  # of tables without pictures
SHARD_BYTES = 256 << 20
CELL_BYTES = 16  # what a value other than a picture is taken to weigh


class Shard(NamedTuple):
    """A file to be written: which rows of which table, in which row groups."""

    table: str
    split: str
    number: int
    of: int
    groups: tuple[range, ...]

    @property
    def name(self) -> str:
        return f"{self.split}-{self.number:05d}-of-{self.of:05d}.parquet"


class ShardTask(NamedTuple):
    """A shard with the places it is made from and goes to."""

    shard: Shard
    heaps: Path
    out: Path  # the folder that all tables are in
    path: Path


class WrittenFile(NamedTuple):
    """A finished file as the manifest tells of it."""

    path: str  # below OUT, with forward slashes
    rows: int
    bytes: int
    sha256: str


def plan_shards(source: Source, table_name: str, pictures: Pictures) -> list[Shard]:
    """Every split of a table as shards of at most `SHARD_BYTES`, groups of `GROUP_BYTES`."""
    table = source.domain.table(table_name)
    shards = []
    for split, count in source.counts(table).items():
        rows = source.rows(table, split, range(count), pictures)
        files = _files(_groups(weight(row) for row in rows))
        shards += [
            Shard(table_name, split, number, len(files), tuple(rows for rows, _ in groups))
            for number, groups in enumerate(files)
        ]
    return shards


def write_shard(source: Source, task: ShardTask) -> WrittenFile:
    """Write one shard; the same data and settings give the same bytes."""
    shard = task.shard
    table = source.domain.table(shard.table)
    schema = table.features.arrow_schema
    pictures = opened_heaps(task.heaps)
    with pq.ParquetWriter(task.path, schema, **parquet_settings(table.features)) as writer:
        for group in shard.groups:
            rows = list(source.rows(table, shard.split, group, pictures))
            writer.write_table(pa.Table.from_pylist(rows, schema), row_group_size=len(rows))
    return describe(task.path, task.out, sum(map(len, shard.groups)))


def describe(path: Path, out: Path, rows: int) -> WrittenFile:
    """A finished file below `out`, with its size and digest."""
    return WrittenFile(path.relative_to(out).as_posix(), rows, path.stat().st_size, sha256_of(path))


def weight(row: Row) -> int:
    """About how many bytes a row takes in a file; pictures to the byte."""
    return sum(_value_weight(value) for value in row.values())


def _value_weight(value: Any) -> int:  # noqa: ANN401 - whatever a row holds
    match value:
        case {"bytes": data}:
            return len(data)
        case str():
            return len(value)
        case list():
            return sum(map(_value_weight, value))
        case _:
            return CELL_BYTES


def parquet_settings(features: Features) -> dict[str, Any]:
    """How the files are written: pictures as they are, the rest compressed.

    The page index needs content-defined chunking beside it: alone it leaves one page a group.
    """
    leaves = _leaf_paths(features.arrow_schema)
    texts = [path for path in leaves if not path.endswith(".bytes")]
    return {
        "compression": {path: "zstd" if path in texts else "none" for path in leaves},
        "use_dictionary": texts,
        "write_page_index": True,
        "use_content_defined_chunking": True,
    }


def _leaf_paths(schema: pa.Schema) -> list[str]:
    file = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), file)
    parquet = pq.ParquetFile(file.getvalue()).schema
    return [parquet.column(index).path for index in range(len(parquet))]


def _groups(weights: Iterable[int]) -> list[tuple[range, int]]:
    """Consecutive rows with their weight, closed before they pass a row group's size."""
    groups: list[tuple[range, int]] = []
    start = total = 0
    for row, size in enumerate(weights):
        if row > start and (total + size > GROUP_BYTES or row - start == GROUP_ROWS):
            groups.append((range(start, row), total))
            start, total = row, 0
        total += size
        stop = row + 1
    if total:
        groups.append((range(start, stop), total))
    return groups


def _files(groups: Sequence[tuple[range, int]]) -> list[list[tuple[range, int]]]:
    """Consecutive groups, closed before they pass a shard's size."""
    files: list[list[tuple[range, int]]] = []
    total = 0
    for group in groups:
        if not files or total + group[1] > SHARD_BYTES:
            files.append([])
            total = 0
        files[-1].append(group)
        total += group[1]
    return files
