"""Scenes among planets: science fiction."""

import numpy as np
from PIL import Image

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Color, Floats, Polygon, blend, paint_soft, shine, value_noise
from pmg.drawing.shapes import box, ellipse, height_at, placed, ridge, stroke


def planet(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    sky = stage.backdrop([(0, blend(p.ink, p.deep, 0.3)), (1, blend(p.ink, p.deep, 0.9))])
    sky.clouds(stage.rng, p.mid, 0.8, (1.5, 2), 0.42)
    sky.clouds(stage.rng, p.accent, 0.4, (2, 3), 0.52)
    stage.picture = sky.image()
    _stars(stage, 200)
    side = stage.side()
    x = stage.x(stage.between(0.3, 0.42) if side == "left" else stage.between(0.58, 0.7))
    y, radius = stage.y(stage.between(0.4, 0.56)), unit * stage.between(0.22, 0.32)
    tilt = stage.between(-0.5, 0.5)
    ringed = stage.chance(0.6)
    if ringed:
        rings = [ellipse(x, y, radius * r, radius * r * 0.28, tilt) for r in (1.85, 1.6, 1.5, 1.3)]
        behind = [np.concatenate((ring, ring[:1])) for ring in rings]
        bands = [
            np.concatenate((behind[0], behind[1][::-1])),
            np.concatenate((behind[2], behind[3][::-1])),
        ]
        stage.paint(bands, p.light, 0.75)
    _hang(stage, x, y, radius, p.mid, p.glow)
    if ringed:
        half = len(rings[0]) // 2
        bands = [np.concatenate((rings[i][: half + 1], rings[i + 1][half::-1])) for i in (0, 2)]
        stage.paint(bands, p.light, 0.9)
    moon_x = stage.x(0.8 if side == "left" else 0.2)
    _hang(stage, moon_x, stage.y(stage.between(0.05, 0.2)), radius * 0.22, p.deep, p.light)
    _rocket(
        stage, x=stage.x(0.72 if side == "left" else 0.28), y=stage.y(0.84), flip=side == "left"
    )
    what = "ringed planet" if ringed else "banded planet"
    return Words(
        ("vast starry space", f"{p.name} nebula", "sense of cosmic wonder"),
        (
            f"large {what} on the {side}",
            "small moon",
            "rocket with a bright trail",
            f"{p.name} nebula and stars",
        ),
        ("The stars were only the beginning", "Farther than anyone", "Someone is out there"),
    )


def _stars(stage: Stage, count: int) -> None:
    """Sprinkle stars, most of them faint; their number is for a picture of any size."""
    places = stage.rng.random((count, 2)) * (stage.width, stage.height)
    sizes = stage.unit * (0.0012 + 0.0028 * stage.rng.random(count) ** 6)
    stars = [ellipse(x, y, size)[::4] for (x, y), size in zip(places, sizes, strict=True)]
    half = count * 2 // 3
    stage.paint(stars[:half], stage.palette.glow, 0.55)
    stage.paint(stars[half:], stage.palette.light)


def _hang(stage: Stage, x: float, y: float, radius: float, dark: Color, bright: Color) -> None:
    """Hang a planet in the sky, however much of it the edges cut off."""
    filling = Image.new("RGB", stage.picture.size, dark)
    filling.paste(_sphere(stage, radius, dark, bright), (round(x - radius), round(y - radius)))
    shine(stage.picture, (x, y), (radius * 0.85, radius * 0.85), bright, 0.7)
    stage.paint([ellipse(x, y, radius - 0.5)], filling)


def _sphere(stage: Stage, radius: float, dark: Color, bright: Color) -> Image.Image:
    """Return a planet that fills a square of twice the radius, lit from one side."""
    side = max(4, min(160, round(radius / 2)))
    grid: Floats = np.linspace(-1, 1, side, dtype=np.float32)
    x, y = grid[None, :], grid[:, None]
    z = np.sqrt(np.clip(1 - x * x - y * y, 0, 1))
    angle = stage.between(-2.6, -0.5)
    light = np.clip(0.8 * (x * np.cos(angle) + y * np.sin(angle)) + 0.5 * z, 0, 1) ** 0.9
    bands = value_noise(stage.rng, side, side, (2, 9) if stage.chance(0.6) else (4, 4), 4)
    bands = np.clip((bands - 0.5) * 2.4 + 0.5, 0, 1)[:, :, None]
    surface = np.asarray(dark, np.float32) * (1 - bands) + np.asarray(bright, np.float32) * bands
    lit = surface * (0.08 + 1.05 * light[:, :, None])
    image = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    full = max(1, round(2 * radius))
    return image.resize((full, full), Image.Resampling.BICUBIC)


def _rocket(stage: Stage, x: float, y: float, *, flip: bool) -> None:
    unit, way = stage.unit, -1 if flip else 1
    tail = (x - way * 0.5 * unit, y + 0.32 * unit)
    paint_soft(
        stage.picture,
        [_beam(tail, (x, y), 0.002 * unit, 0.016 * unit)],
        stage.palette.light,
        0.9,
        0.006 * unit,
    )
    stage.paint(
        [
            _beam(
                (x - way * 0.03 * unit, y + 0.02 * unit),
                (x + way * 0.06 * unit, y - 0.04 * unit),
                0.026 * unit,
                0.001 * unit,
            )
        ],
        stage.palette.light,
    )
    shine(
        stage.picture,
        (x - way * 0.03 * unit, y + 0.02 * unit),
        (0.05 * unit,) * 2,
        stage.palette.accent,
        0.9,
    )


def far_shore(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, horizon = stage.x(stage.between(0.3, 0.7)), stage.y(0.72)
    radius = unit * stage.between(0.36, 0.46)
    sky = stage.backdrop([(-0.2, p.ink), (0.4, p.deep), (0.75, p.mid)])
    sky.clouds(stage.rng, p.mid, 0.5, (1.5, 3))
    sky.glow((x, horizon), (stage.width * 0.7, unit * 0.3), p.glow, 0.8)
    stage.picture = sky.image()
    _stars(stage, 130)
    _hang(stage, x, horizon - radius * stage.between(0.45, 0.8), radius, p.mid, p.light)
    paint_soft(
        stage.picture,
        [box(0, horizon - 0.1 * unit, stage.width, horizon + 0.2 * unit)],
        p.glow,
        0.6,
        0.06 * unit,
    )
    far = ridge(stage.rng, stage.width, stage.height, horizon, (0.1 * unit, 4), sharp=True)
    near = ridge(stage.rng, stage.width, stage.height, stage.y(0.95), (0.09 * unit, 2))
    stage.land(far, blend(p.mid, p.ink, 0.5))
    stage.land(near, p.ink)
    ground = height_at(near, x)
    stage.paint(placed(figures.WALKER, x, ground + 0.01 * unit, 0.2 * unit), p.ink)
    return Words(
        (
            "epic scale, tiny human figure",
            f"otherworldly {p.name} light",
            "giant planet in the sky",
        ),
        (
            "giant planet over an alien horizon",
            "small walking figure in silhouette on a ridge",
            f"starry {p.name} sky",
        ),
        ("No one has ever come back", "Earth was never home", "The silence has a name"),
    )


def _beam(
    start: tuple[float, float], end: tuple[float, float], narrow: float, wide: float
) -> Polygon:
    return stroke(np.array([start, end]), [narrow, wide])
