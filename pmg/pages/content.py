"""Content: what a page shows of rows. Things and pictures stand in it once, however often shown.

The columns of a row choose how it is shown, never the name of its config: samples as a
strip from history to target, items as cards, anything else as a table.
"""

from collections.abc import Iterable
from itertools import zip_longest
from statistics import fmean
from typing import Any, NamedTuple

from pmg.columns import Row
from pmg.pages.thumbnails import Album

WIDE_HISTORY = 4.6  # widths over heights, summed; beyond it five pictures would not fit a line
WIDE_ITEM = 0.83  # width over height; between a poster and a square
NAMES_OF_ITEMS = ("title", "file_name", "item_id")
SHOWN_ON_CARDS = {*NAMES_OF_ITEMS, "image", "caption", "image_width", "image_height"}
SAMPLES, ITEMS, TABLE = "samples", "items", "table"  # forms


class Thing(NamedTuple):
    """A picture with what is known about it; None is unknown."""

    picture: int  # among the pictures of the page
    id: str | None
    title: str | None
    caption: str | None


class Split(NamedTuple):
    """A part of the page."""

    name: str
    total: int  # rows it has, beside those that are shown
    form: str
    columns: list[str]
    rows: list[Any]  # as JSON has them
    wide: bool
    group: str | None  # what samples are grouped by, as people call it: genre


class Content:
    """Gathers splits of rows; what a page takes of each row is kept, and nothing else of it."""

    def __init__(self, room: int) -> None:
        """`room` is how many bytes the pictures may take."""
        self.album = Album(room)
        self.splits: list[Split] = []
        self._things: dict[Thing, int] = {}

    def add(self, name: str, total: int, rows: Iterable[Row], group: str | None = None) -> None:
        """Add rows of a split, as many as there is room for.

        Args:
            name: of the split.
            total: how many rows it has.
            rows: those to show, all with the same columns, pictures as `datasets` stores them.
            group: the column that samples are grouped by, as `target_genres`.
        """
        columns: list[str] = []
        shown: list[Any] = []
        for row in rows:
            columns = list(dict.fromkeys([*columns, *row]))
            shown.append(self._row(row, group))
            if self.album.is_full:
                break
        if form_of(columns) == TABLE:
            shown = [[cells.get(column) for column in columns] for cells in shown]
        wide = self._is_wide(form_of(columns), shown)
        label = group.removeprefix("target_").removesuffix("s") if group else None
        self.splits.append(Split(name, total, form_of(columns), columns, shown, wide, label))

    @property
    def things(self) -> list[Thing]:
        """What rows name by its place."""
        return list(self._things)

    def told(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        pictures = [
            {"uri": each.uri, "width": each.width, "height": each.height, "problem": each.problem}
            for each in self.album.pictures
        ]
        things = [thing._asdict() for thing in self.things]
        splits = [split._asdict() for split in self.splits]
        return {"splits": splits, "things": things, "pictures": pictures}

    def _row(self, row: Row, group: str | None) -> Any:  # noqa: ANN401 - as JSON has it
        form = form_of(row)
        if form == SAMPLES:
            return self._sample(row, group)
        return self._item(row) if form == ITEMS else self._cells(row)

    def _sample(self, row: Row, group: str | None) -> dict[str, Any]:
        target = [row.get(name) for name in ("target_id", "target_title", "target_caption")]
        ratings = row.get("history_ratings")
        return {
            "id": text_of(row.get("sample_id")),
            "user": text_of(row.get("user_id")),
            "group": text_of(first_of(row.get(group))) if group else None,
            "preference": text_of(row.get("preference_caption")),
            "history": self._steps(row, "history", "history_ids"),
            "ratings": [text_of(each) for each in ratings] if isinstance(ratings, list) else None,
            "rated": "history_ratings" in row,  # so that an absent rating is worth saying
            "mean": mean_of(ratings),
            "target": self._thing(row.get("target_image"), *target),
            "rating": text_of(row.get("target_rating")),
            "outfit": self._steps(row, "outfit", "outfit_item_ids"),
        }

    def _steps(self, row: Row, group: str, ids: str) -> list[int]:
        """Read the parallel lists of a group; the longest decides, whatever a shorter one lacks."""
        names = (f"{group}_images", ids, f"{group}_titles", f"{group}_captions")
        lists = [value if isinstance(value := row.get(name), list) else [] for name in names]
        return [self._thing(*values) for values in zip_longest(*lists)]

    def _thing(self, image: object, own_id: object, title: object, caption: object) -> int:
        place = self.album.place(image)
        thing = Thing(place, text_of(own_id), text_of(title), text_of(caption))
        return self._things.setdefault(thing, len(self._things))

    def _item(self, row: Row) -> dict[str, Any]:
        named = (text_of(row.get(column)) for column in NAMES_OF_ITEMS)
        name = next(filter(None, named), None)
        size = [row.get("image_width"), row.get("image_height")]
        fields = {
            column: text
            for column, value in row.items()
            if column not in SHOWN_ON_CARDS and not isinstance(value, list | dict)
            if (text := text_of(value)) is not None
        }
        thing = self._thing(row.get("image"), row.get("item_id"), name, row.get("caption"))
        return {"thing": thing, "size": size if all(size) else None, "fields": fields}

    def _cells(self, row: Row) -> dict[str, Any]:
        return {column: self._cell(value) for column, value in row.items()}

    def _cell(self, value: object) -> list[int] | str | None:
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict) and "bytes" in each for each in values):
            return [self.album.place(each) for each in values]
        return text_of(value)

    def _is_wide(self, form: str, rows: list[Any]) -> bool:
        """Whether pictures are too wide to be as high as usual."""
        ratios = [self.album.pictures[thing.picture].ratio for thing in self.things]
        if form == SAMPLES:
            firsts = (sum(ratios[each] for each in row["history"][:5]) for row in rows)
            return any(first > WIDE_HISTORY for first in firsts)
        return form == ITEMS and fmean(ratios[row["thing"]] for row in rows) > WIDE_ITEM


def form_of(columns: Iterable[str]) -> str:
    """How rows with these columns are shown."""
    found = {*columns}
    if {"history_images", "target_image"} <= found:
        return SAMPLES
    return ITEMS if "image" in found else TABLE


def first_of(value: object) -> object:
    """The first of several values: a movie's first genre."""
    return next(iter(value), None) if isinstance(value, list) else value


def mean_of(ratings: object) -> float | None:
    """The mean of the ratings that are known."""
    values = ratings if isinstance(ratings, list) else []
    known = [each for each in values if isinstance(each, int | float)]
    return round(fmean(known), 3) if known else None


def text_of(value: object) -> str | None:
    """A value as people read it; None where there is nothing to read."""
    if isinstance(value, list):
        return ", ".join(text_of(each) or "null" for each in value) or None
    if isinstance(value, float):
        return str(float(f"{value:.7g}"))  # what a float32 knows
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return None if value is None else str(value).strip() or None
