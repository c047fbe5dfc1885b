"""The arguments of verbs that look at, judge and send on what was built."""

import argparse
from pathlib import Path

from pmg.arguments.shared import add_canvas, add_json, add_split
from pmg.evaluating import SIZE, SIZE_OF_BASELINES, WITH_WEIGHTS
from pmg.exports import FORMATS
from pmg.pages import MOST_ROWS, ROWS


def demo(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="demo")
    verb.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("demo"),
        metavar="DIR",
        help="where raw/, pmg-bench/ and samples.html go (default: demo)",
    )


def show(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="show")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("config", nargs="?", metavar="CONFIG", help="default: the first of the card")
    verb.add_argument("--html", type=Path, metavar="FILE", help="default: CONFIG.html")
    verb.add_argument(
        "--rows",
        type=rows_of_page,
        default=ROWS,
        metavar="N",
        help=f"of the page, at most {MOST_ROWS:,} (default: {ROWS})",
    )


def rows_of_page(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"expected 1 to {MOST_ROWS:,}, found {text!r}")
    return int(text)


def verify(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="verify")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    add_json(verb)


def push(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="push")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("repository", metavar="ORG/NAME", help="a data set repository on the Hub")
    verb.add_argument(
        "--private", action="store_true", help="only you, or your organisation, see it"
    )
    verb.add_argument(
        "--branch",
        default="main",
        metavar="B",
        help="where the commit goes; only one on main is tagged with the version (default: main)",
    )
    verb.add_argument(
        "--dry-run", action="store_true", help="list what would be sent, and send none"
    )


def leakcheck(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="leakcheck")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("config", nargs="?", metavar="CONFIG", help="default: all of samples")
    verb.add_argument(
        "--html", type=Path, metavar="FILE", help="default: CONFIG-leaks.html; with --json none"
    )
    add_json(verb)


def export(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="export")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder, or ORG/NAME")
    verb.add_argument("config", metavar="CONFIG", help="of samples; for imagefolder of items, too")
    verb.add_argument("folder", type=Path, metavar="DIR", help="the folder to make")
    verb.add_argument(
        "--as",
        dest="form",
        required=True,
        choices=FORMATS,
        help="messages: conversations for TRL; imagefolder: pictures and metadata.jsonl, for "
        "diffusers; recbole: atomic files with benchmark splits, for RecBole and cornac",
    )


def evaluate(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="evaluate")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder, or ORG/NAME")
    verb.add_argument(
        "predictions",
        type=Path,
        metavar="PREDICTIONS",
        help="a folder of SAMPLE_ID.png (SAMPLE_ID-1.png, SAMPLE_ID-2.png for several), or a "
        "predictions.jsonl of sample_id and text",
    )
    add_split(verb)
    add_canvas(verb, SIZE)
    verb.add_argument(
        "--metrics",
        type=lambda text: text.split(","),
        default=[],
        metavar="M,M",
        help=f"that fetch a model, beside those that do not: {', '.join(WITH_WEIGHTS)}",
    )
    verb.add_argument(
        "--extractor",
        metavar="MODULE:FUNCTION",
        help="of a list of Pillow pictures to vectors (N, D), whose cosines are scored",
    )
    verb.add_argument(
        "--distance",
        metavar="MODULE:FUNCTION",
        help="of two Pillow pictures to a number, less for more alike",
    )
    add_json(verb)


def baselines(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="baselines")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder, or ORG/NAME")
    add_split(verb)
    add_canvas(verb, SIZE_OF_BASELINES)
    add_json(verb)
