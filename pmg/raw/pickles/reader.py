"""Pickles read as data: a dict of arrays, text and numbers, opened without running anything.

Python's own pickle would import and call what the file names. Here the opcodes are interpreted
over inert values, so that the worst file costs bounded time and a problem that names it.
"""

import mmap
from collections.abc import Iterator, Mapping, Sized
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from pmg.problems import BadData, Problem, Severity
from pmg.raw.files import require_file, shown_name
from pmg.raw.pickles.arrays import ArrayHeader, PickledArray, content_of, described
from pmg.raw.pickles.machine import Table
from pmg.raw.pickles.reading import table_of
from pmg.raw.pickles.spans import ASK_PLAIN, OldString, Refusal, TextSpan, shown

# Lists share their elements, so that a short pickle can spell a value too large to visit.
MAX_ELEMENTS = 1_000_000  # of one value, counted as they would be printed
MAX_ELEMENTS_IN_ALL = 10_000_000  # read from one file; values may be shared by all its keys
MAX_SHARED_TEXT = 1 << 27  # bytes of text beyond the file's size, for the same reason
MAX_DEPTH = 16  # of lists in lists, which also ends a list that holds itself
MAX_TEXT_BYTES = 2**24  # of one text; a caption has hundreds

FIRST_OF_BINARY = 0x80  # PROTO, with which protocols from 2 on begin


