"""Faults of raw folders, as every domain's tests list them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong in a raw folder."""

    kind: str  # the name of its golden text
    code: int  # that `check` exits with
    harm: Callable[[Path], object]  # does it to a sound folder
    arguments: tuple[str, ...] = ()  # of `check`, and of `build`
