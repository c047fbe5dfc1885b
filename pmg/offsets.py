"""Offsets: where each picture lies in its shard, told by the shard itself.

Parquet keeps values that are neither compressed nor numbered as they are, each after its length in
four bytes (encoding PLAIN of its format). So whoever knows where a picture begins reads it alone,
from a disk or over a network, while everybody else reads a Parquet file like any other.
"""

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from mmap import mmap
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

PICTURE = "image"  # the column of an item's own picture
ABOUT = b"pmg_bench"  # in the metadata of a shard: its key, and where its pictures lie
LENGTH = struct.Struct("<I")  # of a value, before it
LOOKED_AT = 64  # bytes by which a place is found, before all are compared
NONE = 0  # no picture begins where a file does


class Offsets(NamedTuple):
    """Where the pictures of a shard's N rows lie."""

    starts: npt.NDArray[np.uint32]  # (N,) bytes from the start of the file, NONE without a picture
    lengths: npt.NDArray[np.uint32]  # (N,) bytes

    def fit(self, size: int) -> bool:
        """Whether all lie in a file of that size."""
        there = self.starts != NONE
        starts, lengths = self.starts[there].astype(np.int64), self.lengths[there]
        return bool((starts >= LENGTH.size).all() and (starts + lengths <= size).all())


class About(NamedTuple):
    """What a shard tells of itself."""

    key: str  # as the manifest has it
    offsets: Offsets | None  # of a table of items


def starts_of(file: mmap, pictures: Iterable[bytes | None], start: int) -> Iterator[int]:
    """Where pictures begin that were just written to a file, one after the other, from `start` on.

    Raises:
        ValueError: one is not there as it is.
    """
    for picture in pictures:
        if picture is None:
            yield NONE
            continue
        begin = place_of(file, picture, start)
        yield begin
        start = begin + len(picture)


def place_of(file: mmap, picture: bytes, start: int) -> int:
    head = LENGTH.pack(len(picture)) + picture[:LOOKED_AT]
    while (place := file.find(head, start)) >= 0:
        begin = place + LENGTH.size
        if file[begin : begin + len(picture)] == picture:
            return begin
        start = place + 1
    raise ValueError("a picture that is not in its shard as it is")


def told(key: str, offsets: Offsets | None) -> dict[bytes, bytes]:
    """What a shard tells of itself, for the metadata of its file."""
    content = {"key": key}
    if offsets is not None:
        content |= {
            name: b64encode(numbers.astype("<u4").tobytes()).decode()
            for name, numbers in offsets._asdict().items()
        }
    return {ABOUT: json.dumps(content).encode()}


def about(metadata: Mapping[bytes, bytes] | None) -> About:
    """What the metadata of a shard tell.

    Raises:
        LookupError, TypeError, ValueError: they are of no shard of this version.
    """
    content = json.loads((metadata or {})[ABOUT])
    key = str(content["key"])
    if "starts" not in content:
        return About(key, None)
    starts, lengths = (numbers(content[name]) for name in Offsets._fields)
    if len(starts) != len(lengths):
        raise ValueError("more starts than lengths")
    return About(key, Offsets(starts, lengths))


def numbers(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(b64decode(text, validate=True), "<u4").astype(np.uint32)
