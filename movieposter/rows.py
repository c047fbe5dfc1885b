"""The tables of movie posters: features and rows. Column names live only here."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import numpy as np
from datasets import Features, List, Value

from movieposter.check import Movies
from movieposter.pickled import Posters
from movieposter.raw import Movie, Rating
from pmg.captions import Phrases, joined
from pmg.columns import ITEM_COLUMNS, SAMPLE_COLUMNS, Row, Shown, item_columns, sample_columns
from pmg.domain import Entries, EventColumns, Table
from pmg.histories import Histories, most_preferred
from pmg.images import Pictures
from pmg.options import Options
from pmg.protocols.tables import bench_table
from pmg.protocols.terms import Terms
from pmg.raw.pictures import PickledPictures, RawPictures

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


def raw_pictures(raw: Movies) -> RawPictures:
    return pictures_of(raw.movies, raw.posters)


def pictures_of(movies: Mapping[int, Movie], posters: Posters) -> RawPictures:
    """The posters in the order of the movies."""
    known = set(posters.ids())
    keys = {str(movie_id): posters.key(movie_id) for movie_id in movies if movie_id in known}
    return RawPictures(keys, posters.size, PickledPictures.of(posters.path).read)


def samples(raw: Movies, options: Options, shown: AbstractSet[str]) -> Entries[Sample]:
    """The paper's samples for training, the hand-made lines for validation."""
    return {
        TRAIN: train_samples(raw, options, shown),
        VALIDATION: [
            Sample(
                f"validation-{line.line}",
                None,
                tuple(Liked(movie_id, None, None) for movie_id in line.history),
                line.target,
            )
            for line in raw.validation
            if {str(movie_id) for movie_id in (*line.history, line.target)} <= shown
        ],
    }


def terms(options: Options) -> Terms:
    """Preference, not time, orders a history: some of it may come after the target."""
    longest = options.history or LONGEST_HISTORY
    return Terms(f"the paper's rule, histories of up to {longest}", disjoint=True, before=False)


def train_samples(raw: Movies, options: Options, shown: AbstractSet[str]) -> list[Sample]:
    """One sample per user who likes at least two movies with posters: the paper's rule."""
    ratings, histories = raw.ratings, cut(raw, options, shown)
    events = ratings[histories.events]
    users = events["user_id"][histories.targets].tolist()
    movies = events["movie_id"].tolist()
    liked = [*map(Liked, movies, events["stars"].tolist(), events["timestamp"].tolist())]
    spans = zip(users, histories.starts.tolist(), histories.targets.tolist(), strict=True)
    return [
        Sample(f"user-{user_id}", user_id, tuple(liked[start:target]), movies[target])
        for user_id, start, target in spans
    ]


def cut(raw: Movies, options: Options, shown: AbstractSet[str]) -> Histories:
    ratings = raw.ratings
    return most_preferred(
        ratings["user_id"],
        ratings["stars"],
        ratings["timestamp"],
        np.isin(ratings["movie_id"], np.fromiter(map(int, shown), np.int64, len(shown))),
        options.history or LONGEST_HISTORY,
    )


def sample_row(raw: Movies, sample: Sample, pictures: Pictures) -> Row:
    history = [described(raw, str(liked.movie_id)) for liked in sample.history]
    movies = [raw.movies[liked.movie_id] for liked in sample.history]
    target, target_movie = described(raw, str(sample.target)), raw.movies[sample.target]
    own = user_id = None
    if sample.user_id is not None:
        user_id = str(sample.user_id)
        own = joined(raw.style_by_user.get(sample.user_id, ()))
    return sample_columns(sample.sample_id, NAME, user_id, history, target, pictures, own) | {
        "history_titles": [movie.title for movie in movies],
        "history_genres": [list(movie.genres) for movie in movies],
        "history_ratings": [liked.stars for liked in sample.history],
        "history_timestamps": [liked.timestamp for liked in sample.history],
        "target_title": target_movie.title,
        "target_genres": list(target_movie.genres),
        "target_style_caption": target.style_caption,
    }


def items(raw: Movies, _: Options, _shown: AbstractSet[str]) -> Entries[Movie]:
    return {TRAIN: list(raw.movies.values())}


def item_row(raw: Movies, movie: Movie, pictures: Pictures) -> Row:
    item = described(raw, str(movie.movie_id))
    link = raw.links.get(movie.movie_id)
    return item_columns(item, NAME, pictures) | {
        "movie_id": movie.movie_id,
        "title": movie.title,
        "genres": list(movie.genres),
        "target_caption": item.caption,
        "style_phrases": phrases(raw.style_by_movie.get(movie.movie_id)),
        "target_phrases": phrases(raw.target_captions.get(movie.movie_id)),
        "imdb_id": link and link.imdb_id,
        "tmdb_id": link and link.tmdb_id,
    }


def dropped(raw: Movies, options: Options, shown: AbstractSet[str]) -> dict[str, int]:
    """Users without a sample, by reason."""
    users = len(np.unique(raw.ratings["user_id"]))
    return {"fewer than two liked movies with a poster": users - len(cut(raw, options, shown))}


def interactions(raw: Movies, _: Options, _shown: AbstractSet[str]) -> Entries[Rating]:
    return {TRAIN: [Rating(*rating) for rating in raw.ratings.tolist()]}


def interaction_row(_: Movies, rating: Rating, pictures: Pictures) -> Row:
    item_id = str(rating.movie_id)
    return {
        "user_id": str(rating.user_id),
        "item_id": item_id,
        "rating": rating.stars,
        "timestamp": rating.timestamp,
        "has_image": item_id in pictures,
    }


def described(raw: Movies, item_id: str) -> Shown:
    movie_id = int(item_id)
    return Shown(
        item_id,
        joined(raw.target_captions.get(movie_id, ())),
        joined(raw.style_by_movie.get(movie_id, ())),
    )


def phrases(raw: Phrases | None) -> list[str] | None:
    """The phrases behind a caption, stripped; None where nothing is left."""
    return [part for phrase in raw or () if (part := phrase.strip())] or None


EVENTS = EventColumns("interactions", user="user_id", category="genres")

OWN_TABLES: tuple[Table[Movies, Any], ...] = (
    Table(
        NAME,
        "samples",
        "a sample: the movies a user likes most, and the one to generate, with posters",
        SAMPLE_FEATURES,
        samples,
        sample_row,
        terms=terms,
    ),
    Table(
        f"{NAME}_items",
        "items",
        "a movie with its poster",
        ITEM_FEATURES,
        items,
        item_row,
        published="9,742",
    ),
    Table(
        f"{NAME}_interactions",
        "interactions",
        "a rating of a movie by a user",
        INTERACTION_FEATURES,
        interactions,
        interaction_row,
        published="100,836",
        plotted={"rating": "Ratings by their stars"},
    ),
)

TABLES = (*OWN_TABLES, bench_table(NAME, OWN_TABLES, EVENTS))
