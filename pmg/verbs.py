"""What each verb of the command line does and prints; answers with the exit code."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from pmg import demo as demonstration
from pmg import show as page_of
from pmg.build import Built
from pmg.build import build as build_folder
from pmg.check import check as check_files
from pmg.coverage import side_by_side
from pmg.domain import Domain, DrawSettings
from pmg.engines import LOCAL
from pmg.jobs import Request
from pmg.memory import PeakMemory
from pmg.options import Options
from pmg.problems import Problems, Severity
from pmg.progress import duration
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
    start = time.monotonic()
    request = Request(
        present(domains, call),
        call.raw,
        call.out,
        options(call),
        call.data_version,
        call.workers,
        call.update,
        domains,
        call.engine,
    )
    with PeakMemory() as memory:
        built = build_folder(request)
    # Other machines do not tell, and what a part of them took would mislead.
    cost = Cost(time.monotonic() - start, memory.peak if call.engine == LOCAL else 0)
    if call.json:
        print(json.dumps(build_told(built, call, cost)))
        return DONE
    for sentence in built.problems.sentences():
        print(sentence, file=sys.stderr)
    print_build(built, call, cost)
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
            outcome = "it stays as it is" if getattr(call, "update", False) else "left out"
            print(f"note: {call.raw / domain.name}: no such folder; {outcome}.", file=sys.stderr)
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


class Cost(NamedTuple):
    """What a build took."""

    seconds: float
    memory: int  # bytes, of all processes together at any time; 0 where nobody tells


def build_told(built: Built, call: argparse.Namespace, cost: Cost) -> dict[str, Any]:
    """What a build came to, for programs."""
    manifest = built.manifest
    return {
        "out": str(call.out),
        "built": built.anew,
        "rows": {
            name: {split: config.rows(split) for split in config.splits}
            for name, config in manifest.configs.items()
        },
        "coverage": {name: part._asdict() for name, part in manifest.coverage.items()},
        "problems": manifest.problems,
        "shards": {"kept": built.kept, "made": built.made, "dropped": built.dropped},
        "seconds": round(cost.seconds, 1),
        "peak_memory": cost.memory,
    }


def print_build(built: Built, call: argparse.Namespace, cost: Cost) -> None:
    """Rows and sizes by config and split, and what it took, for people."""
    if not built.anew:
        print(f"{call.out}: nothing to do, it was built from the same files and settings.")
    else:
        shards = f"{built.kept:,} files kept, {built.made:,} made, {built.dropped:,} dropped"
        print(f"{call.out}: {'updated: ' + shards if call.update else 'built'}.")
    for name, config in built.manifest.configs.items():
        for split in config.splits:
            count, size = config.rows(split), config.size(split)
            print(f"  {name:<26} {split:<10} {count:>9,} rows {size:>12}")
    for name, *counts in side_by_side(built.manifest.coverage):
        print(f"  {name:<60}" + "".join(f"{count:>14}" for count in counts))
    if built.anew:
        rate = f"{built.pictures / cost.seconds:,.0f} pictures a second"
        memory = f", at most {cost.memory / 1e6:,.0f} MB of memory" if cost.memory else ""
        print(f"It took {duration(cost.seconds)}, {rate}{memory}, {engine_told(call)}.")


def engine_told(call: argparse.Namespace) -> str:
    """`with 2 workers`, `on Ray with 8 workers`, `on Ray`."""
    where = [] if call.engine == LOCAL else ["on Ray"]
    if count := call.workers or (1 if call.engine == LOCAL else 0):
        where.append(f"with {count} worker{'s' if count > 1 else ''}")
    return " ".join(where)
