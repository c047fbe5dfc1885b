"""check: everything wrong with raw files."""

import argparse

from pmg.check import check
from pmg.problems import Problems, Severity
from pmg.verbs.call import DATA_AT_FAULT, DONE, Domains, options, present, report


def run(domains: Domains, call: argparse.Namespace) -> int:
    problems = Problems()
    for domain in present(domains, call):
        problems.merge(check(domain, call.raw, options(call), call.workers))
    report(problems, call)
    return DATA_AT_FAULT if problems.count(Severity.ERROR) else DONE
