"""build: raw files into a folder that is ready for the Hub."""

import argparse
import json
import sys
import time
from typing import Any, NamedTuple

from pmg.building.build import Built, build
from pmg.building.engines import LOCAL
from pmg.building.jobs import Request
from pmg.coverage import side_by_side
from pmg.memory import PeakMemory
from pmg.progress import duration
from pmg.protocols.protocol import read_protocol
from pmg.verbs.call import DONE, Domains, options, present


class Cost(NamedTuple):
    """What a build took."""

    seconds: float
    memory: int  # bytes, of all processes together at any time; 0 where nobody tells


def run(domains: Domains, call: argparse.Namespace) -> int:
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
        read_protocol(call.protocol) if call.protocol else None,
    )
    with PeakMemory() as memory:
        built = build(request)
    # Other machines do not tell, and what a part of them took would mislead.
    cost = Cost(time.monotonic() - start, memory.peak if call.engine == LOCAL else 0)
    if call.json:
        print(json.dumps(build_told(built, call, cost)))
        return DONE
    for sentence in built.problems.sentences():
        print(sentence, file=sys.stderr)
    print_build(built, call, cost)
    return DONE


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
