"""What a maintainer may choose: one field per option, one place that refuses a wrong value."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from pmg.problems import BadCall

IMAGE_FORMATS = ("webp", "png", "jpeg:Q")
LONGEST_HISTORY = 1_000  # a sample holds all its pictures; nobody shows a model more
ENCODINGS = ("utf-8", "gb18030", "latin-1")


def _option(  # the type of a field of a dataclass is what the field says
    default: Any,  # noqa: ANN401
    about: str,
    choices: tuple[str, ...] = (),
    kind: type = str,
) -> Any:  # noqa: ANN401
    return field(default=default, metadata={"help": about, "choices": choices, "type": kind})


@dataclass(frozen=True)
class Options:
    """How raw files are read and what is published of them.

    The command line, the builder's config and Python callers all end here, so a wrong value is
    refused wherever it is set.

    Raises:
        BadCall: a value that is not allowed; names the option and the allowed values.
    """

    image_format: str = _option(
        "webp",
        "how pixel arrays are encoded: webp (lossless), png (lossless) or jpeg:Q, Q in 1..100",
    )
    on_problem: str = _option(
        "fail", "what an error in the raw files does: stop, or leave out and list", ("fail", "skip")
    )
    encoding: str = _option("utf-8", "the encoding of the raw text files", ENCODINGS)
    style_key: str | None = _option(
        None,
        "what style captions are keyed by, where the file cannot tell: movie or user",
        ("movie", "user"),
    )
    history: int | None = _option(
        None, "the longest history of a sample (default: the domain's rule)", kind=int
    )
    group: str = _option(
        "topic", "what is a pseudo-user of stickers: a topic or an emotion", ("topic", "emotion")
    )
    without_images: bool = _option(
        False, "publish no picture, only its digest and where it can be found", kind=bool
    )

    def __post_init__(self) -> None:
        for option in fields(self):
            value, choices = getattr(self, option.name), option.metadata["choices"]
            if choices and value != option.default and value not in choices:
                _refuse(option.name, value, " or ".join(choices))
        if not _is_image_format(self.image_format):
            _refuse("image_format", self.image_format, ", ".join(IMAGE_FORMATS))
        if type(self.without_images) is not bool:
            _refuse("without_images", self.without_images, "True or False")
        lengths = range(1, LONGEST_HISTORY + 1)
        if self.history is not None and not (type(self.history) is int and self.history in lengths):
            _refuse("history", self.history, f"a whole number from 1 to {LONGEST_HISTORY:,}")


def _refuse(name: str, value: object, allowed: str) -> None:
    raise BadCall(f"Option {name}: expected {allowed}, found {value!r}.")


def _is_image_format(value: object) -> bool:
    if value in ("webp", "png"):
        return True
    return re.fullmatch(r"jpeg:([1-9][0-9]?|100)", str(value)) is not None
