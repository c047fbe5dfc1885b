"""Scenes for two or for an audience: romance and musicals."""

import numpy as np

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import blend, paint_soft
from pmg.drawing.shapes import ellipse, placed, polygon, smooth, stroke


def spotlight(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    floor, middle = stage.y(0.9), stage.x(stage.between(0.42, 0.58))
    back = stage.backdrop([(-0.3, p.mid), (0.5, p.deep), (0.9, p.ink), (0.92, p.mid), (1.2, p.ink)])
    # Folds of a curtain are shades that run from top to bottom, narrow and wide in turn.
    phase = back.x / stage.width * 26 * np.pi + 2 * np.sin(
        back.x / stage.width * stage.between(5, 12)
    )
    folds = np.broadcast_to(0.5 + 0.5 * np.sin(phase), back.pixels.shape[:2])
    back.mix(p.ink, np.where(back.y < floor, 0.65 * folds, 0).astype(np.float32))
    back.glow((middle, floor - 0.25 * unit), (0.4 * unit, 0.6 * unit), p.mid, 0.5)
    stage.picture = back.image()
    for start in (-0.05, 0.5, 1.05):
        top = (stage.x(start), -0.05 * stage.height)
        cone = stroke(np.array([top, (middle, floor)]), [0.03 * unit, 0.42 * unit])
        paint_soft(stage.picture, [cone], p.light, 0.24, 0.02 * unit)
    pool = ellipse(middle, floor + 0.02 * unit, 0.34 * unit, 0.05 * unit)
    paint_soft(stage.picture, [pool], p.light, 0.85, 0.015 * unit)
    singer = stage.chance(0.6)
    size = stage.between(0.56, 0.66) * unit
    if singer:
        stage.paint(placed(figures.WOMAN, middle, floor + 0.03 * unit, size), p.ink)
        x, low, high = middle + 0.12 * unit, floor + 0.03 * unit, floor - size * 0.72
        pole = polygon((x, low), (x, high))
        tip = polygon((x, high), (x - 0.035 * unit, high - size * 0.12))
        foot = ellipse(x, low, 0.04 * unit, 0.009 * unit)
        stage.paint(
            [stroke(pole, 0.007 * unit), stroke(tip, [0.01 * unit, 0.026 * unit]), foot], p.ink
        )
    else:
        for figure, step in ((figures.MAN, -0.12), (figures.WOMAN, 0.1)):
            stage.paint(placed(figure, middle + step * unit, floor + 0.03 * unit, size), p.ink)
    for edge in (-1, 1):
        _drape(stage, edge)
    who = "singer at a microphone" if singer else "couple"
    return Words(
        ("glamorous stage lights", f"rich {p.name} curtains", "show-business sparkle"),
        (
            f"silhouette of a {who} in a spotlight",
            f"{p.name} theatre curtains",
            "three light beams",
        ),
        ("Tonight the whole town sings", "One voice. One night.", "The show must go on"),
    )


def _drape(stage: Stage, edge: int) -> None:
    """Hang half a curtain at the left (-1) or right (1) edge."""
    p, w, h = stage.palette, stage.width, stage.height
    outline = smooth(
        polygon(
            (0.0, -0.1),
            (0.36, -0.1),
            (0.3, 0.2),
            (0.17, 0.5),
            (0.11, 0.62),
            (0.15, 0.8),
            (0.17, 1.05),
            (0.0, 1.05),
        ),
        3,
    )
    side = 0 if edge < 0 else w
    for fold in range(6):
        narrow = outline * (-edge * w * (1 - 0.17 * fold), h) + (side, 0)
        stage.paint([narrow], blend(p.mid, p.ink, 0.1 + 0.5 * (fold % 2)))


def umbrella(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    ground, x = stage.y(0.95), stage.x(stage.between(0.4, 0.6))
    soft = stage.backdrop([(-0.2, p.deep), (0.5, p.mid), (0.95, p.glow), (1.1, p.mid)])
    soft.clouds(stage.rng, p.glow, 0.5, (2, 3))
    soft.glow((x, stage.y(0.6)), (0.5 * unit, 0.55 * unit), p.light, 0.8)
    stage.picture = soft.image()
    hearts = stage.chance(0.45)
    for color in (p.light, p.glow, p.accent) * 9:
        at = (stage.x(stage.rng.random()), stage.y(stage.between(-0.2, 0.85)))
        size = unit * stage.between(0.015, 0.075)
        disc = (
            placed([figures.heart()], at[0], at[1] + size, size * 1.8)
            if hearts
            else [ellipse(*at, size)]
        )
        stage.paint(disc, color, stage.between(0.16, 0.5))
    glaze = polygon(
        (x - 0.3 * unit, ground),
        (x + 0.3 * unit, ground),
        (x + 0.5 * unit, stage.height),
        (x - 0.5 * unit, stage.height),
    )
    paint_soft(stage.picture, [glaze], p.light, 0.5, 0.05 * unit)
    size = stage.between(0.52, 0.62) * unit
    for figure, step, scale in ((figures.MAN, -0.09, 1.0), (figures.WOMAN, 0.085, 0.93)):
        stage.paint(placed(figure, x + step * unit, ground, size * scale), p.ink)
    _umbrella(stage, x, ground - size * 1.06)
    lights = "floating hearts" if hearts else "soft round lights"
    return Words(
        ("dreamy romantic glow", f"{p.name} pastels", lights),
        ("couple in silhouette under one umbrella", lights, f"{p.name} light"),
        ("Love was not in the plan", "Two hearts, one umbrella", "Say it before it rains"),
    )


def _umbrella(stage: Stage, x: float, y: float) -> None:
    p, unit = stage.palette, stage.unit
    angles = np.linspace(np.pi, 2 * np.pi, 40)
    dome = np.column_stack((0.31 * np.cos(angles), 0.19 * np.sin(angles)))
    along = np.linspace(1, 0, 41)
    hem = np.column_stack((0.62 * along - 0.31, -0.028 * np.abs(np.sin(along * 5 * np.pi))))
    stage.paint([stroke(polygon((x, y - 0.23 * unit), (x, y + 0.3 * unit)), 0.009 * unit)], p.ink)
    stage.paint([np.concatenate((dome, hem)) * unit + (x, y)], p.accent)
    ribs = [
        stroke(
            np.array(
                [
                    (x + s * 0.62 * unit, y),
                    (x + s * 0.4 * unit, y - 0.13 * unit),
                    (x, y - 0.19 * unit),
                ]
            ),
            0.004 * unit,
        )
        for s in (-0.3, -0.1, 0.1, 0.3)
    ]
    stage.paint(ribs, p.ink, 0.5)
