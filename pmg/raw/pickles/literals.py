"""Handlers of the opcodes that push a number, text or bytes: what a pickle spells out itself."""

import re
from collections.abc import Callable, Mapping
from struct import Struct
from types import MappingProxyType

from pmg.raw.pickles.machine import EAGER_TEXT, MAX_INTEGER_BYTES, Machine, truncated
from pmg.raw.pickles.spans import Coding, OldString, Refusal, Span, TextSpan, shown

Handler = Callable[[Machine, int], int]  # from the position of the argument to the next opcode

U1, U2, U4, U8 = Struct("<B"), Struct("<H"), Struct("<I"), Struct("<Q")
I4, F8 = Struct("<i"), Struct(">d")

# As all writers have it. CPython reads other spellings in other bases: 010 is 8.
WHOLE = re.compile(rb"0|-?[1-9][0-9]{0,619}")
FLOAT = re.compile(
    rb"[-+]?(?:inf|nan|[0-9]{1,320}(?:\.[0-9]*)?(?:e[-+]?[0-9]{1,4})?)", re.IGNORECASE
)
INDEX = re.compile(rb"[0-9]{1,10}")


def constant(value: object) -> Handler:
    def push(machine: Machine, at: int) -> int:
        machine.stack.append(value)
        return at

    return push


def number(layout: Struct) -> Handler:
    unpack, size = layout.unpack_from, layout.size

    def push(machine: Machine, at: int) -> int:
        machine.stack += unpack(machine.data, at)
        return at + size

    return push


def small_number(machine: Machine, at: int) -> int:
    machine.stack.append(machine.data[at])
    return at + 1


def long(layout: Struct) -> Handler:
    def push(machine: Machine, at: int) -> int:
        (length,) = layout.unpack_from(machine.data, at)
        if not 0 <= length <= MAX_INTEGER_BYTES:
            raise Refusal(f"a number of {length:,} bytes", f"at most {MAX_INTEGER_BYTES} bytes")
        start = at + layout.size
        end = _end(machine, start, length)
        machine.stack.append(int.from_bytes(machine.data[start:end], "little", signed=True))
        return end

    return push


def number_line(
    pattern: re.Pattern[bytes],
    kind: type[int | float],
    suffix: bytes = b"",
    constants: Mapping[bytes, bool] = MappingProxyType({}),
) -> Handler:
    def push(machine: Machine, at: int) -> int:
        end = machine.line(at)
        line = machine.data[at:end]
        digits = line.removesuffix(suffix)
        if line in constants:
            machine.stack.append(constants[line])
        elif pattern.fullmatch(digits):
            machine.stack.append(kind(digits))
        else:
            raise Refusal(f"{shown(str(line, 'latin-1'))} for a number", "a decimal number")
        return end + 1

    return push


def _end(machine: Machine, start: int, length: int) -> int:
    if length < 0:
        raise Refusal(f"a length of {length:,} bytes", "a length from 0 on")
    if length > machine.size - start:
        raise truncated(machine.size)
    return start + length


def span(layout: Struct, kind: type[Span]) -> Handler:
    def push(machine: Machine, at: int) -> int:
        (length,) = layout.unpack_from(machine.data, at)
        start = at + layout.size
        end = _end(machine, start, length)
        machine.stack.append(kind(start, length, Coding.RAW))
        return end

    return push


def text(layout: Struct) -> Handler:
    unpack, size = layout.unpack_from, layout.size

    def push(machine: Machine, at: int) -> int:
        length: int = unpack(machine.data, at)[0]
        start = at + size
        end = start + length
        if length > EAGER_TEXT or end > machine.size:
            machine.stack.append(TextSpan(start, length, Coding.UTF8))
            return _end(machine, start, length)
        try:
            machine.stack.append(str(machine.data[start:end], "utf-8"))
        except UnicodeDecodeError:  # a bad value is its reader's problem, not the file's
            machine.stack.append(TextSpan(start, length, Coding.UTF8))
        return end

    return push


def text_line(machine: Machine, at: int) -> int:
    end = machine.line(at, limit=None)
    span = TextSpan(at, end - at, Coding.ESCAPED)
    try:
        machine.stack.append(span if span.length > EAGER_TEXT else span.text(machine.data))
    except Refusal:  # as above
        machine.stack.append(span)
    return end + 1


def quoted_line(machine: Machine, at: int) -> int:
    end = machine.line(at, limit=None)
    first, last = machine.data[at], machine.data[end - 1]
    if end == at + 1 or first != last or first not in b"'\"":
        raise Refusal("a string without quotes", "a quoted Python 2 string")
    machine.stack.append(OldString(at + 1, end - at - 2, Coding.REPR))
    return end + 1
