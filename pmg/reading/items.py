"""Items: what is known of one, and its picture, by its id."""

import os
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset, Features

from pmg.columns import Row, picture_columns
from pmg.coverage import ITEMS
from pmg.offsets import PICTURE
from pmg.problems import BadCall, quoted
from pmg.reading.pictures import PIL, Form, picture_of
from pmg.reading.shelves import DatasetShelf, Shelf
from pmg.reading.sources import opened
from pmg.reading.tables import built_shelf

Place: TypeAlias = str | os.PathLike[str]  # a built folder, or ORG/NAME on the Hub


class Items(Mapping[str, Row]):
    """The items of a domain by their ids: `Items("pmg-bench", "movieposter_items")["1234"]`.

    Rows are those of `load_dataset`, and nothing is copied but, once, the columns that are not
    pictures. From the Hub, only pictures that are asked for are fetched.

    Args:
        source: a built folder, a repository `ORG/NAME`, or a `datasets.Dataset` of items.
        config: the config of items; the first there is, unless given.
        format: "pil", "numpy" ((height, width, 3) uint8) or "torch" ((3, height, width) uint8);
            what is transparent lies on white in the last two.
        decode: False gives files, as `{"bytes": …, "path": None}`.
        revision: a branch, tag or commit on the Hub.

    Raises:
        BadCall: there is no such set, config or format, or the Hub cannot be reached.
        BadData: a file is missing or damaged, or of another build.
        KeyError: on reading, for an unknown id.
    """

    def __init__(
        self,
        source: Place | Dataset,
        config: str | None = None,
        *,
        format: str = PIL,  # noqa: A002 - as `datasets` calls it
        decode: bool = True,
        revision: str | None = None,
    ) -> None:
        self._form = Form.of(format, decode)
        self.shelf = shelf_of(source, config, revision)

    @property
    def features(self) -> Features:
        """The columns of a row, as `datasets` tells them."""
        return self.shelf.features

    def __getitem__(self, item_id: str) -> Row:
        place = pc.index(self.shelf.ids, pa.scalar(item_id, pa.string())).as_py()
        if place < 0:
            raise KeyError(
                f"{self.shelf.name}: expected the id of an item, found {quoted(item_id)}."
            )
        pictures = picture_columns(self.features)
        row = self.shelf.row(place, [name for name in self.features if name not in pictures])
        row[PICTURE] = picture_of(self.shelf, place, self._form)
        return {name: row[name] for name in self.features}

    def __iter__(self) -> Iterator[str]:
        for chunk in self.shelf.ids.chunks:
            yield from chunk.to_pylist()

    def __len__(self) -> int:
        return len(self.shelf.ids)

    def __contains__(self, item_id: object) -> bool:
        if not isinstance(item_id, str):
            return False
        return bool(pc.index(self.shelf.ids, pa.scalar(item_id, pa.string())).as_py() >= 0)


def shelf_of(source: Place | Dataset, config: str | None, revision: str | None) -> Shelf:
    if isinstance(source, Dataset):
        return DatasetShelf(source)
    if not isinstance(source, str | os.PathLike):
        raise BadCall(
            "Items: expected a built folder, a repository as ORG/NAME or a Dataset, found "
            f"{type(source).__name__}."
        )
    found = opened(source, revision)
    tables = {name: each for name, each in found.manifest.configs.items() if each.folder == ITEMS}
    config = config or next(iter(tables))
    if config not in tables:
        raise BadCall(f"Config {config!r}: expected one of items, {', '.join(tables)}.")
    return built_shelf(found, config, tables[config])
