"""Text files of movie posters: what stands in them, and the records it becomes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from movieposter.raw import (
    FILES,
    Link,
    Movie,
    Rating,
    ValidationLine,
    read_files,
    read_links,
    read_movies,
    read_ratings,
    read_validation,
)
from pmg.problems import BadData, Problems
from tests.movieposter.raw_folder import write_raw

Read: TypeAlias = tuple[list[tuple[object, ...]], list[str]]

READERS = {
    "info.csv": read_movies,
    "ratings.csv": read_ratings,
    "links.csv": read_links,
    "my_valid_data.txt": read_validation,
}


def read(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Read:
    """Records of a file, and the problems met on the way, without the file's name."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems = Problems()
    records: Iterator[tuple[object, ...]] = READERS[name](path, encoding, problems)
    rows = list(records)
    return rows, [line.replace(f"{folder.name}/{name}, ", "") for line in problems.sentences()]


MOVIES = [
    Movie(2, 1, "Silent Harbor (1995)", ("Adventure", "Children", "Film-Noir")),
    Movie(3, 193609, "Winter (2018)", ("Drama",)),
]
MOVIES_TEXT = "id,name,genre\n1,Silent Harbor (1995),Adventure|Children|Film-Noir\n193609,Winter (2018),Drama\n"  # noqa: E501 - as it stands in the file


@pytest.mark.parametrize(
    "text",
    [
        MOVIES_TEXT,
        MOVIES_TEXT.replace("\n", "\r\n"),
        "\ufeff" + MOVIES_TEXT,
        MOVIES_TEXT + "\n\n",
    ],
    ids=["LF", "CRLF", "BOM", "blank lines"],
)
def test_movies_are_read_from_every_usual_form(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, "info.csv", text) == (MOVIES, [])


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ('"Harbor, The (1995)"', "Harbor, The (1995)"),
        ('"11\'09""01 - Winter (2002)"', "11'09\"01 - Winter (2002)"),
        ('"Winter, The (""Zima"", 1999)"', 'Winter, The ("Zima", 1999)'),
        ("  River (2007) ", "  River (2007) "),
        ("Cité des étoiles, La".replace(",", ""), "Cité des étoiles La"),
        ("霧の港 (2001)", "霧の港 (2001)"),
        ("Babylon", "Babylon"),
        ('"Two\nLines"', "Two\nLines"),
    ],
    ids=["comma", "doubled quote", "both", "spaces", "accents", "Japanese", "no year", "break"],
)
def test_names_are_kept_as_they_stand(tmp_path: Path, cell: str, title: str) -> None:
    rows, problems = read(tmp_path, "info.csv", f"id,name,genre\n7789,{cell},Drama\n")
    assert rows == [Movie(2, 7789, title, ("Drama",))]
    assert problems == []


def test_one_name_under_two_ids_is_two_movies(tmp_path: Path) -> None:
    text = "id,name,genre\n838,Empire (1996),Comedy\n26958,Empire (1996),Romance\n"
    assert read(tmp_path, "info.csv", text) == (
        [
            Movie(2, 838, "Empire (1996)", ("Comedy",)),
            Movie(3, 26958, "Empire (1996)", ("Romance",)),
        ],
        [],
    )


def test_no_genres_are_an_empty_list(tmp_path: Path) -> None:
    text = "id,name,genre\n5,River,(no genres listed)\n"
    assert read(tmp_path, "info.csv", text) == ([Movie(2, 5, "River", ())], [])


@pytest.mark.parametrize(
    ("cell", "genres"),
    [("", ()), ("|", ()), ("Drama|", ("Drama",)), ("War| |Noir", ("War", "Noir"))],
)
def test_an_empty_genre_is_passed_over_and_noted(
    tmp_path: Path, cell: str, genres: tuple[str, ...]
) -> None:
    rows, problems = read(tmp_path, "info.csv", f"id,name,genre\n5,River,{cell}\n")
    assert rows == [Movie(2, 5, "River", genres)]
    assert [line[:28] for line in problems] == ["note: line 2, column genre: "]


@pytest.mark.parametrize("cell", ["", "  "])
def test_a_blank_name_is_none(tmp_path: Path, cell: str) -> None:
    text = f"id,name,genre\n5,{cell},Drama\n"
    assert read(tmp_path, "info.csv", text) == ([Movie(2, 5, None, ("Drama",))], [])


def test_other_encodings_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    content = "id,name,genre\n5,Cité 霧,Drama\n".encode("gb18030")
    expected = [Movie(2, 5, "Cité 霧", ("Drama",))]
    assert read(tmp_path, "info.csv", content, "gb18030") == (expected, [])
    rows, problems = read(tmp_path, "info.csv", content)
    assert rows == []
    assert [line[:39] for line in problems] == ["error: line 2, column 6: expected text "]


def test_an_id_with_spaces_is_read_and_noted(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "info.csv", "id,name,genre\n 5 ,River,Drama\n")
    assert rows == [Movie(2, 5, "River", ("Drama",))]
    assert [line[:22] for line in problems] == ["note: line 2, column i"]


def test_a_movie_without_an_id_is_left_out(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "info.csv", "id,name,genre\ntt5,River,Drama\n6,Sea,War\n")
    assert rows == [Movie(3, 6, "Sea", ("War",))]
    assert [line[:25] for line in problems] == ["error: line 2, column id:"]


