"""Metrics of functions that somebody else wrote."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
from PIL import Image

from pmg.evaluating.canvas import Picture
from pmg.evaluating.metrics import PICTURE, Metric
from pmg.evaluating.vectors import Alike
from pmg.problems import BadCall, shown


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
        if not isinstance(found, Real | np.number) or not isfinite(float(found)):
            raise BadCall(f"{name}: expected a finite number, found {shown(repr(found))}.")
        values.append(float(found))
    return values


def called(name: str, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - theirs
    """What a function of theirs answers. Raises BadCall where it fails."""
    try:
        return function(*arguments)
    except Exception as error:  # whatever somebody's code raises
        found = f"{type(error).__name__}: {error}"
        raise BadCall(f"{name}: expected it to score pictures, found {found}.") from error


def function_of(place: str) -> Callable[..., Any]:
    """A function by `module:function`, of what Python finds, and of the current folder."""
    module, _, name = place.partition(":")
    if not module or not name:
        raise BadCall(f"{place!r}: expected module:function.")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as a path of imports
    try:
        function = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise BadCall(f"{place!r}: expected a function that can be imported: {error}.") from error
    finally:
        sys.path.pop(0)
    if not callable(function):
        raise BadCall(f"{place!r}: expected a function, found {type(function).__name__}.")
    return function  # type: ignore[no-any-return] # of whoever wrote it
