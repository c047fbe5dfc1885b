"""Rows as one web page: a single file that asks the network for nothing.

The columns of a row choose how it is shown, never the name of its config: samples as a
strip from history to target, items as cards, anything else as a table.
"""

import base64
import hashlib
import io
import os
import warnings
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image, ImageOps

from pmg.columns import Row

THUMBNAIL = (480, 320)  # width and height in pixels, never exceeded
QUALITY = 80
PLACEHOLDER_RATIO = 2 / 3  # an absent picture takes the room of a poster
WIDE_HISTORY = 4.6  # widths over heights, summed; beyond it five pictures would not fit a line
WIDE_ITEM = 0.83  # width over height; between a poster and a square
NAMES_OF_ITEMS = ("title", "file_name", "item_id")
SHOWN_ON_CARDS = {*NAMES_OF_ITEMS, "image", "caption", "image_width", "image_height"}


class Picture(NamedTuple):
    """A thumbnail, or the reason why there is none."""

    uri: str
    width: int
    height: int
    problem: str

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.uri else PLACEHOLDER_RATIO


NO_PICTURE = Picture("", 0, 0, "no picture")
BROKEN_PICTURE = Picture("", 0, 0, "cannot be decoded")


class Step(NamedTuple):
    """One picture of a sample with what is known about it; None is unknown."""

    picture: Picture
    item_id: str | None
    title: str | None
    caption: str | None
    rating: str | None


class Sample(NamedTuple):
    """A row that leads from a history to a target."""

    row: Row
    history: list[Step]
    target: Step
    outfit: list[Step]
    rated: bool  # whether ratings exist at all, so that an absent one is worth saying


class Item(NamedTuple):
    """A row that describes one picture."""

    row: Row
    picture: Picture
    name: str | None
    fields: dict[str, str]


class Split(NamedTuple):
    """A part of the page."""

    name: str
    total: int
    form: str  # "samples", "items" or "table"
    rows: Sequence[Sample | Item | Mapping[str, object]]
    columns: list[str]
    wide: bool


def write_page(
    config: str, rows: Mapping[str, Sequence[Row]], total: Mapping[str, int], html: Path
) -> None:
    """Write the given rows, by split, as one HTML file; nobody ever sees half of it.

    `total` says how many rows each split has in all. The same rows give the same bytes.
    The folder of `html` must exist.
    """
    environment = templates(Path(__file__).parent)
    environment.filters |= {"digest": _digest, "text": _text}
    splits = [_split(name, shown, total[name]) for name, shown in rows.items()]
    page = environment.get_template("page.html").render(config=config, splits=splits)
    partial = html.with_name(f".{html.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(page.encode("utf-8", "replace"))
        partial.replace(html)
    finally:
        partial.unlink(missing_ok=True)


def templates(folder: Path) -> Environment:
    """The templates of a folder, which escape what strangers wrote and know no missing name."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["grouped"] = "{:,}".format
    return environment


def _split(name: str, rows: Sequence[Row], total: int) -> Split:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if {"history_images", "target_image"} <= set(columns):
        samples = [_sample(row) for row in rows]
        wide = any(sum(_ratios(sample.history[:5])) > WIDE_HISTORY for sample in samples)
        return Split(name, total, "samples", samples, columns, wide)
    if "image" in columns:
        items = [_item(row) for row in rows]
        wide = fmean(_ratios(items)) > WIDE_ITEM
        return Split(name, total, "items", items, columns, wide)
    table = [{column: _cell(row.get(column)) for column in columns} for row in rows]
    return Split(name, total, "table", table, columns, wide=False)


def _ratios(shown: Sequence[Step | Item]) -> list[float]:
    return [each.picture.ratio for each in shown]


def _sample(row: Row) -> Sample:
    names = ("target_id", "target_title", "target_caption", "target_rating")
    target = Step(picture_of(row.get("target_image")), *(_text(row.get(name)) for name in names))
    history = _steps(row, "history", "history_ids")
    outfit = _steps(row, "outfit", "outfit_item_ids")
    return Sample(row, history, target, outfit, "history_ratings" in row)


def _steps(row: Row, group: str, ids: str) -> list[Step]:
    """Read the parallel lists of a group; the longest decides, whatever a shorter one lacks."""
    names = (f"{group}_images", ids, f"{group}_titles", f"{group}_captions", f"{group}_ratings")
    lists = [value if isinstance(value := row.get(name), list) else [] for name in names]
    return [Step(picture_of(image), *map(_text, rest)) for image, *rest in zip_longest(*lists)]


def _item(row: Row) -> Item:
    named = (_text(row.get(column)) for column in NAMES_OF_ITEMS)
    fields = {
        column: text
        for column, value in row.items()
        if column not in SHOWN_ON_CARDS and not isinstance(value, list | dict)
        if (text := _text(value)) is not None
    }
    return Item(row, picture_of(row.get("image")), next(filter(None, named), None), fields)


def _cell(value: object) -> list[Picture] | str | None:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict) and "bytes" in each for each in values):
        return [picture_of(each) for each in values]
    return _text(value)


def picture_of(image: object) -> Picture:
    """A thumbnail of a picture as `datasets` stores it."""
    data = image.get("bytes") if isinstance(image, dict) else None
    if not isinstance(data, bytes):
        return NO_PICTURE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd but readable picture is shown as it is
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _thumbnail(data)
    except Exception:  # noqa: BLE001 - over broken bytes, decoders raise whatever they like
        return BROKEN_PICTURE


def _thumbnail(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as opened:
        image = ImageOps.exif_transpose(opened)
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(THUMBNAIL)
    webp = io.BytesIO()
    image.save(webp, "WEBP", quality=QUALITY)
    uri = "data:image/webp;base64," + base64.b64encode(webp.getvalue()).decode("ascii")
    return Picture(uri, image.width, image.height, "")


def _text(value: object) -> str | None:
    """Return a value as people read it; None where there is nothing to read."""
    if isinstance(value, list):
        return ", ".join(_text(each) or "null" for each in value) or None
    if isinstance(value, float):
        return str(float(f"{value:.7g}"))  # what a float32 knows
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return None if value is None else str(value).strip() or None


def _digest(text: str) -> str:
    """Name an inline script or style for the page's policy; others are not run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
