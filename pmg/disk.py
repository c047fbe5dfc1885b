"""Disk: whether there is room for what is about to be written, and sizes for people."""

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


def size_told(count: int) -> str:
    """Bytes for people: `5.9 kB`, `190.8 MB`."""
    kilobytes = count / 1_000
    small = kilobytes < 1_000  # noqa: PLR2004 - then it is a megabyte
    return f"{kilobytes:,.1f} kB" if small else f"{kilobytes / 1_000:,.1f} MB"
