"""Publishing in tests: the command line and the real client, to a Hub on this machine."""

import os
import subprocess
import sys
from pathlib import Path

from tests.hub.protocol import TOKEN
from tests.hub.repository import Files
from tests.hub.server import Server

ROOT = Path(__file__).parents[1]
REPOSITORY = "org/pmg-bench"
LONGEST = 120  # seconds that a push may take on a busy machine


def client_of(hub: Server, **others: str) -> dict[str, str]:
    """The environment of a client of this Hub, and of no other."""
    settings = {
        "HF_ENDPOINT": hub.address,
        "HF_TOKEN": TOKEN,
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",  # the Hub of the tests speaks LFS
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",  # or datasets would call the outside
    }
    return {**os.environ, **settings, **others}


def start_push(hub: Server, out: Path, *more: str, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, ROOT / "pmg_bench.py", "push", out, *(more or (REPOSITORY,))]
    return subprocess.Popen(
        list(map(str, command)),
        env=client_of(hub, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def push(
    hub: Server, out: Path, *more: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Push a folder, and wait for it; `more` is the repository and options."""
    with start_push(hub, out, *more, **environment) as process:
        answer, told = process.communicate(timeout=LONGEST)
    return subprocess.CompletedProcess(process.args, process.returncode, answer, told)


def published(hub: Server, revision: str = "main") -> Files:
    return hub.hub.repositories[REPOSITORY].files(revision)


def bytes_of(files: Files) -> dict[str, bytes]:
    """Contents by path, of all but the program and what the Hub itself puts there."""
    return {
        path: blob.source.read_bytes()
        for path, blob in files.items()
        if not path.startswith(("code/", ".git"))
    }


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def uploads(hub: Server) -> list[str]:
    """Paths of all contents that were sent."""
    return [asked.path for asked in hub.log if asked.method == "PUT"]
