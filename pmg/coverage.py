"""Coverage: how much of a domain has what it takes, and whom it leaves out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pmg.columns import Row
from pmg.splits import SHARES

SAMPLES, ITEMS = "samples", "items"  # folders of the tables that every domain has


class Coverage(NamedTuple):
    """What is there and what is missing, in a domain."""

    items: int
    with_image: int
    with_caption: int
    with_style_caption: int
    users: int
    kept: int  # users with at least one sample
    dropped: dict[str, int]  # users without one, by reason
    samples: dict[str, int]  # by split


class Counts(NamedTuple):
    """How many there are of each in a split of samples."""

    samples: int
    users: int
    items: int


class Tally:
    """Counts rows on their way to the shards."""

    def __init__(self) -> None:
        self.items = self.with_image = self.with_caption = self.with_style_caption = 0
        self.users: set[str] = set()
        self.samples: dict[str, int] = {}
        self.shown: dict[str, tuple[set[str], set[str]]] = {}  # users and items, by split

    def seen(self, rows: Iterable[Row], folder: str, split: str) -> Iterator[Row]:
        """The same rows, those of items and samples counted."""
        for row in rows:
            if folder == ITEMS:
                self.items += 1
                self.with_image += row["image_sha256"] is not None
                self.with_caption += row["caption"] is not None
                self.with_style_caption += row["style_caption"] is not None
            elif folder == SAMPLES:
                self.samples[split] = self.samples.get(split, 0) + 1
                users, items = self.shown.setdefault(split, (set(), set()))
                own = {row["user_id"]} - {None}
                users |= own
                items.update(row["history_ids"], [row["target_id"]])
                self.users |= own
            yield row

    def counts(self) -> dict[str, Counts]:
        """Of the samples, by split."""
        return {
            split: Counts(self.samples[split], len(users), len(items))
            for split, (users, items) in self.shown.items()
        }

    def coverage(self, dropped: dict[str, int]) -> Coverage:
        counted = {reason: count for reason, count in dropped.items() if count}
        users, kept = len(self.users) + sum(counted.values()), len(self.users)
        items = self.items, self.with_image, self.with_caption, self.with_style_caption
        return Coverage(*items, users, kept, counted, self.samples)


def told(coverage: Coverage) -> dict[str, str]:
    """The coverage as names and values for people; the same names first, whatever the domain."""
    lines = {
        "items": coverage.items,
        "with image": coverage.with_image,
        "with caption": coverage.with_caption,
        "with style caption": coverage.with_style_caption,
        **{f"samples, {split}": coverage.samples.get(split, 0) for split in SHARES},
        "users": coverage.users,
        "users kept": coverage.kept,
        **{f"users dropped: {reason}": count for reason, count in coverage.dropped.items()},
    }
    return {name: f"{count:,}" for name, count in lines.items()}


def side_by_side(coverage: Mapping[str, Coverage]) -> list[list[str]]:
    """A table for people: a heading, then a line for each thing that any domain counts."""
    counts = {domain: told(part) for domain, part in coverage.items()}
    names = dict.fromkeys(name for each in counts.values() for name in each)
    lines = [[name, *(each.get(name, "") for each in counts.values())] for name in names]
    return [["", *counts], *lines]
