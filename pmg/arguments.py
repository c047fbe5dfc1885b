"""The verbs of the command line, each with its arguments."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pmg import __version__
from pmg.building.engines import ENGINES, LOCAL
from pmg.domain import SCALES, Domain
from pmg.exports import FORMATS
from pmg.options import Options
from pmg.pages import MOST_ROWS, ROWS
from pmg.protocols.protocol import RULES, options_of

# That change what is a problem.
CHECKED_OPTIONS = ("image_format", "encoding", "style_key", "history", "group")


def parser(domains: Sequence[Domain[Any]]) -> argparse.ArgumentParser:
    """Every verb with its arguments."""
    top = argparse.ArgumentParser(
        prog="pmg-bench",
        description="Personalised multimodal generation in recommender systems, as a data set.",
        epilog="Exit code: 0 done, 1 the data is at fault, 2 the call is at fault.",
    )
    top.add_argument("--version", action="version", version=f"pmg-bench {__version__}")
    add = top.add_subparsers(required=True, metavar="VERB").add_parser
    names = [domain.name for domain in domains]
    _demo(add("demo", help="the whole road on drawn data: draw, check, build, load, show"))
    _draw(add("draw", help="write a raw folder in the true formats, with drawn pictures"), names)
    _check(add("check", help="everything wrong with the raw files, worst first"), names)
    _build(add("build", help="raw files into a folder that is ready for the Hub"), names)
    _show(add("show", help="a page of samples to look at"))
    _verify(add("verify", help="a built folder against its manifest and the viewer's limits"))
    _push(add("push", help="a built folder to the Hub, in one commit, with a tag of its version"))
    _samples(add("samples", help="samples of ids by another protocol into a built folder"), names)
    _leakcheck(add("leakcheck", help="what sets of samples give away of their test"))
    _export(add("export", help="a table into the files that another program trains with"))
    _attach(add("attach", help="your own pictures into a set that was published without them"))
    return top


def _demo(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="demo")
    verb.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("demo"),
        metavar="DIR",
        help="where raw/, pmg-bench/ and samples.html go (default: demo)",
    )


def _draw(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="draw")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder to write")
    verb.add_argument("--scale", choices=SCALES, default="tiny", help="default: tiny")
    _add_domain(verb, names)
    verb.add_argument(
        "--movielens",
        type=Path,
        metavar="DIR",
        help="take ratings, titles and links from MovieLens; draw posters and captions only",
    )
    verb.add_argument("--picture-size", type=_size, metavar="WxH", help="in pixels")
    verb.add_argument("--seed", type=int, default=0, help="another seed, other data (default: 0)")


def _check(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="check")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder that holds the domains")
    _add_domain(verb, names)
    verb.add_argument(
        "--workers",
        type=_count,
        default=1,
        metavar="N",
        help="processes that look at pictures (default: 1)",
    )
    _add_options(verb, CHECKED_OPTIONS)
    _add_json(verb)


def _build(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="build")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder that holds the domains")
    verb.add_argument("out", type=Path, metavar="OUT", help="the folder to make")
    _add_domain(verb, names)
    verb.add_argument(
        "--engine",
        choices=ENGINES,
        default=LOCAL,
        help="what runs the tasks: processes here, or Ray, on the cluster that RAY_ADDRESS names "
        "or on one of this machine; RAW and OUT must be seen by all its nodes (default: local)",
    )
    verb.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="the most tasks at a time (default: 1; with ray, one for every processor it has)",
    )
    verb.add_argument(
        "--version",
        dest="data_version",
        type=_version,
        default="1.0.0",
        metavar="X.Y.Z",
        help="the version of the data, as the card states it (default: 1.0.0)",
    )
    verb.add_argument(
        "--protocol",
        metavar="P",
        help="samples of ids beside the usual ones, as windows5,min_rating=4; see `samples`",
    )
    verb.add_argument(
        "--update",
        action="store_true",
        help="where OUT was built from other files or settings, make what is not the same",
    )
    _add_options(verb, tuple(option.name for option in fields(Options)))
    _add_json(verb)


def _show(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="show")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("config", nargs="?", metavar="CONFIG", help="default: the first of the card")
    verb.add_argument("--html", type=Path, metavar="FILE", help="default: CONFIG.html")
    verb.add_argument(
        "--rows",
        type=int,
        choices=range(1, MOST_ROWS + 1),
        default=ROWS,
        metavar="N",
        help=f"of the page, at most {MOST_ROWS:,} (default: {ROWS})",
    )


def _verify(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="verify")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    _add_json(verb)


def _push(verb: argparse.ArgumentParser) -> None:
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


def _samples(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="samples")
    verb.description = (
        "Cuts samples of ids from the tables of OUT, as the config DOMAIN_PROTOCOL. A protocol is "
        "a rule with the items of a history and its options, as in windows5,min_rating=4. "
        + "; ".join(f"{rule}: {', '.join(options_of(rule))}" for rule in RULES)
        + "."
    )
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("--protocol", required=True, metavar="P", help="a rule with its options")
    _add_domain(verb, names)
    verb.add_argument(
        "--update", action="store_true", help="replace other samples under the same name"
    )
    _add_json(verb)


def _leakcheck(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="leakcheck")
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("config", nargs="?", metavar="CONFIG", help="default: all of samples")
    verb.add_argument(
        "--html", type=Path, metavar="FILE", help="default: CONFIG-leaks.html; with --json none"
    )
    _add_json(verb)


def _export(verb: argparse.ArgumentParser) -> None:
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


def _attach(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="attach")
    verb.add_argument("out", type=Path, metavar="OUT", help="a folder without pictures")
    verb.add_argument(
        "raw",
        type=Path,
        metavar="RAW",
        help="a folder with pictures: files, .tar.gz archives, pickles of arrays",
    )
    _add_json(verb)


def _add_domain(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.add_argument("--domain", choices=names, help="this one only (default: all there are)")


def _add_json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _add_options(verb: argparse.ArgumentParser, names: Sequence[str]) -> None:
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


def _size(text: str) -> tuple[int, int]:
    if not (match := re.fullmatch(r"([1-9][0-9]{0,3})x([1-9][0-9]{0,3})", text)):
        raise argparse.ArgumentTypeError(f"expected 1x1 to 9999x9999 in pixels, found {text!r}")
    return int(match[1]), int(match[2])


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def _version(text: str) -> str:
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        raise argparse.ArgumentTypeError(f"expected X.Y.Z, found {text!r}")
    return text
