"""Pickles: everything a file of opcodes can try, as the posters or the captions of movies."""

import gzip
import hashlib
import io
import pickle
import struct
from collections.abc import Callable, Iterator

import numpy as np

from pmg.images import Pixels
from tests.hostile.cases import Case, Row, holding
from tests.hostile.opcodes import (
    POSTER,
    PROTO,
    RECONSTRUCT,
    array,
    called,
    held,
    named,
    plain_type,
    small,
    stacked,
    text,
    tuple_of,
    with_entry,
)
from tests.movieposter.raw_folder import POSTERS, STYLE_CAPTIONS, poster

# What exploits are made of, and innocent names beside those that arrays need.
GLOBALS = (
    *("os.system", "posix.system", "subprocess.Popen", "builtins.eval", "builtins.exec"),
    *("builtins.getattr", "builtins.__import__", "__builtin__.apply", "nt.system", "pty.spawn"),
    *("runpy.run_path", "importlib.import_module", "operator.attrgetter", "functools.partial"),
    *("copyreg._reconstructor", "shutil.rmtree", "socket.create_connection", "pickle.loads"),
    *("webbrowser.open", "ctypes.CDLL", "code.interact", "types.FunctionType", "timeit.timeit"),
    *("numpy.load", "numpy.fromfile", "numpy.memmap", "numpy.matrix", "numpy.recarray"),
    *("numpy.core.multiarray.fromfile", "numpy.core.multiarray.frombuffer"),
    *("numpy._core.multiarray.ndarray", "numpy.core.numeric.fromfunction"),
    *("numpy.core.records.fromrecords", "numpy.ctypeslib.load_library"),
    *("numpy.f2py.crackfortran.getlincoef", "numpy.testing._private.utils.runstring"),
    *("numpy.distutils.exec_command.exec_command", "numpy.random._pickle.__randomstate_ctor"),
    *("pandas.read_pickle", "torch._utils._rebuild_tensor_v2", "PIL.Image.open"),
    *("collections.OrderedDict", "pmg_bench.main", "numpy.ufunc", "antigravity.geohash"),
)
# Names that only look like the few that arrays need.
DISGUISED = {
    "a dotted name": ("numpy", "dtype.__class__"),
    "the globals of a function": ("numpy.core.multiarray", "_reconstruct.__globals__"),
    "a capital": ("Numpy", "dtype"),
    "a space": ("numpy ", "dtype"),
    "a Cyrillic letter": ("num\u0440y", "dtype"),
    "a letter of no width": ("numpy\u200b", "dtype"),
    "a line end": ("numpy\n", "dtype"),
    "nothing": ("", ""),
    "no module": ("", "dtype"),
    "text from right to left": ("\u202enumpy", "dtype"),
}
NO_ARRAYS: dict[str, object] = {
    "text": "posters/1.jpg",
    "none": None,
    "a list of lists": [[[0, 0, 0]]],
    "a number": 7,
    "a dict": {"pixels": [1, 2, 3]},
    "a truth value": True,
    "one pixel without a side": np.uint8(3),
    "a plane": np.zeros((2, 3), np.uint8),
    "four channels": np.zeros((2, 3, 4), np.uint8),
    "channels first": np.zeros((3, 2, 4), np.uint8),
    "floats": np.zeros((2, 3, 3), np.float32),
    "signed bytes": np.zeros((2, 3, 3), np.int8),
    "no rows": np.zeros((0, 3, 3), np.uint8),
    "no columns": np.zeros((2, 0, 3), np.uint8),
    "a side of 70,000": np.zeros((70_000, 1, 3), np.uint8),
    "truth values": np.zeros((2, 3, 3), np.bool_),
}
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


def digest(pixels: Pixels) -> str:
    """As the column `image_sha256` is described."""
    height, width, _ = pixels.shape
    return hashlib.sha256(f"{height} {width} 3\n".encode() + pixels.tobytes()).hexdigest()


