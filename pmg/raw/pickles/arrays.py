"""Arrays of a pickle as descriptions: shape, data type, and where the contents lie."""

import math
from mmap import mmap
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pmg.raw.pickles.spans import (
    FETCH_AGAIN,
    BytesSpan,
    Coding,
    OldString,
    Refusal,
    Span,
    TextSpan,
    shown,
)
from pmg.raw.pickles.symbols import Symbol

MAX_DIMENSIONS = 32  # what numpy 1 allows; numpy 2 allows 64, no picture has more than 4
MAX_ARRAY_BYTES = 2**47  # an address space; numpy must be asked for no shape beyond


class ArrayHeader(NamedTuple):
    """An array's description: what is known without touching its bytes."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    nbytes: int
    offset: int  # the first byte of the contents in the file; -1 where there is none


class PickledType:
    """A data type, complete once its byte order is known."""

    __slots__ = ("dtype", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.dtype: np.dtype[Any] | None = None

    def complete(self) -> np.dtype[Any]:
        if self.dtype is None:
            raise Refusal(f"the data type {self.name} without its byte order")
        return self.dtype


class PickledArray:
    """An array, complete once its state is known."""

    __slots__ = ("axes", "header", "order", "payload", "stored_shape")

    axes: tuple[int, ...] | None
    order: str
    payload: bytes | Span
    stored_shape: tuple[int, ...]

    def __init__(self) -> None:
        self.header: ArrayHeader | None = None

    @classmethod
    def of(cls, header: ArrayHeader) -> Self:
        """Make the array whose contents lie in the file as they are, row by row."""
        array = cls()
        array.header, array.stored_shape = header, header.shape
        array.order, array.axes = "C", None
        array.payload = BytesSpan(header.offset, header.nbytes, Coding.RAW)
        return array

    def describe(
        self,
        shape: tuple[object, ...],
        dtype: PickledType,
        order: str,
        payload: object,
        axes: tuple[int, ...] | None = None,
    ) -> None:
        """Take the description, once it proves consistent.

        `shape` is the shape of the contents as stored, row by row ("C") or column by column
        ("F"); `axes` are the transposition that follows.

        Raises:
            Refusal: a shape that is none, or that needs other bytes than there are.
        """
        if self.header is not None:
            raise Refusal("a second state for one array")
        if not isinstance(payload, bytes | BytesSpan | OldString):
            raise Refusal(f"{described(payload)} for the contents of an array")
        self.stored_shape = whole_numbers(shape, "a shape")
        plain = dtype.complete()
        if math.prod(max(n, 1) for n in self.stored_shape) * plain.itemsize > MAX_ARRAY_BYTES:
            expected = f"arrays of at most {MAX_ARRAY_BYTES:,} bytes"
            raise Refusal(f"the shape {shown(str(self.stored_shape))}", expected)
        nbytes = math.prod(self.stored_shape) * plain.itemsize
        length, offset = len(payload), -1
        if isinstance(payload, Span):
            length, offset = payload.length, payload.start
        if not (payload.may_hold(nbytes) if isinstance(payload, Span) else length == nbytes):
            raise _disagreement(self.stored_shape, plain, nbytes, length)
        self.order, self.payload, self.axes = order, payload, axes
        final = self.stored_shape
        if axes is not None:
            if sorted(axes) != list(range(len(shape))):
                raise Refusal("a transposition that is none")
            final = tuple(final[axis] for axis in axes)
        self.header = ArrayHeader(final, plain, nbytes, offset)

    def view(self, content: memoryview | bytes) -> NDArray[Any]:
        """Make the array over `content`, its payload's bytes; read-only, nothing is copied.

        Raises:
            Refusal: other bytes than the shape needs, or a truth value that is neither 0 nor 1.
        """
        assert self.header is not None  # noqa: S101 - its reader has looked
        _, dtype, nbytes, offset = self.header
        if len(content) != nbytes:
            raise _disagreement(self.stored_shape, dtype, nbytes, len(content), offset)
        flat = np.frombuffer(content, dtype) if nbytes else np.empty(0, dtype)
        if dtype.kind == "b" and nbytes and int(flat.view(np.uint8).max()) > 1:
            place = offset if offset >= 0 else None
            raise Refusal("other bytes", "truth values of 0 and 1", offset=place)
        array = flat.reshape(self.stored_shape, order="F" if self.order == "F" else "C")
        if self.axes is not None:
            array = array.transpose(self.axes)
        array.flags.writeable = False
        return array


def described(value: object) -> str:
    """Say what a value is, for the part "found" of a problem."""
    match value:
        case Symbol():
            return f"the name {value.value}"
        case bool() | None:
            return str(value)
        case int() | float() | complex():
            return f"the number {shown(str(value))}"
        case str():
            return f'the text "{shown(value)}"'
    kinds = {
        list: "a list",
        tuple: "a tuple",
        bytes: "bytes",
        BytesSpan: "bytes",
        TextSpan: "long text",
        OldString: "a Python 2 string",
        PickledArray: "an array",
        PickledType: "a data type",
    }
    return kinds.get(type(value), "a dict")


def content_of(payload: Span | bytes, data: mmap) -> memoryview | bytes:
    return payload if isinstance(payload, bytes) else payload.content(data)


def whole_numbers(values: tuple[object, ...], what: str) -> tuple[int, ...]:
    """Numbers of a shape or a transposition: few, whole, none negative."""
    if type(values) is not tuple or len(values) > MAX_DIMENSIONS:
        raise Refusal(f"{what} of {len(values)} numbers", f"at most {MAX_DIMENSIONS} dimensions")
    counts = tuple(n for n in values if type(n) is int and n >= 0)
    if len(counts) != len(values):
        raise Refusal(f"{what} with other parts than whole numbers from 0 on")
    return counts


def _disagreement(
    shape: tuple[int, ...], dtype: np.dtype[Any], nbytes: int, held: int, offset: int | None = None
) -> Refusal:
    expected = f"{nbytes:,} bytes for an array of shape {shape} and type {dtype}"
    return Refusal(f"{held:,} bytes", expected, FETCH_AGAIN, offset)
