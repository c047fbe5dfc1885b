"""Stacks, memos, marks, frames, keys, lengths and ends that no writer leaves so."""

import pickle
import struct
from collections.abc import Callable, Iterator

from tests.hostile.pickles.opcodes import (
    POSTER,
    PROTO,
    called,
    held,
    named,
    small,
    text,
    tuple_of,
    with_entry,
)


def structures() -> Iterator[tuple[str, bytes]]:
    """Stack, memo, marks, frames, keys and ends that no writer leaves so."""
    sound = with_entry(POSTER)
    yield "nothing before STOP", PROTO + b"."
    yield "two values before STOP", PROTO + b"}}."
    yield "a MARK before STOP", PROTO + b"}(."
    yield "no STOP", sound[:-1]
    yield "a second pickle behind STOP", sound + sound
    yield "a program behind STOP", sound + called(named("os", "system"), text("touch ran")) + b"."
    yield "zeros behind STOP", sound + bytes(4_096)
    yield "a list", pickle.dumps([1, 2])
    yield "a tuple", PROTO + tuple_of(b"}", b"}") + b"."
    yield "an array alone", PROTO + POSTER + b"."
    yield "a key without a value", PROTO + b"}(" + small(1) + b"u."
    yield "values for a number", PROTO + small(1) + small(1) + POSTER + b"s."
    yield "TUPLE without a MARK", PROTO + b"}" + small(1) + b"t."
    yield "POP of nothing", PROTO + b"0}."
    yield "POP_MARK without a MARK", PROTO + b"}1."
    yield "DUP of nothing", PROTO + b"2."
    yield "a tuple of more than there is", PROTO + b"}" + small(1) + b"\x87s."
    yield "a set across a MARK", PROTO + b"}" + small(1) + b"(" + POSTER + b"s."
    yield "marks without end", PROTO + b"(" * 1_000_000 + b"}."
    yield "an index of the memo that is not there", with_entry(b"h\x63")
    yield "an enormous index of the memo", PROTO + b"}r\xff\xff\xff\xff."
    yield "an index of the memo in letters", b"}pabc\n."
    yield "an index of the memo of 5,000 digits", b"}p" + b"9" * 5_000 + b"\n."
    yield "protocol 9", b"\x80\x09" + sound[2:]
    yield "a protocol in the middle", with_entry(b"\x80\x09" + POSTER)
    yield "a frame past the end", PROTO + b"\x95" + struct.pack("<Q", 2**63) + sound[2:]
    yield "a frame longer than the file", PROTO + b"\x95" + struct.pack("<Q", 10**6) + sound[2:]
    yield "an unknown opcode", with_entry(b"\xff")
    yield "an opcode of zeros", bytes(1_000)
    put = text("AAA") + b"q\x010" + text("BBB") + b"\x940"
    yield "a memo with a gap", PROTO + b"}" + put + b"(K\x01h\x01u."
    yield "a number with a leading zero", b"\x80\x02}(I010\n\x8c\x01xu."
    yield "a number with a plus", b"\x80\x02}(I+1\n\x8c\x01xu."
    yield "a long number with a leading zero", b"\x80\x02}(L010\n\x8c\x01xu."
    yield "a list that holds itself", with_entry(b"]\x94h\x00a")
    yield "a dict that holds itself", PROTO + b"}\x94" + small(1) + b"h\x00s."
    yield "lists nested 1,000,000 deep", with_entry(b"]" * 1_000_000 + b"a" * 999_999)
    yield "tuples nested 1,000,000 deep", with_entry(b")" + b"\x85" * 1_000_000)
    yield "lists that double 30 times", with_entry(doubled(30))


def keys() -> Iterator[tuple[str, bytes]]:
    """Keys that mean no movie, or two."""
    yield "an array as a key", with_entry(POSTER, key=POSTER)
    yield "a list as a key", with_entry(POSTER, key=b"]")
    yield "a tuple as a key", with_entry(POSTER, key=tuple_of(small(1)))
    yield "None as a key", with_entry(POSTER, key=b"N")
    yield "a float as a key", with_entry(POSTER, key=b"G" + struct.pack(">d", 1.0))
    yield "NaN as a key", with_entry(POSTER, key=b"G" + struct.pack(">d", float("nan")))
    yield "a truth value as a key", with_entry(POSTER, key=b"\x88")
    yield "bytes as a key", with_entry(POSTER, key=held(b"1"))
    yield "a negative key", with_entry(POSTER, key=small(-1))
    yield "a key past 64 bits", with_entry(POSTER, key=small(2**64))
    yield (
        "a key of a megabyte",
        with_entry(POSTER, key=b"X" + struct.pack("<I", 10**6) + b"1" * 10**6),
    )
    yield "a key of words", with_entry(POSTER, key=text("one"))
    yield "a key of Arabic digits", with_entry(POSTER, key=text("\u0661"))
    yield "a key that is no UTF-8", with_entry(POSTER, key=text(b"\xff1"))
    yield "a key set twice", with_entry(POSTER + b"s" + small(1) + POSTER)
    yield "keys that mean one movie", with_entry(POSTER + b"s" + text("1") + POSTER)
    yield (
        "more than a thousand keys set twice",
        PROTO + b"}(" + 2 * b"".join(small(number) + b"N" for number in range(1_001)) + b"u.",
    )


def sizes() -> Iterator[tuple[str, bytes | Callable[[], bytes]]]:
    """Lengths and counts that are lies, or that are true and too much."""
    for code, layout, width in (
        (b"X", "<I", 2**32 - 1),
        (b"\x8d", "<Q", 2**63),
        (b"\x8e", "<Q", 2**63),
    ):
        yield (
            f"a length of {width:,} under 0x{code.hex()}",
            PROTO + b"}" + small(1) + code + struct.pack(layout, width) + b"s.",
        )
    yield "a negative length of a string", b"}K\x01T" + struct.pack("<i", -1) + b"s."
    yield (
        "a number of two billion bytes",
        PROTO + b"}K\x01\x8b" + struct.pack("<i", 2**31 - 1) + b"s.",
    )
    yield "a number of -1 bytes", PROTO + b"}K\x01\x8b" + struct.pack("<i", -1) + b"s."
    yield "a number of a million digits", b"(dI1\nL" + b"9" * 1_000_000 + b"L\ns."
    yield "a number in a line without end", b"(dI" + b"1" * 3_000_000
    yield "a float of a million digits", b"(dI1\nF" + b"9" * 1_000_000 + b"\ns."
    yield "a bytearray past the end", b"\x80\x05}K\x01\x96" + struct.pack("<Q", 2**62) + b"s."
    yield "text without end", b"(dI1\nV" + b"x" * 2_000_000
    yield "a string without quotes", b"(dI1\nSabc\ns."
    yield "a string with one quote", b"(dI1\nS'\ns."
    yield "ten million opcodes", lambda: PROTO + b"}" + b"N0" * 5_000_000 + b"."
    yield (
        "a million entries",
        lambda: (
            PROTO + b"}(" + b"".join(small(number) + b"N" for number in range(1_000_000)) + b"u."
        ),
    )


def doubled(times: int) -> bytes:
    """A list of two lists of two lists, and so on."""
    step = b"".join(b"0](" + 2 * (b"h" + bytes([n])) + b"e\x94" for n in range(times))
    return b"]\x94" + step
