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

from pmg_bench import bench, leakcheck, leave_last_out, pmg, temporal, windows, with_candidates

PAGE = Path(__file__).with_name("leaks.md")
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
    "user's training | user in two splits | history item after the target | test items new to "
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
        test = report.unseen.get("test")
        unseen = f"{test.items:,} of {test.of:,}" if test else NONE
        shift = f"{report.shift.distance:.2f}" if test and report.shift else NONE
        lines.append(f"| {' | '.join([name, ', '.join(counts), *found, unseen, shift])} |")
    return "\n".join(lines) + "\n"


def guesses(ratings: pd.DataFrame, movies: pd.DataFrame) -> str:
    """How often the most interacted of the candidates is the target, by how they are drawn."""
    samples = bench(ratings)
    liked = ratings[ratings["rating"] >= LIKED]["item_id"].astype(str).value_counts()
    lines = ["| four negatives are drawn | the most liked candidate is the target |", "|---|--:|"]
    for name, by, within in (
        ("by popularity, of the same genre: the official split", "popularity", "genres"),
        ("by popularity", "popularity", None),
        ("all alike, of the same genre", "uniform", "genres"),
    ):
        found = with_candidates(samples, ratings, 4, by, movies, within).to_pylist()
        tested = [row for row in found if row["split"] == "test"]
        most = [max(row["candidate_ids"], key=lambda each: liked.get(each, 0)) for row in tested]
        right = sum(guess == row["target_id"] for guess, row in zip(most, tested, strict=True))
        lines.append(f"| {name} | {right:,} of {len(tested):,} ({right / len(tested):.0%}) |")
    return "\n".join(lines) + "\n"


def fill(name: str, made: str) -> None:
    """Put a table between its markers in the page, and print it."""
    block = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(block.sub(lambda found: found[1] + made + found[2], text), encoding="utf-8")
    print(made)


if __name__ == "__main__":
    names = {"userId": "user_id", "movieId": "item_id"}
    of_users = pd.read_csv(Path(sys.argv[1]) / "ratings.csv").rename(columns=names)
    of_movies = pd.read_csv(Path(sys.argv[1]) / "movies.csv").rename(columns=names)
    of_movies["genres"] = of_movies["genres"].str.split("|")
    fill("table", table(of_users))
    fill("guesses", guesses(of_users, of_movies))
