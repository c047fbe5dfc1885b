"""Drawing primitives for stand-in pictures: seeded chance, soft light, sharp shapes, film grain.

Whatever is soft (skies, glows, smoke) is computed at a quarter of the picture's resolution and
enlarged; whatever is sharp is filled at twice the resolution and reduced. That is what makes a
poster cost milliseconds. Lengths and places are pixels of the full picture, y growing downwards.
"""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Color: TypeAlias = tuple[int, int, int]
Polygon: TypeAlias = NDArray[np.float64]  # (points, 2): x, y
Floats: TypeAlias = NDArray[np.float32]
Pixels: TypeAlias = NDArray[np.uint8]  # (height, width, 3), RGB

SOFTNESS = 4  # pixels of the picture per pixel of soft light
OVERSAMPLING = 2
GRAIN_TILE = 1024
GRAIN_ROWS = 32  # as many as stay in the processor's cache


def generator(*parts: object) -> np.random.Generator:
    """Return chance that depends on the text of the parts only, in every process alike."""
    text = "\x1f".join(str(part) for part in parts)
    # A title may hold a lone surrogate, which plain UTF-8 refuses.
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def blend(first: Color, second: Color, share: float) -> Color:
    """Mix two colours; a share of 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def value_noise(
    rng: np.random.Generator, width: int, height: int, cells: tuple[float, float], octaves: int = 4
) -> Floats:
    """Smooth noise of shape (height, width) in 0..1, `cells` across and down when coarsest."""
    total = np.zeros((1, 1), np.float32)
    amplitude, scale = 1.0, 0.0
    across, down = cells
    for _ in range(octaves):
        shape = (max(2, min(height, round(down) + 1)), max(2, min(width, round(across) + 1)))
        # Enlarged from octave to octave, only the last step costs as much as the whole picture.
        total = _enlarged(total, shape) + np.float32(amplitude) * rng.random(shape, np.float32)
        scale += amplitude
        amplitude, across, down = amplitude / 2, across * 2, down * 2
    noise: Floats = _enlarged(total, (height, width)) / np.float32(scale)
    return noise.clip(0, 1)


def _enlarged(values: Floats, shape: tuple[int, int]) -> Floats:
    image = Image.fromarray(values).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32)


class Backdrop:
    """Soft light in float32, at a quarter of the resolution of the picture behind which it lies."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        columns, rows = (max(2, -(-side // SOFTNESS)) for side in self.size)
        self.x: Floats = ((np.arange(columns, dtype=np.float32) + 0.5) * (width / columns))[None, :]
        self.y: Floats = ((np.arange(rows, dtype=np.float32) + 0.5) * (height / rows))[:, None]
        self.pixels: Floats = np.zeros((rows, columns, 3), np.float32)

    def wash(self, stops: Sequence[tuple[float, Color]]) -> None:
        """Fill with a gradient from top to bottom; stops are (y in pixels, colour), ascending."""
        places = [place for place, _ in stops]
        for channel in range(3):
            shades = [color[channel] for _, color in stops]
            self.pixels[:, :, channel] = np.interp(self.y, places, shades)

    def mix(self, color: Color, weight: Floats) -> None:
        """Move every pixel towards a colour; weights of shape (rows, columns) in 0..1."""
        target = np.asarray(color, np.float32)
        self.pixels += (target - self.pixels) * weight[:, :, None]

    def glow(
        self, place: tuple[float, float], radii: tuple[float, float], color: Color, strength: float
    ) -> None:
        """Add a soft ellipse of light that has faded to a third at its radii."""
        across = (self.x - place[0]) / max(radii[0], 1e-6)
        down = (self.y - place[1]) / max(radii[1], 1e-6)
        self.mix(color, np.float32(strength) * np.exp(-(across * across + down * down)))

    def clouds(
        self,
        rng: np.random.Generator,
        color: Color,
        strength: float,
        cells: tuple[float, float] = (2, 5),
        threshold: float = 0.45,
    ) -> None:
        """Lay clouds over everything: where the noise exceeds the threshold."""
        rows, columns, _ = self.pixels.shape
        noise = value_noise(rng, columns, rows, cells, 5)
        self.mix(color, np.float32(strength) * np.clip((noise - threshold) * 4, 0, 1))

    def image(self) -> Image.Image:
        small = Image.fromarray(np.clip(self.pixels, 0, 255).astype(np.uint8))
        return small.resize(self.size, Image.Resampling.BILINEAR)


