"""JSON files as plain values: what is wrong is named by line and column, or by key."""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from pmg.captions import LONGEST, Phrases
from pmg.options import ENCODINGS
from pmg.problems import (
    CORRECT_ENTRY,
    BadData,
    FileReport,
    Problem,
    Problems,
    Severity,
    quoted,
)
from pmg.raw.files import BYTE_ORDER_MARK, FETCH_AGAIN, is_unicode, require_file, shown_name

SHOWN_FAULT = 20  # characters from where JSON ends to be JSON
CAPTIONS = "the captions, a JSON object of keys and texts"
LARGEST = 128 << 20  # bytes: 800 for each item of the largest set; all are in memory at once
MOST_VALUES = 2_000_000  # in lists and objects, thirteen for each item; one takes up to 150 bytes
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)


class _NoNumber(Exception):  # noqa: N818 - never leaves this file
    """Raised for what Python's reader takes and JSON does not have."""


def read_json(
    path: Path, what: str, encoding: str, problems: Problems, file: str | None = None
) -> Any:  # noqa: ANN401 - JSON holds anything
    """The value of a file; of a key that an object has twice the first stays, and is reported.

    `what` completes the sentence "expected …"; `file` is the name a problem gives the file, where
    it lies deeper than `shown_name` tells.

    Raises:
        BadData: as `require_file`; not text in `encoding`, not JSON, numbers or a nesting that
            nothing could hold, more than `LARGEST` bytes or `MOST_VALUES`.
    """
    report = FileReport(file or shown_name(path), problems)
    require_file(path, what, file)
    if (size := path.stat().st_size) > LARGEST:
        expected, found = f"at most {LARGEST >> 20} MiB", f"{size >> 20:,} MiB"
        raise BadData(Problem(Severity.ERROR, report.file, "", expected, found, FETCH_AGAIN))
    text = _text(path, encoding, report.file)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in pairs:
            if key in values:
                remedy = "Remove all but one entry of the key"
                report.error(f"key {quoted(key)}", "each key once", "the key twice", remedy)
            values.setdefault(key, value)
        return values

    try:
        return json.loads(
            text, object_pairs_hook=unique, parse_constant=_refuse, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise BadData(_syntax_fault(error, report.file)) from None
    except _NoNumber as error:
        expected, found = "numbers that JSON has", str(error)
    except RecursionError:
        expected, found = what, "lists or objects nested too deep"
    except ValueError:  # of int(), which refuses to spend hours on digits
        expected, found = what, "a whole number of thousands of digits"
    remedy = "Correct the value, or export the file again"
    raise BadData(Problem(Severity.ERROR, report.file, "", expected, found, remedy))


def read_captions(
    path: Path, encoding: str, problems: Problems, file: str | None = None
) -> dict[str, Phrases]:
    """Captions by key, in file order. Raises BadData as `read_json`."""
    report = FileReport(file or shown_name(path), problems)
    values = read_json(path, CAPTIONS, encoding, problems, file)
    if not isinstance(values, dict):
        found = described(values)
        raise BadData(Problem(Severity.ERROR, report.file, "", CAPTIONS, found, FETCH_AGAIN))
    captions: dict[str, Phrases] = {}
    for key, value in values.items():
        parts = value if isinstance(value, list) else [value]
        faulty = [part for part in parts if not isinstance(part, str)]
        place = f"key {quoted(key)}"
        if faulty:
            found = f"a list with {described(faulty[0])}" if parts is value else described(value)
            report.error(place, "text or a list of texts", found, CORRECT_ENTRY)
        elif (length := sum(map(len, parts))) > LONGEST:
            expected = f"text of at most {LONGEST:,} characters"
            report.error(place, expected, f"{length:,}", CORRECT_ENTRY)
        elif broken := [part for part in parts if not is_unicode(part)]:
            report.error(place, "text in Unicode", quoted(broken[0]), CORRECT_ENTRY)
        else:
            captions[key] = tuple(parts)
    return captions


def described(value: object) -> str:
    """What a value of a JSON file is, for the part "found" of a problem."""
    match value:
        case str():
            return f"the text {quoted(value)}"
        case list():
            return f"a list of length {len(value):,}"
        case dict():
            return f"an object of {len(value):,} keys"
        case None | bool():
            return json.dumps(value)
    return quoted(str(value)).strip("'")


def _text(path: Path, encoding: str, file: str) -> str:
    """The whole file as text; a byte order mark means UTF-8, whatever was asked for."""
    raw = path.read_bytes()
    if raw.startswith(BYTE_ORDER_MARK):
        raw, encoding = raw.removeprefix(BYTE_ORDER_MARK), "utf-8"
    if _has_too_many_values(raw):
        expected = f"at most {MOST_VALUES:,} values"
        raise BadData(Problem(Severity.ERROR, file, "", expected, "more", FETCH_AGAIN))
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, "replace")
        others = " or ".join(name for name in ENCODINGS if name != encoding)
        raise BadData(
            Problem(
                Severity.ERROR,
                file,
                _place(before),
                f"text in {encoding}",
                f"the byte 0x{raw[error.start]:02x}",
                f"Name the file's encoding with --encoding {others}, or correct the byte",
            )
        ) from None


def _has_too_many_values(raw: bytes) -> bool:
    """Whether there are more lists, objects, elements and keys than the memory should hold."""
    marks = (b"[", b"{", b",")
    if sum(map(raw.count, marks)) <= MOST_VALUES:
        return False
    count = end = 0
    for strings, string in enumerate(STRING.finditer(raw), 1):  # marks in texts do not count
        count += sum(raw.count(mark, end, string.start()) for mark in marks)
        end = string.end()
        if max(count, strings // 2) > MOST_VALUES:
            return True
    return count + sum(raw.count(mark, end) for mark in marks) > MOST_VALUES


def _place(before: str) -> str:
    """The place behind a text."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"line {line}, column {column}"


def _syntax_fault(error: json.JSONDecodeError, file: str) -> Problem:
    place, rest = _place(error.doc[: error.pos]), error.doc[error.pos :]
    found = quoted(rest.partition("\n")[0].rstrip() or "\n", SHOWN_FAULT)
    remedy = "Correct the file there, or export it again"
    if not rest.strip():
        found, remedy = "the end of the file", f"{FETCH_AGAIN}; it is cut off"
    elif error.msg.startswith("Unterminated string"):
        found, remedy = "a text that is never closed", f"{FETCH_AGAIN}, or close the quote"
    return Problem(Severity.ERROR, file, place, "JSON", found, remedy)


def _refuse(constant: str) -> NoReturn:
    raise _NoNumber(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _NoNumber(quoted(digits).strip("'"))
    return number
