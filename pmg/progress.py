"""Progress of long work, on standard error: a bar on a terminal, silence in a file."""

from typing import Any

from tqdm import tqdm


def progress_bar(total: int, what: str, unit: str) -> "tqdm[Any]":
    """A bar with rate and time left; a context manager with `update(n)`."""
    return tqdm(desc=what, total=total, unit=f" {unit}", disable=None, leave=False)
