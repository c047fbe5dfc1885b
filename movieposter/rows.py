"""The tables of movie posters: features and rows. Column names live only here."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from datasets import Features, List, Value

from movieposter.check import Movies
from pmg.captions import Phrases, joined
from pmg.columns import ITEM_COLUMNS, SAMPLE_COLUMNS, Shown, item_columns, sample_columns
from pmg.domain import Row, Table
from pmg.histories import most_preferred
from pmg.images import Pictures, Pixels
from pmg.options import Options

NAME = "movieposter"
LONGEST_HISTORY = 3  # of the PMG paper
TRAIN, VALIDATION = "train", "validation"

SAMPLE_FEATURES = Features(
    {
        **SAMPLE_COLUMNS,
        "history_titles": List(Value("string")),
        "history_genres": List(List(Value("string"))),
        "history_ratings": List(Value("float32")),
        "history_timestamps": List(Value("int64")),
        "history_style_captions": List(Value("string")),
        "target_title": Value("string"),
        "target_genres": List(Value("string")),
        "target_style_caption": Value("string"),
    }
)

ITEM_FEATURES = Features(
    {
        **ITEM_COLUMNS,
        "movie_id": Value("int64"),
        "title": Value("string"),
        "genres": List(Value("string")),
        "style_caption": Value("string"),
        "target_caption": Value("string"),
        "style_phrases": List(Value("string")),
        "target_phrases": List(Value("string")),
        "imdb_id": Value("string"),
        "tmdb_id": Value("string"),
    }
)

INTERACTION_FEATURES = Features(
    {
        "user_id": Value("string"),
        "item_id": Value("string"),
        "rating": Value("float32"),
        "timestamp": Value("int64"),
        "has_image": Value("bool"),
    }
)


class Liked(NamedTuple):
    """A movie in a history."""

    movie_id: int
    stars: float | None  # None where no user rated it
    timestamp: int | None  # Unix seconds


class Sample(NamedTuple):
    """A history and the movie to be predicted."""

    sample_id: str
    user_id: int | None  # None for a hand-made validation line
    history: tuple[Liked, ...]  # most preferred first
    target: int  # movie id


class PostersById:
    """Posters as the shared code asks for them: by item id, in the order of info.csv."""

    def __init__(self, raw: Movies) -> None:
        self._posters = raw.posters
        with_poster = set(raw.posters.ids())
        self._ids = [str(movie_id) for movie_id in raw.movies if movie_id in with_poster]

    def ids(self) -> list[str]:
        return self._ids

    def size(self, item_id: str) -> int:
        header = self._posters.header(int(item_id))
        return int(np.prod(header.shape)) if header else 0

    def read(self, item_id: str) -> Pixels:
        return self._posters.read(int(item_id))


def train_samples(raw: Movies, options: Options) -> list[Sample]:
    """One sample per user who likes at least two movies with posters: the paper's rule."""
    ratings = raw.ratings
    shown = np.isin(ratings["movie_id"], np.array(raw.posters.ids(), np.int64))
    longest = options.history or LONGEST_HISTORY
    cut = most_preferred(ratings["user_id"], ratings["stars"], ratings["timestamp"], shown, longest)
    samples = []
    for index in range(len(cut)):
        target = ratings[cut.target(index)]
        events = ratings[cut.history(index)][["movie_id", "stars", "timestamp"]].tolist()
        user_id = int(target["user_id"])
        history = tuple(Liked(*event) for event in events)
        samples.append(Sample(f"user-{user_id}", user_id, history, int(target["movie_id"])))
    return samples


def validation_samples(raw: Movies) -> list[Sample]:
    """The hand-made lines of my_valid_data.txt; they belong to no user."""
    return [
        Sample(
            f"validation-{line.line}",
            None,
            tuple(Liked(movie_id, None, None) for movie_id in line.history),
            line.target,
        )
        for line in raw.validation
    ]


