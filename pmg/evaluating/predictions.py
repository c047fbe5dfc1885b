"""Predictions: the files that a model wrote, by the sample each is of."""

import re
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from pmg.evaluating.texts import read_texts, tell
from pmg.problems import BadData, Problem, Severity, quoted, shown

TEXTS = "predictions.jsonl"
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
FORMATS = ("PNG", "JPEG", "WEBP")  # others have readers that call other programs
SEVERAL = re.compile(r"(.+)-[1-9][0-9]*", re.DOTALL)
MOST_PIXELS = 100_000_000  # of a prediction; more would be a bomb
DEEP = ("I", "F")  # begin modes that would be cut off, not scaled, to 8 bits


class Predictions(NamedTuple):
    """What was predicted, by sample; sentences about all that cannot be scored."""

    pictures: dict[str, list[Path]]
    texts: dict[str, str]
    extra: list[str]  # of no sample
    unreadable: list[str]


def found_in(place: Path, ids: Collection[str]) -> Predictions:
    """The predictions in a folder, and in its predictions.jsonl, or in such a file alone.

    Args:
        place: the folder, of `ID.png`, or `ID-1.png`, `ID-2.png` for several (or .jpg, .webp);
            or the file, which has a line `{"sample_id": …, "text": …}` a sample.
        ids: of the samples.

    Raises:
        BadData: there is neither, or two files claim to be the same prediction.
    """
    found = Predictions({}, {}, [], [])
    if place.is_file():
        read_texts(place, ids, found.texts, found.extra, found.unreadable)
        return found
    if not place.is_dir():
        raise no_predictions(place, "none")
    claimed: dict[str, Path] = {}
    for path in sorted(place.iterdir()):
        name = shown(path.name)
        sample = TEXTS if path.name == TEXTS else sample_of(path, ids)
        if sample is None:
            tell(found.extra, f"{name}: expected SAMPLE_ID.png, found no such sample")
        elif not path.is_file():
            kind = "a folder" if path.is_dir() else "a link to nothing, or no file of data"
            tell(found.unreadable, f"{name}: expected a file, found {kind}")
        elif sample == TEXTS:
            read_texts(path, ids, found.texts, found.extra, found.unreadable)
        elif other := claimed.get(path.stem):
            raise no_predictions(path, f"{shown(other.name)}, too", f"one file of {path.stem}")
        else:
            claimed[path.stem] = path
            found.pictures.setdefault(sample, []).append(path)
    return found


def no_predictions(
    place: Path, found: str, expected: str = f"a folder of SAMPLE_ID.png, or {TEXTS}"
) -> BadData:
    """What is said where predictions cannot be told from what is there."""
    remedy = "Name what a model wrote; docs/evaluating.md tells the names of its files"
    return BadData(Problem(Severity.ERROR, str(place), "", expected, found, remedy))


def sample_of(path: Path, ids: Collection[str]) -> str | None:
    """The sample that a picture is of: its name is the id, or that and a number."""
    if path.suffix.lower() not in PICTURES:
        return None
    if path.stem in ids:
        return path.stem
    several = SEVERAL.fullmatch(path.stem)
    return several[1] if several and several[1] in ids else None


def opened(path: Path) -> Image.Image:
    """A predicted picture, decoded and upright. Raises ValueError with a sentence without one."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                found = f"{image.width:,} x {image.height:,} pixels, more than {MOST_PIXELS:,}"
            elif image.mode.startswith(DEEP):
                found = f"more than 8 bits a channel (mode {image.mode})"
            else:
                return ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        found = "another file"
    except Exception as error:  # noqa: BLE001 - over broken bytes, decoders raise what they like
        found = quoted(str(error).strip() or type(error).__name__)
    raise ValueError(f"{shown(path.name)}: expected a picture that decodes, found {found}")
