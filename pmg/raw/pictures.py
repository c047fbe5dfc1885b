"""Raw pictures: where they are, and what becomes of one that was read.

Whoever reads them may be another process, so what is handed over is small and opens files itself.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, cast

import numpy as np
import pyarrow as pa
from PIL import Image

from pmg.images import Picture, Pixels, as_it_came, encode, first_frame, sha256_of_pixels
from pmg.problems import BadData, Problem, Severity
from pmg.raw.pickles import PickledDict, open_pickle


class Loaded(Protocol):
    """A raw picture that was read: not yet known to be sound, nor finished."""

    def sha256(self) -> str:
        """Of shape and pixels for an array, of the bytes for a file."""

    def finished(self, image_format: str) -> Picture:
        """The picture as it is published. Raises BadData where it cannot be."""

    def check(self) -> None:
        """As `finished`, but no more work than it takes to know."""

    def image(self) -> Image.Image:
        """What is seen: decoded, upright, of an animation the first frame. Raises as `check`."""


class Seen(NamedTuple):
    """Pictures that are finished as they lie in a file, and that were looked at already."""

    path: Path
    places: pa.Table  # item_id, width, height, mode, sha256, offset, length
    problems: list[Problem]  # of those that cannot be published


Read = Callable[[Any], Loaded]  # of what `found` holds


class RawPictures(NamedTuple):
    """The pictures of a raw folder, none of them read yet.

    `read` is pickled for other processes, so it opens files itself; it raises BadData where a
    picture cannot be read.
    """

    found: Mapping[str, Any]  # by item id, in the order of the metadata: what `read` is handed
    size: Callable[[Any], int]  # bytes of what `read` reads
    read: Read
    seen: Callable[[], Seen] | None = None  # where pictures are looked at as they are unpacked


class Some(NamedTuple):
    """Pictures to be checked."""

    read: Read
    pictures: Sequence[tuple[str, Any]]  # item ids, and what `read` is handed


class LoadedPixels(NamedTuple):
    """Pixels that can be published, (height, width, 3) RGB."""

    pixels: Pixels

    def sha256(self) -> str:
        return sha256_of_pixels(self.pixels)

    def finished(self, image_format: str) -> Picture:
        return encode(self.pixels, image_format)

    def check(self) -> None:
        """Nothing is left to check."""

    def image(self) -> Image.Image:
        return Image.fromarray(np.ascontiguousarray(self.pixels))


class LoadedFile(NamedTuple):
    """A picture that arrived encoded; `file` and `place` are what problems call it."""

    data: bytes
    file: str
    place: str

    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def finished(self, _image_format: str) -> Picture:
        return as_it_came(self.data, self.file, self.place)

    def check(self) -> None:
        as_it_came(self.data, self.file, self.place)

    def image(self) -> Image.Image:
        self.check()
        return first_frame(self.data)


class PickledPictures(NamedTuple):
    """Arrays of pixels in a pickled dict."""

    path: Path
    state: tuple[int, int]  # size and time: another file of that name is another pickle

    @classmethod
    def of(cls, path: Path) -> Self:
        status = path.stat()
        return cls(path, (status.st_size, status.st_mtime_ns))

    def read(self, key: int | str) -> LoadedPixels:
        """The array under a key of the pickle, which a look at its header has let pass."""
        return LoadedPixels(cast("Pixels", opened_pickle(self)[key]))


@lru_cache(maxsize=1)
def opened_pickle(pictures: PickledPictures) -> PickledDict:
    """The pickle; each process opens it once, for itself."""
    return open_pickle(pictures.path, "a pickled dict of arrays")


class PictureFiles(NamedTuple):
    """Pictures that are files, below a folder."""

    folder: Path
    name: str  # of the folder, as problems call it

    def read(self, name: str) -> LoadedFile:
        """The file of that name below the folder, whole."""
        file = f"{self.name}/{name}"
        try:
            return LoadedFile((self.folder / name).read_bytes(), file, "")
        except OSError as error:
            found, remedy = "a file that cannot be read", "Give read permission on it"
            raise BadData(Problem(Severity.ERROR, file, "", "a picture", found, remedy)) from error


class EncodedOnDemand:
    """Raw pictures, each encoded when it is asked for; the last few are kept for histories."""

    KEPT = 64  # a movie that is liked by one user is often liked by the next

    def __init__(self, raw: RawPictures, image_format: str) -> None:
        self._raw = raw
        self._format = image_format
        self._recent: dict[str, Picture] = {}

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._raw.found

    def get(self, item_id: str) -> Picture | None:
        if item_id not in self._raw.found:
            return None
        picture = self._recent.pop(item_id, None)
        if picture is None:
            picture = self._raw.read(self._raw.found[item_id]).finished(self._format)
        self._recent[item_id] = picture
        if len(self._recent) > self.KEPT:
            del self._recent[next(iter(self._recent))]
        return picture


def check_some(some: Some) -> tuple[int, dict[str, Problem]]:
    """How many pictures there were, and what is wrong with some of them, by item."""
    faults = {}
    for item_id, place in some.pictures:
        try:
            some.read(place).check()
        except BadData as fault:
            faults[item_id] = fault.problem
    return len(some.pictures), faults
