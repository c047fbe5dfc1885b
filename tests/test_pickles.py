"""Pickles read as data: every writer's dialect reads back equal, every attack is named."""

import io
import pickle
import pickletools
import random
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from pmg.pickles import PickledDict, machine, open_pickle, reader
from pmg.problems import BadData, Problem, Severity

WHAT = "the posters (id → pixels)"
UNDERSTOOD = "strings, numbers, lists, dicts and plain numpy arrays"
NEVER_LOAD = (
    "Do not load this file with Python's pickle; ask its author for a dict of plain numpy arrays,"
    " strings, numbers or lists"
)
FETCH_AGAIN = "Fetch or copy the file again, or ask its author for a sound one"
ASK_PLAIN = "Ask its author for a dict of plain numpy arrays, strings, numbers or lists"
ROOT = Path(__file__).parents[1]
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


def rearranged(array: np.ndarray, way: str) -> np.ndarray:
    ways: dict[str, Callable[[], np.ndarray]] = {
        "C": lambda: np.ascontiguousarray(array) if array.ndim else array,
        "F": lambda: np.asfortranarray(array) if array.ndim else array,
        "T": lambda: array.T,
        "rolled": lambda: np.moveaxis(array, 0, -1) if array.ndim else array,
        "slice": lambda: array[::2] if array.ndim else array,
    }
    result = ways[way]()
    if way == "T":
        result.setflags(write=False)
    return result


arrays = st.builds(
    rearranged,
    st.sampled_from(type_names).flatmap(
        lambda name: npst.arrays(name, npst.array_shapes(min_dims=0, min_side=0, max_side=7))
    ),
    st.sampled_from(["C", "F", "T", "rolled", "slice"]),
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**900), 2**900),
    st.floats(),
    st.text(),
    st.text(min_size=130, max_size=300),
    npst.from_dtype(np.dtype(">i8")),
    npst.from_dtype(np.dtype("f4")),
)
values = st.one_of(
    arrays, plain, st.lists(plain), st.tuples(plain, st.lists(st.one_of(plain, arrays)))
)
keys = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    npst.from_dtype(np.dtype("i8")),
    npst.from_dtype(np.dtype("u2")),
    st.integers(0).map(str),
    st.text(max_size=30),
)


@given(st.dictionaries(keys, values), st.integers(0, 5))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reads_back_what_pickle_wrote(
    tmp_path: Path, wanted: dict[object, object], protocol: int
) -> None:
    with opened(tmp_path, pickle.dumps(wanted, protocol)) as mapping:
        assert list(mapping) == list(wanted)
        assert mapping.duplicates == ()
        for (key, value), pickled in zip(wanted.items(), mapping, strict=True):
            assert type(pickled) is (str if isinstance(key, str) else int)
            read = mapping[pickled]
            assert_same(read, value)
            header = mapping.header(pickled)
            assert (header is None) is not isinstance(value, np.ndarray)
            if header is not None and isinstance(read, np.ndarray):
                assert (header.shape, header.dtype, header.nbytes) == (
                    read.shape,
                    read.dtype,
                    read.nbytes,
                )


@pytest.mark.parametrize("protocol", [0, 1, 2, 3])
def test_names_of_numpy_1(tmp_path: Path, protocol: int) -> None:
    content = pickle.dumps({1: PIXELS, 2: np.int64(7)}, protocol)
    old = content.replace(b"numpy._core.", b"numpy.core.")
    assert old != content
    with opened(tmp_path, old) as mapping:
        assert_same(mapping[1], PIXELS)
        assert mapping[2] == 7


@pytest.mark.parametrize("protocol", [4, 5])
def test_names_of_numpy_1_in_framed_protocols(tmp_path: Path, protocol: int) -> None:
    content = unframed({1: PIXELS, 2: np.int64(7)}, protocol)
    old = re.sub(
        rb"\x8c(.)numpy\._core\.",
        lambda match: b"\x8c" + bytes([match[1][0] - 1]) + b"numpy.core.",
        content,
        flags=re.DOTALL,
    )
    assert old != content
    with opened(tmp_path, old) as mapping:
        assert_same(mapping[1], PIXELS)
        assert mapping[2] == 7


