"""Domains and their tables, as declared; and a domain's raw folder, opened and checked."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from datasets import Features

from pmg.images import Pictures, RawPictures
from pmg.options import Options
from pmg.problems import BadCall, BadData, Problem, Problems, Severity, TooManyProblems

Row = dict[str, Any]
RawT = TypeVar("RawT")


@dataclass(frozen=True, eq=False)
class Table(Generic[RawT]):
    """One Hub config: a schema, its splits, and a way to make any range of its rows.

    `rows` is pure: the same checked raw data, options, split and range give the same rows, and
    pictures come from whatever it is handed. That is why all roads agree.
    """

    name: str  # of the Hub config, as "movieposter_items"
    folder: str  # below the domain's folder in OUT, as "items"
    row: str  # completes "a row is …"
    features: Features
    counts: Callable[[RawT, Options], dict[str, int]]  # rows per split
    rows: Callable[[RawT, Options, str, range, Pictures], Iterator[Row]]


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
    files: tuple[str, ...]  # raw files it reads, some of them optional
    read: Callable[[Path, Options, Problems], RawT | None]  # None: a file is unreadable
    pictures: Callable[[RawT], RawPictures]
    tables: tuple[Table[RawT], ...]  # the samples first
    draw: Callable[[Path, DrawSettings], None]  # fills an empty folder

    def table(self, name: str) -> Table[RawT]:
        return next(table for table in self.tables if table.name == name)


def hub_order(domains: Sequence[Domain[Any]]) -> list[Table[Any]]:
    """All tables; the samples of every domain come first, as they are what people ask for."""
    samples = [domain.tables[0] for domain in domains]
    return samples + [table for domain in domains for table in domain.tables[1:]]


class Source(NamedTuple):
    """A domain's raw folder, read and checked."""

    domain: Domain[Any]
    folder: Path  # RAW/<domain>
    options: Options
    raw: Any  # what the domain's `read` answered
    problems: Problems

    def counts(self, table: Table[Any]) -> dict[str, int]:
        return table.counts(self.raw, self.options)

    def rows(self, table: Table[Any], split: str, rows: range, pictures: Pictures) -> Iterator[Row]:
        return table.rows(self.raw, self.options, split, rows, pictures)

    def raw_pictures(self) -> RawPictures:
        return self.domain.pictures(self.raw)


def examine(domain: Domain[Any], raw_folder: Path, options: Options) -> tuple[Any, Problems]:
    """Read and check a domain's folder below `raw_folder`; every problem found, none raised.

    Raises:
        BadData: `raw_folder` holds no folder of this domain.
    """
    folder = require_folder(domain, raw_folder)
    problems = Problems()
    return domain.read(folder, options, problems), problems


def draw_raw(domain: Domain[Any], raw_folder: Path, settings: DrawSettings) -> Path:
    """Draw the domain's folder below `raw_folder`; it appears whole or not at all.

    Raises:
        BadCall: the folder holds something: raw files are never written over.
        BadData: a file that `settings` name is not there.
    """
    folder = raw_folder / domain.name
    if folder.exists():
        raise BadCall(f"{folder}: expected no such folder, found one. Name another RAW.")
    incomplete = raw_folder / f"{domain.name}.incomplete"
    shutil.rmtree(incomplete, ignore_errors=True)
    incomplete.mkdir(parents=True)
    domain.draw(incomplete, settings)
    return incomplete.rename(folder)


def require_folder(domain: Domain[Any], raw_folder: Path) -> Path:
    """The domain's folder below `raw_folder`. Raises BadData where there is none."""
    folder = raw_folder / domain.name
    if not folder.is_dir():
        expected = f"a folder with the raw files {', '.join(domain.files)}"
        found = "a file" if folder.exists() else "no such folder"
        remedy = "Name the folder above it, or draw one with `pmg-bench draw RAW`"
        raise BadData(Problem(Severity.ERROR, str(folder), "", expected, found, remedy))
    return folder


def present_domains(domains: Sequence[Domain[Any]], raw_folder: Path) -> list[Domain[Any]]:
    """The domains that `raw_folder` has a folder of; the only one must be there.

    Raises:
        BadData: none of them is there.
    """
    present = [domain for domain in domains if (raw_folder / domain.name).is_dir()]
    if not present:
        require_folder(domains[0], raw_folder)
    return present


def open_source(domain: Domain[Any], raw_folder: Path, options: Options) -> Source:
    """Read and check a domain's raw files for building from them.

    Raises:
        BadData: as `examine`.
        TooManyProblems: a file is unreadable, or there are errors that `options.on_problem`
            does not allow to skip.
    """
    raw, problems = examine(domain, raw_folder, options)
    if raw is None or (options.on_problem == "fail" and problems.count(Severity.ERROR)):
        raise TooManyProblems(problems)
    return Source(domain, raw_folder / domain.name, options, raw, problems)


def present_files(domain: Domain[Any], raw_folder: Path) -> list[Path]:
    """The domain's raw files that are there, in declared order."""
    folder = raw_folder / domain.name
    return [path for name in domain.files if (path := folder / name).is_file()]
