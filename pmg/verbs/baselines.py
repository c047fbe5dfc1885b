"""baselines: what predicts without a model, scored."""

import argparse
import json

from pmg.baselines.report import markdown, told
from pmg.baselines.score import baselines
from pmg.evaluating.canvas import Canvas
from pmg.verbs.call import DONE, Domains


def run(_: Domains, call: argparse.Namespace) -> int:
    canvas = Canvas(call.size, call.interpolation, call.fit)
    table = baselines(call.out, call.config, call.split, canvas)
    if call.json:
        print(json.dumps(told(table), allow_nan=False))
    else:
        print(*markdown(table), sep="\n")
    return DONE
