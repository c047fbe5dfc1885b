"""Pictures of different items that are the same, or nearly: a test may be trained on after all."""

import io
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import imagehash
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from PIL import Image

from pmg.built_files import whole
from pmg.histories import Ints
from pmg.manifest import Config
from pmg.progress import progress_bar
from pmg.protocols.sample_set import SampleSet

NEAR, FAR = 4, 64  # of the 64 bits of a perceptual hash
SHOWN_PAIRS = 60
ROWS_AT_ONCE = 32


class Pair(NamedTuple):
    """An item that is held out, one that training shows, and in how many bits they differ."""

    held_out: str
    trained: str
    bits: int  # 0: the same picture, or the same hash
    same: bool  # to the byte, or pixel


class Twins(NamedTuple):
    """Held-out targets whose picture is that of another item in training."""

    same: int  # targets
    near: int | None  # targets, beside these; None where no picture was looked at
    of: int  # targets that are held out, each counted once
    pairs: list[Pair]  # the nearest, at most SHOWN_PAIRS


def same_pictures(samples: SampleSet, items: pa.Table) -> Twins:
    """Held-out targets with the `image_sha256` of another item that training shows."""
    trained, held_out = items_of(samples)
    ids, sums = items["item_id"].to_pylist(), items["image_sha256"].to_pylist()
    digests = dict(zip(ids, sums, strict=True))
    owners: dict[str, list[str]] = {}
    for item in trained:
        if digest := digests.get(item):
            owners.setdefault(digest, []).append(item)
    pairs, same = [], 0
    for item in held_out:
        others = owners.get(digests.get(item) or "", [])
        if other := next((each for each in others if each != item), None):
            same += 1
            pairs.append(Pair(item, other, 0, same=True))
    return Twins(same, None, len(held_out), pairs[:SHOWN_PAIRS])


def with_near(samples: SampleSet, twins: Twins, hashes: Mapping[str, int]) -> Twins:
    """The same with targets whose perceptual hash differs from another item's by `NEAR` bits.

    Of each the nearest other one is told.
    """
    trained, held_out = items_of(samples)
    of_trained = [item for item in trained if item in hashes]
    places = {item: place for place, item in enumerate(of_trained)}
    known = np.array([hashes[item] for item in of_trained], np.uint64)
    already = {pair.held_out for pair in twins.pairs if pair.same}
    near = []
    for item in (item for item in held_out if item in hashes and len(known)):
        bits = np.bitwise_count(known ^ np.uint64(hashes[item])).astype(np.int64)
        if (own := places.get(item)) is not None:
            bits[own] = FAR
        nearest = int(bits.argmin())
        if bits[nearest] <= NEAR and item not in already:
            near.append(Pair(item, of_trained[nearest], int(bits[nearest]), same=False))
    pairs = [*twins.pairs, *sorted(near, key=lambda pair: pair.bits)]
    return twins._replace(near=len(near), pairs=pairs[:SHOWN_PAIRS])


def items_of(samples: SampleSet) -> tuple[list[str], list[str]]:
    """The items that training shows, and the targets that are held out, each once."""

    def names(parts: Iterable[Ints]) -> list[str]:
        numbers = np.unique(np.concatenate([np.empty(0, np.int64), *parts]))
        ids: list[str] = samples.items.take(pa.array(numbers)).to_pylist()
        return ids

    return (
        names(part.items() for part in samples.trained),
        names(part.targets for part in samples.held_out.values()),
    )


def perceptual_hashes(
    out: Path, items: Config, wanted: AbstractSet[str], domain: str
) -> dict[str, int]:
    """The perceptual hash of the picture of each of the items, by id, as a number of 64 bits.

    The hash tells the coarse shape of a picture, of its lowest frequencies (pHash; C. Zauner,
    *Implementation and Benchmarking of Perceptual Image Hash Functions*, 2010).
    """
    hashes: dict[str, int] = {}
    total = sum(file.rows for file in items.files)
    with progress_bar(total, f"{domain}: compare", "pictures") as bar, ThreadPoolExecutor() as pool:
        for ids, data in pictures(out, items):
            known = [each if item in wanted else None for item, each in zip(ids, data, strict=True)]
            own = zip(ids, pool.map(perceptual_hash, known), strict=True)
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
    """The hash of one picture, on white where it is transparent; of a broken one there is none."""
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (128, 128))
            paper = on_white(opened)
    except Exception:  # noqa: BLE001 - over broken bytes, decoders raise what they like
        return None  # `verify` tells of it
    bits = imagehash.phash(paper).hash
    return int.from_bytes(np.packbits(bits.ravel()).tobytes())


def on_white(opened: Image.Image) -> Image.Image:
    if not opened.has_transparency_data:
        return opened.convert("RGB")
    image = opened.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
