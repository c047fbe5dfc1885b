"""All benchmarks in one run, written into benchmarks/README.md.

    make bench    # or python -m benchmarks FOLDER [--only NAME ...]

FOLDER keeps what is drawn, some 40 GB, so that the next run starts sooner. Takes
three quarters of an hour.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    breakdown,
    captioning,
    costs,
    fashion,
    link,
    opening,
    posters,
    protocols,
    raw_data,
    reading,
    report,
    samples,
)
from benchmarks.building import built
from benchmarks.trials import Row

READ_FACTOR = 2  # of the posters that are read: some hundred megabytes


def built_posters(folder: Path) -> Path:
    return built_once(raw_data.posters(folder, READ_FACTOR), folder / "posters" / "pmg-bench")


def built_fashion(folder: Path) -> Path:
    return built_once(raw_data.fashion(folder, 1), folder / "fashion" / "pmg-bench")


def built_once(raw: Path, out: Path) -> Path:
    if not out.is_dir():
        out.parent.mkdir(exist_ok=True)
        built(raw, out, costs.WORKERS)
    return out


WORKS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "opening": opening.rows,
    "posters": posters.rows,
    "fashion": fashion.rows,
    "samples": samples.rows,
    "workers": costs.rows,
    "reading": lambda folder: reading.rows(built_posters(folder)),
    "reading-fashion": lambda folder: reading.rows(built_fashion(folder)),
    "link": lambda folder: link.rows(built_posters(folder)),
}
SIZES = "sizes"  # the plot, the breakdown and the model
# These have tables of their own, as they need little that is drawn: some minutes.
APART: dict[str, Callable[[Path], Iterator[Row]]] = {
    "protocols": protocols.rows,
    "captions": captioning.rows,
}


PARTS = [*WORKS, *APART, SIZES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="for raw files and what is built of them")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    call = parser.parse_args()
    folder = call.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, compared in WORKS.items():
        if name not in call.only:
            continue
        for row in compared(folder):
            print(*row, sep=" | ", flush=True)
            rows.append(row)
    for name in APART:
        if name in call.only:
            rows += write_apart(name, folder)
    if SIZES in call.only:
        for row in write_sizes(folder):
            print(*row, sep=" | ", flush=True)
            rows.append(row)
    if [*call.only] == PARTS:
        report.write_block("machine", report.machine())
        report.write_block("comparisons", report.table(rows))
    sys.exit(not all(row.reached for row in rows))


def write_apart(name: str, folder: Path) -> list[Row]:
    rows = []
    for row in APART[name](folder):
        print(*row, sep=" | ", flush=True)
        rows.append(row)
    report.write_block(name, f"{report.machine()}\n\n{report.table(rows)}")
    return rows


def write_sizes(folder: Path) -> Iterator[Row]:
    """Answers with how near the models come to builds of full size."""
    points = {domain: costs.measured(folder, domain) for domain in costs.DOMAINS}
    models = {domain: costs.fitted(each) for domain, each in points.items()}
    report.plot(points, costs.recipe(folder))
    report.write_block("breakdown", report.breakdown(breakdown.parts(folder)))
    report.write_block("model", report.model_table(models))
    return costs.expected(folder, models)


if __name__ == "__main__":
    main()
