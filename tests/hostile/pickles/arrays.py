"""Arrays and data types that numpy would make, or that would crash it."""

import struct
from collections.abc import Iterator

from tests.hostile.pickles.opcodes import (
    POSTER,
    PROTO,
    RECONSTRUCT,
    array,
    called,
    held,
    named,
    plain_type,
    small,
    text,
    tuple_of,
    with_entry,
)

TYPES: tuple[str, ...] = (
    "O",
    "O8",
    "V8",
    "S10",
    "U3",
    "M8[ns]",
    "m8[s]",
    "f16",
    "c32",
    "i8,i4",
    "(2,2)i4",
    "a5",
)
TYPES += (",", "i3", "", "u1\0", "object", "{'names':['a'],'formats':['O']}", "u1" * 20, ">u1")


def arrays() -> Iterator[tuple[str, bytes]]:
    """Arrays and data types that numpy would make, or that would crash it."""
    dtype = named("numpy", "dtype")
    for name in TYPES:
        made = called(dtype, text(name), b"\x89", b"\x88")
        yield f"the type {name!r}", with_entry(array(2, 3, 3, dtype=made))
    yield (
        "a type that is aligned",
        with_entry(array(2, 3, 3, dtype=called(dtype, text("u1"), b"\x88", b"\x88"))),
    )
    yield (
        "a type without its byte order",
        with_entry(array(2, 3, 3, dtype=called(dtype, text("u2"), b"\x89", b"\x88"))),
    )
    states = {
        "names and fields": (3, text("|"), b"N", tuple_of(text("a")), b"}", 8, 1, 0),
        "a part that is an array": (3, text("|"), tuple_of(text("u1")), b"N", b"N", 8, 1, 0),
        "flags of objects": (3, text("|"), b"NNN", b"", b"", 8, 1, 63),
        "metadata": (4, text("|"), b"NNN", b"", b"", -1, -1, 0, b"}"),
        "a byte order that is none": (3, text("!"), b"NNN", b"", b"", -1, -1, 0),
        "a byte order of a megabyte": (3, held(b"<" * 1_000_000), b"NNN", b"", b"", -1, -1, 0),
        "too few parts": (3, text("|")),
    }
    for name, parts in states.items():
        state = tuple_of(*(p if isinstance(p, bytes) else small(p) for p in parts))
        yield (
            f"a state of a type with {name}",
            with_entry(
                array(2, 3, 3, dtype=called(dtype, text("u1"), b"\x89", b"\x88") + state + b"b")
            ),
        )
    yield (
        "a second state of a type",
        with_entry(array(2, 3, 3, dtype=plain_type() + plain_type()[-33:])),
    )
    for subtype in ("numpy.matrix", "numpy.memmap", "numpy.recarray", "numpy.ma.MaskedArray"):
        module, _, name = subtype.rpartition(".")
        yield f"an array of {subtype}", with_entry(array(2, 3, 3, subtype=named(module, name)))
    yield "a type in place of an array", with_entry(array(2, 3, 3, subtype=dtype))
    yield "a state of another version", with_entry(array(2, 3, 3, version=2))
    yield "a list for contents", with_entry(array(2, 3, 3, content=b"]"))
    yield "text for contents", with_entry(array(2, 3, 3, content=text("x" * 18)))
    yield "an array for contents", with_entry(array(2, 3, 3, content=POSTER))
    yield "an order that is text", with_entry(array(2, 3, 3, order=text("F")))
    yield "too few bytes", with_entry(array(2, 3, 3, content=held(bytes(17))))
    yield "too many bytes", with_entry(array(2, 3, 3, content=held(bytes(19))))
    shapes = {
        "negative": (-2, -3, 3),
        "one negative": (2, -3, 3),
        "zero and enormous": (0, 2**40, 2**40),
        "enormous": (2**20, 2**20, 3),
        "past 64 bits": (2**63, 2, 3),
        "of product 0 in 64 bits": (2**32, 2**32, 3),
        "of 33 sides": (1,) * 33,
        "of 1,000 sides": (1,) * 1_000,
    }
    for name, sides in shapes.items():
        yield f"a shape {name}", with_entry(array(*sides, content=held(bytes(18))))
    yield (
        "a shape of floats",
        with_entry(
            called(RECONSTRUCT, named("numpy", "ndarray"), tuple_of(small(0)), b"C\x01b")
            + tuple_of(
                small(1),
                tuple_of(b"G" + struct.pack(">d", 2.0)),
                plain_type(),
                b"\x89",
                held(b"ab"),
            )
            + b"b"
        ),
    )
    yield "a second state of an array", with_entry(POSTER + POSTER[POSTER.index(b"R(") + 1 :])
    yield (
        "an array without a state",
        with_entry(called(RECONSTRUCT, named("numpy", "ndarray"), tuple_of(small(0)), b"C\x01b")),
    )
    buffer = named("numpy._core.numeric", "_frombuffer")
    shape = tuple_of(small(2), small(3), small(3))
    yield (
        "a buffer of text",
        with_entry(called(buffer, text("x" * 18), plain_type(), shape, text("C"))),
    )
    yield (
        "a buffer of order Z",
        with_entry(called(buffer, held(bytes(18)), plain_type(), shape, text("Z"))),
    )
    yield (
        "a buffer with axes that are none",
        with_entry(
            called(
                buffer,
                held(bytes(18)),
                plain_type(),
                shape,
                text("K"),
                tuple_of(*map(small, (0, 0, 1))),
            )
        ),
    )
    scalar = named("numpy._core.multiarray", "scalar")
    yield (
        "a number of objects",
        with_entry(called(scalar, called(dtype, text("O"), b"\x89", b"\x88"), b"N")),
    )
    yield "a number of other bytes", with_entry(called(scalar, plain_type("i8", "<"), held(b"abc")))
    shared = held(bytes(3_000)) + b"\x94"  # MEMOIZE, as the first
    twice = b"".join(
        small(movie) + array(10, 100, 3, content=b"h\x00") + b"s" for movie in (3, 11, 29)
    )
    yield (
        "arrays that share their bytes",
        PROTO + b"}" + small(1) + array(10, 100, 3, content=shared) + b"s" + twice + b".",
    )
