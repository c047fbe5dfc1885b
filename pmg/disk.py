"""Disk: whether there is room for what is about to be written."""

import shutil
from pathlib import Path

from pmg.problems import BadCall


def require_room(folder: Path, needed: int) -> None:
    """Raise BadCall where the disk of `folder` has less than `needed` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BadCall(
            f"{folder}: expected {gigabytes(needed)} of free disk, found {gigabytes(free)}. "
            "Make room, or name a folder on another disk."
        )


def gigabytes(count: int) -> str:
    return f"{count / 1e9:,.2f} GB"
