"""Row files: the rows of a split on disk, with references in place of pictures.

What a shard is made of is planned from finished sizes, so it depends on the data alone and never
on who writes it. Whoever writes a shard maps the file and holds the rows of one group at a time.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from pmg.building.albums import Album, Reference
from pmg.problems import BadCall

Row: TypeAlias = dict[str, Any]  # by column

GROUP_BYTES = 16 << 20  # the viewer scans 300 MB per 100 rows; a writer holds a group in memory
GROUP_ROWS = 20_000  # of tables without pictures
LARGEST_ROW = 64 << 20  # a writer holds it several times; the viewer wants 3 MB on average
CELL_BYTES = 16  # what a value other than a picture or text is taken to weigh
ROWS_AT_ONCE = 1_000  # as Python's own values, which take ten times the memory of Arrow's
REFERENCE = pa.struct([("sha256", pa.string()), ("length", pa.int64())])


class Group(NamedTuple):
    """Consecutive rows that make one row group, a batch of the row file."""

    rows: int
    weight: int  # bytes in the shard, about
    sha256: str  # of the batch: pictures are in it by their digests


def write_rows(rows: Iterable[Row], schema: pa.Schema, path: Path) -> list[Group]:
    """Write rows, whose pictures are references, to a row file; `schema` is the shards'."""
    referring = pa.schema([field.with_type(with_references(field.type)) for field in schema])
    groups = []
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, referring) as writer:
        for batch, size in grouped(rows, referring, path):
            writer.write_batch(batch)
            groups.append(Group(len(batch), size, digest_of_batch(batch)))
    return groups


def digest_of_batch(batch: pa.RecordBatch) -> str:
    return hashlib.sha256(batch.serialize()).hexdigest()


def read_groups(path: Path, groups: range, schema: pa.Schema, album: Album) -> Iterator[pa.Table]:
    """Groups of a row file as tables of `schema`, with the bytes of pictures."""
    with pa.memory_map(str(path)) as file:
        batches = pa.ipc.open_file(file)
        for number in groups:
            yield with_pictures(batches.get_batch(number), schema, album)


def with_pictures(batch: pa.RecordBatch, schema: pa.Schema, album: Album) -> pa.Table:
    arrays = [
        with_bytes(array, field.type, album)
        for array, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def grouped(
    rows: Iterable[Row], schema: pa.Schema, path: Path
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Rows as batches with their weight, closed before they pass `GROUP_BYTES` or `GROUP_ROWS`.

    Raises:
        BadCall: a row that no column of Arrow can hold; `path` names the table.
    """
    finished: list[pa.RecordBatch] = []
    group: list[Row] = []
    count = total = 0
    for row in rows:
        if (size := weight(row)) > LARGEST_ROW:
            raise BadCall(
                f"{path.stem}: expected rows of at most {LARGEST_ROW >> 20} MiB, found one of "
                f"{size >> 20:,} MiB. "
                "Build with a shorter --history, or from smaller pictures."
            )
        if count and (total + size > GROUP_BYTES or count == GROUP_ROWS):
            yield one_batch(finished, group, schema), total
            finished, group, count, total = [], [], 0, 0
        group.append(row)
        count, total = count + 1, total + size
        if len(group) == ROWS_AT_ONCE:
            finished.append(pa.RecordBatch.from_pylist(group, schema))
            group = []
    if count:
        yield one_batch(finished, group, schema), total


def one_batch(
    finished: list[pa.RecordBatch], group: list[Row], schema: pa.Schema
) -> pa.RecordBatch:
    last = [pa.RecordBatch.from_pylist(group, schema)] if group else []
    batches = finished + last
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def weight(value: Any) -> int:  # noqa: ANN401 - whatever a row holds
    """About how many bytes a value takes in a file; pictures to the byte."""
    match value:
        case Reference():
            return value.length
        case dict():
            return sum(map(weight, value.values()))
        case list():
            return sum(map(weight, value))
        case str() | bytes():
            return len(value)
        case _:
            return CELL_BYTES


def with_references(kind: pa.DataType) -> pa.DataType:
    """The same type with references in place of bytes, wherever they are in it."""
    if pa.types.is_binary(kind):
        return REFERENCE
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(with_references(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(with_references(field.type)) for field in kind])
    return kind


def with_bytes(array: pa.Array, kind: pa.DataType, album: Album) -> pa.Array:
    """The same values as `kind`, bytes in place of references: the inverse of `with_references`."""
    if array.type == kind:
        return array
    if pa.types.is_binary(kind):
        return bytes_of(array, album)
    nulls = array.is_null()
    if pa.types.is_list(kind):
        values = with_bytes(array.values, kind.value_type, album)
        return pa.ListArray.from_arrays(array.offsets, values, type=kind, mask=nulls)
    parts = [with_bytes(array.field(field.name), field.type, album) for field in kind]
    return pa.StructArray.from_arrays(parts, fields=list(kind), mask=nulls)


def bytes_of(references: pa.StructArray, album: Album) -> pa.Array:
    """The bytes that references mean, null where there is none, in memory of just that size."""
    # Where a row has no picture Arrow leaves an empty reference.
    digests = references.field("sha256").to_pylist()
    there = np.array([bool(digest) for digest in digests], bool)
    numbers = album.numbers(digest for digest in digests if digest)
    lengths = np.zeros(len(digests), np.int32)
    lengths[there] = album.lengths(numbers)
    ends = np.cumsum(lengths, dtype=np.int32)
    memory = pa.allocate_buffer(int(lengths.sum()))
    album.read_into(memoryview(memory).cast("B"), numbers)
    edges = np.concatenate([np.zeros(1, np.int32), ends])
    valid = np.packbits(there, bitorder="little")
    buffers = [pa.py_buffer(valid), pa.py_buffer(edges), memory]
    return pa.Array.from_buffers(pa.binary(), len(digests), buffers)
