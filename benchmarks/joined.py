"""Samples of ids joined with their pictures, beside decoding the same pictures and nothing else.

python -m benchmarks.joined FOLDER    # a built set; writes a table in benchmarks/README.md
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import report
from benchmarks.link import CLIENT
from benchmarks.loopback_hub import running_hub
from benchmarks.reading import OFFLINE, environment_of
from benchmarks.slow_link import Pace
from benchmarks.training import BATCH, FEW, SIZE, SPLIT
from benchmarks.trials import Row, Run, Spread, in_turn, ratio_of, run_alone, seconds_of
from pmg.manifest import Manifest, read_manifest
from pmg.protocols.built_sets import sets_of

TIMES = 3
WORKERS = 2
PACE = Pace(round_trip=0.02, rate=50e6)


def rows(built: Path) -> Iterator[Row]:
    manifest = read_manifest(built)
    configs = [each.name for each in sets_of(manifest) if each.name.endswith("_bench")]
    for config in configs:
        with (
            TemporaryDirectory(prefix="pmg-bench-home-") as home,
            environment_of(OFFLINE | {"HF_HOME": home}),
        ):
            yield first_sample(manifest, built, config)
            yield joined(built, config)
            yield in_workers(built, config)
            yield memory(built, config)
    with running_hub(built.absolute(), PACE) as address:
        for config in configs:
            yield first_batch(manifest, address, config)


def trial(function: str, *arguments: Any) -> Callable[[], Run]:  # noqa: ANN401 - JSON
    return partial(run_alone, function, *map(str, arguments))


def first_sample(manifest: Manifest, built: Path, config: str) -> Row:
    """The first sample of a set on this disk, from the start of Python on."""
    once = trial("first:open_sample", built.absolute(), config, SPLIT)
    (first,), runs = in_turn(1, once)[0], in_turn(TIMES, once)[0]
    items = manifest.configs[config].domain + "_items"
    return Row(
        f"{config}: first sample, from the start of Python",
        "a limit",
        f"{seconds_of(runs).shown()} s",
        "2 s",
        Spread.of([run.seconds / 2 for run in runs]),
        at_least=None,
        at_most=1,
        note=f"{manifest.configs[items].rows('train'):,} items, "
        f"{manifest.configs[config].rows(SPLIT):,} samples; the very first time "
        f"{first.seconds:.2f} s, {first.told['kept'] / 1e6:.1f} MB are kept for the next",
    )


def joined(built: Path, config: str) -> Row:
    where = built.absolute(), config
    ours, loop = in_turn(
        TIMES, trial("training:read", *where), trial("training:decode_in_a_loop", *where)
    )
    return Row(
        f"{config}: joined samples at random, decoded",
        "decoding the same bytes in a loop",
        f"{pictures_a_second(ours).shown('.0f')} pictures/s",
        f"{pictures_a_second(loop).shown('.0f')} pictures/s",
        ratio_of(loop, ours),
        at_least=0.9,
        note=f"{ours[0].told['samples']:,} samples, {ours[0].told['pictures']:,} pictures",
    )


def in_workers(built: Path, config: str) -> Row:
    where = built.absolute(), config
    ours, alone = in_turn(
        TIMES, trial("training:batches", *where, WORKERS), trial("training:batches", *where, 0)
    )
    return Row(
        f"{config}: batches of {BATCH} at {SIZE[0]} x {SIZE[1]}, {WORKERS} workers",
        "the same, one process",
        f"{pictures_a_second(ours).shown('.0f')} pictures/s",
        f"{pictures_a_second(alone).shown('.0f')} pictures/s",
        ratio_of(alone, ours),
        at_least=1.6,
        note="with the start of the workers",
    )


def memory(built: Path, config: str) -> Row:
    run = trial("training:memory_of_workers", built.absolute(), config, WORKERS)()
    before, after = run.told["before"], run.told["after"]
    return Row(
        f"{config}: memory of a worker of its own, in the second half of an epoch",
        "in the first half",
        f"{after / 1e6:.1f} MB",
        f"{before / 1e6:.1f} MB",
        Spread.of([after / before]),
        at_least=None,
        at_most=1.1,
        note=f"`Anonymous`, the larger of {WORKERS}; {run.told['samples']:,} samples",
    )


def first_batch(manifest: Manifest, address: str, config: str) -> Row:
    """From nothing to a first batch, from the Hub over a link of 20 ms and 50 MB/s."""
    with (
        TemporaryDirectory(prefix="pmg-bench-home-") as home,
        environment_of(CLIENT | {"HF_HOME": home, "HF_ENDPOINT": address}),
    ):
        run = trial("training:open_batch", address, config)()
    items = manifest.configs[manifest.configs[config].domain + "_items"].bytes("train")
    return Row(
        f"{config}: bytes fetched from the Hub until a first batch of {FEW}",
        "all items, which `load_dataset` downloads",
        f"{run.told['bytes'] / 1e6:.1f} MB",
        f"{items / 1e6:,.1f} MB",
        Spread.of([run.told["bytes"] / items]),
        at_least=None,
        at_most=0.1,
        note=f"over a link of 20 ms and 50 MB/s: {run.seconds:.1f} s, {run.told['requests']:,} "
        f"requests; {run.told['pictures'] / 1e6:.2f} MB of it are pictures",
    )


def pictures_a_second(runs: list[Run]) -> Spread:
    return Spread.of([run.told["pictures"] / run.seconds for run in runs])


def main() -> None:
    table = []
    for row in rows(Path(sys.argv[1])):
        print(*row, sep=" | ", flush=True)
        table.append(row)
    report.write_block("joined", f"{report.machine()}\n\n{report.table(table)}")


if __name__ == "__main__":
    main()
