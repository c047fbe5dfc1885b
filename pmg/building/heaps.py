"""Heaps: finished pictures end to end in a file, so that each is encoded and checked once.

An index beside each heap tells which picture lies where. Tables are written from heaps: a picture
that many samples show is copied, not encoded again, and its size is known before anything is
planned. A picture that was finished before is told by the index alone.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pmg.building.albums import INDEX, Album, write_index
from pmg.images import Picture, Span
from pmg.problems import BadData, Problem
from pmg.raw.pictures import Loaded, RawPictures
from pmg.whole_files import WrittenFile, describe, is_as_described, whole_file

CHUNK_BYTES = 32 << 20  # of raw pictures: small enough to share out, large enough to be worth it
ROWS_AT_ONCE = 64  # of a built table; a row group of pictures is some tens


class Chunk(NamedTuple):
    """Pictures that one worker finishes."""

    work: Path  # the folder that all paths are told below
    heap: Path  # to be written; its index lies beside it
    pictures: tuple[tuple[str, Any], ...]  # item id, and what `read` is handed
    read: Callable[[Any], Loaded]
    image_format: str
    known: Path  # an album of pictures that were finished before


class Heap(NamedTuple):
    """What came of a chunk."""

    data: WrittenFile
    places: WrittenFile  # the index
    pictures: int  # read, whether or not they can be published
    problems: list[Problem]  # of those that cannot be


class HeapWriter:
    """Fills a heap and its index."""

    def __init__(self, work: Path, heap: Path) -> None:
        self._work, self._heap = work, heap
        self._rows: dict[str, list[Any]] = {name: [] for name in INDEX.names}
        self._offset = 0

    def write(self, pictures: Iterable[tuple[str, Picture]]) -> tuple[WrittenFile, WrittenFile]:
        """Write item ids and pictures, whose data are bytes, or spans of where these are.

        Answers with heap and index.
        """
        with whole_file(self._heap) as part, part.open("wb") as file:
            for item_id, picture in pictures:
                span = picture.data
                if not isinstance(span, Span):
                    file.write(span)
                    span = self._next(len(span))
                self._add(item_id, picture, span)
        index = self._heap.with_suffix(".index")
        with whole_file(index) as part:
            write_index(pa.table(self._rows, INDEX), part)
        return self._described(self._heap), self._described(index)

    def _next(self, length: int) -> Span:
        span = Span(self._below(self._heap), self._offset, length)
        self._offset += length
        return span

    def _add(self, item_id: str, picture: Picture, span: Span) -> None:
        digest = picture.sha256.encode()
        told = picture._asdict() | span._asdict() | {"item_id": item_id, "sha256": digest}
        for name, values in self._rows.items():
            values.append(told[name])

    def _below(self, path: Path) -> str:
        return path.relative_to(self._work).as_posix()

    def _described(self, path: Path) -> WrittenFile:
        return describe(path, self._work, key=self._below(path))


def plan_chunks(pictures: RawPictures) -> Iterator[tuple[tuple[str, Any], ...]]:
    """All pictures in canonical order, about `CHUNK_BYTES` of raw bytes a chunk."""
    group: list[tuple[str, Any]] = []
    room = CHUNK_BYTES
    for item_id, source in pictures.found.items():
        size = pictures.size(source)
        if group and size > room:
            yield tuple(group)
            group, room = [], CHUNK_BYTES
        group.append((item_id, source))
        room -= size
    if group:
        yield tuple(group)


def write_heap(chunk: Chunk) -> Heap:
    """Finish a chunk's pictures; one that cannot be published is a problem."""
    known, problems = Album(chunk.known, chunk.work), list[Problem]()

    def finished() -> Iterator[tuple[str, Picture]]:
        for item_id, source in chunk.pictures:
            try:
                yield item_id, finish(chunk.read(source), known, chunk)
            except BadData as fault:
                problems.append(fault.problem)

    heap, index = HeapWriter(chunk.work, chunk.heap).write(finished())
    return Heap(heap, index, len(chunk.pictures), problems)


def finish(loaded: Loaded, known: Album, chunk: Chunk) -> Picture:
    """A finished picture; its data are a span where the bytes are somewhere already."""
    if len(known) and (before := known.find(loaded.sha256())) is not None:
        return known.told(before)
    return loaded.finished(chunk.image_format)


class BuiltItems(NamedTuple):
    """A file of a built table of items, whose pictures need not be finished again."""

    work: Path  # as of a chunk
    heap: Path
    built: Path  # the folder that was built
    file: WrittenFile


def unpack_items(items: BuiltItems) -> Heap | None:
    """A heap of the pictures in a built file; None where it is not as it was built."""
    if not is_as_described(items.file, items.built):
        return None
    heap, index = HeapWriter(items.work, items.heap).write(built_pictures(items))
    return Heap(heap, index, items.file.rows, [])


def built_pictures(items: BuiltItems) -> Iterator[tuple[str, Picture]]:
    with pq.ParquetFile(items.built / items.file.path) as parquet:
        columns = ["item_id", "image", *(f"image_{name}" for name in INDEX.names[1:5])]
        for batch in parquet.iter_batches(ROWS_AT_ONCE, columns=columns):
            for row in batch.to_pylist():
                if row["image"] is not None:
                    told = {name: row.get(f"image_{name}") for name in Picture._fields}
                    yield row["item_id"], Picture(**told | {"data": row["image"]["bytes"]})
