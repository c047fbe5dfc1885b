"""Files that get their name when they are whole and on the disk, and not before."""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pmg.digests import sha256_of
from pmg.problems import BadCall

PART = ".part"  # ends the names of files that are being written
MANIFEST = "manifest.json"  # tells of all files of a built folder


class WrittenFile(NamedTuple):
    """A finished file, as a journal or the manifest tells of it."""

    path: str  # below the folder that is told of, with forward slashes
    rows: int
    bytes: int
    sha256: str
    key: str = ""  # of what it was made from; a file with the same key has the same bytes
    unpacked: int = 0  # bytes of its rows as Arrow, which is what `load_dataset` copies them into


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to, which nobody else has; when the block ends well, `path` is that file."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):  # of the two, what stopped the writing is worth telling
            part.unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill; when the block ends well, `path` is that folder.

    Raises:
        BadCall: `path` is there, and nothing is written over; or what is left of an attempt that
            was killed, which may be something else.
    """
    incomplete = path.with_name(f"{path.name}.incomplete")
    for each, remedy in ((path, "Name another"), (incomplete, "If it is of no use, remove it")):
        if each.exists() or each.is_symlink():
            found = "one" if each.is_dir() else "a file"
            raise BadCall(f"{each}: expected no such folder, found {found}. {remedy}.")
    incomplete.mkdir(parents=True)
    try:
        yield incomplete
        incomplete.rename(path)
    except BaseException:
        shutil.rmtree(incomplete, ignore_errors=True)
        raise


def write_behind(file: int, start: int) -> int:
    """Have the system begin to write what a file has from `start` on; answers with its size.

    Else all of it waits until the file is whole, and so does whoever wrote it. What Linux does
    when told that dirty pages are not needed is to write them, and keep them meanwhile.
    """
    size = os.fstat(file).st_size
    if sys.platform == "linux":
        os.posix_fadvise(file, start, size - start, os.POSIX_FADV_DONTNEED)
    return size


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all."""
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def give_name(source: Path, target: Path) -> None:
    """Let a finished file be found as `target` too, without a copy where the disk can do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source.resolve())  # as a cache of downloads is links to its files
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        with whole_file(target) as part:
            shutil.copyfile(source, part)


def describe(path: Path, below: Path, rows: int = 0, key: str = "") -> WrittenFile:
    """A finished file below a folder, with its size and digest."""
    name = path.relative_to(below).as_posix()
    return WrittenFile(name, rows, path.stat().st_size, sha256_of(path), key)


def is_as_described(file: WrittenFile, below: Path) -> bool:
    """Whether the file is there with the bytes it had."""
    path = below / file.path
    try:
        return path.stat().st_size == file.bytes and sha256_of(path) == file.sha256
    except FileNotFoundError:
        return False
