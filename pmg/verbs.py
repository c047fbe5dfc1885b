"""What each verb of the command line does and prints; answers with the exit code."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from pmg import demo as demonstration
from pmg import show as page_of
from pmg.build import build as build_folder
from pmg.check import check as check_files
from pmg.coverage import side_by_side
from pmg.domain import Domain, DrawSettings
from pmg.manifest import Manifest
from pmg.options import Options
from pmg.problems import Problems, Severity
from pmg.raw_folder import draw_raw, present_domains
from pmg.verify import verify as verify_folder

DONE, DATA_AT_FAULT = 0, 1
Domains = Sequence[Domain[Any]]


def demo(domains: Domains, call: argparse.Namespace) -> int:
    demonstration.demo(domains, call.folder)
    return DONE


def draw(domains: Domains, call: argparse.Namespace) -> int:
    settings = DrawSettings(call.scale, call.seed, call.picture_size, call.movielens)
    for domain in chosen(domains, call):
        print(f"{draw_raw(domain, call.raw, settings)}: drawn.")
    return DONE


def check(domains: Domains, call: argparse.Namespace) -> int:
    problems = Problems()
    for domain in present(domains, call):
        problems.merge(check_files(domain, call.raw, options(call)))
    report(problems, call)
    return DATA_AT_FAULT if problems.count(Severity.ERROR) else DONE


def build(domains: Domains, call: argparse.Namespace) -> int:
    manifest, problems, anew = build_folder(
        present(domains, call), call.raw, call.out, options(call), call.workers, call.data_version
    )
    if not call.json:
        for sentence in problems.sentences():
            print(sentence, file=sys.stderr)
    print_build(manifest, call, anew)
    return DONE


def show(_: Domains, call: argparse.Namespace) -> int:
    path = page_of.show(call.out, call.config, call.html)
    print(f"{path}: open it in a browser.")
    return DONE


def verify(_: Domains, call: argparse.Namespace) -> int:
    problems = verify_folder(call.out)
    report(problems, call)
    return DATA_AT_FAULT if problems.count(Severity.ERROR) else DONE


def chosen(domains: Domains, call: argparse.Namespace) -> Domains:
    return [domain for domain in domains if call.domain in (None, domain.name)]


def present(domains: Domains, call: argparse.Namespace) -> Domains:
    """The chosen domains that RAW has; the others are left out with a note."""
    wanted = chosen(domains, call)
    there = present_domains(wanted, call.raw)
    for domain in wanted:
        if domain not in there:
            print(f"note: {call.raw / domain.name}: no such folder; left out.", file=sys.stderr)
    return there


def options(call: argparse.Namespace) -> Options:
    given = {option.name for option in fields(Options)} & vars(call).keys()
    return Options(**{name: getattr(call, name) for name in given})


def report(problems: Problems, call: argparse.Namespace) -> None:
    """Print problems for people, or for programs."""
    if call.json:
        counts = {severity.name.lower(): problems.count(severity) for severity in Severity}
        listed = [
            problem._asdict() | {"severity": problem.severity.name.lower()} for problem in problems
        ]
        print(json.dumps({"counts": counts, "problems": listed}, ensure_ascii=False, indent=2))
        return
    for sentence in problems.sentences():
        print(sentence)
    print(problems.summary())


def print_build(manifest: Manifest, call: argparse.Namespace, anew: bool) -> None:
    """Rows and sizes by config and split, for people or for programs."""
    if call.json:
        rows = {
            name: {split: config.rows(split) for split in config.splits}
            for name, config in manifest.configs.items()
        }
        answer = {
            "out": str(call.out),
            "built": anew,
            "rows": rows,
            "coverage": {name: part._asdict() for name, part in manifest.coverage.items()},
            "problems": manifest.problems,
        }
        print(json.dumps(answer))
        return
    same = "nothing to do, it was built from the same files and settings"
    print(f"{call.out}: {'built' if anew else same}.")
    for name, config in manifest.configs.items():
        for split in config.splits:
            count, size = config.rows(split), config.size(split)
            print(f"  {name:<26} {split:<10} {count:>9,} rows {size:>12}")
    for name, *counts in side_by_side(manifest.coverage):
        print(f"  {name:<60}" + "".join(f"{count:>14}" for count in counts))
