"""Annotations of stickers, as their JSON files tell them: a topic, a text, emotions."""

import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from pmg.captions import LONGEST
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
from pmg.raw.files import FETCH_AGAIN, SPACES, is_unicode
from pmg.raw.json_files import described, read_json
from pmg.raw.tables import is_whole_number
from ser30k.raw import why_not_name

ALL = "all_annos.json"
SPLITS = ("train", "val", "test")  # SER30K's own, a file each
BELOW = "image-level"  # the folder that the splits may lie in
WHAT = 'annotations, a JSON object with the list "annotations"'
MOST_CATEGORIES = 100  # emotions; people tell apart a few dozen
NAME = re.compile(r"[\w .,'&/()+-]{1,100}")  # of an emotion; it stands in YAML and Markdown too
VERDICTS = ("anno1", "anno2", "anno3", "anno")  # of three annotators, and of all


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


def annotation_files(folder: Path) -> list[tuple[str, str | None]]:
    """Names below `folder` (RAW/ser30k/annotations) of the files that are there, with splits."""
    places = [f"{below}{{}}.json" for below in ("", f"{BELOW}/")]
    names = [(place.format(split), split) for place in places for split in SPLITS]
    return [pair for pair in ((ALL, None), *names) if os.path.lexists(folder / pair[0])]


def read_annotation_file(
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
        if not is_whole_number(digits) or is_whole_number(name) or not NAME.fullmatch(name):
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
