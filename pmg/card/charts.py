"""Bar charts as small pictures, for a document that people scroll through.

Pillow draws them in milliseconds; a library of plots would take a second of every build.
"""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pmg.distributions import Bars
from pmg.whole_files import whole_file

WIDTH, HEIGHT = 840, 480  # pixels of a chart, to be shown at half that size
LEFT, TOP, RIGHT, BOTTOM = 30, 100, 30, 60  # margins in pixels
GAP = 0.2  # between bars, of the width of one
WIDEST_BAR = 90  # pixels
MOST_LABELS = 12
LABEL_CHARACTERS = 11
PAPER, INK, PALE, BAR = "#ffffff", "#1f2933", "#7b8794", "#3b82c4"
TITLE_SIZE, TEXT_SIZE = 30, 22  # pixels


def draw_charts(charts: Sequence[Bars], path: Path) -> None:
    """Save charts side by side as a PNG."""
    image = Image.new("RGB", (WIDTH * len(charts), HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    for number, chart in enumerate(charts):
        draw_bars(canvas, chart, number * WIDTH)
    with whole_file(path) as part:
        image.quantize(64).save(part, "PNG", optimize=True)


def draw_bars(canvas: ImageDraw.ImageDraw, chart: Bars, left: int) -> None:
    """Draw one chart whose left edge is at `left`."""
    title, text = ImageFont.load_default(TITLE_SIZE), ImageFont.load_default(TEXT_SIZE)
    canvas.text((left + LEFT, 20), chart.title, INK, title)
    if not any(count for _, count in chart.counts):
        canvas.text((left + LEFT, 60), "none", PALE, text)
        return
    highest = max(count for _, count in chart.counts)
    canvas.text((left + LEFT, 60), f"{highest:,} at most", PALE, text)
    step = (WIDTH - LEFT - RIGHT) / len(chart.counts)
    floor = HEIGHT - BOTTOM
    every = -(-len(chart.counts) // MOST_LABELS)
    for number, (label, count) in enumerate(chart.counts):
        start = left + LEFT + number * step
        height = round((floor - TOP) * count / highest)
        middle = start + step / 2
        if count:
            half = min(step * (1 - GAP), WIDEST_BAR) / 2
            canvas.rectangle((middle - half, floor - max(height, 2), middle + half, floor), BAR)
        if number % every == 0:
            canvas.text((middle, floor + 10), label[:LABEL_CHARACTERS], INK, text, anchor="ma")
    canvas.line((left + LEFT, floor, left + WIDTH - RIGHT, floor), PALE, 2)
