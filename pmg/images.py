"""Pictures as they are published: finished bytes with their size, mode and digest."""

import hashlib
import io
import itertools
import re
import warnings
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from pmg.options import Options
from pmg.problems import BadData, Problem, Severity, quoted

Pixels = npt.NDArray[np.uint8]
CHANNELS = 3
WEBP_LARGEST_SIDE = 16_383  # of the WebP container format, 14 bits
LARGEST_SIDE = 65_535  # no poster is larger, and JPEG can hold no more
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # that arrive, and that every reader decodes
HEAD_BYTES = 16  # enough to tell a format
# How files of these formats begin.
SIGNATURE = re.compile(rb"(?s)\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|BM")
LARGEST_FILE = 16 << 20  # bytes; no sticker is larger, and a sample has up to 14 in memory whole
# Two pictures of a phone's camera. Decoded, turned upright and made small for a page, it takes
# three times 100 MB; of 89 million pixels, Pillow warns users as of a bomb.
MOST_PIXELS = 25_000_000
MOST_PIXELS_OF_FRAMES = 250_000_000  # of an animation; ten times those of a sticker
MOST_FRAMES = 10_000
MOST_SCANS = 50  # of a JPEG; progressive ones have 10, and each costs as much as a picture
SCAN = b"\xff\xda"  # how one begins, and what nothing else in a JPEG is, but a thumbnail's
ON_THEIR_SIDE = (5, 6, 7, 8)  # orientations of EXIF that swap width and height


class Picture(NamedTuple):
    """One encoded picture."""

    data: Any  # bytes, or whatever stands in for them until they are written
    width: int  # pixels
    height: int  # pixels
    mode: str  # Pillow's name, as "RGB"
    sha256: str  # of shape and pixels for an array, of the bytes for a file


class Span(NamedTuple):
    """Where a finished picture lies, in place of its bytes."""

    path: str
    offset: int
    length: int  # bytes


class Pictures(Protocol):
    """Finished pictures by item id, wherever they come from."""

    def __contains__(self, item_id: str) -> bool:
        """Whether the item has a picture; none is made to answer."""

    def get(self, item_id: str) -> Picture | None:
        """The picture, or None where the item has none. Raises BadData where it is broken."""


class Withheld:
    """Pictures of which all is told but what is seen in them: their data are None."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._pictures

    def get(self, item_id: str) -> Picture | None:
        picture = self._pictures.get(item_id)
        return picture and picture._replace(data=None)


def published(pictures: Pictures, options: Options) -> Pictures:
    """The pictures as rows may show them."""
    return Withheld(pictures) if options.without_images else pictures


class _TooLarge(Exception):  # noqa: N818 - never leaves this file
    """Raised for what could be decoded, and will not be."""


def encode(pixels: Pixels, image_format: str) -> Picture:
    """Encode pixels, (height, width, 3) RGB; webp and png keep every one of them.

    Lossless WebP at its fastest effort beats PNG both in time and in size.
    """
    height, width, _ = pixels.shape
    file = io.BytesIO()
    name, _, quality = image_format.partition(":")
    image = Image.fromarray(np.ascontiguousarray(pixels))
    match name:
        case "webp":
            image.save(file, "WEBP", lossless=True, method=0, quality=0)
        case "png":
            image.save(file, "PNG")
        case _:
            image.save(file, "JPEG", quality=int(quality))
    return Picture(file.getvalue(), width, height, "RGB", sha256_of_pixels(pixels))


def sha256_of_pixels(pixels: Pixels) -> str:
    """The digest of their shape and of every one of them."""
    height, width, _ = pixels.shape
    digest = hashlib.sha256(f"{height} {width} {CHANNELS}\n".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def as_it_came(data: bytes, file: str, place: str) -> Picture:
    """A picture that arrived encoded, published byte for byte.

    Width and height are of the picture as users see it, upright.

    Raises:
        BadData: the bytes are no picture that every user can decode; names `file` and `place`.
    """
    picture, fault = looked_at(data)
    if picture is None:
        raise undecodable(fault or "", file, place)
    return picture


def looked_at(data: bytes) -> tuple[Picture | None, str | None]:
    """A picture that arrived encoded, or why it cannot be published."""
    try:
        width, height, mode = decoded(data)
    except Exception as error:  # noqa: BLE001 - over broken bytes, decoders raise what they like
        return None, _why_undecodable(data, error)
    return Picture(data, width, height, mode, hashlib.sha256(data).hexdigest()), None


def first_frame(data: bytes) -> Image.Image:
    """The first frame of a picture that `looked_at` lets pass, upright."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd but readable picture is shown as it is
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.load()
            return ImageOps.exif_transpose(image)


