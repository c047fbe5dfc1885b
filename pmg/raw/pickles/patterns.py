"""Patterns of an entry: what a dict's arrays look like in the file, their numbers aside.

Entries that one writer wrote are the same bytes but for a few numbers. A pattern covers the
stretch from one array's contents to the next array's: the end of the one entry, then the key
and the head of the other. It is made of parts in the order of the file.
"""

from enum import Enum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TUPLE_OF = 0x84  # below TUPLE1, which makes a tuple of one
MOST_TEXT = 32  # bytes of a text that is a key; longer ones are interpreted
MOST_LITERAL = 1024  # bytes that do not vary; numpy writes about 200

# Opcodes by the bytes of their argument.
ARGUMENTS = {1: b"KqC\x8c", 2: b"M", 4: b"JrBX", 8: b"\x95\x8e\x96"}

_WIDTH: NDArray[np.int64] = np.zeros(256, np.int64)
_MASK: NDArray[np.uint64] = np.zeros(256, np.uint64)
for _bytes, _codes in ARGUMENTS.items():
    _WIDTH[list(_codes)] = 1 + _bytes
    _MASK[list(_codes)] = 256**_bytes - 1


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


LONGEST = {  # bytes that a part takes besides its content
    Kind.LITERAL: 0,
    Kind.NUMBER: 5,
    Kind.TEXT: 4 + MOST_TEXT,
    Kind.SHAPE: 16,
    Kind.PUT: 5,
    Kind.FRAME: 9,
    Kind.BOUNDARY: 2,
    Kind.HEAD: 0,
    Kind.LENGTH: 8,
}
BOUNDARY = int.from_bytes(b"u(", "little")


class Part(NamedTuple):
    kind: Kind
    content: bytes = b""  # the literal; or the opcode of a text or a length

    @property
    def longest(self) -> int:
        return len(self.content) + LONGEST[self.kind]


class Stretches:
    """The fields of stretches of the file; arrays have one element a stretch.

    `matches` tells whether it is one of the pattern; if not, its fields mean nothing.
    `tail_end` and `end` are counted from the stretch's first byte; `frames` are pairs of where
    a frame starts, counted like them, and its length (0 where there is none).
    """

    def __init__(self, parts: tuple[Part, ...], rows: list[bytes], width: int) -> None:
        self._bytes = b"".join(rows) + bytes(width + 8)
        self._flat = np.frombuffer(self._bytes, np.uint8)
        self._eight = np.ndarray((len(self._bytes) - 7,), "<u8", self._bytes, 0, (1,))
        self._row = np.arange(0, len(rows) * width, width)
        self._at = self._row.copy()
        self.matches = np.ones(len(rows), np.bool_)
        self.keys = self.key_ends = self.tail_end = self.dimensions = self._row
        self.texts = False
        self.shape: list[NDArray[np.int64]] = []
        self.puts: list[NDArray[np.int64]] = []
        self.frames: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = []
        self.boundary = np.zeros(len(rows), np.bool_)
        self.length: NDArray[np.uint64] = np.zeros(len(rows), np.uint64)
        for part in parts:
            self._take(part)
        self.end = self._at - self._row

    def key_list(self, count: int) -> list[int] | list[str]:
        """The keys of the first stretches. Raises UnicodeError."""
        starts: list[int] = self.keys[:count].tolist()
        if not self.texts:
            return starts
        spans = zip(starts, self.key_ends[:count].tolist(), strict=True)
        return [str(self._bytes[start:end], "utf-8") for start, end in spans]

    def _take(self, part: Part) -> None:
        match part.kind:
            case Kind.LITERAL:
                self._take_literal(part.content)
            case Kind.NUMBER:
                self.keys = self._number(self._must_be(b"KMJ"))
            case Kind.TEXT:
                self._take_text(part.content)
            case Kind.SHAPE:
                self._take_shape()
            case Kind.PUT:
                self.puts.append(self._number(self._must_be(b"qr")))
            case Kind.FRAME:
                length = self._argument(self._is(b"\x95"))
                self.frames.append((self._at - self._row, length))
            case Kind.BOUNDARY:
                self.boundary = self._eight[self._at] & np.uint64(0xFFFF) == BOUNDARY
                self._at += 2 * self.boundary
            case Kind.HEAD:
                self.tail_end = self._at - self._row
            case Kind.LENGTH:
                self.length = self._argument(self._must_be(part.content))

    def _is(self, codes: bytes) -> NDArray[np.bool_]:
        """Where the byte at hand is one of the opcodes."""
        code = self._flat[self._at]
        found: NDArray[np.bool_] = code == codes[0]
        for other in codes[1:]:
            found |= code == other
        return found

    def _must_be(self, codes: bytes) -> NDArray[np.bool_]:
        found = self._is(codes)
        self.matches &= found
        return found

    def _argument(self, there: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """The argument of the opcode at hand where there is one, else 0."""
        if not there.any():
            return np.zeros(len(there), np.uint64)
        code = self._flat[self._at]
        argument: NDArray[np.uint64] = self._eight[self._at + 1] & _MASK[code]
        self._at += _WIDTH[code] * there
        return argument if there.all() else argument * there

    def _number(self, there: NDArray[np.bool_]) -> NDArray[np.int64]:
        signed = self._flat[self._at] == ord("J")
        number = self._argument(there).astype(np.int64)
        return np.where(signed, number.astype(np.int32), number) if signed.any() else number

    def _take_literal(self, content: bytes) -> None:
        for start in range(0, len(content), 8):
            piece = content[start : start + 8]
            read = self._eight[self._at] & np.uint64(256 ** len(piece) - 1)
            self.matches &= read == np.uint64(int.from_bytes(piece, "little"))
            self._at += len(piece)

    def _take_shape(self) -> None:
        there = self._must_be(b"KMJ")
        self.shape, self.dimensions = [self._number(there)], np.ones(len(there), np.int64)
        for _ in range(2):
            there = there & self._is(b"KMJ")
            self.shape.append(self._number(there))
            self.dimensions += there
        self.matches &= self._flat[self._at] == TUPLE_OF + self.dimensions
        self._at += 1

    def _take_text(self, code: bytes) -> None:
        length = self._argument(self._must_be(code)).astype(np.int64)
        self.matches &= (length >= 0) & (length <= MOST_TEXT)
        self.keys, self.texts = self._at, True
        self._at = self.key_ends = self._at + np.where(self.matches, length, 0)
        self._at = self._at.copy()
