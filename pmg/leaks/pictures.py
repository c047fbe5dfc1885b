"""Pictures of different items that are the same, or nearly: a test may be trained on after all."""

import io
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import imagehash
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from PIL import Image

from pmg.leaks.sample_set import SampleSet
from pmg.manifest import Config
from pmg.progress import progress_bar
from pmg.protocols.events import whole

NEAR = 4  # of the 64 bits of a perceptual hash
SHOWN_PAIRS = 60
ROWS_AT_ONCE = 32
Hashes = npt.NDArray[np.uint64]


class Pair(NamedTuple):
    """An item that is held out, one that training shows, and in how many bits they differ."""

    held_out: str
    trained: str
    bits: int  # 0: the same picture, or the same hash
    same: bool  # to the byte, or pixel


class Twins(NamedTuple):
    """Held-out items whose picture is that of another item in training."""

    same: int  # items
    near: int | None  # items, beside these; None where no picture was looked at
    of: int  # held-out items
    pairs: list[Pair]  # the nearest ones, at most SHOWN_PAIRS


def same_pictures(samples: SampleSet, items: pa.Table) -> Twins:
    """Held-out items with the `image_sha256` of another item that training shows."""
    trained, held_out = items_of(samples)
    digests = dict(
        zip(items["item_id"].to_pylist(), items["image_sha256"].to_pylist(), strict=True)
    )
    owners: dict[str, list[str]] = {}
    for item in trained:
        if digest := digests.get(item):
            owners.setdefault(digest, []).append(item)
    pairs = [
        Pair(item, other, 0, same=True)
        for item in held_out
        if (digest := digests.get(item))
        for other in owners.get(digest, ())
        if other != item
    ]
    return Twins(len({pair.held_out for pair in pairs}), None, len(held_out), pairs)


def with_near(samples: SampleSet, twins: Twins, hashes: Mapping[str, int]) -> Twins:
    """The same with items whose perceptual hashes differ in at most `NEAR` bits."""
    trained, held_out = items_of(samples)
    of_trained = [item for item in trained if item in hashes]
    of_held_out = [item for item in held_out if item in hashes]
    known = np.array([hashes[item] for item in of_trained], np.uint64)
    same = {(pair.held_out, pair.trained) for pair in twins.pairs}
    near = []
    for start in range(0, len(of_held_out), ROWS_AT_ONCE):
        chunk = of_held_out[start : start + ROWS_AT_ONCE]
        asked = np.array([hashes[item] for item in chunk], np.uint64)
        bits = np.bitwise_count(asked[:, None] ^ known)
        for row, column in np.argwhere(bits <= NEAR).tolist():
            pair = chunk[row], of_trained[column]
            if pair[0] != pair[1] and pair not in same:
                near.append(Pair(*pair, int(bits[row, column]), same=False))
    already = {pair.held_out for pair in twins.pairs}
    count = len({pair.held_out for pair in near} - already)
    pairs = twins.pairs + sorted(near, key=lambda pair: pair.bits)
    return twins._replace(near=count, pairs=pairs[:SHOWN_PAIRS])


def items_of(samples: SampleSet) -> tuple[list[str], list[str]]:
    """The items that training shows, and those that are held out, each once."""

    def names(parts: list[npt.NDArray[np.int64]]) -> list[str]:
        numbers = np.unique(np.concatenate([np.empty(0, np.int64), *parts]))
        ids: list[str] = samples.items.take(pa.array(numbers)).to_pylist()
        return ids

    return (
        names([part.items() for part in samples.trained]),
        names([part.targets for part in samples.held_out]),
    )


def perceptual_hashes(out: Path, items: Config, domain: str) -> dict[str, int]:
    """The perceptual hash of every picture of the items, by id, as a number of 64 bits.

    The hash tells the coarse shape of a picture, of its lowest frequencies (pHash; C. Zauner,
    *Implementation and Benchmarking of Perceptual Image Hash Functions*, 2010).
    """
    hashes: dict[str, int] = {}
    total = sum(file.rows for file in items.files)
    with progress_bar(total, f"{domain}: compare", "pictures") as bar, ThreadPoolExecutor() as pool:
        for ids, data in pictures(out, items):
            own = zip(ids, pool.map(perceptual_hash, data), strict=True)
            hashes |= {item_id: number for item_id, number in own if number is not None}
            bar.update(len(ids))
    return hashes


def pictures(out: Path, items: Config) -> Iterator[tuple[list[str], list[bytes | None]]]:
    """Items and the bytes of their pictures, some at a time; None where there is none."""
    for file in items.files:
        with whole(out / file.path), pq.ParquetFile(out / file.path, memory_map=True) as parquet:
            for batch in parquet.iter_batches(ROWS_AT_ONCE, columns=["item_id", "image"]):
                data = pc.struct_field(batch["image"], "bytes")
                yield batch["item_id"].to_pylist(), data.to_pylist()


def perceptual_hash(data: bytes | None) -> int | None:
    """The hash of one picture, on white where it is transparent."""
    if data is None:
        return None
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (128, 128))
        if opened.has_transparency_data:
            image = opened.convert("RGBA")
            paper = Image.new("RGB", image.size, "white")
            paper.paste(image, mask=image.getchannel("A"))
        else:
            paper = opened.convert("RGB")
    bits = imagehash.phash(paper).hash
    return int.from_bytes(np.packbits(bits.ravel()).tobytes())
