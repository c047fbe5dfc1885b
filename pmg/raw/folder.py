"""The raw folder, with a folder for each domain: what is there, whether it changed, who drew it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pmg import __version__
from pmg.digests import digest_of
from pmg.domain import Domain, DrawSettings
from pmg.origins import MADE
from pmg.problems import BadData, Problem, Severity
from pmg.whole_files import whole_folder

LEVELS = 2  # of a folder that are read: topics and their files
DRAWN_MARK = "drawn.txt"  # in a raw folder: what is built from it must say that it is not real
BESIDE = (DRAWN_MARK, MADE)  # what every domain's folder may hold, beside its own files


def draw_raw(domain: Domain[Any], raw_folder: Path, settings: DrawSettings) -> Path:
    """Draw the domain's folder below `raw_folder`; it appears whole or not at all.

    Raises:
        BadCall: the folder holds something: raw files are never written over.
        BadData: a file that `settings` name is not there.
    """
    folder = raw_folder / domain.name
    with whole_folder(folder) as incomplete:
        domain.draw(incomplete, settings)
        (incomplete / DRAWN_MARK).write_text("Written by `pmg-bench draw`: stand-ins, not real.\n")
    return folder


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


def present_files(domain: Domain[Any], raw_folder: Path) -> dict[str, Path]:
    """The domain's raw files that are there, by their name below `raw_folder`, sorted."""
    files: dict[str, Path] = {}
    for name in (*domain.files, *BESIDE):
        path = raw_folder / domain.name / name
        found = [path] if path.is_file() else files_below(path, LEVELS)
        files |= {each.relative_to(raw_folder).as_posix(): each for each in found}
    return dict(sorted(files.items()))


def files_below(folder: Path, levels: int) -> Iterator[Path]:
    """Files so many levels below a folder; links to folders are not followed, as by no reader."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return  # whoever reads the folder says so
    for entry in entries:
        if entry.is_file():
            yield folder / entry.name
        elif levels > 1 and entry.is_dir(follow_symlinks=False):
            yield from files_below(folder / entry.name, levels - 1)


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
