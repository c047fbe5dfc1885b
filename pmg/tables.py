"""Delimited text as rows that know their line: what is wrong is named by line and column."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pmg.problems import BadData, FileReport, Problem, Problems, Severity
from pmg.raw_files import require_file, shown_name

ID_DIGITS = 18  # what surely fits 64 bits
LINE_BYTES = 1 << 20  # a line of a megabyte is no table; it would only fill the memory
csv.field_size_limit(LINE_BYTES)


class TextFile:
    """A raw text file: decoded line by line, every fault reported with its place.

    `what` completes the sentence "expected …".
    """

    def __init__(self, path: Path, what: str, encoding: str, problems: Problems) -> None:
        self.path = path
        self.what = what
        self.encoding = encoding
        self.report = FileReport(shown_name(path), problems)

    def lines(self) -> Iterator[str]:
        """Every line with its end; one that cannot be decoded is reported and comes as blank.

        Raises:
            BadData: no such file, empty, a web page, or a line of more than `LINE_BYTES`.
        """
        require_file(self.path, self.what)
        with self.path.open("rb") as file:
            for number, raw in enumerate(iter(lambda: file.readline(LINE_BYTES), b""), 1):
                if len(raw) == LINE_BYTES:
                    raise BadData(
                        Problem(
                            Severity.ERROR,
                            shown_name(self.path),
                            f"line {number}",
                            f"lines of less than {LINE_BYTES:,} bytes",
                            "a longer one",
                            "Fetch or export the file again; this is no table",
                        )
                    )
                yield self._decoded(raw, number)

    def whole_number(self, text: str, place: str) -> int | None:
        """Digits as a number; outer spaces are a note, anything else is reported, as None."""
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= ID_DIGITS):
            self.report.error(place, "a whole number", repr(text[:80]), "Correct the value")
            return None
        if digits != text:
            self.report.note(
                place, "no spaces around a number", repr(text[:80]), "Nothing: it is read without"
            )
        return int(digits)

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode(self.encoding, "replace")) + 1
            self.report.error(
                f"line {number}, column {column}",
                f"text in {self.encoding}",
                f"the byte 0x{raw[error.start]:02x}",
                "Name the file's encoding with --encoding gb18030 or latin-1, or correct the byte",
            )
            return "\n"
        return text.removeprefix("\ufeff") if number == 1 else text


class Line(NamedTuple):
    """One record of a table."""

    number: int  # 1-based line of the file where the record starts
    values: list[str]  # in the order of the columns asked for


class CsvFile(TextFile):
    """A CSV file with a header line; its columns may come in any order, with others between."""

    def records(self, columns: Sequence[str]) -> Iterator[Line]:
        """Records of the asked columns; a record that is not whole is reported and left out.

        Raises:
            BadData: as `lines`, and where a column is missing.
        """
        reader = csv.reader(self.lines(), strict=True)
        header = [name.strip() for name in self._next(reader) or []]
        positions = self._positions(header, columns)
        while (start := reader.line_num + 1) and (record := self._next(reader)) is not None:
            if len(record) == len(header):
                yield Line(start, [record[position] for position in positions])
            elif record:
                self.report.error(
                    f"line {start}",
                    f"{len(header)} values, as in the header",
                    f"{len(record)}",
                    "Quote values that hold a comma, or complete the line",
                )

    def _next(self, reader: Iterator[list[str]]) -> list[str] | None:
        """The next record, `[]` for a blank or reported one, None at the end."""
        start = getattr(reader, "line_num", 0) + 1
        try:
            return next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            self.report.error(
                f"line {start}", "a CSV record", str(error), "Correct the quotes of this record"
            )
            return []

    def _positions(self, header: Sequence[str], columns: Sequence[str]) -> list[int]:
        missing = [name for name in columns if header.count(name) != 1]
        if missing:
            raise BadData(
                Problem(
                    Severity.ERROR,
                    shown_name(self.path),
                    "line 1",
                    f"the columns {', '.join(columns)}, each once",
                    ", ".join(header)[:200] or "a blank line",
                    "Rename or add columns in the header",
                )
            )
        for name in header:
            if name not in columns:
                self.report.note(
                    f"line 1, column {name!r}",
                    f"the columns {', '.join(columns)} only",
                    "one more",
                    "Nothing: it is not read",
                )
        return [header.index(name) for name in columns]
