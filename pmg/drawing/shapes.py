"""Outlines to fill: polygons as float64 arrays of shape (points, 2), y growing downwards."""

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pmg.drawing.canvas import Polygon


def polygon(*points: tuple[float, float]) -> Polygon:
    return np.array(points, np.float64)


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return polygon((left, top), (right, top), (right, bottom), (left, bottom))


def ellipse(
    x: float, y: float, across: float, down: float | None = None, tilt: float = 0.0
) -> Polygon:
    """Return an ellipse of two radii (one: a disc), turned by `tilt` radians."""
    radius = across if down is None else down
    outline: Polygon = _circle(max(20, min(96, int(max(across, radius))))) * (across, radius)
    if tilt:
        cos, sin = np.cos(tilt), np.sin(tilt)
        outline = outline @ np.array([[cos, sin], [-sin, cos]])
    outline += (x, y)
    return outline


@functools.lru_cache(maxsize=128)
def _circle(points: int) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.column_stack((np.cos(angles), np.sin(angles)))


def stroke(points: Polygon, widths: float | Sequence[float] | NDArray[np.float64]) -> Polygon:
    """Return the outline of a line through the points, of one width or one width per point."""
    steps = points[1:] - points[:-1]
    along = np.concatenate((steps[:1], steps[1:] + steps[:-1], steps[-1:]))
    lengths = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    across = along[:, ::-1] * ((np.asarray(widths, np.float64) / 2 / lengths)[:, None] * (-1, 1))
    return np.concatenate((points + across, (points - across)[::-1]))


def smooth(points: Polygon, rounds: int = 2) -> Polygon:
    """Cut the corners of a closed outline until it looks drawn by hand (Chaikin's way)."""
    for _ in range(rounds):
        following = np.roll(points, -1, axis=0)
        points = np.stack(
            (0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following), axis=1
        ).reshape(-1, 2)
    return points


def mirrored(half: Sequence[tuple[float, float]]) -> Polygon:
    """Return the outline whose right half, from top to bottom, is given, about x = 0."""
    right = np.array(half, np.float64)
    return np.concatenate((right, (right * (-1, 1))[::-1]))


def placed(
    polygons: Sequence[Polygon], x: float, y: float, scale: float, *, flip: bool = False
) -> list[Polygon]:
    """Move outlines of unit size to a place, enlarged, and mirrored if told so."""
    factors = np.array((-scale if flip else scale, scale))
    return [outline * factors + (x, y) for outline in polygons]


def ridge(
    rng: np.random.Generator,
    width: float,
    bottom: float,
    base: float,
    relief: tuple[float, float],
    *,
    sharp: bool = False,
) -> Polygon:
    """Return land from `base` down to `bottom`, over the whole width.

    The relief is how high the land rises above its base, and how many hills it has.
    """
    amplitude, hills = relief
    across = np.linspace(-0.02, 1.02, 90)
    heights = np.zeros_like(across)
    share = 1.0
    for _ in range(5 if sharp else 3):
        knots = rng.random(round(hills) + 4)
        places = across * hills + 1
        if sharp:
            heights += share * np.interp(places, np.arange(knots.size), knots)
        else:
            ease = places % 1
            ease = ease * ease * (3 - 2 * ease)
            heights += share * np.interp(np.floor(places) + ease, np.arange(knots.size), knots)
        share, hills = share * (0.45 if sharp else 0.22), hills * 2.3
    top = base - amplitude * heights
    line = np.column_stack((across * width, top))
    return np.concatenate((line, [[1.02 * width, bottom], [-0.02 * width, bottom]]))


def height_at(land: Polygon, x: float) -> float:
    """Return the y of the land's surface at a place."""
    return float(np.interp(x, land[:-2, 0], land[:-2, 1]))
