"""Scenes in wide country: westerns and adventures."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Polygon, blend, paint_soft
from pmg.drawing.shapes import box, ellipse, height_at, mirrored, placed, polygon, ridge, stroke


def desert(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y, radius = stage.sun((0.38, 0.55), (0.2, 0.3))
    horizon = stage.y(0.76)
    sky = stage.backdrop([(-0.2, p.deep), (0.35, p.mid), (0.78, p.glow)])
    sky.glow((x, y), (radius * 2, radius * 1.8), p.light, 0.6)
    sky.clouds(stage.rng, p.mid, 0.4, (1.5, 9))
    stage.picture = sky.image()
    stage.paint([ellipse(x, y, radius)], p.light)
    mesas: list[Polygon] = []
    for spot in (stage.between(-0.05, 0.2), stage.between(0.7, 0.95)):
        half, tall = unit * stage.between(0.12, 0.24), unit * stage.between(0.14, 0.34)
        mesa = mirrored([(0.62, -1.0), (0.66, -0.6), (0.8, -0.5), (1.0, 0.1)]) * (half, tall)
        mesas += placed([mesa], stage.x(spot), horizon, 1.0)
    stage.paint(mesas, blend(p.mid, p.ink, 0.45))
    stage.land(
        ridge(stage.rng, stage.width, stage.height, horizon, (0.05 * unit, 2)),
        blend(p.mid, p.ink, 0.6),
    )
    near = ridge(stage.rng, stage.width, stage.height, stage.y(0.96), (0.06 * unit, 2))
    shade = stroke(
        polygon((x, stage.y(0.95)), (x + stage.between(-0.2, 0.2) * unit, stage.height)),
        0.05 * unit,
    )
    stage.land(near, blend(p.ink, p.deep, 0.25))
    paint_soft(stage.picture, [shade], p.ink, 0.7, 0.012 * unit)
    stage.paint(
        placed(
            figures.HATTED, x, height_at(near, x) + 0.01 * unit, unit * stage.between(0.34, 0.44)
        ),
        p.ink,
    )
    side = -1 if x > stage.width / 2 else 1
    spot = stage.x(0.5 + side * stage.between(0.26, 0.38))
    stage.paint(
        placed(
            figures.cactus(),
            spot,
            height_at(near, spot) + 0.02 * unit,
            unit * stage.between(0.3, 0.42),
            flip=side > 0,
        ),
        p.ink,
    )
    return Words(
        ("sun-baked western frontier", f"{p.name} desert light", "lone gunslinger silhouette"),
        (
            "stranger in a hat before a huge setting sun",
            "mesas and a cactus",
            f"{p.name} desert sky",
        ),
        ("He rode in alone", "The law ends here", "There is no shade at noon"),
    )


def peaks(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y, radius = stage.sun((0.2, 0.42), (0.08, 0.14))
    sky = stage.backdrop([(-0.1, p.deep), (0.35, p.mid), (0.75, p.glow)])
    sky.glow((x, y), (radius * 4, radius * 4), p.light, 0.65)
    sky.clouds(stage.rng, p.light, 0.35, (1.5, 6))
    stage.picture = sky.image()
    stage.paint([ellipse(x, y, radius)], p.light)
    castle = stage.chance(0.5)
    if castle:
        _castle(stage, stage.x(stage.between(0.35, 0.65)), stage.y(0.5))
    for depth in range(4):
        base = stage.y(0.62 + 0.12 * depth)
        land = ridge(
            stage.rng,
            stage.width,
            stage.height,
            base,
            (unit * (0.2 - 0.03 * depth), 2.5 + depth),
            sharp=True,
        )
        stage.land(land, blend(blend(p.glow, p.mid, 0.6), p.ink, 0.2 + 0.25 * depth))
        mist = box(0, base - 0.02 * unit, stage.width, base + 0.12 * unit)
        paint_soft(stage.picture, [mist], p.glow, 0.34 - 0.09 * depth, 0.05 * unit)
    side = stage.side()
    spot = stage.x(0.25 if side == "left" else 0.75)
    _crag(stage, spot, flip=side == "right")
    stage.birds(int(stage.rng.integers(4, 9)), 0.1, 0.5)
    place = ("castle on a cliff",) if castle else ()
    return Words(
        ("sweeping epic landscape", f"{p.name} mountain light", "spirit of adventure"),
        (
            "layers of misty mountains",
            *place,
            f"wanderer on a crag on the {side}",
            f"{p.name} sky with sun and birds",
        ),
        ("The journey is the treasure", "Beyond the last map", "Every legend has a first step"),
    )


def _castle(stage: Stage, x: float, ground: float) -> None:
    p, unit = stage.palette, stage.unit
    parts: list[Polygon] = [
        mirrored([(0.12, -0.02), (0.17, 0.1), (0.34, 0.6)]) * unit + (x, ground)
    ]
    for step, wide, tall in (
        (-0.09, 0.05, 0.13),
        (0, 0.08, 0.22),
        (0.085, 0.055, 0.16),
        (0.04, 0.035, 0.28),
    ):
        left, right, top = (
            x + (step - wide / 2) * unit,
            x + (step + wide / 2) * unit,
            ground - tall * unit,
        )
        parts += [
            box(left, top, right, ground),
            polygon(
                (left - 0.012 * unit, top),
                ((left + right) / 2, top - wide * 1.9 * unit),
                (right + 0.012 * unit, top),
            ),
        ]
    parts.append(box(x - 0.12 * unit, ground - 0.08 * unit, x + 0.12 * unit, ground))
    stage.paint(parts, blend(p.mid, p.ink, 0.45))
    panes = [
        ellipse(x + a * unit, ground - b * unit, 0.006 * unit, 0.012 * unit)
        for a, b in ((0, 0.16), (-0.09, 0.09), (0.085, 0.12), (0.02, 0.05))
    ]
    stage.paint(panes, p.light)


def _crag(stage: Stage, x: float, *, flip: bool) -> None:
    unit, way = stage.unit, -1 if flip else 1
    top = stage.y(0.74)
    cliff = [
        (-0.6, 0.02),
        (-0.2, -0.01),
        (0.06, 0.0),
        (0.13, 0.03),
        (0.1, 0.12),
        (0.2, 0.22),
        (0.17, 0.4),
        (0.34, 1.2),
        (-0.7, 1.2),
    ]
    stage.paint([np.array(cliff) * (way * unit, unit) + (x, top)], stage.palette.ink)
    stage.paint(placed(figures.COATED, x, top + 0.01 * unit, unit * 0.2), stage.palette.ink)
    staff = polygon((x + way * 0.045 * unit, top), (x + way * 0.05 * unit, top - 0.2 * unit))
    stage.paint([stroke(staff, 0.006 * unit)], stage.palette.ink)
