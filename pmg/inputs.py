"""Inputs: all that the bytes of a domain's tables follow from."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from blake3 import blake3

from pmg import __version__
from pmg.digests import blake3_of, digest_of
from pmg.domain import Domain
from pmg.options import Options
from pmg.progress import Progress, progress_bar
from pmg.raw.folder import BESIDE, present_files
from pmg.raw.json_files import LARGEST

LIBRARIES = ("datasets", "numpy", "pillow", "pyarrow")  # the ones that shape the bytes


class Inputs(NamedTuple):
    """All that the bytes of a domain's tables depend on."""

    raw: dict[str, dict[str, Any]]  # "movieposter/info.csv" → bytes, blake3; a folder: files too
    settings: dict[str, Any]
    libraries: dict[str, str]

    @property
    def key(self) -> str:
        """Two domains with the same key have the same Parquet bytes."""
        return digest_of(self._asdict())

    @property
    def pictures_made_with(self) -> str:
        """Tells apart pictures that were finished in different ways."""
        return pictures_made_with(self.settings, self.libraries)


def inputs_of(domain: Domain[Any], raw_folder: Path, options: Options) -> Inputs:
    """Read every raw file once for its digest; the files of a folder have one together."""
    present = present_files(domain, raw_folder)
    total = sum(map(size_of, present.values()))
    sums = {}
    with progress_bar(total, f"{domain.name}: digest", "bytes") as bar:
        for name, path in present.items():
            sums[name] = sum_of(path, name.count("/") == 1, bar)
    raw: dict[str, dict[str, Any]] = {}
    for name in (f"{domain.name}/{each}" for each in (*domain.files, *BESIDE)):
        within = {each: path for each, path in present.items() if each.startswith(f"{name}/")}
        if name in present:
            raw[name] = {"bytes": size_of(present[name]), "blake3": sums[name]}
        elif within:
            size = sum(map(size_of, within.values()))
            lines = "".join(f"{sums[each]}  {each}\n" for each in within)
            digest = blake3(os.fsencode(lines)).hexdigest()
            raw[name] = {"files": len(within), "bytes": size, "blake3": digest}
    return Inputs(raw, settings_of(options), libraries())


def sum_of(path: Path, is_raw_file: bool, bar: Progress) -> str:
    """The file's digest; in its place why there is none, where nobody can read it or ever would.

    Files of a folder are pictures and JSON, which have their limits; a raw file may have any size.
    What says that it is empty is not opened, as a link may lead to what never ends.
    """
    size = size_of(path)
    if not size or (size > LARGEST and not is_raw_file):
        bar.update(size)
        return "too large" if size else "empty"
    try:
        return blake3_of(path, bar.update)
    except PermissionError:
        return "unreadable"  # whoever reads it says so


def settings_of(options: Options) -> dict[str, Any]:
    return {**vars(options), "pmg-bench": __version__}


def pictures_made_with(settings: dict[str, Any], versions: dict[str, str]) -> str:
    """A digest of all that finished pictures depend on, beside the raw ones."""
    return digest_of([settings["pmg-bench"], settings["image_format"], versions])


def libraries() -> dict[str, str]:
    """The versions of what shapes the bytes."""
    return {name: version(name) for name in LIBRARIES}


def shaped_by(image_format: str) -> dict[str, str]:
    """What the bytes of shards follow from, beside their rows."""
    return {**libraries(), "image_format": image_format}


def size_of(path: Path) -> int:
    return path.stat().st_size
