"""Reading a built folder from disk, beside decoding the same pictures from a list in memory.

The rival opens and loads with Pillow, as `datasets.Image` does, and nothing else; both sides are
one process. Arrow reads ahead in threads of its own while a picture is decoded, and may.
"""

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.dataset as pads
from datasets import load_dataset
from PIL import Image

from benchmarks.trials import Row, Run, Spread, in_turn, ratio_of, run_alone
from pmg.manifest import read_manifest

CONFIGS = ("movieposter_items", "pog_dataset_items")
ROWS = 2_000  # at most, of a config
TIMES = 5
SEED = 7
QUIET = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
OFFLINE = QUIET | {"HF_HUB_OFFLINE": "1"}


def rows(built: Path) -> Iterator[Row]:
    found = read_manifest(built).configs
    for config in CONFIGS:
        if config in found:
            yield from rows_of(str(built.absolute()), config)


def rows_of(built: str, config: str) -> Iterator[Row]:
    kinds = [
        ("stream_twice", False, 0.85, "streaming, decoded, second pass"),
        ("read_at_random", True, 0.95, "random reads of whole rows, memory-mapped, decoded"),
    ]
    for function, shuffled, at_least, work in kinds:
        ours, loop = in_turn(
            TIMES,
            at_home(f"reading:{function}", built, config),
            at_home("reading:decode_in_a_loop", built, config, shuffled),
        )
        yield Row(
            f"{config}: {work}",
            "decoding the same bytes in a loop",
            f"{pictures_a_second(ours).shown('.1f')} pictures/s",
            f"{pictures_a_second(loop).shown('.1f')} pictures/s",
            ratio_of(loop, ours),
            at_least,
            note=f"{ours[0].told['pictures']:,} pictures, one process each",
        )


def pictures_a_second(runs: list[Run]) -> Spread:
    return Spread.of([run.told["pictures"] / run.seconds for run in runs])


def at_home(function: str, *arguments: Any, **environment: str) -> Callable[[], Run]:  # noqa: ANN401 - JSON
    """A trial whose `HF_HOME` is new and empty; without `environment` it is offline."""

    def trial() -> Run:
        with (
            tempfile.TemporaryDirectory(prefix="pmg-bench-home-") as home,
            environment_of({"HF_HOME": home} | (environment or OFFLINE)),
        ):
            return run_alone(function, *arguments)

    return trial


@contextmanager
def environment_of(values: dict[str, str]) -> Iterator[None]:
    """Values for the processes started within."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def stream_twice(built: str, config: str) -> dict[str, Any]:
    stream = load_dataset(built, config, split="train", streaming=True)
    for _ in range(2):
        start = time.perf_counter()
        count = sum(row["image"] is not None for row in islice(stream, ROWS))
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "pictures": count}


def read_at_random(built: str, config: str) -> dict[str, Any]:
    mapped = load_dataset(built, config, split="train")
    order = shuffled_order(len(mapped))
    start = time.perf_counter()
    count = sum(mapped[index]["image"] is not None for index in order)
    return {"seconds": time.perf_counter() - start, "pictures": count}


def decode_in_a_loop(built: str, config: str, shuffled: bool) -> dict[str, Any]:
    encoded = encoded_pictures(Path(built), config)
    order = shuffled_order(len(encoded)) if shuffled else list(range(len(encoded)))[:ROWS]
    wanted = [data for index in order if (data := encoded[index]) is not None]
    for _ in range(2):  # the first warms up the allocator, as what the other side did before
        start = time.perf_counter()
        for data in wanted:
            # Named, so that it lives until the next is there, as a row's does: memory that is
            # handed back and asked for again with every picture makes the loop slower.
            picture = Image.open(io.BytesIO(data))
            picture.load()
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "pictures": len(wanted)}


def encoded_pictures(built: Path, config: str) -> list[bytes | None]:
    """In the order of the rows, null where there is none."""
    files = read_manifest(built).configs[config].splits["train"]
    paths = [str(built / file.path) for file in files]
    images = pads.dataset(paths, format="parquet").to_table(columns=["image"])["image"]
    return [each["bytes"].as_py() if each.is_valid else None for each in images]


def shuffled_order(count: int) -> list[int]:
    """The same for a count, in every process."""
    return Random(SEED).sample(range(count), min(count, ROWS))  # noqa: S311 - an order, no secret
