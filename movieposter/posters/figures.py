"""Silhouettes of unit size: feet, roots or knots at (0, 0), tops near (0, -1)."""

import functools
from typing import TypeAlias

import numpy as np

from pmg.drawing.canvas import Polygon, generator
from pmg.drawing.shapes import ellipse, mirrored, polygon, smooth, stroke

Figure: TypeAlias = list[Polygon]

HEAD = ellipse(0, -0.925, 0.052, 0.07)
HAT = [
    ellipse(0, -0.955, 0.115, 0.016),
    smooth(mirrored([(0.02, -1.035), (0.055, -1.04), (0.068, -0.955)]), 1),
]
COAT = smooth(
    mirrored(
        [
            (0.026, -0.87), (0.036, -0.845), (0.11, -0.825), (0.145, -0.78), (0.158, -0.62),
            (0.165, -0.47), (0.14, -0.455), (0.135, -0.40), (0.15, -0.30), (0.085, -0.285),
            (0.082, -0.10), (0.085, -0.02), (0.105, 0.0), (0.028, 0.0), (0.024, -0.27),
        ]
    ),
    1,
)  # fmt: skip
SUIT = smooth(
    mirrored(
        [
            (0.026, -0.87), (0.036, -0.845), (0.115, -0.825), (0.145, -0.77), (0.165, -0.60),
            (0.17, -0.45), (0.135, -0.44), (0.125, -0.58), (0.112, -0.50), (0.118, -0.40),
            (0.125, -0.20), (0.135, -0.02), (0.16, 0.0), (0.075, 0.0), (0.055, -0.22),
            (0.01, -0.43),
        ]
    ),
    1,
)  # fmt: skip
DRESS = smooth(
    mirrored(
        [
            (0.022, -0.87), (0.03, -0.84), (0.085, -0.82), (0.108, -0.77), (0.125, -0.62),
            (0.13, -0.50), (0.105, -0.49), (0.09, -0.62), (0.058, -0.60), (0.085, -0.50),
            (0.15, -0.26), (0.055, -0.24), (0.045, -0.05), (0.055, 0.0), (0.015, 0.0),
            (0.012, -0.23),
        ]
    ),
    1,
)  # fmt: skip
STRIDE = smooth(
    np.array(
        [
            (0.03, -0.87), (0.10, -0.82), (0.14, -0.70), (0.19, -0.52), (0.16, -0.50),
            (0.10, -0.62), (0.10, -0.48), (0.16, -0.27), (0.21, -0.02), (0.26, 0.0),
            (0.14, 0.0), (0.09, -0.22), (0.0, -0.40), (-0.06, -0.22), (-0.16, 0.0),
            (-0.22, -0.03), (-0.12, -0.24), (-0.10, -0.48), (-0.10, -0.64), (-0.15, -0.50),
            (-0.18, -0.53), (-0.13, -0.72), (-0.09, -0.82), (-0.03, -0.87),
        ]
    ),
    1,
)  # fmt: skip

MAN: Figure = [HEAD, SUIT]
COATED: Figure = [HEAD, COAT]
HATTED: Figure = [HEAD, COAT, *HAT]
WOMAN: Figure = [HEAD, smooth(mirrored([(0.02, -1.0), (0.065, -0.96), (0.07, -0.85)]), 1), DRESS]
WALKER: Figure = [HEAD, STRIDE]
SOLDIER: Figure = [
    HEAD,
    STRIDE,
    smooth(mirrored([(0.04, -1.01), (0.078, -0.96), (0.082, -0.93)]), 1),
    ellipse(-0.10, -0.72, 0.085, 0.115),
    stroke(polygon((-0.05, -0.58), (0.25, -1.02)), 0.022),
]


def cactus() -> Figure:
    return [
        smooth(stroke(polygon((0, 0), (0, -0.5), (0, -0.97), (0, -1.0)), 0.15), 1),
        smooth(
            stroke(polygon((0, -0.38), (0.2, -0.38), (0.26, -0.46), (0.26, -0.74)), 0.1), 1
        ),
        smooth(
            stroke(polygon((0, -0.28), (-0.18, -0.28), (-0.23, -0.36), (-0.23, -0.58)), 0.09), 1
        ),
    ]  # fmt: skip


def pine() -> Figure:
    edge = [(0.0, -1.0)]
    for step in range(1, 6):
        edge += [(0.06 + 0.045 * step, -1 + 0.18 * step), (0.03 + 0.02 * step, -1 + 0.18 * step)]
    return [mirrored([*edge, (0.025, -0.1), (0.025, 0.0)])]


