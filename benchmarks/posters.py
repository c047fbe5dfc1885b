"""Posters into a table of items, against the usual recipe and against the codec alone."""

import io
import pickle
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from datasets import Dataset, Features, Value
from datasets import Image as ImageFeature
from PIL import Image

from benchmarks import raw_data
from benchmarks.building import built, size_of
from benchmarks.trials import Row, Run, Spread, in_turn, ratio_of, run_alone, seconds_of
from pmg.raw.pickles import open_pickle

WORKERS = 2
PICKLE = "movieposter/image_data.pkl"
TIMES_RECIPE, TIMES_CODEC = 3, 3
CODEC_FACTOR = 8


def rows(folder: Path) -> Iterator[Row]:
    yield from against_recipe(folder)
    yield from against_codec(folder)


def against_recipe(folder: Path) -> Iterator[Row]:
    raw = raw_data.of_one_user(raw_data.posters(folder, 1), "movieposter", "ratings.csv")
    out, recipe = folder / "out", folder / "recipe.parquet"
    ours, theirs = in_turn(
        TIMES_RECIPE,
        lambda: built(raw, out, WORKERS),
        partial(run_alone, "posters:usual_recipe", str(raw / PICKLE), str(recipe)),
    )
    work = f"{raw_data.POSTERS} posters of 500 x 750 → `movieposter_items`, {WORKERS} workers"
    yield Row(work, "the usual recipe, one process", f"{seconds_of(ours).shown()} s",
              f"{seconds_of(theirs).shown()} s", ratio_of(theirs, ours), 8)  # fmt: skip
    size, usual = size_of(out / "movieposter" / "items") / 1e6, recipe.stat().st_size / 1e6
    ratio = Spread.of([size / usual])
    yield Row("its size", "the same", f"{size:,.0f} MB", f"{usual:,.0f} MB", ratio, None, 0.85)


def against_codec(folder: Path) -> Iterator[Row]:
    whole = raw_data.posters(folder, CODEC_FACTOR)
    raw = raw_data.of_one_user(whole, "movieposter", "ratings.csv")
    out = folder / "out"
    ours, theirs = in_turn(
        TIMES_CODEC,
        lambda: built(raw, out, WORKERS),
        partial(run_alone, "posters:codec_alone", str(raw / PICKLE), WORKERS),
    )
    count = raw_data.POSTERS * CODEC_FACTOR
    yield Row(f"{count:,} posters, {WORKERS} workers", f"the codec alone, {WORKERS} processes",
              rate(count, ours), rate(count, theirs), ratio_of(theirs, ours), 0.85)  # fmt: skip


def rate(count: int, runs: list[Run]) -> str:
    """Pictures a second."""
    return f"{Spread.of([count / run.seconds for run in runs]).shown('.0f')}/s"


def usual_recipe(path: str, out: str) -> dict[str, Any]:
    """What people write: load the pickle, generate rows with arrays, write Parquet."""
    with Path(path).open("rb") as file:
        posters = pickle.load(file)  # noqa: S301 - the rival; the file is our own

    def examples() -> Iterator[dict[str, Any]]:
        for movie_id, pixels in posters.items():
            yield {"item_id": str(movie_id), "image": pixels}

    features = Features({"item_id": Value("string"), "image": ImageFeature()})
    with TemporaryDirectory(dir=Path(out).parent) as cache:
        made = Dataset.from_generator(examples, features=features, cache_dir=cache)
        made.to_parquet(out)
    return {}


def codec_alone(path: str, processes: int) -> dict[str, Any]:
    """Encode the same arrays, which are in memory already, in that many processes."""
    context = get_context("spawn")
    barrier = context.Barrier(processes)
    with context.Pool(processes, share_barrier, (barrier,)) as pool:
        parts = [(path, start, processes) for start in range(processes)]
        seconds = pool.starmap(encode_part, parts, chunksize=1)
    return {"seconds": max(seconds)}


def share_barrier(barrier: Any) -> None:  # noqa: ANN401 - multiprocessing's
    BARRIER.append(barrier)


BARRIER: list[Any] = []


def encode_part(path: str, start: int, step: int) -> float:
    with open_pickle(Path(path), "posters") as opened:
        arrays = [np.array(opened[key]) for key in list(opened)[start::step]]
    BARRIER[0].wait()
    begun = time.perf_counter()
    for pixels in arrays:
        image = Image.fromarray(pixels)
        image.save(io.BytesIO(), "WEBP", lossless=True, method=0, quality=0)  # as `pmg.images` does
    return time.perf_counter() - begun
