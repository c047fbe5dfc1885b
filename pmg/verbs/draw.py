"""draw: a raw folder in the true formats."""

import argparse

from pmg.domain import DrawSettings
from pmg.raw.folder import draw_raw
from pmg.verbs.call import DONE, Domains, chosen


def run(domains: Domains, call: argparse.Namespace) -> int:
    settings = DrawSettings(call.scale, call.seed, call.picture_size, call.movielens)
    for domain in chosen(domains, call):
        print(f"{draw_raw(domain, call.raw, settings)}: drawn.")
    return DONE
