"""What the time of a build goes into, as parts that add up to all of it."""

import cProfile
import pstats
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import raw_data
from benchmarks.costs import DOMAINS
from benchmarks.trials import run_alone

FACTOR = raw_data.FACTORS[-1]
# By what stands in the name of the function that was at work; the first that fits counts.
PARTS = {
    "encode (WebP)": ("WebPEncode",),
    "decode to check (JPEG at 1/8)": ("ImagingDecoder",),
    "sums (sha256, BLAKE3)": ("HASH", "blake3"),
    "Parquet (pyarrow's writer)": ("write_table", "ParquetWriter"),
    "unpack and read (zlib-ng, files)": ("'read'", "readinto", "_GzipReader", "zlib_ng"),
    "write and flush to disk": ("'write'", "posix.write", "fsync", "'flush'", "unlink", "rename"),
    "import": ("importlib", "marshal", "compile", "exec", "create_dynamic", "posix.stat"),
    "pixels into Pillow": ("_imaging", "PIL/"),
}
REST = "everything else in Python: tables, checks, rows"


def parts(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Seconds by part, of a build of each domain with one worker, under a profiler."""
    for domain, (draw, _) in DOMAINS.items():
        raw = draw(folder, FACTOR)
        run = run_alone("breakdown:profiled", str(raw), str(folder / "out"))
        yield domain, run.told


def profiled(raw: str, out: str) -> dict[str, Any]:
    """Seconds of each part; those of a function are its own, so that they add up."""
    shutil.rmtree(out, ignore_errors=True)
    profile = cProfile.Profile()
    profile.enable()
    from pmg_bench import main  # noqa: PLC0415 - its imports are a part

    main(["build", raw, out, "--json"])
    profile.disable()
    seconds = dict.fromkeys([*PARTS, REST], 0.0)
    stats: dict[tuple[str, int, str], Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, function), (_, _, own, _, _) in stats.items():
        seconds[part_of(f"{file}:{function}")] += own
    return seconds


def part_of(name: str) -> str:
    return next((part for part, marks in PARTS.items() if any(m in name for m in marks)), REST)
