"""What is too deep, too wide or too much ends with a sentence."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from pmg.problems import BadData
from pmg.raw.pickles import machine, reader
from tests.pickles.files import array_of, assert_same, opened, refused

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


def test_arrays_may_not_share_their_bytes_beyond_the_file(tmp_path: Path) -> None:
    first = array_of(b"Kd", b"B\x10\x27\x00\x00" + bytes(10_000) + b"q\x00")
    with opened(tmp_path, b"\x80\x03}K\x01" + first + b"s.") as mapping:
        assert_same(mapping[1], np.zeros((100, 100), "u1"))
    content = b"\x80\x03}K\x01" + first + b"sK\x02" + array_of(b"Kd", b"h\x00") + b"s."
    assert refused(tmp_path, content).found == "arrays of 20,000 bytes"
