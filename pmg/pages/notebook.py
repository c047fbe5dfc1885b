"""Samples in a notebook: the strips of the page, as HTML without a script."""

import io
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pmg.columns import Row
from pmg.pages.content import SAMPLES, Content
from pmg.pages.page import HERE, ROOM, templates
from pmg.problems import BadCall
from pmg.reading.batches import image_of

HEIGHT, WIDTH = 180, 132  # pixels, of a picture and of what is said of it


class Strips:
    """Samples from history to target; a notebook shows them where this is a cell's last line."""

    def __init__(self, html: str, samples: int) -> None:
        self._html, self._samples = html, samples

    def __repr__(self) -> str:
        return f"Strips({self._samples} samples)"

    def _repr_html_(self) -> str:
        return self._html


def show(samples: Iterable[Row], rows: int = 3) -> Strips:
    """The first samples as strips, for a notebook: `show(Samples("pmg-bench", split="train"))`.

    Args:
        samples: `Samples`, a Dataset of samples with their pictures, or a list of such rows;
            pictures of any format, or files.
        rows: how many to show.

    Raises:
        BadCall: a row is no sample with its pictures.
    """
    content = Content(ROOM)
    content.add("samples", rows, (as_files(row) for row in islice(samples, rows)))
    (split,) = content.splits
    if split.rows and split.form != SAMPLES:
        found = ", ".join(split.columns)
        raise BadCall(
            f"show: expected samples with history_images and target_image, found {found}."
        )
    page = templates(HERE).get_template("strips.html")
    told = {"content": content.album, "things": content.things, "rows": split.rows}
    return Strips(page.render(told, height=HEIGHT, width=WIDTH), len(split.rows))


def as_files(row: Row) -> Row:
    """The same row, decoded pictures as files again."""
    return {
        name: [file_of(each) for each in value] if isinstance(value, list) else file_of(value)
        for name, value in row.items()
    }


def file_of(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if value is None or isinstance(value, str | int | float | Mapping | list):
        return value
    file = io.BytesIO()
    image_of(value).save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}
