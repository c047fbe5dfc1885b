"""Writes a raw folder in the true formats, with drawn posters: the inverse of raw.py.

Ratings and titles are invented, or MovieLens' own; posters and captions are always drawn, as
posters belong to the studios.
"""

import csv
import pickle
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.random import Generator

from movieposter import raw
from movieposter.posters import draw_poster
from movieposter.raw import Movie
from pmg.domain import DrawSettings
from pmg.problems import Problems
from pmg.progress import progress_bar
from pmg.raw.files import require_file
from pmg.raw.pickles import DictWriter

KeyedPhrases: TypeAlias = dict[np.int64, list[str]]


class Scale(NamedTuple):
    """Sizes of an invented folder."""

    movies: int
    users: int
    ratings: int
    poster_size: tuple[int, int]  # width, height in pixels


SCALES = {
    "tiny": Scale(60, 24, 720, (200, 300)),
    "small": Scale(600, 120, 6_000, (333, 500)),
    "full": Scale(9_742, 610, 100_836, (500, 750)),
}
LARGEST_MOVIE_ID = 193_609  # of MovieLens, whose ids are sparse
FEWEST_RATINGS, MOST_RATINGS = 20, 2_698  # of a MovieLens user
SHARE_UNRATED = 18 / 9_742  # of MovieLens' movies
SHARES_OF_STARS = (1, 3, 2, 8, 5, 20, 13, 27, 8, 13)  # percent of 0.5, 1.0 … 5.0 in MovieLens
FIRST_TIME, LAST_TIME = 828_124_615, 1_537_799_250  # Unix seconds, of ml-latest-small
VALIDATION_HISTORIES, VALIDATION_LENGTH, TARGETS_EACH = 3, 5, 2

FIRST_WORDS = (
    "Silent", "Crimson", "Last", "Hidden", "Golden", "Midnight", "Broken", "Distant", "Electric",
    "Paper",
)  # fmt: skip
SECOND_WORDS = (
    "Harbor", "Garden", "Empire", "Signal", "Winter", "Orchard", "Machine", "River", "Carnival",
    "Letter",
)  # fmt: skip
GENRES = (
    "Action", "Adventure", "Animation", "Children", "Comedy", "Crime", "Documentary", "Drama",
    "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller",
    "War", "Western",
)  # fmt: skip
SHARE_OF_ODD_NAMES, SHARE_WITHOUT_GENRE = 0.1, 0.02
USUAL_NAME = "{first} {second} ({year})"
# Spellings that MovieLens has too: a comma, a doubled quote, accents, outer spaces, no year.
ODD_NAMES = (
    "{second}, The ({year})",
    '"{first}" {second} ({year})',
    "Le {second} doré ({year})",
    " The {first} {second} ({year}) ",
    "{first} {second}",
)


def draw(folder: Path, settings: DrawSettings) -> None:
    """Write the raw files into `folder`. Raises BadData where MovieLens' folder lacks a file."""
    scale = SCALES[settings.scale]
    random = np.random.default_rng(settings.seed)
    if settings.movielens is None:
        movies = write_movies(folder / raw.MOVIES, scale, random)
        write_ratings(folder / raw.RATINGS, movies, scale, random)
    else:
        movies = copy_movielens(settings.movielens, folder)
    write_validation(folder / raw.VALIDATION, [movie.movie_id for movie in movies], random)
    captions = write_posters(
        folder / raw.POSTERS, movies, settings.picture_size or scale.poster_size, settings
    )
    for name, channel in zip((raw.STYLE_CAPTIONS, raw.TARGET_CAPTIONS), captions, strict=True):
        (folder / name).write_bytes(pickle.dumps(channel, protocol=4))


def write_movies(path: Path, scale: Scale, random: Generator) -> list[Movie]:
    """Invent movies with sparse ids; some have an odd name, some no genre."""
    ids = np.sort(random.choice(LARGEST_MOVIE_ID, scale.movies, replace=False)) + 1
    movies = []
    for line, movie_id in enumerate(ids.tolist(), 2):
        odd = random.random() < SHARE_OF_ODD_NAMES
        title = str(random.choice(ODD_NAMES) if odd else USUAL_NAME).format(
            first=random.choice(FIRST_WORDS),
            second=random.choice(SECOND_WORDS),
            year=random.integers(1930, 2019),
        )
        genres = np.sort(random.choice(GENRES, int(random.integers(1, 4)), replace=False)).tolist()
        if random.random() < SHARE_WITHOUT_GENRE:
            genres = []
        movies.append(Movie(line, movie_id, title, tuple(genres)))
    rows = [
        (movie.movie_id, movie.title, "|".join(movie.genres) or raw.NO_GENRES) for movie in movies
    ]
    write_csv(path, raw.MOVIE_COLUMNS, rows)
    return movies


