"""Heaps: encoded pictures end to end in a file, so that each is encoded once.

Tables are written from heaps: a picture that many samples show is copied, not encoded again, and
its finished size is known before anything is planned. Rows carry spans of heaps until then.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pmg.images import Picture, Publish, RawPicture, RawPictures
from pmg.problems import BadData, Problem

CHUNK_BYTES = 32 << 20  # of raw pictures: small enough to share out, large enough to be worth it


class Span(NamedTuple):
    """Where a finished picture lies, in place of its bytes."""

    heap: str  # the file's path
    offset: int
    length: int  # bytes


class Chunk(NamedTuple):
    """Pictures that one worker encodes into one heap."""

    path: Path
    pictures: tuple[tuple[str, RawPicture], ...]  # item id and picture
    publish: Publish
    image_format: str


class Heap(NamedTuple):
    """What came of a chunk."""

    pictures: dict[str, Picture]  # by item id; their data are spans
    problems: list[Problem]  # of pictures that could not be read


def plan_chunks(pictures: RawPictures, image_format: str, folder: Path) -> Iterator[Chunk]:
    """All pictures in canonical order, about `CHUNK_BYTES` of raw bytes a chunk."""
    for number, group in enumerate(_grouped(pictures.found.items())):
        path = folder / f"{number:05d}.heap"
        yield Chunk(path, tuple(group), pictures.publish, image_format)


def write_heap(chunk: Chunk) -> Heap:
    """Finish a chunk's pictures in its heap; one that cannot be published is a problem."""
    heap = Heap({}, [])
    with chunk.path.open("wb") as file:
        for item_id, raw in chunk.pictures:
            try:
                picture = chunk.publish(raw.source, chunk.image_format)
            except BadData as fault:
                heap.problems.append(fault.problem)
                continue
            span = Span(str(chunk.path), file.tell(), len(picture.data))
            file.write(picture.data)
            heap.pictures[item_id] = picture._replace(data=span)
    return heap


class OpenHeaps:
    """Heaps mapped from disk as they are asked for; a look copies nothing."""

    def __init__(self) -> None:
        self._heaps: dict[str, memoryview] = {}

    def bytes_of(self, span: Span) -> memoryview:
        if span.heap not in self._heaps:
            self._heaps[span.heap] = memoryview(pa.memory_map(span.heap).read_buffer())
        return self._heaps[span.heap][span.offset : span.offset + span.length]


def _grouped(
    pictures: Iterable[tuple[str, RawPicture]],
) -> Iterator[list[tuple[str, RawPicture]]]:
    group: list[tuple[str, RawPicture]] = []
    room = CHUNK_BYTES
    for item_id, raw in pictures:
        if group and raw.size > room:
            yield group
            group, room = [], CHUNK_BYTES
        group.append((item_id, raw))
        room -= raw.size
    if group:
        yield group
