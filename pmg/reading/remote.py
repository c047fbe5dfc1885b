"""Shards on the Hub: what is asked for is fetched, and stays."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
from datasets import Features
from fsspec.utils import merge_offset_ranges

from pmg.built_files import whole
from pmg.columns import picture_columns
from pmg.offsets import LENGTH
from pmg.problems import BadData
from pmg.reading.cached import cache_folder
from pmg.reading.commits import Commit
from pmg.reading.shards import Block, OpenFile, Span, another, is_at, picture_at
from pmg.whole_files import WrittenFile, whole_file

SMALL = 1 << 20  # bytes of a file that is fetched whole
LARGEST_GAP = 64 << 10  # bytes between what is wanted that are fetched with it
LARGEST_BLOCK = 8 << 20  # bytes that are fetched at a time
END = 64 << 10  # bytes of a file that most often hold all that Parquet tells of it
MAGIC = b"PAR1"  # ends a Parquet file, after the length of what is told before it
ASK = "Try again, or ask who published it"
AT_ONCE = 4  # parts of a file that are asked for at a time


class RemoteShard:
    """A shard on the Hub, of which a copy with holes grows on this disk.

    A picture's length is written when the picture is there, and tells others that it is.
    """

    def __init__(self, file: WrittenFile, commit: Commit) -> None:
        self.file, self._commit = file, commit
        self.name = f"{commit.repository}/{file.path}"
        self._opened: OpenFile | None = None

    def __reduce__(self) -> tuple[type["RemoteShard"], tuple[WrittenFile, Commit]]:
        return RemoteShard, (self.file, self._commit)

    @contextmanager
    def parquet(self) -> Iterator[pq.ParquetFile]:
        if self.file.bytes <= SMALL:
            with whole_file(self._path) as part:
                part.write_bytes(self._part(0, self.file.bytes))
        else:
            self._fetch_end()
            self._fetch_columns()
        with whole(self._path), pq.ParquetFile(self._path) as parquet:
            yield parquet

    def picture(self, span: Span) -> bytes:
        for block in self.lacking([span]):
            self.fetch(block)
        data = picture_at(self._number(), span)
        if data is None:
            raise self._another(f"another, at byte {span.start:,}")
        return data

    def lacking(self, spans: Iterable[Span]) -> list[Block]:
        number = self._number()
        away = sorted({span for span in spans if not is_at(number, span)})
        wanted = merged([(span.start - LENGTH.size, span.end) for span in away])
        return [
            Block(start, end, tuple(each for each in away if start < each.start < end))
            for start, end in wanted
        ]

    def fetch(self, block: Block) -> None:
        data, number = memoryview(self._part(block.start, block.end)), self._number()
        for span in block.spans:
            begin = span.start - block.start
            length = data[begin - LENGTH.size : begin]
            if length != LENGTH.pack(span.length):
                raise self._another(f"another, at byte {span.start:,}")
            os.pwrite(number, data[begin : begin + span.length], span.start)
            os.pwrite(number, length, span.start - LENGTH.size)

    def _fetch_end(self) -> None:
        """Have what Parquet tells of the file, at its end, on this disk."""
        size = self.file.bytes
        end = self._part(max(0, size - END), size)
        told = LENGTH.size + len(MAGIC)
        length = LENGTH.unpack(end[-told : -len(MAGIC)])[0] + told
        if not end.endswith(MAGIC) or length > size:
            raise self._another("another")
        if length > len(end):
            end = self._part(size - length, size)
        os.pwrite(self._number(), end[-length:], size - length)

    def _fetch_columns(self) -> None:
        """Have all columns but pictures on this disk."""
        with whole(self._path):
            metadata = pq.read_metadata(self._path)
            features = Features.from_arrow_schema(metadata.schema.to_arrow_schema())
        wanted = merged([*chunks(metadata, picture_columns(features))])

        def fetch(wanted: tuple[int, int]) -> None:
            os.pwrite(self._number(), self._part(*wanted), wanted[0])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(fetch, wanted):
                pass

    def _part(self, start: int, end: int) -> bytes:
        data = self._commit.part(self.file.path, start, end)
        if len(data) != end - start:
            raise self._another("one of another size")
        return data

    def _another(self, found: str) -> BadData:
        return another(self.name, found, ASK)

    @property
    def _path(self) -> Path:
        return cache_folder() / f"{self.file.sha256}.parquet.part"

    def _number(self) -> int:
        if self._opened is None:
            self._opened = OpenFile(self._path, os.O_RDWR | os.O_CREAT)
            os.ftruncate(self._opened.number, self.file.bytes)
        return self._opened.number


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ranges of bytes, those near each other as one."""
    starts, ends = ([each[place] for each in ranges] for place in (0, 1))
    names = [""] * len(ranges)
    _, starts, ends = merge_offset_ranges(names, starts, ends, LARGEST_GAP, LARGEST_BLOCK)
    return [*zip(starts, ends, strict=True)]


def chunks(metadata: pq.FileMetaData, left_out: list[str]) -> Iterator[tuple[int, int]]:
    """Where columns lie in a file, in each row group, but those that are left out."""
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            if chunk.path_in_schema.partition(".")[0] not in left_out:
                begin = chunk.dictionary_page_offset or chunk.data_page_offset
                yield begin, begin + chunk.total_compressed_size