class PickledDict(Mapping[int | str, object]):
    """The dict in a pickle: keys are known, a value is made anew each time it is asked for.

    Keys stay as they are pickled: an int, or text (numpy's integers are ints). Values are None,
    bool, int, float, complex, str, read-only arrays, and lists, tuples and dicts of these.
    Arrays of protocols 3 to 5 are views onto the file, which stays mapped as long as they live.
    Not to be pickled: another process opens the file again.

    `mapping[key]` raises KeyError for an absent key, and BadData for a value that turns out to
    be broken, or larger than `MAX_ELEMENTS`, `MAX_DEPTH` and `MAX_TEXT_BYTES` allow; also where
    more lists and long texts were read in all than a file holds that does not repeat itself.
    """

    def __init__(self, path: Path, data: mmap.mmap, table: Table) -> None:
        self.path = path
        self._data: mmap.mmap | None = data
        self._table = table
        self._read = Read(len(data))

    @property
    def duplicates(self) -> tuple[int | str, ...]:
        """Keys that the pickle sets more than once; as in Python, the last one is kept."""
        return tuple(getattr(self._table, "repeated", ()))

    def header(self, key: int | str) -> ArrayHeader | None:
        """Describe the array under the key, its bytes untouched; None if it is no array."""
        value = self._table[key]
        if isinstance(value, PickledArray):
            return value.header
        return value if isinstance(value, ArrayHeader) else None

    def __getitem__(self, key: int | str) -> object:
        value = self._table[key]
        if self._data is None:
            raise ValueError(f"{shown_name(self.path)} is closed")
        try:
            return _Value(self._data, self._read).thawed(value, 0)
        except Refusal as refusal:
            raise _bad_data(self.path, refusal, f"key {shown(str(key))}") from refusal
        except MemoryError as error:
            raise _bad_data(self.path, _too_large(), f"key {shown(str(key))}") from error

    def __contains__(self, key: object) -> bool:
        return key in self._table  # the inherited one would read the value

    def __iter__(self) -> Iterator[int | str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; keys, headers and arrays already read remain."""
        if self._data is not None:
            _let_go(self._data)
        self._data = None


def open_pickle(path: Path, what: str) -> PickledDict:
    """Open a pickle that holds a dict; `what` completes the sentence "expected …".

    Understood are protocols 0 to 5 as CPython, Python 2, numpy 1 and numpy 2 write them. The
    file is scanned once; contents of arrays and long texts are passed over by their lengths,
    but in protocol 0, which has none.

    Raises:
        BadData: no such file, or one that is damaged, or that names, calls or holds anything
            but plain values; the place is the offset of the byte.
    """
    require_file(path, what)
    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            found, remedy = "a file that cannot be read", "Give read permission on it"
            problem = Problem(Severity.ERROR, shown_name(path), "", what, found, remedy)
            raise BadData(problem) from error
        return PickledDict(path, data, _table(path, data, file.fileno()))


def _table(path: Path, data: mmap.mmap, descriptor: int) -> Table:
    try:
        if data[0] == FIRST_OF_BINARY:  # leaps from entry to entry: reading ahead is waste
            _advise(data, "MADV_RANDOM")
        table = table_of(data, descriptor)
        _advise(data, "MADV_NORMAL")
    except Refusal as refusal:
        _let_go(data)
        raise _bad_data(path, refusal, "") from refusal
    except MemoryError as error:
        _let_go(data)
        raise _bad_data(path, _too_large(), "") from error
    return table


class Read:
    """What was read of a file so far: its keys may share what they hold, and it takes memory."""

    def __init__(self, size: int) -> None:
        self._elements = MAX_ELEMENTS_IN_ALL
        self._text = size + MAX_SHARED_TEXT

    def count(self, elements: int = 0, text: int = 0) -> None:
        """Raise Refusal where keys share so much that their values fill the memory."""
        self._elements -= elements
        self._text -= text
        if min(self._elements, self._text) < 0:
            raise Refusal("values that many keys share", "values written once for each", ASK_PLAIN)


class _Value:
    """One value being read: an array or a long text that it holds twice is decoded once."""

    def __init__(self, data: mmap.mmap, read: Read) -> None:
        self._data, self._read = data, read
        self._elements = 0
        self._made: dict[int, object] = {}

    def thawed(self, value: object, depth: int) -> object:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise Refusal(f"more than {MAX_ELEMENTS:,} elements", "a smaller value", ASK_PLAIN)
        if depth > MAX_DEPTH:
            raise Refusal(f"lists nested deeper than {MAX_DEPTH}", "a plain value", ASK_PLAIN)
        if value is None or type(value) in {bool, int, float, complex, str}:
            return value
        if type(value) in {list, tuple, Table}:
            self._read.count(elements=len(cast("Sized", value)))
        if type(value) is list:
            return [self.thawed(element, depth + 1) for element in value]
        if type(value) is tuple:
            return tuple(self.thawed(element, depth + 1) for element in value)
        if type(value) is Table:
            return {key: self.thawed(element, depth + 1) for key, element in value.items()}
        if id(value) not in self._made:
            self._made[id(value)] = self._decoded(value)
        return self._made[id(value)]

    def _decoded(self, value: object) -> object:
        if isinstance(value, TextSpan | OldString):
            if value.length > MAX_TEXT_BYTES:
                found, expected = f"{value.length:,} bytes", f"text of at most {MAX_TEXT_BYTES:,}"
                raise Refusal(found, expected, ASK_PLAIN, value.start)
            self._read.count(text=value.length)
            return value.text(self._data)
        if isinstance(value, ArrayHeader):
            value = PickledArray.of(value)
        if not isinstance(value, PickledArray):
            raise Refusal(f"{described(value)} as a value", remedy=ASK_PLAIN)
        if value.header is None:
            raise Refusal("an array without its contents")
        return value.view(content_of(value.payload, self._data))


def _too_large() -> Refusal:
    return Refusal("more than the memory holds", "a smaller file", ASK_PLAIN)


def _bad_data(path: Path, refusal: Refusal, place: str) -> BadData:
    if refusal.offset is not None:
        place = f"byte {refusal.offset}"
    name = shown_name(path)
    found, expected, remedy = refusal.found, refusal.expected, refusal.remedy
    return BadData(Problem(Severity.ERROR, name, place, expected, found, remedy))


def _advise(data: mmap.mmap, advice: str) -> None:
    """Tell the system how the file is read, where it listens."""
    if (number := getattr(mmap, advice, None)) is not None:
        with suppress(OSError):
            data.madvise(number)


def _let_go(data: mmap.mmap) -> None:
    with suppress(BufferError):  # views are alive, and keep it mapped until they go
        data.close()
