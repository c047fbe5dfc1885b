"""JSON files as plain values, and what is said where they are broken."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.problems import BadData, Problems
from pmg.raw.json_files import read_captions, read_json

WHAT = "the prices, a JSON object"


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / "shop" / "prices.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(
    folder: Path, content: bytes | str, encoding: str = "utf-8", file: str | None = None
) -> tuple[Any, list[str]]:
    """The value, and the problems met on the way."""
    problems = Problems()
    value = read_json(written(folder, content), WHAT, encoding, problems, file)
    return value, list(problems.sentences())


def refusal(folder: Path, content: bytes | str, encoding: str = "utf-8") -> str:
    with pytest.raises(BadData) as caught:
        read(folder, content, encoding)
    return str(caught.value).replace("shop/prices.json", "F")


def captions(folder: Path, content: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    problems = Problems()
    values = read_captions(written(folder, content), "utf-8", problems)
    return values, [line.replace("shop/prices.json", "F") for line in problems.sentences()]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ('{"é": [1, 2.5, null]}'.encode(), "utf-8"),
        ('\ufeff{"é": [1, 2.5, null]}'.encode(), "utf-8"),
        ('\ufeff{"é": [1, 2.5, null]}'.encode(), "latin-1"),
        ('{"é": [1, 2.5, null]}'.encode("latin-1"), "latin-1"),
        ('{"é": [1, 2.5, null]}'.encode("gb18030"), "gb18030"),
        (b'{"\\u00e9":\r\n [1, 2.5, null]}\r\n', "utf-8"),
    ],
    ids=["plain", "BOM", "BOM before encoding", "latin-1", "gb18030", "escapes and CRLF"],
)
def test_ways_to_write_the_same_value_read_the_same(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    assert read(tmp_path, content, encoding) == ({"é": [1, 2.5, None]}, [])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            '{"a": 1,\n "b" 2}',
            (
                "F, line 2, column 6: expected JSON, found '2}'."
                " Correct the file there, or export it again."
            ),
        ),
        (
            '{"é": [1,\n',
            (
                "F, line 2, column 1: expected JSON, found the end of the file."
                " Fetch or export the file again; it is cut off."
            ),
        ),
        (
            '{"a": "tex',
            (
                "F, line 1, column 7: expected JSON, found a text that is never closed."
                " Fetch or export the file again, or close the quote."
            ),
        ),
        (
            "{}\n{}",
            (
                "F, line 2, column 1: expected JSON, found '{}'."
                " Correct the file there, or export it again."
            ),
        ),
        (
            '{"a": Infinity}',
            (
                "F: expected numbers that JSON has, found Infinity."
                " Correct the value, or export the file again."
            ),
        ),
        (
            '{"a": 1e999}',
            (
                "F: expected numbers that JSON has, found 1e999."
                " Correct the value, or export the file again."
            ),
        ),
        (
            "[" * 200_000,
            (
                f"F: expected {WHAT}, found lists or objects nested too deep."
                " Correct the value, or export the file again."
            ),
        ),
        (
            f'{{"a": {"9" * 5_000}}}',
            (
                f"F: expected {WHAT}, found a whole number of thousands of digits."
                " Correct the value, or export the file again."
            ),
        ),
        (
            b'{"\xc3\xa9":\n "\xe9"}',
            (
                "F, line 2, column 3: expected text in utf-8, found the byte 0xe9."
                " Name the file's encoding with --encoding gb18030 or latin-1, or correct the byte."
            ),
        ),
        (
            "<!doctype html><html></html>",
            (
                f"F: expected {WHAT}, found an HTML page."
                " Fetch the file again; the download answered with a page."
            ),
        ),
        ("", f"F: expected {WHAT}, found an empty file. Fetch or export the file again."),
    ],
    ids=[
        "no colon",
        "cut off",
        "open quote",
        "two values",
        "infinity",
        "too large",
        "nested",
        "digits",
        "bytes",
        "page",
        "empty",
    ],
)
def test_what_is_no_json_is_named_with_its_place(
    tmp_path: Path, content: bytes | str, sentence: str
) -> None:
    assert refusal(tmp_path, content) == sentence


def test_of_a_key_twice_in_any_object_the_first_stays(tmp_path: Path) -> None:
    value, said = read(tmp_path, '{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}')
    assert value == {"a": 1, "b": {"c": 2}}
    assert said == [
        f"error: shop/prices.json, key '{key}': expected each key once, found the key twice."
        " Remove all but one entry of the key."
        for key in ("c", "a")
    ]


def test_a_file_deep_in_its_folder_is_called_as_it_is_told(tmp_path: Path) -> None:
    _, said = read(tmp_path, '{"a": 1, "a": 2}', file="city/shop/prices.json")
    assert said[0].startswith("error: city/shop/prices.json, key 'a': ")
    for content in ("", "["):
        with pytest.raises(BadData) as caught:
            read(tmp_path, content, file="city/shop/prices.json")
        assert caught.value.problem.file == "city/shop/prices.json"


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = PLAIN | st.text(max_size=9) | st.lists(PLAIN, max_size=3)


@given(st.dictionaries(st.text(max_size=9), JSON, max_size=4), st.booleans())
def test_whatever_python_writes_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any], ascii_only: bool
) -> None:
    content = json.dumps(value, ensure_ascii=ascii_only)
    assert read(tmp_path_factory.getbasetemp(), content) == (value, [])


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_bad_data(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    sentence = ""
    try:
        read(tmp_path_factory.getbasetemp(), content)
    except BadData as fault:
        sentence = str(fault)
    assert "\n" not in sentence


def test_captions_are_texts_or_lists_of_texts(tmp_path: Path) -> None:
    assert captions(tmp_path, '{"b": "x", "a": ["y ", ""], "c": []}') == (
        {"b": ("x",), "a": ("y ", ""), "c": ()},
        [],
    )


def test_captions_of_other_types_are_left_out(tmp_path: Path) -> None:
    content = '{"a": 1, "b": null, "c": ["x", {}], "d": "\\ud83d", "e": true, "f": "kept"}'
    values, said = captions(tmp_path, content)
    assert values == {"f": ("kept",)}
    types, remedy = "expected text or a list of texts", "Correct the entry, or remove it."
    assert said == [
        f"error: F, key 'a': {types}, found 1. {remedy}",
        f"error: F, key 'b': {types}, found null. {remedy}",
        f"error: F, key 'c': {types}, found a list with an object of 0 keys. {remedy}",
        f"error: F, key 'e': {types}, found true. {remedy}",
        f"error: F, key 'd': expected text in Unicode, found '\\ud83d'. {remedy}",
    ]


def test_captions_that_are_no_object_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="found a list of length 1"):
        captions(tmp_path, '["a"]')
