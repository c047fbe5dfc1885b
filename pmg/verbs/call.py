"""What a call asks for, and how the problems that it finds are told."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import Problems, Severity
from pmg.raw.folder import present_domains

DONE, DATA_AT_FAULT = 0, 1
Domains = Sequence[Domain[Any]]


def chosen(domains: Domains, call: argparse.Namespace) -> Domains:
    return [domain for domain in domains if call.domain in (None, domain.name)]


def present(domains: Domains, call: argparse.Namespace) -> Domains:
    """The chosen domains that RAW has; the others are left out with a note."""
    wanted = chosen(domains, call)
    there = present_domains(wanted, call.raw)
    for domain in wanted:
        if domain not in there:
            outcome = "it stays as it is" if getattr(call, "update", False) else "left out"
            print(f"note: {call.raw / domain.name}: no such folder; {outcome}.", file=sys.stderr)
    return there


def options(call: argparse.Namespace) -> Options:
    given = {option.name for option in fields(Options)} & vars(call).keys()
    return Options(**{name: getattr(call, name) for name in given})


def problems_told(problems: Problems) -> dict[str, Any]:
    """Problems for programs: how many by severity, and each with its parts."""
    counts = {severity.name.lower(): problems.count(severity) for severity in Severity}
    listed = [
        problem._asdict() | {"severity": problem.severity.name.lower()} for problem in problems
    ]
    return {"counts": counts, "problems": listed}


def report(problems: Problems, call: argparse.Namespace) -> None:
    """Print problems for people, or for programs."""
    if call.json:
        print(json.dumps(problems_told(problems), ensure_ascii=False, indent=2))
        return
    for sentence in problems.sentences():
        print(sentence)
    print(problems.summary())
