"""Raw files of stickers as NamedTuples; what they mean together is check.py's question."""

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pmg.images import HEAD_BYTES, LARGEST_FILE, SIGNATURE
from pmg.problems import (
    FileReport,
    Problems,
    listed,
    quoted,
)
from pmg.raw.files import FETCH_AGAIN
from pmg.raw.json_files import described

IMAGES = "images"
CAPTIONS = "captions.json"
ANNOTATIONS = "annotations"
STYLE_CAPTIONS = "style_captions.json"
FILES = (IMAGES, CAPTIONS, ANNOTATIONS, STYLE_CAPTIONS)

LITTER = re.compile(r"\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX", re.IGNORECASE)
UNNAMEABLE = ("Cc", "Cs", "Zl", "Zp")  # Unicode categories of controls, halves, line ends

NaturalKey: TypeAlias = tuple[tuple[tuple[str, int, str], ...], str]


class Sticker(NamedTuple):
    """A file below images/."""

    topic: str
    file_name: str
    size: int  # bytes; 0 where there is no sound file

    @property
    def item_id(self) -> str:
        return f"{self.topic}/{self.file_name}"


class StickerFiles(NamedTuple):
    stickers: list[Sticker]  # in natural order, those without a sound picture included
    sound: frozenset[str]  # item ids of those that look like pictures


def natural_key(text: str) -> NaturalKey:
    """Orders `sticker_2` before `sticker_10`; no two texts have the same key."""
    parts = []
    for words, digits in re.findall(r"([^0-9]*)([0-9]*)", text):
        number = digits.lstrip("0")
        parts.append((words, len(number), number))
    return tuple(parts), text


LONGEST_NAME = 255  # bytes, as file systems have it


def why_not_name(name: object) -> str | None:
    """What forbids a topic or a file name, for the part "found"; None where nothing does."""
    if not isinstance(name, str):
        return described(name)
    if len(name) > LONGEST_NAME or len(os.fsencode(name)) > LONGEST_NAME:
        return f"{len(name):,} characters"
    odd = any(unicodedata.category(character) in UNNAMEABLE for character in name)
    return quoted(name) if odd or name in ("", ".", "..") or re.search(r"[/\\]", name) else None


def list_stickers(folder: Path, problems: Problems) -> StickerFiles:
    """The files in `folder` (RAW/ser30k/images), none of them decoded; links are not followed."""
    report = FileReport(f"{folder.parent.name}/{folder.name}", problems)
    stickers: list[Sticker] = []
    sound: set[str] = set()
    litter: list[str] = []
    for topic in _entries(folder, "", report, litter):
        if not topic.is_dir(follow_symlinks=False):
            remedy = "Move it into a folder named as its topic; until then it goes unused"
            report.warning(f"file {quoted(topic.name)}", "folders of topics only", "a file", remedy)
            continue
        for entry in _entries(Path(topic.path), f"{topic.name}/", report, litter):
            place = f"file {quoted(f'{topic.name}/{entry.name}')}"
            if entry.is_dir(follow_symlinks=False):
                remedy = "Move what is in it up to the topic; until then it goes unused"
                report.warning(place, "no folders inside a topic", "a folder", remedy)
                continue
            size = entry.stat(follow_symlinks=False).st_size
            if fault := _why_no_picture(entry):
                report.error(place, "a picture (JPEG, PNG, GIF, WebP or BMP)", *fault)
            stickers.append(Sticker(topic.name, entry.name, 0 if fault else size))
            if not fault:
                sound.add(stickers[-1].item_id)
    if litter:
        found, remedy = f"{len(litter):,} others: {listed(litter)}", "Nothing: they are not read"
        report.note("", "no files that an operating system left", found, remedy)
    return StickerFiles(stickers, frozenset(sound))


def _entries(
    folder: Path, below: str, report: FileReport, litter: list[str]
) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, in natural order, less links to folders and names that none has."""
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: natural_key(entry.name))
    except OSError:
        place = f"folder {quoted(below)}" if below else ""
        found, remedy = "one that cannot be read", "Give read permission on it"
        report.error(place, "a folder of stickers", found, remedy)
        return
    for entry in ordered:
        place = f"file {quoted(below + entry.name)}"
        if LITTER.fullmatch(entry.name):
            litter.append(quoted(below + entry.name).strip("'"))
        elif why_not_name(entry.name):
            expected = "names in UTF-8 without backslashes and control characters"
            report.error(place, expected, quoted(entry.name), "Rename it")
        elif entry.is_symlink() and not below:
            report.error(place, "folders and no links", "a link", "Put the folder itself there")
        else:
            yield entry


def _why_no_picture(entry: os.DirEntry[str]) -> tuple[str, str] | None:
    """What is there instead of a picture, and what to do; None where it begins as one."""
    if entry.is_symlink():
        return "a link", "Put the file itself there"
    if not entry.is_file(follow_symlinks=False):
        return "no regular file", "Put the file there"
    if (size := entry.stat().st_size) > LARGEST_FILE:
        return f"a file of {size >> 20:,} MiB", f"Shrink it below {LARGEST_FILE >> 20} MiB"
    try:
        with Path(entry.path).open("rb") as file:
            return _why_not_begun(file.read(HEAD_BYTES))
    except OSError:
        return "a file that cannot be read", "Give read permission on it"


def _why_not_begun(head: bytes) -> tuple[str, str] | None:
    if not head:
        return "an empty file", FETCH_AGAIN
    if not SIGNATURE.match(head):
        return f"no picture; it begins with {str(head)[1:]}", f"{FETCH_AGAIN}, or remove it"
    return None
