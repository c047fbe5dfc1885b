"""Scratch: where what cannot be read out of order, or would fill the memory, is kept meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pmg.raw.segments import Look, Segment, unchecked


def later(segments: Iterator[Segment]) -> Iterator[pa.RecordBatch]:
    """Leave pictures to be looked at when they are asked for."""
    return map(unchecked, segments)


class Scratch(NamedTuple):
    """A folder, and whether pictures are looked at as soon as they are unpacked there."""

    folder: Path
    look: Look = later
