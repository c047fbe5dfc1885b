"""Built folders that somebody edits by hand, and tells the manifest so."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pmg.columns import Row
from pmg.digests import sha256_of


def rewrite(
    out: Path, config: str, change: Callable[[pa.Table], pa.Table], split: str = "train"
) -> Path:
    """Change the first file of a table's split; answers with its path."""
    manifest = json.loads((out / "manifest.json").read_text())
    configs = {name: each for part in manifest["domains"].values()
               for name, each in part["configs"].items()}  # fmt: skip
    told = configs[config]["splits"][split][0]
    path = out / str(told["path"])
    pq.write_table(change(pq.read_table(path)), path)
    told |= {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    (out / "manifest.json").write_text(json.dumps(manifest))
    return path


def edit(out: Path, config: str, change: Callable[[list[Row]], None], split: str = "train") -> Path:
    """Change rows in place; answers with the file's path."""

    def changed(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        change(rows)
        return pa.Table.from_pylist(rows, table.schema)

    return rewrite(out, config, changed, split)
