"""The command line: verbs and their arguments. It is handed the domains."""

import argparse
import errno
import io
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

from pmg import __version__
from pmg.building.engines import ENGINES, LOCAL
from pmg.domain import SCALES, Domain
from pmg.options import Options
from pmg.problems import BadCall, BadData, TooManyProblems

DATA_AT_FAULT = MACHINE_AT_FAULT = 1
CALL_AT_FAULT, INTERRUPTED = 2, 130
MACHINE_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM)  # of a disk
# That change what is a problem.
CHECKED_OPTIONS = ("image_format", "encoding", "style_key", "history", "group")


def main(domains: Sequence[Domain[Any]], arguments: list[str] | None) -> int:
    """Run one verb; answers with the exit code: 0 done, 1 the data is at fault, 2 the call is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names may be Chinese, and the terminal not
            stream.reconfigure(errors="backslashreplace")
    call = parser(domains).parse_args(arguments)
    try:
        code = int(import_module(f"pmg.verbs.{call.verb}").run(domains, call))
        sys.stdout.flush()
    except (BadData, TooManyProblems) as fault:
        tell(str(fault), fault)
        return DATA_AT_FAULT
    except BadCall as fault:
        tell(f"pmg-bench: {fault}", fault)
        return CALL_AT_FAULT
    except BrokenPipeError:
        # Whoever read our output has gone; what is left of it must go somewhere at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except OSError as fault:
        place = f"{fault.filename}: " if fault.filename else ""
        tell(f"pmg-bench: {place}{fault.strerror or fault}.", fault)
        return MACHINE_AT_FAULT if fault.errno in MACHINE_FAULTS else CALL_AT_FAULT
    except KeyboardInterrupt as fault:
        tell("pmg-bench: stopped; nothing is left under a final name.", fault)
        return INTERRUPTED
    return code


def tell(sentence: str, fault: BaseException) -> None:
    """Print a sentence, and what else there is to know about the fault."""
    print(sentence, *getattr(fault, "__notes__", ()), sep="\n", file=sys.stderr)


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
