"""Spans of bytes in a pickle: where text and array contents lie, and how to decode them.

A span is noted when the pickle is opened and decoded when it is asked for, so that opening
costs nothing by the byte. Decoding follows the arguments of the opcodes in CPython's
`pickletools`, and is stricter where the strictness harms no writer.
"""

import codecs
import re
from enum import Enum
from mmap import mmap
from typing import NamedTuple

SHOWN_CHARACTERS = 80  # of a stranger's text in a problem

UNDERSTOOD = "strings, numbers, lists, dicts and plain numpy arrays"
SOUND = "a sound pickle"
NEVER_LOAD = (
    "Do not load this file with Python's pickle; ask its author for a dict of plain numpy arrays,"
    " strings, numbers or lists"
)
ASK_PLAIN = "Ask its author for a dict of plain numpy arrays, strings, numbers or lists"
FETCH_AGAIN = "Fetch or copy the file again, or ask its author for a sound one"

# What Python 2's repr of a str consists of, quotes aside: nothing else is unescaped.
_OLD_REPR = re.compile(rb"(?:[^\\]++|\\(?:x[0-9a-fA-F]{2}|[\\'\"nrt]))*+")


class Refusal(Exception):  # noqa: N818 - the data is at fault, not the program
    """What is wrong in a pickle, for whoever knows the file's name to report.

    `offset` is the byte where it is wrong; without it, the opcode at work. What is expected
    goes without saying: a sound pickle, or one of plain values if fetching again is no help.
    """

    def __init__(
        self,
        found: str,
        expected: str = "",
        remedy: str = FETCH_AGAIN,
        offset: int | None = None,
    ) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected or (SOUND if remedy == FETCH_AGAIN else UNDERSTOOD)
        self.remedy = remedy
        self.offset = offset


class Coding(Enum):
    """How text or bytes are written in the file, and how many file bytes one of them takes."""

    RAW = (1, 1)  # the bytes themselves
    UTF8 = (1, 2)  # of latin-1 characters, as protocols 1 and 2 write bytes
    ESCAPED = (1, 10)  # raw-unicode-escape up to a newline, protocol 0
    REPR = (1, 4)  # Python 2's quoted string, protocol 0

    @property
    def fewest(self) -> int:
        return self.value[0]

    @property
    def most(self) -> int:
        return self.value[1]


class Span(NamedTuple):
    """`length` bytes of the file from `start` on; the base of the three kinds below."""

    start: int
    length: int
    coding: Coding

    def content(self, data: mmap) -> memoryview | bytes:
        """Give the bytes meant, without copying where the file holds them as they are.

        Raises:
            Refusal: characters beyond latin-1, broken UTF-8 or broken escapes.
        """
        if self.coding is Coding.RAW:
            return memoryview(data)[self.start : self.start + self.length]
        written = data[self.start : self.start + self.length]
        if self.coding is Coding.REPR:
            return _old_bytes(written, self.start)
        try:
            return _decoded(written, self.coding).encode("latin-1")
        except UnicodeError as error:
            found = "characters that stand for no bytes"
            raise Refusal(found, "bytes written as latin-1", offset=self.start) from error

    def text(self, data: mmap) -> str:
        """Give the text meant; Python 2's strings are read as latin-1, of which ASCII is a part.

        Raises:
            Refusal: broken UTF-8 or escapes, or half of a surrogate pair.
        """
        if isinstance(self, OldString):
            return str(self.content(data), "latin-1")
        try:
            text = _decoded(data[self.start : self.start + self.length], self.coding)
            if self.coding is Coding.ESCAPED:
                # Python 2 may spell one character as two surrogates; one alone fails here.
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeError as error:
            found = "text that is not Unicode"
            raise Refusal(found, "text in Unicode", offset=self.start) from error
        return text

    def may_hold(self, count: int) -> bool:
        """Whether the span can stand for `count` bytes, without decoding it."""
        return count * self.coding.fewest <= self.length <= count * self.coding.most


class TextSpan(Span):
    """Text, left where it is."""

    __slots__ = ()


class BytesSpan(Span):
    """Bytes, left where they are."""

    __slots__ = ()


class OldString(Span):
    """Python 2's str, which is text or bytes by its use."""

    __slots__ = ()


def _decoded(written: bytes, coding: Coding) -> str:
    return str(written, "raw-unicode-escape" if coding is Coding.ESCAPED else "utf-8")


def _old_bytes(written: bytes, start: int) -> bytes:
    """Undo Python 2's `repr` of a str, whose quotes the opcode has checked."""
    if _OLD_REPR.fullmatch(written) is None:
        raise Refusal("a broken escape", "a quoted Python 2 string", offset=start)
    return codecs.escape_decode(written)[0]


def shown(text: str) -> str:
    """Fit a stranger's text into a sentence: one line, printable, at most `SHOWN_CHARACTERS`."""
    cut = text[:SHOWN_CHARACTERS] + ("…" if len(text) > SHOWN_CHARACTERS else "")
    return cut if cut.isprintable() else ascii(cut)[1:-1]
