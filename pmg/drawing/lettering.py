"""Lettering that fits a box, in the font that Pillow brings along: the same on every machine."""

import functools
import unicodedata
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

SMALLEST = 5.0  # pixels of letter size, below which lettering is only dirt
REFERENCE = 64  # size at which words are measured
CAPITAL = 0.72  # height of a capital, as a share of the letter size
LEADING = 0.98  # from line to line, as a share of the letter size


class Typeface(NamedTuple):
    """How letters are set: all but `stretch` are shares of the letter size."""

    tracking: float = 0.04  # space added after each letter
    weight: float = 0.0  # thickness added around each letter
    stretch: float = 1.0  # height over width


class Setting(NamedTuple):
    """Lines that fit a box, and the size of their letters in pixels."""

    lines: tuple[str, ...]
    size: float


@functools.lru_cache(maxsize=256)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, which draws the lettering")
    # The other layout engine depends on what else is installed.
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    font = _font(24)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


@functools.lru_cache(maxsize=4096)
def _advance(letter: str) -> float:
    """Width of a letter as a share of its size."""
    return float(_font(REFERENCE).getlength(letter)) / REFERENCE


@functools.lru_cache(maxsize=1024)
def drawable(text: str) -> str:
    """Return the text with what the font lacks left out, accents first, and spaces single."""
    plain = text.replace("–", "-").replace("—", "-").replace("ß", "ss").replace("ø", "o")  # noqa: RUF001 - titles hold real dashes
    kept = []
    for letter in plain:
        if unicodedata.category(letter)[0] == "C":
            continue
        parts = letter if _has_glyph(letter) else unicodedata.normalize("NFKD", letter)
        kept += [part for part in parts if not unicodedata.combining(part) and _has_glyph(part)]
    return " ".join("".join(kept).split())


@functools.lru_cache(maxsize=4096)
def _width(text: str, face: Typeface) -> float:
    """Width of a line as a share of the letter size."""
    return sum(_advance(letter) for letter in text) + face.tracking * max(0, len(text) - 1)


def _wrapped(words: list[str], count: int, face: Typeface) -> list[str]:
    """Break words into at most `count` lines of similar widths."""
    goal = _width(" ".join(words), face) / count
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        left = count - len(lines)
        if lines and (left <= 0 or _width(longer, face) - goal < goal - _width(lines[-1], face)):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(
    text: str,
    width: float,
    height: float,
    face: Typeface,
    most_lines: int = 4,
    largest: float = 1e9,
) -> Setting | None:
    """Choose the line breaks that let the letters be largest; None if they would be illegible."""
    words = text.split()
    best: Setting | None = None
    while words:
        for count in range(1, min(most_lines, len(words)) + 1):
            lines = _wrapped(words, count, face)
            widest = max(_width(line, face) for line in lines) + 2 * face.weight
            tall = ((len(lines) - 1) * LEADING + CAPITAL + 2 * face.weight) * face.stretch
            size = min(width / widest, height / tall, largest)
            if best is None or size > best.size:
                best = Setting(tuple(lines), size)
        if best is not None and best.size >= SMALLEST:
            return best
        # Too long for the box: the beginning of a title says more than nothing.
        words, best = words[: len(words) // 2], None
    return None


def set_lines(setting: Setting, face: Typeface) -> Image.Image:
    """Draw centred lines as a mask ("L") that ends where the letters do; commas may hang below."""
    size = max(1, round(setting.size))
    font = _font(size)
    edge = face.weight * size + 1
    # Thinner strokes cannot be seen, but cost as much.
    stroke = face.weight * size if face.weight * size > 0.4 else 0  # noqa: PLR2004 - pixels
    widths = [_width(line, face) * size for line in setting.lines]
    step, drop = LEADING * size, 0.24 * size
    across = round(max(widths) + 2 * edge)
    down = round(step * (len(widths) - 1) + CAPITAL * size + drop + 2 * edge)
    mask = Image.new("L", (across, down))
    draw = ImageDraw.Draw(mask)
    for row, (line, width) in enumerate(zip(setting.lines, widths, strict=True)):
        x = (across - width) / 2
        y = edge + CAPITAL * size + row * step
        for letter in line:
            draw.text((x, y), letter, 255, font, anchor="ls", stroke_width=stroke)
            x += (_advance(letter) + face.tracking) * size
    if face.stretch == 1.0:
        return mask
    return mask.resize((across, max(1, round(down * face.stretch))), Image.Resampling.BILINEAR)


@functools.lru_cache(maxsize=64)
def small_print(text: str, width: int, height: int, lines: int) -> Image.Image | None:
    """Return a block of narrow lettering, as a mask of at most the given size, or None."""
    face = Typeface(tracking=0.02, weight=0.012, stretch=1.0)
    squeeze = 0.55
    setting = fit(text, width / squeeze, height, face, lines)
    if setting is None or len(setting.lines) > lines:
        return None
    mask = set_lines(setting, face)
    narrow = max(1, min(width, round(mask.width * squeeze)))
    return mask.resize((narrow, mask.height), Image.Resampling.BOX)


def shade(mask: Image.Image, opacity: float) -> Image.Image:
    """Return a fainter mask."""
    return mask.point([int(value * opacity) for value in range(256)])
