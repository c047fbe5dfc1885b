"""Thumbnails: pictures small enough to look at many, each kept once."""

import base64
import hashlib
import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps

HEIGHTS = (320, 240, 180, 132, 96, 64)  # pixels; the next where all would be too many bytes
WIDER = 1.5  # the widest a thumbnail may be, of its greatest height
QUALITY = 80
FASTER = 2  # of WebP's methods, 0 to 6: a third of the usual one's time, some bytes more
PLACEHOLDER_RATIO = 2 / 3  # an absent picture takes the room of a poster


class Picture(NamedTuple):
    """A thumbnail, or the reason why there is none."""

    webp: bytes
    width: int
    height: int
    problem: str

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.webp else PLACEHOLDER_RATIO

    @property
    def uri(self) -> str:
        """What `src` takes; empty where there is no picture."""
        if not self.webp:
            return ""
        return "data:image/webp;base64," + base64.b64encode(self.webp).decode("ascii")


NO_PICTURE = Picture(b"", 0, 0, "no picture")
BROKEN_PICTURE = Picture(b"", 0, 0, "cannot be decoded")


def picture_of(image: object, height: int = HEIGHTS[0]) -> Picture:
    """A thumbnail of a picture as `datasets` stores it."""
    data = image.get("bytes") if isinstance(image, dict) else None
    return NO_PICTURE if not isinstance(data, bytes) else thumbnail(data, height)


def thumbnail(data: bytes, height: int) -> Picture:
    """A thumbnail of a file of a picture, upright."""
    size = (int(height * WIDER), height)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd but readable picture is shown as it is
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                opened.draft(None, (2 * size[0], 2 * size[1]))
                image = ImageOps.exif_transpose(opened)
                image = image.convert("RGBA" if image.has_transparency_data else "RGB")
            image.thumbnail(size)
            webp = io.BytesIO()
            image.save(webp, "WEBP", quality=QUALITY, method=FASTER)
    except Exception:  # noqa: BLE001 - over broken bytes, decoders raise whatever they like
        return BROKEN_PICTURE
    return Picture(webp.getvalue(), image.width, image.height, "")


class Album:
    """Thumbnails of at most `room` bytes in all; more of them are smaller ones."""

    def __init__(self, room: int) -> None:
        self.pictures: list[Picture] = []
        self.bytes = 0  # that the pictures take in a page
        self._room = room
        self._heights = list(HEIGHTS)
        self._places: dict[bytes, int] = {}

    def place(self, image: object) -> int:
        """Where the thumbnail of a picture, as `datasets` stores it, is among `pictures`."""
        data = image.get("bytes") if isinstance(image, dict) else None
        key = hashlib.blake2b(data, digest_size=16).digest() if isinstance(data, bytes) else b""
        if key not in self._places:
            self._places[key] = len(self.pictures)
            self.pictures.append(picture_of(image, self._heights[0]))
            self.bytes += size_in_page(self.pictures[-1])
            while self.is_full and self.shrink():
                pass
        return self._places[key]

    @property
    def is_full(self) -> bool:
        """Whether the thumbnails take more room than there is, the smallest ones too."""
        return self.bytes > self._room

    def shrink(self) -> bool:
        """Make all thumbnails smaller; answers whether that could be done."""
        if len(self._heights) == 1:
            return False
        self._heights.pop(0)
        self.pictures = [
            thumbnail(each.webp, self._heights[0]) if each.webp else each for each in self.pictures
        ]
        self.bytes = sum(map(size_in_page, self.pictures))
        return True


def size_in_page(picture: Picture) -> int:
    """Bytes, as base64 has four characters for three of them."""
    return -(-len(picture.webp) // 3) * 4