@functools.lru_cache(maxsize=16)
def bare_tree(kind: int) -> tuple[Polygon, ...]:
    """Return one of sixteen leafless trees: growing them is what costs time."""
    rng = generator("bare tree", kind % 16)
    limbs: Figure = []

    def grow(start: Polygon, angle: float, length: float, thick: float, depth: int) -> None:
        bend = rng.uniform(-0.25, 0.25)
        middle = start + length / 2 * np.array([np.sin(angle), -np.cos(angle)])
        end = middle + length / 2 * np.array([np.sin(angle + bend), -np.cos(angle + bend)])
        limbs.append(stroke(np.array([start, middle, end]), [thick, thick * 0.82, thick * 0.62]))
        for sign in (-1, 1) if depth else ():
            turn = sign * rng.uniform(0.25, 0.75)
            shrink = rng.uniform(0.58, 0.8)
            grow(end, angle + bend + turn, length * shrink, thick * 0.6, depth - 1)

    grow(np.zeros(2), rng.uniform(-0.1, 0.1), 0.36, 0.07, 5)
    return tuple(limbs)


@functools.lru_cache(maxsize=16)
def leafy_tree(kind: int) -> tuple[Polygon, ...]:
    """Return one of sixteen broad trees in leaf."""
    rng = generator("leafy tree", kind % 16)
    leaves: Figure = []
    for _ in range(60):
        angle, reach = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        x, y = 0.42 * reach * np.cos(angle), -0.66 + 0.27 * reach * np.sin(angle)
        leaves.append(ellipse(x, y, *rng.uniform(0.05, 0.11, 2)))
    trunk = [(0.0, 0.02), (0.015, -0.2), (0.0, -0.5)]
    boughs = [
        stroke(polygon((0, -0.26), (x * 0.5, -0.42), (x, -0.6)), [0.05, 0.035, 0.02])
        for x in (-0.2, 0.2)
    ]
    return (stroke(np.array(trunk), [0.11, 0.06, 0.04]), *boughs, *leaves)


def heart() -> Polygon:
    """Return a heart whose point is at (0, 0) and whose top is at y = -1."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    x = 16 * np.sin(turn) ** 3
    y = 13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)
    return np.column_stack((x, -(y + 17))) / 29


def balloon() -> Figure:
    """Return a toy balloon, its knot at (0, 0)."""
    skin = mirrored(
        [(0.0, -1.0), (0.2, -0.97), (0.36, -0.82), (0.4, -0.6), (0.3, -0.32), (0.03, -0.04)]
    )
    return [smooth(skin), polygon((-0.05, 0.03), (0.05, 0.03), (0, -0.06))]


def boat() -> Figure:
    """Return a sailing boat, its waterline at y = 0."""
    return [
        polygon((-0.36, -0.12), (0.42, -0.14), (0.28, 0.02), (-0.26, 0.02)),
        polygon((0.01, -1.0), (0.36, -0.18), (0.01, -0.18)),
        polygon((-0.02, -0.9), (-0.02, -0.18), (-0.3, -0.18)),
        stroke(polygon((0, -1.03), (0, 0)), 0.02),
    ]


def bird() -> Figure:
    return [
        polygon((0, 0), (0.25, -0.22), (0.5, -0.2), (0.26, -0.14), (0.02, 0.09)),
        polygon((0, 0), (-0.25, -0.22), (-0.5, -0.2), (-0.26, -0.14), (-0.02, 0.09)),
    ]


def plane() -> Figure:
    """Return an aeroplane from afar, flying to the right."""
    return [
        ellipse(0, 0, 0.5, 0.05),
        polygon((0.12, 0), (-0.12, 0.3), (-0.2, 0.3), (-0.08, 0)),
        polygon((0.12, 0), (-0.05, -0.2), (-0.13, -0.2), (-0.08, 0)),
        polygon((-0.38, 0), (-0.5, -0.16), (-0.44, -0.16), (-0.3, 0)),
    ]


FALLER: Figure = [
    HEAD,
    smooth(polygon((-0.10, -0.84), (0.10, -0.84), (0.09, -0.46), (-0.09, -0.46))),
    stroke(polygon((0.08, -0.80), (0.25, -0.92), (0.36, -1.08)), [0.075, 0.06, 0.05]),
    stroke(polygon((-0.08, -0.80), (-0.27, -0.72), (-0.40, -0.88)), [0.075, 0.06, 0.05]),
    stroke(polygon((0.04, -0.50), (0.20, -0.28), (0.14, 0.0)), [0.11, 0.085, 0.06]),
    stroke(polygon((-0.04, -0.50), (-0.16, -0.24), (-0.34, -0.08)), [0.11, 0.085, 0.06]),
]
