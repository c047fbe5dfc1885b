"""Samples and items of colours."""

from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import numpy as np
from datasets import Features, Value

from pmg.columns import ITEM_COLUMNS, SAMPLE_COLUMNS, Row, Shown, item_columns, sample_columns
from pmg.domain import Entries, EventColumns, Table
from pmg.histories import windows
from pmg.images import Pictures
from pmg.options import Options
from pmg.protocols.tables import bench_table
from pmg.protocols.terms import Terms
from pmg.raw.pictures import LoadedPixels, RawPictures
from toy.check import Swatches
from toy.raw import Swatch


class Sample(NamedTuple):
    history: list[Swatch]
    target: Swatch


def read_picture(colour: tuple[int, int, int]) -> LoadedPixels:
    return LoadedPixels(np.full((4, 4, 3), colour, np.uint8))


def raw_pictures(raw: Swatches) -> RawPictures:
    found = {item_id: swatch.colour for item_id, swatch in raw.items.items()}
    return RawPictures(found, lambda _: 48, read_picture)


def samples(raw: Swatches, options: Options, shown: AbstractSet[str]) -> Entries[Sample]:
    swatches = [swatch for item_id, swatch in raw.items.items() if item_id in shown]
    owners = np.array([swatch.owner for swatch in swatches], np.int64)
    cut = windows(owners, options.history or 2)
    return {
        "train": [
            Sample([swatches[place] for place in cut.history(index)], swatches[cut.target(index)])
            for index in range(len(cut))
        ]
    }


def dropped(_raw: Swatches, _options: Options, _shown: AbstractSet[str]) -> dict[str, int]:
    return {}


def sample_row(_: Swatches, sample: Sample, pictures: Pictures) -> Row:
    history = [described(swatch) for swatch in sample.history]
    target = described(sample.target)
    return sample_columns(
        f"before-{target.item_id}", "toy", str(sample.target.owner), history, target, pictures
    )


def items(raw: Swatches, _: Options, _shown: AbstractSet[str]) -> Entries[Swatch]:
    return {"train": list(raw.items.values())}


def item_row(_: Swatches, swatch: Swatch, pictures: Pictures) -> Row:
    return item_columns(described(swatch), "toy", pictures) | {"owner": str(swatch.owner)}


def described(swatch: Swatch) -> Shown:
    return Shown(swatch.item_id, f"the colour {swatch.colour}")


ITEM_FEATURES = Features({**ITEM_COLUMNS, "owner": Value("string")})
EVENTS = EventColumns("items", user="owner", category="owner")

OWN_TABLES: tuple[Table[Swatches, Any], ...] = (
    Table(
        "toy",
        "samples",
        "two colours and the next",
        Features(SAMPLE_COLUMNS),
        samples,
        sample_row,
        terms=lambda _: Terms("windows of 2", disjoint=True, before=True),
    ),
    Table("toy_items", "items", "a colour", ITEM_FEATURES, items, item_row),
)

TABLES = (*OWN_TABLES, bench_table("toy", OWN_TABLES, EVENTS))
