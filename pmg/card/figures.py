"""Figures of the card: samples to look at, and how numbers of the tables are distributed."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from PIL import Image, ImageDraw, ImageOps

from pmg.card.charts import draw_charts
from pmg.coverage import SAMPLES
from pmg.distributions import bars
from pmg.domain import Domain
from pmg.manifest import Config, Manifest
from pmg.whole_files import WrittenFile, describe, whole_file

FOLDER = "figures"
SAMPLES_SHOWN, ROWS_LOOKED_AT = 3, 12
HISTORY_SHOWN = 5
SIDE, MARGIN, ARROW = 150, 12, 60  # pixels: the height of a picture, around it, the arrow's width
WIDEST = 2 * SIDE
QUALITY = 85
PAPER, INK, TARGET = "#ffffff", "#7b8794", "#d97706"
HISTORY = {"history_ids": "Samples by the items in their history"}


class Figures(NamedTuple):
    """The figures of a domain; each is None where there is nothing to show."""

    samples: WrittenFile | None
    numbers: WrittenFile | None


def draw_figures(
    tree: Path, manifest: Manifest, domains: Sequence[Domain[Any]]
) -> dict[str, Figures]:
    """Draw the figures of every domain of a built tree into its folder of figures."""
    (tree / FOLDER).mkdir(exist_ok=True)
    figures = {}
    for domain in domains:
        configs = manifest.domains[domain.name].configs
        samples = tree / FOLDER / f"{domain.name}-samples.jpg"
        numbers = tree / FOLDER / f"{domain.name}-numbers.png"
        shown = [
            bars(tree, configs[table.name], column, title)
            for table in domain.tables
            if table.name in configs
            for column, title in (HISTORY if table.folder == SAMPLES else table.plotted).items()
        ]
        draw_charts(shown, numbers)
        (table_of_samples,) = (each for each in configs.values() if each.folder == SAMPLES)
        draw_samples(list(whole_samples(tree, table_of_samples)), samples)
        figures[domain.name] = Figures(described(samples, tree), described(numbers, tree))
    return figures


def described(path: Path, tree: Path) -> WrittenFile | None:
    return describe(path, tree) if path.is_file() else None


def whole_samples(tree: Path, config: Config) -> Iterator[list[bytes]]:
    """The first samples that have all their pictures: those of the history, then the target's."""
    file = next(iter(config.splits.values()))[0]
    with pq.ParquetFile(tree / file.path, memory_map=True) as parquet:
        batches = parquet.iter_batches(1, columns=["history_images", "target_image"])
        rows = (batch.to_pylist()[0] for batch in islice(batches, ROWS_LOOKED_AT))
        yield from islice(
            (
                [picture["bytes"] for picture in pictures]
                for pictures in ([*row["history_images"], row["target_image"]] for row in rows)
                if all(pictures)
            ),
            SAMPLES_SHOWN,
        )


def draw_samples(samples: Sequence[Sequence[bytes]], path: Path) -> None:
    """Save samples as strips, one below the other; no file where there are none."""
    strips = [
        [thumbnail(data) for data in (*pictures[:-1][:HISTORY_SHOWN], pictures[-1])]
        for pictures in samples
    ]
    if not strips:
        return
    widths = [sum(each.width + MARGIN for each in strip) + ARROW + MARGIN for strip in strips]
    image = Image.new("RGB", (max(widths), len(strips) * (SIDE + MARGIN) + MARGIN), PAPER)
    canvas = ImageDraw.Draw(image)
    for number, strip in enumerate(strips):
        left, top = MARGIN, MARGIN + number * (SIDE + MARGIN)
        for picture in strip[:-1]:
            image.paste(picture, (left, top + (SIDE - picture.height) // 2))
            left += picture.width + MARGIN
        draw_arrow(canvas, left, top + SIDE // 2)
        left += ARROW
        above = top + (SIDE - strip[-1].height) // 2
        image.paste(strip[-1], (left, above))
        box = (left - 4, above - 4, left + strip[-1].width + 3, above + strip[-1].height + 3)
        canvas.rectangle(box, outline=TARGET, width=4)
    with whole_file(path) as part:
        image.save(part, "JPEG", quality=QUALITY)


def draw_arrow(canvas: ImageDraw.ImageDraw, left: int, middle: int) -> None:
    tip = left + ARROW - 2 * MARGIN
    canvas.line((left, middle, tip, middle), INK, 6)
    canvas.polygon([(tip - 4, middle - 14), (tip + 14, middle), (tip - 4, middle + 14)], INK)


def thumbnail(data: bytes) -> Image.Image:
    """A published picture in that height, on white where it is transparent."""
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft(None, (WIDEST, SIDE))
        ImageOps.exif_transpose(opened, in_place=True)
        image = ImageOps.contain(opened.convert("RGBA"), (WIDEST, SIDE))
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper
