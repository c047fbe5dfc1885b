"""Traces of one entry's opcodes, and the pattern that they make.

A pattern may be trusted where the opcodes of an entry do the same for each entry that matches:
they reach no value below their own key, recall only what was put into the memo before, complete
only what they made, and what varies goes nowhere but into the key, the shape and the contents.
"""

import re
from typing import Any, NamedTuple

import numpy as np

from pmg.raw.pickles.arrays import PickledArray
from pmg.raw.pickles.machine import Machine
from pmg.raw.pickles.patterns import MOST_LITERAL, MOST_TEXT, TUPLE_OF, Kind, Part
from pmg.raw.pickles.spans import BytesSpan, Coding

NUMBERS, TEXTS, PUTS, GETS, PAYLOADS = b"KMJ", b"\x8cX", b"\x94qr", b"hj", b"CB\x8e\x96"
SET_ONE, REDUCE, BUILD, MEMOIZE, FRAME = ord("s"), ord("R"), ord("b"), 0x94, 0x95
# What these do depends on their bytes, the values above the key, and the memo.
CONSTANT = frozenset(b"KMJ\x88\x89NX\x8cCc\x93(t)\x85\x86\x87Rb\x94" + GETS)
GAP = re.compile(rb"[\x94qr]?\x95?(?:s|(?:u\()?)")  # between an array and the next key


class Step(NamedTuple):
    """An opcode, and what it left: the value on top, the marks, the values above the last one."""

    code: int
    content: bytes  # at most the first bytes of a payload
    top: object
    marks: int
    height: int
    memo: int  # values in it before

    @property
    def argument(self) -> int:
        return int.from_bytes(self.content[1:], "little")


class Pattern(NamedTuple):
    parts: tuple[Part, ...]
    dtype: np.dtype[Any]
    single: bool  # each entry is set by SETITEM, rather than many by SETITEMS
    shape_in_tail: bool
    tail_puts: int  # of those at an index that is spelled
    memo: int  # values that an entry puts into the memo
    opcodes: int  # of an entry, or somewhat more
    referents: tuple[tuple[int, object], ...]  # what is recalled: index of the memo, value


def traced(machine: Machine, start: int, end: int, memo: int) -> Step:
    stack, content = machine.stack, machine.data[start : min(end, start + MOST_LITERAL)]
    top = stack[-1] if stack else None
    return Step(content[0], content, top, len(machine.below), len(stack), memo)


def pattern_of(steps: list[Step], machine: Machine) -> Pattern | None:
    """Make the pattern of an entry, from the end of the array before to the end of its own.

    None where the entry is no array as numpy writes most: row by row, of one to three
    dimensions; or where another entry with its bytes could mean something else.
    """
    lead = next((n for n, one in enumerate(steps) if one.code in NUMBERS + TEXTS), len(steps))
    gap, entry = steps[:lead], steps[lead:]
    if not GAP.fullmatch(bytes(one.code for one in gap)) or not _stands_alone(entry):
        return None
    places, referents = _shape_and_payload(entry), _referents(steps, machine)
    if places is None or referents is None:
        return None
    shape, payload = places
    parts = [_part(one) for one in entry]
    parts[0], parts[payload] = _key(entry[0]), Part(Kind.LENGTH, entry[payload].content[:1])
    for n in range(shape - _dimensions(entry[shape]), shape):
        parts[n] = Part(Kind.LITERAL)
    parts[shape] = Part(Kind.SHAPE)
    single = any(one.code == SET_ONE for one in gap)
    tail, head = _with_frames(parts[payload + 1 :]), parts[: payload + 1]
    whole = [*tail, Part(Kind.HEAD), *_gap(gap, single=single), *head]
    known = [part for part in whole if part is not None]
    spelled, puts = (sum(p.kind is Kind.PUT for p in known), sum(s.code in PUTS for s in steps))
    too_long = sum(len(part.content) for part in known) > MOST_LITERAL
    if len(known) < len(whole) or too_long or spelled not in {0, puts}:
        return None
    return Pattern(
        parts=_joined(known),
        dtype=entry[-1].top.header.dtype,  # type: ignore[attr-defined] # an array, complete
        single=single,
        shape_in_tail=shape > payload,
        tail_puts=sum(part is not None and part.kind is Kind.PUT for part in tail),
        memo=puts,
        opcodes=len(steps) + 8,  # frames, a boundary and dimensions that this one lacks
        referents=referents,
    )


def _stands_alone(entry: list[Step]) -> bool:
    """Whether opcodes touch nothing below their key, nor the key, and complete what they made."""
    if len(entry) <= len("KBR"):
        return False
    key, made = entry[0], list[object]()
    for n, one in enumerate(entry[1:]):
        of_key = n == 0 and one.code in PUTS
        if one.marks < key.marks or (one.marks == key.marks and one.height <= key.height - of_key):
            return False
        if one.code == REDUCE:
            made.append(one.top)
        if one.code == BUILD and not any(one.top is value for value in made):
            return False
    last = entry[-1]
    its_own = any(last.top is value for value in made) and isinstance(last.top, PickledArray)
    return its_own and (last.marks, last.height) == (key.marks, key.height + 1)


def _shape_and_payload(entry: list[Step]) -> tuple[int, int] | None:
    """Where the opcodes stand that make the array's shape, and that hold its contents."""
    array, arguments = entry[-1].top, entry[-2].top
    if not isinstance(array, PickledArray) or type(arguments) is not tuple:
        return None
    shape = arguments[1 if entry[-1].code == BUILD else 2]
    payload = arguments[4 if entry[-1].code == BUILD else 0]
    made = next((n for n, one in enumerate(entry) if one.top is shape), 0)
    held = next((n for n, one in enumerate(entry) if one.top is payload), 0)
    plain = type(payload) is BytesSpan and payload.coding is Coding.RAW
    by_rows = array.order == "C" and array.axes is None
    if not plain or not by_rows or entry[held].code not in PAYLOADS:
        return None
    count = _dimensions(entry[made])
    spelled = [one for one in entry[max(made - count, 0) : made] if one.code in NUMBERS]
    return (made, held) if count and len(spelled) == count else None


def _dimensions(step: Step) -> int:
    """How many values the opcode makes a tuple of, if it is one of those that say so."""
    return count if (count := step.code - TUPLE_OF) in {1, 2, 3} else 0


def _referents(steps: list[Step], machine: Machine) -> tuple[tuple[int, object], ...] | None:
    """What the entry recalls; None where that is its own, or where it puts out of order."""
    if any(one.code in b"qr" and one.argument != one.memo for one in steps):
        return None
    indices = sorted({one.argument for one in steps if one.code in GETS})
    if any(index >= steps[0].memo for index in indices):
        return None
    return tuple((index, machine.memo[index]) for index in indices)


def _part(step: Step) -> Part | None:
    if step.code in b"qr":
        return Part(Kind.PUT)
    if step.code == FRAME:
        return Part(Kind.FRAME)
    return Part(Kind.LITERAL, step.content) if step.code in CONSTANT else None


def _key(step: Step) -> Part | None:
    if step.code in NUMBERS:
        return Part(Kind.NUMBER)
    short = type(step.top) is str and len(step.content) <= MOST_TEXT
    return Part(Kind.TEXT, step.content[:1]) if short else None


def _with_frames(tail: list[Part | None]) -> list[Part | None]:
    """Frames end at the contents of an array, or when these are put into the memo."""
    frame = Part(Kind.FRAME)
    memoized = tail[0] == Part(Kind.LITERAL, bytes([MEMOIZE]))
    return [frame, tail[0], frame, *tail[1:]] if memoized else [frame, *tail]


def _gap(gap: list[Step], *, single: bool) -> list[Part | None]:
    puts = [_part(one) for one in gap if one.code in PUTS]
    last = Part(Kind.LITERAL, bytes([SET_ONE])) if single else Part(Kind.BOUNDARY)
    return [*puts, Part(Kind.FRAME), last]


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1].kind is part.kind is Kind.LITERAL:
            part = Part(Kind.LITERAL, joined.pop().content + part.content)  # noqa: PLW2901 - one
        joined.append(part)
    return tuple(joined)
