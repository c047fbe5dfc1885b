"""What a build costs by its size, a model of it, and what the model says of sizes not measured."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import raw_data
from benchmarks.building import built, size_of
from benchmarks.posters import PICKLE
from benchmarks.trials import Row, Spread, in_turn, ratio_of, run_alone, seconds_of

TIMES_WORKERS, WORKERS = 3, 2
RECIPE_FACTORS = (1, 2)  # beyond, the usual recipe takes many minutes and all the memory
DOMAINS: dict[str, tuple[Callable[[Path, int], Path], int]] = {  # raw folder by factor, pictures
    "movieposter": (raw_data.posters, raw_data.POSTERS),
    "pog_dataset": (raw_data.fashion, raw_data.ITEMS),
}


class Point(NamedTuple):
    """A build of one size."""

    pictures: int
    workers: int
    seconds: float
    cpu: float  # processor seconds of all processes
    memory: int  # bytes, of all processes together
    bytes: int  # of raw files and of what was built


class Model(NamedTuple):
    """Seconds are `fixed + pictures * (serial + parallel / processors)`."""

    fixed: float  # seconds, whatever the size
    serial: float  # seconds a picture that only the main process spends
    parallel: float  # processor seconds a picture that any process can spend
    bytes: float  # a picture, read and written

    def seconds(self, pictures: float, processors: int) -> float:
        return self.fixed + pictures * (self.serial + self.parallel / processors)


def measured(folder: Path, domain: str) -> list[Point]:
    """Builds of every size with one worker and with two."""
    draw, pictures = DOMAINS[domain]
    points = []
    for factor in raw_data.FACTORS:
        raw, out = draw(folder, factor), folder / "out"
        for workers in (1, 2):
            run = built(raw, out, workers)
            moved = size_of(raw) + int(run.told["bytes"])
            points.append(Point(pictures * factor, workers, run.seconds, run.told["cpu"],
                                int(run.told["peak"]), moved))  # fmt: skip
    return points


def recipe(folder: Path) -> list[tuple[int, float]]:
    """Pictures and seconds of the usual recipe for posters, of the sizes that it can bear."""
    points = []
    for factor in RECIPE_FACTORS:
        raw, out = raw_data.posters(folder, factor), folder / "recipe.parquet"
        run = run_alone("posters:usual_recipe", str(raw / PICKLE), str(out))
        points.append((raw_data.POSTERS * factor, run.seconds))
    return points


def fitted(points: list[Point]) -> Model:
    """Least squares of the relative errors over all points; no part may be negative."""
    terms = np.array([(1, each.pictures, each.pictures / each.workers) for each in points])
    seconds = np.array([each.seconds for each in points])
    relative = np.linalg.lstsq(terms / seconds[:, None], np.ones(len(points)))[0]
    fixed, serial, parallel = (float(value) for value in relative)
    moved = points[-1].bytes / points[-1].pictures
    return Model(max(0.0, fixed), max(0.0, serial), max(0.0, parallel), moved)


def rows(folder: Path) -> Iterator[Row]:
    """Whole domains with one worker and with two."""
    for domain, (draw, pictures) in DOMAINS.items():
        factor = raw_data.FACTORS[-2]
        raw, out = draw(folder, factor), folder / "out"
        one, two = in_turn(
            TIMES_WORKERS, lambda: built(raw, out, 1), lambda: built(raw, out, 2)  # noqa: B023
        )  # fmt: skip
        yield Row(f"`{domain}` whole, {pictures * factor:,} pictures, 2 workers", "1 worker",
                  f"{seconds_of(two).shown('.1f')} s", f"{seconds_of(one).shown('.1f')} s",
                  ratio_of(one, two), 1.7)  # fmt: skip


def expected(folder: Path, models: dict[str, Model]) -> Iterator[Row]:
    """The builds of full size beside what the models, of a third of them or less, expect."""
    for domain in DOMAINS:
        raw, pictures = raw_data.full(folder, domain)
        runs = [built(raw, folder / "out", WORKERS)]
        seconds = models[domain].seconds(pictures, WORKERS)
        ratio = Spread.of([seconds / run.seconds for run in runs])
        memory = f", at most {runs[0].told['peak'] / 1e6:,.0f} MB of memory"
        yield Row(f"`{domain}` whole, {pictures:,} pictures, {WORKERS} workers{memory}",
                  "what the model expects", f"{runs[0].seconds:.0f} s", f"{seconds:.0f} s",
                  ratio, 0.8, 1.2)  # fmt: skip
