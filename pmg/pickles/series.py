"""Series of entries that look alike, read without interpreting each of their opcodes.

What is read this way is what `interpret` would give, or nothing: whoever meets a doubt here
starts anew and interprets the whole file, which alone refuses.
"""

import os
from contextlib import suppress
from functools import partial
from itertools import repeat
from mmap import mmap
from struct import error as TooShort  # noqa: N812 - that is what it means here
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pmg.pickles import machine as limits
from pmg.pickles.arrays import MAX_ARRAY_BYTES, ArrayHeader, PickledArray
from pmg.pickles.literals import U1, U4, U8, Handler
from pmg.pickles.machine import NO_INDEX, Machine, Table, set_items
from pmg.pickles.opcodes import HANDLERS, interpret, outcome
from pmg.pickles.patterns import Stretches
from pmg.pickles.spans import BytesSpan, Refusal
from pmg.pickles.structures import STOPPED
from pmg.pickles.traces import BUILD, REDUCE, Pattern, Step, pattern_of, traced

FEWEST = 4  # entries of a series; below, checking them together costs more than it saves
MOST_ROWS = 4_000  # at once; more of them leave the processor's cache
LONGEST_ANCHOR = 8  # bytes to look for
LENGTHS = {b"C": U1, b"B": U4, b"\x8e": U8, b"\x96": U8}
MOST_STEPS = 200  # opcodes of an entry that is worth a pattern; numpy's take up to 50
MOST_PATTERNS = 16  # of one file, since each takes a millisecond


_header = partial(tuple.__new__, ArrayHeader)  # as its _make, in half the time


class Doubt(Exception):  # noqa: N818 - nothing is wrong yet
    """Something that only the interpretation of each opcode can judge."""


class Series:
    """A pattern, made ready to be looked for in the file that `descriptor` has open.

    Heads are read, not mapped: a mapped page comes with its neighbours, and that of each entry
    would make a third of a file of posters resident.
    """

    def __init__(self, pattern: Pattern, descriptor: int, size: int) -> None:
        self.pattern = pattern
        self._descriptor = descriptor
        self._size = size
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
        starts, rows, at, size = list[int](), list[bytes](), begin, self._size
        while at < size and len(rows) < MOST_ROWS:
            row = read(descriptor, width, at)
            place = row.find(anchor)
            if place < 0 or len(row) < width:
                break
            starts.append(at)
            rows.append(row)
            at += place + beyond + unpack(row, place + known)[0]
        return starts, rows

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
        shapes: list[tuple[int, ...]] = list(zip(*(side.tolist() for side in sides), strict=True))
        if int(dimensions.min()) < len(sides):
            counts = dimensions.tolist()
            shapes = [shape[:count] for shape, count in zip(shapes, counts, strict=True)]
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


class Unset(NamedTuple):
    """Entries that no SETITEM or SETITEMS has reached yet."""

    keys: list[int | str]
    headers: list[ArrayHeader]


def table_of(data: mmap, descriptor: int) -> Table:
    """Give the dict that the pickle holds, as `interpret` does and with its refusals.

    `descriptor` has the same file open that is mapped.
    """
    table = None
    if hasattr(os, "pread"):
        with suppress(Doubt, Refusal, TooShort, IndexError, UnicodeError):
            table = _Reading(Machine(data), descriptor).table()
    return interpret(Machine(data)) if table is None else table


