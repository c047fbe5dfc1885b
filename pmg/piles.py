"""Piles: many records on disk, each read when it is asked for.

A hundred thousand records of text take a hundred megabytes as Python's own values.
"""

import json
import mmap
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeVar, overload

RecordT = TypeVar("RecordT", bound=tuple[Any, ...])


class Pile(Sequence[RecordT]):
    """Records in their order, in a file in `folder` that goes with the last who looks at it.

    A record is a tuple of what JSON can say; `make` makes one of the values of another. A process
    that is forked off reads the same pile.
    """

    def __init__(
        self, records: Iterable[RecordT], make: Callable[[list[Any]], RecordT], folder: Path
    ) -> None:
        self._make = make
        self._starts = array("q", [0])
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            for record in records:
                line = json.dumps(record).encode()
                file.write(line)
                self._starts.append(self._starts[-1] + len(line))
            file.flush()
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(self) else b""

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> RecordT: ...

    @overload
    def __getitem__(self, index: slice) -> list[RecordT]: ...

    def __getitem__(self, index: int | slice) -> RecordT | list[RecordT]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        line = self._lines[self._starts[number] : self._starts[number + 1]]
        return self._make(json.loads(line))


class Numbers(Mapping[str, int]):
    """A number for some of the keys of `places`, in their order; half the memory of a dict."""

    NONE = -1

    def __init__(self, places: dict[str, int]) -> None:
        self._places = places
        self._numbers = array("q", [self.NONE]) * (max(places.values(), default=-1) + 1)
        self._count = 0

    def put(self, key: str, number: int | None) -> None:
        """Give a key a number, or take it back."""
        self._count += (number is not None) - (key in self)
        self._numbers[self._places[key]] = self.NONE if number is None else number

    def __getitem__(self, key: str) -> int:
        number = self._numbers[self._places[key]]
        if number == self.NONE:
            raise KeyError(key)
        return number

    def __contains__(self, key: object) -> bool:
        place = self._places.get(key)  # type: ignore[call-overload] # what is no key has none
        return place is not None and self._numbers[place] != self.NONE

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._places if key in self)

    def __len__(self) -> int:
        return self._count


class Shelf(Mapping[str, RecordT]):
    """Records of a pile by key."""

    def __init__(self, pile: Pile[RecordT], numbers: dict[str, int]) -> None:
        self._pile, self._numbers = pile, numbers

    @classmethod
    def of(
        cls,
        records: Mapping[str, RecordT],
        make: Callable[[list[Any]], RecordT],
        folder: Path,
    ) -> "Shelf[RecordT]":
        """The same records by the same keys, on disk."""
        numbers = {key: number for number, key in enumerate(records)}
        return Shelf(Pile(records.values(), make, folder), numbers)

    def __getitem__(self, key: str) -> RecordT:
        return self._pile[self._numbers[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
