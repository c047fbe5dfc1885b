"""show: a page of samples to look at."""

import argparse

from pmg.show import show
from pmg.verbs.call import DONE, Domains


def run(_: Domains, call: argparse.Namespace) -> int:
    path = show(call.out, call.config, call.html)
    print(f"{path}: open it in a browser.")
    return DONE
