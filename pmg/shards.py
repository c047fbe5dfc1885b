"""Shards: Parquet files as the Hub's viewer and streaming readers want them.

Row groups are small, so that a reader and a writer hold little at a time, and shards are of a
size that downloads resume well. What a shard holds is planned from finished sizes, so it depends
on the data alone and never on who writes it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pmg.columns import Row
from pmg.digests import sha256_of
from pmg.heaps import OpenHeaps, Span

GROUP_BYTES = 16 << 20  # the viewer scans 300 MB per 100 rows; a writer holds a group in memory
GROUP_ROWS = 20_000  # of tables without pictures
SHARD_BYTES = 256 << 20
SHARD_ROWS = 200_000  # a shard's rows without pictures go to a worker in one message
CELL_BYTES = 16  # what a value other than a picture or text is taken to weigh


class Group(NamedTuple):
    """Consecutive rows that make one row group; pictures are spans of heaps."""

    rows: list[Row]
    weight: int  # bytes, about


class Shard(NamedTuple):
    """A file to be written, with everything that goes into it but the bytes of pictures."""

    out: Path  # the folder that all tables are in
    path: Path
    schema: pa.Schema
    groups: list[Group]


class WrittenFile(NamedTuple):
    """A finished file as the manifest tells of it."""

    path: str  # below OUT, with forward slashes
    rows: int
    bytes: int
    sha256: str


def plan_groups(rows: Iterable[Row]) -> Iterator[Group]:
    """Consecutive rows, closed before they pass `GROUP_BYTES` or `GROUP_ROWS`."""
    group = Group([], 0)
    for row in rows:
        size = weight(row)
        if group.rows and (group.weight + size > GROUP_BYTES or len(group.rows) == GROUP_ROWS):
            yield group
            group = Group([], 0)
        group.rows.append(row)
        group = group._replace(weight=group.weight + size)
    if group.rows:
        yield group


def plan_files(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Consecutive groups, closed before they pass `SHARD_BYTES` or `SHARD_ROWS`."""
    file: list[Group] = []
    for group in groups:
        size = sum(each.weight for each in file) + group.weight
        count = sum(len(each.rows) for each in file) + len(group.rows)
        if file and (size > SHARD_BYTES or count > SHARD_ROWS):
            yield file
            file = []
        file.append(group)
    if file:
        yield file


def write_shard(shard: Shard) -> WrittenFile:
    """Write one shard; the same rows give the same bytes."""
    heaps = OpenHeaps()
    with pq.ParquetWriter(shard.path, shard.schema, **parquet_settings(shard.schema)) as writer:
        for rows, _ in shard.groups:
            filled = [with_bytes(row, heaps) for row in rows]
            writer.write_table(pa.Table.from_pylist(filled, shard.schema), row_group_size=len(rows))
    return describe(shard.path, shard.out, sum(len(group.rows) for group in shard.groups))


def with_bytes(value: Any, heaps: OpenHeaps) -> Any:  # noqa: ANN401 - whatever a row holds
    """The same value with the bytes of pictures in place of their spans."""
    match value:
        case Span():
            return heaps.bytes_of(value)
        case dict():
            return {name: with_bytes(part, heaps) for name, part in value.items()}
        case list():
            return [with_bytes(part, heaps) for part in value]
        case _:
            return value


def describe(path: Path, out: Path, rows: int) -> WrittenFile:
    """A finished file below `out`, with its size and digest."""
    return WrittenFile(path.relative_to(out).as_posix(), rows, path.stat().st_size, sha256_of(path))


def weight(value: Any) -> int:  # noqa: ANN401 - whatever a row holds
    """About how many bytes a value takes in a file; pictures to the byte."""
    match value:
        case Span():
            return value.length
        case dict():
            return sum(map(weight, value.values()))
        case list():
            return sum(map(weight, value))
        case str() | bytes():
            return len(value)
        case _:
            return CELL_BYTES


def parquet_settings(schema: pa.Schema) -> dict[str, Any]:
    """How the files are written: pictures as they are, the rest compressed.

    The page index needs content-defined chunking beside it: alone it leaves one page a group.
    """
    leaves = _leaf_paths(schema)
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