def test_ratings_are_numbers(tmp_path: Path) -> None:
    text = "userId,movieId,rating,timestamp\r\n1,3,4.0,964981247\r\n610,193609,0.5,1537799250\r\n"
    assert read(tmp_path, "ratings.csv", text) == (
        [Rating(2, 1, 3, 4.0, 964981247), Rating(3, 610, 193609, 0.5, 1537799250)],
        [],
    )


def test_columns_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    text = "timestamp,rating,device,movieId,userId\n964981247,4.5,phone,3,1\n"
    rows, problems = read(tmp_path, "ratings.csv", text)
    assert rows == [Rating(2, 1, 3, 4.5, 964981247)]
    assert [line[:30] for line in problems] == ["note: line 1, column 'device':"]


@pytest.mark.parametrize("stars", ["5", " 5.0", "5.00"])
def test_stars_are_any_plain_number(tmp_path: Path, stars: str) -> None:
    text = f"userId,movieId,rating,timestamp\n1,3,{stars},964981247\n"
    assert read(tmp_path, "ratings.csv", text)[0] == [Rating(2, 1, 3, 5.0, 964981247)]


@pytest.mark.parametrize("stars", ["", "-1", "nan", "inf", "5e0", "٤", "1_0", "four", "4,5"])
def test_what_is_no_number_of_stars_is_named(tmp_path: Path, stars: str) -> None:
    text = f'userId,movieId,rating,timestamp\n1,3,"{stars}",964981247\n2,3,4.0,964981247\n'
    rows, problems = read(tmp_path, "ratings.csv", text)
    assert rows == [Rating(3, 2, 3, 4.0, 964981247)]
    assert problems == [
        (
            f"error: line 2, column rating: expected a number of stars, as 3.5, found '{stars}'."
            " Correct the value."
        )
    ]


def test_every_wrong_value_of_a_rating_is_named(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "ratings.csv", "userId,movieId,rating,timestamp\na,b,c,d\n")
    assert rows == []
    assert [line.split(":")[1] for line in problems] == [
        " line 2, column userId",
        " line 2, column movieId",
        " line 2, column timestamp",
        " line 2, column rating",
    ]


def test_links_may_lack_an_id(tmp_path: Path) -> None:
    text = "movieId,imdbId,tmdbId\n1,0114709,862\n791,0113610,\n1107,,\n"
    assert read(tmp_path, "links.csv", text) == (
        [Link(2, 1, "0114709", "862"), Link(3, 791, "0113610", None), Link(4, 1107, None, None)],
        [],
    )


VALIDATION = [ValidationLine(1, (1, 239, 313), 695), ValidationLine(2, (6,), 1721)]


@pytest.mark.parametrize("text", ["1;239;313,695\n6,1721", "1;239;313,695\r\n6,1721\r\n"])
def test_validation_lines_end_in_any_way_or_not_at_all(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, "my_valid_data.txt", text) == (VALIDATION, [])


def test_validation_lines_keep_their_number_after_blank_ones(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "my_valid_data.txt", "\ufeff\n1;2,3\n  \n4,5\n")
    assert rows == [ValidationLine(2, (1, 2), 3), ValidationLine(4, (4,), 5)]
    assert problems == []


def test_an_empty_element_of_a_history_is_passed_over_and_told(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "my_valid_data.txt", "1;;3,4\n1;2;,4\n")
    assert rows == [ValidationLine(1, (1, 3), 4), ValidationLine(2, (1, 2), 4)]
    assert [line[:16] for line in problems] == ["warning: line 1:", "warning: line 2:"]


@pytest.mark.parametrize("line", ["1;2;3", ",4", ";,4", "1;x,4", "1;2,", "1;2,3,4", "é"])
def test_a_broken_validation_line_is_left_out_and_the_others_stay(
    tmp_path: Path, line: str
) -> None:
    rows, problems = read(tmp_path, "my_valid_data.txt", f"{line}\n1;2,3\n")
    assert rows == [ValidationLine(2, (1, 2), 3)]
    assert [text[:14] for text in problems] == ["error: line 1:"]


def test_a_validation_line_that_is_not_text_is_reported_once(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "my_valid_data.txt", b"1;2\xff,3\n4;5,6\n")
    assert rows == [ValidationLine(2, (4, 5), 6)]
    assert [text[:24] for text in problems] == ["error: line 1, column 4:"]


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadData, match=rf"{name}: expected the .*, found no such file"):
        list(READERS[name](tmp_path / name, "utf-8", Problems()))


def test_links_are_optional(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    (raw / "movieposter" / "links.csv").unlink()
    problems = Problems()
    assert read_files(raw / "movieposter", "utf-8", problems).links == []
    assert list(problems) == []


def test_files_that_are_not_there_are_all_named_and_none_is_read(tmp_path: Path) -> None:
    (tmp_path / "movieposter").mkdir()
    problems = Problems()
    files = read_files(tmp_path / "movieposter", "utf-8", problems)
    assert [part for part in files if part is not None] == [[], set()]
    named = {problem.file for problem in problems}
    assert named == {f"movieposter/{name}" for name in FILES if name != "links.csv"}
