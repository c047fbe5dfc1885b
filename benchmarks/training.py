"""What training does with samples, each in a process of its own; PyTorch is imported for it.

The loop decodes a sample's pictures and has them all, as who trains does, until the next sample's
are there: memory that is handed back with every picture would make it another work.
"""

import io
import multiprocessing
import time
from functools import partial
from typing import Any

import torch
from PIL import Image
from torch.utils.data import DataLoader, Subset

from benchmarks.loopback_hub import REPOSITORY, counts
from benchmarks.reading import shuffled_order
from pmg.memory import anonymous
from pmg_bench import Samples, collate

SPLIT = "test"
PICTURES = 2_000  # about, that are read of a config
BATCH = 16
SIZE = (256, 256)
EPOCHS = 3  # over the same samples, or the start of workers would be a tenth of the time
FEW = 4  # samples in a first batch


def some(files: Samples) -> list[int]:
    """Samples at random with about `PICTURES`, the same in every process."""
    shown, chosen = 0, []
    for number in shuffled_order(len(files)):
        chosen.append(number)
        shown += len(pictures_of(files[number]))
        if shown >= PICTURES:
            break
    return chosen


def pictures_of(row: dict[str, Any]) -> list[Any]:
    return [*row["history_images"], row["target_image"]]


def read(built: str, config: str) -> dict[str, Any]:
    samples = Samples(built, config, SPLIT)
    order = some(Samples(built, config, SPLIT, decode=False))
    for _ in range(2):  # the first warms up the allocator, as on the other side
        start = time.perf_counter()
        pictures = 0
        for number in order:
            sample = samples[number]  # named, as in the loop below
            pictures += len(pictures_of(sample))
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "pictures": pictures, "samples": len(order)}


def decode_in_a_loop(built: str, config: str) -> dict[str, Any]:
    files = Samples(built, config, SPLIT, decode=False)
    encoded = [[each["bytes"] for each in pictures_of(files[number])] for number in some(files)]
    for _ in range(2):
        start = time.perf_counter()
        for sample in encoded:
            decoded = []  # named, so that they live until the next sample's are there
            for data in sample:
                picture = Image.open(io.BytesIO(data))
                picture.load()
                decoded.append(picture)
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "pictures": sum(map(len, encoded))}


def loader_of(built: str, config: str, order: list[int], workers: int) -> DataLoader[Any]:
    samples = Samples(built, config, SPLIT, format="torch")
    return DataLoader(
        Subset(samples, order),
        BATCH,
        num_workers=workers,
        collate_fn=partial(collate, size=SIZE),
    )


def batches(built: str, config: str, workers: str) -> dict[str, Any]:
    torch.set_num_threads(1)
    order = some(Samples(built, config, SPLIT, decode=False))
    loader = loader_of(built, config, order * EPOCHS, int(workers))
    start = time.perf_counter()
    pictures = sum(int(batch["history_mask"].sum()) + len(batch["target_id"]) for batch in loader)
    return {"seconds": time.perf_counter() - start, "pictures": pictures}


def memory_of_workers(built: str, config: str, told: str) -> dict[str, Any]:
    """The most that a worker has of its own in either half of an epoch."""
    order = some(Samples(built, config, SPLIT, decode=False))
    loader = loader_of(built, config, order, int(told))
    seen = [
        max(anonymous(str(each.pid)) for each in multiprocessing.active_children()) for _ in loader
    ]
    half = len(seen) // 2
    return {"before": max(seen[:half]), "after": max(seen[half:]), "samples": len(order)}


def open_batch(address: str, config: str) -> dict[str, Any]:
    before, start = counts(address), time.perf_counter()
    samples = Samples(REPOSITORY, config, split=SPLIT, format="torch")
    batch = next(iter(DataLoader(samples, batch_size=FEW, collate_fn=collate)))
    seconds, after = time.perf_counter() - start, counts(address)
    files = Samples(REPOSITORY, config, split=SPLIT, decode=False)[: len(batch["target_id"])]
    pictures = {each["bytes"] for row in files for each in pictures_of(row)}
    sums = {name: sum(after[name].values()) - sum(before[name].values()) for name in after}
    return {"seconds": seconds, "pictures": sum(map(len, pictures))} | sums
