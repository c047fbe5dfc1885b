"""Predictions: the files that a model wrote, by the sample each is of."""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from pmg.problems import BadCall, quoted, shown

TEXTS = "predictions.jsonl"
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
SEVERAL = re.compile(r"(.+)-[1-9][0-9]*", re.DOTALL)
MOST_PIXELS = 100_000_000  # of a prediction; more would be a bomb
DEEP = ("I", "F")  # begin modes that would be cut off, not scaled, to 8 bits
LONGEST = 1 << 16  # characters of a text


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
        BadCall: there is neither, or two files claim to be the same prediction.
    """
    found = Predictions({}, {}, [], [])
    if place.is_file():
        read_texts(place, ids, found)
        return found
    if not place.is_dir():
        raise BadCall(f"{place}: expected a folder of predictions, or {TEXTS}, found neither.")
    claimed: dict[str, Path] = {}
    for path in sorted(place.iterdir()):
        if path.name == TEXTS:
            read_texts(path, ids, found)
        elif (sample := sample_of(path, ids)) is None:
            found.extra.append(f"{shown(path.name)}: expected SAMPLE_ID.png, found no such sample")
        elif other := claimed.get(path.stem):
            raise BadCall(f"{path}: expected one file of {path.stem}, found {other.name}, too.")
        else:
            claimed[path.stem] = path
            found.pictures.setdefault(sample, []).append(path)
    return found


def sample_of(path: Path, ids: Collection[str]) -> str | None:
    """The sample that a picture is of: its name is the id, or that and a number."""
    if path.suffix.lower() not in PICTURES or not path.is_file():
        return None
    if path.stem in ids:
        return path.stem
    several = SEVERAL.fullmatch(path.stem)
    return several[1] if several and several[1] in ids else None


def read_texts(path: Path, ids: Collection[str], found: Predictions) -> None:
    """Add the texts of a file of JSON lines; a line that is none is told."""
    for number, line in enumerate(lines_of(path), 1):
        place = f"{path.name}, line {number}"
        if not line.strip():
            continue
        sample, text = told(line)
        if sample is None or text is None:
            expected = '{"sample_id": …, "text": …}'
            found.unreadable.append(f"{place}: expected {expected}, found {quoted(decoded(line))}")
        elif sample in found.texts:
            found.unreadable.append(
                f"{place}: expected each sample once, found {shown(sample)} again"
            )
        elif sample not in ids:
            found.extra.append(f"{place}: expected the id of a sample, found {shown(sample)}")
        else:
            found.texts[sample] = text


def lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(1 << 20):  # whatever is longer is no line of ours
            yield line


def decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def told(line: bytes) -> tuple[str | None, str | None]:
    """The sample and text of a line; None for what is neither."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None, None
    sample, text = (row.get("sample_id"), row.get("text")) if isinstance(row, dict) else (0, 0)
    if not isinstance(sample, str) or not isinstance(text, str) or len(text) > LONGEST:
        return None, None
    return sample, text


def opened(path: Path) -> Image.Image:
    """A predicted picture, decoded and upright. Raises ValueError with a sentence without one."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                found = f"{image.width:,} x {image.height:,} pixels"
            elif image.mode.startswith(DEEP):
                found = f"more than 8 bits a channel (mode {image.mode})"
            else:
                return ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        found = "another file"
    except Exception as error:  # noqa: BLE001 - over broken bytes, decoders raise what they like
        found = str(error).strip() or type(error).__name__
    raise ValueError(f"{shown(path.name)}: expected a picture that decodes, found {found}")
