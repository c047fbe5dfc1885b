"""Delimited text as rows that know their line: what is wrong is named by line and column."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from pmg.captions import LONGEST
from pmg.options import ENCODINGS
from pmg.problems import BadData, FileReport, Problem, Problems, Severity, quoted
from pmg.raw.files import BYTE_ORDER_MARK, FETCH_AGAIN, SPACES, require_file, shown_name

ID_DIGITS = 18  # what surely fits 64 bits
LINE_BYTES = 1 << 20  # a line of a megabyte is no table; it would only fill the memory
RECORD_CHARACTERS = 4 * LINE_BYTES  # of a record whose quoted values hold line breaks
MOST_LINES = 40_000_000  # the largest MovieLens has 34 million ratings
SHOWN_HEADER = 200  # characters
csv.field_size_limit(LINE_BYTES)

# What the csv module says, in words for people who did not write the program.
CSV_FAULTS = {
    "unexpected end of data": ("a quote that is never closed", "Close the quote"),
    "',' expected after '\"'": (
        "a quote in the middle of a value",
        'Double the quotes inside a quoted value ("")',
    ),
    "new-line character seen": (
        "a carriage return inside a value",
        "End lines with LF or CRLF, and quote values that hold line breaks",
    ),
    "field larger than field limit": (
        f"a value of more than {LINE_BYTES:,} characters",
        "Close the quote that opens it, or shorten the value",
    ),
}


class TextFile:
    """A raw text file: decoded line by line, every fault reported with its place.

    `what` completes the sentence "expected …".
    """

    def __init__(self, path: Path, what: str, encoding: str, problems: Problems) -> None:
        self.path = path
        self.what = what
        self.encoding = encoding
        self.report = FileReport(shown_name(path), problems)
        self.faulty_line = 0  # the last one that was reported, as it is not text
        self.record_start = 1  # the line at which the record that is being read begins
        self.record_length = 0  # characters of it so far

    def lines(self) -> Iterator[str]:
        """Every line with its end; one that is not text is reported and comes as blank.

        Raises:
            BadData: no such file, empty, a web page, a line of more than `LINE_BYTES`, or more
                than `MOST_LINES`.
        """
        for number, text in enumerate(self._texts(), 1):
            yield "\n" if number == self.faulty_line else text

    def ended(self) -> Iterator[str]:
        """Every line; one without an end may be cut in the middle of a number, and is reported.

        The last line that is at fault is `faulty_line`. Raises BadData as `lines`.
        """
        for number, text in enumerate(self._texts(), 1):
            if not text.endswith(("\n", "\r")):
                remedy = f"{FETCH_AGAIN}; if it is whole, end its last line"
                self.report.error(f"line {number}", "a line end, as a file cut off has none",
                                  "none", remedy)  # fmt: skip
                self.faulty_line = number
            yield text

    def whole_number(self, text: str, place: str) -> int | None:
        """Digits as a number; outer spaces are a note, anything else is reported, as None."""
        digits = text.strip(SPACES)
        if not is_whole_number(digits):
            expected = f"a whole number of 1 to {ID_DIGITS} digits"
            self.report.error(place, expected, quoted(text), "Correct the value")
            return None
        if digits != text:
            remedy = "Nothing: it is read without"
            self.report.note(place, "no spaces around a number", quoted(text), remedy)
        return int(digits)

    def text_of(self, text: str, place: str) -> str | None:
        """A text as it stands; None where it is blank, or reported as too long."""
        if len(text) > LONGEST:
            expected = f"text of at most {LONGEST:,} characters"
            self.report.error(place, expected, f"{len(text):,}", "Correct the value")
            return None
        return text if text.strip() else None

    def _texts(self) -> Iterator[str]:
        """As `lines`, but what is not text comes with U+FFFD in place of the wrong bytes."""
        require_file(self.path, self.what)
        with self.path.open("rb") as file:
            if file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK:
                self.encoding = "utf-8"  # whatever was asked for: nothing else begins so
            else:
                file.seek(0)
            for number, raw in enumerate(iter(lambda: file.readline(LINE_BYTES), b""), 1):
                if len(raw) == LINE_BYTES:
                    raise self._no_table(
                        number, f"lines of less than {LINE_BYTES:,} bytes", "a longer one"
                    )
                if number > MOST_LINES:
                    raise self._no_table(number, f"at most {MOST_LINES:,} lines", "more")
                text = self._decoded(raw, number)
                yield text.removeprefix("\ufeff") if number == 1 else text

    def _no_table(self, line: int, expected: str, found: str) -> BadData:
        name, remedy = shown_name(self.path), f"{FETCH_AGAIN}; this is no table"
        return BadData(Problem(Severity.ERROR, name, f"line {line}", expected, found, remedy))

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode(self.encoding, "replace")) + 1
            others = " or ".join(name for name in ENCODINGS if name != self.encoding)
            self.report.error(
                f"line {number}, column {column}",
                f"text in {self.encoding}",
                f"the byte 0x{raw[error.start]:02x}",
                f"Name the file's encoding with --encoding {others}, or correct the byte",
            )
            self.faulty_line = number
            return raw.decode(self.encoding, "replace")
        if "\0" in text:
            place = f"line {number}, column {text.index(chr(0)) + 1}"
            self.report.error(place, "text", "a NUL byte", f"{FETCH_AGAIN}, as plain text")
            self.faulty_line = number
        return text


def is_whole_number(text: str) -> bool:
    """Whether the text is an id or a count: ASCII digits only, few enough for 64 bits."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


