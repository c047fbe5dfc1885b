"""Entries that look alike are read together; what comes of it is what their opcodes say."""

import mmap
import pickle
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmg.problems import BadData
from pmg.raw.pickles import DictWriter, PickledDict, machine, opcodes, reading, series
from pmg.raw.pickles.machine import Machine
from pmg.raw.pickles.opcodes import HANDLERS, interpret
from tests.pickles.files import array_of, assert_same, opened

Told: TypeAlias = tuple[str, str, str, str]

TYPES = ["u1", "<u2", ">f4", "b1"]
counts = st.integers(0, 3) | st.sampled_from([1, 255, 256, 300])
shapes = st.one_of(
    st.tuples(counts, st.integers(0, 3), st.just(3)),
    st.tuples(st.integers(0, 3), st.integers(1, 3)),
    st.tuples(st.sampled_from([0, 1, 255, 256, 70_000])),
    st.sampled_from([(), (1, 2, 1, 2), (2, 3, 3)]),
)
number_keys = st.integers(0, 300) | st.integers(-(2**63), 2**63 - 1) | st.just(70_000)
keys = number_keys | number_keys.map(str) | st.integers(0, 9).map(np.int64)


@pytest.fixture(autouse=True)
def short_series() -> Iterator[None]:
    with mock.patch.object(series, "FEWEST", 1):
        yield


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    shape = draw(shapes)
    made = np.resize(np.arange(251, dtype="u1") % 2, shape).astype(draw(st.sampled_from(TYPES)))
    if draw(st.booleans()):
        made = made.view(np.dtype(made.dtype.str, copy=True))  # of a dtype of its own
    return np.asfortranarray(made) if draw(st.integers(0, 9)) == 0 else made


@st.composite
def pickles(draw: st.DrawFn) -> bytes:
    """A dict that is mostly arrays alike, in any protocol."""
    alike = draw(arrays())
    other = st.one_of(arrays(), st.just([1, alike]), st.just("text"), st.just({1: alike}))
    some_keys = draw(st.sampled_from([st.integers(0, 70_000), number_keys.map(str), keys]))
    values: dict[Any, object] = {}
    for key in draw(st.lists(some_keys, min_size=2, max_size=12)):
        values[key] = draw(other) if draw(st.integers(0, 4)) == 0 else alike.copy("A")
    if draw(st.booleans()):  # one array under several keys
        values[draw(some_keys)] = alike
        values[draw(some_keys)] = alike
    if draw(st.booleans()):
        return pickle.dumps(values, draw(st.integers(0, 5)))
    return by_entries(list(values.items()) * draw(st.integers(1, 2)))