def undecodable(found: str, file: str, place: str) -> BadData:
    """The error of a picture that cannot be published."""
    expected = f"a picture that decodes ({', '.join(FORMATS)})"
    remedy = "Replace the picture, or remove it"
    return BadData(Problem(Severity.ERROR, file, place, expected, found, remedy))


def decoded(data: bytes) -> tuple[int, int, str]:
    """Decode a picture as `datasets` does; answers with width, height and mode.

    That turns it upright, which broken EXIF data can make fail after the pixels are read. All
    frames of an animation are decoded. Of a JPEG every byte is decoded too, but each block of
    8 x 8 pixels is left at its mean, which takes a third of the time (libjpeg's scaled decoding).

    Raises:
        _TooLarge: more of anything than a picture has.
        Exception: whatever a decoder makes of broken bytes.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd but readable picture is shown as it is
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            (width, height), mode = image.size, image.mode
            if width * height > MOST_PIXELS:
                raise _TooLarge(f"more than {MOST_PIXELS:,} pixels")
            if image.format in ("JPEG", "MPO") and data.count(SCAN) > MOST_SCANS:
                raise _TooLarge(f"more than {MOST_SCANS} scans")
            if image.format == "JPEG":  # an MPO, several in one, cannot go on to the next so
                image.draft(None, (1, 1))
            image.load()
            on_its_side = image.getexif().get(ExifTags.Base.Orientation) in ON_THEIR_SIDE
            _decode_frames(image)
            ImageOps.exif_transpose(image, in_place=True)
            return (height, width, mode) if on_its_side else (width, height, mode)


def _decode_frames(image: Image.Image) -> None:
    """Decode all frames behind the first."""
    pixels = image.width * image.height
    for frame in itertools.count(1):
        try:
            image.seek(frame)
        except EOFError:
            return
        own = image.width * image.height  # which may be more than the first one has
        pixels += own
        if own > MOST_PIXELS:
            raise _TooLarge(f"more than {MOST_PIXELS:,} pixels")
        if frame >= MOST_FRAMES or pixels > MOST_PIXELS_OF_FRAMES:
            frames, most = f"{MOST_FRAMES:,} frames", f"{MOST_PIXELS_OF_FRAMES:,} pixels"
            raise _TooLarge(f"more than {frames}, or {most} in all of them")
        image.load()


def _why_undecodable(data: bytes, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return f"{len(data):,} bytes of something else"
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        return f"more than {MOST_PIXELS:,} pixels"
    if isinstance(error, _TooLarge):
        return str(error)
    return quoted(str(error)).strip("'\"")


def why_not_pixels(
    shape: tuple[int, ...], dtype: np.dtype[np.generic], options: Options
) -> tuple[str, str, str] | None:
    """What is wrong with an array as a picture: expected, found, remedy; None if nothing is."""
    if len(shape) != CHANNELS or shape[2] != CHANNELS or dtype != np.uint8 or 0 in shape:
        expected = "pixels of shape (height, width, 3) and type uint8"
        remedy = "Export the picture again as RGB bytes, or remove the entry"
        return expected, f"{shape} {dtype}", remedy
    height, width, _ = shape
    if height * width > MOST_PIXELS or max(height, width) > LARGEST_SIDE:
        expected = f"at most {MOST_PIXELS:,} pixels and {LARGEST_SIDE:,} a side"
        return expected, f"{shape} {dtype}", "Shrink the picture, or remove the entry"
    if options.image_format == "webp" and max(height, width) > WEBP_LARGEST_SIDE:
        expected = f"at most {WEBP_LARGEST_SIDE:,} pixels a side, which is all WebP can hold"
        return (
            expected,
            f"{shape} {dtype}",
            "Publish with --image-format png, or shrink the picture",
        )
    return None


def why_not_decodable(data: bytes) -> str | None:
    """Why published bytes are no picture that users can decode; None if they are."""
    return looked_at(data)[1]
