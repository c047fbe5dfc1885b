"""What is left of faulty raw folders where they are told to leave out: all that is sound."""

from pathlib import Path

import numpy as np
import pytest

from movieposter import DOMAIN
from movieposter.check import Movies
from pmg.options import Options
from pmg.problems import BadData, Severity, TooManyProblems
from pmg.raw.scratch import Scratch
from pmg.source import open_source
from tests.movieposter.faults import agreement, files, values
from tests.movieposter.raw_folder import digests, edit, pixels_of, poster, write_raw

MOVIES = [1, 2, 3, 11, 29, 318, 7789, 193609]
SKIP = Options(on_problem="skip")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw")


def left(raw: Path, errors: int, options: Options = SKIP) -> Movies:
    """What is left, once as many errors are counted, and the raw files are as before."""
    before = digests(raw)
    with pytest.raises(TooManyProblems) as caught:
        open_source(DOMAIN, raw, Scratch(raw.parent), Options())
    assert caught.value.problems.count(Severity.ERROR) == errors
    source = open_source(DOMAIN, raw, Scratch(raw.parent), options)
    assert source.problems.count(Severity.ERROR) == errors
    assert digests(raw) == before
    movies = source.raw
    assert isinstance(movies, Movies)
    return movies


def test_of_a_sound_folder_everything_is_left(raw: Path) -> None:
    movies = open_source(DOMAIN, raw, Scratch(raw.parent), Options()).raw
    assert list(movies.movies) == MOVIES
    assert len(movies.ratings) == 14
    assert movies.style_by_movie[1] == ("misty water", "quiet ")
    assert movies.style_by_user == {}
    assert list(movies.target_captions) == MOVIES
    assert movies.posters.ids() == MOVIES
    assert [line.line for line in movies.validation] == [1, 2]
    assert movies.links[29].tmdb_id is None
    np.testing.assert_array_equal(pixels_of(movies.posters, 11), poster(11), strict=True)


def test_ratings_of_unknown_movies_are_left_out(raw: Path) -> None:
    agreement.rating_of_unknown_movie(raw)
    assert left(raw, 2).ratings["line"].tolist() == [*range(2, 15), 16]


def test_of_two_movies_with_one_id_the_first_is_left(raw: Path) -> None:
    agreement.movies_twice(raw)
    movies = left(raw, 1).movies
    assert list(movies) == MOVIES
    assert movies[2].title == "Garden, The (1996)"


def test_of_two_ratings_of_one_movie_the_first_is_left(raw: Path) -> None:
    agreement.ratings_twice(raw)
    assert left(raw, 2).ratings["line"].tolist() == list(range(2, 16))


def test_a_wrong_rating_gives_way_to_a_sound_one_of_the_same_movie(raw: Path) -> None:
    edit(raw, "ratings.csv", "1,29,5.0,964982224\n", "1,29,6.0,964982224\n1,29,4.5,964982225\n")
    ratings = left(raw, 1).ratings
    assert ratings["line"].tolist() == [2, 3, *range(5, 17)]
    assert ratings["stars"][2] == 4.5


def test_wrong_ratings_are_left_out(raw: Path) -> None:
    values.ratings_out_of_range(raw)
    assert left(raw, 3).ratings["line"].tolist() == [3, *range(5, 8), *range(9, 16)]


def test_of_two_links_of_one_movie_the_first_is_left(raw: Path) -> None:
    agreement.links_twice(raw)
    assert left(raw, 1).links[1].line == 2


def test_wrong_posters_are_left_out_and_validation_lines_with_them(raw: Path) -> None:
    values.posters_of_other_types(raw)
    movies = left(raw, 2)
    assert movies.posters.ids() == [2, 11, 29, 318, 7789, 193609]
    assert [line.line for line in movies.validation] == [2]


def test_of_two_keys_of_one_movie_the_first_is_left(raw: Path) -> None:
    agreement.keys_that_mean_one_movie(raw)
    movies = left(raw, 3)
    np.testing.assert_array_equal(pixels_of(movies.posters, 11), poster(11), strict=True)
    assert movies.target_captions[3] == ("what is seen on 3",)


def test_wrong_captions_are_left_out(raw: Path) -> None:
    values.captions_of_other_types(raw)
    assert list(left(raw, 5).target_captions) == [318, 7789, 193609]


def test_wrong_validation_lines_are_left_out(raw: Path) -> None:
    values.validation_of_unknown_ids(raw)
    assert [line.line for line in left(raw, 3).validation] == [1, 2]


def test_style_captions_that_may_mean_either_are_left_out(raw: Path) -> None:
    agreement.style_by_both(raw)
    movies = left(raw, 1)
    assert (movies.style_by_movie, movies.style_by_user) == ({}, {})


@pytest.mark.parametrize(
    ("key", "by_movie", "by_user"), [("movie", {1, 11, 29}, set()), ("user", set(), {1, 4})]
)
def test_style_captions_are_what_the_option_says(
    raw: Path, key: str, by_movie: set[int], by_user: set[int]
) -> None:
    agreement.style_by_both(raw)
    movies = open_source(DOMAIN, raw, Scratch(raw.parent), Options(style_key=key)).raw
    assert (movies.style_by_movie.keys(), movies.style_by_user.keys()) == (by_movie, by_user)


def test_style_captions_by_user_are_recognised(raw: Path) -> None:
    agreement.style_by_user(raw)
    movies = open_source(DOMAIN, raw, Scratch(raw.parent), Options()).raw
    assert movies.style_by_movie == {}
    assert list(movies.style_by_user) == [1, 2, 3, 4]


def test_a_broken_movie_takes_what_belongs_to_it_and_nothing_else(raw: Path) -> None:
    edit(raw, "info.csv", '2,"Garden, The (1996)",Comedy', "2,Garden, The (1996),Comedy")
    movies = left(raw, 4)
    others = [movie for movie in MOVIES if movie != 2]
    assert list(movies.movies) == list(movies.style_by_movie) == others
    assert list(movies.target_captions) == movies.posters.ids() == list(movies.links) == others
    assert set(movies.ratings["movie_id"].tolist()) == set(others)
    assert [line.line for line in movies.validation] == [2]


def test_a_file_that_cannot_be_read_stops_even_then(raw: Path) -> None:
    files.program_in_pickle(raw)
    before = digests(raw)
    with pytest.raises(TooManyProblems, match=r"os\.system"):
        open_source(DOMAIN, raw, Scratch(raw.parent), SKIP)
    assert digests(raw) == before


def test_a_missing_folder_stops_even_then(raw: Path) -> None:
    files.folder_missing(raw)
    with pytest.raises(BadData, match="found no such folder"):
        open_source(DOMAIN, raw, Scratch(raw.parent), SKIP)
