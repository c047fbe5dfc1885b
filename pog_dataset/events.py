"""Clicks and choices as rows are made of them, none of them made before it is asked for."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

from pog_dataset.raw import UserLine


class Event(NamedTuple):
    """A click on an item, or the choice of an outfit."""

    user_id: str
    event: int  # line within the user's, from 0
    position: int  # within the clicks, or the choices, of the line, from 0
    item_id: str | None  # None for a choice
    outfit_id: str | None  # None for a click


class Events(Sequence[Event]):
    """All clicks and choices in the order of the file; a line's clicks come before its choices."""

    def __init__(self, lines: Sequence[UserLine]) -> None:
        self._lines = lines
        self._stops = list(accumulate(len(line.clicks) + len(line.outfits) for line in lines))
        self._numbers: list[int] = []  # of each line within its user's, from 0
        counts: dict[str, int] = {}
        for line in lines:
            number = counts[line.user_id] = counts.get(line.user_id, -1) + 1
            self._numbers.append(number)

    def __iter__(self) -> Iterator[Event]:
        for (_, user_id, clicks, outfits), number in zip(self._lines, self._numbers, strict=True):
            for position, item_id in enumerate(clicks):
                yield Event(user_id, number, position, item_id, None)
            for position, outfit_id in enumerate(outfits):
                yield Event(user_id, number, position, None, outfit_id)

    def __len__(self) -> int:
        return self._stops[-1] if self._stops else 0

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        number = bisect_right(self._stops, place)
        _, user_id, clicks, outfits = self._lines[number]
        position = place - (self._stops[number] - len(clicks) - len(outfits))
        event = self._numbers[number]
        if position < len(clicks):
            return Event(user_id, event, position, clicks[position], None)
        position -= len(clicks)
        return Event(user_id, event, position, None, outfits[position])
