"""Rows straight from the raw files, as `datasets` asks for them: ranges in, examples out."""

import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pmg.digests import state_of
from pmg.domain import Domain, Row, Source, Table, open_source
from pmg.images import EncodedOnDemand
from pmg.options import Options

RANGES = 64  # the most processes that can share a split, and what a stream can be split by


class RowRange(NamedTuple):
    """Consecutive rows of a split; `datasets` shares lists of these among processes."""

    split: str
    start: int
    stop: int


def plan_ranges(
    domain: Domain[Any], table: Table[Any], raw_folder: Path, options: Options
) -> dict[str, list[RowRange]]:
    """Every split's rows in at most `RANGES` parts. Raises as `open_source`."""
    counts = _source(domain, raw_folder, options).counts(table)
    return {split: _ranges(split, count) for split, count in counts.items() if count}


def generate_rows(
    domain: Domain[Any],
    table: Table[Any],
    raw_folder: Path,
    options: Options,
    ranges: Sequence[RowRange],
) -> Iterator[tuple[int, Row]]:
    """Rows with their position in the split; pictures are encoded on the way."""
    source = _source(domain, raw_folder, options)
    pictures = EncodedOnDemand(source.raw_pictures(), options.image_format)
    for split, start, stop in ranges:
        rows = source.rows(table, split, range(start, stop), pictures)
        yield from enumerate(rows, start)


def remove_leftovers(folder: Path) -> None:
    """Empty the folder that a build begins in: `datasets` would adopt a killed one's files."""
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _ranges(split: str, count: int) -> list[RowRange]:
    parts = min(RANGES, count)
    edges = [count * part // parts for part in range(parts + 1)]
    return [RowRange(split, *edge) for edge in pairwise(edges)]


def _source(domain: Domain[Any], raw_folder: Path, options: Options) -> Source:
    return _cached_source(domain, raw_folder, options, state_of(domain, raw_folder))


@lru_cache(maxsize=4)
def _cached_source(
    domain: Domain[Any],
    raw_folder: Path,
    options: Options,
    _state: str,  # other files at the same place are another source
) -> Source:
    return open_source(domain, raw_folder, options)
