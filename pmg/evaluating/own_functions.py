"""Metrics of functions that somebody else wrote."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import partial
from importlib import import_module
from math import inf, nan
from numbers import Real
from typing import Any

import numpy as np
from PIL import Image

from pmg.evaluating.canvas import Picture
from pmg.evaluating.metrics import PICTURE, Metric
from pmg.evaluating.vectors import Alike
from pmg.problems import BadCall, quoted

LARGEST = 1e100  # of a distance; sums of such are still finite


def own_metrics(extractor: str | None, distance: str | None) -> list[Metric]:
    """Metrics of functions that somebody else wrote. Raises BadCall where there is none.

    Args:
        extractor: `module:function` of a list of N Pillow pictures, to vectors (N, D).
        distance: `module:function` of two Pillow pictures, to a number, less for more alike.
    """
    found = []
    if extractor is not None:
        vectors = partial(called, extractor, function_of(extractor))
        alike, about = Alike(extractor, vectors), {"extractor": extractor}
        found.append(Metric("extractor", PICTURE, PICTURE, True, alike.compare, about=about))
    if distance is not None:
        compare = partial(distances, distance, function_of(distance))
        about = {"distance": distance}
        found.append(Metric("distance", PICTURE, PICTURE, False, compare, about=about))
    return found


def distances(
    name: str,
    function: Callable[[Image.Image, Image.Image], Any],
    prediction: Picture,
    references: Sequence[Picture],
) -> list[float]:
    """Raises BadCall for a function that gives no finite number."""
    own = Image.fromarray(prediction.pixels)
    values = []
    for each in references:
        found = called(name, function, own, Image.fromarray(each.pixels))
        values.append(number_of(name, found))
    return values


def number_of(name: str, found: Any) -> float:  # noqa: ANN401 - theirs
    """A number of theirs. Raises BadCall for another thing, and for what is too large to add."""
    try:
        value = float(found) if isinstance(found, Real | np.number) else nan
    except OverflowError:
        value = inf
    if not abs(value) < LARGEST:
        kind = "NaN or infinity" if isinstance(found, float) else type(found).__name__
        raise BadCall(f"{name}: expected a number below {LARGEST:g}, found {kind}.")
    return value


def called(name: str, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - theirs
    """What a function of theirs answers. Raises BadCall where it fails."""
    try:
        with redirect_stdout(sys.stderr):  # what it prints is no part of the answer
            return function(*arguments)
    except (Exception, SystemExit) as error:  # whatever somebody's code raises
        raise BadCall(f"{name}: expected it to score pictures, found {said(error)}.") from error


def said(error: BaseException) -> str:
    return quoted(f"{type(error).__name__}: {error}")


def function_of(place: str) -> Callable[..., Any]:
    """A function by `module:function`, of what Python finds, and of the current folder."""
    module, _, name = place.partition(":")
    if not module or not name:
        raise BadCall(f"{place!r}: expected module:function.")
    if (here := os.getcwd()) not in sys.path:  # noqa: PTH109 - as a path of imports
        sys.path.insert(0, here)
    try:
        with redirect_stdout(sys.stderr):
            function = getattr(import_module(module), name)
    except (Exception, SystemExit) as error:  # whatever somebody's module does
        raise BadCall(
            f"{place!r}: expected a function that can be imported, found {said(error)}."
        ) from error
    if not callable(function):
        raise BadCall(f"{place!r}: expected a function, found {type(function).__name__}.")
    return function  # type: ignore[no-any-return] # of whoever wrote it
