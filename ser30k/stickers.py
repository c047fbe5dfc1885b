"""Stickers drawn for a character and an emotion: stand-ins for those of SER30K."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from pmg.drawing.canvas import Color, blend, generator
from pmg.drawing.lettering import Typeface, fit, set_lines

CHARACTERS = (
    "panda-bear", "fox", "cat", "robot", "rabbit", "frog", "penguin", "dog", "owl", "pig",
    "tiger", "koala", "ghost", "dragon", "mouse", "lemon",
)  # fmt: skip
WORDS = {
    "anger": "an angry",
    "disgust": "a disgusted",
    "fear": "an afraid",
    "happiness": "a happy",
    "sadness": "a sad",
    "surprise": "a surprised",
    "neutral": "a calm",
}
SKINS: dict[str, Color] = {
    "white": (240, 240, 240),
    "orange": (236, 150, 70),
    "grey": (150, 150, 160),
    "blue": (130, 180, 220),
    "pink": (244, 200, 210),
    "green": (130, 190, 100),
    "navy": (70, 80, 110),
    "brown": (190, 140, 90),
    "yellow": (250, 220, 100),
}
INK, WHITE = (44, 38, 50), (255, 255, 255)
FACE = Typeface(tracking=0.04, weight=0.05, stretch=1.0)
OVERSAMPLING = 2
RIM = 4  # pixels that the white rim is wide, before they are averaged


class Drawing(NamedTuple):
    """A sticker and what can truly be said about it."""

    image: Image.Image  # RGBA, transparent around the sticker
    caption: str


class Pen:
    """Draws in shares of the picture's side."""

    def __init__(self, side: int) -> None:
        self.image = Image.new("RGBA", (side, side))
        self.side = side
        self._draw = ImageDraw.Draw(self.image)

    def oval(self, x: float, y: float, across: float, down: float, color: Color) -> None:
        self._draw.ellipse(self._box(x, y, across, down), fill=color)

    def bow(self, place: tuple[float, float, float, float], angles: tuple[int, int]) -> None:
        line = max(1, round(0.018 * self.side))
        self._draw.arc(self._box(*place), *angles, fill=INK, width=line)

    def line(self, *points: tuple[float, float]) -> None:
        scaled = [(x * self.side, y * self.side) for x, y in points]
        self._draw.line(scaled, fill=INK, width=max(1, round(0.02 * self.side)))

    def _box(self, x: float, y: float, across: float, down: float) -> tuple[float, ...]:
        side = self.side
        return (x - across) * side, (y - down) * side, (x + across) * side, (y + down) * side


def draw_sticker(
    character: str, emotion: str, text: str, size: int, seed: int, variant: int
) -> Drawing:
    """Draw one sticker of `size` pixels a side; the same arguments give the same pixels."""
    own = generator("sticker character", seed, character)
    rng = generator("sticker", seed, character, emotion, text, variant)
    colour = list(SKINS)[int(own.integers(len(SKINS)))]
    skin = blend(SKINS[colour], WHITE, float(own.uniform(0, 0.3)))
    pen = Pen(size * OVERSAMPLING)
    x, y = 0.5 + rng.uniform(-0.04, 0.04), 0.44 + rng.uniform(-0.03, 0.03)
    head(pen, x, y, skin, own)
    look(pen, x, y, emotion, rng)
    read = letter(pen, text)
    image = with_outline(pen.image).resize((size, size), Image.Resampling.BOX)
    caption = f"{WORDS[emotion]} {colour} cartoon animal"
    return Drawing(image, f'{caption} with the words "{text}"' if read else caption)


def head(pen: Pen, x: float, y: float, skin: Color, own: np.random.Generator) -> None:
    """Body, ears and head, as this character has them."""
    ear, lift = own.uniform(0.05, 0.1), own.uniform(0.18, 0.26)
    dark = blend(skin, INK, float(own.uniform(0.15, 0.6)))
    pen.oval(x, y + 0.26, 0.15, 0.17, blend(skin, INK, 0.1))
    for side in (-1, 1):
        pen.oval(x + side * 0.18, y - lift, ear, ear * own.uniform(1, 2), dark)
    pen.oval(x, y, 0.28, 0.25, skin)
    pen.oval(x, y + 0.1, 0.13, 0.09, blend(skin, WHITE, 0.5))


def look(pen: Pen, x: float, y: float, emotion: str, rng: np.random.Generator) -> None:
    """Eyes, brows, mouth and what else tells the emotion."""
    wide = 0.05 if emotion in ("surprise", "fear") else 0.03
    glance = rng.uniform(-0.01, 0.01)
    for side in (-1, 1):
        at = x + side * 0.11
        if emotion == "happiness":
            pen.bow((at, y - 0.02, 0.04, 0.04), (180, 360))
        else:
            pen.oval(at, y - 0.03, wide, wide * 1.2, INK)
            pen.oval(at + 0.01 + glance, y - 0.045, wide / 3, wide / 3, WHITE)
        if emotion in ("anger", "disgust"):
            pen.line((at - side * 0.05, y - 0.07), (at + side * 0.05, y - 0.12))
        if emotion in ("sadness", "fear"):
            pen.line((at - side * 0.05, y - 0.12), (at + side * 0.05, y - 0.08))
        if emotion == "sadness":
            pen.oval(at, y + 0.06, 0.02, 0.04, (110, 180, 240))
    if emotion == "happiness":
        pen.bow((x, y + 0.06, 0.09, 0.07), (0, 180))
    elif emotion in ("surprise", "fear"):
        pen.oval(x, y + 0.12, 0.035, 0.05, INK)
    elif emotion == "neutral":
        pen.line((x - 0.05, y + 0.11), (x + 0.05, y + 0.11))
    else:
        pen.bow((x, y + 0.15, 0.07, 0.06), (180, 360))
    if emotion == "disgust":
        pen.oval(x + 0.03, y + 0.13, 0.03, 0.04, (226, 110, 130))


def letter(pen: Pen, text: str) -> bool:
    """Letter the text below; whether it can be read."""
    setting = fit(text, 0.9 * pen.side, 0.14 * pen.side, FACE, 1, 0.12 * pen.side) if text else None
    if setting is None:
        return False
    mask = set_lines(setting, FACE)
    pen.image.paste((*INK, 255), ((pen.side - mask.width) // 2, round(0.83 * pen.side)), mask)
    return True


def with_outline(image: Image.Image) -> Image.Image:
    """The white rim that a sticker is cut out with."""
    near = image.getchannel("A").filter(ImageFilter.BoxBlur(RIM))
    rim = near.point([0] + [255] * 255).filter(ImageFilter.BoxBlur(1))
    ground = Image.new("RGBA", image.size, (255, 255, 255, 0))
    ground.putalpha(rim)
    return Image.alpha_composite(ground, image)
