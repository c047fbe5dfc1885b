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
