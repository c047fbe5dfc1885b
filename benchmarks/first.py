"""A first sample, by a program that imports nothing else."""

import os
from pathlib import Path
from typing import Any

from pmg_bench import Samples


def open_sample(built: str, config: str, split: str) -> dict[str, Any]:
    sample = Samples(built, config, split)[0]
    kept = sum(path.stat().st_size for path in Path(os.environ["HF_HOME"]).rglob("*.arrow"))
    return {"kept": kept, "sample": sample["sample_id"]}
