"""Scenes in bright flat colours: comedies, cartoons, films for children."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Color, blend, paint_soft
from pmg.drawing.shapes import (
    box,
    ellipse,
    height_at,
    mirrored,
    placed,
    polygon,
    ridge,
    smooth,
    stroke,
)


def balloons(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y = stage.x(stage.between(0.44, 0.56)), stage.y(stage.between(0.36, 0.46))
    burst = stage.backdrop([(0, p.deep), (1, p.mid)])
    burst.glow((x, y), (0.6 * unit, 0.6 * unit), p.light, 0.6)
    stage.picture = burst.image()
    _rays(stage, x, y, int(stage.rng.integers(10, 18)), p.glow, 0.5)
    _confetti(stage, 45)
    knot = (x, stage.y(0.92))
    inks = [
        p.accent,
        p.ink,
        p.light,
        blend(p.accent, p.light, 0.5),
        blend(p.deep, p.ink, 0.3),
        p.accent,
        p.deep,
    ]
    count = int(stage.rng.integers(5, 8))
    spots = np.linspace(-1, 1, count)
    places = [
        (x + s * 0.3 * unit, y + (0.16 * s * s + stage.between(-0.05, 0.08)) * unit) for s in spots
    ]
    stage.paint(
        [
            stroke(
                np.array([(a, b), ((a + x) / 2, (b + knot[1]) / 2 + 0.06 * unit), knot]),
                0.004 * unit,
            )
            for a, b in places
        ],
        p.ink,
    )
    for (a, b), color in zip(places, inks, strict=False):
        size = stage.between(0.27, 0.34) * unit
        stage.paint(placed(figures.balloon(), a, b, size), color, 0.95)
        stage.paint(
            [ellipse(a - 0.15 * size, b - 0.72 * size, 0.05 * size, 0.11 * size, 0.5)],
            p.light,
            0.75,
        )
    child = stage.chance(0.5)
    if child:
        stage.paint(placed(figures.WOMAN, x, stage.y(1.03), 0.3 * unit), p.ink)
    who = ("girl in silhouette holding the strings",) if child else ()
    return Words(
        ("playful party colours", f"{p.name} sunburst", "light-hearted fun"),
        (f"bunch of {count} balloons", "sunburst rays", "confetti", *who, f"{p.name} background"),
        ("What could possibly go wrong?", "Life is better with company", "Let it fly"),
    )


def _rays(stage: Stage, x: float, y: float, count: int, color: Color, opacity: float) -> None:
    reach = stage.width + stage.height
    start = stage.between(0, 2 * np.pi)
    turns = start + np.arange(count) * 2 * np.pi / count
    half = np.pi / count / 2
    rays = [
        polygon(
            (x, y),
            (x + reach * np.cos(a - half), y + reach * np.sin(a - half)),
            (x + reach * np.cos(a + half), y + reach * np.sin(a + half)),
        )
        for a in turns
    ]
    stage.paint(rays, color, opacity)


def _confetti(stage: Stage, count: int) -> None:
    p, unit = stage.palette, stage.unit
    for color in (p.accent, p.light, p.ink):
        paper = []
        for _ in range(count // 3):
            middle = np.array([stage.x(stage.rng.random()), stage.rng.random() * stage.height])
            step = unit * 0.014 * np.array([np.cos(a := stage.between(0, 6.3)), np.sin(a)])
            paper.append(stroke(np.array([middle - step, middle + step]), 0.012 * unit))
        stage.paint(paper, color, 0.9)


def disguise(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y = stage.x(0.5), stage.y(stage.between(0.48, 0.56))
    flat = stage.backdrop([(0, p.mid), (1, p.deep)])
    flat.clouds(stage.rng, p.glow, 0.25, (3, 3))
    stage.picture = flat.image()
    rayed = stage.chance(0.5)
    if rayed:
        _rays(stage, x, y, 14, p.glow, 0.4)
    else:
        dots = [
            ellipse(
                stage.x((n % 9 + 0.5 * (n // 9 % 2)) / 8.5),
                stage.height * (n // 9) / 12,
                0.024 * unit,
            )
            for n in range(117)
        ]
        stage.paint(dots, p.glow, 0.5)
    s = unit * stage.between(0.36, 0.44)
    bowler = stage.chance(0.5)
    _face(stage, x, y, s, bowler=bowler)
    name = "bowler hat" if bowler else "top hat"
    return Words(
        ("bold cartoonish graphic", f"cheerful {p.name} pop colours", "tongue-in-cheek humour"),
        (
            f"face made of a {name}, round glasses and a moustache",
            "sunburst rays" if rayed else "polka dots",
            f"{p.name} background",
        ),
        ("The wrong man for the job", "He had one simple task", "Trust him. Or better not."),
    )


def _face(stage: Stage, x: float, y: float, s: float, *, bowler: bool) -> None:
    p = stage.palette
    stage.paint([ellipse(x, y, 0.92 * s)], p.light)
    if bowler:
        hat = [
            ellipse(0, -0.5, 0.95, 0.09),
            smooth(mirrored([(0.2, -1.12), (0.5, -1.02), (0.58, -0.5)])),
        ]
    else:
        hat = [box(-0.9, -0.55, 0.9, -0.45), box(-0.55, -1.25, 0.55, -0.5)]
    stage.paint([part * s + (x, y) for part in hat], p.ink)
    stage.paint([box(-0.555, -0.68, 0.555, -0.55) * s + (x, y)], p.accent)
    frames = [ellipse(d, -0.12, 0.27) for d in (-0.36, 0.36)]
    bridge = stroke(polygon((-0.12, -0.14), (0, -0.2), (0.12, -0.14)), 0.06)
    stage.paint([part * s + (x, y) for part in (*frames, bridge)], p.ink)
    stage.paint([ellipse(d, -0.12, 0.2) * s + (x, y) for d in (-0.36, 0.36)], p.glow)
    look = stage.between(-0.08, 0.08)
    stage.paint([ellipse(d + look, -0.1, 0.08) * s + (x, y) for d in (-0.36, 0.36)], p.ink)
    curl = mirrored(
        [
            (0.0, 0.26),
            (0.16, 0.2),
            (0.36, 0.28),
            (0.56, 0.24),
            (0.66, 0.1),
            (0.7, 0.3),
            (0.5, 0.46),
            (0.2, 0.44),
            (0.0, 0.34),
        ]
    )
    stage.paint([smooth(curl, 1) * s + (x, y)], p.ink)


def storybook(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    sky = stage.backdrop([(-0.1, p.deep), (0.4, p.mid), (0.8, p.glow)])
    sky.glow((stage.x(0.5), stage.y(0.7)), (0.6 * unit, 0.3 * unit), p.light, 0.6)
    stage.picture = sky.image()
    for _ in range(5):
        _cloud(
            stage,
            stage.x(stage.between(0, 1)),
            stage.y(stage.between(0, 0.6)),
            unit * stage.between(0.05, 0.09),
        )
    count = int(stage.rng.integers(1, 4))
    for spot, height, size in ((0.5, 0.3, 0.4), (0.18, 0.16, 0.2), (0.83, 0.2, 0.17))[:count]:
        _air_balloon(
            stage,
            stage.x(spot + stage.between(-0.06, 0.06)),
            stage.y(height + stage.between(-0.04, 0.1)),
            size * unit,
        )
    for depth in range(3):
        base = stage.y(0.8 + 0.1 * depth)
        land = ridge(stage.rng, stage.width, stage.height, base, (0.1 * unit, 1.5 + 0.5 * depth))
        color = blend(blend(p.mid, p.accent, 0.12 * depth), p.ink, 0.15 + 0.22 * depth)
        stage.land(land, color)
        for _ in range(4):
            x = stage.x(stage.rng.random())
            y = height_at(land, x) + 0.01 * unit
            tall = unit * stage.between(0.08, 0.13) * (1 + 0.4 * depth)
            stage.paint(placed(figures.pine(), x, y, tall), blend(color, p.ink, 0.45))
    what = ("a hot-air balloon", "two hot-air balloons", "three hot-air balloons")[count - 1]
    return Words(
        ("whimsical storybook landscape", f"soft {p.name} palette", "childlike wonder"),
        (f"{what} over rolling hills", "puffy clouds and fir trees", f"{p.name} sky"),
        ("Up, up and far away", "Big dreams come in small sizes", "The sky has no fences"),
    )


def _cloud(stage: Stage, x: float, y: float, size: float) -> None:
    puffs = [
        ellipse(x + step * size, y - rise * size, size * wide)
        for step, rise, wide in (
            (-1.3, 0, 0.55),
            (-0.5, 0.35, 0.8),
            (0.5, 0.25, 0.75),
            (1.3, 0, 0.5),
        )
    ]
    puffs.append(box(x - 1.3 * size, y, x + 1.3 * size, y + 0.5 * size))
    stage.paint(puffs, stage.palette.light, 0.8)


def _air_balloon(stage: Stage, x: float, y: float, size: float) -> None:
    p = stage.palette
    half = size / 2
    skin = smooth(
        mirrored([(0.0, -1.0), (0.6, -0.98), (1.0, -0.5), (0.98, 0.1), (0.5, 0.75), (0.16, 1.05)])
    )
    stage.paint([skin * half + (x, y)], p.accent)
    for share, color in ((0.66, p.light), (0.3, p.accent)):
        stage.paint([skin * (half * share, half) + (x, y)], color)
    shadow = skin[skin[:, 0] > skin[:, 0].max() / 5] * half + (x, y)
    paint_soft(stage.picture, [shadow], p.ink, 0.25, size * 0.06)
    ropes = [
        stroke(
            polygon((x + s * 0.15 * half, y + 1.02 * half), (x + s * 0.13 * half, y + 1.4 * half)),
            0.02 * half,
        )
        for s in (-1, 1)
    ]
    stage.paint(
        [*ropes, box(x - 0.17 * half, y + 1.36 * half, x + 0.17 * half, y + 1.62 * half)], p.ink
    )
