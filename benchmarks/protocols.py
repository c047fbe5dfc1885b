"""Protocols over ratings, against pandas as people write it; the answers are compared first."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.samples import invented_ratings, milliseconds
from benchmarks.trials import Row, in_turn, ratio_of, run_alone
from pmg.protocols import bench as official
from pmg.protocols import rules
from pmg.protocols.id_rows import by_split
from pmg.protocols.samples import as_table
from pmg.splits import draw_of, mixed, split_of

RATINGS, EIGHTFOLD = 100_836, 8  # of MovieLens ml-latest-small
TIMES = 3
MOST_GROWTH = 9  # times the time for eight times the rows
BEST_OF = {"ours": 5, "theirs": 1}
LIKED, CUT, LAST, MOST = 4.0, 0.8, 50, 20
Samples = list[tuple[str, list[str], str, str]]  # user, history, target, split


class Way(NamedTuple):
    """A protocol, ours and theirs."""

    ours: Callable[[pa.Table], pa.Table]
    theirs: Callable[[pd.DataFrame], Samples]


def rows(_: Path) -> Iterator[Row]:
    for name in WAYS:
        ours, theirs, more = in_turn(
            TIMES,
            partial(run_alone, "protocols:timed", name, RATINGS, "ours"),
            partial(run_alone, "protocols:timed", name, RATINGS, "theirs"),
            partial(run_alone, "protocols:timed", name, EIGHTFOLD * RATINGS, "ours"),
        )
        work = f"`{name}` of {RATINGS:,} ratings"
        told, rival = milliseconds(ours), milliseconds(theirs)
        yield Row(work, "pandas, a loop over groupby", told, rival, ratio_of(theirs, ours), 20)
        work, growth = f"`{name}` of {EIGHTFOLD * RATINGS:,}", ratio_of(more, ours)
        yield Row(work, f"{RATINGS:,}, ours", milliseconds(more), told, growth, None, MOST_GROWTH)
    less, more = in_turn(
        TIMES,
        partial(run_alone, "protocols:read", RATINGS),
        partial(run_alone, "protocols:read", EIGHTFOLD * RATINGS),
    )
    work, growth = f"rows of `bench` of {EIGHTFOLD * RATINGS:,}", ratio_of(more, less)
    told, known = milliseconds(more), milliseconds(less)
    yield Row(work, f"{RATINGS:,}, ours", told, known, growth, None, MOST_GROWTH)


def read(count: int) -> dict[str, float]:
    """Seconds to make the rows of the official split of so many ratings, as a build does."""
    cut = official.bench(ratings(count))
    start = time.perf_counter()
    made = sum(1 for rows in by_split(cut, None, "bench").values() for _ in rows)
    return {"seconds": time.perf_counter() - start, "rows": made}


def timed(name: str, count: int, way: str) -> dict[str, float]:
    """Seconds of one way to cut so many invented ratings."""
    table, best = ratings(count), float("inf")
    frame = table.to_pandas()
    cut: Callable[[], Any] = partial(WAYS[name].ours, table)
    if way == "theirs":
        cut = partial(WAYS[name].theirs, frame)
        compare(WAYS[name], table, frame)
    for _ in range(BEST_OF[way]):
        start = time.perf_counter()
        cut()
        best = min(best, time.perf_counter() - start)
    return {"seconds": best}


def compare(way: Way, table: pa.Table, frame: pd.DataFrame) -> None:
    """Raise ValueError where the two ways differ."""
    own = [
        (row["user_id"], row["history_ids"], row["target_id"], row["split"])
        for row in way.ours(table).to_pylist()
    ]
    if sorted(own) != sorted(way.theirs(frame)):
        raise ValueError("the samples differ")


def ratings(count: int) -> pa.Table:
    """Invented ratings in the columns of `movieposter_interactions`, by user and time."""
    own = invented_ratings(count)
    return pa.table(
        {
            "user_id": pa.array(own["user_id"]).cast(pa.string()),
            "item_id": pa.array(own["movie_id"]).cast(pa.string()),
            "rating": own["stars"],
            "timestamp": own["timestamp"],
        }
    )


def by_time(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each user's interactions in the order of time."""
    for user, group in frame.groupby("user_id"):
        yield str(user), group.sort_values(["timestamp", "item_id"])


def windows(frame: pd.DataFrame) -> Samples:
    samples: Samples = []
    for user, group in by_time(frame):
        items, split = group["item_id"].tolist(), split_of(user)
        samples += [
            (user, items[place - 5 : place], items[place], split)
            for place in range(5, len(items))
            if items[place] not in items[place - 5 : place]
        ]
    return samples


def leave_last_out(frame: pd.DataFrame) -> Samples:
    samples: Samples = []
    for user, group in by_time(frame):
        items = group["item_id"].tolist()
        for place in range(1, len(items)):
            left = len(items) - 1 - place
            split = "test" if left == 0 else "validation" if left == 1 else "train"
            samples.append((user, items[max(place - LAST, 0) : place], items[place], split))
    return samples


def temporal(frame: pd.DataFrame) -> Samples:
    cut = frame["timestamp"].sort_values().iloc[int(CUT * len(frame))]
    samples: Samples = []
    for user, group in by_time(frame):
        items, times = group["item_id"].tolist(), group["timestamp"].tolist()
        for place in range(1, len(items)):
            split = "test" if times[place] >= cut else "train"
            samples.append((user, items[max(place - LAST, 0) : place], items[place], split))
    return samples


def bench(frame: pd.DataFrame) -> Samples:
    samples: Samples = []
    for user, group in by_time(frame[frame["rating"] >= LIKED]):
        items, split = group["item_id"].tolist(), split_of(user)
        places = list(range(1, len(items)))
        if split != "train" and len(places) > MOST:
            draws = np.array([draw_of("sample", "0", user)], np.uint64)
            places.sort(key=lambda place: int(mixed(draws, np.array([place]))[0]))
            places = sorted(places[:MOST])
        samples += [
            (user, items[max(place - 5, 0) : place], items[place], split) for place in places
        ]
    return samples


def pmg(frame: pd.DataFrame) -> Samples:
    samples: Samples = []
    for user, group in frame.groupby("user_id"):
        liked = group[group["rating"] >= LIKED]
        liked = liked.sort_values(["rating", "timestamp"], ascending=False, kind="stable")
        items = liked["item_id"].tolist()[:4]
        if len(items) > 1:
            samples.append((str(user), items[:-1], items[-1], "train"))
    return samples


WAYS = {
    "pmg": Way(as_table(rules.pmg), pmg),
    "windows5": Way(as_table(rules.windows), windows),
    "leave_last_out50": Way(as_table(rules.leave_last_out), leave_last_out),
    "bench": Way(as_table(official.bench), bench),
    "temporal50,fraction=0.8": Way(partial(as_table(rules.temporal), fraction=CUT), temporal),
}
