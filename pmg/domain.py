"""Domains and their tables, as declared; and a domain's raw folder, opened and checked."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from datasets import ClassLabel, Features, List

from pmg import __version__
from pmg.columns import Row
from pmg.digests import digest_of
from pmg.images import Pictures, RawPictures
from pmg.options import Options
from pmg.problems import BadCall, BadData, Problem, Problems, Severity, TooManyProblems
from pmg.progress import progress_bar

RawT = TypeVar("RawT")
EntryT = TypeVar("EntryT")
Entries = Mapping[str, Sequence[EntryT]]  # by split


def without_classes(_: Any) -> dict[str, Sequence[str]]:  # noqa: ANN401 - of any domain
    """The class names of a table that has no classes."""
    return {}


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


class DrawSettings(NamedTuple):
    """What the raw folder that a domain draws shall look like."""

    scale: str  # a key of SCALES
    seed: int
    picture_size: tuple[int, int] | None  # width, height in pixels; None: the scale's own
    movielens: Path | None  # a MovieLens folder whose ratings and titles are taken


SCALES = ("tiny", "small", "full")
DRAWN_MARK = "drawn.txt"  # in a raw folder: what is built from it must say that it is not real


@dataclass(frozen=True, eq=False)
class Domain(Generic[RawT]):
    """A domain as its folder declares it; everything else is handed this."""

    name: str
    about: str  # one sentence
    readme: Path  # tells of its raw files, and in sections that the card takes over, of its tables
    files: tuple[str, ...]  # raw files and folders it reads, some of them optional
    # Its folder, and one for what must be spooled; None: a file is unreadable.
    read: Callable[[Path, Path, Options, Problems], RawT | None]
    pictures: Callable[[RawT], RawPictures]
    tables: tuple[Table[RawT, Any], ...]  # the samples first
    # How many users have no sample, by reason; it is told which items have a picture.
    dropped: Callable[[RawT, Options, AbstractSet[str]], dict[str, int]]
    draw: Callable[[Path, DrawSettings], None]  # fills an empty folder


def hub_order(domains: Sequence[Domain[Any]]) -> list[Table[Any, Any]]:
    """All tables; the samples of every domain come first, as they are what people ask for."""
    samples = [domain.tables[0] for domain in domains]
    return samples + [table for domain in domains for table in domain.tables[1:]]


class Source(NamedTuple):
    """A domain's raw folder, read and checked."""

    domain: Domain[Any]
    options: Options
    raw: Any  # what the domain's `read` answered
    problems: Problems

    def entries(self, table: Table[Any, EntryT], shown: AbstractSet[str]) -> Entries[EntryT]:
        """A table's entries, of the splits that have any: `datasets` can load no empty one.

        Raises:
            BadData: no split has any.
        """
        splits = table.entries(self.raw, self.options, shown)
        if not (filled := {split: rows for split, rows in splits.items() if rows}):
            found, remedy = "none", "Complete the raw files"
            expected = f"files that give at least one row of {table.name}"
            raise BadData(Problem(Severity.ERROR, self.domain.name, "", expected, found, remedy))
        return filled

    def features(self, table: Table[Any, Any]) -> Features:
        """A table's features, where numbers that the raw files give names to are classes."""
        names = table.class_names(self.raw)
        return Features(
            {
                column: _classes(kind, names[column]) if column in names else kind
                for column, kind in table.features.items()
            }
        )


def _classes(kind: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - datasets has no types
    if isinstance(kind, List):
        return List(_classes(kind.feature, names))
    return ClassLabel(names=list(names))


def examine(
    domain: Domain[Any], raw_folder: Path, scratch: Path, options: Options
) -> tuple[Any, Problems]:
    """Read and check a domain's folder below `raw_folder`; every problem found, none raised.

    What cannot be read out of order is spooled to `scratch`, where it may be found again.

    Raises:
        BadData: `raw_folder` holds no folder of this domain.
    """
    folder = require_folder(domain, raw_folder)
    problems = Problems()
    return domain.read(folder, scratch, options, problems), problems


def examine_pictures(domain: Domain[Any], raw: Any, problems: Problems) -> None:  # noqa: ANN401
    """Read every picture, which building does anyway, and report those that cannot be published."""
    pictures = domain.pictures(raw)
    with progress_bar(len(pictures.found), f"{domain.name}: check", "pictures") as bar:
        for picture in pictures.found.values():
            try:
                pictures.read(picture.source)
            except BadData as fault:
                problems.add(fault.problem)
            bar.update()


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
    try:
        domain.draw(incomplete, settings)
        (incomplete / DRAWN_MARK).write_text("Written by `pmg-bench draw`: stand-ins, not real.\n")
        return incomplete.rename(folder)
    except BaseException:
        shutil.rmtree(incomplete, ignore_errors=True)
        raise


def is_drawn(domain: Domain[Any], raw_folder: Path) -> bool:
    """Whether `draw_raw` wrote the domain's raw files."""
    return (raw_folder / domain.name / DRAWN_MARK).is_file()


def require_folder(domain: Domain[Any], raw_folder: Path) -> Path:
    """The domain's folder below `raw_folder`. Raises BadData where there is none."""
    folder = raw_folder / domain.name
    if not folder.is_dir():
        expected = f"a folder with the raw files of {domain.name}"
        found = "a file" if folder.exists() else "no such folder"
        remedy = "Name the folder that holds it, or draw one with `pmg-bench draw RAW`"
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


def open_source(domain: Domain[Any], raw_folder: Path, scratch: Path, options: Options) -> Source:
    """Read and check a domain's raw files for building from them.

    Raises:
        BadData: as `examine`.
        TooManyProblems: a file is unreadable, or there are errors that `options.on_problem`
            does not allow to skip.
    """
    raw, problems = examine(domain, raw_folder, scratch, options)
    refuse_errors(problems, options)
    if raw is None:
        raise TooManyProblems(problems)
    return Source(domain, options, raw, problems)


def refuse_errors(problems: Problems, options: Options) -> None:
    """Raise TooManyProblems where there are errors that may not be skipped."""
    if options.on_problem == "fail" and problems.count(Severity.ERROR):
        raise TooManyProblems(problems)


def present_files(domain: Domain[Any], raw_folder: Path) -> dict[str, Path]:
    """The domain's raw files that are there, by their name below `raw_folder`, sorted."""
    files: dict[str, Path] = {}
    for name in (*domain.files, DRAWN_MARK):
        path = raw_folder / domain.name / name
        found = [path] if path.is_file() else path.rglob("*")
        files |= {each.relative_to(raw_folder).as_posix(): each for each in found if each.is_file()}
    return dict(sorted(files.items()))


def state_of(domain: Domain[Any], raw_folder: Path) -> str:
    """Tell whether raw files have changed: a digest of their names, sizes and times.

    Reading gigabytes each time somebody asks would be too dear.
    """
    states = [
        (name, status.st_size, status.st_mtime_ns)
        for name, path in present_files(domain, raw_folder).items()
        for status in [path.stat()]
    ]
    return digest_of([__version__, domain.name, states])[:16]
