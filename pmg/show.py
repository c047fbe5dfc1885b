"""Show: a page of rows of a built folder, to look at before anything else."""

from pathlib import Path

import pyarrow.parquet as pq

from pmg.columns import Row
from pmg.manifest import read_manifest
from pmg.page import write_page
from pmg.problems import BadCall

SHOWN_ROWS = 60  # a split; with some 100 kB of thumbnails a row, the page stays a few MB


def show(out: Path, config: str | None, html: Path | None) -> Path:
    """Write the page of a config of `out`; answers where.

    Raises:
        BadCall: `out` is no built folder, or has no such config.
    """
    manifest = read_manifest(out)
    name = config or next(iter(manifest.configs))
    if name not in manifest.configs:
        raise BadCall(f"Config {name!r}: expected one of {', '.join(manifest.configs)}.")
    table = manifest.configs[name]
    rows = {
        split: first_rows([out / file.path for file in files])
        for split, files in table.splits.items()
    }
    path = html or Path(f"{name}.html")
    write_page(name, rows, {split: table.rows(split) for split in table.splits}, path)
    return path


def first_rows(files: list[Path]) -> list[Row]:
    """The first `SHOWN_ROWS` rows of a split."""
    rows: list[Row] = []
    for path in files:
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(batch_size=SHOWN_ROWS):
                rows += batch.to_pylist()
                if len(rows) >= SHOWN_ROWS:
                    return rows[:SHOWN_ROWS]
    return rows
