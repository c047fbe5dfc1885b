"""Commands run in processes of their own, and what comes out of each."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from tests.hostile.cases import WRITERS
from tests.movieposter.raw_folder import write_raw as write_movies

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 512 << 20  # bytes that a process may have in use at any time


class Run(NamedTuple):
    """What a command answered."""

    code: int
    said: str


class Outcome(NamedTuple):
    """What a process did."""

    exit: int  # 0, or the number of the signal that ended it, negative
    runs: list[Run]
    events: list[str]  # what reading data has no need of
    seconds: float
    memory: int  # bytes, at most

    def faults(self) -> list[str]:
        """What no input may bring about."""
        faults = [f"{event}, which reading has no need of" for event in self.events]
        if self.exit:
            faults.append(f"ended by signal {-self.exit} after {self.seconds:.0f} s")
        if self.memory > MOST_MEMORY:
            faults.append(f"{self.memory >> 20:,} MiB of memory")
        if self.runs and "Traceback" in "".join(run.said for run in self.runs):
            faults.append("a traceback")
        return faults


class Sandbox:
    """Forks a process for each list of commands."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._requests = cast("IO[str]", process.stdin)
        self._answers = cast("IO[str]", process.stdout)

    def run(self, folder: Path, *commands: list[str]) -> Outcome:
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
