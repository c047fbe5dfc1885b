"""The data pages of a Parquet column, which pyarrow does not tell of.

A page header is a struct in Thrift's compact protocol (apache/thrift, doc/specs), followed by the
page's bytes (apache/parquet-format, src/main/thrift/parquet.thrift: PageHeader, field 3 is the
compressed size).
"""

from pathlib import Path

import pyarrow.parquet as pq

COMPRESSED_PAGE_SIZE = 3  # the field of PageHeader
TRUE, FALSE, BYTE, DOUBLE, BINARY, STRUCT = 1, 2, 3, 7, 8, 12
INTEGERS = {4, 5, 6}


def page_sizes(path: Path, group: int, column: int) -> list[int]:
    """Bytes of each data page of a column in a row group."""
    chunk = pq.read_metadata(path).row_group(group).column(column)
    with path.open("rb") as file:
        file.seek(chunk.data_page_offset)
        data = file.read(chunk.total_compressed_size)
    sizes, at = [], 0
    while at < len(data):
        fields, at = _struct(data, at)
        sizes.append(fields[COMPRESSED_PAGE_SIZE])
        at += sizes[-1]
    return sizes


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while data[at] & 0x80:
        number |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
    return number | data[at] << shift, at + 1


def _struct(data: bytes, at: int) -> tuple[dict[int, int], int]:
    """The integer fields of a struct by id, and where it ends; the rest is passed over."""
    fields: dict[int, int] = {}
    field = 0
    while head := data[at]:
        kind, field, at = head & 0x0F, field + (head >> 4), at + 1
        if kind in INTEGERS:
            zigzag, at = _varint(data, at)
            fields[field] = (zigzag >> 1) ^ -(zigzag & 1)
        elif kind == BINARY:
            length, at = _varint(data, at)
            at += length
        elif kind == STRUCT:
            _, at = _struct(data, at)
        else:
            at += {TRUE: 0, FALSE: 0, BYTE: 1, DOUBLE: 8}[kind]
    return fields, at + 1
