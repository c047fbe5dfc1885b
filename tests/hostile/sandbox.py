"""Cases run in processes of their own, and what comes out of each."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from tests.hostile.cases import WRITERS, Case
from tests.movieposter.raw_folder import write_raw as write_movies

ROOT = Path(__file__).parents[2]
SKIP = ("--on-problem", "skip")
ONE = ("--workers", "1")


class Run(NamedTuple):
    """What a command answered."""

    code: int
    said: str


class Outcome(NamedTuple):
    """What the process of a case did."""

    exit: int  # 0, or the number of the signal that ended it, negative
    runs: list[Run]
    events: list[str]  # what reading data has no need of
    seconds: float
    memory: int  # bytes, at most


class Sandbox:
    """Forks a process for each list of commands."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._requests = cast("IO[str]", process.stdin)
        self._answers = cast("IO[str]", process.stdout)

    def run(self, folder: Path, commands: list[list[str]]) -> Outcome:
        """Run the commands with `folder` as the working directory, where alone they may write."""
        self._requests.write(json.dumps({"folder": str(folder), "commands": commands}) + "\n")
        self._requests.flush()
        answer = json.loads(self._answers.readline())
        runs = [Run(**each) for each in answer.pop("runs")]
        return Outcome(**answer, runs=runs)


@contextmanager
def sandbox(folder: Path) -> Iterator[Sandbox]:
    """Start the process that forks; `folder` holds what it warms up with."""
    for write_raw in WRITERS.values():
        write_raw(folder / "raw")
    write_movies(folder / "faulty", protocol=0)  # which Python reads by other modules
    (folder / "faulty" / "movieposter" / "info.csv").write_bytes(b"id,name,genre\n1,\xff\n")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.zygote", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Sandbox(process)
        cast("IO[str]", process.stdin).close()


def commands(case: Case) -> list[list[str]]:
    """Check; build and verify; build what can be built, and verify that."""
    given = ["--domain", case.domain, *case.arguments]
    return [
        ["check", "raw", *given],
        ["build", "raw", "out", *ONE, *given],
        ["verify", "out"],
        ["build", "raw", "skipped", *ONE, *SKIP, *given],
        ["verify", "skipped"],
    ]


def run(case: Case, box: Sandbox, folder: Path) -> Outcome:
    """Do the harm in `folder`, and run what a maintainer would."""
    folder.mkdir(parents=True)
    case.harm(WRITERS[case.domain](folder / "raw"))
    return box.run(folder, commands(case))


def clean(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
