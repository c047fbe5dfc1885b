"""Atomic files, as RecBole calls them: a line of `name:type`, tabs between, quotes as in CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from datasets import ClassLabel, Features, List, Value

from pmg.problems import BadData, Problem, Severity

TOKEN, SEQUENCE, NUMBER = "token", "token_seq", "float"
SEPARATORS = "|;~^"  # of sequences; the first that is in no value


def write_table(path: Path, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    """Write a file; answers with its lines below the header. None is written as nothing."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        for count, line in enumerate(lines, 1):  # noqa: B007 - it is the answer
            writer.writerow(line)
    return count


def header_of(features: Features) -> list[str]:
    """Columns with their types: texts and whole numbers are tokens, as all of them are names."""
    return [f"{name}:{type_of(kind)}" for name, kind in features.items()]


def type_of(kind: Any) -> str:  # noqa: ANN401 - a feature
    if isinstance(kind, List):
        return SEQUENCE
    named = isinstance(kind, ClassLabel) or not isinstance(kind, Value)
    return TOKEN if named or not kind.dtype.startswith("float") else NUMBER


def separator_of(values: Iterable[str], file: str) -> str:
    """What may stand between these values. Raises BadData where every separator is in one."""
    left = dict.fromkeys(SEPARATORS)
    for value in values:
        for separator in [each for each in left if each in value]:
            del left[separator]
    if not left:
        expected = f"values without one of {' '.join(SEPARATORS)}, to stand between them"
        found, remedy = "all four in some", "Rename what holds them"
        raise BadData(Problem(Severity.ERROR, file, "", expected, found, remedy))
    return next(iter(left))


def in_one(value: Any, separator: str) -> Any:  # noqa: ANN401 - whatever a row holds
    """A list as one text; anything else as it is."""
    if not isinstance(value, list):
        return value
    return separator.join(str(each) for each in value if each is not None)
