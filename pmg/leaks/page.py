"""Leaks as one web page: a table of all sets, and for each what was found, plotted and shown."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from pmg.built_files import whole
from pmg.coverage import ITEMS
from pmg.leaks.pictures import Pair
from pmg.leaks.report import Report
from pmg.leaks.shifts import Shift
from pmg.manifest import Config, read_manifest
from pmg.pages.page import templates
from pmg.pages.thumbnails import Picture, picture_of
from pmg.whole_files import write_text

WIDTH, HEIGHT = 640, 200  # of a plot, in its own units
POINTS = 100
TICKS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000, 1_000_000)
MOST_PAIRS = 24


class Line(NamedTuple):
    """A split's curve: how many of its targets are at most so popular."""

    split: str
    points: str  # as SVG has them


class Plot(NamedTuple):
    """The curves of all splits, over how often targets were interacted with."""

    lines: list[Line]
    ticks: list[tuple[float, int]]  # where, and what is written there


class Likeness(NamedTuple):
    """Two pictures beside each other."""

    pair: Pair
    held_out: Picture
    trained: Picture


def write_page(out: Path, reports: Sequence[Report], html: Path) -> None:
    """Write the page of what was found in `out`; nobody ever sees half of it.

    Raises:
        BadData: `out` is damaged.
    """
    environment = templates(Path(__file__).parent)
    environment.filters["percent"] = "{:.1%}".format
    configs = read_manifest(out).configs
    page = environment.get_template("page.html").render(
        reports=reports,
        names=list(dict.fromkeys(check.name for each in reports for check in each.checks)),
        plots={each.name: plot(each.shift) for each in reports if each.shift and each.shift.splits},
        likenesses={each.name: likenesses(out, configs, each) for each in reports},
        size=(WIDTH, HEIGHT),
    )
    write_text(html, page)


def plot(shift: Shift) -> Plot:
    """Curves over a logarithmic axis, as few items are met often."""
    largest = max(int(each.counts.max(initial=1)) for each in shift.splits.values())
    scale = WIDTH / np.log(max(largest, 2) + 1)
    lines = []
    for split, each in shift.splits.items():
        shares = np.linspace(0, 1, POINTS + 1)
        x = scale * np.log(np.quantile(each.counts, shares) + 1)
        points = zip(x.tolist(), (HEIGHT * (1 - shares)).tolist(), strict=True)
        lines.append(Line(split, " ".join(f"{left:.1f},{top:.1f}" for left, top in points)))
    ticks = [(float(scale * np.log(tick + 1)), tick) for tick in TICKS if tick <= largest]
    return Plot(lines, ticks)


def likenesses(out: Path, configs: Mapping[str, Config], report: Report) -> list[Likeness]:
    """The nearest pairs of pictures, to look at."""
    pairs = report.twins.pairs[:MOST_PAIRS] if report.twins else []
    wanted = {item for pair in pairs for item in (pair.held_out, pair.trained)}
    domain = configs[report.name].domain
    items = next(each for each in configs.values() if (each.domain, each.folder) == (domain, ITEMS))
    found = thumbnails(out, items, wanted) if wanted else {}
    return [Likeness(pair, found[pair.held_out], found[pair.trained]) for pair in pairs]


def thumbnails(out: Path, items: Config, wanted: set[str]) -> dict[str, Picture]:
    """Pictures of those items; only the row groups that hold one are read."""
    found: dict[str, Picture] = {}
    for file in items.files:
        with whole(out / file.path), pq.ParquetFile(out / file.path, memory_map=True) as parquet:
            for group in range(parquet.num_row_groups):
                ids = parquet.read_row_group(group, columns=["item_id"])["item_id"].to_pylist()
                if not wanted & set(ids):
                    continue
                images: Any = parquet.read_row_group(group, columns=["image"])["image"]
                for place, item_id in enumerate(ids):
                    if item_id in wanted:
                        found[item_id] = picture_of(images[place].as_py())
    return found
