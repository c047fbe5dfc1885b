"""Whether what was built of damaged files is what others read there, and the rest as it was."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.dataset as pds
from PIL import Image, ImageOps

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg_bench import DOMAINS
from tests.hostile.cases import WRITERS
from tests.hostile.mutations.readings import READINGS, Tables

Rows = Sequence[dict[str, Any]]
KEYS = {"items": "item_id", "outfits": "outfit_id"}


def disagreements(folder: Path, domain: str, *, whole: bool) -> Iterator[str]:
    """What is wrong in `folder`/out, built from `folder`/raw; `whole` if nothing was left out.

    Where something was, rows may lack and values may be null.
    """
    clean, built = clean_build(domain), read_built(folder / "out" / domain)
    expected = READINGS[domain](folder / "raw" / domain)
    hand_made = [row for row in built["samples"] if row["user_id"] is None]
    built["validation"] = hand_made  # lines of a file, some of which may lack pictures
    for table, rows in expected.items():
        if table in KEYS:
            yield from differing(table, built[table], rows, whole=whole)
        else:
            in_full = whole and table != "validation"
            yield from out_of_place(table, built[table], rows, whole=in_full)
    yield from faults_of_samples(built, clean)
    yield from faults_of_pictures(built["items"])


def differing(table: str, built: Rows, expected: Rows, *, whole: bool) -> Iterator[str]:
    """Rows found by their key."""
    key = KEYS[table]
    wanted = {row[key]: row for row in reversed(expected)}
    if whole and {row[key] for row in built} != wanted.keys():
        yield f"{table}: rows of {[row[key] for row in built]}, not of {list(wanted)}"
    for row in built:
        for column, value in wanted.get(row[key], {key: None}).items():
            if row[column] != value and (whole or not is_less(row[column], value)):
                yield f"{table}: {column} of {row[key]!r} is {row[column]!r}, not {value!r}"


def is_less(value: object, expected: object) -> bool:
    """Whether something was left out: all, or elements of a list."""
    if isinstance(value, list) and isinstance(expected, list):
        following = iter(expected)
        return all(each in following for each in value)
    return value is None


def out_of_place(table: str, built: Rows, expected: Rows, *, whole: bool) -> Iterator[str]:
    """Rows in their order; of those that are expected, some may be left out."""
    columns = expected[0].keys() if expected else set[str]()
    found = [{column: row[column] for column in columns} for row in built]
    if whole and found != expected:
        yield f"{table}: {found}, not {expected}"
    following = iter(expected)
    yield from (
        f"{table}: {row} is not there, or not in its place" for row in found if row not in following
    )


def faults_of_samples(built: Tables, clean: Tables) -> Iterator[str]:
    """Samples are joined of the items as they are; those of untouched rows are as they were."""
    items = {row["item_id"]: row for row in built["items"]}
    for sample in built["samples"]:
        own = sample["sample_id"]
        ids = [*sample["history_ids"], sample["target_id"]]
        pictures = [*sample["history_images"], sample["target_image"]]
        captions = [*sample["history_captions"], sample["target_caption"]]
        if [items[item]["image"] for item in ids] != pictures or None in pictures:
            yield f"sample {own} shows other pictures than its items"
        if [items[item]["caption"] for item in ids] != captions:
            yield f"sample {own} has other captions than its items"
        if sample["target_id"] in sample["history_ids"]:
            yield f"sample {own} has its target in its history"
    if all(built[table] == clean[table] for table in clean.keys() - {"samples", "validation"}):
        before = {row["sample_id"]: row for row in clean["samples"]}
        yield from (
            f"sample {row['sample_id']} changed, though nothing it is made of did"
            for row in built["samples"]
            if row["user_id"] is not None and row != before.get(row["sample_id"], row)
        )


def faults_of_pictures(items: Rows) -> Iterator[str]:
    """Every picture decodes to what is told of it."""
    for row in items:
        if row["image"] is not None:
            with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
                image.load()
                seen = (image.mode, *ImageOps.exif_transpose(image).size)
            if seen != (row["image_mode"], row["image_width"], row["image_height"]):
                yield f"the picture of {row['item_id']} is {seen}"


def read_built(folder: Path) -> Tables:
    return {
        table.name: pds.dataset(sorted(table.glob("*.parquet"), key=split_order))
        .to_table()
        .to_pylist()
        for table in folder.iterdir()
        if table.is_dir()
    }


def split_order(path: Path) -> tuple[int, str]:
    split = path.name.partition("-")[0]
    return ["train", "validation", "test"].index(split), path.name


@cache
def sound(domain: str) -> tuple[TemporaryDirectory[str], Path]:
    """A sound raw folder of the domain, and what is built from it; gone with the process."""
    temporary = TemporaryDirectory(prefix="pmg-bench-sound-")
    folder = Path(temporary.name)
    (found,) = (each for each in DOMAINS if each.name == domain)
    build(Request((found,), WRITERS[domain](folder / "raw"), folder / "out"))
    return temporary, folder


@cache
def clean_build(domain: str) -> Tables:
    return read_built(sound(domain)[1] / "out" / domain)
