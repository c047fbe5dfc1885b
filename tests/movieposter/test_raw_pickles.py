"""Captions and posters of movies: what was pickled, and what is read from it."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from movieposter.pickled import Captions, Posters, read_captions, read_posters
from pmg.problems import BadData, Problems
from tests.movieposter.raw_folder import pixels_of, poster, write_pickle

PROTOCOLS = range(6)


def captions(path: Path) -> tuple[Captions, list[str]]:
    problems = Problems()
    read = read_captions(path, problems)
    return read, [line.replace(f"{path.parent.name}/{path.name}", "F") for line in told(problems)]


def posters(path: Path) -> tuple[Posters, list[str]]:
    problems = Problems()
    read = read_posters(path, problems)
    return read, [line.replace(f"{path.parent.name}/{path.name}", "F") for line in told(problems)]


def told(problems: Problems) -> list[str]:
    return list(problems.sentences())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_captions_are_phrases_as_they_stand_in_every_protocol(
    tmp_path: Path, protocol: int
) -> None:
    values = {
        1: "two toys, one hat",
        2: ["bright toys", "warm light ", "", " 霧の港 "],
        3: [],
        4: "",
        5: "Cité " * 90,
    }
    path = write_pickle(tmp_path / "c.pkl", values, protocol)
    assert captions(path) == (
        {
            1: ("two toys, one hat",),
            2: ("bright toys", "warm light ", "", " 霧の港 "),
            3: (),
            4: ("",),
            5: ("Cité " * 90,),
        },
        [],
    )


KEYS = [3, np.int64(3), np.int32(3), np.uint8(3), "3", "003"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{type(key).__name__} {key}")
def test_keys_are_numbers_or_text_of_digits(tmp_path: Path, protocol: int, key: Any) -> None:  # noqa: ANN401 - any key that occurs
    path = write_pickle(tmp_path / "c.pkl", {key: "a", 193609: "b"}, protocol)
    assert captions(path) == ({3: ("a",), 193609: ("b",)}, [])


def test_a_key_with_spaces_is_read_and_noted(tmp_path: Path) -> None:
    read, problems = captions(write_pickle(tmp_path / "c.pkl", {" 12 ": "a"}))
    assert read == {12: ("a",)}
    assert problems == [
        (
            "note: F, key ' 12 ': expected no spaces around an id, found ' 12 '."
            " Nothing: it is read without."
        )
    ]


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("tt0114709", "'tt0114709'"),
        ("", "''"),
        (-5, "-5"),
        (10**18, "1000000000000000000"),
        ("1.0", "'1.0'"),
        ("\u0661", "'\u0661'"),
        ("x\n" * 50, "'" + r"x\n" * 40 + "…'"),
    ],
)
def test_another_key_is_named_and_the_others_stay(
    tmp_path: Path, key: int | str, shown: str
) -> None:
    read, problems = captions(write_pickle(tmp_path / "c.pkl", {key: "a", 2: "b"}))
    assert read == {2: ("b",)}
    assert problems == [
        (
            f"error: F, key {shown}: expected an id of 1 to 18 digits as the key, found {shown}."
            " Correct the key."
        )
    ]


def test_two_keys_that_mean_one_id_are_named_and_the_first_stays(tmp_path: Path) -> None:
    values = {"7": "a", 7: "b", "007": "c", 8: "d"}
    read, problems = captions(write_pickle(tmp_path / "c.pkl", values))
    assert read == {7: ("a",), 8: ("d",)}
    assert problems == [
        (
            "error: F, key 7: expected each id once, found both '7' and 7."
            " Remove all but one entry of the id."
        ),
        (
            "error: F, key '007': expected each id once, found both '7' and '007'."
            " Remove all but one entry of the id."
        ),
    ]


def test_a_key_that_is_set_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.pkl"
    path.write_bytes(b"}(K\x01X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00bu.")
    read, problems = captions(path)
    assert read == {1: ("b",)}
    assert problems == [
        (
            "error: F, key 1: expected each id once, found the key twice."
            " Remove all but one entry of the id."
        )
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "None"),
        (float("nan"), "nan"),
        (3, "3"),
        (True, "True"),
        (("a", "b"), "a tuple of length 2"),
        ({"text": "a"}, "a dict of length 1"),
        (["a", None], "a list with None"),
        (["a", ["b", "c"]], "a list with a list of length 2"),
        (poster(3), "an array of shape (2, 4, 3) and type uint8"),
    ],
    ids=["None", "nan", "number", "bool", "tuple", "dict", "list of None", "nested", "array"],
)
def test_what_is_no_text_is_named_and_the_others_stay(
    tmp_path: Path, value: object, found: str
) -> None:
    read, problems = captions(write_pickle(tmp_path / "c.pkl", {1: value, 2: "b"}))
    assert read == {2: ("b",)}
    assert problems == [
        (
            f"error: F, key 1: expected text or a list of texts, found {found}."
            " Correct the entry, or remove it."
        )
    ]


def test_text_that_is_not_unicode_harms_no_other_entry(tmp_path: Path) -> None:
    path = tmp_path / "c.pkl"
    path.write_bytes(b"}(K\x01X\x01\x00\x00\x00\xffK\x02X\x01\x00\x00\x00bu.")
    read, problems = captions(path)
    assert read == {2: ("b",)}
    assert [line[:15] for line in problems] == ["error: F, key 1"]


@pytest.mark.parametrize("value", [["a", "b"], "a", None, 3, ("a",)])
def test_a_pickle_of_anything_but_a_dict_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(BadData, match="expected a dict, found"):
        captions(write_pickle(tmp_path / "c.pkl", value))


def fortran(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.asfortranarray(pixels)


def transposed(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(pixels.transpose(1, 0, 2)).transpose(1, 0, 2)


def cut_out(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    framed = np.zeros((pixels.shape[0] + 2, pixels.shape[1] + 2, 3), np.uint8)
    framed[1:-1, 1:-1] = pixels
    return framed[1:-1, 1:-1]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("layout", [np.ascontiguousarray, fortran, transposed, cut_out])
def test_posters_read_back_equal_however_they_lie_in_memory(
    tmp_path: Path,
    protocol: int,
    layout: Any,  # noqa: ANN401
) -> None:
    pixels = {1: poster(1, (4, 6, 3)), 2: poster(2, (5, 2, 3))}
    path = write_pickle(
        tmp_path / "p.pkl", {key: layout(value) for key, value in pixels.items()}, protocol
    )
    read, problems = posters(path)
    assert problems == []
    assert read.ids() == [1, 2]
    for movie_id, expected in pixels.items():
        np.testing.assert_array_equal(pixels_of(read, movie_id), expected, strict=True)


@pytest.mark.parametrize("keys", [["1", "193609"], [np.int64(1), np.int64(193609)]])
def test_posters_are_known_by_number_whatever_the_keys(tmp_path: Path, keys: list[Any]) -> None:
    values = {key: poster(int(key)) for key in keys}
    read, problems = posters(write_pickle(tmp_path / "p.pkl", values))
    assert (read.ids(), problems) == ([1, 193609], [])
    np.testing.assert_array_equal(pixels_of(read, 193609), poster(193609), strict=True)


def test_posters_differ_in_size_and_are_described_unread(tmp_path: Path) -> None:
    values = {1: poster(1, (750, 500, 3)), 2: poster(2, (3, 2, 3)), 3: "no poster"}
    read, _ = posters(write_pickle(tmp_path / "p.pkl", values))
    headers = [read.header(movie_id) for movie_id in read.ids()]
    assert [header and header.shape for header in headers] == [(750, 500, 3), (3, 2, 3), None]
    assert [header and header.nbytes for header in headers] == [1_125_000, 18, None]
    assert read.described(3) == "the text 'no poster'"


def test_two_keys_of_one_poster_are_named_and_the_first_stays(tmp_path: Path) -> None:
    read, problems = posters(write_pickle(tmp_path / "p.pkl", {"7": poster(1), 7: poster(2)}))
    assert read.ids() == [7]
    np.testing.assert_array_equal(pixels_of(read, 7), poster(1), strict=True)
    assert [line[:15] for line in problems] == ["error: F, key 7"]


def test_posters_can_be_narrowed_to_those_of_some_movies(tmp_path: Path) -> None:
    path = write_pickle(tmp_path / "p.pkl", {n: poster(n) for n in (5, 3, 4)})
    read, _ = posters(path)
    assert read.only({3, 5, 9}).ids() == [5, 3]
    assert read.ids() == [5, 3, 4]
