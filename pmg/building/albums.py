"""Albums: finished pictures by their digest, whichever files their bytes lie in.

An album is one Arrow file, sorted by digest and mapped by every process that looks into it, so
that a hundred thousand pictures take no memory.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.images import Picture, Span
from pmg.whole_files import whole_file

DIGEST = np.dtype("S64")
Numbers: TypeAlias = npt.NDArray[np.int64]
INDEX = pa.schema(
    [
        ("item_id", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("mode", pa.string()),
        (
            "sha256",
            pa.binary(64),
        ),  # in hexadecimal; of one length, it is searched as mapped
        ("path", pa.string()),  # below the folder in work
        ("offset", pa.int64()),
        ("length", pa.int64()),
    ]
)


class Reference(NamedTuple):
    """A finished picture by its digest, in place of its bytes."""

    sha256: str
    length: int  # bytes


class Album:
    """Finished pictures that lie in files below the folder `work`.

    Of those with the same digest the first is kept: their bytes are the same.
    """

    def __init__(self, path: Path, work: Path) -> None:
        self._work = work
        table = _read(path)
        self._digests = _digests(table)
        self._paths, self._path = _named(table["path"])
        self._modes, self._mode = _named(table["mode"])
        numbers = ("width", "height", "offset", "length")
        self._width, self._height, self._offset, self._length = (
            table[name].to_numpy() for name in numbers
        )

    def __len__(self) -> int:
        return len(self._digests)

    def find(self, sha256: str) -> int | None:
        """The number of the picture with that digest."""
        number = int(np.searchsorted(self._digests, sha256.encode()))
        known = number < len(self) and self._digests[number] == sha256.encode()
        return number if known else None

    def numbers(self, sha256: Iterable[str | bytes]) -> Numbers:
        """The numbers of pictures that are all in the album, by their digests."""
        wanted = np.array(list(sha256), DIGEST)
        return np.searchsorted(self._digests, wanted)

    def items_of(self, index: Path) -> dict[str, int]:
        """The numbers of an index's pictures by item id, in its order."""
        table = _read(index)
        ids = map(sys.intern, table["item_id"].to_pylist())  # raw files hold the same ids
        return dict(zip(ids, self.numbers(table["sha256"].to_pylist()).tolist(), strict=True))

    def picture(self, number: int) -> Picture:
        """A picture by its number; its data are a reference."""
        picture = self.told(number)
        return picture._replace(data=Reference(picture.sha256, picture.data.length))

    def told(self, number: int) -> Picture:
        """The same, with the span of its data."""
        size = int(self._width[number]), int(self._height[number])
        mode, sha256 = self._modes[self._mode[number]], self._digests[number].decode()
        return Picture(self._span(number), *size, mode, sha256)

    def lengths(self, numbers: Numbers) -> Numbers:
        """How many bytes each picture has."""
        lengths: Numbers = self._length[numbers]
        return lengths

    def read_into(self, memory: memoryview, numbers: Numbers) -> None:
        """Read the bytes of pictures end to end into `memory`, of just their size.

        Pictures that follow each other in a file are read in one go.
        """
        paths, starts = self._path[numbers], self._offset[numbers]
        stops = starts + self._length[numbers]
        breaks = np.flatnonzero((paths[1:] != paths[:-1]) | (starts[1:] != stops[:-1])) + 1
        with ExitStack() as opened:
            files: dict[int, FileIO] = {}
            for run in np.split(np.arange(len(numbers)), breaks) if len(numbers) else []:
                path, start, stop = paths[run[0]], starts[run[0]], stops[run[-1]]
                if path not in files:
                    files[path] = opened.enter_context(FileIO(self._work / self._paths[path]))
                files[path].seek(start)
                if files[path].readinto(memory[: stop - start]) != stop - start:
                    raise EOFError(f"{self._paths[path]}: cut off while it was read")
                memory = memory[stop - start :]

    def _span(self, number: int) -> Span:
        path = self._paths[self._path[number]]
        return Span(path, int(self._offset[number]), int(self._length[number]))


class AlbumOfItems(Mapping[str, Picture]):
    """The pictures of an album by item id; the data of each are a reference."""

    def __init__(self, album: Album, numbers: Mapping[str, int]) -> None:
        self._album, self._numbers = album, numbers

    def __getitem__(self, item_id: str) -> Picture:
        return self._album.picture(self._numbers[item_id])

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def bind(indexes: Sequence[Path], path: Path, is_there: Callable[[str], bool]) -> None:
    """Make an album of the indexes of heaps, less pictures in files that are not there."""
    table = pa.concat_tables([INDEX.empty_table(), *map(_read, indexes)])
    paths = pc.unique(table["path"]).to_pylist()
    if absent := [each for each in paths if not is_there(each)]:
        table = table.filter(pc.invert(pc.is_in(table["path"], pa.array(absent, pa.string()))))
    parts = [_digests(pa.table([chunk], ["sha256"])) for chunk in table["sha256"].chunks]
    first = np.unique(np.concatenate([np.array([], DIGEST), *parts]), return_index=True)[1]
    with whole_file(path) as part:
        write_index(table.take(first), part)
    pa.default_memory_pool().release_unused()


def write_index(table: pa.Table, path: Path) -> None:
    """Write a table of `INDEX`, to be read as one piece."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, INDEX) as writer:
        writer.write_table(table.combine_chunks())


def _read(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _named(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The different texts of a column, and which of them each of its values is."""
    codes = column.combine_chunks().dictionary_encode()
    return codes.dictionary.to_pylist(), codes.indices.to_numpy()


def _digests(table: pa.Table) -> npt.NDArray[np.bytes_]:
    """All digests of a table in one piece, mapped as it is."""
    if not len(table):
        return np.array([], DIGEST)
    (column,) = table["sha256"].chunks
    return np.frombuffer(column.buffers()[1], DIGEST, len(column), column.offset * DIGEST.itemsize)