def unframed(value: object, protocol: int) -> bytes:
    """A pickle of protocol 4 or 5 without FRAME, as other writers make it."""
    content, result = pickle.dumps(value, protocol), bytearray()
    operations = [(op.name, at) for op, _, at in pickletools.genops(content)]
    ends = [at for _, at in operations[1:]] + [len(content)]
    for (name, at), end in zip(operations, ends, strict=True):
        if name != "FRAME":
            result += content[at:end]
    return bytes(result)


@pytest.mark.parametrize("protocol", [4, 5])
def test_unframed(tmp_path: Path, protocol: int) -> None:
    with opened(tmp_path, unframed({1: PIXELS, "2": ["a"]}, protocol)) as mapping:
        assert_same(mapping[1], PIXELS)
        assert mapping["2"] == ["a"]


@pytest.mark.parametrize("protocol", range(6))
def test_memo_without_unused_entries(tmp_path: Path, protocol: int) -> None:
    content = pickletools.optimize(pickle.dumps({1: PIXELS, 2: PIXELS + 1}, protocol))
    with opened(tmp_path, content) as mapping:
        assert_same(mapping[1], PIXELS)
        assert_same(mapping[2], PIXELS + 1)


@pytest.mark.parametrize("protocol", range(6))
def test_one_object_under_two_keys_and_long_memos(tmp_path: Path, protocol: int) -> None:
    shared = ["one", PIXELS]
    wanted: dict[object, object] = {n: [f"text {n}"] for n in range(400)}  # past BINPUT's 255
    wanted |= {"first": PIXELS, "second": PIXELS, "third": shared, "fourth": shared}
    with opened(tmp_path, pickle.dumps(wanted, protocol)) as mapping:
        assert_same(mapping["second"], PIXELS)
        assert_same(mapping["fourth"], shared)
        assert mapping[399] == ["text 399"]


@pytest.mark.parametrize("numbers", [b"I0\nI1\n", b"I00\nI01\n"])
def test_python_2_array(tmp_path: Path, numbers: bytes) -> None:
    content = (
        b"\x80\x02}q\x01(K\x05cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\n"
        b"q\x03K\x00\x85U\x01b\x87Rq\x04(K\x01K\x02K\x02\x86cnumpy\ndtype\nq\x05(U\x02u1"
        + numbers
        + b"tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbI00\n"
        + b"T\x04\x00\x00\x00\x01\xfe\n'tbU\x03keyU\x04caf\xe9K\x06S'it\\'s\\n \\xe9'\nu."
    )
    with opened(tmp_path, content) as mapping:
        assert_same(mapping[5], np.array([[1, 254], [10, 39]], np.uint8))
        assert mapping["key"] == "café"
        assert mapping[6] == "it's\n é"


def test_python_2_surrogates_of_one_character(tmp_path: Path) -> None:
    with opened(tmp_path, b"(dI1\nV\\ud83d\\ude00\nsI2\nV\\ud83d\ns.") as mapping:
        assert mapping[1] == "\N{GRINNING FACE}"
        with pytest.raises(BadData, match=r"byte 24: expected text in Unicode"):
            mapping[2]


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_arrays_are_views_that_outlive_the_mapping(tmp_path: Path, protocol: int) -> None:
    pixels = np.arange(3000, dtype=np.uint8).reshape(10, 100, 3)
    mapping = opened(tmp_path, pickle.dumps({1: pixels}, protocol))
    first, second = mapping[1], mapping[1]
    assert isinstance(first, np.ndarray)
    assert isinstance(second, np.ndarray)
    assert np.shares_memory(first, second)
    mapping.close()
    mapping.close()
    del second
    assert_same(first, pixels)
    with pytest.raises(ValueError, match=r"image_data\.pkl is closed"):
        mapping[1]


def test_header_tells_where_the_bytes_lie(tmp_path: Path) -> None:
    content = pickle.dumps({1: PIXELS, 2: "text"}, 4)
    with opened(tmp_path, content) as mapping:
        header = mapping.header(1)
        assert header is not None
        assert content[header.offset :].startswith(PIXELS.tobytes())
        assert mapping.header(2) is None
        with pytest.raises(KeyError):
            mapping.header(3)
        with pytest.raises(KeyError):
            mapping[3]


