"""Row files: the rows of a split on disk, with spans of heaps in place of pictures.

What a shard is made of is planned from finished sizes, so it depends on the data alone and never
on who writes it. Whoever writes a shard maps the file and holds the rows of one group at a time.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pmg.columns import Row
from pmg.heaps import OpenHeaps, Span

GROUP_BYTES = 16 << 20  # the viewer scans 300 MB per 100 rows; a writer holds a group in memory
GROUP_ROWS = 20_000  # of tables without pictures
CELL_BYTES = 16  # what a value other than a picture or text is taken to weigh
SPAN = pa.struct([("heap", pa.string()), ("offset", pa.int64()), ("length", pa.int64())])


class Group(NamedTuple):
    """Consecutive rows that make one row group, a batch of the row file."""

    rows: int
    weight: int  # bytes in the shard, about


def write_rows(rows: Iterable[Row], schema: pa.Schema, path: Path) -> list[Group]:
    """Write rows, whose pictures are spans, to a new row file; `schema` is the shards'."""
    spanned = pa.schema([field.with_type(with_spans(field.type)) for field in schema])
    groups = []
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, spanned) as writer:
        for members, size in grouped(rows):
            writer.write_batch(pa.RecordBatch.from_pylist(members, spanned))
            groups.append(Group(len(members), size))
    return groups


def read_groups(path: Path, groups: range, schema: pa.Schema) -> Iterator[pa.Table]:
    """Groups of a row file as tables of `schema`, with the bytes of pictures."""
    heaps = OpenHeaps()
    with pa.memory_map(str(path)) as file:
        batches = pa.ipc.open_file(file)
        for number in groups:
            batch = batches.get_batch(number)
            arrays = [
                with_bytes(array, field.type, heaps)
                for array, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.Table.from_arrays(arrays, schema=schema)


def grouped(rows: Iterable[Row]) -> Iterator[tuple[list[Row], int]]:
    """Consecutive rows with their weight, closed before they pass `GROUP_BYTES` or `GROUP_ROWS`."""
    group: list[Row] = []
    total = 0
    for row in rows:
        size = weight(row)
        if group and (total + size > GROUP_BYTES or len(group) == GROUP_ROWS):
            yield group, total
            group, total = [], 0
        group.append(row)
        total += size
    if group:
        yield group, total


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


def with_spans(kind: pa.DataType) -> pa.DataType:
    """The same type with spans in place of bytes, wherever they are in it."""
    if pa.types.is_binary(kind):
        return SPAN
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(with_spans(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(with_spans(field.type)) for field in kind])
    return kind


def with_bytes(array: pa.Array, kind: pa.DataType, heaps: OpenHeaps) -> pa.Array:
    """The same values as `kind`, with bytes in place of spans: the inverse of `with_spans`."""
    if array.type == kind:
        return array
    if pa.types.is_binary(kind):
        # Where a row has no picture Arrow leaves an empty span.
        fields = (array.field(name).to_pylist() for name in Span._fields)
        spans = (Span(*each) for each in zip(*fields, strict=True))
        return pa.array([heaps.bytes_of(span) if span.heap else None for span in spans], kind)
    nulls = array.is_null()
    if pa.types.is_list(kind):
        values = with_bytes(array.values, kind.value_type, heaps)
        return pa.ListArray.from_arrays(array.offsets, values, type=kind, mask=nulls)
    parts = [with_bytes(array.field(field.name), field.type, heaps) for field in kind]
    return pa.StructArray.from_arrays(parts, fields=list(kind), mask=nulls)