def outward() -> Iterator[tuple[str, bytes]]:
    """Opcodes that import, call, or reach outside the file."""
    for number, dotted in enumerate(GLOBALS):
        module, _, name = dotted.rpartition(".")
        target = named(module, name) if number % 2 else stacked(module, name)
        yield f"a call of {dotted}", with_entry(called(target, text("touch ran")))
    for name, (module, attribute) in DISGUISED.items():
        yield f"a name with {name}", with_entry(stacked(module, attribute))
    dtype, ndarray = named("numpy", "dtype"), named("numpy", "ndarray")
    system = text("touch ran")
    yield "INST", with_entry(b"(" + system + b"ios\nsystem\n")
    yield "OBJ", with_entry(b"(" + named("os", "system") + system + b"o")
    yield "OBJ of a name that is known", with_entry(b"(" + dtype + text("O") + b"o")
    yield "NEWOBJ", with_entry(ndarray + tuple_of(tuple_of(small(2))) + b"\x81")
    yield "NEWOBJ_EX", with_entry(ndarray + tuple_of(tuple_of(small(2))) + b"}\x92")
    yield "EXT1", with_entry(b"\x82\x01" + tuple_of(system) + b"R")
    yield "EXT2", with_entry(b"\x83\x01\x00" + tuple_of(system) + b"R")
    yield "EXT4", with_entry(b"\x84\x01\x00\x00\x00" + tuple_of(system) + b"R")
    yield "PERSID", with_entry(b"Pfile:///etc/passwd\n")
    yield "BINPERSID", with_entry(text("file:///etc/passwd") + b"Q")
    yield "NEXT_BUFFER", b"\x80\x05}" + small(1) + b"\x97s."
    yield "READONLY_BUFFER", b"\x80\x05}" + small(1) + b"C\x01a\x98s."
    yield "EMPTY_SET", with_entry(b"\x8f")
    yield "ADDITEMS", with_entry(b"\x8f(" + small(1) + b"\x90")
    yield "FROZENSET", with_entry(b"(" + small(1) + b"\x91")
    yield "BUILD of a dict", with_entry(b"}" + b"}" + text("__class__") + small(1) + b"sb")
    yield "BUILD of a number", with_entry(small(1) + b"}b")
    yield "REDUCE of text", with_entry(called(text("os.system"), system))
    yield "REDUCE of an array", with_entry(called(POSTER, system))
    yield "REDUCE without a tuple", with_entry(dtype + text("O") + b"R")
    yield (
        "a codec that unpacks",
        with_entry(called(named("_codecs", "encode"), text("x" * 99), text("zlib"))),
    )
    yield (
        "a codec for hosts",
        with_entry(called(named("_codecs", "encode"), text("x"), text("idna"))),
    )
    yield "a name in place of a poster", with_entry(ndarray)


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


def files() -> Iterator[tuple[str, bytes]]:
    """Files of other kinds under the name."""
    array_file, archive = io.BytesIO(), io.BytesIO()
    np.save(array_file, poster(1))
    np.savez(archive, poster=poster(1))
    yield "an array of numpy's own format", array_file.getvalue()
    yield "numpy's archive", archive.getvalue()
    yield "a packed pickle", gzip.compress(pickle.dumps(POSTERS, 4))
    yield "a database", b"SQLite format 3\0" + bytes(4_080)
    yield "a page", b"<!DOCTYPE html><html><body>Sign in</body></html>"
    yield "JSON", b'{"1": "posters/1.jpg"}'
    yield "an empty file", b""
    yield "spaces", b" " * 5_000


def sound() -> Iterator[tuple[str, bytes]]:
    """What may look odd and is right."""
    for protocol in range(6):
        yield f"protocol {protocol}", pickle.dumps(POSTERS, protocol)
    yield "keys of text", pickle.dumps({str(movie): pixels for movie, pixels in POSTERS.items()})
    yield (
        "keys of numpy",
        pickle.dumps({np.int64(movie): pixels for movie, pixels in POSTERS.items()}),
    )
    yield (
        "columns before rows",
        pickle.dumps({movie: np.asfortranarray(pixels) for movie, pixels in POSTERS.items()}),
    )
    yield "names of numpy 1", pickle.dumps(POSTERS, 2).replace(b"numpy._core.", b"numpy.core.")
    yield (
        "a key with a space",
        with_entry(array(3, 4, 3, content=held(poster(1).tobytes())), text(" 1")),
    )
    yield (
        "a memo of four million",
        with_entry(array(3, 4, 3, content=held(poster(1).tobytes()))).replace(
            b"}", b"}" + b"\x94" * 4_000_000, 1
        ),
    )


def of_captions() -> Iterator[tuple[str, object]]:
    """Values in place of a caption."""
    yield "a number", 7
    yield "none", None
    yield "an array", np.zeros(3)
    yield "a list of numbers", [1, 2]
    yield "a list in a list", [["a"]]
    yield "a dict", {"en": "a"}
    yield "bytes", b"text"
    yield "half a character", "\ud83d"
    yield "text of 17 million letters", "x" * (2**24 + 1)


def cases() -> Iterator[Case]:
    def of(name: str, content: bytes | Callable[[], bytes], row: Row | None = None) -> Case:
        return Case(
            "pickles",
            name,
            "movieposter",
            holding("movieposter", "image_data.pkl", content),
            (),
            row,
        )

    for group in (outward, arrays, structures, keys, sizes, files):
        for name, content in group():
            yield of(name, content)
    for name, content in sound():
        yield of(name, content, Row("items", "1", {"image_sha256": digest(poster(1))}))
    for name, value in NO_ARRAYS.items():
        yield of(f"{name} for a poster", pickle.dumps(POSTERS | {1: value}, 4))
    for name, value in of_captions():
        content = pickle.dumps(STYLE_CAPTIONS | {1: value}, 4)
        harm = holding("movieposter", "style_captions.pkl", content)
        yield Case("pickles", f"{name} for a caption", "movieposter", harm)
