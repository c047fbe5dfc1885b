"""Runs commands, each list of them in a process of its own, forked after the imports.

python -m tests.hostile.zygote WARM_UP_FOLDER

Reads requests as JSON lines, and answers each with one. The forked process may take so much
memory and time, and an audit hook notes whatever it does that reading data has no need of.
"""

import contextlib
import copyreg
import importlib
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmg_bench import main

ADDRESSES = 1 << 30  # bytes beyond what the imports take; a process that wants more fails
SECONDS = 60
CRASHED = 99
# What Python tells of imports, of code that is made or run, and of what leaves the process.
# https://docs.python.org/3/library/audit_events.html
WATCHED = (
    *("import", "exec", "compile", "marshal.", "pickle.", "code.", "function.__new__"),
    *("ctypes.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork"),
    *("os.spawn", "os.startfile", "pty.", "socket.", "urllib.", "http.", "ftplib.", "smtplib."),
    *("os.putenv", "os.chmod", "os.chown", "os.symlink", "webbrowser."),
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOVING = ("os.link", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "shutil.")


def serve(warm_up: Path) -> None:
    """Answer requests until there are no more."""
    import_what_is_used(warm_up)
    for line in sys.stdin:
        request = json.loads(line)
        answer = forked(request["commands"], Path(request["folder"]))
        print(json.dumps(answer), flush=True)


def import_what_is_used(folder: Path) -> None:
    """Import what a sound build imports; it runs elsewhere, for it starts threads."""
    told = folder / "modules.json"
    if (pid := os.fork()) == 0:
        with quiet(folder / "warm-up.txt"):
            codes = [
                main(["check", str(folder / "raw"), "--json"]),
                main(["build", str(folder / "raw"), str(folder / "out"), "--workers", "1"]),
                main(["check", str(folder / "faulty"), "--encoding", "gb18030"]),
                main(["verify", str(folder / "out")]),
            ]
        names = [name for name, module in sys.modules.items() if module is not None]
        told.write_text(json.dumps([codes, names]))
        os._exit(0)
    os.waitpid(pid, 0)
    codes, names = json.loads(told.read_text())
    if codes != [0, 0, 1, 0]:
        sys.exit((folder / "warm-up.txt").read_text())
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    # Extension codes that are known, and were used, are what Python's pickle never looks up again.
    copyreg.add_extension("os", "system", 1)
    copyreg._extension_cache[1] = os.system  # type: ignore[attr-defined]


@contextlib.contextmanager
def quiet(log: Path) -> Iterator[None]:
    """Send what is printed into a file, flushed at the end."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def forked(commands: list[list[str]], folder: Path) -> dict[str, Any]:
    """Run the commands in a process of their own; what it did and took."""
    start = time.monotonic()
    if (pid := os.fork()) == 0:
        run(commands, folder)
    _, status, usage = os.wait4(pid, 0)
    told = folder / "told.json"
    answers = json.loads(told.read_text()) if told.exists() else {"runs": [], "events": []}
    return {
        **answers,
        "exit": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - start,
        "memory": usage.ru_maxrss * 1024,
    }


def run(commands: list[list[str]], folder: Path) -> None:
    """Never returns."""
    signal.alarm(SECONDS)  # unhandled, it ends the process
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + ADDRESSES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    runs: list[dict[str, object]] = []
    events = listen(folder.resolve())
    for number, command in enumerate(commands):
        log = folder / f"said-{number}.txt"
        with quiet(log):
            try:
                code = main(command)
            except BaseException:  # noqa: BLE001 - whatever it is, the tests are told
                traceback.print_exc()
                code = CRASHED
        runs.append({"code": code, "said": log.read_text(errors="replace")})
    seen = list(events)
    (folder / "told.json").write_text(json.dumps({"runs": runs, "events": seen}))
    os._exit(0)


def listen(folder: Path) -> dict[str, None]:
    """What happens from now on that has no place in reading data, as words."""
    seen: dict[str, None] = {}

    def is_outside(path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False  # a file that is open already
        return folder not in Path(os.path.normpath(folder / os.fsdecode(path))).parents

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and arguments[2] & WRITING and arguments[0] != os.devnull
        moves = event.startswith(MOVING)
        if event.startswith(WATCHED) or ((writes or moves) and is_outside(arguments[0])):
            seen[f"{event} {arguments!r}"[:200]] = None

    sys.addaudithook(hook)
    return seen


if __name__ == "__main__":
    sys.stdin = io.TextIOWrapper(os.fdopen(os.dup(0), "rb"), encoding="utf-8")
    serve(Path(sys.argv[1]))