def _bounds(polygons: Sequence[Polygon], size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return the box of whole pixels that the polygons touch, or None if they miss the picture."""
    points = np.concatenate(polygons)
    low = np.maximum(np.floor(points.min(axis=0)) - 1, 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0)) + 1, size).astype(int)
    if (high <= low).any():
        return None
    return (int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _mask(
    polygons: Sequence[Polygon], box: tuple[int, int, int, int], scale: float, opacity: float
) -> Image.Image:
    """Fill polygons in a mask of a box, whose sides are multiplied by the scale."""
    size = (max(1, round((box[2] - box[0]) * scale)), max(1, round((box[3] - box[1]) * scale)))
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for polygon in polygons:
        draw.polygon(((polygon - box[:2]) * scale).ravel().tolist(), fill=round(255 * opacity))
    return mask


def paint(
    picture: Image.Image,
    polygons: Iterable[Polygon],
    fill: Color | Image.Image,
    opacity: float = 1.0,
) -> None:
    """Fill polygons with smooth edges; a filling image is as large as the picture."""
    shapes = list(polygons)
    box = _bounds(shapes, picture.size) if shapes else None
    if box is None:
        return
    mask = _mask(shapes, box, OVERSAMPLING, opacity).reduce(OVERSAMPLING)
    _fill(picture, fill.crop(box) if isinstance(fill, Image.Image) else fill, box, mask)


def _fill(
    picture: Image.Image,
    fill: Color | Image.Image,
    box: tuple[int, int, int, int],
    mask: Image.Image,
) -> None:
    # Pillow pastes a picture through a mask in half the time that it takes for a colour.
    if not isinstance(fill, Image.Image):
        fill = Image.new("RGB", mask.size, fill)
    picture.paste(fill, box, mask)


def paint_soft(
    picture: Image.Image, polygons: Sequence[Polygon], color: Color, opacity: float, blur: float
) -> None:
    """Fill polygons whose edges fade over about `blur` pixels: beams, shadows, mist."""
    reach = np.array([[-2.0, -2.0], [2.0, 2.0]]) * blur
    box = _bounds([polygon + step for polygon in polygons for step in reach], picture.size)
    if box is None:
        return
    mask = _mask(polygons, box, 1 / SOFTNESS, opacity)
    mask = mask.filter(ImageFilter.GaussianBlur(blur / SOFTNESS))
    size = (box[2] - box[0], box[3] - box[1])
    _fill(picture, color, box, mask.resize(size, Image.Resampling.BILINEAR))


def shine(
    picture: Image.Image,
    place: tuple[float, float],
    radii: tuple[float, float],
    color: Color,
    strength: float,
) -> None:
    """Lay a soft ellipse of light over what is already painted."""
    spread = np.array([[-2.0, -2.0], [2.0, 2.0]]) * radii + place
    box = _bounds([spread], picture.size)
    if box is None:
        return
    size = (box[2] - box[0], box[3] - box[1])
    columns, rows = (max(2, side // SOFTNESS) for side in size)
    across = ((np.arange(columns) + 0.5) * size[0] / columns + box[0] - place[0]) / radii[0]
    down = ((np.arange(rows) + 0.5) * size[1] / rows + box[1] - place[1]) / radii[1]
    # The light falls to zero at twice its radii, where its box ends.
    fall = np.clip(1 - (across[None, :] ** 2 + down[:, None] ** 2) / 4, 0, 1) ** 4
    mask = Image.fromarray((255 * strength * fall).astype(np.uint8))
    _fill(picture, color, box, mask.resize(size, Image.Resampling.BILINEAR))


@functools.lru_cache(maxsize=4)
def _vignette_mask(width: int, height: int, strength: float) -> Image.Image:
    across = np.linspace(-1, 1, max(2, width // SOFTNESS))[None, :]
    down = np.linspace(-1, 1, max(2, height // SOFTNESS))[:, None]
    shade = np.clip((across**2 + down**2 - 0.55) / 1.45, 0, 1) ** 1.3
    small = Image.fromarray((255 * strength * shade).astype(np.uint8))
    return small.resize((width, height), Image.Resampling.BILINEAR)


def vignette(picture: Image.Image, color: Color, strength: float) -> None:
    """Darken the corners towards a colour; a strength of 0..1."""
    _fill(picture, color, (0, 0, *picture.size), _vignette_mask(*picture.size, strength))


@functools.lru_cache(maxsize=4)
def _grain_tile(strength: float) -> NDArray[np.int16]:
    """Grain of shape (tile, tile, 3), drawn once; pictures cut it at places of their own."""
    rng = generator("film grain")

    def layer(blur: float) -> Floats:
        noise = rng.standard_normal((GRAIN_TILE, GRAIN_TILE), dtype=np.float32)
        reach = round(2.5 * blur)
        weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(blur, 0.1)) ** 2)
        for axis in (0, 1):
            blurred = np.zeros_like(noise)
            for step, weight in enumerate(weights):
                # Rolling wraps around, which leaves no seam where the tile is repeated.
                blurred += np.roll(noise, step - reach, axis) * np.float32(weight)
            noise = blurred
        noise /= noise.std()
        return noise

    light = 1.1 * layer(0) + 4.2 * layer(0.8) + 1.1 * layer(2.5)
    tile = np.stack([light + 0.5 * layer(0) for _ in range(3)], axis=-1) * strength
    return np.rint(tile).astype(np.int16)


def grained(picture: Image.Image, rng: np.random.Generator, strength: float = 1.0) -> Pixels:
    """Return the picture's pixels under film grain of its own, C-contiguous.

    The grain is mostly one for the three channels, partly smoothed, and partly coloured, so that
    PNG and JPEG shrink the result by about as much as they shrink photographs.
    """
    width, height = picture.size
    tile = _grain_tile(strength)
    if max(width, height) > GRAIN_TILE:
        tile = np.tile(tile, (-(-height // GRAIN_TILE), -(-width // GRAIN_TILE), 1))
    spare = (tile.shape[0] - height + 1, tile.shape[1] - width + 1)
    top, left, turned = (int(n) for n in rng.integers(0, (*spare, 4)))
    # Turned upside down or into its negative, but not mirrored: numpy is slow on mirrored rows.
    grain = tile[:: -1 if turned & 1 else 1][top : top + height, left : left + width]
    apply = np.add if turned & 2 else np.subtract
    pixels = np.asarray(picture)
    result = np.empty_like(pixels)
    for row in range(0, height, GRAIN_ROWS):
        rows_now = slice(row, row + GRAIN_ROWS)
        sums = apply(pixels[rows_now].astype(np.int16), grain[rows_now])
        result[rows_now] = np.clip(sums, 0, 255, out=sums)
    return result
