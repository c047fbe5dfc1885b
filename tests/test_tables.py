"""CSV files as rows that know their line, and what is said where they are broken."""

import csv
import io
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.problems import BadData, Problems
from pmg.raw.tables import CsvFile, Line

COLUMNS = ("id", "name")
QUOTINGS: tuple[Literal[0, 1], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)


def read(
    folder: Path, content: bytes | str, encoding: str = "utf-8"
) -> tuple[list[Line], list[str]]:
    """Records of the columns id and name, and the problems met on the way."""
    path = folder / "shop" / "info.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems = Problems()
    rows = list(CsvFile(path, "the movies (id,name)", encoding, problems).records(COLUMNS))
    return rows, [sentence.replace("shop/info.csv", "F") for sentence in problems.sentences()]


def refusal(folder: Path, content: bytes | str, encoding: str = "utf-8") -> str:
    with pytest.raises(BadData) as caught:
        read(folder, content, encoding)
    return str(caught.value)


SOUND = [Line(2, ["1", "Harbor"]), Line(3, ["2", "Amélie"])]


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,Harbor\n2,Amélie\n",
        "id,name\r\n1,Harbor\r\n2,Amélie\r\n",
        "id,name\r\n1,Harbor\n2,Amélie\r\n",
        "\ufeffid,name\n1,Harbor\n2,Amélie\n",
        '"id","name"\n"1","Harbor"\n2,"Amélie"\n',
        '\ufeff"id", name \n1,Harbor\n2,Amélie\n',
        "name,id\nHarbor,1\nAmélie,2\n",
    ],
    ids=["LF", "CRLF", "both", "BOM", "quotes", "spaced header", "order"],
)
def test_ways_to_write_the_same_table_read_the_same(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (SOUND, [])


@pytest.mark.parametrize("text", ["id,name\n1,Harbor\n2,Amél", "id,name\r\n1,Harbor\r\n2,Amélie"])
def test_a_last_line_without_an_end_is_left_out_as_it_may_be_cut(tmp_path: Path, text: str) -> None:
    rows, problems = read(tmp_path, text)
    assert rows == SOUND[:1]
    assert problems == [
        (
            "error: F, line 3: expected a line end, as a file cut off has none, found none. "
            "Fetch or export the file again; if it is whole, end its last line."
        )
    ]


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert read(tmp_path, "id,name\n") == ([], [])


@pytest.mark.parametrize("blank", ["\n", "\r\n", "  \n", "\t\r\n"])
def test_blank_lines_are_passed_over_and_counted(tmp_path: Path, blank: str) -> None:
    text = f"{blank}id,name\n1,Harbor\n{blank}{blank}2,Amélie\n{blank}"
    assert read(tmp_path, text) == ([Line(3, ["1", "Harbor"]), Line(6, ["2", "Amélie"])], [])


def test_quotes_keep_commas_quotes_spaces_and_line_breaks(tmp_path: Path) -> None:
    text = 'id,name\n1,"Harbor, The"\n2,"11\'09""01"\n3," two\nlines\r\n"\n4, bare \n'
    rows, problems = read(tmp_path, text)
    assert [row.values[1] for row in rows] == [
        "Harbor, The",
        "11'09\"01",
        " two\nlines\r\n",
        " bare ",
    ]
    assert problems == []


def test_line_numbers_are_right_after_quoted_line_breaks(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, 'id,name\n1,"a\nb\n\nc"\n2,d\n\n3,"e\r\nf"\n4,g\n')
    assert [row.number for row in rows] == [2, 6, 8, 10]


def test_further_columns_are_noted_and_not_read(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "year,id,name,\n1999,1,Harbor,\n2000,2,Amélie,x\n")
    assert rows == SOUND
    remark = "expected the columns id, name only, found one more. Nothing: it is not read."
    assert problems == [
        f"note: F, line 1, column 'year': {remark}",
        f"note: F, line 1, column '': {remark}",
    ]


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("id,title", "'id, title'"),
        ("id,name,name", "'id, name, name'"),
        ("ID,Name", "'ID, Name'"),
        ("id;name", "'id;name'"),
        ("1,Harbor", "'1, Harbor'"),
        ('id,"na\nme"', r"'id, na\nme'"),
        (",".join("abcdefghij" * 20), f"'{', '.join('abcdefghij' * 20)[:200]}…'"),
    ],
    ids=["missing", "twice", "capitals", "semicolons", "none", "line break", "many"],
)
def test_a_header_that_lacks_a_column_is_shown(tmp_path: Path, header: str, shown: str) -> None:
    assert refusal(tmp_path, f"{header}\n1,Harbor\n") == (
        f"shop/info.csv, line 1: expected the columns id, name, each once, found {shown}."
        " Name each of these columns once in the first line."
    )


def test_a_record_with_other_fields_than_the_header_is_left_out(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "id,name\n1\n1,Harbor, The\n4,Last\n")
    assert rows == [Line(4, ["4", "Last"])]
    remedy = "Quote values that hold a comma, or complete the line."
    assert problems == [
        f"error: F, line 2: expected 2 values, as in the header, found 1. {remedy}",
        f"error: F, line 3: expected 2 values, as in the header, found 3. {remedy}",
    ]


