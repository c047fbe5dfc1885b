"""What arguments several verbs have, and how their texts are read."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from pmg.captioning import Prices
from pmg.evaluating import BICUBIC, CROP, FITS, INTERPOLATIONS
from pmg.options import Options
from pmg.origins import NAMED

PRICE = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"


def add_domain(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.add_argument("--domain", choices=names, help="this one only (default: all there are)")


def add_json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def add_options(verb: argparse.ArgumentParser, names: Sequence[str]) -> None:
    """Flags of the fields of `Options`; it is `Options` that refuses wrong values."""
    for option in fields(Options):
        if option.name not in names:
            continue
        flag, about = f"--{option.name.replace('_', '-')}", option.metadata["help"]
        if option.metadata["type"] is bool:
            verb.add_argument(flag, action="store_true", help=about)
        else:
            choices = option.metadata["choices"]
            default = f" (default: {option.default})" if option.default else ""
            verb.add_argument(
                flag,
                type=option.metadata["type"],
                default=option.default,
                metavar="|".join(choices) or option.name[0].upper(),
                help=about + default,
            )


def add_split(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--config", metavar="C", help="default: the first that ends with _bench")
    verb.add_argument("--split", default="test", metavar="S", help="default: test")


def add_canvas(verb: argparse.ArgumentParser, size: int) -> None:
    verb.add_argument(
        "--size",
        type=count,
        default=size,
        metavar="N",
        help=f"pixels of the sides that pictures are compared at (default: {size})",
    )
    verb.add_argument(
        "--interpolation", choices=INTERPOLATIONS, default=BICUBIC, help=f"default: {BICUBIC}"
    )
    verb.add_argument(
        "--fit", choices=FITS, default=CROP, help=f"of another shape: as in `collate` ({CROP})"
    )


def size(text: str) -> tuple[int, int]:
    if not (match := re.fullmatch(r"([1-9][0-9]{0,3})x([1-9][0-9]{0,3})", text)):
        raise argparse.ArgumentTypeError(f"expected 1x1 to 9999x9999 in pixels, found {text!r}")
    return int(match[1]), int(match[2])


def count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def named(text: str) -> str:
    """A name as origins of captions may tell it."""
    if not re.fullmatch(NAMED, text, re.ASCII):
        expected = "expected 1 to 100 letters, digits and ./:@+-_"
        raise argparse.ArgumentTypeError(f"{expected}, found {text!r}")
    return text


def model(text: str) -> str:
    """A model's name, or a folder whose own name can be told."""
    folder = Path(text)
    named(folder.resolve().name if text and folder.is_dir() else text)
    return text


def amount(text: str) -> float:
    if not re.fullmatch(r"(?=.*[1-9])[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise argparse.ArgumentTypeError(f"expected a number above 0, found {text!r}")
    return float(text)


def prices(text: str) -> Prices:
    if not (found := re.fullmatch(rf"({PRICE}),({PRICE})", text)):
        raise argparse.ArgumentTypeError(f"expected two prices, as 0.20,0.60, found {text!r}")
    return Prices(float(found[1]), float(found[2]))


def version(text: str) -> str:
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        raise argparse.ArgumentTypeError(f"expected X.Y.Z, found {text!r}")
    return text
