"""Heaps: encoded pictures end to end in a file, with an index, so that each is encoded once.

Tables are written from heaps: a picture that many samples show is copied, not encoded again, and
its finished size is known before anything is planned.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pmg.domain import Source
from pmg.images import Picture, encode

CHUNK_BYTES = 32 << 20  # of raw pictures: small enough to share out, large enough to be worth it

INDEX = pa.schema(
    [
        ("item_id", pa.string()),
        ("offset", pa.int64()),
        ("length", pa.int64()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("mode", pa.string()),
        ("sha256", pa.string()),
    ]
)


class Chunk(NamedTuple):
    """Pictures that one worker encodes into one heap."""

    path: Path  # of the heap; its index has the ending .arrow
    item_ids: tuple[str, ...]


def plan_chunks(source: Source, folder: Path) -> list[Chunk]:
    """All pictures of the source in canonical order, about `CHUNK_BYTES` of raw bytes a chunk."""
    pictures = source.raw_pictures()
    chunks: list[list[str]] = []
    room = 0
    for item_id in pictures.ids():
        size = pictures.size(item_id)
        if size > room or not chunks:
            chunks.append([])
            room = CHUNK_BYTES
        chunks[-1].append(item_id)
        room -= size
    return [
        Chunk(folder / f"{number:05d}.heap", tuple(item_ids))
        for number, item_ids in enumerate(chunks)
    ]


def write_heap(source: Source, chunk: Chunk) -> int:
    """Encode a chunk's pictures into its heap; answers how many."""
    raw = source.raw_pictures()
    rows = []
    with chunk.path.open("wb") as heap:
        for item_id in chunk.item_ids:
            picture = encode(raw.read(item_id), source.options.image_format)
            offset = heap.tell()
            heap.write(picture.data)
            rows.append((item_id, offset, len(picture.data), *picture[1:]))
    columns = [
        pa.array(column, field.type)
        for column, field in zip(zip(*rows, strict=True), INDEX, strict=True)
    ]
    index = pa.Table.from_arrays(columns, schema=INDEX)
    with (
        pa.OSFile(str(chunk.path.with_suffix(".arrow")), "wb") as file,
        pa.ipc.new_file(file, INDEX) as writer,
    ):
        writer.write_table(index)
    return len(rows)


class HeapedPictures:
    """All pictures of a folder of heaps, mapped from disk: a lookup copies nothing."""

    def __init__(self, folder: Path) -> None:
        self._pictures: dict[str, Picture] = {}
        for index_path in sorted(folder.glob("*.arrow")):
            heap = memoryview(pa.memory_map(str(index_path.with_suffix(".heap"))).read_buffer())
            with pa.OSFile(str(index_path)) as file:
                index = pa.ipc.open_file(file).read_all()
            for item_id, offset, length, *rest in zip(*index.to_pydict().values(), strict=True):
                self._pictures[item_id] = Picture(heap[offset : offset + length], *rest)

    def get(self, item_id: str) -> Picture | None:
        return self._pictures.get(item_id)


@lru_cache(maxsize=1)
def opened_heaps(folder: Path) -> HeapedPictures:
    """The heaps of a folder, opened once a process."""
    return HeapedPictures(folder)
