"""Shards: Parquet files as the Hub's viewer and streaming readers want them.

Row groups are small, so that a reader and a writer hold little at a time, and shards are of a
size that downloads resume well.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pmg.digests import sha256_of
from pmg.row_files import Group, read_groups

SHARD_BYTES = 256 << 20


class Shard(NamedTuple):
    """A file to be written: which groups of which row file go into it."""

    out: Path  # the folder that all tables are in
    path: Path
    schema: pa.Schema
    rows: Path  # the row file
    groups: range


class WrittenFile(NamedTuple):
    """A finished file as the manifest tells of it."""

    path: str  # below OUT, with forward slashes
    rows: int
    bytes: int
    sha256: str


def plan_files(groups: Sequence[Group]) -> Iterator[range]:
    """Consecutive groups, closed before they pass `SHARD_BYTES`."""
    first = size = 0
    for number, group in enumerate(groups):
        if number > first and size + group.weight > SHARD_BYTES:
            yield range(first, number)
            first, size = number, 0
        size += group.weight
    if groups:
        yield range(first, len(groups))


def write_shard(shard: Shard) -> WrittenFile:
    """Write one shard; the same rows give the same bytes."""
    count = 0
    with pq.ParquetWriter(shard.path, shard.schema, **parquet_settings(shard.schema)) as writer:
        for table in read_groups(shard.rows, shard.groups, shard.schema):
            writer.write_table(table, row_group_size=len(table))
            count += len(table)
    pa.default_memory_pool().release_unused()
    return describe(shard.path, shard.out, count)


def describe(path: Path, out: Path, rows: int) -> WrittenFile:
    """A finished file below `out`, with its size and digest."""
    return WrittenFile(path.relative_to(out).as_posix(), rows, path.stat().st_size, sha256_of(path))


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
