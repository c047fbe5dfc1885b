"""Piles, shelves and numbers are the sequences and mappings that they stand for."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from pmg.piles import Numbers, Pile, Shelf


class Record(NamedTuple):
    number: int
    text: str | None


RECORDS = st.builds(Record, st.integers(), st.none() | st.text())


@given(st.lists(RECORDS), st.slices(9))
def test_a_pile_is_the_list_of_its_records(records: list[Record], part: slice) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pile = Pile(records, Record._make, Path(folder))
        assert list(pile) == records
        assert pile[part] == records[part]
        assert all(type(record) is Record for record in pile)
        assert list(Path(folder).iterdir()) == []


@given(st.dictionaries(st.text(), st.lists(st.text()).map(tuple)))
def test_a_shelf_is_the_dict_of_its_records(records: dict[str, tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf.of(records, tuple, Path(folder))
        assert dict(shelf) == records
        assert list(shelf) == list(records)
        assert "never" * 9 not in shelf


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 9))),
    st.integers(1, 3),  # between the places of records some are left out, that came twice
)
def test_numbers_are_a_dict_in_the_order_of_the_keys(
    steps: list[tuple[str, int | None]], gap: int
) -> None:
    numbers, expected = Numbers({key: place * gap for place, key in enumerate("abcd")}), {}
    for key, number in steps:
        numbers.put(key, number)
        expected[key] = number
    kept = {key: number for key in "abcd" if (number := expected.get(key)) is not None}
    assert dict(numbers) == kept
    assert (list(numbers), len(numbers)) == (list(kept), len(kept))
    assert "e" not in numbers
