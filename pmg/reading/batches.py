"""Batches: samples in arrays of one shape, histories padded, with a mask."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from pmg.columns import Row
from pmg.problems import BadCall
from pmg.reading.pictures import TORCH, Pixels, as_tensor, on_white

ONE, SEVERAL, MASK = "image", "images", "mask"  # what names of columns end with


Size: TypeAlias = tuple[int, int]  # width, height in pixels
BILINEAR = Image.Resampling.BILINEAR


def crop(image: Image.Image, size: Size, resampling: Image.Resampling) -> Image.Image:
    """The middle of a picture, its sides in proportion."""
    return ImageOps.fit(image, size, resampling)


def pad(image: Image.Image, size: Size, resampling: Image.Resampling) -> Image.Image:
    """All of a picture on white, its sides in proportion."""
    return ImageOps.pad(image, size, resampling, color="white")


def stretch(image: Image.Image, size: Size, resampling: Image.Resampling) -> Image.Image:
    """All of a picture, its sides as the size has them."""
    return image.resize(size, resampling)


FITS: dict[str, Callable[[Image.Image, Size, Image.Resampling], Image.Image]] = {
    "crop": crop,
    "pad": pad,
    "stretch": stretch,
}


def collate(
    rows: Sequence[Row], size: tuple[int, int] = (256, 256), fit: str = "crop"
) -> dict[str, Any]:
    """Make a batch of B rows of `Samples`, as a DataLoader's `collate_fn`.

    `functools.partial(collate, size=(512, 512))` is one of another size.

    Args:
        rows: decoded samples with the same columns, whose pictures are of any format.
        size: height and width in pixels.
        fit: "crop" the middle, "pad" with white, or "stretch"; all by bilinear interpolation.

    Returns:
        By column: pictures as (B, height, width, 3) uint8; lists of them as (B, N, height, width,
        3), N the longest, the rest zeros, with a mask (B, N) that is true where a picture is:
        `history_images`, `history_mask`. Where pictures are tensors, these are too, of
        (…, 3, height, width). All else as lists.

    Raises:
        BadCall: no rows, an unknown `fit`, or pictures that are not decoded.
    """
    if not rows or fit not in FITS:
        found = "no rows" if not rows else repr(fit)
        raise BadCall(f"collate: expected rows and a fit of {', '.join(FITS)}, found {found}.")
    as_found = as_tensor if any(map(is_tensor, pictures_in(rows[0]))) else np.asarray
    batch: dict[str, Any] = {}
    for name in rows[0]:
        column = [row[name] for row in rows]
        if any(isinstance(value, str | bool) for value in column):
            batch[name] = column  # as `has_image`
        elif name.endswith(SEVERAL):
            pixels, mask = padded(column, size, fit)
            batch[name] = as_found(pixels)
            batch[name.removesuffix(SEVERAL) + MASK] = as_found(mask)
        elif name.endswith(ONE):
            pixels, mask = padded([column], size, fit)
            if not mask.all():
                raise BadCall(f"collate: expected a picture in every {name}, found none in some.")
            batch[name] = as_found(pixels[0])
        else:
            batch[name] = column
    return batch


def padded(
    column: Sequence[Sequence[Any]], size: tuple[int, int], fit: str
) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """Lists of pictures as pixels (B, N, height, width, 3), and where there is one, (B, N)."""
    longest = max(map(len, column))
    pixels = np.zeros((len(column), longest, *size, 3), np.uint8)
    mask = np.zeros((len(column), longest), np.bool_)
    height, width = size
    for row, pictures in enumerate(column):
        for place, picture in enumerate(pictures):
            if picture is not None:
                pixels[row, place] = np.asarray(
                    FITS[fit](image_of(picture), (width, height), BILINEAR)
                )
                mask[row, place] = True
    return pixels, mask


def image_of(picture: Any) -> Image.Image:  # noqa: ANN401 - of any format
    """A decoded picture of any format in RGB. Raises BadCall for another thing."""
    if isinstance(picture, Image.Image):
        return on_white(picture)
    if isinstance(picture, np.ndarray):
        return Image.fromarray(picture)
    if is_tensor(picture):
        return Image.fromarray(np.ascontiguousarray(np.moveaxis(picture.numpy(), 0, -1)))
    raise BadCall("collate: expected decoded pictures, found files. Leave decode=False out.")


def pictures_in(row: Row) -> Iterator[Any]:
    """All pictures of a row, null ones too."""
    for name, value in row.items():
        if isinstance(value, list) and name.endswith(SEVERAL):
            yield from value
        elif name.endswith(ONE):
            yield value


def is_tensor(picture: Any) -> bool:  # noqa: ANN401 - whatever a row holds
    return type(picture).__module__ == TORCH
