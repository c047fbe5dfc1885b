"""Extras: libraries that come with a part of this package that not everybody installs."""

from importlib import import_module
from typing import Any

from pmg.problems import BadCall

CAPTION, EVALUATE, MODELS = "caption", "evaluate", "models"  # as pyproject.toml has them


def library(module: str, extra: str) -> Any:  # noqa: ANN401 - a module
    """A module of an extra. Raises BadCall where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise BadCall(
            f"{module.partition('.')[0]}: expected the library, found none. "
            f'`pip install "pmg-bench[{extra}]"`.'
        ) from error
