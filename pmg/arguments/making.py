"""The arguments of verbs that make raw folders and built ones."""

import argparse
from dataclasses import fields
from pathlib import Path

from pmg.arguments.shared import (
    add_domain,
    add_json,
    add_options,
    amount,
    count,
    model,
    named,
    number,
    prices,
    size,
    version,
)
from pmg.building.engines import ENGINES, LOCAL
from pmg.captioning import AT_ONCE, BOTH, CHANNELS, IN_A_BATCH, MODEL, SECONDS
from pmg.domain import SCALES
from pmg.options import Options
from pmg.protocols.protocol import RULES, options_of

# That change what is a problem.
CHECKED_OPTIONS = ("image_format", "encoding", "style_key", "history", "group")


def draw(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="draw")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder to write")
    verb.add_argument("--scale", choices=SCALES, default="tiny", help="default: tiny")
    add_domain(verb, names)
    verb.add_argument(
        "--movielens",
        type=Path,
        metavar="DIR",
        help="take ratings, titles and links from MovieLens; draw posters and captions only",
    )
    verb.add_argument("--picture-size", type=size, metavar="WxH", help="in pixels")
    verb.add_argument("--seed", type=int, default=0, help="another seed, other data (default: 0)")


def check(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="check")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder that holds the domains")
    add_domain(verb, names)
    verb.add_argument(
        "--workers",
        type=count,
        default=1,
        metavar="N",
        help="processes that look at pictures (default: 1)",
    )
    add_options(verb, CHECKED_OPTIONS)
    add_json(verb)


def caption(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="caption")
    verb.description = (
        "Asks a vision-language model what pictures show (target) and what somebody who likes them "
        "likes (style), and writes the files of captions in RAW. Answers are kept as they come in "
        "RAW/DOMAIN/captioning.jsonl, so that nothing is asked twice."
    )
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder that holds the domains")
    verb.add_argument("--domain", choices=names, required=True, help="whose pictures")
    verb.add_argument("--channel", choices=(*CHANNELS, BOTH), required=True, help="what to ask for")
    existing = verb.add_mutually_exclusive_group()
    existing.add_argument(
        "--only-missing", action="store_true", help="keep captions that are there, ask for others"
    )
    existing.add_argument(
        "--replace", action="store_true", help="ask for all, in place of those that are there"
    )
    verb.add_argument("--limit", type=number, metavar="N", help="the first N pictures, for a trial")
    verb.add_argument("--dry-run", action="store_true", help="say what it would cost, and ask none")
    add_model(verb)
    verb.add_argument(
        "--html", type=Path, metavar="FILE", help="default: DOMAIN-captions.html; with --json none"
    )
    add_options(verb, ("encoding", "style_key"))
    add_json(verb)


def add_model(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--model", type=model, default=MODEL, metavar="M", help=f"default: {MODEL}")
    verb.add_argument(
        "--revision", type=named, metavar="R", help="of the model, as captions shall tell"
    )
    verb.add_argument(
        "--endpoint",
        metavar="URL",
        help="of OpenAI's protocol, as http://localhost:8000/v1, with the key in "
        "PMG_BENCH_API_KEY if it wants one (default: the model runs in this process)",
    )
    verb.add_argument(
        "--at-once",
        type=count,
        metavar="N",
        help="requests to an endpoint, or pictures in a batch "
        f"(default: {AT_ONCE} or {IN_A_BATCH})",
    )
    verb.add_argument(
        "--timeout",
        type=amount,
        default=SECONDS,
        metavar="S",
        help=f"seconds that an answer of an endpoint may take (default: {SECONDS})",
    )
    verb.add_argument(
        "--requests-per-minute", type=number, metavar="N", help="to an endpoint, at most"
    )
    verb.add_argument(
        "--price", type=prices, metavar="IN,OUT", help="of a million tokens, for the estimate"
    )


def build(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="build")
    verb.add_argument("raw", type=Path, metavar="RAW", help="the folder that holds the domains")
    verb.add_argument("out", type=Path, metavar="OUT", help="the folder to make")
    add_domain(verb, names)
    verb.add_argument(
        "--engine",
        choices=ENGINES,
        default=LOCAL,
        help="what runs the tasks: processes here, or Ray, on the cluster that RAY_ADDRESS names "
        "or on one of this machine; RAW and OUT must be seen by all its nodes (default: local)",
    )
    verb.add_argument(
        "--workers",
        type=count,
        metavar="N",
        help="the most tasks at a time (default: 1; with ray, one for every processor it has)",
    )
    verb.add_argument(
        "--version",
        dest="data_version",
        type=version,
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
    add_options(verb, tuple(option.name for option in fields(Options)))
    add_json(verb)


def samples(verb: argparse.ArgumentParser, names: list[str]) -> None:
    verb.set_defaults(verb="samples")
    verb.description = (
        "Cuts samples of ids from the tables of OUT, as the config DOMAIN_PROTOCOL. A protocol is "
        "a rule with the items of a history and its options, as in windows5,min_rating=4. "
        + "; ".join(f"{rule}: {', '.join(options_of(rule))}" for rule in RULES)
        + "."
    )
    verb.add_argument("out", type=Path, metavar="OUT", help="a built folder")
    verb.add_argument("--protocol", required=True, metavar="P", help="a rule with its options")
    add_domain(verb, names)
    verb.add_argument(
        "--update", action="store_true", help="replace other samples under the same name"
    )
    add_json(verb)


def attach(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(verb="attach")
    verb.add_argument("out", type=Path, metavar="OUT", help="a folder without pictures")
    verb.add_argument(
        "raw",
        type=Path,
        metavar="RAW",
        help="a folder with pictures: files, .tar.gz archives, pickles of arrays",
    )
    add_json(verb)