def write_ratings(path: Path, movies: Sequence[Movie], scale: Scale, random: Generator) -> None:
    """Invent ratings: few movies are popular, few users busy, and a user rates in one sitting."""
    stars = np.array(SHARES_OF_STARS) / sum(SHARES_OF_STARS)
    rows = []
    for user_id, rated in enumerate(rated_by_users(len(movies), scale, random), 1):
        count = len(rated)
        start = int(random.integers(FIRST_TIME, LAST_TIME))
        for movie, half_steps in zip(rated, random.choice(10, count, p=stars), strict=True):
            time = start + int(random.integers(0, 12 * count))  # seconds; some tie, as in truth
            rows.append((user_id, movies[movie].movie_id, (int(half_steps) + 1) / 2, time))
    write_csv(path, raw.RATING_COLUMNS, rows)


def rated_by_users(movies: int, scale: Scale, random: Generator) -> list[list[int]]:
    """Which movies, from 0, each user rates; as few as in MovieLens are rated by nobody."""
    popularity = 1 / (10 + random.permutation(movies))
    popularity[random.choice(movies, round(SHARE_UNRATED * movies), replace=False)] = 0
    popularity /= popularity.sum()
    counts = ratings_per_user(scale, random)
    chosen = np.concatenate(
        [random.choice(movies, count, replace=False, p=popularity) for count in counts]
    )
    times = np.bincount(chosen, minlength=movies)
    for unseen in np.flatnonzero((times == 0) & (popularity > 0)):
        place = random.choice(np.flatnonzero(times[chosen] > 1))
        times[chosen[place]] -= 1
        times[unseen] += 1
        chosen[place] = unseen
    return [sorted(own.tolist()) for own in np.split(chosen, np.cumsum(counts)[:-1])]


def ratings_per_user(scale: Scale, random: Generator) -> list[int]:
    """Counts that add up to the scale's ratings; all reach `FEWEST_RATINGS`, few are large."""
    most = min(scale.movies // 2, MOST_RATINGS)
    activity = random.lognormal(sigma=1.2, size=scale.users)
    counts = np.full(scale.users, FEWEST_RATINGS)
    while spare := scale.ratings - int(counts.sum()):
        open_to_more = np.where(counts < most, activity, 0)
        counts += random.multinomial(spare, open_to_more / open_to_more.sum())
        counts = np.minimum(counts, most)
    return [int(count) for count in counts]


def copy_movielens(source: Path, folder: Path) -> list[Movie]:
    """Take MovieLens' own tables, byte for byte but for the header of movies.csv."""
    for name in ("movies.csv", "ratings.csv", "links.csv"):
        require_file(source / name, "a table of MovieLens ml-latest-small")
    _, _, lines = (source / "movies.csv").read_bytes().partition(b"\n")
    header = ",".join(raw.MOVIE_COLUMNS).encode() + b"\r\n"
    (folder / raw.MOVIES).write_bytes(header + lines)
    (folder / raw.RATINGS).write_bytes((source / "ratings.csv").read_bytes())
    (folder / raw.LINKS).write_bytes((source / "links.csv").read_bytes())
    return list(raw.read_movies(folder / raw.MOVIES, "utf-8", Problems()))


def write_validation(path: Path, movie_ids: Sequence[int], random: Generator) -> None:
    """Three made-up people and two targets, each with each; no line feed at the end."""
    count = VALIDATION_HISTORIES * VALIDATION_LENGTH + TARGETS_EACH
    ids = random.choice(movie_ids, count, replace=False).tolist()
    targets, ids = ids[:TARGETS_EACH], ids[TARGETS_EACH:]
    histories = [
        ids[start : start + VALIDATION_LENGTH] for start in range(0, len(ids), VALIDATION_LENGTH)
    ]
    lines = [
        f"{';'.join(map(str, history))},{target}" for target in targets for history in histories
    ]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def write_posters(
    path: Path, movies: Sequence[Movie], size: tuple[int, int], settings: DrawSettings
) -> tuple[KeyedPhrases, KeyedPhrases]:
    """Draw a poster for every movie; answers with style and target captions by movie id.

    One poster is in memory at a time, though the file is one pickled dict.
    """
    style: KeyedPhrases = {}
    target: KeyedPhrases = {}
    random = np.random.default_rng(settings.seed)
    bar = progress_bar(len(movies), "draw", "posters")
    with DictWriter(path) as posters, bar:
        for movie in movies:
            # Real posters differ in size, unless one asks for a size.
            width, height = size
            if settings.picture_size is None:
                height += int(random.integers(-height // 12, height // 12))
            poster = draw_poster(movie.title or "", movie.genres, width, height, settings.seed)
            posters.add(movie.movie_id, poster.pixels)
            # Real files have keys of numpy's own and trailing spaces.
            key = np.int64(movie.movie_id)
            style[key] = [f"{phrase} " for phrase in poster.style_phrases]
            target[key] = list(poster.target_phrases)
            bar.update()
    return style, target


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """With CRLF line ends, as MovieLens' own files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
