"""Scenes between walls at night: crime, film noir, thrillers."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import Polygon, blend, paint_soft, shine
from pmg.drawing.shapes import box, ellipse, placed, polygon, stroke


def night_city(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    street = stage.y(0.93)
    moon = (stage.x(stage.between(0.2, 0.8)), stage.y(stage.between(0.1, 0.32)))
    radius = unit * stage.between(0.09, 0.17)
    sky = stage.backdrop([(-0.1, p.deep), (0.45, p.mid), (0.95, p.glow)])
    sky.glow(moon, (radius * 3, radius * 3), p.light, 0.55)
    sky.clouds(stage.rng, p.deep, 0.6)
    stage.picture = sky.image()
    stage.paint([ellipse(*moon, radius)], p.light, 0.95)
    for share, tallest, widths in ((0.35, 0.72, (0.06, 0.12)), (0.68, 0.55, (0.08, 0.17))):
        houses = _skyline(stage, street, tallest, widths)
        stage.paint(houses, blend(p.mid, p.ink, share))
        stage.paint(
            _windows(stage, houses, street, 0.13), blend(p.accent, p.light, 0.4), 0.5 + share / 3
        )
    shine(stage.picture, (stage.x(0.5), street), (stage.width * 0.7, unit * 0.12), p.glow, 0.55)
    stage.ground(0.93, blend(p.ink, p.mid, 0.2))
    side = stage.side()
    foot = stage.x(stage.between(0.24, 0.36) if side == "left" else stage.between(0.64, 0.76))
    _street_lamp(stage, foot, street + 0.05 * unit, flip=side == "right")
    where = f"{p.name} night sky"
    return Words(
        (
            f"moody {p.name} night palette",
            "lone silhouette under a street lamp",
            "glowing city windows",
        ),
        (
            "city skyline at night with lit windows",
            "full moon",
            where,
            f"figure in a hat and coat beneath a street lamp on the {side}",
        ),
        (
            "Every window keeps a secret",
            "Nobody sleeps in this town",
            "The night remembers everything",
        ),
    )


def _skyline(
    stage: Stage, base: float, tallest: float, widths: tuple[float, float]
) -> list[Polygon]:
    """Return houses side by side, from left to right, heights and widths in units."""
    houses: list[Polygon] = []
    left = -0.03 * stage.width
    while left < stage.width:
        across = stage.between(*widths) * stage.unit
        tall = tallest * stage.between(0.35, 1.0) * stage.unit
        houses.append(box(left, base - tall, left + across, stage.height))
        if stage.chance(0.4):
            inset = across * stage.between(0.15, 0.35)
            houses.append(
                box(left + inset, base - tall * 1.12, left + across - inset, base - tall + 1)
            )
        if stage.chance(0.25):
            middle = left + across / 2
            spire = polygon((middle, base - tall * 1.35), (middle, base - tall))
            houses.append(stroke(spire, max(1.0, 0.006 * stage.unit)))
        left += across * stage.between(0.95, 1.15)
    return houses


def _windows(stage: Stage, houses: list[Polygon], base: float, lit: float) -> list[Polygon]:
    """Return some lit windows in a grid on each house."""
    side = max(1.5, 0.011 * stage.unit)
    panes = []
    for house in houses:
        left, top = house.min(axis=0)
        right = house[:, 0].max()
        if right - left < 4 * side:
            continue
        xs = np.arange(left + side, right - 1.5 * side, 2.1 * side)
        ys = np.arange(top + 1.5 * side, base - side, 2.8 * side)
        chosen = np.argwhere(stage.rng.random((len(ys), len(xs))) < lit)
        panes += [box(xs[c], ys[r], xs[c] + side, ys[r] + 1.5 * side) for r, c in chosen]
    return panes


def _street_lamp(stage: Stage, x: float, ground: float, *, flip: bool) -> None:
    p, unit = stage.palette, stage.unit
    way = -1 if flip else 1
    tall = stage.between(0.5, 0.6) * unit
    bulb = (x + way * 0.1 * unit, ground - tall + 0.03 * unit)
    cone = polygon(bulb, (bulb[0] - 0.17 * unit, ground), (bulb[0] + 0.17 * unit, ground))
    paint_soft(stage.picture, [cone], p.light, 0.34, 0.02 * unit)
    pool = ellipse(bulb[0], ground + 0.01 * unit, 0.2 * unit, 0.035 * unit)
    paint_soft(stage.picture, [pool], p.light, 0.6, 0.015 * unit)
    arm = polygon(
        (x, ground),
        (x, ground - tall),
        (x + way * 0.03 * unit, ground - tall - 0.02 * unit),
        (x + way * 0.1 * unit, ground - tall),
    )
    stage.paint([stroke(arm, 0.013 * unit)], p.ink)
    figure = placed(figures.HATTED, bulb[0], ground + 0.015 * unit, 0.34 * unit, flip=flip)
    shadow = polygon(
        (bulb[0] - 0.03 * unit, ground),
        (bulb[0] + 0.03 * unit, ground),
        (bulb[0] + way * 0.22 * unit, ground + 0.2 * unit),
        (bulb[0] + way * 0.08 * unit, ground + 0.2 * unit),
    )
    paint_soft(stage.picture, [shadow], p.ink, 0.8, 0.008 * unit)
    stage.paint(figure, p.ink)
    shine(stage.picture, bulb, (0.08 * unit, 0.08 * unit), p.light, 0.95)


def doorway(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    middle, floor = stage.x(stage.between(0.36, 0.64)), stage.y(0.74)
    half, tall = unit * stage.between(0.12, 0.17), unit * stage.between(0.56, 0.68)
    wall = stage.backdrop(
        [(0, p.deep), (0.7, blend(p.deep, p.mid, 0.45)), (0.76, p.ink), (1.1, p.ink)]
    )
    wall.clouds(stage.rng, p.ink, 0.55, (3, 4), 0.4)
    wall.glow((middle, floor - tall / 2), (half * 2.6, tall * 0.9), p.mid, 0.75)
    stage.picture = wall.image()
    lean = stage.between(-0.5, 0.5)
    reach = stage.height - floor
    light = polygon(
        (middle - half, floor),
        (middle + half, floor),
        (middle + half * 2.6 + lean * reach, stage.height),
        (middle - half * 2.6 + lean * reach, stage.height),
    )
    paint_soft(stage.picture, [light], p.glow, 0.7, 0.02 * unit)
    door = box(middle - half, floor - tall, middle + half, floor)
    stage.paint(
        [box(middle - half * 1.14, floor - tall * 1.03, middle + half * 1.14, floor)], p.ink
    )
    stage.paint([door], p.light)
    shine(stage.picture, (middle, floor - tall * 0.2), (half * 2, tall * 0.5), p.glow, 0.5)
    name, figure = (
        ("man in a long coat", figures.COATED),
        ("man in a hat", figures.HATTED),
        ("woman in a dress", figures.WOMAN),
    )[int(stage.rng.integers(3))]
    size = tall * 0.76
    shadow = placed(figure, 0, 0, size)
    skew = [np.column_stack((s[:, 0] * 1.2 - lean * s[:, 1] * 0.9, -s[:, 1] * 0.9)) for s in shadow]
    stage.paint(placed(skew, middle, floor, 1.0), p.ink, 0.85)
    stage.paint(placed(figure, middle, floor + 0.012 * unit, size), p.ink)
    return Words(
        ("stark light against darkness", f"tense {p.name} palette", "lone silhouette in a doorway"),
        (
            f"silhouette of a {name} in a bright doorway",
            "long shadow across the floor",
            f"dark {p.name} room",
        ),
        ("Some doors should stay closed", "Who is standing there?", "One step is all it takes"),
    )
