"""What a scene is played on: a picture, a palette, and the frame that the lettering leaves free."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from movieposter.posters import figures
from pmg.drawing.canvas import Backdrop, Color, Polygon, paint
from pmg.drawing.shapes import placed


class Palette(NamedTuple):
    """Colours by their office, from the darkest to the brightest; the name is what people see."""

    name: str
    ink: Color  # silhouettes and foreground
    deep: Color  # the top of the sky
    mid: Color
    glow: Color  # the horizon
    light: Color  # sun, moon, lamps
    accent: Color  # the one colour that stands out


MIDNIGHT = Palette(
    "midnight blue", (12, 15, 30), (13, 24, 62), (36, 74, 132), (132, 176, 206), (252, 238, 196),
    (236, 176, 72),
)  # fmt: skip
TEAL_AMBER = Palette(
    "teal and amber", (14, 20, 26), (10, 46, 62), (34, 106, 116), (240, 166, 84), (255, 220, 150),
    (238, 112, 48),
)  # fmt: skip
CRIMSON = Palette(
    "blood red", (20, 10, 14), (50, 10, 18), (138, 20, 30), (226, 76, 48), (255, 214, 170),
    (250, 60, 44),
)  # fmt: skip
EMBER = Palette(
    "burnt orange", (34, 16, 20), (92, 32, 52), (204, 82, 50), (252, 178, 84), (255, 238, 190),
    (255, 128, 48),
)  # fmt: skip
VIOLET = Palette(
    "violet dusk", (24, 15, 42), (40, 26, 88), (122, 64, 144), (244, 146, 144), (255, 228, 196),
    (255, 110, 150),
)  # fmt: skip
MOSS = Palette(
    "sickly green", (11, 18, 15), (15, 38, 30), (56, 96, 64), (168, 188, 118), (232, 238, 180),
    (206, 222, 92),
)  # fmt: skip
STEEL = Palette(
    "steel grey", (16, 18, 23), (40, 48, 60), (98, 110, 124), (200, 206, 208), (244, 240, 228),
    (206, 44, 44),
)  # fmt: skip
SEPIA = Palette(
    "sepia", (38, 26, 21), (98, 68, 46), (170, 126, 84), (232, 202, 152), (252, 238, 206),
    (188, 66, 40),
)  # fmt: skip
ROSE = Palette(
    "rose and cream", (72, 26, 52), (196, 88, 122), (238, 152, 160), (255, 214, 198),
    (255, 246, 232), (226, 52, 92),
)  # fmt: skip
LAVENDER = Palette(
    "lavender and peach", (62, 38, 86), (128, 104, 180), (206, 158, 206), (255, 206, 180),
    (255, 244, 222), (240, 92, 116),
)  # fmt: skip
SUNNY = Palette(
    "sunny yellow", (66, 30, 46), (246, 168, 40), (255, 204, 76), (255, 234, 158),
    (255, 248, 222), (228, 66, 66),
)  # fmt: skip
SKY = Palette(
    "sky blue", (26, 42, 90), (58, 142, 212), (124, 194, 232), (232, 244, 232), (255, 250, 224),
    (246, 104, 72),
)  # fmt: skip
MINT = Palette(
    "mint and coral", (28, 58, 70), (64, 176, 164), (142, 214, 190), (236, 246, 218),
    (255, 250, 228), (248, 110, 92),
)  # fmt: skip
GOLD = Palette(
    "gold and burgundy", (32, 11, 18), (84, 14, 34), (150, 26, 44), (236, 168, 72),
    (255, 234, 178), (248, 196, 84),
)  # fmt: skip


class Words(NamedTuple):
    """What a scene says about itself once it is drawn."""

    style: tuple[str, ...]
    target: tuple[str, ...]
    taglines: tuple[str, ...]


class Stage:
    """The picture on which one scene is drawn.

    `unit` is the length in pixels that sizes are shares of; `top` and `bottom` are the heights,
    in shares of the picture, between which the scene plays.
    """

    def __init__(
        self,
        size: tuple[int, int],
        palette: Palette,
        rng: np.random.Generator,
        *,
        title_above: bool,
    ) -> None:
        self.width, self.height = size
        self.unit = min(self.width, self.height * 2 / 3)
        self.palette = palette
        self.rng = rng
        self.title_above = title_above
        self.top, self.bottom = (0.27, 0.88) if title_above else (0.08, 0.72)
        self.picture = Image.new("RGB", size, palette.mid)

    def x(self, share: float) -> float:
        return share * self.width

    def y(self, share: float) -> float:
        """Return the height of a share of the frame: 0 is its top, 1 its bottom."""
        return (self.top + share * (self.bottom - self.top)) * self.height

    def backdrop(self, stops: Sequence[tuple[float, Color]]) -> Backdrop:
        """Return a sky to go on with, washed; its stops are shares of the frame."""
        backdrop = Backdrop(self.width, self.height)
        backdrop.wash([(self.y(share), color) for share, color in stops])
        return backdrop

    def paint(
        self, polygons: Iterable[Polygon], fill: Color | Image.Image, opacity: float = 1.0
    ) -> None:
        paint(self.picture, polygons, fill, opacity)

    def land(self, outline: Polygon, color: Color) -> None:
        """Fill land whose last two points are the corners of the picture below it."""
        low = min(int(outline[:-2, 1].max()) + 1, self.height)
        self.picture.paste(color, (0, max(0, low), self.width, self.height))
        crest = outline.copy()
        crest[-2:, 1] = low + 1
        paint(self.picture, [crest], color)

    def ground(self, share: float, color: Color) -> None:
        """Fill everything below a height, a share of the frame."""
        self.picture.paste(
            color, (0, min(round(self.y(share)), self.height), self.width, self.height)
        )

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def sun(
        self, height: tuple[float, float], size: tuple[float, float]
    ) -> tuple[float, float, float]:
        """Choose a sun: its place and its radius in pixels, from shares of frame and unit."""
        x, y = self.x(self.between(0.25, 0.75)), self.y(self.between(*height))
        return x, y, self.unit * self.between(*size)

    def birds(self, count: int, low: float, high: float) -> None:
        """Let birds fly between two heights, shares of the frame."""
        flock: list[Polygon] = []
        for _ in range(count):
            x, y = self.x(self.between(0.12, 0.88)), self.y(self.between(low, high))
            flock += placed(figures.bird(), x, y, self.unit * self.between(0.03, 0.07))
        self.paint(flock, self.palette.ink, 0.85)

    def side(self) -> str:
        """Draw left or right."""
        return "left" if self.chance(0.5) else "right"


def shifted(palette: Palette, rng: np.random.Generator) -> Palette:
    """Return the palette a little lighter or darker, warmer or cooler: still worth its name."""
    gain = rng.uniform(0.9, 1.1)
    tint = rng.uniform(-9, 9, 3)

    def shift(color: Color) -> Color:
        red, green, blue = np.clip(np.asarray(color) * gain + tint, 8, 250).round().astype(int)
        return (int(red), int(green), int(blue))

    return Palette(palette.name, *(shift(color) for color in palette[1:]))
