"""Shards as readers meet them: some columns whole, and pictures one by one.

A picture is read from where its shard says that it lies, and its length must stand before it. So a
file that was replaced, cut off or damaged there gives a sentence, and no wrong picture.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol
from weakref import finalize

import pyarrow.parquet as pq

from pmg.built_files import whole
from pmg.manifest import REBUILD
from pmg.offsets import LENGTH, About, about
from pmg.problems import BadData, Problem, Severity
from pmg.whole_files import WrittenFile


class Span(NamedTuple):
    """Where a picture lies in a shard."""

    start: int  # bytes from the start of the file
    length: int  # bytes

    @property
    def end(self) -> int:
        return self.start + self.length


class Block(NamedTuple):
    """Pictures that lie near each other, to be fetched together."""

    start: int
    end: int
    spans: tuple[Span, ...]


class Shard(Protocol):
    """One Parquet file of a built set."""

    file: WrittenFile
    name: str  # for people

    def parquet(self) -> AbstractContextManager[pq.ParquetFile]:
        """The file as pyarrow reads it."""

    def picture(self, span: Span) -> bytes:
        """The picture that lies there. Raises BadData where it does not."""

    def lacking(self, spans: Iterable[Span]) -> list[Block]:
        """What of these pictures is not on this disk."""

    def fetch(self, block: Block) -> None:
        """Have it on this disk."""


class OpenFile:
    """A file that is open as long as this is known."""

    def __init__(self, path: Path, flags: int) -> None:
        self.number = os.open(path, flags)
        finalize(self, os.close, self.number)


class LocalShard:
    """A shard on this disk."""

    def __init__(self, file: WrittenFile, path: Path, state: tuple[int, int]) -> None:
        self.file, self._path, self._state = file, path, state
        self.name = str(path)
        self._opened: OpenFile | None = None

    @classmethod
    def of(cls, file: WrittenFile, path: Path) -> "LocalShard":
        """The shard at `path`. Raises BadData where it is missing, or of another size."""
        try:
            state = state_of(path)
        except OSError as error:
            raise another(str(path), "none") from error
        if state[0] != file.bytes:
            raise another(str(path), "one of another size")
        with whole(path):
            about_of(pq.read_metadata(path), file, str(path))
        return cls(file, path, state)

    def __reduce__(self) -> tuple[type["LocalShard"], tuple[WrittenFile, Path, tuple[int, int]]]:
        return LocalShard, (self.file, self._path, self._state)

    @contextmanager
    def parquet(self) -> Iterator[pq.ParquetFile]:
        with whole(self._path), pq.ParquetFile(self._path) as parquet:
            yield parquet

    def picture(self, span: Span) -> bytes:
        if (data := picture_at(self._number(), span)) is None:
            raise another(self.name, f"another, at byte {span.start:,}")
        return data

    def lacking(self, _spans: Iterable[Span]) -> list[Block]:
        return []

    def fetch(self, block: Block) -> None:
        """Nothing is lacking."""

    def _number(self) -> int:
        """Of the file, as the system knows it; the same one as long as this is."""
        if self._opened is None:
            try:
                self._opened = OpenFile(self._path, os.O_RDONLY)
                state = state_of(self._path)
            except OSError as error:
                raise another(self.name, "none") from error
            if state != self._state:
                raise another(self.name, "one that was changed since")
        return self._opened.number


def about_of(metadata: pq.FileMetaData, file: WrittenFile, name: str) -> About:
    """What a shard tells of itself. Raises BadData for another than the manifest's."""
    try:
        found = about(metadata.metadata)
    except (LookupError, TypeError, ValueError) as error:
        raise another(name, "one that another version built") from error
    if found.key != file.key:
        raise another(name, "one of another build")
    return found


def state_of(path: Path) -> tuple[int, int]:
    """Size and time: another file of that name has others."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def is_at(number: int, span: Span) -> bool:
    return os.pread(number, LENGTH.size, span.start - LENGTH.size) == LENGTH.pack(span.length)


def picture_at(number: int, span: Span) -> bytes | None:
    """The picture at a place of an open file; None where another thing is."""
    if not is_at(number, span):
        return None
    data = os.pread(number, span.length, span.start)
    return data if len(data) == span.length else None


def another(path: str, found: str, remedy: str = REBUILD) -> BadData:
    expected = "the file that was built"
    return BadData(Problem(Severity.ERROR, path, "", expected, found, remedy))