def samples(raw: Movies, options: Options, split: str) -> list[Sample]:
    return train_samples(raw, options) if split == TRAIN else validation_samples(raw)


def count_samples(raw: Movies, options: Options) -> dict[str, int]:
    return {split: len(samples(raw, options, split)) for split in (TRAIN, VALIDATION)}


def sample_rows(
    raw: Movies, options: Options, split: str, rows: range, pictures: Pictures
) -> Iterator[Row]:
    for sample in samples(raw, options, split)[rows.start : rows.stop]:
        history = [shown(raw, liked.movie_id) for liked in sample.history]
        movies = [raw.movies[liked.movie_id] for liked in sample.history]
        target, target_movie = shown(raw, sample.target), raw.movies[sample.target]
        own = user_id = None
        if sample.user_id is not None:
            user_id = str(sample.user_id)
            own = joined(raw.style_by_user.get(sample.user_id, ()))
        shared = sample_columns(sample.sample_id, NAME, user_id, history, target, pictures, own)
        yield shared | {
            "history_titles": [movie.title for movie in movies],
            "history_genres": [list(movie.genres) for movie in movies],
            "history_ratings": [liked.stars for liked in sample.history],
            "history_timestamps": [liked.timestamp for liked in sample.history],
            "history_style_captions": [item.style_caption for item in history],
            "target_title": target_movie.title,
            "target_genres": list(target_movie.genres),
            "target_style_caption": target.style_caption,
        }


def count_items(raw: Movies, _: Options) -> dict[str, int]:
    return {TRAIN: len(raw.movies)}


def item_rows(
    raw: Movies, _: Options, _split: str, rows: range, pictures: Pictures
) -> Iterator[Row]:
    for movie in list(raw.movies.values())[rows.start : rows.stop]:
        item = shown(raw, movie.movie_id)
        link = raw.links.get(movie.movie_id)
        yield item_columns(item.item_id, NAME, pictures.get(item.item_id), item.caption) | {
            "movie_id": movie.movie_id,
            "title": movie.title,
            "genres": list(movie.genres),
            "style_caption": item.style_caption,
            "target_caption": item.caption,
            "style_phrases": phrases(raw.style_by_movie.get(movie.movie_id)),
            "target_phrases": phrases(raw.target_captions.get(movie.movie_id)),
            "imdb_id": link and link.imdb_id,
            "tmdb_id": link and link.tmdb_id,
        }


def count_interactions(raw: Movies, _: Options) -> dict[str, int]:
    return {TRAIN: len(raw.ratings)}


def interaction_rows(
    raw: Movies, _: Options, _split: str, rows: range, _pictures: Pictures
) -> Iterator[Row]:
    with_poster = set(raw.posters.ids())
    for _line, user_id, movie_id, stars, timestamp in raw.ratings[rows.start : rows.stop].tolist():
        yield {
            "user_id": str(user_id),
            "item_id": str(movie_id),
            "rating": stars,
            "timestamp": timestamp,
            "has_image": movie_id in with_poster,
        }


def shown(raw: Movies, movie_id: int) -> Shown:
    return Shown(
        str(movie_id),
        joined(raw.target_captions.get(movie_id, ())),
        joined(raw.style_by_movie.get(movie_id, ())),
    )


def phrases(raw: Phrases | None) -> list[str] | None:
    """The phrases behind a caption, stripped; None where nothing is left."""
    return [part for phrase in raw or () if (part := phrase.strip())] or None


TABLES: tuple[Table[Any], ...] = (
    Table(
        NAME,
        "samples",
        "a sample: the movies a user likes most, and the one to generate, with posters",
        SAMPLE_FEATURES,
        count_samples,
        sample_rows,
    ),
    Table(
        f"{NAME}_items", "items", "a movie with its poster", ITEM_FEATURES, count_items, item_rows
    ),
    Table(
        f"{NAME}_interactions",
        "interactions",
        "a rating of a movie by a user",
        INTERACTION_FEATURES,
        count_interactions,
        interaction_rows,
    ),
)
