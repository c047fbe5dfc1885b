"""attach: pictures from one's own files into a set that was published without them."""

import argparse
import json
import sys

from pmg.problems import Problems, Severity
from pmg.publishing.attach import attach
from pmg.verbs.call import DATA_AT_FAULT, DONE, Domains, problems_told


def run(domains: Domains, call: argparse.Namespace) -> int:
    problems = Problems()
    attached = attach(call.out, call.raw, domains, problems)
    if call.json:
        told = {name: each._asdict() for name, each in attached.items()}
        print(json.dumps({"pictures": told, **problems_told(problems)}, ensure_ascii=False))
    else:
        for sentence in problems.sentences():
            print(sentence, file=sys.stderr)
        for name, each in attached.items():
            new = each.now - each.before
            print(f"{name}: {each.now:,} of {each.told:,} pictures are there, {new:,} of them new.")
    lacking = any(each.now < each.told for each in attached.values())
    none_new = all(each.now == each.before for each in attached.values())
    at_fault = problems.count(Severity.ERROR) or (lacking and none_new)
    return DATA_AT_FAULT if at_fault else DONE
