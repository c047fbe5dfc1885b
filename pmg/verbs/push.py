"""push: a built folder to the Hub."""

import argparse
import sys

from huggingface_hub.utils.tqdm import disable_progress_bars

from pmg.hub import MAIN
from pmg.problems import Severity
from pmg.publishing.push import Order, Plan, plan, push
from pmg.verbs.call import DONE, Domains


def run(domains: Domains, call: argparse.Namespace) -> int:
    disable_progress_bars()  # ours tells of all files together
    order = Order(call.out, call.repository, call.branch, call.private)
    made, problems = plan(order, domains)
    for sentence in problems.sentences(mildest=Severity.WARNING):
        print(sentence, file=sys.stderr)
    if call.dry_run:
        print_plan(order, made)
        return DONE
    commit = push(order, made)
    done = "published" if made.needed else "nothing to send, it is there already"
    version = f", version {made.tag}" if order.branch == MAIN else f", branch {order.branch}"
    print(f"{order.repository}: {done}; commit {commit[:12]}{version}.")
    return DONE


def print_plan(order: Order, made: Plan) -> None:
    """What `push` would do, a file a line."""
    print(f"{order.repository}, {order.branch}: {'a new one' if made.head is None else made.head}")
    for file in made.send:
        print(f"  send  {file.bytes:>14,}  {file.path}")
    for file in made.kept:
        print(f"  there {file.bytes:>14,}  {file.path}")
    for path in made.drop:
        print(f"  drop  {'':>14}  {path}")
    size = sum(file.bytes for file in made.send)
    print(
        f"{len(made.send):,} files of {size:,} bytes to send, {len(made.kept):,} there already, "
        f"{len(made.drop):,} to drop."
    )
