"""What is refused is named: golden texts, types, shapes, truncation, malformed opcodes."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from pmg.problems import BadData
from pmg.raw.pickles import open_pickle
from tests.pickles.files import (
    ASK_PLAIN,
    FETCH_AGAIN,
    NEVER_LOAD,
    PIXELS,
    UNDERSTOOD,
    WHAT,
    array_of,
    opened,
    refused,
)

GOLDEN = {
    "global in protocol 0": (
        b"(dp0\nI1\ncos\nsystem\n(S'true'\ntRs.",
        ("byte 8", UNDERSTOOD, "the global os.system", NEVER_LOAD),
    ),
    "global in protocol 4": (
        b"\x80\x04}K\x01\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85Rs.",
        ("byte 17", UNDERSTOOD, "the global os.system", NEVER_LOAD),
    ),
    "global without a print": (
        b"c\xe2\x80\xae\nx\xff\n.",
        ("byte 0", UNDERSTOOD, "the global \\u202e.x\\\\xff", NEVER_LOAD),
    ),
    "extension": (
        b"\x80\x02\x82\x01.",
        ("byte 2", UNDERSTOOD, "the opcode EXT1", NEVER_LOAD),
    ),
    "bytes behind": (
        pickle.dumps({}, 4) + pickle.dumps({}, 4),
        ("byte 5", "one pickle, and nothing behind it", "5 bytes after its end", FETCH_AGAIN),
    ),
    "list": (
        pickle.dumps([1], 2),
        ("byte 8", "a dict", "a list", ASK_PLAIN),
    ),
    "list as key": (
        b"\x80\x04}]Ns.",
        (
            "byte 5",
            "whole numbers of 64 bits or text of at most 128 bytes as keys",
            "a list as a key",
            ASK_PLAIN,
        ),
    ),
    "truth value as key": (
        b"\x80\x04}\x88Ns.",
        (
            "byte 5",
            "whole numbers of 64 bits or text of at most 128 bytes as keys",
            "True as a key",
            ASK_PLAIN,
        ),
    ),
    "picture": (
        b"\x89PNG\r\n",
        ("byte 0", "a pickle", "the byte 0x89", FETCH_AGAIN),
    ),
    "protocol 6": (
        b"\x80\x06}.",
        ("byte 0", "a protocol from 0 to 5", "protocol 6", FETCH_AGAIN),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_problems(tmp_path: Path, name: str) -> None:
    content, wanted = GOLDEN[name]
    assert refused(tmp_path, content)[2:] == wanted


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.array([None]), "O8"),
        (np.array(["a"]), "U1"),
        (np.array([b"a"]), "S1"),
        (np.zeros(1, "u1,u2"), "V3"),
        (np.zeros(1, "M8[s]"), "M8"),
    ],
)
@pytest.mark.parametrize("protocol", range(6))
def test_other_data_types_are_refused_by_name(
    tmp_path: Path, value: object, name: str, protocol: int
) -> None:
    content = pickle.dumps({1: value}, protocol)
    problem = refused(tmp_path, content)
    assert problem.expected.startswith("plain data types (b1, c16, c8, f2,")
    assert problem.found == f"the data type {name}"
    assert content[int(problem.place.removeprefix("byte "))] == ord("R")


@pytest.mark.parametrize("protocol", range(6))
def test_shape_that_disagrees_with_the_bytes(tmp_path: Path, protocol: int) -> None:
    content = pickle.dumps({1: np.ones((3, 5), "u1")}, protocol)
    small = b"I5\n" if protocol == 0 else b"K\x05"
    wrong = content.replace(small, small.replace(b"5", b"9").replace(b"\x05", b"\x09"))
    assert wrong != content
    problem = refused(tmp_path, wrong)
    assert problem.expected == "27 bytes for an array of shape (3, 9) and type uint8"
    assert problem.found == "15 bytes"


def test_array_without_contents(tmp_path: Path) -> None:
    content = b"\x80\x03}K\x01cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
    with opened(tmp_path, content + b"K\x00\x85C\x01b\x87Rs.") as mapping:
        assert mapping.header(1) is None
        with pytest.raises(BadData, match="key 1: expected a sound pickle, found an array without"):
            mapping[1]


def test_disagreement_seen_only_when_decoded(tmp_path: Path) -> None:
    ones = np.full(100, 200, "u1")  # two file bytes each: 150 of them could be meant
    content = pickle.dumps({1: ones}, 2)
    wrong = content.replace(b"Kd\x85", b"K\x96\x85")
    assert wrong != content
    with opened(tmp_path, wrong) as mapping, pytest.raises(BadData) as raised:
        mapping[1]
    assert raised.value.problem.expected == "150 bytes for an array of shape (150,) and type uint8"
    assert raised.value.problem.found == "100 bytes"


def test_truth_values_are_0_or_1(tmp_path: Path) -> None:
    content = pickle.dumps({1: np.array([True] * 9)}, 4)
    told = "expected truth values of 0 and 1, found other bytes"
    with (
        opened(tmp_path, content.replace(b"\x01" * 9, b"\x01" * 8 + b"\x02")) as mapping,
        pytest.raises(BadData, match=told),
    ):
        mapping[1]


@pytest.mark.parametrize(
    "shape",
    [
        b"J\xff\xff\xff\xff\x85",
        b"L" + b"9" * 600 + b"L\n\x85",
        b"K\x00" + b"J\xff\xff\xff\x7f" * 2 + b"\x87",
        b"N\x85",
        b"\x89\x85",
        b"(" + b"K\x00" * 33 + b"t",
    ],
)
def test_shapes_that_are_none(tmp_path: Path, shape: bytes) -> None:
    content = b"\x80\x03}K\x07" + array_of(b"K\x00", b"C\x00") + b"s."
    opened(tmp_path, content).close()
    refused(tmp_path, content.replace(b"K\x00K\x00\x86", shape))


@pytest.mark.parametrize("protocol", range(6))
def test_truncation_at_every_byte(tmp_path: Path, protocol: int) -> None:
    content = pickle.dumps({1: PIXELS, "two": ["a", 1.5, -(2**70)], 300: np.float32(2)}, protocol)
    opened(tmp_path, content).close()
    for length in range(1, len(content)):
        problem = refused(tmp_path, content[:length])
        assert problem.found == "the end of the file" or problem.place != ""
        assert int(problem.place.removeprefix("byte ")) <= length


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refused(tmp_path, b"").found == "an empty file"
    assert refused(tmp_path, b"<!DOCTYPE html><p>Not found").found == "an HTML page"
    with pytest.raises(BadData, match="found no such file"):
        open_pickle(tmp_path / "absent.pkl", WHAT)


REFUSED = {
    "an end without a mark": (b"}t.", "an end without a MARK"),
    "a mark at the end": (b"}(.", "STOP with other than one value on the stack"),
    "two values": (b"}}.", "STOP with other than one value on the stack"),
    "nothing": (b"}0.", "STOP with other than one value on the stack"),
    "an odd number of entries": (b"}(K\x01u.", "a key without a value"),
    "entries for a number": (b"}K\x01(K\x01K\x02u.", "entries for the number 1"),
    "elements for a dict": (b"}K\x01a.", "elements for a dict"),
    "below the mark": (b"}K\x01(s.", "an opcode that takes more than there is"),
    "an unknown index": (b"}K\x01h\x05s.", "the memo's index 5, which nothing was put under"),
    "an index in a gap": (
        b"}r\x05\x00\x00\x00K\x01h\x01s.",
        "the memo's index 1, which nothing was put under",
    ),
    "an enormous index": (b"}r\xff\xff\xff\xff.", "the memo's index 4,294,967,295"),
    "an index that is no number": (b"}p-1\n.", "an index that is no number"),
    "an enormous number": (b"(dI1\nL" + b"9" * 100_000 + b"L\ns.", "a line of more than 640 bytes"),
    "a number with underscores": (b"(dI1\nI1_0\ns.", "1_0 for a number"),
    "an enormous LONG4": (b"}K\x01\x8b\xff\xff\xff\x7f.", "a number of 2,147,483,647 bytes"),
    "a negative LONG4": (b"}K\x01\x8b\xff\xff\xff\xff.", "a number of -1 bytes"),
    "a negative length": (b"}T\xff\xff\xff\xffabc.", "a length of -1 bytes"),
    "a length past the file": (
        b"}K\x01\x8e\xff\xff\xff\xff\xff\xff\xff\xffs.",
        "the end of the file",
    ),
    "a text past the file": (
        b"}K\x01\x8d\xff\xff\xff\xff\xff\xff\xff\x7fs.",
        "the end of the file",
    ),
    "a frame past the file": (
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff}.",
        "the end of the file",
    ),
    "a key that hashes at will": (
        b"}\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00Ns.",
        "the number 18446744073709551615 as a key",
    ),
    "a number with a point as key": (
        b"}G\x00\x00\x00\x00\x00\x00\x00\x00Ns.",
        "the number 0.0 as a key",
    ),
    "a symbol as value": (b"}K\x01cnumpy\ndtype\ns.", "the name numpy.dtype as a value"),
    "bytes as value": (b"}K\x01C\x01as.", "bytes as a value"),
    "a call of a value": (b"}K\x01)R.", "a call of the number 1"),
    "a call without arguments": (
        b"}cnumpy\ndtype\n)R.",
        "numpy.dtype with arguments that numpy does not write",
    ),
    "a state for a dict": (b"}}b.", "a state for a dict"),
    "a state for a symbol": (b"cnumpy\ndtype\n}b.", "a state for the name numpy.dtype"),
    "too many marks": (b"(" * 200 + b"}.", "more than 100 marks at once"),
    "a string without quotes": (b"(dI1\nSabc\ns.", "a string without quotes"),
    "bytes beyond latin-1": (
        b"}c_codecs\nencode\n\x8c\x02\xc4\x80\x8c\x06latin1\x86R.",
        "characters that stand for no bytes",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_malformed(tmp_path: Path, name: str) -> None:
    content, found = REFUSED[name]
    problem = refused(tmp_path, content)
    assert problem.found == found
    assert 0 <= int(problem.place.removeprefix("byte ")) <= len(content)
