"""Opcodes of pickles, put together by hand: what no pickler would write."""

import struct

PROTO = b"\x80\x04"


def text(value: str | bytes) -> bytes:
    """SHORT_BINUNICODE; bytes may be no UTF-8."""
    encoded = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return b"\x8c" + bytes([len(encoded)]) + encoded


def small(number: int) -> bytes:
    """BININT1, BININT or LONG1, as the number needs."""
    if 0 <= number < 256:
        return b"K" + bytes([number])
    if -(2**31) <= number < 2**31:
        return b"J" + struct.pack("<i", number)
    packed = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(packed)]) + packed


def held(content: bytes) -> bytes:
    """BINBYTES."""
    return b"B" + struct.pack("<I", len(content)) + content


def named(module: str, name: str) -> bytes:
    """GLOBAL."""
    return f"c{module}\n{name}\n".encode()


def stacked(module: str | bytes, name: str | bytes) -> bytes:
    """STACK_GLOBAL."""
    return text(module) + text(name) + b"\x93"


def tuple_of(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b"t"


def called(target: bytes, *arguments: bytes) -> bytes:
    """REDUCE."""
    return target + tuple_of(*arguments) + b"R"


def array(
    *sides: int,
    dtype: bytes | None = None,
    content: bytes | None = None,
    order: bytes = b"\x89",
    subtype: bytes = named("numpy", "ndarray"),
    version: int = 1,
) -> bytes:
    """An array as numpy 1 and 2 describe it."""
    made = called(RECONSTRUCT, subtype, tuple_of(small(0)), b"C\x01b")
    shape = tuple_of(*map(small, sides))
    if content is None:
        size = 1
        for side in sides:
            size *= side
        content = held(bytes(size))
    state = tuple_of(
        small(version), shape, plain_type() if dtype is None else dtype, order, content
    )
    return made + state + b"b"


def plain_type(name: str = "u1", order: str = "|") -> bytes:
    state = tuple_of(small(3), text(order), b"NNN", small(-1), small(-1), small(0))
    return called(named("numpy", "dtype"), text(name), b"\x89", b"\x88") + state + b"b"


RECONSTRUCT = named("numpy._core.multiarray", "_reconstruct")
POSTER = array(2, 3, 3)


def with_entry(value: bytes, key: bytes = small(1)) -> bytes:
    """A dict of sound posters, and one entry that is as given."""
    sound = b"".join(small(movie) + POSTER + b"s" for movie in (2, 3, 11, 29, 318, 7789))
    return PROTO + b"}" + sound + key + value + b"s" + small(193609) + POSTER + b"s."
