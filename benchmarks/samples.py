"""Ratings and clicks into samples, against pandas as people write it."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.trials import Row, Spread, in_turn, ratio_of, run_alone, seconds_of
from movieposter import draw as draw_movies
from movieposter.check import Movies
from movieposter.raw import RATING
from movieposter.rows import train_samples
from pmg.options import Options
from pog_dataset import draw as draw_fashion
from pog_dataset.check import Fashion
from pog_dataset.raw import Outfit, UserLine
from pog_dataset.rows import samples as fashion_samples

TIMES, EIGHTFOLD = 3, 8
RATINGS, INTERACTIONS = 100_836, 800_000
MOST_GROWTH = 9  # times the time for eight times the rows
BEST_OF = {"ours": 5, "theirs": 1}  # within a process; what takes long is timed well at once


class Of(NamedTuple):
    """What of a domain's raw files the samples are made of."""

    ours: Callable[[], object]
    theirs: Callable[[], object]


def rows(_: Path) -> Iterator[Row]:
    yield from compared("movieposter", "ratings", RATINGS)
    yield from compared("pog_dataset", "clicks and choices", INTERACTIONS)


def compared(domain: str, what: str, count: int) -> Iterator[Row]:
    def trial(rows: int, way: str) -> Any:  # noqa: ANN401 - a partial
        return partial(run_alone, "samples:timed", domain, rows, way)

    ours, theirs, more = in_turn(
        TIMES, trial(count, "ours"), trial(count, "theirs"), trial(EIGHTFOLD * count, "ours")
    )
    work = f"{count:,} {what} → samples"
    told, rival = milliseconds(ours), milliseconds(theirs)
    yield Row(work, "pandas, a loop over groupby", told, rival, ratio_of(theirs, ours), 20)
    work, growth = f"{EIGHTFOLD * count:,} {what}", ratio_of(more, ours)
    yield Row(work, f"{count:,}, ours", milliseconds(more), told, growth, None, MOST_GROWTH)


def milliseconds(runs: list[Any]) -> str:
    seconds = seconds_of(runs)
    return f"{Spread(*(1000 * value for value in seconds)).shown('.0f')} ms"


def timed(domain: str, count: int, way: str) -> dict[str, float]:
    """Seconds of one way to make the samples of so many invented interactions."""
    make = getattr({"movieposter": movies, "pog_dataset": fashion}[domain](count), way)
    best = float("inf")
    for _ in range(BEST_OF[way]):
        start = time.perf_counter()
        make()
        best = min(best, time.perf_counter() - start)
    return {"seconds": best}


def invented_ratings(count: int) -> npt.NDArray[np.void]:
    """Users and movies are in proportion to MovieLens'."""
    full = draw_movies.SCALES["full"]
    scale = full._replace(
        movies=max(200, full.movies * count // full.ratings),
        users=full.users * count // full.ratings, ratings=count,
    )  # fmt: skip
    random = np.random.default_rng(0)
    rated = draw_movies.rated_by_users(scale.movies, scale, random)
    ratings = np.zeros(count, RATING)
    ratings["user_id"] = np.repeat(np.arange(len(rated)), [len(own) for own in rated])
    ratings["movie_id"] = list(chain(*rated))
    ratings["stars"] = random.integers(1, 11, count) / 2
    ratings["timestamp"] = random.integers(draw_movies.FIRST_TIME, draw_movies.LAST_TIME, count)
    return ratings


def movies(count: int) -> Of:
    """All movies have a poster."""
    ratings = invented_ratings(count)
    raw = Movies({}, ratings, *[None] * (len(Movies._fields) - 2))  # type: ignore[arg-type]
    shown = {str(movie_id) for movie_id in ratings["movie_id"].tolist()}
    table = pd.DataFrame(ratings[["user_id", "movie_id", "stars", "timestamp"]])
    return Of(lambda: train_samples(raw, Options(), shown), lambda: liked_by_pandas(table, shown))


def liked_by_pandas(ratings: pd.DataFrame, shown: set[str]) -> list[dict[str, Any]]:
    posters = {int(movie_id) for movie_id in shown}
    ratings = ratings[ratings["movie_id"].isin(posters)]
    samples = []
    for user_id, group in ratings.groupby("user_id"):
        liked = group[group["stars"] >= 4]  # noqa: PLR2004 - stars
        if len(liked) < 2:  # noqa: PLR2004 - a history and a target
            continue
        liked = liked.sort_values(["stars", "timestamp"], ascending=False, kind="stable")
        length = min(3, len(liked) - 1)
        history = liked.head(length)
        samples.append({
            "user_id": user_id, "history": history["movie_id"].tolist(),
            "ratings": history["stars"].tolist(), "times": history["timestamp"].tolist(),
            "target": liked["movie_id"].iloc[length],
        })  # fmt: skip
    return samples


def fashion(count: int) -> Of:
    """Every item but one of thirty has a picture; a tenth of the users chooses no outfit."""
    full = draw_fashion.SCALES["full"]
    parts = (full.items, full.outfits, full.users)
    items, outfits, users = (each * count // full.interactions for each in parts)
    scale = full._replace(items=items, outfits=outfits, users=users, interactions=count)
    random = np.random.default_rng(0)
    item_ids, outfit_ids, user_ids = (
        draw_fashion.hexadecimal(random, each) for each in (items, outfits, users)
    )
    invented = draw_fashion.invented_outfits(outfit_ids, item_ids, random)
    lines = draw_fashion.invented_lines(user_ids, item_ids, invented, scale, random)
    by_id = {outfit.outfit_id: outfit for outfit in invented}
    shown = dict.fromkeys(item_ids[items // 30 :]).keys()
    raw = cast("Fashion", ClicksAndChoices(lines, by_id))
    table = clicks_table(lines, frozenset(shown))
    return Of(
        lambda: fashion_samples(raw, Options(), shown),
        lambda: chosen_by_pandas(table, by_id, frozenset(shown)),
    )


class ClicksAndChoices(NamedTuple):
    """As much of the raw data as the samples are made of."""

    users: list[UserLine]
    outfits: dict[str, Outfit]


def clicks_table(lines: list[UserLine], shown: frozenset[str]) -> pd.DataFrame:
    """The rows of `pog_dataset_interactions`, as far as they matter here."""
    rows = [
        (line.user_id, number, item_id, outfit_id, item_id in shown)
        for number, line in enumerate(lines)
        for item_id, outfit_id in [
            *((item_id, None) for item_id in line.clicks),
            *((None, outfit_id) for outfit_id in line.outfits),
        ]
    ]
    return pd.DataFrame(rows, columns=["user_id", "event", "item_id", "outfit_id", "has_image"])


def chosen_by_pandas(
    table: pd.DataFrame, outfits: dict[str, Outfit], shown: frozenset[str]
) -> list[dict[str, Any]]:
    random = np.random.default_rng(0)
    table = table[table["event"] == table.groupby("user_id")["event"].transform("max")]
    chosen = table.dropna(subset="outfit_id").groupby("user_id")["outfit_id"].last()
    samples = []
    for user_id, group in table.dropna(subset="item_id").groupby("user_id", sort=False):
        clicks = group.tail(5)
        history = clicks["item_id"][clicks["has_image"]].tolist()
        if not history or user_id not in chosen.index:
            continue
        left = [
            item_id
            for item_id in outfits[chosen[user_id]].item_ids
            if item_id in shown and item_id not in history
        ]
        if left:
            sample = {"user_id": user_id, "history": history, "target": random.choice(left)}
            samples.append(sample)
    return samples
