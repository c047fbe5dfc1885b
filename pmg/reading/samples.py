"""Samples: histories and targets with their pictures, joined by id while they are read."""

import os
from collections.abc import Iterator, Sequence
from typing import SupportsIndex, overload

from datasets import Features

from pmg.columns import Row
from pmg.problems import BadCall
from pmg.progress import progress_bar
from pmg.reading.fetching import fetched
from pmg.reading.ids import Ids, OwnItems, built_samples, own_samples
from pmg.reading.items import Place
from pmg.reading.pictures import PIL, Form
from pmg.reading.sources import opened


class Samples(Sequence[Row]):
    """Samples with pictures and captions: `Samples("pmg-bench", "movieposter_bench", "test")[0]`.

    A plain sequence, for a PyTorch DataLoader too, whose workers share what is mapped. Of samples
    of ids, pictures and captions are those of the items, read where they lie and decoded when they
    are asked for; every other column of the items comes along, `title` as `history_titles` and
    `target_title`. Samples that hold pictures are read the same way, so nothing of them is copied.
    From the Hub, only what the samples show is fetched: when it is asked for, or all by `fetch`.

    Args:
        source: a built folder or a repository `ORG/NAME`; or one's own table with `history_ids`
            and `target_id` (a Dataset, streamed or not, an Arrow table or a DataFrame).
        config: the config of samples; the first there is, unless given.
        split: one of its splits; of one's own table, of its column `split`. May be left out where
            there is but one, or for all of one's own table.
        items: of one's own table: `Items`, a Dataset of items, or a stream of them, of which only
            those are kept that the samples name.
        format: "pil", "numpy" ((height, width, 3) uint8) or "torch" ((3, height, width) uint8);
            what is transparent lies on white in the last two.
        decode: False gives files, as `{"bytes": …, "path": None}`.
        revision: a branch, tag or commit on the Hub.

    Raises:
        BadCall: there is no such set, config, split or format, or the Hub cannot be reached.
        BadData: a file is missing or damaged, or of another build.
        TooManyProblems: samples name items that are unknown, or that have no picture.
    """

    def __init__(
        self,
        source: Place | Ids,
        config: str | None = None,
        split: str | None = None,
        *,
        items: OwnItems = None,
        format: str = PIL,  # noqa: A002 - as `datasets` calls it
        decode: bool = True,
        revision: str | None = None,
    ) -> None:
        self._form = Form.of(format, decode)
        if not isinstance(source, str | os.PathLike):
            self._joined = own_samples(source, split, items)
        elif items is not None:
            raise BadCall("Samples: expected items of one's own table only. Leave them out.")
        else:
            self._joined = built_samples(opened(source, revision), config, split)

    @property
    def features(self) -> Features:
        """The columns of a row, as `datasets` tells them."""
        return self._joined.layout.features

    def __repr__(self) -> str:
        return f"Samples({self._joined.name}: {len(self):,} of {self._joined.shelf.name})"

    def __len__(self) -> int:
        return len(self._joined.rows)

    def __iter__(self) -> Iterator[Row]:
        return (self[number] for number in range(len(self)))

    @overload
    def __getitem__(self, index: SupportsIndex) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self.__getitems__(range(len(self))[index])
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[SupportsIndex]) -> list[Row]:
        """Several rows; their pictures are fetched together where they are not on this disk."""
        joined, numbers = self._joined, [range(len(self))[index] for index in indices]
        shown = {place for number in numbers for place in joined.shown(number)}
        for _ in fetched(joined.shelf.lacking(shown)):
            pass
        return [joined.row(number, self._form) for number in numbers]

    def fetch(self) -> "Samples":
        """Have all pictures on this disk, with progress; answers with itself.

        Raises:
            BadCall: the Hub cannot be reached. What was fetched stays.
        """
        joined = self._joined
        lacking = joined.shelf.lacking(joined.all_shown())
        total = sum(each.bytes for each in lacking)
        with progress_bar(total, f"{joined.name}: fetch pictures", "bytes") as bar:
            for size in fetched(lacking):
                bar.update(size)
        return self