def test_asking_for_a_key_does_not_decode_its_value(tmp_path: Path) -> None:
    with opened(tmp_path, b"\x80\x02}K\x01X\x01\x00\x00\x00\xffs.") as mapping:
        assert 1 in mapping
        assert 2 not in mapping
        with pytest.raises(BadData, match=r"byte 10: expected text in Unicode, found"):
            mapping[1]


def test_duplicates_are_told_and_the_last_one_wins(tmp_path: Path) -> None:
    number = pickle.dumps(np.int64(1), 2)[2:-1]
    content = b"\x80\x02}(K\x01K\x07U\x011K\x08" + number + b"K\x09K\x01K\x0aU\x01xNU\x01xNu."
    with opened(tmp_path, content) as mapping:
        assert dict(mapping) == {1: 10, "1": 8, "x": None}
        assert mapping.duplicates == (1, "x")


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


DEEP = {
    "a list that holds itself": b"\x80\x04}K\x01]\x94h\x00as.",
    "a dict that holds itself": b"\x80\x04}\x94K\x01h\x00s.",
    "lists in lists": b"\x80\x04}K\x01" + b"]" * 100_000 + b"a" * 99_999 + b"s.",
    "lists that double": b"\x80\x04]\x940"
    + b"".join(b"](" + 2 * (b"h" + bytes([n])) + b"e\x940" for n in range(40))
    + b"}K\x01h\x28s.",
}


@pytest.mark.parametrize("name", DEEP)
def test_values_too_deep_to_visit(tmp_path: Path, name: str) -> None:
    with opened(tmp_path, DEEP[name]) as mapping, pytest.raises(BadData) as raised:
        mapping[1]
    assert raised.value.problem.place == "key 1"
    assert raised.value.problem.found == "lists nested deeper than 16"


def test_values_too_wide_to_visit(tmp_path: Path) -> None:
    inner = b"](" + b"N" * 999 + b"e"
    content = b"\x80\x04" + inner + b"\x940}K\x01](" + b"h\x00" * 1002 + b"es."
    with opened(tmp_path, content) as mapping, pytest.raises(BadData) as raised:
        mapping[1]
    assert raised.value.problem.found == "more than 1,000,000 elements"


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


REPEATED = b"".join(bytes([75, n, 78]) * 2 for n in range(11))


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("MAX_ENTRIES", b"}(" + b"K\x01N" * 11 + b"u."),
        ("MAX_REPEATED", b"}(" + REPEATED + b"u."),
    ],
)
def test_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, content: bytes
) -> None:
    opened(tmp_path, content).close()
    monkeypatch.setattr(machine, limit, 10)
    assert refused(tmp_path, content).found.startswith("more than 10 ")


