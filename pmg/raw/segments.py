"""Segments: parts of a spool, whose pictures are checked while the next ones are unpacked."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, Protocol

import pyarrow as pa

from pmg.images import looked_at

SEGMENT_BYTES = 8 << 20  # some hundred pictures: a tenth of a second of work
MEMBERS = pa.schema([("name", pa.string()), ("offset", pa.int64()), ("length", pa.int64())])
# What is known of a picture; all null where nobody looked.
SEEN = pa.schema(
    [
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("mode", pa.string()),
        ("sha256", pa.string()),
        ("fault", pa.string()),  # why it cannot be published; null where it can
    ]
)


class Look(Protocol):
    """How segments are looked at, in their order, while further ones are unpacked."""

    def __call__(self, segments: Iterator["Segment"]) -> Iterator[pa.RecordBatch]:
        """What is known of the pictures of each segment."""


class Segment(NamedTuple):
    """Consecutive pictures of a spool that is being written."""

    spool: Path
    offset: int  # of the first
    lengths: tuple[int, ...]  # bytes


def write_segments(
    members: Iterable[tuple[str, bytes]], path: Path, file: IO[bytes], told: list[pa.RecordBatch]
) -> Iterator[Segment]:
    """Write members end to end into `file`, which `path` names; `told` takes what lies where."""
    names: list[str] = []
    offsets: list[int] = []
    lengths: list[int] = []

    def closed() -> Segment:
        file.flush()
        told.append(pa.record_batch([names, offsets, lengths], schema=MEMBERS))
        segment = Segment(path, offsets[0], tuple(lengths))
        for values in (names, offsets, lengths):
            values.clear()
        return segment

    end = 0
    for name, data in members:
        file.write(data)
        names.append(name)
        offsets.append(end)
        lengths.append(len(data))
        end += len(data)
        if end - offsets[0] >= SEGMENT_BYTES:
            yield closed()
    if names:
        yield closed()
    os.fsync(file.fileno())  # of what is looked at only then, on another node


def when_written(look: Look) -> Look:
    """Look at segments when all are on the disk, as others may not see before what is written."""
    return lambda segments: look(iter(list(segments)))


def check_segment(segment: Segment) -> pa.RecordBatch:
    """Look at every picture of a segment, a row of `SEEN` each."""
    rows = []
    with segment.spool.open("rb", buffering=0) as file:
        file.seek(segment.offset)
        for length in segment.lengths:
            picture, fault = looked_at(file.read(length))
            told = picture._asdict() if picture else {}
            rows.append({name: told.get(name) for name in SEEN.names} | {"fault": fault})
    return pa.RecordBatch.from_pylist(rows, SEEN)


def unchecked(segment: Segment) -> pa.RecordBatch:
    """The same, of pictures that nobody has looked at."""
    return pa.RecordBatch.from_pylist([{}] * len(segment.lengths), SEEN)
