"""evaluate: predictions against targets, histories, and other users' histories."""

import argparse
import json

from pmg.evaluating.canvas import Canvas
from pmg.evaluating.evaluate import Asked, evaluate
from pmg.evaluating.report import sentences, told
from pmg.verbs.call import DONE, Domains


def run(_: Domains, call: argparse.Namespace) -> int:
    canvas = Canvas(call.size, call.interpolation, call.fit)
    asked = Asked(call.metrics, call.extractor, call.distance)
    found = evaluate(call.out, call.predictions, call.config, call.split, canvas, asked)
    if call.json:
        print(json.dumps(told(found), allow_nan=False))
    else:
        print(*sentences(found), sep="\n")
    return DONE
