"""Domains and their tables, as their folders declare them."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from datasets import Features

from pmg.captioning.channels import Captioned
from pmg.columns import Row
from pmg.images import Pictures
from pmg.options import Options
from pmg.problems import Problems
from pmg.protocols.terms import Terms
from pmg.raw.pictures import RawPictures
from pmg.raw.scratch import Scratch

RawT = TypeVar("RawT")
EntryT = TypeVar("EntryT")
Entries = Mapping[str, Sequence[EntryT]]  # by split


def without_classes(_: Any) -> dict[str, Sequence[str]]:  # noqa: ANN401 - of any domain
    """The class names of a table that has no classes."""
    return {}


def without_terms(_: Options) -> Terms | None:
    """The terms of a table that holds no samples."""
    return None


@dataclass(frozen=True, eq=False)
class Table(Generic[RawT, EntryT]):
    """One Hub config: a schema, its splits, and a way to make its rows.

    `entries` says what the rows are of, once for the whole table, by split; it is told which
    items have a picture. `row` makes the row of one entry. Both are pure, and pictures come from
    whatever `row` is handed: that is why all roads agree.
    """

    name: str  # of the Hub config, as "movieposter_items"
    folder: str  # below the domain's folder in OUT, as "items"
    about: str  # completes "a row is …"
    features: Features
    entries: Callable[[RawT, Options, AbstractSet[str]], Entries[EntryT]]
    row: Callable[[RawT, EntryT, Pictures], Row]
    class_names: Callable[[RawT], dict[str, Sequence[str]]] = without_classes  # by column
    published: str = ""  # how many rows the sources state, in words; "" where they state none
    # Columns whose numbers, classes or lengths of lists the card draws, with what it calls them.
    plotted: Mapping[str, str] = field(default_factory=dict)
    terms: Callable[[Options], Terms | None] = without_terms  # of samples: how they were cut


class EventColumns(NamedTuple):
    """Where a domain's tables tell who met which item, in what order; protocols cut these."""

    folder: str  # of the table that has an event a row, with `item_id`
    user: str  # its column of users, or of what stands in for them
    category: str  # a column of items: negatives are of the same


class DrawSettings(NamedTuple):
    """What the raw folder that a domain draws shall look like."""

    scale: str  # a key of SCALES
    seed: int
    picture_size: tuple[int, int] | None  # width, height in pixels; None: the scale's own
    movielens: Path | None  # a MovieLens folder whose ratings and titles are taken


SCALES = ("tiny", "small", "full")


@dataclass(frozen=True, eq=False)
class Domain(Generic[RawT]):
    """A domain as its folder declares it; everything else is handed this."""

    name: str
    about: str  # one sentence
    readme: Path  # tells of its raw files, and in sections that the card takes over, of its tables
    files: tuple[str, ...]  # raw files and folders it reads, some of them optional
    # Its folder, and one for what must be spooled; None: a file is unreadable.
    read: Callable[[Path, Scratch, Options, Problems], RawT | None]
    pictures: Callable[[RawT], RawPictures]
    tables: tuple[Table[RawT, Any], ...]  # the samples first
    events: EventColumns
    # How many users have no sample, by reason; it is told which items have a picture.
    dropped: Callable[[RawT, Options, AbstractSet[str]], dict[str, int]]
    draw: Callable[[Path, DrawSettings], None]  # fills an empty folder
    captioned: Captioned[RawT] | None = None  # None: its raw layout has no place for captions


def hub_order(domains: Sequence[Domain[Any]]) -> list[Table[Any, Any]]:
    """All tables; the samples of every domain come first, as they are what people ask for."""
    samples = [domain.tables[0] for domain in domains]
    return samples + [table for domain in domains for table in domain.tables[1:]]