def by_entries(entries: list[tuple[Any, object]]) -> bytes:
    """As DictWriter writes them, which keeps no memo and so can set a key twice."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.pkl"
        with DictWriter(path) as writer:
            for key, value in entries:
                writer.add(key, value)
        return path.read_bytes()


def outcome(folder: Path, content: bytes, *, by_opcodes: bool) -> PickledDict | Told:
    def slowly(data: mmap.mmap, _: int) -> object:
        return interpret(Machine(data))

    name = "pmg.raw.pickles.reader.table_of"
    with mock.patch(name, slowly if by_opcodes else reading.table_of):
        try:
            return opened(folder, content)
        except BadData as fault:
            problem = fault.problem
            return problem.place, problem.expected, problem.found, problem.remedy


def read(mapping: PickledDict, key: int | str) -> object:
    try:
        return mapping[key]
    except BadData as fault:
        return str(fault)


def assert_read_alike(folder: Path, content: bytes) -> None:
    quick = outcome(folder, content, by_opcodes=False)
    slow = outcome(folder, content, by_opcodes=True)
    if not isinstance(quick, PickledDict) or not isinstance(slow, PickledDict):
        assert quick == slow
        return
    with quick, slow:
        assert list(quick) == list(slow)
        assert quick.duplicates == slow.duplicates
        for key in slow:
            assert quick.header(key) == slow.header(key)
            assert_same(read(quick, key), read(slow, key))


anything = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@anything
@given(content=pickles())
def test_a_dict_is_what_its_opcodes_say(tmp_path: Path, content: bytes) -> None:
    assert_read_alike(tmp_path, content)


@anything
@given(content=pickles(), data=st.data())
def test_a_damaged_dict_is_refused_as_its_opcodes_are(
    tmp_path: Path, content: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "delete", "insert", "set"])):
        case "flip":
            content = _with(content, place, bytes([content[place] ^ 1 << place % 8]))
        case "set":
            content = _with(content, place, data.draw(st.binary(min_size=1, max_size=1)))
        case "cut":
            content = content[:place]
        case "delete":
            content = content[:place] + content[place + data.draw(st.integers(1, 9)) :]
        case "insert":
            content = content[:place] + data.draw(st.binary(max_size=3)) + content[place:]
    if content:
        assert_read_alike(tmp_path, content)


def _with(content: bytes, place: int, byte: bytes) -> bytes:
    return content[:place] + byte + content[place + 1 :]


LIKE = {n: np.full((5, 4, 3), n % 256, "u1") for n in range(40)}
OWN_TYPES = {n: value.view(np.dtype("u1", copy=True)) for n, value in LIKE.items()}
FORMS = [
    pytest.param(by_entries(list(LIKE.items())), id="DictWriter"),
    *(pytest.param(pickle.dumps(LIKE, n), id=f"protocol {n}") for n in (3, 4, 5)),
    *(pytest.param(pickle.dumps(OWN_TYPES, n), id=f"own types, {n}") for n in (3, 4, 5)),
    pytest.param(pickle.dumps({f"{n}": v for n, v in LIKE.items()}, 4), id="text as keys"),
    pytest.param(pickle.dumps({n * 9_000: v for n, v in LIKE.items()}, 4), id="long keys"),
    pytest.param(
        pickle.dumps({n: np.zeros((n * 20, 3), "f4") for n in range(40)}, 4), id="any size"
    ),
]


@pytest.mark.parametrize("content", FORMS)
def test_entries_alike_are_not_interpreted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    called = mock.Mock(side_effect=HANDLERS[ord("R")])
    watched = [*HANDLERS[: ord("R")], called, *HANDLERS[ord("R") + 1 :]]
    monkeypatch.setattr(reading, "HANDLERS", watched)
    monkeypatch.setattr(reading, "interpret", pytest.fail)
    with opened(tmp_path, content) as mapping:
        assert len(mapping) == len(LIKE)
    assert called.call_count < len(LIKE) / 2


@pytest.mark.parametrize("content", FORMS)
def test_entries_that_are_not_interpreted_are_what_opcodes_say(
    tmp_path: Path, content: bytes
) -> None:
    assert_read_alike(tmp_path, content)


ARRAY = array_of(b"K\x02", b"C\x04\0\1\2\3")  # of two by two


def entry(key: int, before: bytes = b"", array: bytes = ARRAY) -> bytes:
    return b"K" + bytes([key]) + before + array + b"s"


# A type that waits for its byte order, in the memo; an entry that completes it, twice.
WAITING = b"cnumpy\ndtype\nX\x02\0\0\0u1\x89\x88\x87Rq\0"
COMPLETES = ARRAY.replace(WAITING[:-2], b"h\0")
CRAFTED = {
    "types completed twice": b"}" + WAITING + b"0" + b"".join(map(entry, range(2)))
    + entry(3, array=COMPLETES) * 6,
    "a memo that changes": b"}" + b"K\1\x85q\0" + b"0"
    + b"".join(entry(n, b"h\0q\x010") for n in range(6)),
    "an entry recalled": b"}\x94" + b"".join(entry(n, b"\x94") for n in range(6)) + b"K\7h\3s",
    "an array recalled": b"}" + b"".join(entry(n, array=ARRAY + b"\x94") for n in range(6))
    + b"K\7h\3s",
    "the key in a tuple": b"}" + (b"K\1" + ARRAY + b"s") * 2
    + b"".join(b"K" + bytes([n]) + b"\x85K\1" + ARRAY + b"s" for n in range(6)),
    "frames beyond the end": b"}" + b"".join(map(entry, range(4)))
    + entry(5).replace(b"\3tb", b"\3\x95" + b"\xff" * 8 + b"tb") + entry(6) + entry(7),
    "keys set twice": b"}" + b"".join(map(entry, range(9))) + entry(3) * 4,
    "a shape below zero": b"}" + b"".join(map(entry, range(4)))
    + entry(5).replace(b"K\2K\2\x86", b"J\xfe\xff\xff\xffJ\xfe\xff\xff\xff\x86") + entry(6) * 2,
    "a shape of another size": b"}" + b"".join(map(entry, range(4)))
    + entry(5).replace(b"K\2K\2\x86", b"K\2K\3\x86") + entry(6) * 2,
    "entries of a list": b"}](" + b"".join(entry(n)[:-1] for n in range(6)) + b"e\x85",
}  # fmt: skip


@pytest.mark.parametrize("name", CRAFTED)
def test_crafted_entries(tmp_path: Path, name: str) -> None:
    for end in (b".", b"0."):
        assert_read_alike(tmp_path, b"\x80\x04" + CRAFTED[name] + end)


@pytest.mark.parametrize("limit", ["MAX_ENTRIES", "MAX_MEMO", "MAX_OPCODES"])
@pytest.mark.parametrize("content", FORMS)
def test_limits_hold_for_entries_that_are_not_interpreted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, content: bytes
) -> None:
    for most in (30, 39, 40, 100, 200, 400, 1000):
        monkeypatch.setattr(machine, limit, most)
        monkeypatch.setattr(opcodes, limit, most, raising=False)
        assert_read_alike(tmp_path, content)


@pytest.mark.parametrize("first", [b"N0", b"K\x000"])
@pytest.mark.parametrize("content", FORMS)
def test_bytes_that_begin_no_pickle(tmp_path: Path, first: bytes, content: bytes) -> None:
    assert_read_alike(tmp_path, first + content)


def test_the_limit_of_opcodes_holds_for_those_that_are_learnt_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pickle.dumps({1: np.zeros((2, 2, 3), "u1"), 2: "text"}, 3)
    for most in range(len(content)):
        monkeypatch.setattr(machine, "MAX_OPCODES", most)
        monkeypatch.setattr(opcodes, "MAX_OPCODES", most)
        assert_read_alike(tmp_path, content)
