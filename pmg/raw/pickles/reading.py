"""One reading of a pickle: opcode by opcode, and many entries at once where they look alike.

What is read this way is what `interpret` would give, or nothing: whoever meets a doubt here
starts anew and interprets the whole file, which alone refuses.
"""

import os
from contextlib import suppress
from itertools import repeat
from mmap import mmap
from struct import error as TooShort  # noqa: N812 - that is what it means here
from typing import NamedTuple

from pmg.raw.pickles import machine as limits
from pmg.raw.pickles.arrays import ArrayHeader, PickledArray
from pmg.raw.pickles.literals import Handler
from pmg.raw.pickles.machine import NO_INDEX, Machine, Table, set_items
from pmg.raw.pickles.opcodes import FIRST_BYTES, HANDLERS, interpret, outcome
from pmg.raw.pickles.series import Doubt, Entries, Series
from pmg.raw.pickles.spans import BytesSpan, Refusal
from pmg.raw.pickles.structures import STOPPED
from pmg.raw.pickles.traces import BUILD, REDUCE, Step, pattern_of, traced

MOST_STEPS = 200  # opcodes of an entry that is worth a pattern; numpy's take up to 50
MOST_PATTERNS = 16  # of one file, so that one without any is not traced throughout


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
        """Raises Doubt where `interpret` might refuse."""
        if self._machine.data[0] not in FIRST_BYTES:
            raise Doubt
        position = self._run(0)
        while position != STOPPED:
            position = self._onwards(~position)
        if self._opcodes > limits.MAX_OPCODES:  # those that were learnt from are counted late
            raise Doubt
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
            self._series = Series(pattern, self._descriptor)
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
