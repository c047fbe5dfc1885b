"""What is exported: the splits of a config of samples, and what is said of it."""

from collections.abc import Mapping
from typing import NamedTuple

from pmg.reading.ids import built_samples
from pmg.reading.rows import Joined
from pmg.reading.shelves import Shelf
from pmg.reading.sources import Source


class Exported(NamedTuple):
    """What an export holds."""

    rows: dict[str, int]  # by split
    notes: list[str]  # sentences without a full stop


def joined_splits(source: Source, name: str) -> dict[str, Joined]:
    """The splits of a config of samples. Raises BadCall for another config."""
    splits = source.manifest.configs[name].splits
    return {split: built_samples(source, name, split) for split in splits}


def shelf_of(joined: Mapping[str, Joined]) -> Shelf:
    """The items that all splits share."""
    return next(iter(joined.values())).shelf


def shown(joined: Mapping[str, Joined]) -> dict[str, list[int]]:
    """The places of all items that samples show, by split."""
    return {split: each.all_shown() for split, each in joined.items()}
