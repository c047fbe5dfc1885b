"""Numpy's own constructs in a pickle, recognised by name and described: nothing is called.

The constructs are those that numpy 1 and 2 write: `_reconstruct` with a state
(numpy/core/src/multiarray/methods.c, `array_reduce` and `array_setstate`), `_frombuffer`
(numpy/core/numeric.py), `scalar`, and `dtype` with a state (descriptor.c, `arraydescr_reduce`
and `arraydescr_setstate`); and what CPython's pickle writes for bytes in protocols 0 to 2,
`_codecs.encode` and `bytes`.
"""

from mmap import mmap

import numpy as np

from pmg.raw.pickles.arrays import PickledArray, PickledType, content_of, described, whole_numbers
from pmg.raw.pickles.spans import (
    ASK_PLAIN,
    NEVER_LOAD,
    BytesSpan,
    OldString,
    Refusal,
    Span,
    TextSpan,
    shown,
)
from pmg.raw.pickles.symbols import Symbol

NAME_BYTES = 32  # of what numpy writes as text: "u1", "<", "latin1", "C"

# Fixed widths only: a long double (f16) is another format on another machine.
PLAIN_TYPES = frozenset(
    {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"}
)


def reduce(called: object, arguments: object, data: mmap) -> object:
    """Do as REDUCE: leave a description of what numpy would have made of the arguments.

    Raises:
        Refusal: a call of anything but a known symbol, or with arguments that no writer writes.
    """
    if not isinstance(called, Symbol) or type(arguments) is not tuple:
        raise Refusal(f"a call of {described(called)}", remedy=NEVER_LOAD)
    match called, arguments:
        case Symbol.RECONSTRUCT, (Symbol.NDARRAY, (0,), str() | bytes() | Span()):
            return PickledArray()
        case Symbol.FROMBUFFER, (payload, PickledType() as dtype, tuple() as shape, order, *axes):
            return _from_buffer(payload, dtype, shape, name_text(order, data), axes)
        case Symbol.SCALAR, (PickledType() as dtype, payload):
            return _scalar(dtype, payload, data)
        case Symbol.DTYPE, (str() | OldString() as name, 0, 1):
            return _plain_type(name_text(name, data))
        case Symbol.ENCODE, (str() | TextSpan() as text, "latin1" | "latin-1"):
            return _latin1(text)
        case Symbol.BYTES, ():
            return b""
    raise Refusal(f"{called.value} with arguments that numpy does not write", remedy=ASK_PLAIN)


def build(target: object, state: object, data: mmap) -> None:
    """Do as BUILD: complete an array or a data type by its state.

    Raises:
        Refusal: a state for anything else, or a state that numpy does not write.
    """
    match target, state:
        case PickledType(), (3, order, None, None, None, -1, -1, 0):
            _set_byte_order(target, name_text(order, data))
        case PickledArray(), (1, tuple() as shape, PickledType() as dtype, 0 | 1 as fortran, held):
            target.describe(shape, dtype, "F" if fortran else "C", held)
        case PickledType(), _:
            raise Refusal(f"the data type {shown(target.name)} of more than one part")
        case _:
            raise Refusal(f"a state for {described(target)}", remedy=NEVER_LOAD)


def name_text(value: object, data: mmap) -> str:
    """Take a short name that a pickle gives as text, or as Python 2's string."""
    if type(value) is str and len(value) <= NAME_BYTES:
        return value
    if isinstance(value, OldString) and value.length <= NAME_BYTES:
        return value.text(data)
    raise Refusal(f"{described(value)} for a short name")


def _from_buffer(
    payload: object,
    dtype: PickledType,
    shape: tuple[object, ...],
    order: str,
    axes: list[object],
) -> PickledArray:
    array = PickledArray()
    match order, axes:
        case "C" | "F", [] | [None]:
            array.describe(shape, dtype, order, payload)
        case "K", [tuple() as axes_read]:
            array.describe(shape, dtype, "C", payload, whole_numbers(axes_read, "a transposition"))
        case _:
            raise Refusal(f'the order "{shown(order)}"', 'the order "C", "F" or "K"')
    return array


def _scalar(dtype: PickledType, payload: object, data: mmap) -> object:
    """Read a plain Python number, from an array without dimensions."""
    array = PickledArray()
    array.describe((), dtype, "C", payload)
    return array.view(content_of(array.payload, data)).item()


def _latin1(text: str | TextSpan) -> bytes | BytesSpan:
    """Turn text that spells bytes into these; long text stays where it is."""
    if isinstance(text, TextSpan):
        return BytesSpan(*text)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise Refusal("characters that stand for no bytes", "bytes written as latin-1") from error


def _plain_type(name: str) -> PickledType:
    if name not in PLAIN_TYPES:
        found = f"the data type {shown(name)}"
        raise Refusal(found, f"plain data types ({', '.join(sorted(PLAIN_TYPES))})", ASK_PLAIN)
    return PickledType(name)


def _set_byte_order(target: PickledType, order: str) -> None:
    if target.dtype is not None:
        raise Refusal("a second state for one data type")
    if order not in {"<", ">", "|"} or (order == "|" and target.name[1:] != "1"):
        raise Refusal(f'the byte order "{shown(order)}" of the data type {target.name}')
    target.dtype = np.dtype(order + target.name)
