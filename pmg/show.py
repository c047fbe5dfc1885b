"""Show: a page of rows of a built folder, to look at before anything else."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

from pmg.classes import class_names, named
from pmg.columns import Row
from pmg.coverage import SAMPLES
from pmg.manifest import read_manifest
from pmg.page import write_page
from pmg.problems import BadCall, BadData, Problem, Severity

SHOWN_ROWS = 60  # a split; with some 100 kB of thumbnails a row, the page stays a few MB


def show(out: Path, config: str | None, html: Path | None) -> Path:
    """Write the page of a config of `out`; answers where.

    Raises:
        BadCall: `out` has no such config, or `html` no folder to be in.
        BadData: `out` is no built folder, or a damaged one.
    """
    manifest = read_manifest(out)
    name = config or next(iter(manifest.configs))
    if name not in manifest.configs:
        raise BadCall(f"Config {name!r}: expected one of {', '.join(manifest.configs)}.")
    table = manifest.configs[name]
    path = html or Path(f"{name}.html")
    if not path.parent.is_dir():
        raise BadCall(f"{path}: expected a folder to write it to, found none. Make {path.parent}.")
    rows = {
        split: first_rows([out / file.path for file in files])
        for split, files in table.splits.items()
    }
    write_page(name, rows, {split: table.rows(split) for split in table.splits}, path)
    return path


def show_samples(out: Path, html: Path) -> Path:
    """Write one page of the samples of every domain of `out`; answers where. Raises as `show`."""
    tables = {
        f"{name}, {split}": (files, table.rows(split))
        for name, table in read_manifest(out).configs.items()
        if table.folder == SAMPLES
        for split, files in table.splits.items()
    }
    rows = {
        name: first_rows([out / file.path for file in files]) for name, (files, _) in tables.items()
    }
    write_page("samples", rows, {name: total for name, (_, total) in tables.items()}, html)
    return html


def first_rows(files: list[Path]) -> list[Row]:
    """The first `SHOWN_ROWS` rows of a split, classes by their names.

    Raises:
        BadData: a file cannot be read.
    """
    rows: list[Row] = []
    for path in files:
        try:
            with pq.ParquetFile(path) as parquet:
                names = class_names(Features.from_arrow_schema(parquet.schema_arrow))
                for batch in parquet.iter_batches(batch_size=SHOWN_ROWS):
                    rows += [named(row, names) for row in batch.to_pylist()]
                    if len(rows) >= SHOWN_ROWS:
                        return rows[:SHOWN_ROWS]
        except (pa.ArrowException, OSError) as error:
            found = "none" if not path.exists() else "a damaged file"
            remedy = "Remove the built folder and build it again; `pmg-bench verify` tells more"
            expected = "the file that was built"
            problem = Problem(Severity.ERROR, str(path), "", expected, found, remedy)
            raise BadData(problem) from error
    return rows