def test_an_unclosed_quote_names_all_the_lines_it_swallows(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, 'id,name\n1,Harbor\n2,"Last\n3,Hidden\n4,Golden\n')
    assert rows == [Line(2, ["1", "Harbor"])]
    assert problems == [
        (
            "error: F, lines 3 to 5: expected a CSV record, found a quote that is never closed."
            " Close the quote."
        )
    ]


def test_reading_goes_on_after_a_quote_in_the_middle(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, 'id,name\n1,"Harbor" Lights\n2,Amélie\n')
    assert rows == [Line(3, ["2", "Amélie"])]
    assert problems == [
        (
            "error: F, line 2: expected a CSV record, found a quote in the middle of a value."
            ' Double the quotes inside a quoted value ("").'
        )
    ]


def test_reading_goes_on_after_a_lone_carriage_return(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "id,name\n1,Har\rbor\n2,Amélie\n")
    assert rows == [Line(3, ["2", "Amélie"])]
    assert problems == [
        (
            "error: F, line 2: expected a CSV record, found a carriage return inside a value."
            " End lines with LF or CRLF, and quote values that hold line breaks."
        )
    ]


def test_a_quote_that_swallows_a_megabyte_is_named(tmp_path: Path) -> None:
    line = "9," + "x" * 1_000 + "\n"
    rows, problems = read(tmp_path, 'id,name\n1,"Harbor\n' + line * 1_100 + "2,Amélie\n")
    assert rows[-1] == Line(1_103, ["2", "Amélie"])
    assert problems == [
        (
            "error: F, lines 2 to 1048: expected a CSV record, found a value of more than 1,048,576"
            " characters. Close the quote that opens it, or shorten the value."
        )
    ]


def test_a_broken_header_ends_the_reading(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'id,"name\n1,Harbor\n') == (
        "shop/info.csv, lines 1 to 2: expected a CSV record, found a quote that is never closed."
        " Close the quote."
    )


@pytest.mark.parametrize("wrong", [b"Am\xe9lie", b"Am\0lie"])
def test_a_record_that_is_not_text_is_left_out(tmp_path: Path, wrong: bytes) -> None:
    rows, problems = read(tmp_path, b"id,name\n1,Harbor\n2," + wrong + b"\n3,Last\n")
    assert rows == [Line(2, ["1", "Harbor"]), Line(4, ["3", "Last"])]
    assert [sentence[:28] for sentence in problems] == ["error: F, line 3, column 5: "]


def test_no_part_of_a_longer_record_is_left_where_a_line_is_not_text(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b'id,name\n1,"a\n\xff\nb"\n2,"c\nd\xff"\n3,Last\n')
    assert rows == [Line(7, ["3", "Last"])]
    assert [sentence[:27] for sentence in problems] == [
        "error: F, line 3, column 1:",
        "error: F, line 6, column 2:",
    ]


def test_a_wrong_byte_in_an_unread_column_of_the_header_does_no_harm(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b"id,name,ann\xe9e\n1,Harbor,1999\n")
    assert rows == [Line(2, ["1", "Harbor"])]
    assert problems[0].startswith("error: F, line 1, column 12: expected text in utf-8, found")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes, str]:
    """Rows with their header, as csv.writer writes them, and the encoding."""
    encoding = draw(st.sampled_from(["utf-8", "gb18030", "latin-1"]))
    mark = "" if encoding == "latin-1" else draw(st.sampled_from(["", "\ufeff"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from(QUOTINGS))
    # csv.writer leaves a lone CR unquoted where its own line ends hold none.
    bare = "\r" if (end, quoting) == ("\n", csv.QUOTE_MINIMAL) else ""
    characters = st.characters(
        max_codepoint=255 if encoding == "latin-1" else None,
        exclude_categories=["Cs"],
        exclude_characters="\0" + bare,
    )
    cells = st.text(st.one_of(st.sampled_from(',"\n ;a1'), characters), max_size=12)
    rows = draw(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
    header = draw(st.permutations(["id", "name", "extra"]))
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end, quoting=quoting).writerows([header, *rows])
    return [list(header), *rows], (mark + file.getvalue()).encode(encoding), encoding


@given(tables())
def test_what_csv_writes_reads_back_equal(table: tuple[list[list[str]], bytes, str]) -> None:
    (header, *rows), content, encoding = table
    with tempfile.TemporaryDirectory() as folder:
        read_rows, problems = read(Path(folder), content, encoding)
    assert [row.values for row in read_rows] == [
        [row[header.index("id")], row[header.index("name")]] for row in rows
    ]
    breaks = [1 + sum(cell.count("\n") for cell in row) for row in rows]
    assert [row.number for row in read_rows] == [2 + n for n in accumulate([0, *breaks])][:-1]
    assert [sentence[:38] for sentence in problems] == ["note: F, line 1, column 'extra': expec"]
