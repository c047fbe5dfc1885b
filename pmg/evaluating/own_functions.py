"""Metrics of functions that somebody else wrote."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from PIL import Image

from pmg.evaluating.canvas import Picture
from pmg.evaluating.metrics import PICTURE, Metric
from pmg.evaluating.vectors import Alike
from pmg.problems import BadCall


def own_metrics(extractor: str | None, distance: str | None) -> list[Metric]:
    """Metrics of functions that somebody else wrote. Raises BadCall where there is none.

    Args:
        extractor: `module:function` of a list of N Pillow pictures, to vectors (N, D).
        distance: `module:function` of two Pillow pictures, to a number, less for more alike.
    """
    found = []
    if extractor is not None:
        alike, about = Alike(extractor, function_of(extractor)), {"extractor": extractor}
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
    found = [function(own, Image.fromarray(each.pixels)) for each in references]
    try:
        values = [float(each) for each in found]
    except (TypeError, ValueError):
        values = [float("nan")]
    if not np.isfinite(values).all():
        raise BadCall(f"{name}: expected a finite number, found {found[0]!r:.80}.")
    return values


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
