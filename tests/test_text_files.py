"""Raw text before it is a table: whether it is there, its encoding, its lines and numbers."""

from pathlib import Path

import pytest

from pmg.problems import BadData, Problems
from pmg.raw import tables
from pmg.raw.files import require_file
from pmg.raw.tables import CsvFile, TextFile

WHAT = "the lines (id;id)"


def opened(folder: Path, content: bytes, encoding: str = "utf-8") -> TextFile:
    path = folder / "shop" / "valid.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return TextFile(path, WHAT, encoding, Problems())


def problems_of(file: TextFile) -> list[str]:
    return [
        sentence.replace("shop/valid.txt", "F") for sentence in file.report.problems.sentences()
    ]


def refusal(path: Path) -> str:
    with pytest.raises(BadData) as caught:
        list(CsvFile(path, WHAT, "utf-8", Problems()).records(("id",)))
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("1;é中\n2;3", "utf-8"),
        ("\ufeff1;é中\n2;3", "utf-8"),
        ("1;é中\n2;3", "gb18030"),
        ("\ufeff1;é中\n2;3", "gb18030"),
    ],
)
def test_text_reads_the_same_in_every_encoding(tmp_path: Path, content: str, encoding: str) -> None:
    file = opened(tmp_path, content.encode(encoding), encoding)
    assert list(file.lines()) == ["1;é中\n", "2;3"]
    assert problems_of(file) == []


def test_latin_1_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    assert list(opened(tmp_path, b"caf\xe9\n", "latin-1").lines()) == ["café\n"]


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1"])
def test_a_utf_8_mark_is_stronger_than_the_encoding_asked_for(
    tmp_path: Path, encoding: str
) -> None:
    assert list(opened(tmp_path, b"\xef\xbb\xbfcaf\xc3\xa9\n", encoding).lines()) == ["café\n"]


@pytest.mark.parametrize(
    ("wrong", "encoding", "place", "byte", "others"),
    [
        (b"caf\xe9", "utf-8", "line 2, column 4", "0xe9", "gb18030 or latin-1"),
        ("né ".encode() + b"\xff\xfe", "utf-8", "line 2, column 4", "0xff", "gb18030 or latin-1"),
        (
            "中".encode("gb18030") + b"\xff",
            "gb18030",
            "line 2, column 2",
            "0xff",
            "utf-8 or latin-1",
        ),
    ],
)
def test_a_wrong_byte_is_named_and_the_file_goes_on(
    tmp_path: Path, wrong: bytes, encoding: str, place: str, byte: str, others: str
) -> None:
    file = opened(tmp_path, b"1;2\n" + wrong + b"\n3;4\n", encoding)
    assert list(file.lines()) == ["1;2\n", "\n", "3;4\n"]
    assert problems_of(file) == [
        (
            f"error: F, {place}: expected text in {encoding}, found the byte {byte}."
            f" Name the file's encoding with --encoding {others}, or correct the byte."
        )
    ]


def test_the_first_line_counts_its_columns_without_the_mark(tmp_path: Path) -> None:
    file = opened(tmp_path, b"\xef\xbb\xbfcaf\xe9\n")
    assert list(file.lines()) == ["\n"]
    assert problems_of(file)[0].startswith("error: F, line 1, column 4: expected text in utf-8")


def test_text_in_latin_1_is_not_guessed(tmp_path: Path) -> None:
    file = opened(tmp_path, "café\nthé\n".encode("latin-1"))
    assert list(file.lines()) == ["\n", "\n"]
    assert len(problems_of(file)) == 2


def test_a_nul_byte_is_named_and_the_file_goes_on(tmp_path: Path) -> None:
    file = opened(tmp_path, b"1;2\n3\0;4\n5;6")
    assert list(file.lines()) == ["1;2\n", "\n", "5;6"]
    assert problems_of(file) == [
        (
            "error: F, line 2, column 2: expected text, found a NUL byte."
            " Fetch or export the file again, as plain text."
        )
    ]


def test_lines_end_at_lf_only_and_keep_their_ends(tmp_path: Path) -> None:
    file = opened(tmp_path, "a\r\nb\rc\x85d\u2028e\n\nf".encode())
    assert list(file.lines()) == ["a\r\n", "b\rc\x85d\u2028e\n", "\n", "f"]


