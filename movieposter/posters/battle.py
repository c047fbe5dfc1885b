"""Scenes of fire and smoke: action and war."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Polygon, blend, paint_soft
from pmg.drawing.shapes import ellipse, height_at, placed, polygon, ridge, stroke


def blaze(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    ground, heart = stage.y(0.94), (stage.x(stage.between(0.35, 0.65)), stage.y(0.6))
    sky = stage.backdrop([(-0.2, p.ink), (0.4, p.deep), (1.0, p.mid)])
    sky.glow(heart, (0.7 * unit, 0.6 * unit), p.accent, 0.6)
    sky.clouds(stage.rng, p.ink, 0.85, (2, 3), 0.48)
    sky.clouds(stage.rng, p.accent, 0.5, (3, 4), 0.55)
    sky.glow(heart, (0.42 * unit, 0.38 * unit), p.glow, 0.8)
    sky.glow(heart, (0.2 * unit, 0.24 * unit), p.light, 0.95)
    stage.picture = sky.image()
    rays = [
        stroke(
            np.array(
                [heart, (heart[0] + 1.4 * unit * np.cos(a), heart[1] + 1.4 * unit * np.sin(a))]
            ),
            [0.01 * unit, 0.2 * unit],
        )
        for a in stage.rng.uniform(-2.8, -0.3, 5)
    ]
    paint_soft(stage.picture, rays, p.glow, 0.22, 0.02 * unit)
    _ruins(stage, ground)
    heroes = int(stage.rng.integers(1, 4))
    cast = [figures.MAN, figures.WOMAN, figures.WALKER, figures.COATED]
    order = stage.rng.permutation(4)
    spots = {1: [0.5], 2: [0.38, 0.62], 3: [0.29, 0.71, 0.5]}[heroes]
    for number, spot in enumerate(spots):
        size = unit * (0.62 if spot == 0.5 else 0.5)  # noqa: PLR2004 - the middle of the picture
        figure = placed(cast[order[number]], stage.x(spot), ground, size)
        stage.paint([f - (0.006 * unit, 0.004 * unit) for f in figure], p.glow, 0.8)
        stage.paint(figure, p.ink)
    stage.land(
        ridge(stage.rng, stage.width, stage.height, ground, (0.03 * unit, 7), sharp=True), p.ink
    )
    _embers(stage)
    who = ("lone hero", "two heroes", "three heroes")[heroes - 1]
    return Words(
        ("explosive fiery backdrop", "heroic silhouettes", f"high-contrast {p.name} palette"),
        (
            f"{who} in silhouette before an explosion",
            "flying embers and smoke",
            "ruined city on the horizon",
            f"{p.name} fire",
        ),
        ("No backup. No way out.", "This time it is personal", "The clock has run out"),
    )


def _ruins(stage: Stage, ground: float) -> None:
    p, unit, left = stage.palette, stage.unit, -0.02 * stage.width
    houses: list[Polygon] = []
    while left < stage.width:
        right = left + stage.between(0.06, 0.14) * unit
        a, b, c = (ground - stage.between(0.06, 0.34) * unit for _ in range(3))
        middle = left + (right - left) * stage.between(0.3, 0.7)
        houses.append(
            polygon(
                (left, ground + unit), (left, a), (middle, b), (right, c), (right, ground + unit)
            )
        )
        left = right + stage.between(0, 0.05) * unit
    stage.paint(houses, blend(p.ink, p.mid, 0.35))


def _embers(stage: Stage) -> None:
    rng, unit = stage.rng, stage.unit
    places = rng.random((70, 2)) * (stage.width, stage.height)
    sizes = unit * (0.0016 + 0.006 * rng.random(70) ** 3)
    sparks = [ellipse(x, y, r, r * 2.2, -0.6)[::2] for (x, y), r in zip(places, sizes, strict=True)]
    stage.paint(sparks[:45], stage.palette.accent, 0.9)
    stage.paint(sparks[45:], stage.palette.light)


def front_line(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    horizon = stage.y(0.84)
    sky = stage.backdrop([(-0.2, p.deep), (0.5, p.mid), (0.95, p.glow)])
    sky.clouds(stage.rng, p.ink, 0.75, (2, 4), 0.5)
    sun = (stage.x(stage.between(0.25, 0.75)), horizon - 0.1 * unit)
    sky.glow(sun, (0.4 * unit, 0.3 * unit), p.light, 0.8)
    stage.picture = sky.image()
    stage.paint([ellipse(*sun, 0.12 * unit)], p.accent, 0.85)
    beams = [
        stroke(
            np.array([(stage.x(a), horizon), (stage.x(a + b), stage.y(-0.3))]),
            [0.015 * unit, 0.16 * unit],
        )
        for a, b in ((0.15, 0.3), (0.8, -0.25))
    ]
    paint_soft(stage.picture, beams, p.light, 0.3, 0.015 * unit)
    planes = [
        part
        for n in range(5)
        for part in placed(
            figures.plane(), stage.x(0.2 + 0.15 * n), stage.y(0.12 + 0.07 * abs(n - 2)), 0.13 * unit
        )
    ]
    stage.paint(planes, p.ink, 0.9)
    land = ridge(stage.rng, stage.width, stage.height, horizon, (0.07 * unit, 3))
    stage.land(land, p.ink)
    count = int(stage.rng.integers(4, 7))
    flip = stage.chance(0.5)
    for spot in np.linspace(0.12, 0.88, count) + stage.rng.uniform(-0.03, 0.03, count):
        x = stage.x(float(spot))
        y = height_at(land, x)
        stage.paint(
            placed(
                figures.SOLDIER, x, y + 0.01 * unit, stage.between(0.24, 0.28) * unit, flip=flip
            ),
            p.ink,
        )
    return Words(
        ("solemn war epic", f"smoky {p.name} sky", "silhouettes against a low sun"),
        (
            f"{count} soldiers marching along a ridge in silhouette",
            "planes and searchlights",
            f"{p.name} smoke and setting sun",
        ),
        ("They went so others could stay", "The longest day of their lives", "Hold the line"),
    )
