"""Imagefolder: pictures with a line of text each, as diffusion models are fine-tuned on.

The layout is that of `datasets`: a line of `metadata.jsonl` has `file_name`, and `*_file_names` for
a list of pictures. `text` is the column of captions that the scripts of diffusers read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pmg.classes import class_names, named
from pmg.columns import Row
from pmg.coverage import ITEMS
from pmg.exports.exported import Exported, joined_splits, shelf_of, shown
from pmg.exports.metadata import untold, write_metadata
from pmg.exports.pictures import write_pictures
from pmg.offsets import PICTURE
from pmg.reading.layout import TARGET
from pmg.reading.rows import Joined
from pmg.reading.shelves import Shelf
from pmg.reading.sources import Source
from pmg.reading.tables import built_shelf

OWN_PICTURE = "target_image"
TRAIN = "train"
TEXT = "text"
FILE_NAME = re.compile(r"file_name(s?)$")


def write(source: Source, name: str, folder: Path) -> Exported:
    """Write a config of items or of samples.

    Of items every picture is one; of samples every target, with histories as lists of pictures.
    """
    config = source.manifest.configs[name]
    if config.folder == ITEMS:
        return write_items(built_shelf(source, name, config), folder)
    joined = joined_splits(source, name)
    names = write_pictures(shelf_of(joined), shown(joined), folder)
    rows = {split: sample_rows(each, names) for split, each in joined.items()}
    counts = {split: len(each.rows) for split, each in joined.items()}
    return Exported(counts, untold(write_metadata(folder, rows, sum(counts.values()))))


def sample_rows(joined: Joined, names: dict[int, str]) -> Iterator[Row]:
    """A sample a line: its target is the picture, its target's caption the text."""
    classes = class_names(joined.layout.features)
    for number in range(len(joined.rows)):
        row = named(joined.told(number), classes)
        files = {}
        for column, whose in joined.layout.pictures.items():
            if column != OWN_PICTURE:
                places = joined.rows.value(whose, number)
                files[f"{column}_file_names"] = [names.get(place) for place in places]
        target = names[joined.rows.value(TARGET, number)]
        yield {"file_name": target, TEXT: row["target_caption"], **files, **renamed(row)}


def write_items(shelf: Shelf, folder: Path) -> Exported:
    """An item a line; those without a picture have none."""
    places = np.flatnonzero(shelf.shown()).tolist()
    names = write_pictures(shelf, {TRAIN: places}, folder)
    left_out = write_metadata(folder, {TRAIN: item_rows(shelf, names)}, len(names))
    bare = len(shelf.ids) - len(places)
    without = [f"{bare:,} items without a picture are left out"] if bare else []
    return Exported({TRAIN: len(places)}, [*without, *untold(left_out)])


def item_rows(shelf: Shelf, names: dict[int, str]) -> Iterator[Row]:
    classes = class_names(shelf.features)
    columns = [name for name in shelf.features if name != PICTURE]
    for place, name in names.items():
        row = named(shelf.row(place, columns), classes)
        yield {"file_name": name, TEXT: row["caption"], **renamed(row)}


def renamed(row: Row) -> Row:
    """A row without the names that the format has for something else: `file_name` becomes `file`.

    `datasets` opens a picture for every column whose name ends so.
    """
    names = {name: FILE_NAME.sub(r"file\1", name) for name in row} | {TEXT: f"item_{TEXT}"}
    return {names[name]: value for name, value in row.items()}
