"""verify: a built folder against its manifest and the viewer's limits."""

import argparse

from pmg.problems import Severity
from pmg.verbs.call import DATA_AT_FAULT, DONE, Domains, report
from pmg.verify import verify


def run(_: Domains, call: argparse.Namespace) -> int:
    problems = verify(call.out)
    report(problems, call)
    return DATA_AT_FAULT if problems.count(Severity.ERROR) else DONE
