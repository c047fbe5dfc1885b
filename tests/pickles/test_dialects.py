"""Every writer's dialect reads back equal: protocols, numpy versions, memo, frames."""

import pickle
import pickletools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from pmg.problems import BadData
from tests.pickles.files import PIXELS, assert_same, opened, type_names


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
    assert b"numpy.core." in old
    assert b"numpy._core." not in old
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
    assert b"numpy.core." in old
    assert b"numpy._core." not in old
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
