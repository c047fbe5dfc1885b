"""Files of other kinds, values that are no posters, and what may look odd and is right."""

import gzip
import hashlib
import io
import pickle
import struct
from collections.abc import Iterator

import numpy as np

from pmg.images import Pixels
from tests.hostile.pickles.opcodes import array, held, text, with_entry
from tests.movieposter.raw_folder import POSTERS, poster

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


def digest(pixels: Pixels) -> str:
    """As the column `image_sha256` is described."""
    height, width, _ = pixels.shape
    return hashlib.sha256(f"{height} {width} 3\n".encode() + pixels.tobytes()).hexdigest()


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


def shared() -> Iterator[tuple[str, bytes]]:
    """Captions that many keys share: a short file, and long to read."""
    megabyte = b"X" + struct.pack("<I", 10**6) + b"x" * 10**6
    many_empty = b"](" + b"X\0\0\0\0" * 900_000 + b"e"
    for name, value in {
        "a text of a megabyte": megabyte,
        "a list of 900,000 texts": many_empty,
    }.items():
        others = b"".join(b"M" + struct.pack("<H", key) + b"h\0s" for key in range(2, 3_000))
        yield f"{name} under 3,000 keys", b"\x80\x04}K\x01" + value + b"\x94s" + others + b"."
    yield "five million dicts", b"\x80\x04" + b"}" * 4_999_000 + b"."
    yield "five million lists", b"\x80\x04}" + b"]" * 4_999_000 + b"."
