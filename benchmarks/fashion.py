"""The archive of fashion into a table of items, against its parts alone and the usual recipe."""

import gzip
import io
import os
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import rapidgzip
from datasets import Dataset, Features, Value
from datasets import Image as ImageFeature
from isal import igzip
from PIL import Image
from zlib_ng import gzip_ng

from benchmarks import raw_data
from benchmarks.building import built
from benchmarks.trials import Row, Run, in_turn, ratio_of, run_alone, seconds_of

WORKERS, TIMES, FACTOR = 2, 3, 4
ARCHIVE = "pog_dataset/images.tar.gz"
UNPACKERS: dict[str, Callable[[str], IO[bytes]]] = {
    "zlib": lambda path: cast("IO[bytes]", gzip.GzipFile(path)),
    "zlib-ng": gzip_ng.open,
    "igzip": igzip.open,
    "rapidgzip": partial(rapidgzip.open, parallelization=1),
}
BLOCK = 1 << 20


def rows(folder: Path) -> Iterator[Row]:
    whole = raw_data.fashion(folder, FACTOR)
    raw = raw_data.of_one_user(whole, "pog_dataset", "user_data.csv")
    out, recipe = folder / "out", folder / "recipe"
    ours, parts, theirs = in_turn(
        TIMES,
        lambda: built(raw, out, WORKERS),
        partial(run_alone, "fashion:parts_alone", str(raw / ARCHIVE), str(folder / "parts")),
        partial(run_alone, "fashion:usual_recipe", str(raw / ARCHIVE), str(recipe)),
    )
    count = int(parts[0].told["pictures"])
    limit = [Run(run.seconds / WORKERS, run.memory, run.told) for run in parts]
    told = parts[len(parts) // 2].told
    names = {f"unpack ({told['unpacker']})": "unpack", "decode at 1/8": "decode", "write": "write"}
    seconds = (f"{name} {told[part]:.1f} s" for name, part in names.items())
    note = f"{', '.join(seconds)} of one processor"
    work = f"archive of {count:,} pictures → `pog_dataset_items`, each checked, {WORKERS} workers"
    yield Row(work, f"its parts alone, divided by {WORKERS}", f"{seconds_of(ours).shown()} s",
              f"{seconds_of(limit).shown()} s", ratio_of(limit, ours), 0.7, note=note)  # fmt: skip
    yield Row("the same", "the usual recipe, one process, which checks nothing",
              f"{seconds_of(ours).shown()} s", f"{seconds_of(theirs).shown()} s",
              ratio_of(theirs, ours), 1.0)  # fmt: skip


def parts_alone(archive: str, out: str) -> dict[str, Any]:
    """Processor seconds to unpack with the fastest, to decode at 1/8, and to write, each alone."""
    unpack = {name: processor_seconds(lambda: drain(open_(archive)))  # noqa: B023 - called at once
              for name, open_ in UNPACKERS.items()}  # fmt: skip
    fastest = min(unpack, key=unpack.__getitem__)
    with tarfile.open(archive) as tar:
        pictures = [
            cast("IO[bytes]", tar.extractfile(info)).read() for info in tar if info.isfile()
        ]
    decode = processor_seconds(lambda: list(map(decode_at_an_eighth, pictures)))

    def write() -> None:
        with Path(out).open("wb") as file:
            file.writelines(pictures)
            os.fsync(file.fileno())

    wrote = processor_seconds(write)
    Path(out).unlink()
    return {
        "seconds": unpack[fastest] + decode + wrote,
        "pictures": len(pictures), "unpacker": fastest,
        "unpack": unpack[fastest], "decode": decode, "write": wrote,
    }  # fmt: skip


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def drain(file: IO[bytes]) -> None:
    with file:
        while file.read(BLOCK):
            pass


def decode_at_an_eighth(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, (1, 1))
        image.load()


def usual_recipe(archive: str, out: str) -> dict[str, Any]:
    """What people write: extract, generate rows with paths, write Parquet."""
    folder = Path(out)
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "pictures", filter="data")

    def examples() -> Iterator[dict[str, Any]]:
        for path in sorted((folder / "pictures").rglob("*.*")):
            yield {"item_id": path.stem, "image": str(path)}

    features = Features({"item_id": Value("string"), "image": ImageFeature()})
    made = Dataset.from_generator(examples, features=features, cache_dir=str(folder / "cache"))
    made.to_parquet(str(folder / "items.parquet"))
    return {}
