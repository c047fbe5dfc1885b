"""Draws, checks, builds and verifies each domain at its published size, and removes it again.

    make full-size    # or python -m benchmarks.full_size FOLDER [--domain D] ...

Prints Markdown: time, disk and memory of every step, and rows by table and split.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pmg.manifest import read_manifest
from pmg.memory import anonymous
from pmg_bench import DOMAINS, TABLES

PROGRAM = Path(__file__).parents[1] / "pmg_bench.py"
NAMES = [domain.name for domain in DOMAINS]
LOOKS_PER_SECOND = 4


class Cost(NamedTuple):
    """What a step took."""

    seconds: float
    memory: int  # bytes: the most that all its processes had to themselves at any look
    disk: int  # bytes: the most that it had on disk at any look, beyond what was there


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", default="full")
    parser.add_argument("--domain", choices=NAMES)
    parser.add_argument("--workers", default="2")
    call = parser.parse_args()
    print("| domain | step | minutes | memory, MB | disk while at it, GB |\n|---|---|--:|--:|--:|")
    told = []
    for domain in [call.domain] if call.domain else NAMES:
        raw, out = call.folder / "raw", call.folder / "pmg-bench"
        only = ["--domain", domain]
        steps = {
            "draw": ["draw", str(raw), "--scale", call.scale, *only],
            "check": ["check", str(raw), *only],
            "build": ["build", str(raw), str(out), "--workers", call.workers, *only],
            "verify": ["verify", str(out)],
        }
        for step, arguments in steps.items():
            seconds, memory, disk = measured(arguments, call.folder)
            print(f"| {domain} | {step} | {seconds / 60:.1f} | {memory / 1e6:,.0f} "
                  f"| {disk / 1e9:.2f} |", flush=True)  # fmt: skip
        told += list(statistics(raw, out))
        shutil.rmtree(raw)
        shutil.rmtree(out)
    print("", *told, sep="\n")


def measured(arguments: list[str], folder: Path) -> Cost:
    """Run a verb to its end; ends the program where it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    before, start = shutil.disk_usage(folder).used, time.monotonic()
    memory = disk = 0
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), *arguments], stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            memory = max(memory, sum(anonymous(str(each)) for each in family(process.pid)))
            disk = max(disk, shutil.disk_usage(folder).used - before)
            time.sleep(1 / LOOKS_PER_SECOND)
    if process.returncode:
        sys.exit(f"`{' '.join(arguments)}` ended with exit code {process.returncode}.")
    return Cost(time.monotonic() - start, memory, disk)


def family(process: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield process
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))
    except OSError:  # it has just ended
        return


def statistics(raw: Path, out: Path) -> Iterator[str]:
    """Size and rows as the manifest tells them, as Markdown."""
    size = {name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            for name, folder in (("raw", raw), ("built", out))}  # fmt: skip
    manifest = read_manifest(out)
    for domain, coverage in manifest.coverage.items():
        digests = pq.read_table(out / domain / "items", columns=["image_sha256"])["image_sha256"]
        yield f"**{domain}**: {size['raw'] / 1e9:.2f} GB raw, {size['built'] / 1e9:.2f} GB built,"
        yield f"{pc.count_distinct(digests).as_py():,} different pictures,"
        yield ", ".join(
            f"{name.replace('_', ' ')} {value:,}"
            for name, value in (*coverage._asdict().items(), *coverage.dropped.items())
            if isinstance(value, int)
        )
    yield "\n| table | split | rows | published | files | GB |\n|---|---|--:|--:|--:|--:|"
    for table, config in manifest.configs.items():
        for split, files in config.splits.items():
            rows, size_built = config.rows(split), config.bytes(split)
            cells = (table, split, f"{rows:,}", TABLES[table].published, str(len(files)))
            yield f"| {' | '.join(cells)} | {size_built / 1e9:.3f} |"
    yield ""


if __name__ == "__main__":
    main()
