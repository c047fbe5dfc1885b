"""demo: the whole road on drawn data."""

import argparse

from pmg.demo import demo
from pmg.verbs.call import DONE, Domains


def run(domains: Domains, call: argparse.Namespace) -> int:
    demo(domains, call.folder)
    return DONE
