"""Scratch: where what cannot be read out of order, or would fill the memory, is kept meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from pmg.segments import Segment, unchecked


class Look(Protocol):
    """How segments are looked at, in their order, while further ones are unpacked."""

    def __call__(self, segments: Iterator[Segment]) -> Iterator[pa.RecordBatch]:
        """What is known of the pictures of each segment."""


def later(segments: Iterator[Segment]) -> Iterator[pa.RecordBatch]:
    """Leave pictures to be looked at when they are asked for."""
    return map(unchecked, segments)


class Scratch(NamedTuple):
    """A folder, and whether pictures are looked at as soon as they are unpacked there."""

    folder: Path
    look: Look = later
