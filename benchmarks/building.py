"""A build as people call it, in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.trials import ROOT, Run, run_alone


def built(raw: Path, out: Path, workers: int, *options: str) -> Run:
    """Build `raw` into `out`, which is made anew: seconds of the whole process."""
    shutil.rmtree(out, ignore_errors=True)
    return run_alone("building:build", str(raw), str(out), workers, options)


def build(raw: str, out: str, workers: int, options: list[str]) -> dict[str, object]:
    """Run the command line; tells what `--json` tells, and processor seconds of all processes."""
    before = _processor_seconds()
    ended = subprocess.run(
        [sys.executable, str(ROOT / "pmg_bench.py"), "build", raw, out,
         "--workers", str(workers), "--json", *options],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    told = json.loads(ended.stdout)
    return {
        "cpu": _processor_seconds() - before,
        "peak": told["peak_memory"],
        "bytes": size_of(Path(out)),
    }


def _processor_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
