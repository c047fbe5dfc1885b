"""Raw files of stickers as NamedTuples; what they mean together is check.py's question."""

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pmg.captions import LONGEST
from pmg.images import HEAD_BYTES, LARGEST_FILE, SIGNATURE
from pmg.json_files import described, read_json
from pmg.problems import (
    CORRECT_ENTRY,
    BadData,
    FileReport,
    Problem,
    Problems,
    Severity,
    listed,
    quoted,
)
from pmg.raw_files import FETCH_AGAIN, SPACES, is_unicode
from pmg.tables import is_whole_number

IMAGES = "images"
CAPTIONS = "captions.json"
ANNOTATIONS = "annotations"
FILES = (IMAGES, CAPTIONS, ANNOTATIONS)

ALL = "all_annos.json"
SPLITS = ("train", "val", "test")  # SER30K's own, a file each
BELOW = "image-level"  # the folder that the splits may lie in
WHAT = 'annotations, a JSON object with the list "annotations"'
MOST_CATEGORIES = 100  # emotions; people tell apart a few dozen
VERDICTS = ("anno1", "anno2", "anno3", "anno")  # of three annotators, and of all

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


class Annotation(NamedTuple):
    file: str  # that tells of it, as in problems
    entry: int  # 1-based, in its list
    topic: str
    file_name: str
    text: str | None  # on the sticker
    emotion: int | None  # the verdict, 1 to 7
    annotators: tuple[int | None, int | None, int | None]  # what each of them said
    split: str | None  # one of SPLITS; None where only all_annos.json tells of it

    @property
    def item_id(self) -> str:
        return f"{self.topic}/{self.file_name}"


class AnnotationFile(NamedTuple):
    file: str  # as in problems
    annotations: list[Annotation]  # in file order
    categories: dict[int, str] | None  # names by number; None where the file names none


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


def why_not_name(name: object) -> str | None:
    """What forbids a topic or a file name, for the part "found"; None where nothing does."""
    if not isinstance(name, str):
        return described(name)
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


def annotation_files(folder: Path) -> list[tuple[str, str | None]]:
    """Names below `folder` (RAW/ser30k/annotations) of the files that are there, with splits."""
    places = [f"{below}{{}}.json" for below in ("", f"{BELOW}/")]
    names = [(place.format(split), split) for place in places for split in SPLITS]
    return [pair for pair in ((ALL, None), *names) if os.path.lexists(folder / pair[0])]


def read_annotations(
    path: Path, file: str, split: str | None, encoding: str, problems: Problems
) -> AnnotationFile:
    """What one file says, emotions as they stand there. Raises BadData as `read_json`."""
    report = FileReport(file, problems)
    value = read_json(path, WHAT, encoding, problems, file)
    entries = value.get("annotations") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        found = described(value) if not isinstance(value, dict) else "no such list"
        raise BadData(Problem(Severity.ERROR, file, "", WHAT, found, FETCH_AGAIN))
    read = (_annotation(entry, number, split, report) for number, entry in enumerate(entries, 1))
    annotations = [annotation for annotation in read if annotation is not None]
    return AnnotationFile(file, annotations, _categories(value.get("categories"), report))


def _annotation(
    entry: object, number: int, split: str | None, report: FileReport
) -> Annotation | None:
    place, remedy = f"entry {number}", CORRECT_ENTRY
    if not isinstance(entry, dict):
        report.error(place, "an object", described(entry), remedy)
        return None
    topic, name = entry.get("topic", ""), entry.get("file_name", "")
    for key, value in (("topic", topic), ("file_name", name)):
        if found := why_not_name(value):
            report.error(f"{place}, key '{key}'", "the name of a folder or file", found, remedy)
            return None
    text = entry.get("text")
    if text is None:
        report.note(
            f"{place}, key 'text'", "text, or '' for none", "none", "Nothing: it becomes null"
        )
    if isinstance(text, str) and len(text) > LONGEST:
        expected = f"text of at most {LONGEST:,} characters"
        report.error(f"{place}, key 'text'", expected, f"{len(text):,}", remedy)
        text = None
    elif not (text is None or (isinstance(text, str) and is_unicode(text))):
        report.error(f"{place}, key 'text'", "text, or '' for none", described(text), remedy)
        text = None
    said = [_verdict(entry.get(key), f"{place}, key '{key}'", report) for key in VERDICTS]
    one, two, three, emotion = said
    text = text if text and text.strip() else None
    return Annotation(report.file, number, topic, name, text, emotion, (one, two, three), split)


def _verdict(value: Any, place: str, report: FileReport) -> int | None:  # noqa: ANN401 - of JSON
    """A number as it is written: 3, 3.0 or "3"."""
    if isinstance(value, str) and is_whole_number(digits := value.strip(SPACES)):
        if value != digits:
            remedy = "Nothing: it is read without"
            report.note(place, "no spaces around a number", quoted(value), remedy)
        return int(digits)
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return int(value)
    expected = "the number of an emotion"
    if value is None and not place.endswith(f"'{VERDICTS[-1]}'"):
        report.note(place, expected, "none", "Nothing: it becomes null")
    else:
        found = "none" if value is None else described(value)
        report.error(place, expected, found, "Correct the value")
    return None


def _categories(values: Any, report: FileReport) -> dict[int, str] | None:  # noqa: ANN401 - of JSON
    """Names by number, whichever of the two is the key; contradictions are reported, as None."""
    if values is None or values == {}:
        return None
    expected, remedy = "categories, an object of numbers and names", "Correct the categories"
    if not isinstance(values, dict):
        report.error("key 'categories'", expected, described(values), remedy)
        return None
    if len(values) > MOST_CATEGORIES:
        found = f"{len(values):,}"
        report.error("key 'categories'", f"at most {MOST_CATEGORIES} categories", found, remedy)
        return None
    names: dict[int, str] = {}
    wrong = False
    for key, value in values.items():
        place = f"key 'categories', key {quoted(key)}"
        number, name = (key, value) if is_whole_number(key.strip(SPACES)) else (value, key)
        if isinstance(name, str) and name != name.strip(SPACES):
            unneeded = "Nothing: it is read without"
            report.note(place, "no spaces around a name", quoted(name), unneeded)
        digits, name = (
            str(number).strip(SPACES),
            name.strip(SPACES) if isinstance(name, str) else "",
        )
        if not is_whole_number(digits) or not name or is_whole_number(name) or not is_unicode(name):
            report.error(place, expected, described(value), remedy)
            wrong = True
        elif int(digits) in names or name in names.values():
            found, wrong = f"{quoted(name)} and {digits} again", True
            report.error(place, "each number and each name once", found, remedy)
        else:
            names[int(digits)] = name
    if not wrong and sorted(names) != list(range(1, len(names) + 1)):
        found, wrong = listed(sorted(names)), True
        report.error("key 'categories'", "numbers from 1 without gaps", found, remedy)
    return None if wrong else names
