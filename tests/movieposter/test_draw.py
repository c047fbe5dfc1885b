"""Drawn raw folders are true to the formats, and read by Python's own tools too."""

import csv
import pickle
from pathlib import Path

import numpy as np
import pytest

from movieposter.draw import SCALES, rated_by_users, ratings_per_user
from pmg_bench import main
from tests.movieposter.raw_folder import digests


def draw(raw: Path, *arguments: str) -> Path:
    assert main(["draw", str(raw), *arguments]) == 0
    return raw / "movieposter"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("drawn") / "raw", "--picture-size", "20x30")


def test_the_same_seed_draws_the_same_and_another_does_not(drawn: Path, tmp_path: Path) -> None:
    again = draw(tmp_path / "again", "--picture-size", "20x30")
    other = draw(tmp_path / "other", "--picture-size", "20x30", "--seed", "1")
    assert digests(again) == digests(drawn)
    same = {name for name, digest in digests(drawn).items() if digests(other)[name] == digest}
    assert same == {"drawn.txt"}


def test_the_scale_is_kept(drawn: Path) -> None:
    with (drawn / "ratings.csv").open(encoding="utf-8", newline="") as file:
        ratings = list(csv.DictReader(file))
    counts = np.unique([row["userId"] for row in ratings], return_counts=True)[1]
    assert len(ratings) == SCALES["tiny"].ratings
    assert len(counts) == SCALES["tiny"].users
    assert counts.min() >= 20
    assert len({(row["userId"], row["movieId"]) for row in ratings}) == len(ratings)
    assert len({row["movieId"] for row in ratings}) == SCALES["tiny"].movies


def test_as_many_movies_are_rated_by_nobody_as_in_movielens() -> None:
    scale = SCALES["full"]
    rated = rated_by_users(scale.movies, scale, np.random.default_rng(0))
    counts = [len(own) for own in rated]
    assert (len(counts), sum(counts)) == (610, 100_836)
    assert min(counts) >= 20
    assert max(counts) <= 2_698
    assert all(len(set(own)) == len(own) for own in rated)
    assert scale.movies - len({movie for own in rated for movie in own}) == 18


def test_python_reads_the_posters(drawn: Path) -> None:
    posters = pickle.loads((drawn / "image_data.pkl").read_bytes())
    assert len(posters) == SCALES["tiny"].movies
    assert {(poster.shape, poster.dtype.name) for poster in posters.values()} == {
        ((30, 20, 3), "uint8")
    }
    assert len({poster.tobytes() for poster in posters.values()}) == len(posters)


def test_posters_differ_in_size_unless_one_is_asked_for(tmp_path: Path) -> None:
    posters = pickle.loads((draw(tmp_path / "raw") / "image_data.pkl").read_bytes())
    assert len({poster.shape for poster in posters.values()}) > 10


def test_captions_have_the_keys_and_spaces_of_real_files(drawn: Path) -> None:
    captions = pickle.loads((drawn / "style_captions.pkl").read_bytes())
    assert all(type(key) is np.int64 for key in captions)
    assert all(phrase.endswith(" ") for phrases in captions.values() for phrase in phrases)


def test_line_ends_are_those_of_real_files(drawn: Path) -> None:
    assert (drawn / "ratings.csv").read_bytes().endswith(b"\r\n")
    lines = (drawn / "my_valid_data.txt").read_bytes()
    assert lines.count(b"\n") == 5
    assert not lines.endswith(b"\n")


def test_movielens_own_tables_are_taken_as_they_are(tmp_path: Path) -> None:
    source = tmp_path / "ml-latest-small"
    source.mkdir()
    names = "".join(f'{number},"Movie {number}, The (1999)",Drama\r\n' for number in range(1, 20))
    (source / "movies.csv").write_text("movieId,title,genres\r\n" + names, newline="")
    (source / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\r\n7,3,4.0,9\r\n", newline=""
    )
    (source / "links.csv").write_text("movieId,imdbId,tmdbId\r\n3,0000003,\r\n", newline="")
    folder = draw(tmp_path / "raw", "--movielens", str(source), "--picture-size", "8x12")
    assert (folder / "info.csv").read_bytes() == b"id,name,genre\r\n" + names.encode()
    assert (folder / "ratings.csv").read_bytes() == (source / "ratings.csv").read_bytes()
    assert (folder / "links.csv").read_bytes() == (source / "links.csv").read_bytes()
    assert len(pickle.loads((folder / "image_data.pkl").read_bytes())) == 19


def test_a_movielens_folder_without_its_files_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", str(tmp_path / "raw"), "--movielens", str(tmp_path)]) == 1
    assert "movies.csv: expected a table of MovieLens ml-latest-small" in capsys.readouterr().err
    assert not (tmp_path / "raw" / "movieposter").exists()


def test_what_is_drawn_passes_its_own_check(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(drawn.parent)]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out


@pytest.mark.parametrize("scale", SCALES)
def test_ratings_add_up_at_every_scale(scale: str) -> None:
    counts = ratings_per_user(SCALES[scale], np.random.default_rng(0))
    assert sum(counts) == SCALES[scale].ratings
    assert len(counts) == SCALES[scale].users
    assert min(counts) >= 20
    assert max(counts) <= SCALES[scale].movies
