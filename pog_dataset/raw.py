"""Raw files of fashion as NamedTuples; what they mean together is check.py's question.

Tables come as CSV with headers, or as the source's own lines without.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from pmg.captions import Phrases
from pmg.piles import Pile, Shelf
from pmg.problems import BadData, FileReport, Problems, quoted
from pmg.raw.archives import Spool, spool
from pmg.raw.files import SPACES, require_file
from pmg.raw.json_files import read_captions
from pmg.raw.scratch import Scratch
from pmg.raw.tables import CsvFile, Line, TextFile

ITEMS = "item_data.csv"
OUTFITS = "outfit_data.csv"
USERS = "user_data.csv"
CAPTIONS = "captions.json"
PICTURES = "images.tar.gz"
STYLE_CAPTIONS = "style_captions.json"
FILES = (ITEMS, OUTFITS, USERS, CAPTIONS, PICTURES, STYLE_CAPTIONS)

ID = re.compile(r"[^\s,;\"']{1,64}")  # 32 hexadecimal digits in the source
HEADER_BYTES = 1 << 12

T = TypeVar("T")


class Item(NamedTuple):
    line: int  # 1-based, in item_data.csv
    item_id: str
    cate_id: str | None
    title: str | None  # Chinese mixed with Latin, as it stands in the file
    description: str | None
    pic_url: str | None  # where the source found the picture


class Outfit(NamedTuple):
    line: int  # 1-based, in outfit_data.csv
    outfit_id: str
    item_ids: tuple[str, ...]


class UserLine(NamedTuple):
    """Clicks, and the outfits that were chosen after them; a user may have many lines."""

    line: int  # 1-based, in user_data.csv
    user_id: str
    clicks: tuple[str, ...]  # item ids, oldest first
    outfits: tuple[str, ...]  # outfit ids, oldest first


class Spelling(NamedTuple):
    """The columns of a table, with headers and without."""

    what: str  # completes "expected …"
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    headless: tuple[str, ...]  # the fields of the source's own lines; the last holds the rest


ITEM_SPELLING = Spelling(
    "the items (item_id,cate_id,title,desc)",
    ("item_id", "cate_id", "title"),
    ("desc", "pic_url"),
    ("item_id", "cate_id", "pic_url", "title"),
)
OUTFIT_SPELLING = Spelling(
    "the outfits (outfit_id,item_ids)",
    ("outfit_id", "item_ids"),
    (),
    ("outfit_id", "item_ids"),
)
USER_SPELLING = Spelling(
    "the users (user_id,item_history,outfit_history)",
    ("user_id", "item_history", "outfit_history"),
    (),
    ("user_id", "item_history", "outfit_history"),
)


class RawFiles(NamedTuple):
    """What each file says; None where it cannot be read at all."""

    items: Pile[Item] | None
    outfits: list[Outfit] | None
    users: list[UserLine] | None
    captions: dict[str, Shelf[Phrases] | None]  # by file, without an optional one that is absent
    pictures: Spool | None


def read_files(folder: Path, scratch: Scratch, encoding: str, problems: Problems) -> RawFiles:
    """Read all files of `folder`; what cannot be read is reported.

    Pictures, items and captions go to `scratch`, as they would fill the memory.
    """

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BadData as fault:
            problems.add(fault.problem)
            return None

    def items() -> Iterator[Item]:
        return read_items(folder / ITEMS, encoding, problems)

    def captions(name: str) -> Shelf[Phrases]:
        read = read_captions(folder / name, encoding, problems)
        by_key = {sys.intern(key): phrases for key, phrases in read.items()}
        return Shelf.of(by_key, tuple, scratch.folder)

    return RawFiles(
        attempt(lambda: Pile(items(), Item._make, scratch.folder)),
        attempt(lambda: list(read_outfits(folder / OUTFITS, encoding, problems))),
        attempt(lambda: list(read_users(folder / USERS, encoding, problems))),
        {name: attempt(partial(captions, name)) for name in caption_files(folder)},
        attempt(lambda: spool(folder / PICTURES, "the pictures", scratch, problems)),
    )


def caption_files(folder: Path) -> list[str]:
    there = os.path.lexists(folder / STYLE_CAPTIONS)  # a broken link is no absent file
    return [CAPTIONS, STYLE_CAPTIONS] if there else [CAPTIONS]


def read_items(path: Path, encoding: str, problems: Problems) -> Iterator[Item]:
    """Items in file order. Raises BadData as `CsvFile.records`."""
    table = Table(path, ITEM_SPELLING, encoding, problems)
    for line, (item, cate, title, description, url) in table.records():
        if (item_id := table.id_of(item, f"line {line}, column item_id")) is not None:
            kind, place = cate.strip(SPACES) or None, url.strip(SPACES) or None
            name = table.text_of(title, f"line {line}, column title")
            text = table.text_of(description, f"line {line}, column desc")
            yield Item(line, item_id, kind and sys.intern(kind), name, text, place)


def read_outfits(path: Path, encoding: str, problems: Problems) -> Iterator[Outfit]:
    """Outfits in file order. Raises BadData as `CsvFile.records`."""
    table = Table(path, OUTFIT_SPELLING, encoding, problems)
    for line, (outfit, items) in table.records():
        outfit_id = table.id_of(outfit, f"line {line}, column outfit_id")
        item_ids = table.ids_of(items, f"line {line}, column item_ids")
        if outfit_id is not None and item_ids is not None:
            yield Outfit(line, outfit_id, item_ids)


def read_users(path: Path, encoding: str, problems: Problems) -> Iterator[UserLine]:
    """Lines of users in file order. Raises BadData as `CsvFile.records`."""
    table = Table(path, USER_SPELLING, encoding, problems)
    for line, (user, items, outfits) in table.records():
        user_id = table.id_of(user, f"line {line}, column user_id")
        clicks = table.ids_of(items, f"line {line}, column item_history")
        chosen = table.ids_of(outfits, f"line {line}, column outfit_history")
        if user_id is not None and clicks is not None and chosen is not None:
            yield UserLine(line, user_id, clicks, chosen)


class Table:
    """A table in either spelling."""

    def __init__(self, path: Path, spelling: Spelling, encoding: str, problems: Problems) -> None:
        self.spelling = spelling
        self.report: FileReport
        self._path, self._encoding, self._problems = path, encoding, problems
        self._csv = CsvFile(path, spelling.what, encoding, problems)
        self.report, self.text_of = self._csv.report, self._csv.text_of

    def records(self) -> Iterator[Line]:
        """Records as the columns with headers have them, whatever the spelling."""
        require_file(self._path, self.spelling.what)
        if self._has_header():
            return self._csv.records(self.spelling.columns, self.spelling.optional)
        return self._headless()

    def id_of(self, text: str, place: str) -> str | None:
        """An id; outer spaces are a note, anything else that is none is reported, as None."""
        stripped = text.strip(SPACES)
        if not (ID.fullmatch(stripped) and stripped.isprintable()):
            expected = "an id of 1 to 64 characters without spaces, commas, quotes"
            self.report.error(place, expected, quoted(text), "Correct the value")
            return None
        if stripped != text:
            remedy = "Nothing: it is read without"
            self.report.note(place, "no spaces around an id", quoted(text), remedy)
        return sys.intern(stripped)  # one text for each id: a million copies would fill the memory

    def ids_of(self, text: str, place: str) -> tuple[str, ...] | None:
        """Ids between semicolons; None where one of them is reported as none."""
        parts = text.split(";") if text.strip(SPACES) else []
        filled = [part for part in parts if part.strip(SPACES)]
        if len(filled) < len(parts):
            expected, remedy = "an id between any two semicolons", "Nothing: it is read without"
            self.report.warning(place, expected, quoted(text.strip(SPACES)), remedy)
        ids = [self.id_of(part, place) for part in filled]
        whole = tuple(each for each in ids if each is not None)
        return whole if len(whole) == len(ids) else None

    def _has_header(self) -> bool:
        """Whether the first line names columns: ours, or none that has a digit, as all ids do."""
        with self._path.open("rb") as file:
            lines = file.read(HEADER_BYTES).decode("utf-8-sig", "replace").splitlines()
        first = next((line for line in lines if line.strip()), "")
        names = [name.strip().strip('"').lower() for name in first.split(",")]
        ours = {*self.spelling.columns, *self.spelling.optional}
        return bool(ours & set(names)) or not any(character.isdigit() for character in names[0])

    def _headless(self) -> Iterator[Line]:
        fields = self.spelling.headless
        order = [
            fields.index(name) if name in fields else len(fields)
            for name in (*self.spelling.columns, *self.spelling.optional)
        ]
        file = TextFile(self._path, self.spelling.what, self._encoding, self._problems)
        for number, text in enumerate(file.ended(), 1):
            line = text.rstrip("\r\n")
            if not line.strip() or number == file.faulty_line:
                continue
            values = line.split(",", len(fields) - 1)
            if len(values) == len(fields):
                yield Line(number, [[*values, ""][place] for place in order])
            else:
                expected = f"{len(fields)} values ({','.join(fields)}), as without a header"
                found, remedy = f"{len(values)}", "Complete the line, or name the columns"
                self.report.error(f"line {number}", expected, found, remedy)
