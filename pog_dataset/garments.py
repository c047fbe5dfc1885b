"""Garments drawn as web shops show them: stand-ins, since pictures belong to the sellers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from pmg.drawing.canvas import Color, blend, generator, grained

Outline = tuple[tuple[float, float], ...]  # x, y in shares of the picture

COLOURS: dict[str, Color] = {
    "navy": (38, 50, 92),
    "red": (178, 44, 48),
    "green": (64, 120, 84),
    "beige": (206, 184, 150),
    "black": (42, 42, 46),
    "white": (240, 238, 232),
    "pink": (226, 150, 168),
    "blue": (86, 138, 196),
    "yellow": (226, 190, 84),
    "brown": (120, 84, 60),
}
PATTERNS = ("plain", "striped", "checked", "dotted")
SHAPES: dict[str, tuple[Outline, ...]] = {
    "t-shirt": (
        ((0.36, 0.2), (0.64, 0.2), (0.86, 0.32), (0.78, 0.46), (0.68, 0.41), (0.69, 0.84),
         (0.31, 0.84), (0.32, 0.41), (0.22, 0.46), (0.14, 0.32)),
    ),
    "shirt": (
        ((0.38, 0.16), (0.62, 0.16), (0.76, 0.24), (0.88, 0.7), (0.79, 0.73), (0.69, 0.42),
         (0.7, 0.86), (0.3, 0.86), (0.31, 0.42), (0.21, 0.73), (0.12, 0.7), (0.24, 0.24)),
    ),
    "dress": (
        ((0.4, 0.12), (0.45, 0.2), (0.55, 0.2), (0.6, 0.12), (0.66, 0.26), (0.6, 0.44),
         (0.8, 0.88), (0.2, 0.88), (0.4, 0.44), (0.34, 0.26)),
    ),
    "skirt": (((0.36, 0.22), (0.64, 0.22), (0.82, 0.8), (0.18, 0.8)),),
    "trousers": (
        ((0.32, 0.12), (0.68, 0.12), (0.74, 0.9), (0.56, 0.9), (0.5, 0.36), (0.44, 0.9),
         (0.26, 0.9)),
    ),
    "shorts": (
        ((0.3, 0.26), (0.7, 0.26), (0.8, 0.72), (0.54, 0.74), (0.5, 0.5), (0.46, 0.74),
         (0.2, 0.72)),
    ),
    "coat": (
        ((0.38, 0.1), (0.62, 0.1), (0.78, 0.18), (0.88, 0.64), (0.78, 0.66), (0.7, 0.4),
         (0.74, 0.92), (0.26, 0.92), (0.3, 0.4), (0.22, 0.66), (0.12, 0.64), (0.22, 0.18)),
    ),
    "boot": (
        ((0.36, 0.14), (0.58, 0.14), (0.58, 0.6), (0.84, 0.7), (0.86, 0.82), (0.36, 0.82)),
    ),
    "handbag": (
        ((0.2, 0.42), (0.8, 0.42), (0.86, 0.82), (0.14, 0.82)),
        ((0.34, 0.42), (0.36, 0.24), (0.64, 0.24), (0.66, 0.42), (0.6, 0.42), (0.59, 0.3),
         (0.41, 0.3), (0.4, 0.42)),
    ),
    "hat": (
        ((0.12, 0.66), (0.3, 0.6), (0.34, 0.32), (0.5, 0.27), (0.66, 0.32), (0.7, 0.6),
         (0.88, 0.66), (0.5, 0.74)),
    ),
}  # fmt: skip
CATEGORIES = tuple(SHAPES)
GROUND, SHADOW = (246, 244, 240), (206, 202, 198)
OVERSAMPLING = 2


class Drawing(NamedTuple):
    """A picture and what can truly be said about it."""

    pixels: NDArray[np.uint8]  # (height, width, 3), RGB
    caption: str


def draw_garment(
    category: str, colour: str, pattern: str, width: int, height: int, seed: int, variant: int
) -> Drawing:
    """Draw one item on a pale ground; the same arguments give the same pixels."""
    rng = generator("garment", seed, category, colour, pattern, variant)
    size = (width * OVERSAMPLING, height * OVERSAMPLING)
    wide, long = rng.uniform(0.88, 1.08, 2)
    outlines = [
        [((0.5 + (x - 0.5) * wide) * size[0], (0.5 + (y - 0.5) * long) * size[1]) for x, y in shape]
        for shape in SHAPES[category]
    ]
    mask = Image.new("L", size)
    for outline in outlines:
        ImageDraw.Draw(mask).polygon(outline, fill=255)
    soft = mask.filter(ImageFilter.BoxBlur(max(1, size[0] // 60)))
    tint = blend(GROUND, COLOURS[colour], float(rng.uniform(0.02, 0.08)))
    picture = Image.new("RGB", size, tint)
    picture.paste(SHADOW, (size[0] // 50, size[1] // 40), soft)
    picture.paste(cloth(COLOURS[colour], pattern, size, rng), mask=mask)
    fold(picture, mask, rng)
    picture = picture.resize((width, height), Image.Resampling.BOX)
    cut = "" if pattern == "plain" else f"{pattern} "
    return Drawing(grained(picture, rng, 0.6), f"a {colour} {cut}{category} on a pale ground")


def cloth(
    colour: Color, pattern: str, size: tuple[int, int], rng: np.random.Generator
) -> Image.Image:
    """The stuff of a garment, as large as the picture."""
    second = blend(colour, (255, 255, 255) if sum(colour) < 400 else (60, 60, 70), 0.55)  # noqa: PLR2004 - as dark as light
    picture = Image.new("RGB", size, colour)
    draw, step = ImageDraw.Draw(picture), max(4, int(size[0] * rng.uniform(0.05, 0.09)))
    if pattern in ("striped", "checked"):
        for y in range(0, size[1], step):
            draw.rectangle((0, y, size[0], y + step // 3), fill=second)
    if pattern == "checked":
        for x in range(0, size[0], step):
            draw.rectangle((x, 0, x + step // 4, size[1]), fill=blend(colour, second, 0.7))
    if pattern == "dotted":
        for number, y in enumerate(range(0, size[1], step)):
            for x in range((number % 2) * step // 2, size[0], step):
                draw.ellipse((x, y, x + step // 3, y + step // 3), fill=second)
    return picture


def fold(picture: Image.Image, mask: Image.Image, rng: np.random.Generator) -> None:
    """Darken one side and a few folds."""
    width, height = picture.size
    across = np.linspace(0, 1, width)
    waves = np.sin(across * rng.uniform(14, 26) + rng.uniform(0, 6)) * 0.5 + 0.5
    dark = (waves * 30 + across * 60).astype(np.uint8)
    shade = Image.fromarray(np.broadcast_to(dark, (height, width)).copy())
    ground = Image.new("L", picture.size)
    ground.paste(shade, mask=mask)
    picture.paste((20, 18, 26), mask=ground)
