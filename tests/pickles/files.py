"""Pickles put into files, opened, and the problem of those that are refused."""

from pathlib import Path

import numpy as np
import pytest

from pmg.problems import BadData, Problem, Severity
from pmg.raw.pickles import PickledDict, open_pickle

WHAT = "the posters (id → pixels)"
UNDERSTOOD = "strings, numbers, lists, dicts and plain numpy arrays"
NEVER_LOAD = (
    "Do not load this file with Python's pickle; ask its author for a dict of plain numpy arrays,"
    " strings, numbers or lists"
)
FETCH_AGAIN = "Fetch or copy the file again, or ask its author for a sound one"
ASK_PLAIN = "Ask its author for a dict of plain numpy arrays, strings, numbers or lists"
ROOT = Path(__file__).parents[2]
PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)

type_names = ["b1", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<u4", ">u8"]
type_names += ["<f2", ">f4", "<f8", "<c8", ">c16"]


def put(folder: Path, content: bytes) -> Path:
    path = folder / "movieposter" / "image_data.pkl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def opened(folder: Path, content: bytes) -> PickledDict:
    return open_pickle(put(folder, content), WHAT)


def refused(folder: Path, content: bytes) -> Problem:
    with pytest.raises(BadData) as raised:
        opened(folder, content)
    assert raised.value.problem.severity is Severity.ERROR
    assert raised.value.problem.file == "movieposter/image_data.pkl"
    return raised.value.problem


def read_all(content: bytes, folder: Path) -> None:
    """Open and read everything; only BadData may come out."""
    try:
        with opened(folder, content) as mapping:
            for key in mapping:
                mapping.header(key)
                try:
                    mapping[key]
                except BadData:
                    continue
    except BadData:
        return


def assert_same(read: object, pickled: object) -> None:
    if isinstance(pickled, np.generic):
        pickled = pickled.item()
    assert type(read) is type(pickled)
    if isinstance(read, np.ndarray) and isinstance(pickled, np.ndarray):
        assert read.dtype == pickled.dtype
        assert not read.flags.writeable
        np.testing.assert_array_equal(read, pickled, strict=True)
    elif isinstance(read, list | tuple) and isinstance(pickled, list | tuple):
        assert len(read) == len(pickled)
        for one, other in zip(read, pickled, strict=True):
            assert_same(one, other)
    else:
        assert repr(read) == repr(pickled)  # tells nan and -0.0, as == does not


def array_of(side: bytes, payload: bytes) -> bytes:
    """Opcodes of a square array, protocol 3, without a memo; the payload may be left out."""
    return (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"
        + (b"(K\x01" + side + side + b"\x86")
        + b"cnumpy\ndtype\nX\x02\x00\x00\x00u1\x89\x88\x87R(K\x03X\x01\x00\x00\x00|NNN"
        + b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        + (payload and payload + b"tb")
    )
