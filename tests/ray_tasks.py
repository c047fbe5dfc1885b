"""Tasks on two processors of Ray, told about in JSON: `python -m tests.ray_tasks WORK`."""

import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pmg.building.engines import Engine, open_engine
from pmg.building.jobs import Request
from pmg.problems import BadData, Problem, Severity

WORKERS = 2
PROBLEM = Problem(Severity.ERROR, "a.csv", "line 1", "a number", "a word", "Correct it")


class Timed(NamedTuple):
    """A task, and when it was at work."""

    task: int
    start: float
    end: float


def sleep(task: int) -> Timed:
    start = time.time()
    time.sleep(2.0 if task == 0 else 0.1)
    return Timed(task, start, time.time())


def fill_the_disk(path: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", path)


def find_bad_data(_: str) -> None:
    raise BadData(PROBLEM)


def end_its_process(tries: str) -> None:
    with Path(tries).open("a") as file:
        file.write("once\n")
    os.kill(os.getpid(), signal.SIGKILL)


def raised(engine: Engine, function: Callable[[str], None], task: str) -> dict[str, Any]:
    try:
        list(engine.map(function, [task]))
    except Exception as error:  # noqa: BLE001 - whichever it is, it is told
        told = [error.errno, error.strerror, error.filename] if isinstance(error, OSError) else []
        return {"type": type(error).__name__, "text": str(error), "told": told}
    return {}


def main(work: Path) -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for task in range(8):
            taken.append(task)
            yield task

    request = Request([], work, work, workers=WORKERS, engine="ray")
    with open_engine(request, work) as engine:
        answers, taken_by_first = [], 0
        for answer in engine.map(sleep, tasks()):
            taken_by_first = taken_by_first or len(taken)
            answers.append(answer)
        told = {
            "answers": answers,
            "taken_by_first": taken_by_first,
            "disk": raised(engine, fill_the_disk, "/full/file"),
            "data": raised(engine, find_bad_data, ""),
            "lost": raised(engine, end_its_process, str(work / "tries")),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
