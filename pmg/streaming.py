"""Rows straight from the raw files, as `datasets` asks for them: ranges in, examples out."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from datasets import Features

from pmg.columns import Row
from pmg.domain import Domain, Entries, Table
from pmg.images import published
from pmg.options import Options
from pmg.problems import Severity
from pmg.raw.pictures import EncodedOnDemand, RawPictures
from pmg.raw.scratch import Scratch
from pmg.source import Source, open_source

RANGES = 64  # the most processes that can share a split, and what a stream can be split by


class RawTable(NamedTuple):
    """A table of the raw files as they were; what makes its rows, in any process."""

    domain: Domain[Any]
    table: Table[Any, Any]
    raw_folder: Path
    scratch: Path  # where what cannot be read out of order is spooled, once
    options: Options
    state: str  # of the raw files: changed ones are another table


class RowRange(NamedTuple):
    """Consecutive rows of a split; `datasets` shares lists of these among processes."""

    split: str
    start: int
    stop: int


class Opened(NamedTuple):
    """A raw table, read and checked."""

    source: Source
    pictures: RawPictures
    entries: Entries[Any]


def plan_ranges(table: RawTable) -> dict[str, list[RowRange]]:
    """Every split's rows in at most `RANGES` parts; problems that stand go to the log.

    Raises as `open_source`.
    """
    source, _, entries = opened(table)
    for sentence in source.problems.sentences(mildest=Severity.WARNING):
        logging.getLogger("pmg_bench").warning(sentence)
    return {split: _ranges(split, len(rows)) for split, rows in entries.items()}


def features_of(table: RawTable) -> Features:
    """The table's features, with the names that the raw files give to numbers."""
    return opened(table).source.features(table.table)


def generate_rows(table: RawTable, ranges: Sequence[RowRange]) -> Iterator[tuple[int, Row]]:
    """Rows with their position in the split; pictures are encoded on the way."""
    source, raw_pictures, entries = opened(table)
    encoded = EncodedOnDemand(raw_pictures, table.options.image_format)
    pictures = published(encoded, table.options)
    for split, start, stop in ranges:
        for number, entry in enumerate(entries[split][start:stop], start):
            yield number, table.table.row(source.raw, entry, pictures)


@lru_cache(maxsize=4)
def opened(table: RawTable) -> Opened:
    """Read and check the raw files, once in a process. Raises as `open_source`."""
    source = open_source(table.domain, table.raw_folder, Scratch(table.scratch), table.options)
    pictures = table.domain.pictures(source.raw)
    entries = source.entries(table.table, pictures.found.keys())
    return Opened(source, pictures, entries)


def remove_leftovers(folder: Path) -> None:
    """Empty the folder that a build begins in: `datasets` would adopt a killed one's files."""
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _ranges(split: str, count: int) -> list[RowRange]:
    parts = min(RANGES, count)
    edges = [count * part // parts for part in range(parts + 1)]
    return [RowRange(split, *edge) for edge in pairwise(edges)]
