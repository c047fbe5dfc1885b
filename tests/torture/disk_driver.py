"""Builds on a disk that fails once: each build in a process forked off a warm one.

    LD_PRELOAD=faulty_disk.so FAULTY_FOLDER=… python disk_driver.py RAW FOLDER FIRST STEP

Prints a line of JSON for every call that was made to fail: what came of that build, and of the
next one. With FIRST -1 it prints how many calls of each kind a build makes.
"""

import ctypes
import errno
import hashlib
import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pyarrow as pa

from pmg_bench import main

KINDS = ("open", "write", "flush", "rename")
ERRORS = (errno.ENOSPC, errno.EIO)
DISK = ctypes.CDLL(None)
NEVER = -1


def build(raw: str, out: Path) -> tuple[int, str]:
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(io.StringIO()):
        code = main(["build", raw, str(out)])
    return code, said.getvalue()


def digests(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def tried(raw: str, folder: Path, kind: int, number: int) -> dict[str, object]:
    """A build in which one call fails, and the next one."""
    out = folder / f"{KINDS[kind]}-{number}"
    DISK.fail_at(kind, ctypes.c_long(number), ERRORS[number % len(ERRORS)])
    code, said = build(raw, out)
    DISK.fail_at(NEVER, ctypes.c_long(NEVER), 0)
    after = {"code": code, "said": said, "out": digests(out) if out.exists() else None}
    code, said = build(raw, out)
    left = sorted(path.name for path in folder.glob(f"{out.name}*"))
    return after | {"next": code, "next_said": said, "next_out": digests(out), "left": left}


def forked(raw: str, folder: Path, kind: int, number: int) -> dict[str, object]:
    """The same in a process of its own, so that no build inherits from another."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        told: dict[str, object] = json.loads(text or '{"code": null, "said": "it died"}')
        return told
    try:
        with os.fdopen(writing, "w") as answer:
            json.dump(tried(raw, folder, kind, number), answer)
    finally:
        os._exit(0)


def run(raw: str, folder: Path, first: int, step: int) -> None:
    DISK.fail_at(NEVER, ctypes.c_long(NEVER), 0)
    if first < 0:
        code, said = build(raw, folder / "whole")
        counts = [DISK.calls_seen(kind) for kind in range(len(KINDS))]
        print(json.dumps({"code": code, "said": said, "counts": counts}))
        return
    counts = json.loads(os.environ["CALLS"])
    calls = [(kind, number) for kind, count in enumerate(counts) for number in range(count)]
    for kind, number in calls[first::step]:
        told = forked(raw, folder, kind, number)
        print(json.dumps({"call": f"{KINDS[kind]} {number}", **told}), flush=True)


if __name__ == "__main__":
    pa.set_cpu_count(1)
    run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
