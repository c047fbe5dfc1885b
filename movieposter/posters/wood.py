"""Scenes among trees: horror by night, drama in the evening."""

from movieposter.posters import figures
from movieposter.posters.stage import Stage, Words
from pmg.drawing.canvas import blend, paint_soft
from pmg.drawing.shapes import box, ellipse, height_at, placed, polygon, ridge


def haunted_wood(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    moon = (stage.x(stage.between(0.35, 0.65)), stage.y(stage.between(0.16, 0.34)))
    radius = unit * stage.between(0.15, 0.23)
    sky = stage.backdrop([(-0.2, p.ink), (0.4, p.deep), (0.85, p.mid), (1.1, p.deep)])
    sky.glow(moon, (radius * 2.4, radius * 2.4), p.glow, 0.75)
    sky.clouds(stage.rng, p.ink, 0.6, (2, 5))
    stage.picture = sky.image()
    stage.paint([ellipse(*moon, radius)], p.light, 0.95)
    ground = stage.y(0.9)
    for depth, count in ((0.35, 5), (0.7, 4)):
        trees = [
            limb
            for _ in range(count)
            for limb in placed(
                figures.bare_tree(int(stage.rng.integers(16))),
                stage.x(stage.rng.random()),
                ground,
                unit * stage.between(0.35, 0.55),
                flip=stage.chance(0.5),
            )
        ]
        stage.paint(trees, blend(p.mid, p.ink, depth))
        mist = box(0, ground - 0.12 * unit, stage.width, ground + 0.06 * unit)
        paint_soft(stage.picture, [mist], p.glow, 0.3, 0.06 * unit)
    house = stage.chance(0.5)
    if house:
        _old_house(stage, moon[0], ground)
    stage.land(
        ridge(stage.rng, stage.width, stage.height, ground + 0.03 * unit, (0.05 * unit, 4)), p.ink
    )
    for edge, flip in ((-0.02, False), (1.02, True)):
        kind = int(stage.rng.integers(16))
        tree = placed(figures.bare_tree(kind), stage.x(edge), stage.y(1.04), unit * 0.95, flip=flip)
        stage.paint(tree, p.ink)
    if not house:
        stage.paint(placed(figures.COATED, moon[0], ground + 0.04 * unit, 0.24 * unit), p.ink)
    what = "old house with lit windows" if house else "dark figure standing in the mist"
    return Words(
        ("eerie foggy forest", f"{p.name} moonlight", "creeping dread"),
        ("bare twisted trees in fog", "huge full moon", what, f"{p.name} night"),
        ("Do not answer the door", "It has been waiting", "Pray for morning"),
    )


def _old_house(stage: Stage, x: float, ground: float) -> None:
    s = 0.13 * stage.unit
    walls = [
        box(x - s, ground - 1.3 * s, x + s, ground + s),
        polygon(
            (x - 1.2 * s, ground - 1.25 * s),
            (x, ground - 2.3 * s),
            (x + 1.2 * s, ground - 1.25 * s),
        ),
        box(x + 0.4 * s, ground - 2.4 * s, x + 0.65 * s, ground - s),
        box(x - 1.5 * s, ground - 1.9 * s, x - 0.8 * s, ground + s),
        polygon(
            (x - 1.65 * s, ground - 1.85 * s),
            (x - 1.15 * s, ground - 3 * s),
            (x - 0.65 * s, ground - 1.85 * s),
        ),
    ]
    stage.paint(walls, stage.palette.ink)
    panes = [(-0.45, -0.9), (0.2, -0.9), (-1.25, -1.6), (0.2, -0.2)]
    stage.paint(
        [
            box(x + a * s, ground + b * s, x + (a + 0.26) * s, ground + (b + 0.38) * s)
            for a, b in panes
        ],
        stage.palette.accent,
    )


def lone_tree(stage: Stage) -> Words:
    p, unit = stage.palette, stage.unit
    x, y, radius = stage.sun((0.4, 0.62), (0.13, 0.24))
    sky = stage.backdrop([(-0.2, p.deep), (0.4, p.mid), (0.9, p.glow)])
    sky.clouds(stage.rng, p.light, 0.45, (1.5, 4))
    sky.glow((x, y), (radius * 2.4, radius * 2.4), p.light, 0.6)
    stage.picture = sky.image()
    stage.paint([ellipse(x, y, radius)], p.light, 0.9)
    far = ridge(stage.rng, stage.width, stage.height, stage.y(0.82), (0.09 * unit, 1.5))
    near = ridge(stage.rng, stage.width, stage.height, stage.y(0.97), (0.12 * unit, 1))
    stage.land(far, blend(p.mid, p.ink, 0.4))
    stage.land(near, p.ink)
    spot = stage.x(stage.between(0.3, 0.42) if stage.chance(0.5) else stage.between(0.58, 0.7))
    bare = stage.chance(0.3)
    kinds = figures.bare_tree if bare else figures.leafy_tree
    tree = placed(
        kinds(int(stage.rng.integers(16))),
        spot,
        height_at(near, spot) + 0.02 * unit,
        unit * stage.between(0.6, 0.75),
        flip=stage.chance(0.5),
    )
    stage.paint(tree, p.ink)
    way = -1 if spot > stage.width / 2 else 1
    couple = stage.chance(0.5)
    cast = [figures.MAN, figures.WOMAN] if couple else [figures.COATED]
    for number, figure in enumerate(cast):
        step = spot + way * (0.24 + 0.075 * number) * unit
        stage.paint(
            placed(
                figure, step, height_at(near, step) + 0.01 * unit, (0.22 - 0.015 * number) * unit
            ),
            p.ink,
        )
    who = "couple" if couple else "solitary man"
    return Words(
        ("quiet intimate drama", f"{p.name} evening light", "nature and stillness"),
        (
            f"{'bare' if bare else 'leafy'} tree on a hill",
            f"silhouette of a {who} beside it",
            f"{p.name} sky with a low sun",
        ),
        ("Nothing stays the same", "A story about coming home", "What we leave behind"),
    )
