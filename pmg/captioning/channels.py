"""Channels: the captions that a domain's raw layout has a place for, and the pictures they are of.

Declared by the domains; whoever asks for captions is handed this.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from pmg.captions import Phrases
from pmg.columns import Shown
from pmg.options import Options
from pmg.problems import Problems
from pmg.raw.pictures import RawPictures
from pmg.raw.scratch import Scratch

RawT = TypeVar("RawT")
CaptionKey = int | str  # of a caption in its file


class Kept(NamedTuple):
    """All captions that a file holds, those of unknown keys included, as it is written again."""

    captions: dict[CaptionKey, Phrases]  # in file order
    keys: Mapping[str, Sequence[CaptionKey]]  # by item id, of items that have any, all that mean it


class Channel(NamedTuple):
    """One kind of captions in a domain's raw folder."""

    file: str  # below the domain's folder
    prompt: Path
    # Of the domain's folder; a file that is not there holds none. Raises BadCall where it holds
    # captions of something else than items.
    read: Callable[[Path, Options, Problems], Kept]
    key: Callable[[str], CaptionKey]  # that a new caption of an item has
    # Makes a file that is not there yet.
    write: Callable[[Path, Mapping[CaptionKey, Phrases], Options], None]


class Captioned(NamedTuple, Generic[RawT]):
    """What of a domain can be captioned."""

    # Reads no caption. Raises BadData where items or pictures are unreadable.
    pictures: Callable[[Path, Scratch, Options, Problems], RawPictures]
    channels: Mapping[str, Channel]  # by name
    described: Callable[[RawT, str], Shown]  # an item by its id, which it need not know
