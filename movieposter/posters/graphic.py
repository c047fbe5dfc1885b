"""Scenes as graphic designers print them: mysteries, documentaries, drama."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Polygon, blend, paint_soft
from pmg.drawing.shapes import box, ellipse, height_at, placed, polygon, ridge, smooth, stroke


def spiral(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y = stage.x(stage.between(0.42, 0.58)), stage.y(stage.between(0.42, 0.54))
    paper = stage.backdrop([(0, p.mid), (1, blend(p.mid, p.deep, 0.7))])
    paper.clouds(stage.rng, p.deep, 0.4, (3, 4))
    stage.picture = paper.image()
    arms, turns = int(stage.rng.integers(2, 5)), stage.between(1.2, 2.2)
    way = 1 if stage.chance(0.5) else -1
    t = np.linspace(0, 1, 120)
    for arm in range(arms):
        angle = way * (2 * np.pi * turns * t**0.6) + 2 * np.pi * arm / arms
        reach = unit * (0.03 + 1.0 * t**1.3)
        line = np.column_stack((x + reach * np.cos(angle), y + reach * np.sin(angle)))
        stage.paint(
            [stroke(line, (0.012 + 0.16 * t**1.2) * unit)], p.light if arm % 2 else p.ink, 0.92
        )
    stage.paint([ellipse(x, y, 0.15 * unit)], p.accent)
    tilt = stage.between(0.3, 0.9) * way
    cos, sin = np.cos(tilt), np.sin(tilt)
    turn = np.array([[cos, sin], [-sin, cos]])
    figure = [part @ turn for part in placed(figures.FALLER, 0, 0.5, 1.0)]
    stage.paint(placed(figure, x, y, 0.34 * unit), p.ink)
    return Words(
        ("hypnotic spiral graphic", "unsettling psychological mood", f"bold {p.name} print look"),
        (
            f"spiral with {arms} arms",
            "falling figure in silhouette at the centre",
            f"{p.name} background",
        ),
        ("Trust nothing you remember", "The truth turns on itself", "Look again"),
    )


def mosaic(stage: Stage) -> Words:
    p = stage.palette
    columns = int(stage.rng.integers(4, 6))
    side = stage.width / columns
    rows = max(1, int((stage.y(0.97) - stage.y(0.0)) / side))
    top = (stage.y(0.5) - rows * side / 2) if stage.title_above else stage.y(0.97) - rows * side
    paper = stage.backdrop([(0, blend(p.glow, p.light, 0.5)), (1, p.glow)])
    paper.clouds(stage.rng, p.mid, 0.15, (3, 4), 0.4)
    stage.picture = paper.image()
    inks = [p.ink, p.deep, p.mid, p.accent, p.light]
    layers: dict[int, list[Polygon]] = {number: [] for number in range(2 * len(inks))}
    for cell in range(columns * rows):
        left, upper = side * (cell % columns), top + side * (cell // columns)
        ground, figure = (int(n) for n in stage.rng.choice(len(inks), 2, replace=False))
        layers[ground].append(box(left, upper, left + side, upper + side))
        layers[len(inks) + figure] += _tile(stage, left, upper, side)
    for number, outlines in layers.items():
        stage.paint(outlines, inks[number % len(inks)])
    return Words(
        ("modernist geometric design", f"flat {p.name} colour blocks", "clean graphic minimalism"),
        (
            f"grid of circles and quarter circles, {columns} columns",
            "flat geometric shapes",
            f"{p.name} colours on pale paper",
        ),
        ("See it as it is", "A true story", "The world, piece by piece"),
    )


def _tile(stage: Stage, left: float, top: float, side: float) -> list[Polygon]:
    """Return the shape in one field of the mosaic."""
    kind, turn = int(stage.rng.integers(5)), int(stage.rng.integers(4))
    if kind == 0:
        return [ellipse(left + side / 2, top + side / 2, side * 0.32)]
    angles = np.linspace(0, np.pi / 2, 24)
    arc = np.column_stack((np.cos(angles), np.sin(angles)))
    shape = {
        1: np.concatenate((arc, [[0.0, 0.0]])),
        2: np.concatenate((arc, arc[::-1] * 0.5)),
        3: np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),
        4: np.array([[0.0, 0.35], [1.0, 0.35], [1.0, 0.65], [0.0, 0.65]]),
    }[kind]
    shape = shape if turn < 2 else shape[:, ::-1]  # noqa: PLR2004 - two of the four turns
    shape = shape if turn % 2 else 1 - shape
    return [shape * side + (left, top)]


PROFILE = smooth(
    polygon(
        (-0.62, 1.1), (-0.46, 0.62), (-0.24, 0.5), (-0.24, 0.3), (-0.36, 0.12), (-0.42, -0.12),
        (-0.38, -0.36), (-0.22, -0.54), (0.02, -0.6), (0.22, -0.54), (0.34, -0.38), (0.36, -0.24),
        (0.34, -0.16), (0.39, -0.09), (0.47, 0.04), (0.46, 0.08), (0.38, 0.1), (0.385, 0.14),
        (0.42, 0.18), (0.39, 0.215), (0.405, 0.25), (0.365, 0.28), (0.375, 0.35), (0.32, 0.42),
        (0.16, 0.41), (0.1, 0.47), (0.14, 0.58), (0.34, 0.68), (0.46, 1.1),
    )
)  # fmt: skip  # fmt: skip


def inner_world(stage: Stage) -> Words:
    """Draw a head in profile that is filled with a landscape, as if exposed twice."""
    p, unit = stage.palette, stage.unit
    flip = stage.chance(0.5)
    size = unit * stage.between(0.66, 0.76)
    x, y = stage.x(0.5 + (0.04 if flip else -0.04)), stage.y(0.48)
    inside = stage.backdrop([(0.05, p.deep), (0.4, p.mid), (0.75, p.glow)])
    sun = (x + stage.between(-0.1, 0.1) * unit, y - stage.between(0.02, 0.2) * unit)
    inside.glow(sun, (0.3 * unit, 0.3 * unit), p.light, 0.8)
    inside.clouds(stage.rng, p.light, 0.35, (2, 6))
    paper = stage.backdrop([(0, blend(p.light, p.glow, 0.25)), (1, blend(p.light, p.glow, 0.7))])
    paper.clouds(stage.rng, p.mid, 0.22, (2, 3), 0.4)
    stage.picture = inside.image()
    stage.paint([ellipse(*sun, 0.1 * unit)], p.light, 0.9)
    forest = stage.chance(0.55)
    for depth in range(3):
        base = y + (0.2 + 0.15 * depth) * size
        land = ridge(stage.rng, stage.width, stage.height, base, (0.12 * unit, 3), sharp=not forest)
        color = blend(p.mid, p.ink, 0.3 + 0.3 * depth)
        stage.land(land, color)
        spots = stage.rng.random(26 if forest else 0)
        stage.paint(
            [
                part
                for spot in spots
                for part in placed(
                    figures.pine(),
                    stage.x(spot),
                    height_at(land, stage.x(spot)) + 3,
                    unit * stage.between(0.1, 0.16),
                )
            ],
            color,
        )
    _birds_in(stage, sun)
    filling, stage.picture = stage.picture, paper.image()
    stage.paint(placed([PROFILE], x, y, size, flip=flip), filling)
    if not stage.title_above:
        # The shoulders fade into the paper, where the title stands.
        fade = box(-unit, stage.y(1.02), stage.width + unit, stage.height + unit)
        paint_soft(stage.picture, [fade], blend(p.light, p.glow, 0.6), 0.93, 0.05 * unit)
    side, land_name = "left" if flip else "right", "fir forest" if forest else "mountain range"
    return Words(
        ("double-exposure portrait", f"contemplative {p.name} tones", "poetic inner world"),
        (
            f"head in profile facing {side}, filled with a {land_name} at sunset",
            "birds before a sun",
            f"{p.name} colours on pale paper",
        ),
        ("Some journeys are within", "Everything he never said", "Remember who you were"),
    )


def _birds_in(stage: Stage, sun: tuple[float, float]) -> None:
    unit = stage.unit
    flock = [
        part
        for _ in range(6)
        for part in placed(
            figures.bird(),
            sun[0] + stage.between(-0.2, 0.2) * unit,
            sun[1] + stage.between(-0.16, 0.1) * unit,
            unit * stage.between(0.025, 0.05),
        )
    ]
    stage.paint(flock, stage.palette.ink, 0.9)
