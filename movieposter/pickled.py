"""Posters and captions, which come in pickles: dicts of movie or user ids."""

from pathlib import Path
from typing import TypeAlias

import numpy as np

from pmg.captions import LONGEST, Phrases
from pmg.problems import CORRECT_ENTRY, BadData, FileReport, Problems, quoted
from pmg.raw.files import SPACES, shown_name
from pmg.raw.pickles import ArrayHeader, PickledDict, open_pickle
from pmg.raw.tables import ID_DIGITS, is_whole_number

Captions: TypeAlias = dict[int, Phrases]  # by movie id, or by user id


class Posters:
    """Posters by movie id; a poster's pixels are read when it is asked for."""

    def __init__(self, arrays: PickledDict, keys: dict[int, int | str]) -> None:
        self.path = arrays.path
        self._arrays = arrays
        self._keys = keys

    def ids(self) -> list[int]:
        return list(self._keys)

    def key(self, movie_id: int) -> int | str:
        """The key of the pickle that means this movie."""
        return self._keys[movie_id]

    def size(self, key: int | str) -> int:
        """Bytes of the array under a key."""
        header = self._arrays.header(key)
        return header.nbytes if header else 0

    def header(self, movie_id: int) -> ArrayHeader | None:
        """Shape and type; None where the entry is no array."""
        return self._arrays.header(self._keys[movie_id])

    def described(self, movie_id: int) -> str:
        """What the entry is, where it is no array."""
        try:
            return described(self._arrays[self._keys[movie_id]])
        except BadData as fault:
            return fault.problem.found

    def only(self, movie_ids: set[int]) -> "Posters":
        """The same posters less those of other movies."""
        kept = {movie_id: key for movie_id, key in self._keys.items() if movie_id in movie_ids}
        return Posters(self._arrays, kept)


def read_captions(path: Path, problems: Problems) -> Captions:
    """Captions by the id that keys them, of movies or users. Raises BadData as `open_pickle`."""
    report = FileReport(shown_name(path), problems)
    captions: Captions = {}
    with open_pickle(path, "captions, a pickled dict of ids to text") as values:
        for number, key in _keys_by_id(values, report).items():
            try:
                value = values[key]
            except BadData as fault:
                problems.add(fault.problem._replace(place=f"key {number}"))
                continue
            parts = value if isinstance(value, list) else [value]
            phrases = tuple(part for part in parts if isinstance(part, str))
            if (length := sum(map(len, phrases))) > LONGEST:
                expected = f"text of at most {LONGEST:,} characters"
                report.error(f"key {number}", expected, f"{length:,}", CORRECT_ENTRY)
                continue
            if len(phrases) == len(parts):
                captions[number] = phrases
                continue
            found = next(described(part) for part in parts if not isinstance(part, str))
            found = f"a list with {found}" if parts is value else found
            report.error(f"key {number}", "text or a list of texts", found, CORRECT_ENTRY)
    return captions


def read_posters(path: Path, problems: Problems) -> Posters:
    """Posters by movie id; none is read yet. Raises BadData as `open_pickle`."""
    arrays = open_pickle(path, "posters, a pickled dict of movie ids to arrays")
    return Posters(arrays, _keys_by_id(arrays, FileReport(shown_name(path), problems)))


def described(value: object) -> str:
    """What a value of a pickle is, for the part "found" of a problem."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, list | tuple | dict):
        return f"a {type(value).__name__} of length {len(value):,}"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return quoted(str(value)).strip("'")


def _keys_by_id(values: PickledDict, report: FileReport) -> dict[int, int | str]:
    """Each entry's key by the id it means: 12, numpy.int64(12) and "12" mean one."""
    keys: dict[int, int | str] = {}
    remedy = "Remove all but one entry of the id"
    for key in values.duplicates:
        report.error(f"key {_shown(key)}", "each id once", "the key twice", remedy)
    for key in values:
        if type(key) is int and 0 <= key < 10**ID_DIGITS and keys.setdefault(key, key) is key:
            continue  # as all are in most files, of tens of thousands
        shown, digits = _shown(key), str(key).strip(SPACES)
        place = f"key {shown}"
        if not is_whole_number(digits):
            expected = f"an id of 1 to {ID_DIGITS} digits as the key"
            report.error(place, expected, shown, "Correct the key")
            continue
        if digits != str(key):
            report.note(place, "no spaces around an id", shown, "Nothing: it is read without")
        if (first := keys.setdefault(int(digits), key)) is not key:
            report.error(place, "each id once", f"both {_shown(first)} and {shown}", remedy)
    return keys


def _shown(key: object) -> str:
    return quoted(key) if isinstance(key, str) else str(key)
