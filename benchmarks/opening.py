"""Opening a pickle of posters and reading one, against `pickle.load`."""

import pickle
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import raw_data
from benchmarks.trials import Row, Run, Spread, in_turn, ratio_of, run_alone, seconds_of
from pmg.raw.pickles import open_pickle

TIMES = 5
MOST_MEMORY = 0.1  # of what `pickle.load` takes
FLAT = 1.5  # times as long for a file more than five times as large


def rows(folder: Path) -> Iterator[Row]:
    small = raw_data.pickled(folder / "posters-2GB.pkl", 2.0)
    large = raw_data.pickled(folder / "posters-11GB.pkl", 10.95)
    ours, theirs, larger = in_turn(
        TIMES,
        partial(run_alone, "opening:open_one", str(small)),
        partial(run_alone, "opening:load_one", str(small)),
        partial(run_alone, "opening:open_one", str(large)),
    )
    work = f"open `image_data.pkl` ({raw_data.ENTRIES:,} entries, 2 GB), read one poster"
    seconds = f"{seconds_of(theirs).shown()} s"
    yield Row(work, "`pickle.load`", milliseconds(ours), seconds, ratio_of(theirs, ours), 50)
    memory = Spread.of([a.memory / b.memory for a, b in zip(ours, theirs, strict=True)])
    held = [f"{runs[0].memory / 1e6:,.0f} MB" for runs in (ours, theirs)]
    yield Row("its memory", "the same", held[0], held[1], memory, None, MOST_MEMORY)
    ratio = ratio_of(larger, ours)
    work = "the same of 11 GB, as many entries"
    yield Row(work, "ours of 2 GB", milliseconds(larger), milliseconds(ours), ratio, None, FLAT)


def milliseconds(runs: list[Run]) -> str:
    return f"{Spread.of([1000 * run.seconds for run in runs]).shown('.1f')} ms"


def open_one(path: str) -> dict[str, float]:
    start = time.perf_counter()
    with open_pickle(Path(path), "posters") as opened:
        poster = opened[next(iter(opened))]
        total = int(poster.sum())  # type: ignore[attr-defined] # an array
    return {"seconds": time.perf_counter() - start, "sum": total}


def load_one(path: str) -> dict[str, float]:
    start = time.perf_counter()
    with Path(path).open("rb") as file:
        loaded = pickle.load(file)  # noqa: S301 - the rival; the file is our own
    total = int(next(iter(loaded.values())).sum())
    return {"seconds": time.perf_counter() - start, "sum": total}
