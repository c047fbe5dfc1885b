"""Writes a pickled dict entry by entry, so that one that fits no memory can be made."""

import io
import pickle
from pathlib import Path
from types import TracebackType
from typing import Self

PROTOCOL = 3  # without the frames of later ones, so that entries can follow each other
MARK_LENGTH = 2  # bytes that say the protocol, before an entry


class DictWriter:
    """A pickle of one dict; what `pickle.load` reads from it is the dict of all entries added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        self._file.write(pickle.PROTO + bytes([PROTOCOL]) + pickle.EMPTY_DICT)
        return self

    def add(self, key: object, value: object) -> None:
        """Append `dict[key] = value`; each entry stands alone, without the pickler's memo."""
        for part in (key, value):
            entry = io.BytesIO()
            pickler = pickle.Pickler(entry, PROTOCOL)
            pickler.fast = True
            pickler.dump(part)
            self._file.write(entry.getbuffer()[MARK_LENGTH : -len(pickle.STOP)])
        self._file.write(pickle.SETITEM)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.write(pickle.STOP)
        self._file.close()
