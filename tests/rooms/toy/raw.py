"""Colours as NamedTuples."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pmg.problems import Problems
from pmg.raw.tables import CsvFile

SWATCHES = "swatches.csv"
COLUMNS = ("id", "owner", "red", "green", "blue")


class Swatch(NamedTuple):
    line: int
    item_id: str
    owner: int
    colour: tuple[int, int, int]  # red, green, blue


def read_swatches(path: Path, encoding: str, problems: Problems) -> Iterator[Swatch]:
    file = CsvFile(path, "the colours", encoding, problems)
    for line, (item_id, *numbers) in file.records(COLUMNS):
        owner, *colour = (file.whole_number(number, f"line {line}") for number in numbers)
        red, green, blue = (part or 0 for part in colour)
        yield Swatch(line, item_id, owner or 0, (red, green, blue))