class Line(NamedTuple):
    """One record of a table."""

    number: int  # 1-based line of the file where the record starts
    values: list[str]  # in the order of the columns asked for


class Reader(Protocol):
    """What `csv.reader` answers."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __next__(self) -> list[str]:
        """The next record."""


class CsvFile(TextFile):
    """A CSV file with a header line; its columns may come in any order, with others between."""

    def records(self, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Line]:
        """Records of the asked columns; a record that is not whole is reported and left out.

        Values of `optional` columns follow the others; they are empty where the file has none.

        Raises:
            BadData: as `lines`, and where the header is broken or lacks a column.
        """
        reader = csv.reader(self._of_short_records(), strict=True)
        header = self._next(reader)
        if isinstance(header, Problem):
            raise BadData(header)
        names = [name.strip() for name in header.values] if header else []
        line = header.number if header else 1
        positions = self._positions(line, names, columns, optional)
        while (record := self._next(reader)) is not None:
            if isinstance(record, Problem):
                self.report.problems.add(record)
            elif self.faulty_line >= record.number:
                continue  # reported already
            elif len(record.values) == len(names):
                values = [*record.values, ""]  # which an absent column points at
                yield Line(record.number, [values[position] for position in positions])
            else:
                self.report.error(
                    f"line {record.number}",
                    f"{len(names)} values, as in the header",
                    f"{len(record.values)}",
                    "Quote values that hold a comma, or complete the line",
                )

    def _of_short_records(self) -> Iterator[str]:
        """Every line, up to a record of more than any table has."""
        for text in self.ended():
            self.record_length += len(text)
            if self.record_length > RECORD_CHARACTERS:
                expected = f"records of at most {RECORD_CHARACTERS:,} characters"
                raise self._no_table(self.record_start, expected, "a longer one")
            yield text

    def _next(self, reader: Reader) -> Line | Problem | None:
        """The next record that is not blank, or what is wrong with it; None at the end."""
        while True:
            start = self.record_start = reader.line_num + 1
            self.record_length = 0
            try:
                values = next(reader)
            except StopIteration:
                return None
            except csv.Error as error:
                return self._broken(start, reader.line_num, str(error))
            if len(values) > 1 or "".join(values).strip():
                return Line(start, values)

    def _broken(self, start: int, end: int, message: str) -> Problem:
        place = f"line {start}" if end <= start else f"lines {start} to {end}"
        found, remedy = message, "Correct the quotes of this record"
        for beginning, words in CSV_FAULTS.items():
            if message.startswith(beginning):
                found, remedy = words
        name = shown_name(self.path)
        return Problem(Severity.ERROR, name, place, "a CSV record", found, remedy)

    def _positions(
        self, line: int, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]
    ) -> list[int]:
        expected = f"the columns {', '.join(columns)}"
        if any(header.count(name) != 1 for name in columns) or any(
            header.count(name) > 1 for name in optional
        ):
            raise BadData(
                Problem(
                    Severity.ERROR,
                    shown_name(self.path),
                    f"line {line}",
                    f"{expected}, each once",
                    quoted(", ".join(header), SHOWN_HEADER),
                    "Name each of these columns once in the first line",
                )
            )
        for name in header:
            if name not in (*columns, *optional):
                place, remedy = f"line {line}, column {quoted(name)}", "Nothing: it is not read"
                self.report.note(place, f"{expected} only", "one more", remedy)
        places = {name: place for place, name in enumerate(header)}
        return [places.get(name, len(header)) for name in (*columns, *optional)]