def test_too_many_opcodes(tmp_path: Path) -> None:
    content = b"}" + b"N0" * (machine.MAX_OPCODES // 2 + 1) + b"."
    assert refused(tmp_path, content).found == "more than 5,000,000 opcodes"


def test_text_beyond_the_limit_is_refused_when_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_TEXT_BYTES", 200)
    with opened(tmp_path, pickle.dumps({1: "a" * 200, 2: "a" * 201}, 4)) as mapping:
        assert mapping[1] == "a" * 200
        with pytest.raises(BadData, match="found 201 bytes"):
            mapping[2]


def array_of(side: bytes, payload: bytes) -> bytes:
    """Opcodes of a square array, protocol 3, without a memo; the payload may be left out."""
    return (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"
        + (b"(K\x01" + side + side + b"\x86")
        + b"cnumpy\ndtype\nX\x02\x00\x00\x00u1\x89\x88\x87R(K\x03X\x01\x00\x00\x00|NNN"
        + b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        + (payload and payload + b"tb")
    )


def test_arrays_may_not_share_their_bytes_beyond_the_file(tmp_path: Path) -> None:
    first = array_of(b"Kd", b"B\x10\x27\x00\x00" + bytes(10_000) + b"q\x00")
    with opened(tmp_path, b"\x80\x03}K\x01" + first + b"s.") as mapping:
        assert_same(mapping[1], np.zeros((100, 100), "u1"))
    content = b"\x80\x03}K\x01" + first + b"sK\x02" + array_of(b"Kd", b"h\x00") + b"s."
    assert refused(tmp_path, content).found == "arrays of 20,000 bytes"


def test_random_damage_is_told_or_harmless(tmp_path: Path) -> None:
    dice = random.Random(20260101)  # noqa: S311 - damage, not secrets
    wanted = {1: PIXELS, np.int64(2): ["a", "é" * 200], "3": np.asfortranarray(np.eye(3)), 4: 1.5}
    for protocol in range(6):
        content = pickle.dumps(wanted, protocol)
        for _ in range(150):
            damaged = bytearray(content)
            for _ in range(dice.randint(1, 3)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            read_all(bytes(damaged), tmp_path)


PIECES = [b"K\x01", b"cnumpy\ndtype\n", b"h\x00", b"(", b"\x94", b"R", b"b", b"\x8c\x02u1"]
PIECES += [bytes([n]) for n in range(256)]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_opcodes_are_told_or_harmless(tmp_path: Path, pieces: list[bytes]) -> None:
    read_all(b"\x80\x04}" + b"".join(pieces) + b".", tmp_path)


NOTHING_RUNS = """
import sys
from pathlib import Path
from pmg.pickles import open_pickle
from pmg.problems import BadData

good, *bad = map(Path, sys.argv[1:])
with open_pickle(good, "warm-up") as mapping:
    dict(mapping)  # numpy imports what it needs on first use

events = []
listening = True

def listen(event, arguments):
    if listening and event not in {"open", "mmap.__new__"}:
        events.append(event)

sys.addaudithook(listen)
for path in bad:
    try:
        with open_pickle(path, "x") as mapping:
            dict(mapping)
        raise SystemExit(f"{path} was let pass")
    except BadData:
        pass
listening = False
print(sorted(set(events)))
"""


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    paths = []
    contents = [
        pickle.dumps({1: PIXELS, 2: "a" * 300}, 4),
        b"(dI1\ncos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntRs.",
        b"\x80\x04}K\x01\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85Rs.",
        b"\x80\x02}K\x01cantigravity\ngeohash\n)Rs.",
        b"(dI1\n(S'true'\nios\nsystem\ns.",
        b"\x80\x02}K\x01cbuiltins\neval\nX\x03\x00\x00\x001+1\x85Rs.",
        b"\x80\x02}K\x01cnumpy\nload\n)Rs.",
        b"\x80\x02}K\x01C\x03abccnumpy\ndtype\n(tRs.",
    ]
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"{number}.pkl")
        paths[-1].write_bytes(content)
    # Unpickled by Python, the first of them does run: the listener has something to hear.
    run = subprocess.run(
        [sys.executable, "-c", NOTHING_RUNS, *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")
    assert not (tmp_path / "ran").exists()
    pickle.load(io.BytesIO(contents[1]))
    assert (tmp_path / "ran").exists()


def anonymous_memory() -> int:
    """Bytes of memory that belong to this process and to no file."""
    found = re.search(
        r"^Anonymous:\s+(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE
    )
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_opening_takes_no_memory_by_the_bytes_of_pictures(tmp_path: Path) -> None:
    nbytes = 8192 * 8192
    path = tmp_path / "posters.pkl"
    with path.open("wb") as file:
        file.write(b"\x80\x03}")
        for number in range(8):
            file.write(b"K" + bytes([number]) + array_of(b"M\x00\x20", b""))
            file.write(b"B" + struct.pack("<I", nbytes))
            file.seek(nbytes, io.SEEK_CUR)  # a hole of zeros
            file.write(b"tbs")
        file.write(b".")
    assert path.stat().st_size > 500_000_000
    before = anonymous_memory()
    with open_pickle(path, WHAT) as mapping:
        assert list(mapping) == list(range(8))
        header = mapping.header(7)
        assert header is not None
        assert header.shape == (8192, 8192)
        assert anonymous_memory() - before < 4_000_000
