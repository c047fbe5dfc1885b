"""show: a page of samples to look at."""

import argparse

from pmg.pages.show import show
from pmg.verbs.call import DONE, Domains


def run(domains: Domains, call: argparse.Namespace) -> int:
    path = show(domains, call.out, call.config, call.html, call.rows)
    print(f"{path}: open it in a browser.")
    return DONE
