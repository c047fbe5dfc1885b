"""Writes the table of docs/leaks.md: what usual protocols give away on real ratings.

python docs/leaks.py ml-latest-small    # a folder with MovieLens' ratings.csv
"""

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pmg_bench import bench, leakcheck, leave_last_out, pmg, temporal, windows

PAGE = Path(__file__).with_name("leaks.md")
TABLE = re.compile(r"(<!-- table -->\n).*?(<!-- end of table -->)", re.DOTALL)
LIKED = 4.0  # stars
NONE = "-"
PROTOCOLS: dict[str, Callable[[pd.DataFrame], pa.Table]] = {
    "`pmg`: most preferred first": pmg,
    "`windows5,split=sample`: windows, 8:1:1 at random": partial(
        windows, split="sample", min_rating=LIKED
    ),
    "`windows5`: user-disjoint": partial(windows, min_rating=LIKED),
    "`leave_last_out50`": partial(leave_last_out, min_rating=LIKED),
    "`temporal50,fraction=0.8:0.9`": partial(temporal, fraction=(0.8, 0.9), min_rating=LIKED),
    "`bench`: the official split": bench,
}
HEADING = (
    "| samples | train, validation, test | target in its own history | held-out target in its "
    "user's training | user in two splits | history item after the target | held-out items new to "
    "training | shift of popularity |\n|---|--:|--:|--:|--:|--:|--:|--:|"
)


def table(ratings: pd.DataFrame) -> str:
    """A line for each protocol; leaks that it forbids itself are bold."""
    lines = [HEADING]
    for name, cut in PROTOCOLS.items():
        report = leakcheck(cut(ratings), ratings)
        counts = [f"{report.samples.get(split, 0):,}" for split in ("train", "validation", "test")]
        found = [
            f"{mark}{check.found:,} of {check.of:,} {check.noun}{mark}" if check.found else "0"
            for check in report.checks
            for mark in ["**" if check.leaks else ""]
        ]
        tested = len(report.samples) > 1 and report.shift is not None
        unseen = f"{report.unseen.items:,} of {report.unseen.of:,}" if tested else NONE
        shift = f"{report.shift.distance:.2f}" if tested and report.shift else NONE
        lines.append(f"| {' | '.join([name, ', '.join(counts), *found, unseen, shift])} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    names = {"userId": "user_id", "movieId": "item_id"}
    made = table(pd.read_csv(Path(sys.argv[1]) / "ratings.csv").rename(columns=names))
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda found: found[1] + made + found[2], text), encoding="utf-8")
    print(made, end="")
