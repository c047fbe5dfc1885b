"""Rows of ids of what a protocol cut: numbers, until somebody asks for a row."""

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from pmg.columns import Row
from pmg.coverage import Counts
from pmg.histories import Ints
from pmg.protocols.candidates import Candidates
from pmg.protocols.sample_set import CANDIDATES
from pmg.protocols.samples import Cut
from pmg.protocols.terms import Terms
from pmg.splits import SHARES

ROWS_AT_ONCE = 1_000


class IdRows(Sequence[Row]):
    """The rows of one split, with what is said of all of them."""

    def __init__(self, cut: Cut, candidates: Candidates | None, terms: Terms) -> None:
        self._cut, self._candidates, self.terms = cut, candidates, terms

    def __len__(self) -> int:
        return len(self._cut.ranks)

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield from self._rows(np.arange(start, min(start + ROWS_AT_ONCE, len(self))))

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> "IdRows": ...

    def __getitem__(self, index: int | slice) -> "Row | IdRows":
        places = np.arange(len(self))[index]
        return self.at(places) if isinstance(index, slice) else self._rows(places[None])[0]

    def at(self, places: Ints) -> "IdRows":
        candidates = self._candidates and self._candidates.at(places)
        return IdRows(self._cut.at(places), candidates, self.terms)

    def counts(self) -> Counts:
        """How many samples, users and items there are."""
        events, spans = self._cut.events, self._cut.spans
        shown = np.zeros(len(events.item_ids), np.bool_)
        shown[events.items[self._cut.places()]] = True
        shown[events.items[spans.targets]] = True
        users = len(np.unique(events.users[spans.targets]))
        return Counts(len(self), users, int(np.count_nonzero(shown)))

    def _rows(self, places: Ints) -> list[Row]:
        table = self._cut.at(places).rows().drop_columns(["split"])
        if self._candidates:
            table = table.append_column(CANDIDATES, self._candidates.at(places).ids())
        rows: list[Row] = table.to_pylist()
        return rows


def by_split(cut: Cut, candidates: Candidates | None, protocol: str) -> dict[str, IdRows]:
    """The rows of each split that has any; `protocol` is what is said to have cut them."""
    rows = IdRows(cut, candidates, cut.terms._replace(protocol=protocol))
    parts = {
        split: rows.at(np.flatnonzero(cut.spans.splits == number))
        for number, split in enumerate(SHARES)
    }
    return {split: part for split, part in parts.items() if len(part)}
