"""Shards: Parquet files as the Hub's viewer and streaming readers want them.

Row groups are small, so that a reader and a writer hold little at a time, and shards are of a
size that downloads resume well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pmg.building.albums import Album
from pmg.building.row_files import Group, Row, read_groups, write_rows
from pmg.digests import digest_of
from pmg.offsets import PICTURE, Offsets, starts_of, told
from pmg.whole_files import WrittenFile, describe, whole_file, write_behind

SHARD_BYTES = 256 << 20
LAYOUT = 2  # of what a shard's bytes follow from, beside the libraries


class Shard(NamedTuple):
    """A file to be written: which groups of which row file go into it."""

    work: Path  # the folder that all paths are told below
    path: Path
    schema: pa.Schema
    rows: Path  # the row file
    groups: range
    album: Path  # of all pictures that the rows refer to
    key: str  # digest of all that the file's bytes follow from


def key_of(schema: pa.Schema, groups: Sequence[Group], settings: Mapping[str, Any]) -> str:
    """A shard's key; `settings` are those that its bytes follow from, beside its rows."""
    told = [LAYOUT, schema.serialize().to_pybytes().hex(), parquet_settings(schema)]
    return digest_of([*told, [group.sha256 for group in groups], dict(settings)])


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


class Press(NamedTuple):
    """Where and how the shards of a domain are made."""

    work: Path  # the folder that all paths are told below
    folder: Path  # of finished shards, by their keys
    album: Path  # of all pictures that rows refer to
    settings: dict[str, str]  # what the bytes follow from, beside the rows

    def shards(self, rows: Iterable[Row], schema: pa.Schema, path: Path) -> Iterator[Shard]:
        """The shards of a split, in their order, whose rows are written to the row file `path`.

        The album is not opened before a shard is written.
        """
        groups = write_rows(rows, schema, path)
        for part in plan_files(groups):
            key = key_of(schema, groups[part.start : part.stop], self.settings)
            file = self.folder / f"{key}.parquet"
            yield Shard(self.work, file, schema, path, part, self.album, key)


def write_shard(shard: Shard) -> WrittenFile:
    """Write one shard; the same rows give the same bytes."""
    album = Album(shard.album, shard.work)
    count = unpacked = behind = 0
    places: list[Offsets] = []
    with (
        whole_file(shard.path) as part,
        pq.ParquetWriter(part, shard.schema, **parquet_settings(shard.schema)) as writer,
        part.open("rb") as file,
    ):
        for table in read_groups(shard.rows, shard.groups, shard.schema, album):
            writer.write_table(table, row_group_size=len(table))
            if PICTURE in table.column_names:
                places.append(offsets_of(table[PICTURE], file, behind))
            count += len(table)
            unpacked += table.nbytes
            behind = write_behind(file.fileno(), behind)
            del table  # or the next group would be made beside it
        offsets = Offsets(*map(np.concatenate, zip(*places, strict=True))) if places else None
        writer.add_key_value_metadata(told(shard.key, offsets))
    pa.default_memory_pool().release_unused()
    return describe(shard.path, shard.work, count, shard.key)._replace(unpacked=unpacked)


def offsets_of(images: pa.ChunkedArray, file: BinaryIO, start: int) -> Offsets:
    """Where the pictures of the group that begins at `start` lie."""
    pictures = images.combine_chunks().field("bytes")
    lengths = [len(each.as_buffer()) if each.is_valid else 0 for each in pictures]
    with mmap(file.fileno(), 0, access=ACCESS_READ) as written:
        starts = [*starts_of(written, (each.as_py() for each in pictures), start)]
    return Offsets(np.array(starts, np.uint32), np.array(lengths, np.uint32))


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