def test_a_line_of_a_megabyte_ends_the_reading(tmp_path: Path) -> None:
    assert [len(line) for line in opened(tmp_path, b"x" * (2**20 - 1)).lines()] == [2**20 - 1]
    file = opened(tmp_path, b"1;2\n" + b"x" * 2**20)
    with pytest.raises(BadData) as caught:
        list(file.lines())
    assert str(caught.value) == (
        "shop/valid.txt, line 2: expected lines of less than 1,048,576 bytes, found a longer one."
        " Fetch or export the file again; this is no table."
    )


def test_lines_without_end_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_LINES", 3)
    assert len(list(opened(tmp_path, b"1\n2\n3").lines())) == 3
    with pytest.raises(BadData) as caught:
        list(opened(tmp_path, b"1\n" * 4).lines())
    assert str(caught.value) == (
        "shop/valid.txt, line 4: expected at most 3 lines, found more."
        " Fetch or export the file again; this is no table."
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("193609", 193_609), ("9" * 18, 10**18 - 1)],
)
def test_digits_are_a_whole_number(tmp_path: Path, text: str, number: int) -> None:
    file = opened(tmp_path, b"")
    assert file.whole_number(text, "line 3, column id") == number
    assert problems_of(file) == []


@pytest.mark.parametrize("text", [" 12", "12 ", "\t12\u00a0"])
def test_spaces_around_a_number_are_noted(tmp_path: Path, text: str) -> None:
    file = opened(tmp_path, b"")
    assert file.whole_number(text, "line 3, column id") == 12
    assert problems_of(file) == [
        (
            f"note: F, line 3, column id: expected no spaces around a number, found {text!r}."
            " Nothing: it is read without."
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1_000", "\u0661", "\uff11", "²", "+1", "-1", "1e3", "1.0", "1,000", "0x1f"),
        *("1 2", "9" * 19, "1" * 30, "None", "nan"),
    ],
)
def test_anything_else_is_no_whole_number(tmp_path: Path, text: str) -> None:
    file = opened(tmp_path, b"")
    assert file.whole_number(text, "line 3, column id") is None
    assert problems_of(file) == [
        (
            "error: F, line 3, column id: expected a whole number of 1 to 18 digits,"
            f" found {text!r}. Correct the value."
        )
    ]


@pytest.mark.parametrize(
    ("content", "found", "remedy"),
    [
        (b"", "an empty file", "Fetch or export the file again"),
        (b"\xef\xbb\xbf", "a file of nothing but blanks", "Fetch or export the file again"),
        (b" \r\n\n", "a file of nothing but blanks", "Fetch or export the file again"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "the pointer to a large file of Git",
            "Fetch the file itself with `git lfs pull`",
        ),
    ],
)
def test_a_file_without_content_is_refused(
    tmp_path: Path, content: bytes, found: str, remedy: str
) -> None:
    path = opened(tmp_path, content).path
    assert refusal(path) == f"shop/valid.txt: expected the lines (id;id), found {found}. {remedy}."


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "HTML"),
        (b"\xef\xbb\xbf\r\n  <HTML lang=en>", "HTML"),
        (b"<!-- moved --><p>id,name", "HTML"),
        (b'<?xml version="1.0"?><Error>AccessDenied</Error>', "XML"),
    ],
)
def test_a_page_saved_under_the_name_is_refused(tmp_path: Path, page: bytes, kind: str) -> None:
    assert refusal(opened(tmp_path, page).path) == (
        f"shop/valid.txt: expected the lines (id;id), found an {kind} page."
        " Fetch the file again; the download answered with a page."
    )


def test_a_missing_file_and_a_folder_in_its_place_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shop" / "valid.txt").mkdir(parents=True)
    assert refusal(tmp_path / "shop" / "valid.txt") == (
        "shop/valid.txt: expected the lines (id;id), found a folder. Put the file there."
    )
    assert refusal(tmp_path / "shop" / "other.txt") == (
        "shop/other.txt: expected the lines (id;id), found no such file. Put the file there."
    )


@pytest.mark.parametrize("content", [b"\n" * 600 + b"x", b"x<html>", b"<", b"0"])
def test_a_file_that_holds_something_else_passes(tmp_path: Path, content: bytes) -> None:
    require_file(opened(tmp_path, content).path, WHAT)
