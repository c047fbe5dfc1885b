"""Scenes on the way: a boat at sea, a car on the road."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import blend, paint_soft, shine
from pmg.drawing.shapes import box, ellipse, mirrored, placed, polygon, ridge, stroke


def sea(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y, radius = stage.sun((0.22, 0.42), (0.12, 0.19))
    horizon = stage.y(0.52)
    sky = stage.backdrop(
        [(-0.1, p.deep), (0.3, p.mid), (0.52, p.glow), (0.53, p.mid), (1.1, p.deep)]
    )
    sky.glow((x, y), (radius * 2.5, radius * 2.5), p.light, 0.6)
    sky.clouds(stage.rng, p.light, 0.3, (1.5, 8))
    stage.picture = sky.image()
    stage.paint([ellipse(x, y, radius)], p.light)
    stage.paint([box(0, horizon, stage.width, stage.height)], blend(p.mid, p.deep, 0.5), 0.8)
    glints = []
    for step in stage.rng.random(46) ** 1.5:
        half = radius * stage.between(0.1, 0.5) * (1 + step)
        middle = x + stage.between(-0.6, 0.6) * radius
        glints.append(
            ellipse(
                middle, horizon + 0.01 * unit + step * 0.4 * unit, half, 0.004 * unit * (1 + step)
            )
        )
    stage.paint(glints, p.light, 0.75)
    for depth in range(5):
        _wave(stage, depth)
        if depth == 1:
            side = stage.side()
            spot = stage.x(stage.between(0.2, 0.36) if side == "left" else stage.between(0.64, 0.8))
            stage.paint(
                placed(figures.boat(), spot, stage.y(0.69), unit * stage.between(0.24, 0.34)), p.ink
            )
    stage.birds(5, 0.08, 0.4)
    return Words(
        ("calm wide seascape", f"{p.name} light on the water", "wistful solitude"),
        (f"sailing boat on the {side}", "large sun over rolling waves", f"{p.name} sea and sky"),
        ("Some shores you never leave", "What the tide brought back", "Carry me home"),
    )


def _wave(stage: Stage, depth: int) -> None:
    p, unit = stage.palette, stage.unit
    across = np.linspace(-0.02, 1.02, 100)
    swell = np.sin(across * (16 - 2 * depth) + stage.between(0, 6)) + 0.4 * np.sin(
        across * 31 + depth
    )
    base = stage.y(0.64 + 0.1 * depth)
    crest = np.column_stack((across * stage.width, base - swell * unit * (0.008 + 0.005 * depth)))
    below = np.array([[1.02 * stage.width, stage.height], [-0.02 * stage.width, stage.height]])
    stage.land(np.concatenate((crest, below)), blend(p.mid, p.ink, 0.22 + 0.15 * depth))
    stage.paint([stroke(crest, 0.005 * unit)], p.glow, 0.4)


def open_road(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    horizon, x = stage.y(0.6), stage.x(stage.between(0.35, 0.65))
    radius = unit * stage.between(0.1, 0.17)
    sky = stage.backdrop(
        [
            (-0.2, p.deep),
            (0.3, p.mid),
            (0.62, p.glow),
            (0.63, blend(p.mid, p.ink, 0.3)),
            (1.2, p.ink),
        ]
    )
    sky.clouds(stage.rng, p.light, 0.5, (1.5, 6))
    sky.glow((x, horizon), (0.5 * unit, 0.25 * unit), p.light, 0.7)
    stage.picture = sky.image()
    stage.paint([ellipse(x, horizon - 0.3 * radius, radius)], p.light)
    hills = ridge(stage.rng, stage.width, horizon, horizon, (0.08 * unit, 4), sharp=True)
    stage.paint([hills], blend(p.mid, p.ink, 0.5))
    stage.ground(0.6, blend(blend(p.mid, p.deep, 0.5), p.ink, 0.5))
    paint_soft(
        stage.picture,
        [box(0, horizon, stage.width, horizon + 0.03 * unit)],
        p.glow,
        0.35,
        0.02 * unit,
    )
    foot = stage.height * 1.02
    _road(stage, x, horizon, foot)
    _poles(stage, x, horizon, stage.side())
    _car(stage, x + (stage.x(0.72) - x) * 0.3, horizon + (foot - horizon) * 0.27, 0.17 * unit)
    return Words(
        ("restless road movie", f"{p.name} horizon", "freedom and distance"),
        (
            "car on a straight road to the horizon",
            "telegraph poles",
            "setting sun over hills",
            f"{p.name} sky",
        ),
        ("No map. No plan. No way back.", "The long way home", "Keep driving"),
    )


def _road(stage: Stage, x: float, horizon: float, foot: float) -> None:
    p, unit = stage.palette, stage.unit
    stage.paint(
        [
            polygon(
                (x - 0.006 * unit, horizon),
                (x + 0.006 * unit, horizon),
                (stage.x(0.95), foot),
                (stage.x(0.05), foot),
            )
        ],
        blend(p.ink, p.mid, 0.12),
    )
    stage.paint(
        [
            polygon(
                (x, horizon), (x, horizon), (stage.x(e + 0.012), foot), (stage.x(e - 0.012), foot)
            )
            for e in (0.1, 0.9)
        ],
        p.glow,
        0.7,
    )
    dashes = []
    for near, far in ((0.06, 0.04), (0.13, 0.09), (0.26, 0.18), (0.5, 0.36), (1.0, 0.7)):
        ends = [(x + (stage.x(0.5) - x) * s, horizon + (foot - horizon) * s) for s in (far, near)]
        dashes.append(stroke(np.array(ends), [0.02 * unit * far + 0.5, 0.02 * unit * near + 0.5]))
    stage.paint(dashes, p.accent, 0.9)


def _poles(stage: Stage, x: float, horizon: float, side: str) -> None:
    way, unit = (-1 if side == "left" else 1), stage.unit
    tops, parts = [], []
    for near in (0.02, 0.06, 0.14, 0.3, 0.6, 1.3):
        foot = (x + way * (0.05 + 0.62 * near) * unit, horizon + 0.36 * near * unit)
        tall, wide = (0.03 + 0.8 * near) * unit, (0.004 + 0.012 * near) * unit
        top = (foot[0], foot[1] - tall)
        bar = 0.16 * tall
        parts.append(stroke(np.array([foot, top]), wide))
        parts.append(
            stroke(
                polygon((top[0] - bar, top[1] + bar / 2), (top[0] + bar, top[1] + bar / 2)), wide
            )
        )
        tops.append((top[0], top[1] + bar / 2))
    parts.append(stroke(np.array(tops), 0.004 * unit))
    stage.paint(parts, stage.palette.ink)


def _car(stage: Stage, x: float, y: float, size: float) -> None:
    p = stage.palette
    body = [
        mirrored([(0.26, -0.62), (0.34, -0.36), (0.48, -0.32), (0.5, -0.06), (0.46, -0.06)]),
        box(-0.44, -0.1, -0.28, 0.04),
        box(0.28, -0.1, 0.44, 0.04),
    ]
    paint_soft(stage.picture, [ellipse(x, y, 0.6 * size, 0.08 * size)], p.ink, 0.7, 0.05 * size)
    stage.paint([part * size + (x, y) for part in body], blend(p.ink, p.accent, 0.3))
    stage.paint([mirrored([(0.21, -0.57), (0.27, -0.38)]) * size + (x, y)], p.glow)
    for lamp in (-0.37, 0.37):
        spot = (x + lamp * size, y - 0.22 * size)
        stage.paint([ellipse(*spot, 0.06 * size, 0.045 * size)], p.accent)
        shine(stage.picture, spot, (0.16 * size, 0.16 * size), p.accent, 0.7)
