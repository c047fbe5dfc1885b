"""Distributions: how often values of the tables occur, for people to see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from datasets import ClassLabel, Features

from pmg.built_files import whole
from pmg.manifest import Config

MOST_BARS, BINS = 40, 20


class Bars(NamedTuple):
    """What one chart shows."""

    title: str
    counts: Sequence[tuple[str, int]]  # labels from left to right, and how high


def bars(tree: Path, config: Config, column: str, title: str) -> Bars:
    """How often each value of a column occurs; of lists, how often each length does."""
    counts = counts_of(tree, config, column)
    with whole(tree / config.files[0].path):
        schema = pq.read_schema(tree / config.files[0].path)
    feature = Features.from_arrow_schema(schema)[column]
    if isinstance(feature, ClassLabel):
        return Bars(title, [(name, counts[number]) for number, name in enumerate(feature.names)])
    return Bars(title, grouped(counts))


def counts_of(tree: Path, config: Config, column: str) -> Counter[Any]:
    """How often each value of a column occurs; of lists, how often each length does."""
    counts: Counter[Any] = Counter()
    for values in columns_of(tree, config, column):
        lengths = pc.list_value_length(values) if pa.types.is_list(values.type) else values
        for each in pc.value_counts(lengths.drop_null()).to_pylist():
            counts[each["values"]] += each["counts"]
    return counts


def columns_of(tree: Path, config: Config, column: str) -> list[pa.ChunkedArray]:
    """A column of every file of a table. Raises BadData where one is damaged."""
    found = []
    for file in config.files:
        with whole(tree / file.path):
            found.append(pq.read_table(tree / file.path, columns=[column])[column])
    return found


def grouped(counts: Mapping[Any, int]) -> list[tuple[str, int]]:
    """Numbers in their order, with how often each occurs; many of them in groups of equal width."""
    if not counts:
        return []
    if all(isinstance(value, int) for value in counts) and max(counts) - min(counts) < MOST_BARS:
        return [(str(value), counts[value]) for value in range(min(counts), max(counts) + 1)]
    if len(counts) <= MOST_BARS:
        return [(f"{value:g}", counts[value]) for value in sorted(counts)]
    low, width = min(counts), (max(counts) - min(counts)) / BINS
    groups: Counter[int] = Counter()
    for value, count in counts.items():
        groups[min(int((value - low) / width), BINS - 1)] += count
    return [(f"{low + number * width:.3g}", groups[number]) for number in range(BINS)]


def doubling(counts: Mapping[int, int]) -> list[tuple[str, int]]:
    """Whole numbers from 1 in groups that double, as few are large."""
    groups: Counter[int] = Counter()
    for value, count in counts.items():
        groups[(value - 1).bit_length()] += count
    last = max(groups, default=-1)
    return [(doubled(power), groups[power]) for power in range(last + 1)]


def doubled(power: int) -> str:
    """How a group is called: what is more than half of 2^power, and at most that."""
    return str(1 << power) if power < 2 else f"{(1 << power - 1) + 1:,} to {1 << power:,}"  # noqa: PLR2004 - 1 and 2 alone
