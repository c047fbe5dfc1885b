"""Shards on the Hub: what is asked for is fetched, and stays."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.utils import merge_offset_ranges
from huggingface_hub import HfFileSystem, hf_hub_url
from huggingface_hub.constants import HF_HUB_DOWNLOAD_TIMEOUT
from huggingface_hub.errors import (
    EntryNotFoundError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (  # type: ignore[attr-defined] # they are documented there
    build_hf_headers,
    hf_raise_for_status,
    http_backoff,
)

from pmg.hub import DATASET, FAULTS
from pmg.offsets import LENGTH
from pmg.problems import BadCall
from pmg.reading.cached import cache_folder
from pmg.reading.shards import Block, OpenFile, Span, another, is_at, picture_at
from pmg.whole_files import MANIFEST, WrittenFile

SMALL = 4 << 20  # bytes of a file that is fetched whole
LARGEST_GAP = 64 << 10  # bytes between pictures that are fetched with them
LARGEST_BLOCK = 8 << 20  # bytes that are fetched at a time
SAID = 200  # characters of what the Hub's client says


class Commit(NamedTuple):
    """A state of a repository on the Hub."""

    repository: str
    commit: str

    def path(self, file: str) -> str:
        """A file as `HfFileSystem` names it."""
        return f"datasets/{self.repository}@{self.commit}/{file}"

    def part(self, file: str, start: int, end: int) -> bytes:
        """Bytes of a file, by one request: a filesystem would look around before."""
        url = hf_hub_url(self.repository, file, repo_type=DATASET, revision=self.commit)
        headers = {**build_hf_headers(), "Range": f"bytes={start}-{end - 1}"}
        with reached(self.repository):
            answer = http_backoff("GET", url, headers=headers, timeout=HF_HUB_DOWNLOAD_TIMEOUT)
            hf_raise_for_status(answer)
            return bytes(answer.content)


class RemoteShard:
    """A shard on the Hub, of which a copy with holes grows on this disk.

    A picture's length is written when the picture is there, and tells others that it is.
    """

    def __init__(self, file: WrittenFile, commit: Commit) -> None:
        self.file, self._commit = file, commit
        self.name = commit.path(file.path)
        self._opened: OpenFile | None = None

    def __reduce__(self) -> tuple[type["RemoteShard"], tuple[WrittenFile, Commit]]:
        return RemoteShard, (self.file, self._commit)

    @contextmanager
    def parquet(self) -> Iterator[pq.ParquetFile]:
        small = self.file.bytes <= SMALL
        with opened(self.name, self._commit.repository) as file:
            source = pa.BufferReader(file.read()) if small else file
            with pq.ParquetFile(source, pre_buffer=True) as parquet:
                yield parquet

    def picture(self, span: Span) -> bytes:
        for block in self.lacking([span]):
            self.fetch(block)
        data = picture_at(self._number(), span)
        if data is None:
            raise another(self.name, f"another, at byte {span.start:,}")
        return data

    def lacking(self, spans: Iterable[Span]) -> list[Block]:
        number = self._number()
        away = sorted({span for span in spans if not is_at(number, span)})
        _, starts, ends = merge_offset_ranges(
            [self.name] * len(away),
            [span.start - LENGTH.size for span in away],
            [span.end for span in away],
            max_gap=LARGEST_GAP,
            max_block=LARGEST_BLOCK,
        )
        return [
            Block(start, end, tuple(each for each in away if start < each.start < end))
            for start, end in zip(starts, ends, strict=True)
        ]

    def fetch(self, block: Block) -> None:
        data = memoryview(self._commit.part(self.file.path, block.start, block.end))
        if len(data) != block.end - block.start:
            raise another(self.name, "one of another size")
        number = self._number()
        for span in block.spans:
            begin = span.start - block.start
            length = data[begin - LENGTH.size : begin]
            if length != LENGTH.pack(span.length):
                raise another(self.name, f"another, at byte {span.start:,}")
            os.pwrite(number, data[begin : begin + span.length], span.start)
            os.pwrite(number, length, span.start - LENGTH.size)

    def _number(self) -> int:
        if self._opened is None:
            path = cache_folder() / f"{self.file.sha256}.parquet.part"
            self._opened = OpenFile(path, os.O_RDWR | os.O_CREAT)
            os.ftruncate(self._opened.number, self.file.bytes)
        return self._opened.number


@contextmanager
def opened(path: str, repository: str) -> Iterator[Any]:
    """A file of the Hub, nothing of it read ahead. Raises BadCall where it is out of reach."""
    with reached(repository), files_of(os.getpid()).open(path, cache_type="none") as file:
        yield file


@cache
def files_of(_process: int) -> HfFileSystem:
    """The files of the Hub: one client for all threads of a process, and none that was forked."""
    return HfFileSystem(skip_instance_cache=True)


@contextmanager
def reached(name: str) -> Iterator[None]:
    """Tell as a BadCall what the Hub does not have, or that it does not answer."""
    try:
        yield
    except (LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise BadCall(
            f"{name}: expected the Hub to answer, or the set on this disk, found neither. "
            "Go online, or name a folder."
        ) from error
    except RepositoryNotFoundError as error:
        raise BadCall(
            f"{name}: expected a data set on the Hub, found none, or one that asks for a token. "
            "Look at the name, or `hf auth login`."
        ) from error
    except (RevisionNotFoundError, EntryNotFoundError, FileNotFoundError) as error:
        raise BadCall(
            f"{name}: expected a set that `pmg-bench push` published, found no {MANIFEST} or "
            "another file it tells of. Name another repository or revision."
        ) from error
    except FAULTS as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:SAID]
        raise BadCall(
            f"{name}: the Hub was not reached ({said}). Try again; what was fetched stays."
        ) from error
