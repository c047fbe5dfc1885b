"""Raw files of movie posters as NamedTuples; what they mean together is check.py's question."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from movieposter.pickled import Captions, Posters, read_captions, read_posters
from pmg.captioning import STYLE
from pmg.origins import MADE, read_made
from pmg.problems import BadData, Problems, quoted
from pmg.raw.files import SPACES
from pmg.raw.tables import CsvFile, TextFile, is_whole_number

MOVIES = "info.csv"
RATINGS = "ratings.csv"
STYLE_CAPTIONS = "style_captions.pkl"
TARGET_CAPTIONS = "target_captions.pkl"
POSTERS = "image_data.pkl"
VALIDATION = "my_valid_data.txt"
LINKS = "links.csv"  # optional, MovieLens' own
FILES = (MOVIES, RATINGS, STYLE_CAPTIONS, TARGET_CAPTIONS, POSTERS, VALIDATION, LINKS)

MOVIE_COLUMNS = ("id", "name", "genre")
RATING_COLUMNS = ("userId", "movieId", "rating", "timestamp")
LINK_COLUMNS = ("movieId", "imdbId", "tmdbId")
MOST_GENRES = 100  # MovieLens knows nineteen
NO_GENRES = "(no genres listed)"  # MovieLens' words for an empty list

T = TypeVar("T")


class Movie(NamedTuple):
    line: int  # 1-based, in info.csv
    movie_id: int  # MovieLens' own, sparse
    title: str | None  # with its year, as it stands in the file; None where blank
    genres: tuple[str, ...]


class Rating(NamedTuple):
    line: int  # 1-based, in ratings.csv
    user_id: int
    movie_id: int
    stars: float  # 0.5 to 5.0 in half steps
    timestamp: int  # Unix seconds


class Link(NamedTuple):
    line: int  # 1-based, in links.csv
    movie_id: int
    imdb_id: str | None  # seven or more digits, with leading zeros
    tmdb_id: str | None


class ValidationLine(NamedTuple):
    line: int  # 1-based, in my_valid_data.txt
    history: tuple[int, ...]  # movie ids, most preferred first
    target: int  # movie id


RATING = np.dtype(
    [("line", "i8"), ("user_id", "i8"), ("movie_id", "i8"), ("stars", "f4"), ("timestamp", "i8")]
)
Ratings: TypeAlias = npt.NDArray[np.void]  # of RATING, in file order


class RawFiles(NamedTuple):
    """What each file says; None where it cannot be read at all."""

    movies: list[Movie] | None
    ratings: Ratings | None
    style_captions: Captions | None
    target_captions: Captions | None
    posters: Posters | None
    validation: list[ValidationLine] | None
    links: list[Link] | None  # empty where the file is not there, as it is optional
    captioned: set[int]  # movies whose style captions made_captions.jsonl tells of


def read_files(folder: Path, encoding: str, problems: Problems) -> RawFiles:
    """Read all files of `folder`; what cannot be read is reported."""

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BadData as fault:
            problems.add(fault.problem)
            return None

    def text(name: str) -> tuple[Path, str, Problems]:
        return folder / name, encoding, problems

    def links() -> list[Link]:
        return list(read_links(*text(LINKS))) if os.path.lexists(folder / LINKS) else []

    return RawFiles(
        attempt(lambda: list(read_movies(*text(MOVIES)))),
        attempt(lambda: np.fromiter(read_ratings(*text(RATINGS)), dtype=RATING)),
        attempt(lambda: read_captions(folder / STYLE_CAPTIONS, problems)),
        attempt(lambda: read_captions(folder / TARGET_CAPTIONS, problems)),
        attempt(lambda: read_posters(folder / POSTERS, problems)),
        attempt(lambda: list(read_validation(*text(VALIDATION)))),
        attempt(links),
        captioned_movies(folder / MADE),
    )


def captioned_movies(path: Path) -> set[int]:
    """Movies whose style captions the file tells of; no problem is reported here."""
    try:
        made = read_made(path, Problems()) if os.path.lexists(path) else ()
        styles = {each.item for each in made if each.channel == STYLE}
    except BadData:
        return set()
    return {int(item_id) for item_id in styles if is_whole_number(item_id)}


def read_movies(path: Path, encoding: str, problems: Problems) -> Iterator[Movie]:
    """Movies in file order. Raises BadData as `CsvFile.records`."""
    file = CsvFile(path, f"the movies ({','.join(MOVIE_COLUMNS)})", encoding, problems)
    for line, (movie, title, genres) in file.records(MOVIE_COLUMNS):
        movie_id = file.whole_number(movie, f"line {line}, column id")
        if movie_id is not None:
            known = _genres(genres, f"line {line}, column genre", file)
            yield Movie(line, movie_id, file.text_of(title, f"line {line}, column name"), known)


def _genres(text: str, place: str, file: TextFile) -> tuple[str, ...]:
    names = [] if text == NO_GENRES else text.split("|", MOST_GENRES)
    if len(names) > MOST_GENRES:
        file.report.error(place, f"at most {MOST_GENRES} genres", "more", "Correct the value")
        return ()
    if not all(name.strip() for name in names):
        file.report.note(place, "no empty genre", quoted(text), "Nothing: it is read without")
    return tuple(name for name in names if name.strip())


def read_ratings(path: Path, encoding: str, problems: Problems) -> Iterator[Rating]:
    """Ratings in file order. Raises BadData as `CsvFile.records`."""
    file = CsvFile(path, f"the ratings ({','.join(RATING_COLUMNS)})", encoding, problems)
    for line, (user, movie, rating, time) in file.records(RATING_COLUMNS):
        user_id = file.whole_number(user, f"line {line}, column userId")
        movie_id = file.whole_number(movie, f"line {line}, column movieId")
        timestamp = file.whole_number(time, f"line {line}, column timestamp")
        if not re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*", rating):
            place = f"line {line}, column rating"
            expected = "a number of stars, as 3.5"
            file.report.error(place, expected, quoted(rating), "Correct the value")
        elif user_id is not None and movie_id is not None and timestamp is not None:
            yield Rating(line, user_id, movie_id, float(rating), timestamp)


def read_links(path: Path, encoding: str, problems: Problems) -> Iterator[Link]:
    """Where others find the posters. Raises BadData as `CsvFile.records`."""
    file = CsvFile(path, f"the links ({','.join(LINK_COLUMNS)})", encoding, problems)
    for line, (movie, imdb_id, tmdb_id) in file.records(LINK_COLUMNS):
        movie_id = file.whole_number(movie, f"line {line}, column movieId")
        links = {"imdbId": imdb_id.strip(SPACES), "tmdbId": tmdb_id.strip(SPACES)}
        for name, link in links.items():
            if link and not is_whole_number(link):
                place, expected = f"line {line}, column {name}", "digits, or nothing"
                file.report.error(place, expected, quoted(link), "Correct the value")
                links[name] = ""
        if movie_id is not None:
            yield Link(line, movie_id, links["imdbId"] or None, links["tmdbId"] or None)


def read_validation(path: Path, encoding: str, problems: Problems) -> Iterator[ValidationLine]:
    """Lines `id;id;…,target`, as the PMG paper's code writes them. Raises BadData as `lines`."""
    file = TextFile(path, "the validation lines (id;id;…,target id)", encoding, problems)
    for number, text in enumerate(file.lines(), 1):
        place = f"line {number}"
        history, comma, target = text.strip(SPACES + "\r\n").partition(",")
        ids = [part for part in history.split(";") if part.strip(SPACES)]
        if not text.strip():
            continue
        if not comma or not ids:
            file.report.error(place, "id;id;…,target id", quoted(text.strip()), "Correct the line")
            continue
        if len(ids) < len(history.split(";")):
            expected, remedy = "an id between any two semicolons", "Nothing: it is read without"
            file.report.warning(place, expected, quoted(text.strip()), remedy)
        numbers = [file.whole_number(part, place) for part in (*ids, target)]
        whole = [number for number in numbers if number is not None]
        if len(whole) == len(numbers):
            yield ValidationLine(number, tuple(whole[:-1]), whole[-1])
