"""Processes as Linux tells of them."""

import contextlib
import re
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all its descendants; each may end while it is looked at."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            pids += [each for child in task.read_text().split() for each in family(int(child))]
    return pids


def anonymous(pid: int) -> int:
    """Bytes of memory that no file backs; 0 of a process that has gone."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Anonymous: +([0-9]+) kB", told, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def workers_of(pid: int) -> list[int]:
    """The processes that share a build's work; another one keeps track of what they share."""
    return [each for each in family(pid) if "spawn_main" in command_of(each)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
