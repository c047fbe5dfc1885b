"""Pictures as training wants them: decoded into whatever is asked for, or as they are."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from datasets import Image
from PIL import Image as Pillow

from pmg.manifest import REBUILD
from pmg.problems import BadCall, BadData, Problem, Severity, shown
from pmg.reading.shelves import Shelf

PIL, NUMPY, TORCH = FORMATS = ("pil", "numpy", "torch")
Pixels = npt.NDArray[np.uint8]


class Form(NamedTuple):
    """What a picture is given as."""

    format: str  # one of FORMATS
    decode: bool

    @classmethod
    def of(cls, format: str, decode: bool) -> "Form":  # noqa: A002 - as `datasets` calls it
        """Raises BadCall for an unknown format, or one that is not installed."""
        if format not in FORMATS:
            raise BadCall(f"Format {format!r}: expected one of {', '.join(FORMATS)}.")
        if format == TORCH and find_spec(TORCH) is None:
            raise BadCall("Format torch: expected PyTorch, found none. `pip install torch`.")
        return cls(format, decode)

    def picture(self, data: bytes | None) -> Any:  # noqa: ANN401 - as the form has it
        """A picture from its file; None stays None. Raises what Pillow does for a broken one."""
        if data is None:
            return None
        value = {"bytes": data, "path": None}
        if not self.decode:
            return value
        image = Image().decode_example(value)
        if self.format == PIL:
            return image
        return pixels_of(image) if self.format == NUMPY else as_tensor(pixels_of(image))


def picture_of(shelf: Shelf, place: int, form: Form) -> Any:  # noqa: ANN401 - as the form has it
    """The picture of an item. Raises BadData where it cannot be read, or is damaged."""
    data = shelf.picture(place)
    try:
        return form.picture(data)
    except Exception as error:  # over broken bytes, decoders raise whatever they like
        item = f"item {shown(shelf.row(place, ['item_id'])['item_id'])}"
        expected, found = "a picture that decodes", "a damaged one"
        problem = Problem(Severity.ERROR, shelf.name, item, expected, found, REBUILD)
        raise BadData(problem) from error


def pixels_of(image: Pillow.Image) -> Pixels:
    """Pixels, (height, width, 3) RGB; what is transparent lies on white."""
    return np.array(on_white(image))


def on_white(image: Pillow.Image) -> Pillow.Image:
    """The picture in RGB, on white where it is transparent."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Pillow.alpha_composite(Pillow.new("RGBA", image.size, "white"), image)
    return image if image.mode == "RGB" else image.convert("RGB")


def as_tensor(values: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - PyTorch may not be there
    """The same values as a tensor, pixels as (…, 3, height, width)."""
    values = np.moveaxis(values, -1, -3) if values.dtype == np.uint8 else values
    return import_module(TORCH).from_numpy(values)
