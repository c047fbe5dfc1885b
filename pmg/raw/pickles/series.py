"""Series of entries that look alike, found by one short read each and checked together.

Nothing is refused here: a Doubt leaves the file to the interpretation of its opcodes.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import repeat
from struct import error as TooShort  # noqa: N812 - that is what it means here

import numpy as np
from numpy.typing import NDArray

from pmg.raw.pickles import machine as limits
from pmg.raw.pickles.arrays import MAX_ARRAY_BYTES, ArrayHeader
from pmg.raw.pickles.literals import U1, U4, U8
from pmg.raw.pickles.machine import Machine
from pmg.raw.pickles.patterns import Stretches
from pmg.raw.pickles.traces import Pattern

FEWEST = 4  # entries of a series; below, checking them together costs more than it saves
MOST_ROWS = 4_000  # at once; more of them leave the processor's cache
LONGEST_ANCHOR = 8  # bytes to look for
LENGTHS = {b"C": U1, b"B": U4, b"\x8e": U8, b"\x96": U8}

_header = partial(tuple.__new__, ArrayHeader)  # as its _make, in half the time


class Doubt(Exception):  # noqa: N818 - nothing is wrong yet
    """Something that only the interpretation of each opcode can judge."""


class Series:
    """A pattern, made ready to be looked for in the file that `descriptor` has open.

    Heads are read, not mapped: a mapped page comes with its neighbours, and that of each entry
    would make a third of a file of posters resident.
    """

    def __init__(self, pattern: Pattern, descriptor: int) -> None:
        self.pattern = pattern
        self._descriptor = descriptor
        self._width = sum(part.longest for part in pattern.parts)
        before, length = pattern.parts[-2:]
        self._anchor = before.content[-LONGEST_ANCHOR:] + length.content
        self._layout = LENGTHS[length.content]
        self._in_vain = 0  # stretches read

    def read(self, begin: int) -> tuple[list[int], list[bytes]]:
        """Stretches that seem to follow each other from `begin` on, and where they start.

        They are found by the bytes in front of the length, which may be met elsewhere.
        """
        read, descriptor, width, anchor = os.pread, self._descriptor, self._width, self._anchor
        unpack, known = self._layout.unpack_from, len(anchor)
        beyond = known + self._layout.size
        starts, rows, at = list[int](), list[bytes](), begin
        with suppress(TooShort, OverflowError):  # at the end of the file, or far beyond
            for _ in range(MOST_ROWS):
                row = read(descriptor, width, at)
                if (place := row.find(anchor)) < 0:
                    break
                starts.append(at)
                rows.append(row)
                at += place + beyond + unpack(row, place + known)[0]
        while rows and len(rows[-1]) < width:
            rows.pop()
        return starts[: len(rows)], rows

    def entries(self, begin: int) -> "Entries | None":
        """The entries that match; the one before them ends in the stretch at `begin`."""
        starts, rows = self.read(begin)
        if len(rows) <= FEWEST:
            self._count_vain(len(rows))
            return None
        stretches = Stretches(self.pattern.parts, rows, self._width)
        at = np.array(starts)
        length = np.minimum(stretches.length, MAX_ARRAY_BYTES).astype(np.int64)
        follows = at[1:] == at[:-1] + stretches.end[:-1] + length[:-1]
        matches = stretches.matches & np.concatenate([[True], follows])
        count = len(rows) if matches.all() else int(matches.argmin())
        self._count_vain(len(rows) - (count if count > FEWEST else 0))
        return Entries(self.pattern, stretches, at, count - 1) if count > FEWEST else None

    def _count_vain(self, rows: int) -> None:
        """A crafted file could show many stretches that match none, again and again."""
        self._in_vain += rows
        if self._in_vain > limits.MAX_ENTRIES:
            raise Doubt


class Entries:
    """The entries between stretches: the first stretch ends the entry before them.

    The last stretch begins an entry that is none of them, since its end is not known to match.
    """

    def __init__(
        self, pattern: Pattern, stretches: Stretches, at: NDArray[np.int64], count: int
    ) -> None:
        self.pattern = pattern
        self.stretches = stretches
        self.at = at
        self.count = count
        self.nbytes = stretches.length[:count].astype(np.int64)
        self.keys = stretches.key_list(count)
        self.first_end = int(at[0] + stretches.tail_end[0])
        self.last_end = int(at[count] + stretches.tail_end[count])
        # Between batches all entries before are set; the boundary stands before its key.
        boundaries = np.flatnonzero(stretches.boundary[:count])
        self.unset = int(boundaries[-1]) if len(boundaries) else None
        if pattern.single:
            self.unset = count - 1

    def headers(self) -> list[ArrayHeader]:
        """Raises Doubt where a shape and its contents disagree."""
        first = 1 if self.pattern.shape_in_tail else 0
        rows = slice(first, first + self.count)
        dimensions = self.stretches.dimensions[rows]
        used = range(int(dimensions.max()))
        sides = [self.stretches.shape[n][rows] for n in used]
        nbytes = np.full(self.count, self.pattern.dtype.itemsize)
        most = nbytes.astype(np.float64)
        for n, side in enumerate(sides):
            there = dimensions > n
            most *= np.where(there, np.maximum(side, 1), 1)
            if int(side.min()) < 0 or float(most.max()) > MAX_ARRAY_BYTES:
                raise Doubt
            nbytes *= np.where(there, side, 1)
        if not np.array_equal(nbytes, self.nbytes):
            raise Doubt
        shapes = _shapes(sides, dimensions)
        offsets = (self.at[: self.count] + self.stretches.end[: self.count]).tolist()
        dtypes = repeat(self.pattern.dtype, self.count)
        return list(map(_header, zip(shapes, dtypes, nbytes.tolist(), offsets, strict=True)))

    def check(self, machine: Machine) -> None:
        """Raises Doubt where a frame leaves the file, or an index of the memo is not the next."""
        rows = self.count + 1
        for start, length in self.stretches.frames:
            left = machine.size - (self.at[:rows] + start[:rows])
            if (length[:rows] > left.astype(np.uint64)).any():
                raise Doubt
        count, known = self.count * self.pattern.memo, len(machine.memo)
        if self.stretches.puts:
            if known + count > limits.MAX_MEMO:
                raise Doubt
            puts = np.stack(self.stretches.puts, axis=1).ravel()
            puts = puts[self.pattern.tail_puts :][:count]
            if not np.array_equal(puts, np.arange(known, known + count)):
                raise Doubt


def _shapes(
    sides: list[NDArray[np.int64]], dimensions: NDArray[np.int64]
) -> Iterable[tuple[int, ...]]:
    if all(bool((side == side[0]).all()) for side in (*sides, dimensions)):
        return repeat(tuple(int(side[0]) for side in sides), len(dimensions))
    shapes = zip(*(side.tolist() for side in sides), strict=True)
    if int(dimensions.min()) == len(sides):
        return shapes
    return [shape[:n] for shape, n in zip(shapes, dimensions.tolist(), strict=True)]
