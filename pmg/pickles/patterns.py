"""Patterns of an entry: what a dict's arrays look like in the file, their numbers aside.

Entries that one writer wrote are the same bytes but for a few numbers. A pattern covers the
stretch from one array's contents to the next array's: the end of the one entry, then the key
and the head of the other. It is made of parts in the order of the file.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FRAME = 0x95
MOST_TEXT = 32  # bytes of a text that is a key; longer ones are interpreted
MOST_LITERAL = 1024  # bytes that do not vary; numpy writes about 200
_NUMBER = b"(?:K.|M..|J....)"

# The bytes of an argument by the opcode in front of it. No opcode of another kind can stand
# where these are looked up: the pattern has matched.
_ARGUMENT = {b"K": 1, b"M": 2, b"J": 4, b"q": 1, b"r": 4}
_LENGTH = {b"C": 1, b"B": 4, b"\x8e": 8, b"\x96": 8}
_TEXT_LENGTH = {b"\x8c": 1, b"X": 4}

_WIDTH: NDArray[np.int64] = np.zeros(256, np.int64)
_MASK: NDArray[np.uint64] = np.zeros(256, np.uint64)
for _code, _bytes in (_ARGUMENT | _LENGTH | _TEXT_LENGTH).items():
    _WIDTH[_code[0]] = 1 + _bytes
    _MASK[_code[0]] = 256**_bytes - 1


class Kind(Enum):
    LITERAL = auto()
    NUMBER = auto()  # a key
    TEXT = auto()  # a key
    SHAPE = auto()  # one to three numbers, and the opcode that makes them a tuple
    PUT = auto()  # into the memo, at an index that is spelled
    FRAME = auto()  # may be there or not
    BOUNDARY = auto()  # between batches of entries: SETITEMS and MARK, may be there or not
    HEAD = auto()  # of no bytes: the entry before ends here
    LENGTH = auto()  # of the contents, which follow


class Fixed(NamedTuple):
    """What is the same in all parts of a kind: an expression, and the most bytes it takes."""

    expression: bytes
    longest: int


FIXED = {
    Kind.LITERAL: Fixed(b"", 0),
    Kind.NUMBER: Fixed(_NUMBER, 5),
    Kind.TEXT: Fixed(b"", 4 + MOST_TEXT),
    Kind.SHAPE: Fixed(_NUMBER + b"{1,3}[\x85-\x87]", 16),
    Kind.PUT: Fixed(b"(?:q.|r....)", 5),
    Kind.FRAME: Fixed(b"(?:\x95.{8})?", 9),
    Kind.BOUNDARY: Fixed(rb"(?:u\()?", 2),
    Kind.HEAD: Fixed(b"", 0),
    Kind.LENGTH: Fixed(b"", 8),
}


class Part(NamedTuple):
    kind: Kind
    content: bytes = b""  # the literal; or the opcode of a text or a length

    @property
    def expression(self) -> bytes:
        """The regular expression of the part's bytes, beginning with its content if it has one."""
        what = FIXED[self.kind].expression
        if self.kind is Kind.TEXT:
            what = _any_text(_TEXT_LENGTH[self.content])
        if self.kind is Kind.LENGTH:
            what = b"(.{%d})" % _LENGTH[self.content]
        return re.escape(self.content) + what

    @property
    def longest(self) -> int:
        """Bytes that the part can take."""
        return len(self.content) + FIXED[self.kind].longest


def _any_text(width: int) -> bytes:
    """Match a length of `width` bytes and as many bytes as it says."""
    texts = (re.escape(n.to_bytes(width, "little")) + b".{%d}" % n for n in range(MOST_TEXT + 1))
    return b"(?:" + b"|".join(texts) + b")"


class Stretches:
    """The fields of stretches that match a pattern; arrays have one element a stretch.

    `tail_end` and `end` are counted from the stretch's first byte; `frames` are pairs of where
    a frame starts, counted like them, and its length (0 where there is none).
    """

    def __init__(self, parts: Iterable[Part], rows: list[bytes], width: int) -> None:
        joined = b"".join(rows)
        if len(joined) != len(rows) * width:  # the file ends within the last ones
            joined = b"".join(row.ljust(width, b"\0") for row in rows)
        self._bytes = joined + bytes(9)
        self._flat = np.frombuffer(self._bytes, np.uint8)
        self._eight = np.ndarray((len(joined) + 2,), "<u8", self._bytes, 0, (1,))
        self._row = np.arange(0, len(rows) * width, width)
        self._at = self._row.copy()
        self.keys: list[int] | list[str] = []
        self.shape: list[NDArray[np.int64]] = []
        self.dimensions = self.tail_end = self._row
        self.puts: list[NDArray[np.int64]] = []
        self.frames: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = []
        self.boundary = np.zeros(len(rows), np.bool_)
        self.length: NDArray[np.uint64] = np.zeros(len(rows), np.uint64)
        for part in parts:
            self._take(part)
        self.end = self._at - self._row

    def _take(self, part: Part) -> None:
        match part.kind:
            case Kind.LITERAL:
                self._at += len(part.content)
            case Kind.NUMBER:
                self.keys = self._number().tolist()
            case Kind.TEXT:
                self.keys = self._texts()
            case Kind.SHAPE:
                self._take_shape()
            case Kind.PUT:
                self.puts.append(self._number())
            case Kind.FRAME:
                self._take_frame()
            case Kind.BOUNDARY:
                self.boundary = self._flat[self._at] == ord("u")
                self._at += len(b"u(") * self.boundary
            case Kind.HEAD:
                self.tail_end = self._at - self._row
            case Kind.LENGTH:
                self.length = self._argument()

    def _argument(self) -> NDArray[np.uint64]:
        """The argument of the opcode at hand, 0 where it is one that has none."""
        code = self._flat[self._at]
        argument = self._eight[self._at + 1] & _MASK[code]
        self._at += _WIDTH[code]
        return argument

    def _take_frame(self) -> None:
        there = self._flat[self._at] == FRAME
        length = np.where(there, self._eight[self._at + 1], 0)
        self._at += 9 * there
        self.frames.append((self._at - self._row, length))

    def _number(self) -> NDArray[np.int64]:
        signed = self._flat[self._at] == ord("J")
        argument = self._argument()
        return np.where(signed, argument.astype(np.int32), argument.astype(np.int64))

    def _take_shape(self) -> None:
        self.shape, count = [], np.zeros(len(self._at), np.int64)
        for _ in range(3):
            count += np.isin(self._flat[self._at], list(b"KMJ"))
            self.shape.append(self._number())
        tuple_of = self._flat[self._at].astype(np.int64) - 0x84
        self.dimensions = np.where(count == tuple_of, count, -1)
        self._at += 1

    def _texts(self) -> list[str]:
        length = self._argument().astype(np.int64)
        start, self._at = self._at, self._at + length
        spans = zip(start.tolist(), self._at.tolist(), strict=True)
        return [str(self._bytes[first:end], "utf-8") for first, end in spans]
