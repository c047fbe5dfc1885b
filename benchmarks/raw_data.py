"""Raw folders to measure with: drawn, of the published shape, in sizes that double."""

import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np

import movieposter
import pog_dataset
from movieposter import draw as draw_movies
from pmg.domain import Domain, DrawSettings
from pmg.raw.folder import draw_raw
from pog_dataset import draw as draw_fashion

FACTORS = (1, 2, 4, 8)
POSTERS, POSTER_SIZE = 400, (500, 750)  # at 1x; width, height in pixels
ITEMS, ITEM_SIZE = 5_000, (400, 400)
ENTRIES = 9_742  # movies of MovieLens


def posters(folder: Path, factor: int) -> Path:
    """A raw folder with `POSTERS * factor` movies, and users and ratings in proportion."""
    full, movies = draw_movies.SCALES["full"], POSTERS * factor
    scale = draw_movies.Scale(
        movies, movies * full.users // full.movies, movies * full.ratings // full.movies,
        POSTER_SIZE,
    )  # fmt: skip
    draw_movies.SCALES[f"{factor}x"] = scale
    return _drawn(folder / f"posters-{factor}x", movieposter.DOMAIN, f"{factor}x", POSTER_SIZE)


def fashion(folder: Path, factor: int) -> Path:
    """A raw folder with `ITEMS * factor` items, and outfits and users in proportion."""
    full, items = draw_fashion.SCALES["full"], ITEMS * factor
    draw_fashion.SCALES[f"{factor}x"] = draw_fashion.Scale(
        items,
        items * full.outfits // full.items,
        items * full.users // full.items,
        items * full.interactions // full.items,
        ITEM_SIZE,
        full.drawn,
    )
    return _drawn(folder / f"fashion-{factor}x", pog_dataset.DOMAIN, f"{factor}x", ITEM_SIZE)


def full(folder: Path, domain: str) -> tuple[Path, int]:
    """A raw folder of the published size, and how many pictures it counts."""
    of: dict[str, tuple[Domain[Any], int]] = {
        "movieposter": (movieposter.DOMAIN, draw_movies.SCALES["full"].movies),
        "pog_dataset": (pog_dataset.DOMAIN, draw_fashion.SCALES["full"].items),
    }
    declared, pictures = of[domain]
    return _drawn(folder / f"full-{domain}", declared, "full", None), pictures


def _drawn(raw: Path, domain: Domain[Any], scale: str, size: tuple[int, int] | None) -> Path:
    if not raw.is_dir():
        draw_raw(domain, raw, DrawSettings(scale, 0, size, None))
    return raw


def of_one_user(raw: Path, domain: str, interactions: str) -> Path:
    """The same files with the interactions of few users: nearly all that is built is items."""
    less = raw.with_name(f"{raw.name}-items")
    if not less.is_dir():
        shutil.copytree(raw, less, copy_function=lambda source, to: Path(to).hardlink_to(source))
        path = less / domain / interactions
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.unlink()
        path.write_text("".join(lines[:60]), encoding="utf-8", newline="")
    return less


def pickled(path: Path, gigabytes: float) -> Path:
    """A pickle as `pickle.dump` writes it in protocol 4: `ENTRIES` arrays of that size in all."""
    if not path.is_file():
        width = 500
        height = round(gigabytes * 1e9 / ENTRIES / width / 3)
        arrays = {key: np.zeros((height, width, 3), np.uint8) for key in range(1, ENTRIES + 1)}
        with path.open("wb") as file:
            pickle.dump(arrays, file, protocol=4)
    return path
