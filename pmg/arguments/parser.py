"""The verbs of the command line."""

import argparse
from collections.abc import Sequence
from typing import Any

from pmg import __version__
from pmg.arguments import making, using
from pmg.domain import Domain


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
    using.demo(add("demo", help="the whole road on drawn data: draw, check, build, load, show"))
    making.draw(add("draw", help="a raw folder in the true formats, with drawn pictures"), names)
    making.check(add("check", help="everything wrong with the raw files, worst first"), names)
    making.caption(add("caption", help="a model's captions of your own pictures"), names)
    making.build(add("build", help="raw files into a folder that is ready for the Hub"), names)
    using.show(add("show", help="a page of samples to look at"))
    using.verify(add("verify", help="a built folder against its manifest and the viewer's limits"))
    using.push(
        add("push", help="a built folder to the Hub, in one commit, tagged with its version")
    )
    making.samples(add("samples", help="samples of ids by another protocol"), names)
    using.leakcheck(add("leakcheck", help="what sets of samples give away of their test"))
    using.export(add("export", help="a table into the files that another program trains with"))
    using.evaluate(add("evaluate", help="predictions against targets and histories"))
    using.baselines(add("baselines", help="what predicts without a model, scored"))
    making.attach(add("attach", help="your own pictures into a set published without them"))
    return top
