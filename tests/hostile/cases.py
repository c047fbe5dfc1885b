"""What a hostile case is: a sound raw folder, what is done to it, and what is read of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.movieposter.raw_folder import write_raw as write_movies
from tests.pog_dataset.raw_folder import write_raw as write_fashion
from tests.ser30k.raw_folder import write_raw as write_stickers

WRITERS: Mapping[str, Callable[[Path], Path]] = {
    "movieposter": write_movies,
    "pog_dataset": write_fashion,
    "ser30k": write_stickers,
}


class Row(NamedTuple):
    """Values of a row that must come out as they came in."""

    table: str  # a folder of the built domain, as "items"
    key: str  # of `item_id` or `user_id`, whichever the table has first
    values: Mapping[str, object]  # by column


class Case(NamedTuple):
    """One thing a stranger may have put into a raw folder."""

    kind: str  # of input: the text of what is said of it lies under this name
    name: str
    domain: str
    harm: Callable[[Path], object]  # does it to the sound raw folder
    arguments: tuple[str, ...] = ()  # of `check` and `build`
    row: Row | None = None  # what is read, where nothing is refused


def holding(domain: str, name: str, content: bytes | Callable[[], bytes]) -> Callable[[Path], None]:
    """The harm of other bytes in place of a file; large ones are made when they are needed."""

    def put(raw: Path) -> None:
        path = raw / domain / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content() if callable(content) else content)

    return put
