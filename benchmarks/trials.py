"""Trials: ours and a rival in turn, each in a process of its own, as figures with their spread."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]


class Spread(NamedTuple):
    """A figure over several runs."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        return cls(min(values), median(values), max(values))

    def shown(self, form: str = ".2f") -> str:
        """The median, and the range in brackets."""
        return f"{self.middle:{form}} ({self.least:{form}}-{self.most:{form}})"


class Run(NamedTuple):
    """What one run in a process of its own took."""

    seconds: float  # what the function says of its work, else of the whole process
    memory: int  # bytes: the most that was resident in the process at any time, pages of files too
    told: dict[str, Any]  # whatever else the function says


class Row(NamedTuple):
    """One line of the table: a work, its rival or limit, and how they compare."""

    work: str
    rival: str
    ours: str  # figures with units
    theirs: str
    ratio: Spread
    at_least: float | None  # what the ratio should reach; None: `at_most` counts
    at_most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        if self.at_least is not None and self.ratio.middle < self.at_least:
            return False
        return self.at_most is None or self.ratio.middle <= self.at_most


def run_alone(function: str, *arguments: Any, cpus: int | None = None) -> Run:  # noqa: ANN401 - JSON
    """Run `module:function` of this folder with arguments that JSON can say, in a new process.

    The function answers with a dict; its `seconds`, if any, are the time of its work without the
    start of Python. `cpus` bounds the processors that the process may use.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.trials", function, json.dumps(arguments)],
        cwd=ROOT,
        env=os.environ | {"HF_DATASETS_DISABLE_PROGRESS_BARS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, range(cpus))) if cpus else None,  # noqa: PLW1509
    ) as process:
        answer = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(f"{function} ended with exit code {process.returncode}.")
    told = json.loads(answer.splitlines()[-1])
    seconds = told.pop("seconds", time.perf_counter() - start)
    return Run(seconds, told.pop("peak_resident"), told)


def in_turn(times: int, *trials: Callable[[], Run]) -> list[list[Run]]:
    """Runs of each trial; one of each, then one of each again, so that drift meets all alike."""
    runs: list[list[Run]] = [[] for _ in trials]
    for _ in range(times):
        for each, trial in zip(runs, trials, strict=True):
            each.append(trial())
    return runs


def seconds_of(runs: list[Run]) -> Spread:
    return Spread.of([run.seconds for run in runs])


def ratio_of(above: list[Run], below: list[Run]) -> Spread:
    """Seconds of one over seconds of the other, pair by pair."""
    pairs = zip(above, below, strict=True)
    return Spread.of([first.seconds / second.seconds for first, second in pairs])


def main() -> None:
    """Run one function for `run_alone`, and answer on standard output."""
    module, _, name = sys.argv[1].partition(":")
    told = getattr(import_module(f"benchmarks.{module}"), name)(*json.loads(sys.argv[2]))
    status = Path("/proc/self/status").read_text()
    resident = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    print(json.dumps(told | {"peak_resident": resident}))


if __name__ == "__main__":
    main()
