"""Building in tests, and telling whether two built folders are the same."""

import hashlib
from pathlib import Path

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.options import Options
from pmg_bench import DOMAINS


def digests(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def build_all(raw: Path, out: Path, options: Options | None = None, workers: int = 1) -> None:
    build(Request(DOMAINS, raw, out, options or Options(), workers=workers))


def left_out(out: Path, domain: str) -> bool:
    """Whether the build tells of raw data that it left out, which are the errors it found."""
    path = out / domain / "problems.txt"
    return path.exists() and "error: " in path.read_text(encoding="utf-8")