class _Reading:
    """One pass over a file: opcode by opcode, and by series where there are any."""

    def __init__(self, machine: Machine, descriptor: int) -> None:
        self._machine = machine
        self._descriptor = descriptor
        self._opcodes = 0
        self._series: Series | None = None
        self._misses = 0
        self._patterns = 0
        self._start = 0  # of the last opcode
        self._handlers = list(HANDLERS)
        for code in (BUILD, REDUCE):
            self._handlers[code] = _telling(HANDLERS[code])

    def table(self) -> Table:
        position = self._run(0)
        while position != STOPPED:
            position = self._onwards(~position)
        return outcome(self._machine, self._start + 1)

    def _run(self, position: int) -> int:
        """Interpret to the end of the next array (whose complement it gives), or to STOP."""
        data, handlers, machine, start = self._machine.data, self._handlers, self._machine, 0
        for count in range(1, limits.MAX_OPCODES - self._opcodes + 1):
            start = position
            position = handlers[data[position]](machine, position + 1)
            if position < 0:
                self._opcodes += count
                self._start = start
                return position
        raise Doubt

    def _onwards(self, position: int) -> int:
        """Go on behind an array: by a series, by learning what one looks like, or by opcodes."""
        if self._series is not None and (after := self._taken(self._series, position)):
            self._misses = 0
            return self._run(after)
        self._misses += 1
        if self._patterns < MOST_PATTERNS and (self._series is None or self._misses > 1):
            self._patterns += 1
            return self._learn(position)
        return self._run(position)

    def _learn(self, position: int) -> int:
        steps: list[Step] = []
        machine = self._machine
        while position >= 0 and len(steps) < MOST_STEPS:
            start, memo = position, len(machine.memo)
            position = self._handlers[machine.data[start]](machine, start + 1)
            end = position if position >= 0 else ~position
            steps.append(traced(machine, start, max(end, start + 1), memo))
        self._opcodes, self._start = self._opcodes + len(steps), start
        if position >= 0:
            return self._run(position)
        if position != STOPPED and (pattern := pattern_of(steps, machine)):
            self._series = Series(pattern, self._descriptor, machine.size)
        return position

    def _taken(self, series: Series, position: int) -> int:
        """Where the machine goes on, all entries of a series taken; 0 where there is none."""
        machine, pattern = self._machine, series.pattern
        array = machine.stack[-1]
        if not isinstance(array, PickledArray) or not isinstance(array.payload, BytesSpan):
            return 0
        if any(machine.memo[index] is not value for index, value in pattern.referents):
            return 0
        begin = array.payload.start + array.payload.length
        unset, after = Unset([], []), 0
        while (entries := series.entries(begin)) is not None:
            if entries.first_end != (after or position):
                raise Doubt
            entries.check(machine)
            self._opcodes += entries.count * pattern.opcodes
            if self._opcodes > limits.MAX_OPCODES:
                raise Doubt
            machine.memo += repeat(NO_INDEX, entries.count * pattern.memo)
            unset = _enter(machine, entries, unset)
            begin, after = int(entries.at[entries.count]), entries.last_end
        for key, header in zip(*unset, strict=True):
            machine.stack += [key, PickledArray.of(header)]
        return after


def _telling(handler: Handler) -> Handler:
    """The same handler, which tells by a complement that it has completed an array."""

    def told(machine: Machine, at: int) -> int:
        position = handler(machine, at)
        top = machine.stack[-1]
        return ~position if type(top) is PickledArray and top.header is not None else position

    return told


def _enter(machine: Machine, entries: Entries, unset: Unset) -> Unset:
    """Set all entries before the last boundary; give those that are left for the stack."""
    headers, cut = entries.headers(), entries.unset
    keys: list[int | str] = [*entries.keys]
    machine.described += int(entries.nbytes.sum())
    if machine.described > machine.size:
        raise Doubt
    if cut is None:
        unset.keys.extend(keys)
        unset.headers.extend(headers)
        return unset
    stack, interpreted = machine.stack, len(machine.stack)
    if entries.pattern.single:
        interpreted = 0 if unset.keys else 2  # its key and its array
    items = stack[len(stack) - interpreted :]
    del stack[len(stack) - interpreted :]
    table = stack[-1] if entries.pattern.single else machine.below[-1][-1]
    set_items(machine, table, items)
    _set(machine, table, Unset(unset.keys + keys[:cut], unset.headers + headers[:cut]))
    return Unset(keys[cut:], headers[cut:])


def _set(machine: Machine, table: object, entries: Unset) -> None:
    machine.entries += len(entries.keys)
    if not isinstance(table, Table) or machine.entries > limits.MAX_ENTRIES:
        raise Doubt
    together = len(table) + len(entries.keys)
    table.update(zip(*entries, strict=True))
    if len(table) < together:  # a key that is set twice
        raise Doubt
