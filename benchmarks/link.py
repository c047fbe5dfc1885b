"""Streaming over HTTP with the real `load_dataset`, beside downloading the same bytes.

The Hub is on 127.0.0.1, behind a link of 20 ms and 50 MB/s; see `loopback_hub`.
"""

import re
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow.parquet as pq
from datasets import Image, load_dataset

from benchmarks.loopback_hub import REPOSITORY, counts, running_hub
from benchmarks.reading import QUIET, at_home
from benchmarks.slow_link import Pace
from benchmarks.trials import ROOT, Row, Run, Spread, in_turn, ratio_of
from pmg.manifest import read_manifest

CONFIG = "movieposter_items"
PACE = Pace(round_trip=0.02, rate=50e6)
TIMES = 3
MARGIN = 6_000_000  # bytes beside a row group: the file's footer, and what the client reads ahead
CLIENT = QUIET | {
    "HF_TOKEN": "hf_write",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",  # or it calls the world outside
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_OFFLINE": "0",
}


def rows(built: Path) -> Iterator[Row]:
    shards = [each.path for each in read_manifest(built).configs[CONFIG].splits["train"]]
    size = sum((built / shard).stat().st_size for shard in shards)
    with running_hub(built.absolute(), PACE) as address:
        client = CLIENT | {"HF_ENDPOINT": address}
        yield from rows_of_all(address, shards, size, client)
        yield from rows_of_the_first(address, built / shards[0], client)


def rows_of_all(
    address: str, shards: list[str], size: int, client: dict[str, str]
) -> Iterator[Row]:
    """Every row of the config, whose shards have `size` bytes."""
    download, plain, decoded = in_turn(
        TIMES,
        at_home("link:download", address, shards, **client),
        at_home("link:stream", address, False, **client),
        at_home("link:stream", address, True, **client),
    )
    yield Row(
        f"{CONFIG}: streaming over a link of 20 ms and 50 MB/s, not decoded",
        "downloading the same bytes",
        f"{megabytes_a_second(plain, size).shown('.1f')} MB/s",
        f"{megabytes_a_second(download, size).shown('.1f')} MB/s",
        ratio_of(download, plain),
        at_least=0.7,
        note=f"from the call of `load_dataset` to the last row; decoded: "
        f"{megabytes_a_second(decoded, size).shown('.1f')} MB/s, "
        f"{ratio_of(download, decoded).shown()} of the rate",
    )
    sent = [run.told["bytes"] for run in plain]
    yield Row(
        f"{CONFIG}: bytes that streaming reads",
        "the files' sizes",
        f"{Spread.of([each / 1e6 for each in sent]).shown('.1f')} MB",
        f"{size / 1e6:.1f} MB",
        Spread.of([each / size for each in sent]),
        at_least=None,
        at_most=1.1,
        note=f"{plain[0].told['requests']} requests",
    )


def rows_of_the_first(address: str, shard: Path, client: dict[str, str]) -> Iterator[Row]:
    group = pq.read_metadata(shard).row_group(0)
    chunks = [group.column(number) for number in range(group.num_columns)]
    limit = sum(chunk.total_compressed_size for chunk in chunks) + MARGIN
    plain, carded = in_turn(
        TIMES,
        at_home("link:first_row", address, False, **client),
        at_home("link:first_row", address, True, **client),
    )
    for name, runs, at_most in (("plain", plain, None), ("as the card says", carded, 1.0)):
        sent = [run.told["bytes"] for run in runs]
        yield Row(
            f"{CONFIG}: bytes until the first row, {name}",
            "a row group + 6 MB",
            f"{Spread.of([each / 1e6 for each in sent]).shown('.1f')} MB",
            f"{limit / 1e6:.1f} MB",
            Spread.of([each / limit for each in sent]),
            at_least=None,
            at_most=at_most,
            note=f"{Spread.of([run.seconds for run in runs]).shown()} s",
        )


def megabytes_a_second(runs: list[Run], size: int) -> Spread:
    return Spread.of([size / 1e6 / run.seconds for run in runs])


def download(address: str, shards: list[str]) -> dict[str, Any]:
    start = time.perf_counter()
    for shard in shards:
        with urlopen(f"{address}/datasets/{REPOSITORY}/resolve/main/{shard}") as answer:  # noqa: S310 - of this machine
            while answer.read(1 << 20):
                pass
    return {"seconds": time.perf_counter() - start}


def stream(address: str, decoded: bool) -> dict[str, Any]:
    return measured(address, {}, decoded=decoded, only_first=False)


def first_row(address: str, as_the_card_says: bool) -> dict[str, Any]:
    options = options_of_the_card() if as_the_card_says else {}
    return measured(address, options, decoded=True, only_first=True)


def measured(
    address: str, options: dict[str, Any], *, decoded: bool, only_first: bool
) -> dict[str, Any]:
    """Take all rows, and tell time, bytes and requests until the first or the last was there."""
    before = counts(address)
    start = time.perf_counter()
    told = load_dataset(REPOSITORY, CONFIG, split="train", streaming=True, **options)
    if not decoded:
        told = told.cast_column("image", Image(decode=False))
    taken = iter(told)
    for _ in islice(taken, 1 if only_first else None):
        pass
    seconds = time.perf_counter() - start
    after = counts(address)
    for _ in taken:  # Arrow reads on in threads: a process that ends meanwhile is aborted
        pass
    sums = {name: sum(after[name].values()) - sum(before[name].values()) for name in after}
    return {"seconds": seconds} | sums


def options_of_the_card() -> dict[str, Any]:
    """What the card's own code hands to `load_dataset` so that the first row comes soon."""
    card = (ROOT / "dataset_card.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    (code,) = (block for block in blocks if "fragment_scan_options" in block)
    calls: list[dict[str, Any]] = []
    exec(code, {"load_dataset": lambda *_, **told: calls.append(told)})  # noqa: S102 - our own card
    (told,) = calls
    return {name: value for name, value in told.items() if name not in {"split", "streaming"}}
