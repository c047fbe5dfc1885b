"""Memory: the most that a run had at any time, in all its processes."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

SECONDS_BETWEEN_LOOKS = 0.2
STACK = 25  # of the fields after a process's name


class PeakMemory:
    """Looks, while its block runs, at this process and those that it started.

    `peak` is the largest sum of anonymous memory that a look found, in bytes: memory that no
    file backs. It stays 0 where the system does not tell, which only Linux does.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.peak = max(self.peak, anonymous_of_all())
            if self._end.wait(SECONDS_BETWEEN_LOOKS):
                return


def anonymous_of_all() -> int:
    """Bytes of memory that no file backs, of this process and those that it started.

    Until it runs a program of its own, a child of vfork(2) has its parent's memory, not more.
    """
    own = stack_of("self")
    others = [each for each in children() if own == 0 or stack_of(each) != own]
    return sum(map(anonymous, ["self", *others]))


def anonymous(process: str) -> int:
    """Bytes of memory of a process that no file backs; 0 of one that has gone.

    As `Anonymous` in smaps_rollup, of the kernel's own counters (proc(5), statm): to add up
    smaps_rollup the kernel walks all pages, which held builds up by a tenth.
    """
    try:
        _, resident, of_files, *_ = Path(f"/proc/{process}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(of_files)) * os.sysconf("SC_PAGE_SIZE")


def stack_of(process: str) -> int:
    """Where a program's stack begins, drawn anew for each (proc(5), stat); 0 where nobody tells."""
    try:
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(numbers[STACK])


def children() -> list[str]:
    """Process numbers of what this process started; none where the system does not tell."""
    told = []
    for path in Path("/proc/self/task").glob("*/children"):
        try:
            told += path.read_text().split()
        except OSError:  # the thread has ended
            continue
    return told
