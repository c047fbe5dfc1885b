"""The canvas: the one size that pictures are compared at, and items as it shows them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from PIL import Image

from pmg.evaluating import BICUBIC, CROP, INTERPOLATIONS, SIZE
from pmg.problems import BadCall
from pmg.reading.batches import FITS
from pmg.reading.pictures import PIL, Form, Pixels, on_white, picture_of
from pmg.reading.shelves import Shelf

SMALLEST, LARGEST = 11, 2_048  # pixels: the window of SSIM; what a comparison has a gigabyte for
KEPT_BYTES = 100_000_000  # of items that were shown last
DECODED = Form(PIL, decode=True)

Key = TypeVar("Key")
Value = TypeVar("Value")


class Picture(NamedTuple):
    """A picture on the canvas."""

    item: int | None  # its place on the shelf of items; None for one that was predicted
    pixels: Pixels  # (size, size, 3) RGB


class Canvas(NamedTuple):
    """How pictures are brought to one size."""

    size: int = SIZE  # pixels of a side
    interpolation: str = BICUBIC
    fit: str = CROP  # as `collate` has it

    def require(self) -> None:
        """Raise BadCall for what is no canvas."""
        if not SMALLEST <= self.size <= LARGEST:
            raise BadCall(f"Size {self.size}: expected {SMALLEST} to {LARGEST:,} pixels.")
        for name, of in ((self.interpolation, INTERPOLATIONS), (self.fit, FITS)):
            if name not in of:
                raise BadCall(f"{name!r}: expected one of {', '.join(of)}.")

    def pixels(self, image: Image.Image) -> Pixels:
        """A decoded picture on the canvas, on white where it is transparent."""
        resampling = Image.Resampling[self.interpolation.upper()]
        made = FITS[self.fit](on_white(image), (self.size, self.size), resampling)
        return np.asarray(made)


class Recent(Generic[Key, Value]):
    """What was made for the keys that were asked for last, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def of(self, keys: Sequence[Key], make: Callable[[list[Key]], Iterable[Value]]) -> list[Value]:
        """The value of each key; those that are not kept are made together."""
        found = {key: self._kept[key] for key in keys if key in self._kept}
        lacking = [key for key in dict.fromkeys(keys) if key not in found]
        if lacking:
            found |= zip(lacking, make(lacking), strict=True)
        for key in keys:
            self._kept[key] = found[key]
            self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return [found[key] for key in keys]


class Gallery:
    """Pictures of items on the canvas; memory is bounded, whatever the number of items."""

    def __init__(self, shelf: Shelf, canvas: Canvas) -> None:
        self._shelf, self.canvas = shelf, canvas
        self._recent: Recent[int, Picture] = Recent(max(32, KEPT_BYTES // (3 * canvas.size**2)))

    def pictures(self, places: Sequence[int]) -> list[Picture]:
        """Those of items by their places. Raises BadData where one is damaged."""
        return self._recent.of(places, lambda lacking: [self._shown(place) for place in lacking])

    def _shown(self, place: int) -> Picture:
        image: Any = picture_of(self._shelf, place, DECODED)
        return Picture(place, self.canvas.pixels(image))
