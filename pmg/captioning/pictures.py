"""Pictures as a model is shown them: the same for all engines."""

import base64
import io
import math

from PIL import Image

from pmg.problems import BadData, Problem, Severity
from pmg.raw.pictures import Loaded
from pmg.reading.pictures import on_white

PATCH = 28  # pixels of a side; Qwen2.5-VL makes a token of each (S. Bai et al., 2025)
MOST_TOKENS, FEWEST_TOKENS = 1_280, 4
MOST_PIXELS = MOST_TOKENS * PATCH * PATCH  # a poster says no more to it when it is larger
LONGEST = 200  # times the other side, which is all that Qwen2.5-VL is made for
QUALITY = 90  # of JPEG, in colour throughout: thin letters stay, and half the bytes of 95 go


def as_shown(loaded: Loaded) -> Image.Image:
    """In RGB, upright, on white, and not larger than helps.

    Raises:
        BadData: as `Loaded.image`; or it is too long and thin, whose file and place are left empty.
    """
    image = on_white(loaded.image())
    short, long = sorted(image.size)
    if long > LONGEST * short:
        expected = f"a picture at most {LONGEST} times as long as wide"
        found, remedy = f"{image.width:,} x {image.height:,} pixels", "Caption it by hand"
        raise BadData(Problem(Severity.ERROR, "", "", expected, found, remedy))
    if (pixels := image.width * image.height) > MOST_PIXELS:
        share = math.sqrt(MOST_PIXELS / pixels)
        size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
        image = image.resize(size, Image.Resampling.BICUBIC)
    return image


def as_uri(image: Image.Image) -> str:
    """The picture in an address, as endpoints take it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def tokens_of(image: Image.Image) -> int:
    """How many tokens it is, as Qwen2.5-VL counts; other models differ."""
    across, down = round(image.width / PATCH), round(image.height / PATCH)
    return max(FEWEST_TOKENS, across * down)
